"""``local``, ``global``, extended functions, ``display`` and ``scalar`` as do-files use them."""

from __future__ import annotations

import pytest

from engine.api import Session


@pytest.fixture
def session(data_file):
    new = Session()
    assert new.run(f'use "{data_file("hsb")}"').rc == 0
    return new


def shown(session, text):
    outcome = session.run(text)
    assert outcome.rc == 0, outcome.text
    return outcome.text.rstrip("\n")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("local a 2+3\ndisplay `a'*2", "8"),
        ("local a = 2+3\ndisplay `a'*2", "10"),
        ('local a = 1/3\ndisplay "`a\'"', ".3333333333333333"),
        ('local a "quoted text"\ndisplay "`a\'"'.replace("''", "'"), "quoted text"),
        ("global name=_N\ndisplay $name", "7185"),
        ("local l a b \"c d\"\nlocal n : word count `l'\ndisplay `n'", "3"),
        ('local x : variable label ses\ndisplay "`x\'"', "Socioeconomic status"),
        ('local x : type ses\ndisplay "`x\'"', "double"),
        ('local x : format ses\ndisplay "`x\'"', "%10.0g"),
        ("local l a b a c\nlocal u : list uniq l\nlocal n : list sizeof u\ndisplay \"`u' `n'\"", "a b c 3"),
        ('local l a b c\nlocal m b d\nlocal u : list l | m\ndisplay "`u\'"', "a b c d"),
        ('local l a b c\nlocal m b d\nlocal u : list l & m\ndisplay "`u\'"', "b"),
        ('local l a b c\nlocal m b d\nlocal u : list l - m\ndisplay "`u\'"', "a c"),
        ('local l a b c\nlocal p : list posof "c" in l\ndisplay `p\'', "3"),
        ('local x : display %5.2f 2/3\ndisplay "[`x\']"', "[ 0.67]"),
        ('local s one two\nlocal x : subinstr local s "two" "three"\ndisplay "`x\'"', "one three"),
        ('quietly summarize ses\ndisplay "`r(N)\'"', "7185"),
        ('local a 1\nlocal a\ndisplay "[`a\']"', "[]"),
        ("local i 3\nlocal ++i\ndisplay `i'", "4"),
        ('label define yn 1 yes\nlabel values female yn\nlocal x : label (female) 1\ndisplay "`x\'"', "yes"),
        ('label define yn 1 yes\nlocal x : label yn 2\ndisplay "`x\'"', "2"),
        ("tempvar t\ngenerate `t' = 3\ndisplay `t'[1]", "3"),
        ("scalar a2 = 2\nscalar define t = a2*4\ndisplay a2 + t + scalar(t)", "18"),
        ('scalar a2 = "word"\ndisplay a2', "word"),
        ("display 2+2", "4"),
        ("display 1/3", ".33333333"),
        ('di %9.4f 2/3 " " %-6.1f 1.25 "|"', "   0.6667 1.2   |"),
        ('display as text "a" as result 1 _n "b"', "a1\nb"),
        ('display _col(5) "x" _skip(2) "y"', "    x  y"),
        ('display "a", "b"', "a b"),
        ('display "a" _dup(3) "-" "b" _dup(2) 7', "a---b77"),
        ("display (1+2)*3 -1", "8"),
        ('display c(N) " " _pi', "7185 3.1415927"),
        ('display mathach[1] + 0 " " ln(1)', "5.876 0"),
        ("quietly mixed mathach ses || id:\ndisplay %6.3f _b[ses] %7.3f _se[ses]", " 2.391  0.106"),
    ],
)
def test_lines_show_what_stata_shows(session, lines, expected):
    assert shown(session, lines) == expected


@pytest.mark.parametrize(
    ("line", "rc"),
    [
        ("local 2+3 x", 198),
        ("local a = 1 +", 198),
        ("local a : nothing x", 198),
        ("local a : type nothing", 111),
        ("display nothing", 111),
        ("display %9.9z 1", 120),
        ('display %9.2f "a" + 1', 109),
        ("scalar 2x = 1", 198),
        ("scalar drop nothing", 111),
        ("scalar", 0),
        ("macro list nothing", 111),
        ("global", 198),
    ],
)
def test_mistakes_have_their_code(session, line, rc):
    assert session.run(line).rc == rc


def test_the_outcome_holds_what_was_executed_and_what_was_typed(session):
    outcome = session.run("local v mathach nothing\nsummarize `v' , detail")
    assert outcome.command == "summarize mathach nothing , detail"
    assert outcome.typed == "summarize `v' , detail"
    assert outcome.command[slice(*outcome.error.span)] == "nothing" or "nothing" in outcome.error.message
    assert outcome.typed[slice(*outcome.error.typed_span)] == "`v'"


def test_a_do_file_has_its_own_locals_and_leaves_no_temporary_variable(session, tmp_path):
    path = tmp_path / "inner.do"
    path.write_text("local a inside\nglobal b told\ntempvar t\ngenerate `t' = 1\n", encoding="utf-8")
    before = session.data.names
    session.run("local a outside")
    assert session.run(f'do "{path}"').rc == 0
    assert shown(session, 'display "`a\' $b"') == "outside told"
    assert session.data.names == before


def test_macros_can_be_listed_and_dropped(session):
    session.run("global a one\nlocal b two")
    assert "a:" in shown(session, "macro list a")
    assert shown(session, "macro list").split() == ["a:", "one", "_b:", "two"]
    session.run("macro drop _all")
    assert shown(session, 'display "[$a]"') == "[]"
