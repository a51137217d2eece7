"""Results of a constrained fit in terms of all fixed-effects columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.frame.constraints import Constraints, free_directions
from engine.frame.modelframe import FloatArray, IntArray, ModelFrame
from engine.inference.wald import wald_test
from engine.results.mixed import MixedResult


def unconstrained(result: MixedResult, frame: ModelFrame, constraints: Constraints) -> MixedResult:
    """Map the result of `engine.frame.constraints.constrained_frame` back: beta = T b + a, V = T V_b T'.

    There is no comparison with the linear model, which would need the same constraints; the model test counts the
    free directions.
    """
    free = free_directions(constraints, frame.estimated)
    index = np.array(frame.estimated)
    k = len(frame.columns)
    beta = np.zeros(k)
    beta[index] = free.T @ result.beta + free.a
    vcov = _spread(free.T, result.vcov_beta, index, k)
    robust, uncertainty = result.robust, result.uncertainty
    if robust is not None:
        cross = np.zeros((k, robust.cross.shape[1]))
        cross[index] = free.T @ robust.cross
        robust = replace(robust, cross=cross, model_beta=_spread(free.T, robust.model_beta, index, k))
    slopes = [i for i in frame.estimated if not frame.columns[i].is_constant]
    most = robust.n_clusters - 1 if robust is not None else None
    wald = wald_test(beta[slopes], vcov[np.ix_(slopes, slopes)], most=most)
    explained = result.explained
    if explained is not None:
        explained = replace(explained, fixed=float(np.var(frame.X @ beta[index])))
    return replace(
        result,
        explained=explained,
        columns=frame.columns,
        beta=beta,
        vcov_beta=vcov,
        robust=robust,
        ll_linear=np.nan,
        df_linear=0,
        chi2_linear=np.nan,
        p_linear=np.nan,
        chibar=False,
        chi2=wald.chi2,
        df_model=wald.df,
        p_model=wald.p,
        uncertainty=None if uncertainty is None else replace(uncertainty, root=free.T @ uncertainty.root),
        constraints=constraints,
    )


def _spread(T: FloatArray, V: FloatArray, index: IntArray, k: int) -> FloatArray:
    out = np.zeros((k, k))
    moved = T @ V @ T.T
    out[np.ix_(index, index)] = 0.5 * (moved + moved.T)
    return out
