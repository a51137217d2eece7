"""``reshape error`` lists the observations that kept the last ``reshape`` from what it was asked for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.api import Session


def failed(session: Session, command: str, rc: int) -> None:
    assert session.run(command).rc == rc


def test_rows_with_the_same_i_and_j_are_listed() -> None:
    session = Session(pd.DataFrame({"id": [3, 1, 2, 1], "year": [80, 80, 80, 80], "inc": [1, 5, 3, 6]}))
    failed(session, "reshape wide inc, i(id) j(year)", 9)
    outcome = session.run("reshape error")
    assert outcome.rc == 0
    assert outcome.text.split("\n")[:-1] == [
        "",
        "i (id) indicates the top-level grouping such as subject id.",
        "j (year) indicates the subgrouping such as time.",
        "The data are in the long form; there should be a single observation per i-j.",
        "",
        "2 of 4 observations have duplicate j values within i:",
        "",
        "     +-----------+",
        "     | id   year |",
        "     |-----------|",
        "  2. |  1     80 |",
        "  4. |  1     80 |",
        "     +-----------+",
    ]
    assert [row.name for row in outcome.tables["reshape_error"].rows] == ["2", "4"]


def test_a_variable_that_varies_and_a_missing_j_are_listed() -> None:
    frame = pd.DataFrame({"id": [1, 1, 2, 2], "year": [80, 81, 80, 81], "inc": [1, 2, 3, 4], "sex": [0, 1, 1, 1]})
    session = Session(frame)
    failed(session, "reshape wide inc, i(id) j(year)", 9)
    text = session.run("reshape error").text
    assert "2 of 4 observations lie in groups within which sex is not constant:" in text
    assert "  1. |  1     80     0 |" in text
    session.data = Session(frame.assign(year=[80, np.nan, 80, 81], sex=1)).data
    failed(session, "reshape wide inc, i(id) j(year)", 498)
    assert "1 of 4 observations have a missing value of j:" in session.run("reshape error").text


def test_rows_with_the_same_i_in_the_wide_form_are_listed() -> None:
    session = Session(pd.DataFrame({"id": [1, 2, 2], "who": ["a", "b", "b"], "inc80": [1, 2, 3], "inc81": [1, 2, 3]}))
    failed(session, "reshape long inc, i(who) j(year)", 9)
    text = session.run("reshape error").text
    assert "2 of 3 observations have duplicate i values:" in text
    assert "there should be a single observation per i." in text
    session.run("replace who = string(_n)")
    assert "(no observation is in the way now)" in session.run("reshape error").text


def test_without_a_failure_or_with_other_data_there_is_nothing_to_list() -> None:
    session = Session(pd.DataFrame({"id": [1, 1], "year": [80, 80], "inc": [1, 2]}))
    assert session.run("reshape error").rc == 111
    failed(session, "reshape wide inc, i(id) j(year)", 9)
    session.data = Session(pd.DataFrame({"x": [1]})).data
    outcome = session.run("reshape error")
    assert outcome.rc == 111
    assert "not the data" in outcome.error.message
