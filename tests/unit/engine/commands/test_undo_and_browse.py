"""Changes taken back and done again; data and variables shown in the window."""

import numpy as np
import pandas as pd
import pytest

from engine.api import Session


@pytest.fixture
def session():
    session = Session(pd.DataFrame({"id": [1, 1, 2, 2], "y": [1.5, 2.5, 3.5, 4.5], "s": ["a", "b", "c", "d"]}))
    session.has_window = True
    return session


def values(session, name):
    return session.data.columns[name].tolist()


def test_undo_brings_back_exactly_the_data_before(session):
    start = session.data
    session.run("replace y = 9 in 2")
    session.run("drop if id == 2")
    outcome = session.run("undo")
    assert outcome.text.strip() == "(taken back: drop if id == 2)"
    assert (session.data.n_obs, values(session, "y")) == (4, [1.5, 9.0, 3.5, 4.5])
    session.run("undo")
    assert session.data is start
    assert not session.run("redo").rc
    assert values(session, "y") == [1.5, 9.0, 3.5, 4.5]


def test_a_storage_type_that_grew_shrinks_again(session):
    before = session.data.variable("id")
    session.run("replace id = 70000 in 1")
    assert session.data.variable("id").storage == "long"
    session.run("undo")
    assert session.data.variable("id") == before


def test_several_changes_are_taken_back_at_once(session):
    start = session.data
    for command in ("generate x = 1", "sort y", "rename x z"):
        session.run(command)
    assert not session.run("undo 3").rc
    assert session.data is start
    assert not session.run("redo 2").rc
    assert session.data.names == ("id", "y", "s", "x")


def test_a_new_change_ends_what_could_be_done_again(session):
    session.run("generate x = 1")
    session.run("undo")
    session.run("generate z = 1")
    assert session.run("redo").rc == 622


@pytest.mark.parametrize(
    ("commands", "rc", "words"),
    [
        (["undo"], 622, "nothing to undo"),
        (["redo"], 622, "nothing to redo"),
        (["generate x = 1", "undo 2"], 622, "only 1 change"),
        (["generate x = 1", "undo 0"], 198, "a number of changes"),
        (["generate x = 1", "undo one"], 198, "a number of changes"),
        (["generate x = 1", "undo 1.5"], 198, "a number of changes"),
    ],
)
def test_what_cannot_be_taken_back_is_refused(session, commands, rc, words):
    outcome = [session.run(command) for command in commands][-1]
    assert outcome.rc == rc
    assert words in outcome.error.message


def test_commands_that_leave_the_data_alone_are_no_steps(session):
    session.run("generate x = 1")
    for command in ("summarize y", "replace x = 1", "display 1", "nonsense"):
        session.run(command)
    assert session.run("undo").text.strip() == "(taken back: generate x = 1)"


def test_a_loop_is_one_step(session):
    session.run("foreach v in a b {\n  generate `v' = 1\n}\n")
    assert session.data.names[-2:] == ("a", "b")
    session.run("undo")
    assert session.data.names == ("id", "y", "s")


def test_a_do_file_is_one_step_and_goes_back_by_itself_inside(session, tmp_path):
    script = tmp_path / "x.do"
    script.write_text("generate a = 1\ngenerate b = 1\nundo\n")
    session.run("generate first = 1")
    assert not session.run(f'do "{script}"').rc
    assert session.data.names[-2:] == ("first", "a")
    assert session.run("undo").text.strip().startswith("(taken back: do")
    assert session.data.names[-1] == "first"
    script.write_text("undo\n")
    assert session.run(f'do "{script}"').rc == 622
    assert session.data.names[-1] == "first"


def test_a_history_with_undo_in_it_ends_in_the_same_data(session):
    commands = ["replace y = 0 in 1", "generate x = id*2", "undo", "redo", "sort s", "undo 2", "drop in 4"]
    for command in commands:
        session.run(command)
    again = Session(pd.DataFrame({"id": [1, 1, 2, 2], "y": [1.5, 2.5, 3.5, 4.5], "s": ["a", "b", "c", "d"]}))
    again.run("\n".join(commands))
    assert again.data.names == session.data.names
    for name in again.data.names:
        np.testing.assert_array_equal(again.data.columns[name], session.data.columns[name])


def test_data_that_were_saved_differ_from_the_file_once_taken_back(session, tmp_path):
    session.run("replace y = 0 in 1")
    session.run(f'save "{tmp_path / "x.dta"}"')
    assert not session.data.changed
    session.run("undo")
    assert session.data.changed
    session.run("redo")
    assert not session.data.changed


def test_data_from_a_file_begin_anew(session, tmp_path):
    session.run("replace y = 0 in 1")
    session.run(f'save "{tmp_path / "x.dta"}"')
    session.run(f'save "{tmp_path / "y.dta"}"')
    session.run(f'use "{tmp_path / "x.dta"}"')
    assert session.run("undo").rc == 622
    session.run("generate z = 1")
    assert session.run("undo").text.strip() == "(taken back: generate z = 1)"
    session.run("clear")
    assert session.run("undo").rc == 622
    session.run("set obs 3")
    assert session.run("undo").rc == 0


def test_data_that_no_file_holds_can_be_brought_back(session, tmp_path):
    session.run(f'save "{tmp_path / "x.dta"}"')
    session.run("generate unsaved = 1")
    session.run(f'use "{tmp_path / "x.dta"}", clear')
    assert "unsaved" not in session.data
    assert session.run("undo").rc == 0
    assert "unsaved" in session.data
    session.run("clear")
    assert session.run("undo").rc == 0
    assert "unsaved" in session.data


def test_old_columns_are_given_up_when_they_take_too_much_memory(session, monkeypatch):
    monkeypatch.setattr("engine.data.steps.MOST_BYTES", 3 * 4 * 8)
    for number in range(5):
        session.run(f"replace y = {number} in 1")
    session.run("recast double y")
    kept = len(session.steps.done)
    assert 1 <= kept <= 6
    assert sum(step.nbytes for step in session.steps.done) <= 3 * 4 * 8


def test_only_so_many_steps_are_kept(session, monkeypatch):
    monkeypatch.setattr("engine.data.steps.DEPTH", 3)
    for number in range(5):
        session.run(f"replace y = {number} in 1")
    assert not session.run("undo 3").rc
    assert values(session, "y")[0] == 1.0
    assert session.run("undo").rc == 622


def test_browse_names_variables_in_full_and_takes_if_and_in_as_one_condition(session):
    opens = session.run("browse i y if y > 2 in 2/3, nolabel").opens
    assert opens.what == "browse"
    assert opens.argument == "id y if (y>2) & inrange(_n, 2, 3), nolabel"
    assert session.run("edit").opens.argument == ""
    assert session.run("br s in 2").opens.argument == "s if _n == 2"
    assert session.run("varmanage").opens.what == "varmanage"


@pytest.mark.parametrize(
    ("command", "rc"), [("browse nothere", 111), ("browse if s", 109), ("edit in 1/99", 198), ("varmanage id", 198)]
)
def test_browse_refuses_what_is_not_there(session, command, rc):
    assert session.run(command).rc == rc


def test_without_a_window_a_do_file_goes_on_and_says_so():
    session = Session(pd.DataFrame({"x": [1]}))
    for command in ("browse", "edit", "varmanage"):
        outcome = session.run(command)
        assert (outcome.rc, outcome.opens) == (0, None)
        assert "needs the window" in outcome.text
