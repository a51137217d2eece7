"""Estimates of groups on their own, beside those of the model."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from outcomes import ran

from engine.api import Session
from engine.events import CancelToken
from engine.postest.pooling import pooling
from engine.postest.samplefit import sample_fit


def test_own_estimates_are_least_squares_given_the_coefficients_and_the_levels_above():
    rng = np.random.default_rng(5)
    b = np.repeat(np.arange(24), rng.integers(3, 7, 24))
    a = b // 4
    x = rng.normal(size=len(b))
    slopes, tops = rng.normal(size=24), 2.0 * rng.normal(size=6)
    y = 1.0 + x + tops[a] + slopes[b] * x + rng.normal(size=24)[b] + 0.5 * rng.normal(size=len(b))
    session = Session(data=pd.DataFrame({"y": y, "x": x, "a": a, "b": b}))
    ran(session, "mixed y x || a: || b: x")
    fit = sample_fit(session.mixed.spec, session.mixed.result, session.data, CancelToken())
    found = pooling(fit, 1)
    rest = y - fit.xb - fit.effects[0].blup[a, 0]
    for group in range(24):
        rows = b == group
        Z = np.column_stack([x[rows], np.ones(rows.sum())])
        assert found.own[group] == pytest.approx(np.linalg.lstsq(Z, rest[rows], rcond=None)[0], rel=1e-7, abs=1e-9)
        own_cov = session.mixed.result.sigma2 * np.linalg.inv(Z.T @ Z)
        assert found.own_cov[group] == pytest.approx(own_cov, rel=1e-7)
    assert found.blup == pytest.approx(fit.effects[1].blup)
    assert found.Sigma == pytest.approx(session.mixed.result.blocks[1].Sigma)
