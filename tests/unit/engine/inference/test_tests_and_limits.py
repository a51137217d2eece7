"""Wald and likelihood-ratio tests, and confidence limits in their metrics."""

from __future__ import annotations

import numpy as np
import pytest

from engine.inference.limits import limits
from engine.inference.lrtest import against_linear
from engine.inference.normal import chi2_tail, critical_value, two_sided
from engine.inference.wald import wald_test
from engine.results.mixed import ParameterRole, VarianceParameter
from engine.spec.mixed import Metric

VARIANCE, SD = Metric.VARIANCE, Metric.STDDEVIATION


def parameter(role, estimate, se, sd_estimate=1.0, sd_se=0.1):
    return VarianceParameter(
        block=0, role=role, name="", sd_name="", estimate=estimate, se=se, sd_estimate=sd_estimate, sd_se=sd_se
    )


def test_limits_of_a_variance_are_those_the_manual_prints():
    """Example 1 of the manual: var(_cons) 14.81751 (3.124225) from 9.801716 to 22.40002."""
    low, high = limits(parameter(ParameterRole.VARIANCE, 14.81751, 3.124225), VARIANCE, 95.0)
    assert low == pytest.approx(9.801716, rel=1e-6)
    assert high == pytest.approx(22.40002, rel=1e-6)


def test_limits_of_a_covariance_are_symmetric():
    low, high = limits(parameter(ParameterRole.COVARIANCE, -0.0984378, 0.2545767), VARIANCE, 95.0)  # example 3
    assert (low + high) / 2 == pytest.approx(-0.0984378)
    assert high == pytest.approx(0.4005234, rel=1e-5)


def test_limits_of_a_standard_deviation_are_roots_of_those_of_the_variance():
    p = parameter(ParameterRole.VARIANCE, 4.0, 1.0, 2.0, 0.25)
    assert np.square(limits(p, SD, 90.0)) == pytest.approx(limits(p, VARIANCE, 90.0))


def test_limits_of_a_correlation_stay_between_minus_one_and_one():
    low, high = limits(parameter(ParameterRole.COVARIANCE, 0.9, 0.2, 0.95, 0.3), SD, 99.0)
    assert -1.0 < low < 0.95 < high < 1.0
    z = critical_value(99.0)
    assert np.arctanh(high) - np.arctanh(0.95) == pytest.approx(z * 0.3 / (1 - 0.95**2))


@pytest.mark.parametrize("metric", [VARIANCE, SD])
@pytest.mark.parametrize("role", list(ParameterRole))
def test_without_a_standard_error_there_are_no_limits(metric, role):
    assert np.isnan(limits(parameter(role, 0.0, np.nan, 0.0, np.nan), metric, 95.0)).all()


def test_a_wald_test_of_one_coefficient_is_its_squared_z():
    test = wald_test(np.array([6.209896]), np.array([[0.0390124**2]]))
    assert test.chi2 == pytest.approx(25337.49, rel=1e-5)  # manual, example 1
    assert test.df == 1


def test_a_wald_test_counts_the_rank_of_the_covariance_matrix():
    V = np.array([[2.0, 2.0, 0.0], [2.0, 2.0, 0.0], [0.0, 0.0, 1.0]])
    test = wald_test(np.array([1.0, 1.0, 1.0]), V)
    assert test.df == 2
    assert test.chi2 == pytest.approx(0.5 + 1.0)


def test_without_slopes_there_is_no_wald_test():
    test = wald_test(np.zeros(0), np.zeros((0, 0)))
    assert np.isnan(test.chi2)
    assert np.isnan(test.p)
    assert test.df == 0


def test_one_variance_is_tested_with_half_the_tail():
    test = against_linear(-1014.9268, -1251.2506, df=1, one_variance=True)
    assert test.chibar
    assert test.chi2 == pytest.approx(472.65, abs=5e-3)  # manual, example 1
    assert against_linear(-10.0, -11.0, df=1, one_variance=True).p == pytest.approx(0.5 * chi2_tail(2.0, 1))


def test_a_variance_of_zero_has_p_one():
    assert against_linear(-80.9, -80.9 - 1e-9, df=1, one_variance=True).p == 1.0


def test_more_parameters_are_tested_with_chi_squared():
    test = against_linear(-10.0, -13.0, df=3, one_variance=False)
    assert not test.chibar
    assert test.p == pytest.approx(0.11161022509471268)  # chi2(3) tail at 6


def test_the_statistic_is_never_negative():
    assert against_linear(-10.000001, -10.0, df=2, one_variance=False).chi2 == 0.0


def test_normal_tails():
    assert critical_value(95.0) == pytest.approx(1.959963984540054)
    assert two_sided(-1.959963984540054) == pytest.approx(0.05)
    assert np.isnan(two_sided(float("nan")))
