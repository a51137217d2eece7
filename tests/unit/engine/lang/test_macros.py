"""Macros are replaced before parsing, and errors still point into what was typed."""

from __future__ import annotations

import pytest

from engine.errors import StataError
from engine.lang.macros import Macros, expand


class Answers:
    """Answers with what was asked."""

    def value(self, expression):
        return str(eval(expression))  # the test's own arithmetic

    def function(self, text):
        return f"<{text.strip()}>"

    def stored(self, kind, name):
        return f"{kind}.{name}"


def table(**local):
    return Macros(local, {"g": "ses female", "which": "g", "x1": "one"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("use hsb", "use hsb"),
        ("list `a'", "list 5"),
        ("list `a'`b'", "list 5id"),
        ("list `none'.", "list ."),
        ("list `x`i''", "list deep"),
        ("list $g", "list ses female"),
        ("list ${g}s", "list ses females"),
        ("list ${x`i'}", "list one"),
        ("list $$which", "list $g"),
        ("list $none|", "list |"),
        ("cost $ 5", "cost $ 5"),
        ("d `=1+`a''", "d 6"),
        ("d `: word 1 of `b''", "d <word 1 of id>"),
        ("d `r(mean)' `e(cmd)'", "d r.mean e.cmd"),
        (r"d \`a' \$g \n", r"d `a' $g \n"),
        ("d `\"`a'\"'", 'd `"5"\''),
        ("d `outer'", "d 5 and more"),
        ("d `++a' `a'", "d 6 6"),
        ("d `a--' `a'", "d 5 4"),
        ("d `a", "d `a"),
        ("it's", "it's"),
    ],
)
def test_macros_become_their_text(text, expected):
    macros = table(a="5", b="id", i="1", x1="deep", outer="`a' and more")
    assert expand(text, macros, Answers()).text == expected


def test_an_error_behind_a_macro_points_into_the_typed_text():
    typed = "summarize `short' nothing"
    expanded = expand(typed, table(short="mathach ses"), Answers())
    start = expanded.text.index("nothing")
    assert typed[slice(*expanded.typed_span((start, start + 7)))] == "nothing"


def test_an_error_in_the_text_of_a_macro_points_to_the_macro():
    typed = "summarize `list', detail"
    expanded = expand(typed, table(list="mathach nothing"), Answers())
    start = expanded.text.index("nothing")
    assert typed[slice(*expanded.typed_span((start, start + 7)))] == "`list'"


def test_macros_that_name_each_other_are_refused():
    with pytest.raises(StataError) as caught:
        expand("d `a'", table(a="`b'", b="`a'"), Answers())
    assert caught.value.rc == 920


def test_macros_that_double_without_end_are_refused():
    doubling = {f"m{i}": f"`m{i + 1}'`m{i + 1}'" for i in range(40)}
    with pytest.raises(StataError) as caught:
        expand("d `m0'", table(**doubling), Answers())
    assert caught.value.rc == 920


def test_what_is_no_name_is_refused_where_it_stands():
    with pytest.raises(StataError) as caught:
        expand("list `two words' x", table(), Answers())
    assert caught.value.rc == 198
    assert "list `two words' x"[slice(*caught.value.span)] == "`two words'"
