"""Do-files: comments, continuation and delimiters ([U] 16.1)."""

from __future__ import annotations

import pytest

from engine.lang.dofile import SourceCommand, split_commands


def texts(source):
    return [command.text for command in split_commands(source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("use pig\n\nmixed weight week || id:\n", ["use pig", "mixed weight week || id:"]),
        ("use pig\r\nlist\rcount", ["use pig", "list", "count"]),
        ("* comment\nuse pig // the data\n// another", ["use pig"]),
        ("mixed weight week ///\n   || id:, reml  /// more\n   nolog", ["mixed weight week || id:, reml nolog"]),
        ("generate z = 1 /* one\n /* nested */ two */ + 2", ["generate z = 1 + 2"]),
        ("list /*\n*/ in 1", ["list in 1"]),
        ("ab/* x */cd", ["abcd"]),
        ("use http://www.example.org/pig", ["use http://www.example.org/pig"]),
        ("tab region//x", ["tab region//x"]),
        ('display "a // b /* c */"', ['display "a // b /* c */"']),
        ('display `"a "// b" c"\' // d', ['display `"a "// b" c"\'']),
        ("* star ///\nstill comment\nuse pig", ["use pig"]),
        ("generate z = x * y", ["generate z = x * y"]),
        ("#delimit ;\nmixed a\n  b || id: ; count ;\n#delimit cr\nlist", ["mixed a b || id:", "count", "list"]),
        ("#d ;\n* c\n more; count;", ["count"]),
        ("count /* never closed\nlist", ["count"]),
        ("\ufeffuse pig", ["use pig"]),
        ("", []),
    ],
)
def test_a_do_file_is_cut_into_commands(source, expected):
    assert texts(source) == expected


def test_each_command_keeps_its_line_number_and_its_lines():
    source = "* read\nuse pig\nmixed weight week ///\n  || id:\ncount"
    assert split_commands(source)[1:] == [
        SourceCommand("mixed weight week || id:", 3, ("mixed weight week ///", "  || id:")),
        SourceCommand("count", 5, ("count",)),
    ]


def test_comments_can_be_asked_for():
    (comment, command) = split_commands("* read the data\nuse pig", comments=True)
    assert comment == SourceCommand("", 1, ("* read the data",))
    assert command.text == "use pig"


def test_line_numbers_go_on_after_a_delimiter():
    commands = split_commands("#delimit ;\ncount; list\n in 1;\n#delimit cr\nsort x")
    assert [(command.text, command.line) for command in commands] == [("count", 2), ("list in 1", 2), ("sort x", 5)]
