"""``estat profile``: limits against lme4, and against refits with the parameter held at the limit."""

import numpy as np
import pytest

from engine.api import Session

CRITICAL = 3.841458820694124
"""The 95% quantile of chi2(1)."""

# R 4.2.2, lme4 1.1-31: confint(lmer(weight ~ week + (week|id), pig, REML=FALSE), method="profile", oldNames=FALSE)
# and the same with (1|id); lme4 interpolates its limits by a spline, which leaves errors of some 1e-6.
SLOPES = {
    "sd(week)": (0.4969053877, 0.7646027381),
    "sd(_cons)": (2.1026642452, 3.3056590298),
    "corr(week,_cons)": (-0.3559028429, 0.2459552693),
    "sd(Residual)": (1.1738176757, 1.3655699831),
    "_cons": (18.5564008303, 20.1548260287),
    "week": (6.0277616684, 6.3920299993),
}
INTERCEPTS = {
    "sd(_cons)": (3.167026614, 4.796660678),
    "sd(Residual)": (1.953849086, 2.250896122),
    "_cons": (18.165547963, 20.545678892),
    "week": (6.133241300, 6.286550367),
}


@pytest.fixture
def pig(data_file):
    session = Session()
    assert session.run(f"use {data_file('pig')}").rc == 0
    return session


@pytest.mark.parametrize(
    ("command", "expected"),
    [("mixed weight week || id: week, cov(un)", SLOPES), ("mixed weight week || id:", INTERCEPTS)],
)
def test_limits_are_those_of_lme4(pig, command, expected):
    pig.run(command)
    before = pig.estimates
    table = pig.run("estat profile").tables["profile"]
    assert pig.estimates is before
    found = {row.name: row.values[1:3] for row in table.rows}
    assert set(found) == set(expected)
    for name, limits in expected.items():
        np.testing.assert_allclose(found[name], limits, rtol=5e-6)


def test_a_coefficient_held_at_its_limit_costs_the_quantile(pig):
    pig.run("mixed weight week || id: week")
    ll = pig.e.scalars["ll"]
    row = next(row for row in pig.run("estat profile").tables["profile"].rows if row.name == "week")
    for limit in row.values[1:3]:
        pig.run(f"generate double rest = weight - {limit!r} * week")
        pig.run("mixed rest || id: week")
        assert 2 * (ll - pig.e.scalars["ll"]) == pytest.approx(CRITICAL, rel=1e-5)
        pig.run("drop rest")


def test_a_variance_that_may_be_zero_has_the_lower_limit_zero(data_file):
    session = Session()
    session.run(f"use {data_file('productivity')}")
    session.run("mixed gsp private emp hwy water other unemp || region: hwy || state:, reml")
    outcome = session.run("estat profile, level(90)")
    rows = {(row.eq, row.name): row.values for row in outcome.tables["profile"].rows}
    assert rows["region", "sd(hwy)"][1] == 0
    assert rows["region", "sd(hwy)"][2] > 0
    assert rows["state", "sd(_cons)"][1] > 0
    assert not any(eq == "gsp" for eq, _ in rows)
    assert "Coefficients have no profile" in outcome.text
    assert max(map(len, outcome.text.splitlines())) <= 80


def test_the_graph_shows_where_the_profile_crosses_the_limits(pig):
    pig.run("mixed weight week || id:")
    outcome = pig.run("estat profile, graph")
    limits = {f"{row.eq}: {row.name}": row.values[1:3] for row in outcome.tables["profile"].rows}
    curves = [layer for layer in outcome.graph.layers if layer.style.value == "data"]
    assert [layer.panel for layer in curves] == list(limits)
    for layer in curves:
        assert (np.diff(layer.x) > 0).all()
        crossing = np.interp([-np.sqrt(CRITICAL), np.sqrt(CRITICAL)], layer.y, layer.x)
        np.testing.assert_allclose(crossing, limits[layer.panel], rtol=1e-6)


@pytest.mark.parametrize(
    "command",
    [
        "mixed weight week || id:, vce(robust)",
        "mixed weight week || id:, residuals(ar 1, t(week))",
        "mixed weight week || _all: R.id",
    ],
)
def test_models_without_a_profile_are_refused_with_the_reason(pig, command):
    assert pig.run(command).rc == 0
    assert pig.run("estat profile").rc == 321
