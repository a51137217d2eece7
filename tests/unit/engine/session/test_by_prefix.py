"""``by`` and ``bysort``: within groups for data commands, once per group for the others."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from outcomes import ran

from engine.api import Session


@pytest.fixture
def hsb(data_file):
    session = Session()
    assert session.run(f'use "{data_file("hsb")}"').rc == 0
    return session


def small(**columns):
    return Session(data=pd.DataFrame(columns))


def column(session, name):
    return session.data.to_pandas()[name].tolist()


def test_observations_are_counted_within_groups():
    session = small(g=[2, 1, 2, 1, 1], x=[1.0, 2.0, 3.0, 4.0, 5.0])
    ran(session, "bysort g (x): generate n = _n", "by g: generate size = _N", "by g: generate first = x[1]")
    ran(session, "by g: generate change = x - x[_n-1]", "by g: generate total = sum(x)", "by g: gen last = x[_N]")
    assert column(session, "n") == [1, 2, 3, 1, 2]
    assert column(session, "size") == [3, 3, 3, 2, 2]
    assert column(session, "first") == [2, 2, 2, 1, 1]
    assert column(session, "total") == [2, 6, 11, 1, 4]
    assert column(session, "last") == [5, 5, 5, 3, 3]
    np.testing.assert_equal(column(session, "change"), [np.nan, 2, 1, np.nan, 2])


def test_replace_goes_from_row_to_row():
    session = small(g=[1, 1, 1, 2, 2], x=[7.0, np.nan, np.nan, np.nan, 3.0])
    outcome = ran(session, "bysort g: replace x = x[_n-1] if missing(x)")
    assert outcome.text.strip() == "(2 real changes made)"
    np.testing.assert_equal(column(session, "x"), [7, 7, 7, np.nan, 3])
    ran(session, "replace x = 1", "replace x = x[_n-1] + 1 in 2/l")
    assert column(session, "x") == [1, 2, 3, 4, 5]
    ran(session, "replace x = x[_n+1]")
    np.testing.assert_equal(column(session, "x"), [2, 3, 4, 5, np.nan])


def test_keep_and_drop_choose_within_groups():
    session = small(g=[2, 1, 2, 1], x=[1.0, 2.0, 3.0, 4.0])
    outcome = ran(session, "bysort g (x): keep if _n == _N")
    assert outcome.text.strip() == "(2 observations deleted)"
    assert column(session, "x") == [4, 3]


def test_each_group_has_a_heading_and_its_own_table(hsb):
    outcome = ran(hsb, "bysort female: summarize mathach")
    lines = outcome.text.split("\n")
    assert lines[:4] == ["", "-" * 80, "-> female = 0", ""]
    assert lines.count("-> female = 1") == 1
    tables = [table for table in outcome.all_tables if table.id == "summarize"]
    assert [(dict(table.by), table.rows[0].values[0]) for table in tables] == [
        ({"female": 0.0}, 3390),
        ({"female": 1.0}, 3795),
    ]
    assert outcome.r.scalars["N"] == 3795
    assert outcome.to_json()["tables"][0]["by"] == {"female": 0.0}


def test_value_labels_and_text_stand_in_headings():
    session = small(g=[1, 2, 2], s=["a", "a", "b"])
    ran(session, 'label define yn 1 "no" 2 "yes"', "label values g yn")
    outcome = ran(session, "by g s, sort: count")
    headings = [line for line in outcome.text.split("\n") if line.startswith("->")]
    assert headings == ["-> g = no, s = a", "-> g = yes, s = a", "-> g = yes, s = b"]


def test_a_model_is_fitted_per_group(hsb):
    outcome = ran(hsb, "bysort sector: mixed mathach ses || id:")
    single = ran(hsb, "mixed mathach ses if sector == 1 || id:")
    fixed = [table for table in outcome.all_tables if table.id == "fixed"]
    assert [dict(table.by) for table in fixed] == [{"sector": 0.0}, {"sector": 1.0}]
    assert fixed[1].rows[0].values == pytest.approx(single.tables["fixed"].rows[0].values, rel=1e-7)


def test_a_model_of_the_last_group_can_be_asked_for(hsb):
    ran(hsb, "bysort sector: mixed mathach ses || id:")
    assert ran(hsb, "count if e(sample)").r.scalars["N"] == ran(hsb, "count if sector == 1").r.scalars["N"]


def test_by_with_sort_leaves_the_data_sorted(hsb):
    ran(hsb, "bysort female (ses): count")
    assert hsb.data.sorted_by == ("female", "ses")


@pytest.mark.parametrize(
    ("line", "rc", "typed"),
    [
        ("by female: count", 5, "by female:"),
        ("bysort nothing: count", 111, "nothing"),
        ("bysort female (nothing): count", 111, "nothing"),
        ("bysort female, backwards: count", 198, "bysort female, backwards:"),
        ("bysort female: clear", 190, None),
        ("bysort female: count in 1/3", 190, "in 1/3"),
        ("bysort female: summarize nothing", 111, "nothing"),
    ],
)
def test_what_is_not_possible_is_refused_and_changes_nothing(hsb, line, rc, typed):
    before = hsb.data
    outcome = hsb.run(line)
    assert outcome.rc == rc
    assert hsb.data is before
    if typed is not None:
        assert line[slice(*outcome.error.span)] == typed


def test_rc0_goes_on_with_the_next_group():
    session = small(g=[1, 2, 2, 2, 2, 2, 2], id=[1, 1, 1, 2, 2, 3, 3], y=[np.nan, 1.0, 2.0, 4.0, 1.0, 7.0, 6.5])
    assert session.run("bysort g: mixed y || id:").rc == 2000
    assert session.run("bysort g, rc0: mixed y || id:").rc == 0
