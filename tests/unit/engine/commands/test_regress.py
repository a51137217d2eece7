"""``regress`` under weights and robust standard errors, against the sums of [R] regress and [P] _robust written out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from outcomes import ran

from engine.api import Session

_CASES = [
    (weight, errors)
    for weight in ("", "fweight", "aweight", "pweight", "iweight")
    for errors in ("", "robust", "cluster g")
    if weight != "iweight" or not errors
]


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(11)
    n = 60
    x, z = rng.normal(size=n), rng.integers(0, 2, n).astype(float)
    y = 1.0 + 2.0 * x - z + rng.normal(size=n) * (1.0 + np.abs(x))
    return pd.DataFrame({"y": y, "x": x, "z": z, "w": rng.integers(1, 5, n).astype(float), "g": np.arange(n) // 7})


def _written_out(data: pd.DataFrame, weight: str, errors: str) -> tuple[np.ndarray, np.ndarray, float]:
    """Return b, V and the degrees of freedom, observation by observation and cluster by cluster."""
    rows = [(np.array([row.x, row.z, 1.0]), row.y, row.w if weight else 1.0, row.g) for row in data.itertuples()]
    if weight == "fweight":  # a row stands for w observations
        rows = [(x, y, 1.0, g) for x, y, w, g in rows for _ in range(int(w))]
    if weight in ("aweight", "pweight"):
        total = sum(w for _, _, w, _ in rows)
        rows = [(x, y, w * len(rows) / total, g) for x, y, w, g in rows]
    N = sum(w for _, _, w, _ in rows) if weight == "iweight" else float(len(rows))
    D = np.linalg.inv(sum(w * np.outer(x, x) for x, _, w, _ in rows))
    b = D @ sum(w * x * y for x, y, w, _ in rows)
    errors = errors or ("robust" if weight == "pweight" else "")
    k = 3
    if not errors:
        s2 = sum(w * (y - x @ b) ** 2 for x, y, w, _ in rows) / (N - k)
        return b, s2 * D, N - k
    if errors == "robust":
        meat = sum((w * (y - x @ b)) ** 2 * np.outer(x, x) for x, y, w, _ in rows)
        return b, N / (N - k) * D @ meat @ D, N - k
    scores = [sum(w * (y - x @ b) * x for x, y, w, own in rows if own == g) for g in sorted(set(data.g))]
    M = len(scores)
    meat = sum(np.outer(u, u) for u in scores)
    return b, M / (M - 1) * (N - 1) / (N - k) * D @ meat @ D, M - 1


@pytest.mark.parametrize(("weight", "errors"), _CASES)
def test_coefficients_and_their_variance_are_the_sums_of_the_manual(data, weight, errors):
    session = Session(data=data)
    outcome = ran(session, f"regress y x z {f'[{weight}=w]' if weight else ''}{f', vce({errors})' if errors else ''}")
    b, V, df = _written_out(data, weight, errors)
    assert outcome.e.matrices["b"].values[0] == pytest.approx(b, rel=1e-10)
    assert outcome.e.matrices["V"].values == pytest.approx(V, rel=1e-9)
    assert outcome.e.scalars["df_r"] == df
    slopes = b[:2] @ np.linalg.solve(V[:2, :2], b[:2]) / 2.0
    assert outcome.e.scalars["F"] == pytest.approx(slopes, rel=1e-9)


def test_a_forecast_of_a_weighted_row_varies_by_its_weight(data):
    session = Session(data=data)
    ran(session, "regress y x z [aweight=w]", "predict double p, stdp", "predict double f, stdf")
    w = data.w.to_numpy() * (len(data) / data.w.sum())
    found = session.data.numeric("f") ** 2 - session.data.numeric("p") ** 2
    assert found == pytest.approx(session.e.scalars["rmse"] ** 2 / w, rel=1e-9)
