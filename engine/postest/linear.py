"""Predictions after least squares ([R] regress postestimation, *Methods and formulas*).

Values that do not exist are NaN. s is the root mean squared error, h the leverage, k the number of coefficients.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.frame.columns import ColumnState
from engine.frame.columnvalues import BoolArray, FloatArray
from engine.frame.evaluate import evaluate
from engine.frame.prediction import fixed_rows, sample_mask
from engine.frame.resolve import not_found
from engine.lang.parse_expr import parse_expression
from engine.results.linear import LinearResult
from engine.results.regress import RegressResult, RowWeighting


@dataclass(frozen=True)
class LinearRows:
    """A fitted linear predictor on the rows of a mask over the data."""

    result: LinearResult
    dataset: Dataset
    rows: BoolArray

    @cached_property
    def X(self) -> FloatArray:
        """Estimated columns, shape (m, p)."""
        return fixed_rows(self.result.columns, self.dataset, self.rows)

    @cached_property
    def index(self) -> npt.NDArray[np.intp]:
        """Places of the estimated columns among all, shape (p,)."""
        states = [column.state is ColumnState.ESTIMATED for column in self.result.columns]
        return np.flatnonzero(states)

    @cached_property
    def xb(self) -> FloatArray:
        """X beta, shape (m,)."""
        return np.asarray(self.X @ self.result.beta[self.index])

    @cached_property
    def residuals(self) -> FloatArray:
        """Response less X beta, shape (m,)."""
        name = self.result.depvar
        if name not in self.dataset:
            raise not_found(name, self.dataset)
        y = self.dataset.numeric(name)[self.rows]
        return np.where(is_missing(y), np.nan, y) - self.xb

    @cached_property
    def inside(self) -> BoolArray:
        """Rows of the estimation sample, shape (m,)."""
        return np.asarray(sample_mask(self.dataset, self.result.sample_rows)[self.rows])

    def stdp(self) -> FloatArray:
        """Return the standard error of X beta, shape (m,)."""
        V = self.result.vcov_beta[np.ix_(self.index, self.index)]
        return np.asarray(np.sqrt(np.einsum("ij,ij->i", self.X @ V, self.X)))


@dataclass(frozen=True)
class RegressRows(LinearRows):
    """The same after ``regress``, with what belongs to least squares."""

    result: RegressResult

    @cached_property
    def weights(self) -> FloatArray:
        """Weight of each row as the fit scaled it, ones without and for weights that count; shape (m,)."""
        weighting = self.result.weighting
        if weighting is None or weighting.kind in ("fweight", "iweight"):
            return np.ones(int(np.count_nonzero(self.rows)))
        return _values(weighting, self.dataset)[self.rows] * (self.result.n_obs / weighting.total)

    @cached_property
    def counts(self) -> FloatArray | None:
        """How many observations each row stands for, shape (m,); None without frequency weights."""
        weighting = self.result.weighting
        if weighting is None or weighting.kind != "fweight":
            return None
        return np.asarray(_values(weighting, self.dataset)[self.rows])

    @cached_property
    def leverage(self) -> FloatArray:
        """Diagonal of the hat matrix in the estimation sample, shape (m,)."""
        inverse = self.result.inverse[np.ix_(self.index, self.index)]
        h = self.weights * np.einsum("ij,ij->i", self.X @ inverse, self.X)
        return np.where(self.inside, h, np.nan)

    def stdf(self) -> FloatArray:
        """Return the standard error of a forecast, s sqrt(1 + h), anywhere; shape (m,)."""
        inverse = self.result.inverse[np.ix_(self.index, self.index)]
        h = np.einsum("ij,ij->i", self.X @ inverse, self.X)
        return np.asarray(self.result.rmse * np.sqrt(1.0 / self.weights + h))

    def stdr(self) -> FloatArray:
        """Return the standard error of a residual, s sqrt(1 - h), shape (m,)."""
        return np.asarray(self.result.rmse * np.sqrt(np.maximum(1.0 - self.leverage, 0.0) / self.weights))

    def rstandard(self) -> FloatArray:
        """Return e / (s sqrt(1 - h)), shape (m,)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return _finite(self.residuals / self.stdr())

    def rstudent(self) -> FloatArray:
        """Return e / (s(i) sqrt(1 - h)) with the variance of the fit without the row, shape (m,)."""
        r, df = self.rstandard(), self.result.df_error
        with np.errstate(divide="ignore", invalid="ignore"):
            return _finite(r * np.sqrt((df - 1.0) / (df - r * r)))

    def cooksd(self) -> FloatArray:
        """Return Cook's distance, r^2 h / (k (1 - h)), shape (m,)."""
        r, h = self.rstandard(), self.leverage
        k = self.result.n_obs - self.result.df_error
        with np.errstate(divide="ignore", invalid="ignore"):
            return _finite(r * r * h / (k * (1.0 - h)))

    def dfits(self) -> FloatArray:
        """Return the studentized residual times sqrt(h / (1 - h)), shape (m,)."""
        h = self.leverage
        with np.errstate(divide="ignore", invalid="ignore"):
            return _finite(self.rstudent() * np.sqrt(h / (1.0 - h)))

    def welsch(self) -> FloatArray:
        """Return Welsch's distance, DFITS sqrt((n - 1) / (1 - h)), shape (m,)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return _finite(self.dfits() * np.sqrt((self.result.n_obs - 1.0) / (1.0 - self.leverage)))

    def covratio(self) -> FloatArray:
        """Return the ratio of determinants of e(V) without and with the row, shape (m,).

        It is ((n - k - r^2) / (n - k - 1))^k / (1 - h) with r the standardized residual.
        """
        r, df = self.rstandard(), self.result.df_error
        k = self.result.n_obs - df
        with np.errstate(divide="ignore", invalid="ignore"):
            return _finite(((df - r * r) / (df - 1.0)) ** k / (1.0 - self.leverage))

    def dfbeta(self, place: int) -> FloatArray:
        """Return the change of coefficient `place` of `X` without the row, in standard errors; shape (m,).

        It is r* u / sqrt(sum u^2 (1 - h)) with u the residual of the column on the others.
        """
        inverse = self.result.inverse[np.ix_(self.index, self.index)]
        u = np.sqrt(self.weights) * (self.X @ inverse[:, place]) / np.sqrt(inverse[place, place])
        with np.errstate(divide="ignore", invalid="ignore"):
            return _finite(self.rstudent() * u / np.sqrt(1.0 - self.leverage))


def _values(weighting: RowWeighting, dataset: Dataset) -> FloatArray:
    values = evaluate(parse_expression(weighting.expression), dataset)
    if values.dtype == object:
        raise StataError(459, f"{weighting.expression} was a number when the model was fitted and is text now")
    return np.where(is_missing(values), np.nan, values)


def _finite(values: FloatArray) -> FloatArray:
    return np.where(np.isfinite(values), values, np.nan)
