"""Adjusted p-values, Hausman's statistic, and degrees of freedom of joint tests, from made-up parts."""

from __future__ import annotations

import numpy as np
import pytest

from engine.inference import ddf_residual
from engine.inference.fixedeffects import FixedEffects
from engine.inference.hausman import hausman
from engine.inference.limits_many import adjusted_critical, adjusted_p
from engine.inference.multiplicity import bonferroni, holm, sidak
from engine.inference.normal import two_sided
from engine.inference.satterthwaite import joint
from engine.results.smallsample import VarianceUncertainty
from engine.spec.dfmethod import DfInformation


def test_p_values_are_adjusted_as_r_does():
    # R 4.2.2: p <- c(.01, .04, .03, .005, .2); p.adjust(p, "holm"); p.adjust(p, "bonferroni")
    p = np.array([0.01, 0.04, 0.03, 0.005, 0.2])
    assert holm(p) == pytest.approx([0.04, 0.09, 0.09, 0.025, 0.2], rel=1e-12)
    assert bonferroni(p, 5) == pytest.approx([0.05, 0.2, 0.15, 0.025, 1.0], rel=1e-12)
    assert sidak(p, 5) == pytest.approx(1.0 - (1.0 - p) ** 5, rel=1e-12)
    assert sidak(np.array([1e-18]), 3) == pytest.approx(3e-18, rel=1e-12)


def test_a_missing_p_value_counts_and_stays_missing():
    adjusted = holm(np.array([0.01, np.nan, 0.02]))
    assert adjusted[[0, 2]] == pytest.approx([0.03, 0.04])
    assert np.isnan(adjusted[1])


def test_a_difference_without_positive_variance_has_no_standard_error():
    b, B = np.array([1.0, 2.0]), np.array([0.5, 2.5])
    found = hausman(b, np.diag([2.0, 1.0]), B, np.diag([1.0, 3.0]))
    assert found.se[0] == pytest.approx(1.0)
    assert np.isnan(found.se[1])
    assert found.chi2 == pytest.approx(0.5**2 / 1.0 - 0.5**2 / 2.0)
    assert not found.definite
    assert found.rank == found.df == 2


@pytest.mark.parametrize(
    ("nu", "ddf"),
    [
        ((8.0, 8.0), 8.0),  # equal ones are those of the test
        ((6.0, 10.0), 2.0 * (6 / 4 + 10 / 8) / (6 / 4 + 10 / 8 - 2.0)),
        ((1.5, 3.0, 3.0), 2.0 * 6.0 / (6.0 - 3.0)),  # directions with two or fewer have no mean and are left out
        ((1.5, 10.0), np.nan),
    ],
)
def test_degrees_of_freedom_of_several_directions_match_the_mean_of_f(nu, ddf):
    """Fai and Cornelius (1996): E = sum of nu_m / (nu_m - 2) over nu_m > 2, and the test has 2 E / (E - l)."""
    m, expected = len(nu), DfInformation.EXPECTED
    uncertainty = VarianceUncertainty(
        root=np.eye(m),
        P=np.array([np.diag(row) for row in np.eye(m)]),
        W={expected: np.diag(2.0 / np.array(nu))},
        unknown={expected: np.zeros((0, m))},
        bias={expected: np.zeros((m, m))},
    )
    model = FixedEffects(
        n=100, rank=m, Phi=np.eye(m), uncertainty=uncertainty, information=expected, frame=lambda: pytest.fail("rows")
    )
    assert joint(model, np.eye(m)).ddf == pytest.approx(ddf, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize(
    ("method", "df", "critical"),
    [
        ("scheffe", np.inf, 2.7955),  # sqrt of 7.8147, the 95% quantile of chi2(3)
        ("scheffe", 16.0, 3.1172),  # sqrt of 3 times 3.2389, that of F(3, 16)
        ("sidak", np.inf, 2.3877),  # z of 1 - .95^(1/3), two-sided
        ("bonferroni", np.inf, 2.3940),  # z of .05/3
    ],
)
def test_limits_and_p_values_of_three_comparisons_agree(method, df, critical):
    dfs = np.array([df])
    found = adjusted_critical(method, 95.0, dfs, comparisons=3, rank=3)
    assert found == pytest.approx([critical], abs=1e-4)
    p = np.array([two_sided(float(found[0]))])
    assert adjusted_p(method, found, p, dfs, comparisons=3, rank=3) == pytest.approx([0.05], rel=1e-6)


def test_residual_degrees_of_freedom_count_free_coefficients_only():
    model = FixedEffects(
        n=100, rank=2, Phi=np.eye(3), uncertainty=None, information=DfInformation.EXPECTED,
        frame=lambda: pytest.fail("rows"),
    )  # fmt: skip
    assert ddf_residual.coefficients(model).tolist() == [98.0, 98.0, 98.0]
