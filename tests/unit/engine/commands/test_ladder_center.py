"""``ladder``, ``sktest`` and ``center``."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session
from engine.inference.normality import normality

# seed 003, its three tables of ladder; None where it prints a dot
SIZE = (60.02, 31.36, 8.37, 7.18, 16.55, 58.10)  # its older release prints no number for the reciprocals that follow
MATHACH = (758.08, 758.90, 914.19, None, None, None, None, None, None)
SHIFTED = (595.26, 1029.42, 914.19, 380.40, None, None, None, None, None)


@pytest.fixture
def session(data_file):
    session = Session()
    session.run(f'use "{data_file("hsb")}"')
    return session


@pytest.mark.parametrize(
    ("before", "command", "printed"),
    [
        ("egen tagged = tag(id)", "ladder size if tagged==1", SIZE),
        ("", "ladder mathach", MATHACH),
        ("sum mathach\ngen mathach_c=mathach-r(min)+1", "ladder mathach_c", SHIFTED),
    ],
)
def test_ladder_prints_the_tables_of_the_document(session, before, command, printed):
    session.run(before)
    outcome = session.run(command)
    rows = outcome.tables["ladder"].rows
    assert [row.name for row in rows][:4] == ["Cubic", "Square", "Identity", "Square root"]
    for row, expected in zip(rows, printed, strict=False):
        if expected is None:
            assert np.isnan(row.values).all()
        else:
            assert row.values[0] == pytest.approx(expected, abs=0.00501)
    assert outcome.r.scalars["ident"] == rows[2].values[0]


def test_names_in_formulas_are_abbreviated_as_the_document_has_them(session):
    session.run("gen mathach_c = mathach + 4")
    assert "1/(mathac~c^2)  " in session.run("ladder mathach_c").text


def test_the_best_transformation_is_kept(session):
    session.run("ladder size, generate(better)")
    frame = session.data.to_pandas()
    np.testing.assert_allclose(frame["better"], np.sqrt(frame["size"]))


def test_skewness_and_kurtosis_against_the_formulas_written_another_way():
    values = np.random.default_rng(1).gamma(2.0, size=200)
    found = normality(values, adjust=False)
    z1, z2 = _skewtest(values), _kurtosistest(values)
    assert found.chi2 == pytest.approx(z1**2 + z2**2, rel=1e-12)
    assert found.p == pytest.approx(np.exp(-(z1**2 + z2**2) / 2), rel=1e-9)


def _skewtest(x):
    """D'Agostino's Z as written in Zar, Biostatistical Analysis: by logarithms, in other variables."""
    n, m = len(x), x - x.mean()
    b = (m**3).mean() / (m**2).mean() ** 1.5
    a = b * np.sqrt((n + 1) * (n + 3) / (6 * (n - 2)))
    c = 3 * (n**2 + 27 * n - 70) * (n + 1) * (n + 3) / ((n - 2) * (n + 5) * (n + 7) * (n + 9))
    d = np.sqrt(2 * (c - 1)) - 1
    e, f = 1 / np.sqrt(np.log(np.sqrt(d))), a / np.sqrt(2 / (d - 1))
    return e * np.log(f + np.sqrt(f**2 + 1))


def _kurtosistest(x):
    n, m = len(x), x - x.mean()
    b = (m**4).mean() / (m**2).mean() ** 2
    g = 24 * n * (n - 2) * (n - 3) / ((n + 1) ** 2 * (n + 3) * (n + 5))
    h = (b - 3 * (n - 1) / (n + 1)) / np.sqrt(g)
    j = 6 * (n**2 - 5 * n + 2) / ((n + 7) * (n + 9)) * np.sqrt(6 * (n + 3) * (n + 5) / (n * (n - 2) * (n - 3)))
    k = 6 + 8 / j * (2 / j + np.sqrt(1 + 4 / j**2))
    ratio = (1 - 2 / k) / (1 + h * np.sqrt(2 / (k - 4)))
    return (1 - 2 / (9 * k) - np.cbrt(ratio)) / np.sqrt(2 / (9 * k))


def test_sktest_needs_eight_values(session):
    assert "         .          " in session.run("sktest ses in 1/7").text
    assert session.run("sktest ses in 1/8").r.scalars["N"] == 8


@pytest.mark.parametrize(
    ("command", "rc"),
    [("ladder ses mathach", 103), ("ladder ses if ses > 99", 2000), ("ladder ses, generate(id)", 110), ("ladder", 100)],
)
def test_bad_requests_are_refused(session, command, rc):
    assert session.run(command).rc == rc


def test_group_means_and_deviations_sum_to_the_variable():
    frame = pd.DataFrame({"g": [1, 1, 2, 2, 2], "x": [1.0, 3.0, 4.0, np.nan, 8.0]})
    session = Session(data=frame)
    outcome = session.run("center x, by(g)")
    found = session.data.to_pandas()
    np.testing.assert_array_equal(found["b_x"], [2, 2, 6, 6, 6])
    np.testing.assert_array_equal(found["w_x"], [-1, 1, -2, np.nan, 2])
    assert session.data.variable("b_x").label == "mean of x by g"
    assert outcome.r.macros == {"between": "b_x", "within": "w_x"}
    assert outcome.tables["center"].rows[0].values[0] == 4


def test_the_contextual_model_of_the_document_separates_both_effects(session):
    """Seed 001, contextual effects: group mean and deviation have the coefficients of separate regressions."""
    assert session.run("center ses, by(id) between(mean_) within(dev_)").rc == 0
    frame = session.data.to_pandas()
    np.testing.assert_allclose(frame["mean_ses"], frame.groupby("id")["ses"].transform("mean"), atol=1e-15)
    np.testing.assert_allclose(frame["mean_ses"] + frame["dev_ses"], frame["ses"], atol=1e-15)
    session.run("mixed mathach mean_ses dev_ses || id:, nolog")
    rows = {row.name: row.values[0] for row in session.run("mixed").tables["fixed"].rows}
    within = frame.assign(y=frame["mathach"] - frame.groupby("id")["mathach"].transform("mean"))
    slope = (within["y"] * within["dev_ses"]).sum() / (within["dev_ses"] ** 2).sum()
    assert rows["dev_ses"] == pytest.approx(slope, rel=1e-9)


def test_nested_groups_are_split_level_by_level():
    frame = pd.DataFrame({"a": [1, 1, 1, 1, 2, 2], "b": [1, 1, 2, 2, 1, 1], "x": [1.0, 3, 6, 10, 20, 24]})
    session = Session(data=frame)
    assert session.run("center x, by(a b) nested").rc == 0
    found = session.data.to_pandas()
    np.testing.assert_array_equal(found["b1_x"], [5, 5, 5, 5, 22, 22])
    np.testing.assert_array_equal(found["b2_x"], [-3, -3, 3, 3, 0, 0])
    np.testing.assert_array_equal(found["w_x"], [-1, 1, -2, 2, -2, 2])


def test_without_groups_deviations_are_from_the_mean_of_all():
    session = Session(data=pd.DataFrame({"x": [1.0, 2, 6], "s": ["a", "b", "c"]}))
    session.run("center x")
    assert session.data.to_pandas()["w_x"].tolist() == [-2, -1, 3]
    assert "b_x" not in session.data
    assert session.run("center s").rc == 109
    assert session.run("center x").rc == 110
    assert session.run("center x, nested").rc == 198
    assert session.run("center x, by(s) nobetween nowithin").rc == 184
