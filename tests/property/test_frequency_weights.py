"""A frequency weight stands for that many rows: splitting it, at any level, changes nothing that is estimated."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from replicated import replicate
from simulated import nested_data

from engine.data.dataset import Dataset
from engine.fit.estimate import estimate
from engine.frame.bind import bind
from engine.lang.parse_command import parse_command
from engine.spec.mixed_declaration import MIXED
from engine.spec.mixed_reader import read_mixed


def fit(text, data):
    import pandas as pd

    command = parse_command(text, lambda word: MIXED if word == "mixed" else None)
    return estimate(bind(read_mixed(command), Dataset.from_pandas(pd.DataFrame(data))))


def assert_same(weighted, long):
    assert weighted.n_obs == long.n_obs
    assert weighted.ll == pytest.approx(long.ll, rel=1e-10)
    assert weighted.chi2_linear == pytest.approx(long.chi2_linear, rel=1e-7, abs=1e-7)
    se = np.sqrt(np.diag(long.vcov_beta))
    assert (weighted.beta - long.beta) / se == pytest.approx(0.0, abs=1e-5)
    assert np.diag(weighted.vcov_beta) == pytest.approx(np.diag(long.vcov_beta), rel=1e-5)
    for mine, theirs in zip(weighted.parameters, long.parameters, strict=True):
        scale = theirs.se if np.isfinite(theirs.se) else 1e2
        assert mine.estimate == pytest.approx(theirs.estimate, rel=0, abs=1e-4 * scale)
        assert mine.se == pytest.approx(theirs.se, rel=1e-3, nan_ok=True)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6), slope=st.booleans(), most=st.integers(1, 4))
def test_splitting_the_weights_of_rows_and_groups_changes_nothing(seed, slope, most):
    rng = np.random.default_rng(seed)
    data = nested_data(rng, 2, top=12)
    data["w"] = rng.integers(1, most + 1, size=len(data["y"])).astype(float)
    for k, name in ((0, "w0"), (1, "w1")):
        path = np.unique(np.column_stack([data[f"l{i}"] for i in range(k + 1)]), axis=0, return_inverse=True)[1]
        path = path.reshape(-1)
        data[name] = rng.integers(1, most + 1, size=path.max() + 1).astype(float)[path]
    effect = "a" if slope else ""
    text = f"mixed y a b {{}} || l0: {effect}{{}} || l1:{{}}"
    weighted = fit(text.format("[fw=w]", ", fweight(w0)", ", fweight(w1)"), data)
    long = fit(text.format("", "", ""), replicate(data, ["l0", "l1"], {"l0": "w0", "l1": "w1"}, "w"))
    assert_same(weighted, long)


def test_a_level_without_random_effects_passes_its_weight_on():
    rng = np.random.default_rng(12)
    data = nested_data(rng, 3, top=8)
    for k in range(3):
        path = np.unique(np.column_stack([data[f"l{i}"] for i in range(k + 1)]), axis=0, return_inverse=True)[1]
        path = path.reshape(-1)
        data[f"w{k}"] = rng.integers(1, 4, size=path.max() + 1).astype(float)[path]
    for names in (("", "nocons", ""), ("nocons", "", ""), ("", "", "nocons"), ("nocons", "", "nocons")):
        parts = [f"l{k}:, {name} {{}}" for k, name in enumerate(names)]
        text = "mixed y a b || " + " || ".join(parts)
        weighted = fit(text.format(*(f"fweight(w{k})" for k in range(3))), data)
        replicated = replicate(data, ["l0", "l1", "l2"], {f"l{k}": f"w{k}" for k in range(3)}, None)
        assert_same(weighted, fit(text.format("", "", ""), replicated))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_splitting_a_row_of_a_linear_model_changes_nothing(seed):
    rng = np.random.default_rng(seed)
    data = nested_data(rng, 1, top=8)
    data["w"] = rng.integers(1, 5, size=len(data["y"])).astype(float)
    weighted = fit("mixed y a b [fw=w]", data)
    long = fit("mixed y a b", replicate(data, [], {}, "w"))
    assert weighted.ll == pytest.approx(long.ll, rel=1e-12)
    assert np.diag(weighted.vcov_beta) == pytest.approx(np.diag(long.vcov_beta), rel=1e-9)
    assert weighted.parameters[0].se == pytest.approx(long.parameters[0].se, rel=1e-9)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_robust_standard_errors_of_weighted_rows_are_those_of_the_split_rows(seed):
    """Rows split within their group leave the clusters as they are."""
    rng = np.random.default_rng(seed)
    data = nested_data(rng, 2, top=12)
    data["w"] = rng.integers(1, 4, size=len(data["y"])).astype(float)
    weighted = fit("mixed y a b [fw=w] || l0: || l1:, vce(robust)", data)
    long = fit("mixed y a b || l0: || l1:, vce(robust)", replicate(data, [], {}, "w"))
    assert weighted.robust.n_clusters == long.robust.n_clusters == 12
    assert np.diag(weighted.vcov_beta) == pytest.approx(np.diag(long.vcov_beta), rel=1e-4)
    assert weighted.chi2 == pytest.approx(long.chi2, rel=1e-4)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6), factor=st.sampled_from([0.01, 7.0, 1e4]))
def test_the_scale_of_top_level_sampling_weights_changes_no_estimate_and_no_robust_error(seed, factor):
    """It multiplies the log pseudolikelihood as a whole."""
    rng = np.random.default_rng(seed)
    data = nested_data(rng, 1, top=25)
    data["p"] = rng.uniform(0.5, 3.0, size=25)[data["l0"].astype(int)]
    data["q"] = factor * data["p"]
    plain, scaled = (fit(f"mixed y a b || l0:, pweight({name})", data) for name in ("p", "q"))
    se = np.sqrt(np.diag(plain.vcov_beta))
    assert scaled.ll == pytest.approx(factor * plain.ll, rel=1e-10)
    assert (scaled.beta - plain.beta) / se == pytest.approx(0.0, abs=1e-5)
    assert np.diag(scaled.vcov_beta) == pytest.approx(np.diag(plain.vcov_beta), rel=1e-4)
    for mine, theirs in zip(scaled.parameters, plain.parameters, strict=True):
        assert mine.estimate == pytest.approx(theirs.estimate, rel=1e-4, abs=1e-6)
        assert mine.se == pytest.approx(theirs.se, rel=1e-3, nan_ok=True)
