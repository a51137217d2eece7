"""The wide-long assistant without Qt, and trials of commands on data."""

import pandas as pd
import pytest

from engine.api import Session, StataError, find_command
from mixedgui.state import data_preview
from mixedgui.state.data_preview import try_on_data
from mixedgui.state.reshape_state import ReshapeForm, ReshapeState, families, guess


@pytest.fixture
def wide():
    return Session(
        pd.DataFrame(
            {
                "id": [1, 2, 3],
                "sex": [0, 1, 0],
                "inc80": [5000, 2000, 3000],
                "inc81": [5500, 2200, 2000],
                "ue80": [0, 1, 0],
                "ue81": [1, 0, 0],
            }
        )
    )


@pytest.fixture
def state():
    return ReshapeState(find_command("reshape"))


def test_names_that_differ_in_a_number_are_families():
    found = families(["id", "inc80", "inc81", "ue80", "x1", "t_1", "t_2", "y"])
    assert found == {"inc": ("80", "81"), "t_": ("1", "2")}


def test_wide_data_are_guessed_to_become_long_and_the_guess_runs(wide, state):
    state.put(guess(wide.data), "Guess")
    assert state.to_command() == "reshape long inc ue, i(id) j(time)"
    assert state.problems(wide.data) == []
    assert wide.run(state.to_command()).rc == 0
    assert wide.data.n_obs == 6


def test_long_data_are_guessed_to_become_wide_and_back(wide, state):
    start = {name: column.tolist() for name, column in wide.data.columns.items()}
    wide.run("reshape long inc ue, i(id) j(year)")
    wide.run("reshape clear")
    state.put(guess(wide.data, ["id"]), "Guess")
    assert state.to_command() == "reshape wide inc ue, i(id) j(year)"
    assert wide.run(state.to_command()).rc == 0
    assert {name: wide.data.columns[name].tolist() for name in start} == start
    state.put(guess(wide.data), "Guess")
    assert state.to_command() == "reshape long inc ue, i(id) j(year)", "what was done last is remembered"


def test_data_without_a_pattern_get_an_empty_form(state):
    form = guess(Session(pd.DataFrame({"a": [1, 1], "b": [2, 2]})).data)
    assert form == ReshapeForm(direction="wide")


@pytest.mark.parametrize(
    "command",
    [
        "reshape long inc ue, i(id) j(year)",
        "reshape long inc, i(id sex) j(year 80 81)",
        "reshape wide inc ue, i(id) j(year)",
        "reshape long inc, i(id) j(sex) string",
    ],
)
def test_a_command_survives_the_form(state, command):
    state.load_command(command)
    assert state.to_command() == command


def test_what_is_no_reshape_is_refused(state):
    for command in ("summarize", "reshape clear", "nonsense"):
        with pytest.raises(StataError):
            state.load_command(command)
    assert state.form == ReshapeForm()


def test_problems_name_their_fields(wide, state):
    assert {problem.option for problem in state.problems(wide.data)} == {"stubs", "i", "j"}
    state.set(stubs="inc", i="nothere", j="sex")
    assert [problem.option for problem in state.problems(wide.data)] == ["i", "j"]
    state.set(direction="wide", i="id", stubs="nope")
    assert [problem.option for problem in state.problems(wide.data)] == ["stubs"]


def test_typing_is_one_step_and_the_guess_another(wide, state):
    state.put(guess(wide.data), "Guess from the data")
    for text in ("i", "in", "inc"):
        state.set(stubs=text)
    state.undo()
    assert state.form.stubs == "inc ue"
    assert state.undo_text == "Guess from the data"


def test_a_trial_leaves_the_data_alone_and_says_what_would_be(wide):
    before = wide.data
    preview = try_on_data(wide.data, "reshape long inc ue, i(id) j(year)")
    assert wide.data is before
    assert preview.words == "3 rows, 6 variables  →  6 rows, 5 variables"
    assert preview.telling == ()
    failed = try_on_data(wide.data, "reshape long nothing, i(id) j(year)")
    assert failed.problem
    assert failed.words == failed.problem


def test_new_variables_are_shown_beside_what_they_are_made_from(wide):
    preview = try_on_data(wide.data, "center inc80, by(sex)")
    assert preview.telling[:2] == ("sex", "inc80")
    assert set(preview.telling[2:]) == set(preview.new)
    assert len(preview.new) == 2


def test_large_data_are_tried_on_their_first_rows(monkeypatch):
    monkeypatch.setattr(data_preview, "ALL_UP_TO", 1)
    monkeypatch.setattr(data_preview, "FIRST_ROWS", 5)
    data = Session(pd.DataFrame({"x": range(50), "y": range(50)})).data
    preview = try_on_data(data, "generate z = x")
    assert (preview.dataset.n_obs, preview.whole) == (5, False)
    assert "first 5 rows" in preview.words
