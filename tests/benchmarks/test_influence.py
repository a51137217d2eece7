"""Deleting every group of a level in turn: 1,000 groups of 50, and as many refits as a second allows beside it."""

import numpy as np
import pandas as pd
import pytest

from engine.api import Session
from engine.frame.prediction import rebind
from engine.postest.groupgrams import group_grams
from engine.postest.influence import deletion

GROUPS, SIZE = 1_000, 50


@pytest.fixture(scope="module")
def fitted():
    rng = np.random.default_rng(1)
    g = np.repeat(np.arange(GROUPS), SIZE)
    x = rng.normal(size=len(g))
    y = x + rng.normal(size=GROUPS)[g] + 0.5 * rng.normal(size=GROUPS)[g] * x + rng.normal(size=len(g))
    session = Session(data=pd.DataFrame({"y": y, "x": x, "g": g}))
    assert session.run("mixed y x || g: x, cov(un)").rc == 0
    estimates = session.mixed
    result = estimates.result
    return session, result, rebind(estimates.spec, session.data, result.sample_rows, result.columns).frame


@pytest.mark.benchmark(group="influence")
def test_deletion_of_a_thousand_groups(benchmark, fitted):
    _, result, frame = fitted
    found = benchmark(lambda: deletion(group_grams(result, frame), 0))
    assert np.isfinite(found.cooksd).all()


@pytest.mark.benchmark(group="influence")
def test_one_refit_without_a_group(benchmark, fitted):
    session, _, _ = fitted
    outcome = benchmark.pedantic(lambda: session.run("quietly mixed y x if g != 3 || g: x, cov(un)"), rounds=3)
    assert outcome.rc == 0
