"""Simple slopes and where they differ from zero, against the definition on a fine grid."""

from __future__ import annotations

import numpy as np
import pytest

from engine.frame.columns import Column, ColumnPart
from engine.inference.slopes import region_of_significance, slope_weights


def _column(*names: str) -> Column:
    return Column(parts=tuple(ColumnPart(name) for name in names))


def test_the_slope_of_a_power_is_its_derivative():
    columns = (_column("x"), _column("x", "x"), _column("x", "x", "m"), _column("m"), _column("x", "z"))
    found = slope_weights(columns, "x", "m", 5.0, {"x": 3.0, "z": 7.0})
    assert found.tolist() == [1.0, 2.0 * 3.0, 2.0 * 3.0 * 5.0, 0.0, 7.0]


@pytest.mark.parametrize(
    ("beta", "V"),
    [
        ((1.0, 2.0), ((0.1, 0.0), (0.0, 0.1))),  # beyond two bounds
        ((1.0, 0.1), ((0.1, 0.0), (0.0, 0.5))),  # between two bounds
        ((0.1, 0.2), ((1.0, 0.0), (0.0, 1.0))),  # nowhere
        ((9.0, 0.0), ((1.0, 0.9), (0.9, 0.81))),  # between bounds far apart
        ((3.0, 2.0), ((1.0, 0.0), (0.0, 1.0))),  # b = critical se(b): above a single bound
        ((3.0, -2.0), ((1.0, 0.0), (0.0, 1.0))),  # and below one
        ((1.0, 2.0), ((0.1, 0.3), (0.3, 1.0))),
    ],
)
def test_the_region_is_where_slopes_exceed_their_critical_value(beta, V):
    beta, V, critical = np.array(beta), np.array(V), 2.0
    region = region_of_significance(np.array([1.0, 0.0]), np.array([0.0, 1.0]), beta, V, critical)
    at = np.linspace(-50.0, 50.0, 4001) + 0.00317
    weights = np.column_stack([np.ones_like(at), at])
    significant = np.abs(weights @ beta) > critical * np.sqrt(np.einsum("ij,jk,ik->i", weights, V, weights))
    if len(region.bounds) == 2:
        within = (at > region.bounds[0]) & (at < region.bounds[1])
    elif region.bounds:
        within = at < region.bounds[0]
    else:
        within = np.ones(len(at), dtype=bool)
    assert np.array_equal(significant, within if region.inside else ~within)
