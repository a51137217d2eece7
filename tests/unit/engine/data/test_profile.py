"""Variables at a glance."""

import math

import numpy as np
import pandas as pd
import pytest

from engine.api import Session
from engine.data.profile import BINS, grouping_of, profile_of


@pytest.fixture
def data():
    frame = pd.DataFrame(
        {
            "id": [1, 1, 2, 2, 3],
            "x": [1.0, 1.0, 2.0, 2.0, None],
            "y": [0.5, 1.5, 2.5, 3.5, 9.0],
            "b": [0, 1, 1, 1, 0],
            "s": ["a", "a", "b", "", ""],
        }
    )
    session = Session(frame)
    session.run("replace y = .a in 5")
    return session.data


def test_numbers_are_counted_and_summarized(data):
    found = profile_of(data, "y")
    assert (found.missing, found.distinct, found.minimum, found.maximum) == (1, 4, 0.5, 3.5)
    assert found.mean == pytest.approx(2.0)
    assert found.sd == pytest.approx(np.std([0.5, 1.5, 2.5, 3.5], ddof=1))
    assert (len(found.counts), sum(found.counts)) == (BINS, 4)


def test_two_values_have_a_share_and_whole_numbers_a_bar_each(data):
    found = profile_of(data, "b")
    assert (found.share, found.counts) == (0.6, (2, 3))
    assert math.isnan(profile_of(data, "y").share)
    assert profile_of(data, "id").counts == (2, 2, 1)


def test_text_is_counted(data):
    found = profile_of(data, "s")
    assert (found.missing, found.distinct, found.counts) == (2, 2, ())


def test_empty_variables_and_data_have_nothing_to_show():
    session = Session(pd.DataFrame({"x": [None, None]}))
    assert profile_of(session.data, "x").distinct == 0
    session.run("drop in 1/2")
    assert profile_of(session.data, "x").missing == 0
    assert grouping_of(session.data, ("x",)).n_groups == 0


def test_what_is_constant_within_groups(data):
    groups = grouping_of(data, ("id",))
    assert groups.n_groups == 3
    constant = {name: groups.constant(data.columns[name]) for name in data.names}
    assert constant == {"id": True, "x": True, "y": False, "b": False, "s": False}


def test_groups_of_several_variables_and_of_text(data):
    assert grouping_of(data, ("id", "b")).n_groups == 4
    groups = grouping_of(data, ("s", "id"))
    assert groups.n_groups == 4
    frame = data.to_pandas()
    by = frame.groupby(["s", "id"])["y"].nunique(dropna=False).max() == 1
    assert groups.constant(data.columns["y"]) is bool(by)
