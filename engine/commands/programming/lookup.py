"""What an expression may take from stored results: ``r()``, ``e()``, ``c()``, ``_b[]``, ``_se[]`` and ``e(sample)``."""

from __future__ import annotations

import numpy as np

from engine.data.dataset import Dataset
from engine.frame.evaluate import Found
from engine.lang import expr
from engine.results.linear import LinearResult
from engine.results.stored import Stored


def stored_value(node: expr.Stored, r: Stored, e: Stored) -> Found:
    """Return a scalar or macro of ``r()`` or ``e()``, None when there is none of that name."""
    if node.kind not in ("r", "e"):
        return None
    stored = r if node.kind == "r" else e
    scalar = stored.scalars.get(node.name)
    return stored.macros.get(node.name) if scalar is None else scalar


def in_sample(dataset: Dataset, result: LinearResult | None) -> Found:
    """Return ``e(sample)``, shape (n_obs,): 1 in the estimation sample, 0 elsewhere and without results."""
    rows = np.empty(0, dtype=np.int64) if result is None else result.sample_rows
    return np.isin(dataset.row_ids, rows).astype(np.float64)


def coefficient(node: expr.Stored, result: LinearResult | None) -> Found:
    """Return ``_b[name]`` or ``_se[name]``, with or without base marks and the equation; None when there is none."""
    if result is None or node.kind not in ("_b", "_coef", "_se"):
        return None
    name = node.name.replace(" ", "").removeprefix(f"{result.depvar}:")
    for i, column in enumerate(result.columns):
        if name in (column.name, column.marked_name, column.name.replace("c.", "")):
            return float(result.beta[i]) if node.kind != "_se" else float(np.sqrt(result.vcov_beta[i, i]))
    for i, equation in enumerate(result.theta_names):
        if node.name.replace(" ", "") in (f"{equation}:_cons", equation, f"/{equation}", f"/:{equation}"):
            return float(result.theta[i]) if node.kind != "_se" else float(np.sqrt(result.vcov_theta[i, i]))
    return None
