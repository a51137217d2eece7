"""Commands for what is known about variables: any text that is written comes back as it was."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.api import Session
from mixedgui.state import variable_commands as commands
from mixedgui.state.value_label_state import ValueLabelState
from mixedgui.state.variable_commands import DATA, NotWritable
from mixedgui.state.variable_table import Glance, VariableTable

AWKWARD = st.text(alphabet=st.sampled_from("ab \"'`$\\{}/*,:=;"), min_size=1, max_size=12)


def new_session():
    return Session(pd.DataFrame({"id": [1, 1, 2], "x": [0, 1, 2], "s": ["a", "b", "c"]}))


@settings(max_examples=150, deadline=None)
@given(AWKWARD)
def test_a_label_is_written_as_it_is_or_refused(text):
    session = new_session()
    try:
        command = commands.label_variable("x", text)
    except NotWritable:
        return
    assert session.run(command).rc == 0
    assert session.data.variable("x").label == text


@settings(max_examples=150, deadline=None)
@given(AWKWARD)
def test_a_note_is_written_with_its_blanks_made_single(text):
    session = new_session()
    try:
        command = commands.add_note("x", text)
    except NotWritable:
        assert "\\" in text
        return
    if not text.strip():
        assert session.run(command).rc == 198
        return
    assert session.run(command).rc == 0
    assert session.data.variable("x").notes == (" ".join(text.split()),)


def test_notes_on_the_data_have_no_owner():
    assert commands.add_note(DATA, "hello") == "notes: hello"
    assert commands.drop_note(DATA, 2) == "notes drop _dta in 2"


def test_value_labels_are_defined_only_when_they_change():
    session = new_session()
    state = ValueLabelState(session.data)
    state.start(session.data.variable("x"))
    assert [number for number, _ in state.form.rows] == ["0", "1", "2"]
    state.set_row(0, word="none")
    state.set_row(3, number=".a", word="refused")
    lines = state.to_commands()
    assert lines == ['label define x 0 "none" .a "refused"', "label values x x"]
    session.run("\n".join(lines))
    state.dataset = session.data
    assert state.to_commands() == []
    assert state.users() == ("x",)
    state.set_row(0, word="zero")
    assert state.to_commands() == ['label define x 0 "zero" .a "refused", replace']
    state.undo()
    assert state.to_commands() == []


@pytest.mark.parametrize(
    ("row", "problem"),
    [(("1.5", "a"), "whole numbers"), (("", "a"), "whole numbers"), (("9999999999", "a"), "whole numbers")],
)
def test_what_cannot_have_a_label_is_said(row, problem):
    state = ValueLabelState(new_session().data)
    state.set_name("x")
    state.set_row(0, number=row[0], word=row[1])
    assert problem in state.problems()[0]
    assert state.to_commands() == []


def test_two_rows_for_one_value_and_a_bad_name_are_said():
    state = ValueLabelState(new_session().data)
    state.set_name("1x")
    state.set_row(0, number="1", word="a")
    state.set_row(1, number="1", word="b")
    assert len(state.problems()) == 2


def profile_of(constant):
    from engine.api import Profile

    return Glance(Profile(missing=0, distinct=2), constant)


def test_levels_and_roles_follow_from_what_is_constant():
    table = VariableTable()
    session = Session(pd.DataFrame({"region": [1], "state": [1], "y": [1], "a": [1], "b": [1], "c": [1]}))
    table.set_dataset(session.data, ("region", "state"), "y")
    for name, constant in (("a", (True, True)), ("b", (False, True)), ("c", (False, False))):
        table.put(name, profile_of(constant))
    roles = {name: table.role(name) for name in session.data.names}
    assert roles == {
        "region": "level 3 group",
        "state": "level 2 group",
        "y": "outcome",
        "a": "level 3",
        "b": "level 2",
        "c": "level 1",
    }
    assert [table.within(name) for name in "abc"] == ["constant in region, state", "constant in state", "varies"]


def test_profiles_are_kept_for_columns_that_did_not_change():
    session = new_session()
    table = VariableTable()
    table.set_dataset(session.data, ("id",), "")
    for name in session.data.names:
        table.put(name, profile_of((True,)))
    session.run("replace x = 7 in 1")
    session.run('label variable s "text"')
    table.set_dataset(session.data, ("id",), "")
    assert table.missing_glances() == ["x"]
    session.run("replace id = 9 in 1")
    table.set_dataset(session.data, ("id",), "")
    assert table.missing_glances() == ["id", "x", "s"]
