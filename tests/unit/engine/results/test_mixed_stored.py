"""What e() holds after a fit: the manual's names and stripes."""

from __future__ import annotations

import numpy as np
import pytest
from frames import make_frame, read_csv

from engine.fit.estimate import estimate
from engine.results.mixed_stored import mixed_stored
from engine.spec.mixed import CovarianceKind, Method

UN, ID = CovarianceKind.UNSTRUCTURED, CovarianceKind.IDENTITY
ONE = ["_cons"]
LINE = "mixed weight week || id: week, covariance(unstructured)"


@pytest.fixture(scope="module")
def result(data_file):
    pig = read_csv(data_file("pig").with_suffix(".csv"))
    return estimate(make_frame(pig, "weight", ["week", *ONE], [("id", UN, ["week", *ONE])]))


@pytest.fixture(scope="module")
def stored(result):
    return mixed_stored(result, LINE)


def test_coefficients_carry_equation_and_name(stored):
    names = ("weight:week", "weight:_cons", "lns1_1_1:_cons", "lns1_1_2:_cons", "atr1_1_1_2:_cons", "lnsig_e:_cons")
    assert stored.matrices["b"].cols == names
    assert stored.matrices["V"].rows == stored.matrices["V"].cols == names


def test_coefficients_are_in_the_log_metric(stored, result):
    b = stored.matrices["b"].values[0]
    variance, _, covariance, residual = (parameter.estimate for parameter in result.parameters)
    assert np.exp(2 * b[2]) == pytest.approx(variance, rel=1e-12)
    assert np.tanh(b[4]) * np.exp(b[2] + b[3]) == pytest.approx(covariance, rel=1e-12)
    assert np.exp(2 * b[5]) == pytest.approx(residual, rel=1e-12)


def test_the_covariance_matrix_is_block_diagonal_and_gives_the_printed_errors(stored, result):
    V = stored.matrices["V"].values
    assert not V[:2, 2:].any()
    assert 2 * result.parameters[0].estimate * np.sqrt(V[2, 2]) == pytest.approx(result.parameters[0].se, rel=1e-9)
    assert np.linalg.matrix_rank(V) == stored.scalars["rank"] == 6


def test_counts_of_parameters(stored):
    counts = {name: stored.scalars[name] for name in ("k", "k_f", "k_r", "k_rs", "k_rc", "k_res", "N", "df_m", "df_c")}
    assert counts == {"k": 6, "k_f": 2, "k_r": 4, "k_rs": 3, "k_rc": 1, "k_res": 0, "N": 432, "df_m": 1, "df_c": 3}
    assert stored.scalars["k"] == stored.scalars["k_f"] + stored.scalars["k_r"] + stored.scalars["k_res"]


def test_macros_describe_the_random_effects(stored):
    macros = stored.macros
    assert macros["cmd"] == "mixed"
    assert macros["cmdline"] == LINE
    assert (macros["ivars"], macros["redim"], macros["vartypes"], macros["revars"]) == (
        "id",
        "2",
        "Unstructured",
        "week _cons",
    )
    assert macros["title"] == "Mixed-effects ML regression"


def test_group_sizes_stand_in_matrices(stored):
    sizes = {name: stored.matrices[name].values.tolist() for name in ("N_g", "g_min", "g_avg", "g_max")}
    assert sizes == {"N_g": [[48]], "g_min": [[9]], "g_avg": [[9]], "g_max": [[9]]}


def test_a_linear_regression_has_no_group_sizes_and_no_test_against_itself(data_file):
    pig = read_csv(data_file("pig").with_suffix(".csv"))
    stored = mixed_stored(
        estimate(make_frame(pig, "weight", ["week", *ONE], [], Method.REML)), "mixed weight week, reml"
    )
    assert "N_g" not in stored.matrices
    assert "chi2_c" not in stored.scalars
    assert stored.matrices["b"].cols[-1] == "lnsig_e:_cons"
    assert stored.macros["method"] == "REML"


def test_a_variance_at_zero_leaves_no_covariances_behind(data_file):
    data = read_csv(data_file("dyestuff2").with_suffix(".csv"))
    stored = mixed_stored(
        estimate(make_frame(data, "yld", ONE, [("batch", ID, ONE)], Method.REML)), "mixed yld || batch:"
    )
    assert np.isnan(stored.matrices["b"].values[0, 1])
    assert np.all(np.isfinite(stored.matrices["V"].values))
