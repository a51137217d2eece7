"""What must not change when the data of crossed models are told differently."""

from __future__ import annotations

import numpy as np
import pytest
from crossed import CROSSED, crossed_data
from frames import make_frame
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.fit.estimate import estimate
from engine.spec.mixed import CovarianceKind, Method

NAMES = sorted(
    name for name, equations in CROSSED.items() if ("_all", CovarianceKind.EXCHANGEABLE, ["R.a"]) not in equations
)
seeds = st.integers(0, 10_000)
names = st.sampled_from(NAMES)
methods = st.sampled_from(list(Method))
usual = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def fit(name, data, method):
    return estimate(make_frame(data, "y", ["x", "_cons"], CROSSED[name], method))


def data_of(seed):
    return crossed_data(np.random.default_rng(seed), 120)


def same_optimum(one, other, *, shift=0.0, scale=1.0):
    """Compare what flat directions cannot move: the criterion closely, coefficients in standard errors."""
    assert other.ll + shift == pytest.approx(one.ll, rel=1e-8, abs=1e-7)
    se = np.sqrt(np.diag(one.vcov_beta))
    assert np.abs(other.beta / scale - one.beta).max() <= 2e-4 * se.max()


@usual
@given(names, seeds, methods)
def test_the_order_of_rows_does_not_matter(name, seed, method):
    data = data_of(seed)
    order = np.random.default_rng(seed + 1).permutation(len(data["y"]))
    same_optimum(fit(name, data, method), fit(name, {key: values[order] for key, values in data.items()}, method))


@usual
@given(names, seeds, methods)
def test_the_codes_of_levels_and_factors_do_not_matter(name, seed, method):
    data = data_of(seed)
    rng = np.random.default_rng(seed + 1)
    again = dict(data)
    for key in "abcd":
        codes = rng.choice(1000, size=int(data[key].max()) + 1, replace=False)
        again[key] = codes[data[key].astype(int)].astype(float)
    same_optimum(fit(name, data, method), fit(name, again, method))


@usual
@given(names, seeds, methods)
def test_units_and_origin_of_the_response_move_only_what_they_must(name, seed, method):
    data = data_of(seed)
    nu = len(data["y"]) - (2 if method is Method.REML else 0)
    shifted = fit(name, {**data, "y": data["y"] + 1e6}, method)
    one = fit(name, data, method)
    assert shifted.beta[0] == pytest.approx(one.beta[0], abs=1e-3 * np.sqrt(one.vcov_beta[0, 0]))
    assert shifted.ll == pytest.approx(one.ll, rel=1e-7)
    same_optimum(one, fit(name, {**data, "y": 1000.0 * data["y"]}, method), shift=nu * np.log(1000.0), scale=1000.0)


@usual
@given(seeds, methods)
def test_a_factor_and_its_level_are_the_same_model(seed, method):
    data = data_of(seed)
    identity = CovarianceKind.IDENTITY
    forms = [
        [("_all", identity, ["R.a"]), ("_all", identity, ["R.b"]), ("_all", identity, ["R.c"])],
        [("_all", identity, ["R.c"]), ("_all", identity, ["R.a"]), ("b", identity, ["_cons"])],
        [("_all", identity, ["R.b"]), ("_all", identity, ["R.a"]), ("c", identity, ["_cons"])],
    ]
    one, *others = (estimate(make_frame(data, "y", ["x", "_cons"], form, method)) for form in forms)
    for other in others:
        same_optimum(one, other)
        assert sorted(p.estimate for p in other.parameters) == pytest.approx(
            sorted(p.estimate for p in one.parameters), rel=1e-3, abs=1e-5
        )
