"""P-values on the boundary of the parameter space."""

from __future__ import annotations

import numpy as np
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
