"""P-values on the boundary of the parameter space."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session
from engine.covariance.structure import structure
from engine.inference.boundary import NullCone, one_effect_added
from engine.inference.normal import chi2_tail
from engine.spec.mixed import CovarianceKind

IND, UN, ID = CovarianceKind.INDEPENDENT, CovarianceKind.UNSTRUCTURED, CovarianceKind.IDENTITY


def cone(information, *shapes):
    return NullCone(tuple(structure(kind, q) for kind, q in shapes), lambda: np.asarray(information, dtype=float))


def test_one_variance_has_the_even_mixture():
    assert one_effect_added(2.7055, 0) == pytest.approx(0.05, abs=1e-5)  # the 90% quantile of chi2(1)
    assert cone([[3.0]], (ID, 1)).p_value(2.7055) == pytest.approx(0.05, abs=1e-5)
    assert not cone([[3.0]], (ID, 1)).simulated


def test_adding_a_correlated_effect_mixes_q_and_q_plus_one():
    """Stram and Lee (1994): 5.14 is the 5% point of half chi2(1) and half chi2(2)."""
    assert one_effect_added(5.14, 1) == pytest.approx(0.05, abs=2e-4)
    assert one_effect_added(0.0, 1) == 1.0


@pytest.mark.parametrize("r", [0.0, 0.5, -0.6])
@pytest.mark.parametrize("chi2", [0.5, 3.0, 9.0])
def test_two_variances_have_the_weights_of_a_quadrant(r, chi2):
    """Self and Liang (1987), case 7: the angle of the cone in the metric of the information gives the weights."""
    information = np.array([[2.0, r * np.sqrt(2.0 * 5.0)], [r * np.sqrt(2.0 * 5.0), 5.0]])
    # correlation of the estimators is -r; the cone of positive pairs has the angle pi - arccos(-r) seen from zero
    angle = np.arccos(r)
    both = angle / (2.0 * np.pi)
    exact = 0.5 * chi2_tail(chi2, 1) + both * chi2_tail(chi2, 2)
    assert cone(information, (IND, 2)).p_value(chi2) == pytest.approx(exact, rel=0.06)


def test_units_of_the_effects_do_not_matter():
    rng = np.random.default_rng(4)
    root = rng.normal(size=(3, 6))
    information = root @ root.T
    D = np.array([1e3, 1e-2])
    units = np.array([D[0] ** 2, D[1] ** 2, D[0] * D[1]])
    other = information * np.outer(units, units)
    one, two = (cone(each, (UN, 2)).p_value(4.0) for each in (information, other))
    assert one == pytest.approx(two, rel=1e-6)


def test_the_p_value_lies_between_those_of_the_extreme_mixtures_and_falls_with_the_statistic():
    session = NullCone((structure(UN, 2),), lambda: np.diag([1.0, 1.0, 2.0]))
    values = [session.p_value(x) for x in (0.0, 0.1, 1.0, 5.0, 40.0)]
    assert values == sorted(values, reverse=True)
    assert values[0] == 1.0
    assert chi2_tail(5.0, 1) / 2 < values[3] < chi2_tail(5.0, 3)
    assert 0.0 < values[4] < 1e-6


def test_the_projection_is_that_of_a_fine_search():
    """p of the statistic's tail at one direction, by brute force over a grid of positive semidefinite matrices."""
    from engine.inference.boundary import _squared_projection

    rng = np.random.default_rng(1)
    root = rng.normal(size=(3, 5))
    information = root @ root.T
    z = rng.normal(size=(6, 3))
    found = _squared_projection(z, information, [structure(UN, 2)])
    a, b = np.meshgrid(np.linspace(0, 4, 161), np.linspace(0, 4, 161))
    grid = [
        np.stack([a.ravel() ** 2, b.ravel() ** 2, r * a.ravel() * b.ravel()], axis=1) for r in np.linspace(-1, 1, 81)
    ]
    points = np.concatenate(grid)
    for row, value in zip(z, found, strict=True):
        difference = points - row
        best = np.einsum("ni,ij,nj->n", difference, information, difference).min()
        assert value == pytest.approx(float(row @ information @ row) - best, abs=0.02)


def test_mixed_leaves_a_boundary_correct_p_value_that_is_not_above_the_conservative_one(data_file):
    session = Session()
    session.run(f'use "{data_file("pig")}"')
    session.run("generate noise = mod(week*7 + id*3, 5)")
    for model in ("|| id:", "|| id: week", "|| id: week, cov(un)"):
        e = session.run(f"mixed noise week {model}").e.scalars
        assert 0.0 <= e["p_boundary"] <= e["p_c"] + 1e-12


