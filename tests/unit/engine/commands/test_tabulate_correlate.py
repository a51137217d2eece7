"""``tabulate``, ``correlate`` and ``pwcorr``: numbers against numpy and scipy, layout as Stata prints it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from outcomes import ran
from scipy import special

from engine.api import Session

ONE_WAY = """
          g |      Freq.     Percent        Cum.
------------+-----------------------------------
         no |          3       60.00       60.00
        yes |          2       40.00      100.00
------------+-----------------------------------
      Total |          5      100.00
"""
TWO_WAY = """
           |          s
         g |         a          b |     Total
-----------+----------------------+----------
        no |         1          2 |         3
       yes |         1          1 |         2
-----------+----------------------+----------
     Total |         2          3 |         5
"""
PAIRS = """
             |        x        y
-------------+------------------
           x |   1.0000
             |
             |        5
             |
           y |   0.9449*  1.0000
             |   0.0154
             |        5        5
             |
"""


@pytest.fixture
def session():
    frame = pd.DataFrame({
        "g": [0, 0, 1, 1, 0, np.nan],
        "s": ["a", "b", "a", "b", "b", "a"],
        "x": [1.0, 2.0, 3.0, 4.0, 5.0, np.nan],
        "y": [1.0, 2.5, 2.5, 3.0, 5.0, 9.0],
    })  # fmt: skip
    session = Session(data=frame)
    session.run('label define yn 0 "no" 1 "yes"\nlabel values g yn')
    return session


def test_a_one_way_table_is_drawn_with_labels(session):
    outcome = ran(session, "tabulate g")
    assert outcome.text == ONE_WAY
    assert [(row.name, row.values) for row in outcome.tables["tabulate"].rows] == [
        ("0", (3.0, 60.0, 60.0)),
        ("1", (2.0, 40.0, 100.0)),
    ]
    assert outcome.r.scalars == {"N": 5.0, "r": 2.0}


def test_a_two_way_table_is_drawn(session):
    assert ran(session, "tabulate g s").text == TWO_WAY


def test_missing_values_values_and_order_can_be_asked_for(session):
    assert ran(session, "tab g, missing").r.scalars["N"] == 6
    assert " no |" not in ran(session, "tab g, nolabel").text
    rows = ran(session, "tab s if x < ., sort").tables["tabulate"].rows
    assert [row.name for row in rows] == ["b", "a"]


def test_percentages_come_with_a_key(session):
    text = ran(session, "tab g s, row column").text
    assert "| column percentage |" in text
    lines = text.split("\n")
    start = next(i for i, line in enumerate(lines) if line.lstrip().startswith("no |"))
    assert [line.partition("|")[2].replace("|", "").split() for line in lines[start : start + 3]] == [
        ["1", "2", "3"],
        ["33.33", "66.67", "100.00"],
        ["50.00", "66.67", "60.00"],
    ]


def test_pearsons_chi_squared(session):
    outcome = ran(session, "tab g s, chi2")
    counts = np.array([[1, 2], [1, 1]])
    expected = np.outer(counts.sum(1), counts.sum(0)) / 5
    chi2 = ((counts - expected) ** 2 / expected).sum()
    assert outcome.r.scalars["chi2"] == pytest.approx(chi2)
    assert outcome.r.scalars["p"] == pytest.approx(special.chdtrc(1, chi2))


def test_indicator_variables_are_made(session):
    ran(session, "tab g, generate(d)")
    np.testing.assert_array_equal(session.data.to_pandas()["d2"], [0, 0, 1, 1, 0, np.nan])
    assert session.data.variable("d1").label == "g==0"


def test_correlations_agree_with_numpy(session):
    outcome = ran(session, "correlate x y")
    frame = session.data.to_pandas().dropna(subset=["x", "y"])
    expected = np.corrcoef(frame["x"], frame["y"])
    np.testing.assert_allclose(outcome.r.matrices["C"].values, expected, rtol=1e-13)
    assert outcome.text.startswith("(obs=5)\n\n             |        x        y\n")
    covariance = ran(session, "correlate x y, covariance").r.matrices["C"].values
    np.testing.assert_allclose(covariance, np.cov(frame["x"], frame["y"]), rtol=1e-13)


def test_covariances_have_no_zero_before_the_point(session):
    ran(session, "generate double half = cond(_n <= 3, 0, .5) if _n <= 5")  # variance .075
    assert "\n        half |     .075\n" in ran(session, "correlate half, covariance").text


def test_pairwise_correlations_with_significance_numbers_and_stars(session):
    frame = session.data.to_pandas().dropna(subset=["x", "y"])
    r = np.corrcoef(frame["x"], frame["y"])[0, 1]
    p = 2 * special.stdtr(3, -abs(r) * np.sqrt(3 / (1 - r**2)))
    outcome = ran(session, "pwcorr x y, sig obs star(.05)")
    assert outcome.text == PAIRS.replace("0.9449", f"{r:.4f}").replace("0.0154", f"{p:.4f}").replace(
        "5        5\n             |\n", "5        6\n             |\n"
    )
    assert outcome.r.scalars["rho"] == pytest.approx(r)


def test_tables_are_made_per_group(session):
    outcome = ran(session, "bysort s: tab g")
    assert [dict(table.by) for table in outcome.all_tables] == [{"s": "a"}, {"s": "b"}]


@pytest.mark.parametrize(
    ("line", "rc"),
    [
        ("tabulate", 100),
        ("tabulate g s x", 103),
        ("tabulate g, row", 198),
        ("tabulate g s, generate(d)", 198),
        ("tabulate nothing", 111),
        ("tabulate g, generate(g)", 0),
        ("bysort s: tabulate g, generate(q)", 190),
        ("correlate s", 109),
        ("correlate x if x > 99", 2000),
        ("correlate x if x == 1", 2001),
        ("pwcorr s", 109),
        ("correlate", 0),
    ],
)
def test_mistakes_have_their_code(session, line, rc):
    assert session.run("drop s\ncorrelate" if line == "correlate" else line).rc == rc


@pytest.mark.parametrize(
    "command",
    [
        "summarize x y, detail",
        "correlate x y",
        "correlate x y, covariance",
        "pwcorr x y, sig obs",
        "tabulate k",
        "tabulate k g, row chi2",
    ],
)
def test_frequency_weights_do_what_repeated_observations_do(command):
    rng = np.random.default_rng(11)
    x = rng.normal(size=40)
    frame = pd.DataFrame(
        {"x": x, "y": x + rng.normal(size=40), "k": rng.integers(1, 4, 40), "g": rng.integers(0, 2, 40)}
    )
    frame["w"] = rng.integers(0, 5, 40)
    frame.loc[3, "y"] = np.nan
    session = Session(data=frame)
    weighted = session.run(command.partition(",")[0] + " [fw=w]," + command.partition(",")[2])
    assert weighted.rc == 0, weighted.text
    session.run("drop if w == 0\nexpand w")
    repeated = session.run(command)
    for found, expected in zip(weighted.all_tables, repeated.all_tables, strict=True):
        for row, other in zip(found.rows, expected.rows, strict=True):
            np.testing.assert_allclose(row.values, other.values, rtol=1e-10)
    for name, value in repeated.r.scalars.items():
        assert weighted.r.scalars[name] == pytest.approx(value, rel=1e-10, abs=1e-12), name


def test_analytic_weights_are_scaled_to_the_number_of_observations():
    session = Session(data=pd.DataFrame({"x": [1.0, 2.0, 4.0], "w": [1.0, 2.0, 3.0]}))
    outcome = session.run("summarize x [aw=w]")
    mean = 17 / 6
    sd = np.sqrt(
        np.dot([1, 2, 3], (np.array([1, 2, 4]) - mean) ** 2) / 6 * 3 / 2
    )  # [R] summarize, Methods and formulas
    assert outcome.r.scalars["mean"] == pytest.approx(mean)
    assert outcome.r.scalars["sd"] == pytest.approx(sd)
    assert outcome.r.scalars["N"] == 3
    assert outcome.r.scalars["sum_w"] == 6
    assert "Obs      Weight        Mean" in outcome.text
    assert session.run("summarize x [iw=w], detail").rc == 101
    assert session.run("summarize x [pw=w]").rc == 101
    assert session.run("summarize x [aw=-w]").rc == 402


def test_stars_and_limits_may_be_percentages(session):
    one, other = (session.run(f"pwcorr x y, star({level})").text for level in (".05", "5"))
    assert one == other
    assert session.run("pwcorr x y, bonferroni sidak").rc == 184


def test_insignificant_correlations_are_left_out():
    rng = np.random.default_rng(3)
    x = rng.normal(size=200)
    session = Session(data=pd.DataFrame({"x": x, "y": x + rng.normal(size=200), "z": rng.normal(size=200)}))
    text = session.run("pwcorr x y z, print(.001) sig").text
    assert text.split("\n")[-2].strip("| ") == ""
    assert "y |   0.7" in text
