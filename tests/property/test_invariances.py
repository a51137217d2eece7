"""What must not change when the data are told differently: nested models on random data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from frames import make_frame
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from simulated import EFFECTS, MODELS, nested_data

from engine.fit.estimate import estimate
from engine.spec.mixed import CovarianceKind, Method

UN, ID, IND = CovarianceKind.UNSTRUCTURED, CovarianceKind.IDENTITY, CovarianceKind.INDEPENDENT
FIXED = ["a", "b", "_cons"]
NAMES = sorted(name for name in MODELS if "two blocks" not in name)

seeds = st.integers(0, 10_000)
names = st.sampled_from(NAMES)
methods = st.sampled_from(list(Method))
usual = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def data_of(name, seed):
    return nested_data(np.random.default_rng(seed), len(MODELS[name]), top=12, most_rows=14)


def frame_of(name, data, method, fixed=FIXED):
    equations = [(f"l{k}", kind, EFFECTS[q]) for k, blocks in enumerate(MODELS[name]) for kind, q in blocks]
    for k, blocks in enumerate(MODELS[name]):  # no more random effects than rows, or the model is refused
        groups = len({tuple(row) for row in zip(*(data[f"l{i}"] for i in range(k + 1)), strict=True)})
        assume(groups * sum(q for _, q in blocks) < len(data["y"]))
    return make_frame(data, "y", fixed, equations, method)


def same_optimum(one, other, *, shift=0.0):
    """Compare what flat directions cannot move: the criterion closely, coefficients in standard errors."""
    assert other.ll + shift == pytest.approx(one.ll, rel=1e-8, abs=1e-7)
    se = np.sqrt(np.diag(one.vcov_beta))
    assert np.abs(other.beta - one.beta).max() <= 2e-4 * se.max()


@usual
@given(names, seeds, methods)
def test_the_order_of_rows_does_not_matter(name, seed, method):
    data = data_of(name, seed)
    order = np.random.default_rng(seed + 1).permutation(len(data["y"]))
    same_optimum(
        estimate(frame_of(name, data, method)),
        estimate(frame_of(name, {key: values[order] for key, values in data.items()}, method)),
    )


@usual
@given(names, seeds, methods)
def test_the_names_of_groups_do_not_matter(name, seed, method):
    data = data_of(name, seed)
    rng = np.random.default_rng(seed + 2)
    other = dict(data)
    for k in range(len(MODELS[name])):
        codes = rng.permutation(1000)[:64].astype(float)
        other[f"l{k}"] = codes[data[f"l{k}"].astype(int)] - 500.0
    same_optimum(estimate(frame_of(name, data, method)), estimate(frame_of(name, other, method)))


@usual
@given(names, seeds, methods, st.sampled_from([-1e6, 3.5, 1e8]))
def test_a_constant_added_to_the_response_moves_the_intercept_only(name, seed, method, constant):
    data = data_of(name, seed)
    one = estimate(frame_of(name, data, method))
    other = estimate(frame_of(name, data | {"y": data["y"] + constant}, method))
    beta = other.beta - np.array([0.0, 0.0, constant])
    assert other.ll == pytest.approx(one.ll, rel=1e-6, abs=1e-4)
    assert np.abs(beta - one.beta).max() <= 1e-3 * np.sqrt(np.diag(one.vcov_beta)).max() + 1e-7 * abs(constant) ** 0.5


@usual
@given(names, seeds, methods, st.sampled_from([1e-6, 0.1, 2500.0, 1e7]))
def test_units_of_the_response_scale_everything_by_themselves(name, seed, method, factor):
    data = data_of(name, seed)
    one = estimate(frame_of(name, data, method))
    other = estimate(frame_of(name, data | {"y": factor * data["y"]}, method))
    nu = one.n_obs - (3 if method is Method.REML else 0)
    scaled = replace(other, beta=other.beta / factor)
    same_optimum(one, scaled, shift=nu * np.log(factor))
    assert other.sigma2 / factor**2 == pytest.approx(one.sigma2, rel=1e-4)


@usual
@given(seeds, methods, st.sampled_from([1e-5, 0.25, 4000.0]))
def test_units_of_a_slopes_column_scale_its_coefficient_and_its_variance(seed, method, factor):
    data = nested_data(np.random.default_rng(seed), 1, top=25, most_rows=10)
    equations = [("l0", UN, ["a", "_cons"])]
    one = estimate(make_frame(data, "y", FIXED, equations, method))
    other = estimate(make_frame(data | {"a": factor * data["a"]}, "y", FIXED, equations, method))
    shift = -np.log(factor) if method is Method.REML else 0.0  # log|X'V^-1 X| is in units of X
    assert other.ll - shift == pytest.approx(one.ll, rel=1e-8, abs=1e-7)
    assert other.beta[0] * factor == pytest.approx(one.beta[0], abs=2e-4 * np.sqrt(one.vcov_beta[0, 0]))
    D = np.array([factor, 1.0])
    size = np.sqrt(np.abs(np.diag(one.blocks[0].Sigma)).max()) + 1e-3
    assert np.abs(np.outer(D, D) * other.blocks[0].Sigma - one.blocks[0].Sigma).max() <= 2e-2 * size**2


@usual
@given(seeds, methods)
def test_two_equations_of_a_level_are_one_with_an_independent_covariance(seed, method):
    """[ME] mixed, repeated level specifications: || l0: a, noconstant || l0: is || l0: a, covariance(independent)."""
    data = nested_data(np.random.default_rng(seed), 1, top=20, most_rows=8)
    one = estimate(make_frame(data, "y", FIXED, [("l0", IND, ["a", "_cons"])], method))
    other = estimate(make_frame(data, "y", FIXED, [("l0", ID, ["a"]), ("l0", ID, ["_cons"])], method))
    same_optimum(one, other)


@usual
@given(seeds, methods)
def test_indicators_with_one_variance_are_a_level_of_their_own(seed, method):
    """[ME] mixed, example 11: the lower level written as identity indicators within the upper one."""
    rng = np.random.default_rng(seed)
    n = 160
    data = {"g": np.repeat(np.arange(16.0), 10), "h": rng.integers(0, 3, n).astype(float), "x": rng.normal(size=n)}
    data["y"] = data["x"] + rng.normal(size=16)[data["g"].astype(int)] + rng.normal(size=n)
    data["y"] += rng.normal(size=(16, 3))[data["g"].astype(int), data["h"].astype(int)]
    nested = make_frame(data, "y", ["x", "_cons"], [("g", ID, ["_cons"]), ("h", ID, ["_cons"])], method)
    indicators = [("g", ID, ["_cons"]), ("g", ID, ["0.h", "1.h", "2.h"])]
    same_optimum(estimate(nested), estimate(make_frame(data, "y", ["x", "_cons"], indicators, method)))