@pytest.mark.parametrize("chi2", [0.5, 3.0, 9.0])
def test_parameters_without_an_edge_add_degrees_of_freedom(chi2):
    information = np.diag([2.0, 3.0, 5.0])
    quadrant = NullCone((structure(IND, 2),), lambda: information, 1)
    exact = 0.25 * chi2_tail(chi2, 1) + 0.5 * chi2_tail(chi2, 2) + 0.25 * chi2_tail(chi2, 3)
    assert quadrant.p_value(chi2) == pytest.approx(exact, rel=0.06)
    one = NullCone((structure(ID, 1),), lambda: information, 2)
    assert not one.simulated
    assert one.p_value(chi2) == pytest.approx(0.5 * chi2_tail(chi2, 2) + 0.5 * chi2_tail(chi2, 3))
    assert NullCone((), lambda: information, 3).p_value(chi2) == pytest.approx(chi2_tail(chi2, 3))


def crossed_panel():
    """A balanced crossing without effects: variances of the two factors are uncorrelated."""
    rng = np.random.default_rng(3)
    a, b, t = (each.reshape(-1) for each in np.meshgrid(np.arange(12), np.arange(10), np.arange(3), indexing="ij"))
    return pd.DataFrame({"y": rng.normal(size=len(a)), "a": a, "b": b, "t": t, "id": a * 10 + b})


def test_two_crossed_factors_of_a_balanced_design_have_the_weights_of_a_right_angle():
    session = Session(data=crossed_panel())
    assert session.run("mixed y || _all: R.a || _all: R.b").rc == 0
    cone = session.estimates.result.null_cone
    exact = 0.5 * chi2_tail(2.0, 1) + 0.25 * chi2_tail(2.0, 2)
    assert cone.p_value(2.0) == pytest.approx(exact, rel=0.06)


@pytest.mark.parametrize(
    ("command", "free"),
    [
        ("mixed y || id:, residuals(ar 1, t(t))", 1),
        ("mixed y || id:, residuals(unstructured, t(t)) noconstant", 5),
        ("mixed y || id:, residuals(independent, by(t))", 2),
    ],
)
def test_residual_parameters_have_no_edge(command, free):
    session = Session(data=crossed_panel())
    assert session.run(command).rc == 0
    cone = session.estimates.result.null_cone
    edged = "noconstant" not in command
    exact = 0.5 * chi2_tail(3.0, free) + 0.5 * chi2_tail(3.0, free + 1) if edged else chi2_tail(3.0, free)
    assert cone.p_value(3.0) == pytest.approx(exact, rel=1e-10)


def test_an_exchangeable_factor_has_two_edges_and_weights_count_as_copies():
    data = crossed_panel()
    data["w"] = 2.0
    session = Session(data=data)
    assert session.run("mixed y || a: R.b, cov(exchangeable)").rc == 0
    assert 0.0 < session.estimates.result.null_cone.p_value(3.0) < chi2_tail(3.0, 2)
    assert session.run("mixed y || a:, fweight(w)").rc == 0
    assert session.estimates.result.null_cone.p_value(2.7055) == pytest.approx(0.05, abs=1e-5)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("mixed y || id:, residuals(exponential, t(t)) extras", "edge of its range"),
        ("mixed y || id:, residuals(exchangeable) extras", "do not tell these parameters apart"),
        ("mixed y || id:, residuals(ar 1, t(t)) extras", "half chi2(1), half chi2(2)"),
    ],
)
def test_a_missing_p_value_is_explained(command, words):
    session = Session(data=crossed_panel())
    outcome = session.run(command)
    assert outcome.rc == 0
    assert words in outcome.text


@pytest.mark.parametrize(
    ("model", "r"),
    [
        # with V = I, dV_i the derivatives and sigma2 profiled out, I_ij = tr(dV_i dV_j)/2 - tr(dV_i) tr(dV_j)/(2 n)
        ("|| a: || b:", np.sqrt((3 - 1) / (3 * 10 - 1))),
        # a + (L - 1) c and a - c are the variances between and within the 12 levels of a: projections of rank 12, 108
        ("|| a: R.b, cov(exchangeable)", -(108 * 12 / 360) / np.sqrt((108 - 108**2 / 360) * (12 - 12**2 / 360))),
    ],
)
def test_the_information_at_zero_is_that_of_a_balanced_design(model, r):
    session = Session(data=crossed_panel())
    assert session.run(f"mixed y {model}").rc == 0
    information = session.estimates.result.null_cone.measure()
    assert information[0, 1] / np.sqrt(information[0, 0] * information[1, 1]) == pytest.approx(r, rel=1e-9)
