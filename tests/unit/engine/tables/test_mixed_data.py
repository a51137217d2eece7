"""The tables of ``mixed`` as data."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from oracle_results import block, oracle_result

from engine.spec.mixed import CovarianceKind, Metric
from engine.tables.mixed import data_tables

UNSTRUCTURED = CovarianceKind.UNSTRUCTURED


@pytest.fixture
def expected(oracle):
    return oracle("hsb_base_ml")


@pytest.fixture
def result(expected):
    names = ("ses", "meanses", "c.ses#c.meanses", "o:ses", "0b.sector", "1.sector", "1.sector#c.ses", "1.female")
    names += ("o:meanses", "1.female#c.meanses", "1.female#1.sector", "_cons")
    return oracle_result(expected, depvar="mathach", structures=(UNSTRUCTURED,), names=names)


def by_id(result, level=95.0, metric=Metric.VARIANCE):
    return {table.id: table for table in data_tables(result, level, metric)}


def test_groups_have_a_row_per_level(oracle):
    kinds = (CovarianceKind.IDENTITY, CovarianceKind.IDENTITY)
    table = by_id(oracle_result(oracle("prod_3level_ml"), depvar="gsp", structures=kinds))["groups"]
    assert table.columns == ("groups", "min", "avg", "max")
    assert [(row.name, row.values) for row in table.rows] == [
        ("region", (9, 51, pytest.approx(816 / 9), 136)),
        ("state", (48, 17, 17, 17)),
    ]


def test_fixed_rows_are_all_columns_in_order_under_plain_names(result):
    table = by_id(result)["fixed"]
    assert table.columns == ("estimate", "se", "statistic", "p", "ll", "ul")
    assert {row.eq for row in table.rows} == {"mathach"}
    assert [(row.name, row.status) for row in table.rows] == [
        ("ses", ""),
        ("meanses", ""),
        ("c.ses#c.meanses", ""),
        ("ses", "omitted"),
        ("0.sector", "base"),
        ("1.sector", ""),
        ("1.sector#c.ses", ""),
        ("1.female", ""),
        ("meanses", "omitted"),
        ("1.female#c.meanses", ""),
        ("1.female#1.sector", ""),
        ("_cons", ""),
    ]


def test_fixed_numbers_are_at_full_precision(result, expected):
    estimated = [row for row in by_id(result)["fixed"].rows if not row.status]
    for row, want in zip(estimated, expected["fixed"], strict=True):
        estimate, se, z, p, ll, ul = row.values
        assert (estimate, se) == pytest.approx((want["estimate"], want["se"]), rel=1e-12)
        assert z == pytest.approx(want["estimate"] / want["se"], rel=1e-12)
        # normal tail and quantile: NIST Handbook, 1.959963984540054
        assert (ll, ul) == pytest.approx((estimate - 1.959963984540054 * se, estimate + 1.959963984540054 * se))
        assert 0 <= p <= 1
    assert estimated[0].values[3] == pytest.approx(math.erfc(2.85688796548444 / 0.147301249690128 / math.sqrt(2)))


def test_rows_that_are_not_estimated_hold_zero_and_missing_values(result):
    row = by_id(result)["fixed"].rows[3]
    assert row.values[0] == 0
    assert all(math.isnan(value) for value in row.values[1:])


def test_random_rows_carry_their_section_and_limits(result, expected):
    table = by_id(result)["random"]
    assert table.columns == ("estimate", "se", "ll", "ul")
    assert [(row.eq, row.name) for row in table.rows] == [
        ("id: Unstructured", "var(female)"),
        ("id: Unstructured", "var(_cons)"),
        ("id: Unstructured", "cov(female,_cons)"),
        ("Residual", "var(Residual)"),
    ]
    for row, want in zip(table.rows, expected["random"], strict=True):
        assert row.values == pytest.approx((want["estimate"], want["se"], *want["ci95"]), rel=1e-9)


def test_random_rows_follow_the_metric_and_the_level(result):
    wide = by_id(result, 99.0, Metric.STDDEVIATION)["random"]
    narrow = by_id(result, 90.0, Metric.STDDEVIATION)["random"]
    assert [row.name for row in wide.rows] == ["sd(female)", "sd(_cons)", "corr(female,_cons)", "sd(Residual)"]
    for outer, inner in zip(wide.rows, narrow.rows, strict=True):
        assert outer.values[2] < inner.values[2] < inner.values[3] < outer.values[3]


def test_lrtest_holds_the_comparison_with_the_linear_model(result, expected):
    table = by_id(result)["lrtest"]
    assert table.columns == ("chi2", "df", "p")
    assert table.rows[0].values[:2] == (expected["linear_model"]["chi2"], 3)


def test_lrtest_is_absent_without_a_comparison(result):
    assert "lrtest" not in by_id(replace(result, df_linear=0))


def test_an_empty_equation_has_no_random_rows(result):
    bare = replace(result, blocks=(block("id", None),), parameters=result.parameters[-1:])
    assert [row.name for row in by_id(bare)["random"].rows] == ["var(Residual)"]
