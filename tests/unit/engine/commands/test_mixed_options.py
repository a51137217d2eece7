"""Options of ``mixed`` that change the command's own steps."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.api import Session


def test_nostderr_leaves_out_the_standard_errors_of_variance_components_only(data_file):
    session = Session()
    session.run(f'use "{data_file("pig")}"')
    full = session.run("mixed weight week || id:")
    bare = session.run("mixed weight week || id:, nostderr")
    assert bare.rc == 0
    for row, whole in zip(bare.tables["random"].rows, full.tables["random"].rows, strict=True):
        assert row.values[0] == whole.values[0]
        assert all(value is None or math.isnan(value) for value in row.values[1:])
    assert [row.values for row in bare.tables["fixed"].rows] == [row.values for row in full.tables["fixed"].rows]
    assert "failed" not in bare.text


def test_a_refused_option_is_underlined_where_it_was_typed(data_file):
    session = Session()
    session.run(f'use "{data_file("pig")}"')
    text = "mixed weight week || id:, reml residuals(ar 1)"
    outcome = session.run(text)
    assert outcome.rc == 198
    assert text[slice(*outcome.error.span)] == "residuals(ar 1)"


def test_the_rank_without_standard_errors_of_variances_is_that_of_the_fixed_part(data_file):
    session = Session()
    session.run(f'use "{data_file("pig")}"')
    e = session.run("mixed weight week || id:, nostderr").e
    assert e.scalars["rank"] == np.linalg.matrix_rank(e.matrices["V"].values) == 2


def test_r_table_holds_every_element_of_e_b_with_its_test_and_limits(data_file):
    session = Session()
    session.run(f'use "{data_file("pig")}"')
    outcome = session.run("mixed weight i.week || id:")
    table = outcome.r.matrices["table"]
    assert table.rows == ("b", "se", "z", "pvalue", "ll", "ul", "df", "crit", "eform")
    assert table.cols == outcome.e.matrices["b"].cols
    by_row = dict(zip(table.rows, table.values, strict=True))
    assert np.array_equal(by_row["b"], outcome.e.matrices["b"].values[0])
    second = table.cols.index("weight:2.week")
    shown = next(row for row in outcome.tables["fixed"].rows if row.name == "2.week")
    assert tuple(table.values[:6, second]) == shown.values
    base = table.values[:, table.cols.index("weight:1b.week")]
    assert base[0] == 0.0
    assert np.isnan(base[1:7]).all()
    assert by_row["crit"] == pytest.approx(1.959963984540054, rel=1e-15)  # the 97.5% point of the normal


def test_a_redisplay_brings_r_table_to_its_own_level(data_file):
    session = Session()
    session.run(f'use "{data_file("pig")}"')
    session.run("mixed weight week || id:")
    session.run("summarize week")
    table = session.run("mixed, level(90)").r.matrices["table"]
    assert table.values[table.rows.index("crit"), 0] == pytest.approx(1.6448536269514722, rel=1e-15)
