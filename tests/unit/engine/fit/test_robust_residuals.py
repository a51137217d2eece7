"""Scores of models with structured residuals against finite differences of each group's dense likelihood."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from engine.api import mixed_spec_from_text
from engine.data.dataset import Dataset
from engine.events import CancelToken
from engine.fit.estimate import estimate
from engine.fit.model import make_criterion
from engine.fit.scores import group_scores
from engine.frame.bind import bind

MODELS = (
    "mixed y x || id:, noconstant residuals(ar 1, t(t))",
    "mixed y x || id: x, residuals(exponential, t(t))",
    "mixed y x || id:, noconstant residuals(unstructured, t(t))",
    "mixed y x || id:, residuals(independent, by(sex))",
    "mixed y x || top: || id: x, cov(un) residuals(ma 1, t(t))",
    "mixed y x || top: x || id:, residuals(exchangeable, by(sex))",
    "mixed y x || id:, residuals(toeplitz 2, t(t))",
)


def table(*, shuffle=False):
    rng = np.random.default_rng(6)
    rows = [(i // 3, i, t) for i in range(15) for t in range(4) if rng.random() < 0.9]
    top, id_, t = np.array(rows).T
    n = len(t)
    y = rng.normal(size=n) + rng.normal(size=15)[id_] + rng.normal(size=5)[top]
    sex = np.arange(15) % 2
    data = {"y": y, "x": rng.normal(size=n), "top": top, "id": id_, "t": t, "sex": sex[id_]}
    shuffled = pd.DataFrame(data).sample(frac=1.0, random_state=3) if shuffle else pd.DataFrame(data)
    return Dataset.from_pandas(shuffled)


def dense_W(stage, theta):
    """Residual covariance over sigma2, rows in the stage's order."""
    n = stage.residual.n_rows
    W = np.zeros((n, n))
    for b, structure in enumerate(stage.parameters.structures):
        cells = structure.table(stage.parameters.natural(theta, b))
        for batch in stage.residual.batches:
            if batch.by != b:
                continue
            value = cells.value[structure.cells(batch.times)]
            for s in range(batch.rows.shape[0]):
                for rows in batch.rows[s].T:
                    W[np.ix_(rows, rows)] = value[s]
    return W


def group_likelihoods(criterion, frame, b, phi):
    """Log likelihood of each top-level group without its constant, from V = sigma2 W + Z Sigma Z' in working units."""
    stage, layout, design = criterion.stage, criterion.layout, criterion.design
    residual, sigma2 = stage.residual, phi[-1]
    theta = phi[:-1] / sigma2**layout.degrees
    V = sigma2 * dense_W(stage, theta[layout.n_random :])
    order = np.arange(residual.n_rows) if residual.order is None else residual.order
    for depth, level in enumerate(design.levels):
        Z = residual.table[list(residual.levels[depth][0])].T
        codes = frame.levels[level.level].codes[order]
        V += sigma2 * (Z @ layout.relative(theta, depth) @ Z.T) * (codes[:, None] == codes)
    tail = residual.table[list(residual.tail)]
    e = tail[-1] - b @ tail[:-1]
    top = frame.levels[0].codes[order]
    out = []
    for g in range(frame.levels[0].n_groups):
        own = np.flatnonzero(top == g)
        Vg = V[np.ix_(own, own)]
        out.append(-0.5 * (np.linalg.slogdet(Vg)[1] + e[own] @ np.linalg.solve(Vg, e[own])))
    return np.array(out)


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("text", MODELS)
def test_scores_are_the_slopes_of_each_group_s_own_log_likelihood(text, shuffle):
    frame = bind(mixed_spec_from_text(text), table(shuffle=shuffle))
    criterion = make_criterion(frame, CancelToken())
    layout = criterion.layout
    rng = np.random.default_rng(1)
    theta = np.append(np.zeros(layout.n_random), criterion.stage.start())
    for block in layout.blocks:
        root = 0.6 * np.eye(block.structure.q) + 0.1 * rng.normal(size=(block.structure.q,) * 2)
        theta[block.parameters] = block.structure.average(root @ root.T)
    at = criterion(theta, 1)
    at = replace(at, b=at.b + 0.1, sigma2=1.2)
    found = group_scores(criterion, at, frame, CancelToken())
    phi = np.append(1.2**layout.degrees * theta, 1.2)
    place = frame.levels[0].codes[found.rows]
    order = np.argsort(place)
    assert np.array_equal(place[order], np.arange(frame.levels[0].n_groups))
    for k in range(len(at.b)):
        step = np.zeros(len(at.b))
        step[k] = 1e-5
        up, down = (group_likelihoods(criterion, frame, at.b + sign * step, phi) for sign in (1, -1))
        assert found.b[k, order] == pytest.approx((up - down) / 2e-5, rel=1e-6, abs=1e-7)
    for k in range(len(phi)):
        step = np.zeros(len(phi))
        step[k] = 1e-5
        up, down = (group_likelihoods(criterion, frame, at.b, phi + sign * step) for sign in (1, -1))
        assert found.variances[k, order] == pytest.approx((up - down) / 2e-5, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("text", MODELS)
def test_residual_structures_have_robust_standard_errors(text):
    result = estimate(bind(mixed_spec_from_text(f"{text} robust"), table()))
    plain = estimate(bind(mixed_spec_from_text(text), table()))
    assert result.beta == pytest.approx(plain.beta)
    assert result.robust.model_beta == pytest.approx(plain.vcov_beta)
    assert (np.diag(result.vcov_beta) > 0).all()
    known = ~np.isnan(np.diag(plain.vcov_theta))
    assert np.isfinite(np.diag(result.vcov_theta)[known]).all()
