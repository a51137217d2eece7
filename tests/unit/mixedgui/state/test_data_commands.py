"""Rows and variables named in commands."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.api import Session
from mixedgui.state import data_commands
from mixedgui.state.data_commands import TooManyRows, drop_rows, drop_variables, rows_clause, runs, sort_data


def test_neighbours_are_a_range_and_scattered_rows_a_condition():
    assert rows_clause(np.array([4])) == "in 5"
    assert rows_clause(np.array([6, 4, 5])) == "in 5/7"
    assert rows_clause(np.array([0, 2, 4, 5, 6])) == "if inrange(_n, 5, 7) | inlist(_n, 1, 3)"
    assert runs(np.array([], dtype=int)) == []


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, 29), min_size=1, max_size=29))
def test_exactly_the_rows_named_are_dropped(rows):
    session = Session(pd.DataFrame({"x": range(30)}))
    assert session.run(drop_rows(np.array(sorted(rows)))).rc == 0
    assert session.data.columns["x"].tolist() == [x for x in range(30) if x not in rows]


def test_long_lists_are_cut_into_pieces_that_inlist_takes(monkeypatch):
    monkeypatch.setattr(data_commands, "LONGEST_LIST", 2)
    session = Session(pd.DataFrame({"x": range(12)}))
    assert session.run(drop_rows(np.array([1, 3, 5, 7, 9]))).rc == 0
    assert session.data.n_obs == 7


def test_more_scattered_rows_than_can_be_named_are_refused():
    with pytest.raises(TooManyRows, match="filter"):
        drop_rows(np.arange(0, 20_000, 2))


def test_variables_and_sorting():
    assert drop_variables(["a", "b"]) == "drop a b"
    assert sort_data([("a", False), ("b", False)]) == "sort a b"
    assert sort_data([("a", True), ("b", False)]) == "gsort -a b"
