"""The estimation sample of ``regress``, ``xtreg`` and their like: residuals and fitted values for diagnostics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.frame.columns import Column
from engine.frame.groups import code_variable
from engine.frame.prediction import sample_mask
from engine.postest.linear import LinearRows, RegressRows
from engine.postest.panel import XtregRows
from engine.postest.samplefit import first_positions
from engine.results.estimates import Estimates
from engine.results.linear import LinearResult
from engine.results.regress import RegressEstimates
from engine.results.xtreg import XtregEstimates
from engine.spec.regression import PanelModel

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class LinearFrame:
    """Columns of the linear predictor: `X` holds the estimated ones, (n, p); `estimated` are their places in all."""

    X: FloatArray
    columns: tuple[Column, ...]
    estimated: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PanelEffects:
    """Panels of ``xtreg``: the variable, panel of each observation, its first one, and the effects u_i, (G,)."""

    name: str
    codes: IntArray
    first: IntArray
    u: FloatArray


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LinearSample:
    """Arrays over the n observations of the sample, in the order of the data.

    Attributes
    ----------
    result, frame
        The fit and its columns.
    mask, rows
        (n_obs,) marks the sample in the data; (n,) `Dataset.row_ids`.
    y, xb, fitted
        Response, X beta, and X beta + u_i where panels have effects.
    residuals, standardized
        y - fitted; after ``regress`` divided by s sqrt(1 - h), after others by the standard deviation of the errors.
    cooksd
        Cook's distance of each observation, None where it is not defined.
    panels
        Panels with their effects, None without.
    """

    result: LinearResult
    frame: LinearFrame
    mask: npt.NDArray[np.bool_]
    rows: IntArray
    y: FloatArray
    xb: FloatArray
    fitted: FloatArray
    residuals: FloatArray
    standardized: FloatArray
    cooksd: FloatArray | None = None
    panels: PanelEffects | None = None


def linear_sample(estimates: Estimates, dataset: Dataset) -> LinearSample:
    """Predict on the estimation sample.

    Raises
    ------
    StataError
        r(459) when the sample, or a variable of the model, is not in memory as it was.
    """
    result = estimates.result
    mask = np.asarray(sample_mask(dataset, result.sample_rows))
    if np.count_nonzero(mask) != len(result.sample_rows) or not mask.any():
        raise StataError(459, "the estimation sample is no longer in memory; fit the model again")
    cooksd, panels = None, None
    if isinstance(estimates, RegressEstimates):
        regress = RegressRows(estimates.result, dataset, mask)
        model: LinearRows = regress
        fitted, standardized, cooksd = regress.xb, regress.rstandard(), regress.cooksd()
    elif isinstance(estimates, XtregEstimates):
        panel = XtregRows(estimates.result, dataset, mask)
        model, fitted = panel, panel.xb
        if estimates.result.model is not PanelModel.BE:
            fitted = panel.xb + panel.u
            codes = code_variable(dataset, estimates.result.panel, mask)
            first = first_positions(codes.values, codes.n_groups)
            panels = PanelEffects(name=estimates.result.panel, codes=codes.values, first=first, u=panel.u[first])
        standardized = _scaled(model.residuals + panel.xb - fitted, estimates.result.sigma_e if panels else 0.0)
    else:
        model = LinearRows(result, dataset, mask)
        fitted, standardized = model.xb, _scaled(model.residuals, 0.0)
    residuals = model.residuals + model.xb - fitted
    for values in (residuals, fitted):
        if is_missing(values).any() or not np.isfinite(values).all():
            raise StataError(
                459, "the data have changed since the fit: variables of the model are missing in its sample"
            )
    known = None if cooksd is None or not np.isfinite(cooksd).any() else cooksd
    return LinearSample(
        result=result,
        frame=LinearFrame(model.X, tuple(result.columns), tuple(model.index.tolist())),
        mask=mask,
        rows=dataset.row_ids[mask],
        y=fitted + residuals,
        xb=model.xb,
        fitted=fitted,
        residuals=residuals,
        standardized=np.nan_to_num(standardized, nan=0.0),
        cooksd=known,
        panels=panels,
    )


def _scaled(residuals: FloatArray, sd: float) -> FloatArray:
    """Return residuals in units of a standard deviation: that of the errors, their own where it is not known."""
    scale = sd if sd > 0.0 else float(residuals.std())
    return np.asarray(residuals / scale if scale > 0.0 else residuals)


def envelope(
    sample: LinearSample, rng: np.random.Generator, *, replications: int, level: float
) -> tuple[FloatArray, FloatArray]:
    """Return limits of the ordered standardized residuals of ``regress`` if its errors were normal (Atkinson 1985).

    Errors are drawn, and what the columns of X explain of them is taken off, as the fit does.
    """
    n = len(sample.rows)
    Q = np.linalg.qr(sample.frame.X)[0]
    room = np.sqrt(np.maximum(1.0 - np.einsum("ij,ij->i", Q, Q), 1e-12))
    drawn = np.empty((replications, n))
    for row in drawn:
        e = rng.standard_normal(n)
        e -= Q @ (Q.T @ e)
        row[:] = np.sort(e / (room * np.sqrt(e @ e / max(n - Q.shape[1], 1))))
    tail = (100.0 - level) / 200.0
    ll, ul = np.quantile(drawn, [tail, 1.0 - tail], axis=0)
    return ll, ul
