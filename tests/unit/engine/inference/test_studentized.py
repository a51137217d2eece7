"""The studentized range against R 4 (``ptukey``, ``qtukey``), Dunnett's maximum against the normal case."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr

from engine.inference.studentized import dunnett_cdf, quantile, range_cdf


@pytest.mark.parametrize(
    ("q", "k", "df", "expected"),
    [
        (3.5, 3, 20, 0.944108150918),
        (3.5, 4, np.inf, 0.936123666141),
        (6, 5, 3, 0.910579637828),
        (2, 10, 60, 0.0820323257617),
    ],
)
def test_the_distribution_of_the_range(q, k, df, expected):
    assert range_cdf(q, k, df) == pytest.approx(expected, abs=5e-7)


def test_its_quantiles():
    assert quantile(lambda q: range_cdf(q, 4, 16), 0.95) == pytest.approx(4.04609303679, rel=1e-6)
    assert quantile(lambda q: range_cdf(q, 3, np.inf), 0.95) == pytest.approx(3.31449315755, rel=1e-7)


def test_independent_comparisons_multiply():
    """Without a common control the maximum of two |z| is below t with probability (2 Phi(t) - 1)^2."""
    assert dunnett_cdf(2.0, np.zeros(2), np.inf) == pytest.approx((2 * float(ndtr(2.0)) - 1) ** 2, rel=1e-10)


def test_without_degrees_of_freedom_there_is_no_distribution():
    assert np.isnan(range_cdf(2.0, 3, 0.0))
    assert np.isnan(quantile(lambda q: range_cdf(q, 3, np.nan), 0.95))
    assert range_cdf(-1.0, 3, 5.0) == 0.0
