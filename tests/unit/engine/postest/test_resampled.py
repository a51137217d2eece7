"""What replicates say, against identities that hold exactly."""

from __future__ import annotations

import numpy as np
import pytest
from outcomes import ran

from engine.api import Session
from engine.postest.resampled import bias, covariance, percentile, with_standard_errors

X = np.array([2.0, 7.0, 1.0, 8.0, 2.0, 8.0, 1.0])


def test_the_jackknife_takes_the_bias_off_the_variance():
    left_out = np.array([[np.var(np.delete(X, i)), np.delete(X, i).mean()] for i in range(len(X))])
    observed = np.array([np.var(X), X.mean()])
    unbiased = observed - bias(left_out, observed, jackknife=True)
    assert unbiased == pytest.approx([np.var(X, ddof=1), X.mean()])
    assert covariance(left_out[:, 1:], jackknife=True)[0, 0] == pytest.approx(np.var(X, ddof=1) / len(X))


def test_replicates_vary_about_their_mean_or_about_a_centre():
    draws = np.column_stack([X, X**2])
    assert covariance(draws, jackknife=False) == pytest.approx(np.cov(draws.T))
    centre = np.array([4.0, 20.0])
    about = (draws - centre).T @ (draws - centre) / len(X)
    assert covariance(draws, jackknife=False, centre=centre) == pytest.approx(about)
    assert bias(draws, centre, jackknife=False) == pytest.approx(draws.mean(axis=0) - centre)


def test_quantiles_are_averaged_where_their_place_is_whole():
    draws = np.array([[4.0], [1.0], [3.0], [2.0]])
    shares = (0.25, 0.3, 0.5, 0.99)
    assert [percentile(draws, np.array([share]))[0] for share in shares] == [1.5, 2.0, 2.5, 4.0]


def test_standard_errors_from_a_covariance_matrix_of_theta_are_those_of_the_delta_method(data_file):
    session = Session()
    ran(session, f'use "{data_file("pig")}"', "mixed weight week || id: week, cov(un)")
    result = session.mixed.result
    replicates = np.zeros((2, 2 * len(result.parameters)))  # only where theta does not tell
    found = with_standard_errors(result, result.vcov_theta, replicates, jackknife=False)
    assert [p.se for p in found] == pytest.approx([p.se for p in result.parameters], rel=1e-8)
    assert [p.sd_se for p in found] == pytest.approx([p.sd_se for p in result.parameters], rel=1e-8)
