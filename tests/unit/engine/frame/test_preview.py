"""What a builder shows of a list of variables before anything is fitted."""

import pandas as pd
import pytest

from engine.api import FUNCTION_HELP, Session, StataError, preview_terms, try_expression
from engine.frame.functions import FUNCTIONS


@pytest.fixture
def session() -> Session:
    frame = pd.DataFrame({"a": [1, 1, 2, 2, 3], "b": [0, 1, 0, 1, 0], "x": [1.0, 2.0, 4.0, 8.0, float("nan")]})
    return Session(frame.assign(twice=frame["x"] * 2, word=["u", "v", "u", "v", "u"]))


def columns(session: Session, text: str, condition: str = "") -> dict[str, tuple[str, int]]:
    return {c.name: (c.status, c.count) for c in preview_terms(text, session.data, condition).columns}


def test_columns_come_with_their_state_and_the_rows_of_their_cell(session: Session) -> None:
    assert columns(session, "i.a") == {"1.a": ("base", 2), "2.a": ("", 2), "3.a": ("", 1)}


def test_an_empty_cell_is_named(session: Session) -> None:
    found = preview_terms("i.a#i.b", session.data)
    assert found.empty == ("3.a#1.b",)
    assert {c.name: c.count for c in found.columns}["1.a#1.b"] == 1


def test_rows_with_a_missing_value_do_not_count(session: Session) -> None:
    found = preview_terms("i.b x", session.data)
    assert found.n_obs == 4
    assert {c.name: c.count for c in found.columns} == {"0.b": 2, "1.b": 2, "x": 4}


def test_a_condition_restricts_the_rows(session: Session) -> None:
    assert columns(session, "i.a", "a < 3") == {"1.a": ("base", 2), "2.a": ("", 2)}


def test_a_column_that_others_make_up_is_collinear(session: Session) -> None:
    assert preview_terms("x twice", session.data).collinear == ("twice",)


def test_an_unknown_name_raises_as_the_command_would(session: Session) -> None:
    with pytest.raises(StataError) as error:
        preview_terms("i.nothing", session.data)
    assert error.value.rc == 111


def test_every_function_is_explained_and_nothing_else() -> None:
    assert {entry.name for entry in FUNCTION_HELP} == set(FUNCTIONS)
    assert all(entry.syntax.startswith(f"{entry.name}(") and entry.help for entry in FUNCTION_HELP)


def test_an_expression_is_tried_out_without_a_command(session: Session) -> None:
    found = try_expression(session, "x > 2")
    assert (found.n_true, found.n_obs, found.first) == (3, 5, ("0", "0", "1"))  # missing counts as very large
    assert try_expression(session, "x * 2").n_missing == 1
    assert try_expression(session, 'word + "!"').first[0] == '"u!"'
    assert not session.history


def test_trying_out_leaves_the_random_numbers_alone(session: Session) -> None:
    session.run("set seed 7")
    try_expression(session, "runiform()")
    session.run("display runiform()")
    other = Session()
    other.run("set seed 7")
    assert (
        session.run("display runiform()").text
        == (other.run("display runiform()"), other.run("display runiform()"))[1].text
    )
