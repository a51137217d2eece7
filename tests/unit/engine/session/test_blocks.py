"""Loops, conditions and blocks: every executed command has its outcome, an error ends the block."""

from __future__ import annotations

import pytest

from engine.api import CancelToken, Session, Started


@pytest.fixture
def session(data_file):
    new = Session()
    assert new.run(f'use "{data_file("hsb")}"').rc == 0
    return new


def executed(session, text):
    return [(outcome.command, outcome.rc) for outcome in session.run_each(text)]


def shown(session, text):
    outcomes = list(session.run_each(text))
    assert all(outcome.rc == 0 for outcome in outcomes), outcomes[-1].text
    return "".join(outcome.text for outcome in outcomes).split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('foreach x in a b "c d" {\ndisplay "`x\'"\n}', "a b c d"),
        ('foreach x of varlist s* {\ndisplay "`x\'"\n}', "ses sector size"),
        ("foreach x of numlist 1/3 10(5)20 {\ndisplay `x'\n}", "1 2 3 10 15 20"),
        ('local l p q\nforeach x of local l {\ndisplay "`x\'"\n}', "p q"),
        ('global l p q\nforeach x of global l {\ndisplay "`x\'"\n}', "p q"),
        ('foreach x of newlist n1 n2 {\ndisplay "`x\'"\n}', "n1 n2"),
        ("forvalues i = 1/3 {\ndisplay `i'\n}", "1 2 3"),
        ("forv i = 10(-5)0 {\ndisplay `i'\n}", "10 5 0"),
        ('forvalues i = 0(.1).3 {\ndisplay "`i\'"\n}', "0 .1 .2 .3"),
        ("forvalues i = 1 3 to 7 {\ndisplay `i'\n}", "1 3 5 7"),
        ("forvalues i = 3/1 {\ndisplay `i'\n}", ""),
        ("local i 0\nwhile `i' < 3 {\nlocal ++i\ndisplay `i'\n}", "1 2 3"),
        ("forvalues i = 1/2 {\nforeach x in a b {\ndisplay \"`x'`i'\"\n}\n}", "a1 b1 a2 b2"),
        ("forvalues i = 1/4 {\nif `i' == 2 {\ncontinue\n}\nif `i' == 4 continue, break\ndisplay `i'\n}", "1 3"),
        ("if _N > 1 {\ndisplay 1\n}\nelse {\ndisplay 2\n}", "1"),
        ("if _N < 1 {\ndisplay 1\n}\nelse if _N == 7185 {\ndisplay 2\n}\nelse {\ndisplay 3\n}", "2"),
        ("if _N < 1 display 1\nelse display 2", "2"),
        ('if "a" == "a" display "yes"', "yes"),
        ("if (1) display 1", "1"),
        ("quietly {\ndisplay 1\nnoisily display 2\n}", "2"),
        ("capture noisily {\ndisplay 1\n}", "1"),
        ("capture {\nsummarize nothing\n}\ndisplay _rc", "111"),
        ("foreach x in {\ndisplay 1\n}", ""),
        ("forvalues i = 1/2 { // comment\n  display `i' // more\n\n  * note\n}", "1 2"),
        ('local x keep\nforeach i in 1 {\nlocal x changed\n}\ndisplay "`x\'"', "changed"),
    ],
)
def test_blocks_run_as_in_stata(session, text, expected):
    assert shown(session, text) == expected.split()


def test_every_executed_command_is_listed_before_its_block(session):
    text = "foreach v of varlist ses size {\nquietly summarize `v'\n}"
    assert executed(session, text) == [
        ("quietly summarize ses", 0),
        ("quietly summarize size", 0),
        ("foreach v of varlist ses size {", 0),
    ]


def test_tables_of_commands_in_a_loop_are_kept(session):
    outcomes = list(session.run_each("foreach v in ses size {\nquietly summarize `v'\n}"))
    assert [outcome.tables["summarize"].rows[0].name for outcome in outcomes[:2]] == ["ses", "size"]
    assert outcomes[0].text == ""


def test_an_error_ends_the_block_and_the_do_file(session):
    text = "forvalues i = 1/3 {\nsummarize x`i'\n}\ncount"
    assert executed(session, text) == [("summarize x1", 111), ("forvalues i = 1/3 {", 111)]


def test_capture_around_a_block_catches_the_error_of_a_command_in_it(session):
    text = "capture {\ncount\nsummarize nothing\ncount\n}\ncount"
    assert executed(session, text) == [("count", 0), ("summarize nothing", 0), ("capture {", 0), ("count", 0)]
    assert session.captured_rc == 111


def test_an_endless_loop_can_be_cancelled(session):
    token = CancelToken()
    count = 0

    def listen(event):
        nonlocal count
        count += isinstance(event, Started)
        if count > 20:
            token.cancel()

    outcome = session.run("capture {\nwhile 1 {\nquietly count\n}\n}\ncount", sink=listen, cancel=token)
    assert outcome.rc == 1
    assert count < 30


def test_an_empty_endless_loop_can_be_cancelled(session):
    token = CancelToken()
    token.cancel()
    assert session.run("while 1 {\n}", cancel=token).rc == 1


def test_exit_in_a_block_ends_the_do_file(session):
    assert executed(session, "if 1 {\nexit\n}\nsummarize nothing")[-1][1] == 0


@pytest.mark.parametrize(
    ("text", "rc", "words"),
    [
        ("foreach x in a {\ncount", 612, "not closed"),
        ("count\n}", 198, "closes no block"),
        ("else count", 198, "without if"),
        ("foreach x in a\ncount", 198, "missing"),
        ("foreach x in a { count\n}", 198, "follows the open brace"),
        ("foreach x in a {\ncount\n} count", 198, "follows the close brace"),
        ("forvalues i = a/b {\n}", 198, "forvalues NAME"),
        ("forvalues i = 1(0)3 {\n}", 198, "step is 0"),
        ("foreach x of nothing a {\n}", 198, "varlist"),
        ("foreach x of varlist nothing {\n}", 111, "not found"),
        ("foreach x of numlist a {\n}", 121, "numlist"),
        ("continue", 198, "only possible in a loop"),
        ("if 1 {\ncontinue\n}", 198, ""),
        ("if {\n}", 198, "missing"),
        ("if 1", 198, "a command is missing"),
    ],
)
def test_blocks_that_cannot_be_read_say_why(session, text, rc, words):
    outcomes = list(session.run_each(text))
    assert outcomes[-1].rc == rc
    assert any(words in outcome.text for outcome in outcomes)
