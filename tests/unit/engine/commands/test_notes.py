"""Notes on data and variables; the layout is that of [D] notes."""

import pandas as pd
import pytest

from engine.api import Session


@pytest.fixture
def session():
    return Session(pd.DataFrame({"mpg": [1, 2], "price": [3, 4]}))


def test_notes_are_added_and_listed_as_the_manual_shows(session):
    session.run("notes: Send copy to Bob once verified.")
    session.run("note mpg: is the 44 a mistake?")
    session.run("notes mpg: Bob says no")
    assert session.data.notes == ("Send copy to Bob once verified.",)
    assert session.data.variable("mpg").notes == ("is the 44 a mistake?", "Bob says no")
    expected = "\n_dta:\n  1.  Send copy to Bob once verified.\n\nmpg:\n  1.  is the 44 a mistake?\n  2.  Bob says no\n"
    assert (
        session.run("notes").text == session.run("notes list").text == session.run("notes list _all").text == expected
    )
    assert session.run("notes mpg").text == session.run("notes list mpg").text
    assert "Bob says no" not in session.run("notes list mpg in 1").text


def test_long_notes_are_broken_under_their_text(session):
    session.run(f"notes: {'word ' * 40}")
    lines = session.run("notes").text.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[3].startswith("      word")


def test_notes_are_dropped_and_replaced(session):
    for text in ("one", "two", "three"):
        session.run(f"notes mpg: {text}")
    assert session.run("notes drop mpg in 2").text.strip() == "(1 note dropped)"
    assert session.data.variable("mpg").notes == ("one", "three")
    session.run("notes replace mpg in 2: third")
    assert session.data.variable("mpg").notes == ("one", "third")
    session.run("notes _dta: about the data")
    assert session.run("notes drop _all").text.strip() == "(3 notes dropped)"
    assert session.data.notes == ()


def test_notes_survive_the_data_file_and_a_rename(session, tmp_path):
    session.run("notes: of the data: with a colon")
    session.run("notes mpg: of mpg")
    session.run("rename mpg miles")
    session.run(f'save "{tmp_path / "x.dta"}"')
    session.run(f'use "{tmp_path / "x.dta"}", clear')
    assert session.data.notes == ("of the data: with a colon",)
    assert session.data.variable("miles").notes == ("of mpg",)


def test_ts_becomes_the_time(session):
    session.run("notes: TS checked")
    assert session.data.notes[0].endswith(" checked")
    assert "TS" not in session.data.notes[0]


@pytest.mark.parametrize(
    ("command", "rc"),
    [
        ("notes nothere: text", 111),
        ("notes mpg:", 198),
        ("notes drop", 100),
        ("notes replace mpg in 1: x", 198),
        ("notes replace mpg: x", 198),
        ("notes list nothere", 111),
        ("notes drop nothere", 111),
    ],
)
def test_what_cannot_be_done_is_refused(session, command, rc):
    assert session.run(command).rc == rc
