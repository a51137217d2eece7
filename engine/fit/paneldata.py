"""What panel regressions share: the frame cut by panels, collinear columns left out, R-squared, clustered errors."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.errors import StataError
from engine.fit.leastsquares import LeastSquares
from engine.fit.panels import Panels, squared_correlation
from engine.frame.collinear import independent_columns
from engine.frame.columns import Column, ColumnState
from engine.frame.columnvalues import FloatArray
from engine.frame.linearframe import LinearFrame
from engine.results.mixed import LevelSummary
from engine.results.xtreg import RSquared

_CONSTANT = 1e-11
"""A column that varies within panels by less than this share of its size does not vary there."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PanelData:
    """A frame cut by panels: X without the constant.

    `w` holds weights of the rows, equal within a panel, or is None.
    """

    frame: LinearFrame
    panels: Panels
    X: FloatArray
    w: FloatArray | None
    summary: LevelSummary

    @property
    def n(self) -> int:
        """Number of observations, counted by frequency weights."""
        return self.frame.n_obs

    @property
    def K(self) -> int:
        """Number of slopes."""
        return int(self.X.shape[1])

    @property
    def harmonic(self) -> float:
        """Harmonic mean of the panel sizes."""
        return self.summary.n_groups / float((1.0 / self.panels.sizes).sum())


def panel_data(frame: LinearFrame) -> PanelData:
    """Cut a bound frame by its panel variable; r(459) where there is one panel, r(199) for weights that vary in one."""
    assert frame.panel is not None
    codes = frame.panel.codes
    if codes.n_groups < 2:
        raise StataError(459, f"{frame.panel.name} has only one value in the sample: there are no panels to compare")
    panels = Panels(codes.values, codes.n_groups)
    w = None if frame.weights is None else frame.weights.values
    sizes = panels.sizes
    if w is not None:
        first = w[codes.first_rows()]
        if (w != first[codes.values]).any():
            raise StataError(199, f"weight must be constant within {frame.panel.name}")
        if frame.weights is not None and frame.weights.is_count:
            sizes = sizes * first
    summary = LevelSummary(
        name=frame.panel.name,
        n_groups=codes.n_groups,
        smallest=int(sizes.min()),
        average=float(sizes.mean()),
        largest=int(sizes.max()),
    )
    X = frame.X[:, :-1] if frame.constant else frame.X
    return PanelData(frame=frame, panels=panels, X=X, w=w, summary=summary)


def check_clusters(frame: LinearFrame) -> None:
    """Raise r(498) for clusters that cut panels: the effect of a panel would be shared between clusters."""
    if frame.clusters is None or frame.panel is None:
        return
    panels = frame.panel.codes.values
    first = np.zeros(frame.panel.codes.n_groups, dtype=np.int64)
    first[panels] = frame.clusters.codes
    if (first[panels] != frame.clusters.codes).any():
        raise StataError(498, f"panels are not nested within clusters: {frame.panel.name} in {frame.clusters.name}")


def within_frame(frame: LinearFrame) -> LinearFrame:
    """Return the frame less the columns that do not vary within panels, which fixed effects take up."""
    data = panel_data(frame)
    moved = data.panels.less_means(data.X)
    size = np.abs(data.X).max(axis=0, initial=0.0)
    moved[:, np.abs(moved).max(axis=0, initial=0.0) <= _CONSTANT * size] = 0.0
    return _independent(frame, moved, constant=False)


def between_frame(frame: LinearFrame) -> LinearFrame:
    """Return the frame less the columns whose panel means are collinear."""
    data = panel_data(frame)
    return _independent(frame, data.panels.means(data.X), constant=True)


def _independent(frame: LinearFrame, X: FloatArray, *, constant: bool) -> LinearFrame:
    """Leave out the columns of `frame` that the transformed columns `X` make collinear, with notes."""
    kept = independent_columns(X, constant=constant).kept if X.shape[1] else np.zeros(0, dtype=bool)
    if kept.all():
        return frame
    columns: list[Column] = list(frame.columns)
    notes = list(frame.notes)
    for i, keep in zip(frame.estimated, np.append(kept, True), strict=True):
        if not keep:
            columns[i] = Column(columns[i].parts, ColumnState.OMITTED)
            notes.append(f"note: {columns[i].name} omitted because of collinearity.")
    return replace(frame, X=frame.X[:, np.append(kept, True)], columns=tuple(columns), notes=tuple(notes))


def r_squared(data: PanelData, slopes: FloatArray) -> RSquared:
    """Return squared correlations of X `slopes` (K,) with the response, within, between and overall ([XT] xtreg)."""
    xb, y, panels, w = data.X @ slopes, data.frame.y, data.panels, data.w
    return RSquared(
        within=squared_correlation(panels.less_means(xb), panels.less_means(y), w),
        between=squared_correlation(panels.means(xb), panels.means(y)),
        overall=squared_correlation(xb, y, w),
    )


def n_clusters(frame: LinearFrame) -> int:
    """Return how many clusters robust standard errors have: those asked for, else the panels."""
    if frame.clusters is not None:
        return frame.clusters.n_clusters
    return frame.panel.codes.n_groups if frame.panel is not None else 0


def clustered(data: PanelData, X: FloatArray, solved: LeastSquares, k: int) -> FloatArray:
    """Return the covariance matrix (p, p) of columns X (n, p), clustered on the panels or on a variable above them.

    The small-sample factor is M/(M-1) (n-1)/(n-k) with M clusters and `k` coefficients.
    """
    scores = X * solved.residuals[:, None]
    if data.w is not None:
        scores = scores * data.w[:, None]
    M = n_clusters(data.frame)
    factor = M / (M - 1.0) * (data.n - 1.0) / (data.n - k)
    summed = cluster_sums(data.frame, scores)
    return np.asarray(factor * solved.inverse @ (summed.T @ summed) @ solved.inverse)


def cluster_sums(frame: LinearFrame, scores: FloatArray) -> FloatArray:
    """Return sums of the rows' scores over the clusters, (M, p)."""
    assert frame.panel is not None
    codes = frame.panel.codes.values if frame.clusters is None else frame.clusters.codes
    return Panels(codes, n_clusters(frame)).sums(scores)


def sum_of_squares(y: FloatArray, w: FloatArray | None = None) -> float:
    """Return the sum of squares of y (n,) about its mean, weighted by `w` (n,)."""
    moved = y - np.average(y, weights=w)
    return float(moved @ moved if w is None else w @ (moved * moved))
