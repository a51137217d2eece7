"""How far a fitted model keeps to its assumptions: for each one number of effect size and one sentence.

What is flagged is flagged for its size, never because a large sample makes a small departure significant; p-values are
given beside. The limits are rules of thumb: they mark what deserves a look at the plot, not what is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import numpy as np

from engine.errors import StataError
from engine.events import CancelToken
from engine.frame.columns import Column, ColumnState
from engine.frame.modelframe import FloatArray
from engine.inference.normality import normality
from engine.inference.student import f_tail
from engine.postest.groupgrams import group_grams
from engine.postest.influence import deletion
from engine.postest.linearsample import LinearSample
from engine.postest.samplefit import EffectOfGroups, SampleFit
from engine.postest.serial import autocorrelation

_CLASSES = 10
_FEW_GROUPS = 10
"""Groups below which the shape of their effects says nothing."""


class Concern(Enum):
    """How much attention an assumption deserves."""

    NONE = "none"
    LOOK = "look"
    ACT = "act"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One assumption.

    Attributes
    ----------
    key, title
        ``linearity`` and what the card is called.
    measure, value
        What the number is, and the number; NaN where it cannot be computed.
    p
        P-value of a test of the same departure; NaN where there is none.
    concern, sentence
        How much attention it deserves, in one plain sentence.
    plot
        The command that shows it, empty where no graph does.
    """

    key: str
    title: str
    measure: str
    value: float
    p: float
    concern: Concern
    sentence: str
    plot: str


class Columns(Protocol):
    """Columns of a linear predictor: all of them, the places of the estimated ones, and their values, (n, p)."""

    @property
    def columns(self) -> Sequence[Column]: ...  # noqa: D102
    @property
    def estimated(self) -> Sequence[int]: ...  # noqa: D102
    @property
    def X(self) -> FloatArray: ...  # noqa: D102


class Residuals(Protocol):
    """What most assumptions are about, of a mixed model or of one linear predictor; (n,) each."""

    @property
    def frame(self) -> Columns: ...  # noqa: D102
    @property
    def xb(self) -> FloatArray: ...  # noqa: D102
    @property
    def fitted(self) -> FloatArray: ...  # noqa: D102
    @property
    def residuals(self) -> FloatArray: ...  # noqa: D102
    @property
    def standardized(self) -> FloatArray: ...  # noqa: D102


def linear_findings(sample: LinearSample, cancel: CancelToken) -> tuple[Finding, ...]:
    """Look at a model of one linear predictor: all but random effects and their boundary."""
    found = [_linearity(sample), _spread(sample), _residual_shape(sample)]
    cancel.check()
    found += [each for each in (_observation(sample), _collinearity(sample)) if each is not None]
    return tuple(found)


def _observation(sample: LinearSample) -> Finding | None:
    """The largest Cook's distance."""
    if sample.cooksd is None:
        return None
    value = float(np.nanmax(sample.cooksd))
    words = f"the largest Cook's distance of an observation is {value:.2g}"
    return _graded(
        "influence", "No single observation decides", "largest Cook's distance", value,
        limits=(0.5, 1.0), plot="diagplot influence",
        sentences=(
            f"No observation decides: {words}.",
            f"One observation matters: {words}. See which.",
            f"The result hangs on one observation: {words}. Report the estimates without it too.",
        ),
    )  # fmt: skip


def findings(fit: SampleFit, cancel: CancelToken) -> tuple[Finding, ...]:
    """Look at linearity, spread, normality at every level, serial correlation, influence, collinearity, boundary."""
    found = [_linearity(fit), _spread(fit), _residual_shape(fit)]
    cancel.check()
    found += [_effect_shape(effect) for effect in fit.random_effects()]
    found += [each for each in (_serial(fit), _influence(fit), _collinearity(fit)) if each is not None]
    cancel.check()
    found.append(_boundary(fit))
    return tuple(found)


def _graded(
    key: str,
    title: str,
    measure: str,
    value: float,
    *,
    limits: tuple[float, float],
    sentences: tuple[str, ...],
    size: float | None = None,
    p: float = float("nan"),
    plot: str = "",
) -> Finding:
    """Return a finding whose concern is that of `size`, usually the value, between the two `limits`.

    `sentences` are those of no concern, a look and an act, and a fourth where the value may be unknown.
    """
    size = value if size is None else size
    if np.isnan(size):
        concern, sentence = Concern.UNKNOWN, sentences[3] if len(sentences) > 3 else ""
    else:
        passed = sum(size >= limit for limit in limits)
        concern, sentence = (Concern.NONE, Concern.LOOK, Concern.ACT)[passed], sentences[passed]
    return Finding(
        key=key, title=title, measure=measure, value=value, p=p, concern=concern, sentence=sentence, plot=plot
    )


def between_classes(y: FloatArray, x: FloatArray) -> tuple[float, float]:
    """Return how much of the variance of y lies between classes of x, (n,) each: omega squared (Hays 1963), and p of F.

    Up to ten classes of about equal size; 0 and NaN where x has one value.
    """
    edges = np.unique(np.quantile(x, np.linspace(0.0, 1.0, _CLASSES + 1)[1:-1]))
    codes = np.unique(np.searchsorted(edges, x, side="right"), return_inverse=True)[1]
    k, n = int(codes.max()) + 1, len(y)
    if k < 2 or n <= k:
        return 0.0, float("nan")
    sizes = np.bincount(codes)
    means = np.bincount(codes, weights=y) / sizes
    between = float(sizes @ (means - y.mean()) ** 2)
    within = float(np.sum((y - means[codes]) ** 2))
    if not within > 0.0:
        return 0.0, float("nan")
    F = (between / (k - 1)) / (within / (n - k))
    omega = (between - (k - 1) * within / (n - k)) / (between + within + within / (n - k))
    return max(float(omega), 0.0), f_tail(F, k - 1, float(n - k))


def _linearity(fit: Residuals) -> Finding:
    """The largest share over the continuous predictors and the fixed part."""
    candidates: list[tuple[str, FloatArray, str]] = [("the fixed part", fit.xb, "diagplot rvxb")]
    for place, index in enumerate(fit.frame.estimated):
        column = fit.frame.columns[index]
        if len(column.parts) == 1 and column.parts[0].level is None:
            name = column.parts[0].variable
            candidates.append((name, fit.frame.X[:, place], f"diagplot rvx {name}"))
    shares = [(*between_classes(fit.residuals, x), name, plot) for name, x, plot in candidates]
    share, p, name, plot = max(shares, key=lambda each: each[0])
    percent = f"{100.0 * share:.1f}% of the variance of the residuals"
    return _graded(
        "linearity", "Linearity", "share of residual variance", share,
        limits=(0.02, 0.05), p=p, plot=plot,
        sentences=(
            f"No bend to speak of: classes of {name} explain {percent}.",
            f"Residuals follow {name} somewhat: its classes explain {percent}. Look for a bend.",
            f"Residuals follow {name}: its classes explain {percent}. Try a square or another transformation.",
        ),
    )  # fmt: skip


def _spread(fit: Residuals) -> Finding:
    """Ratio of the residual standard deviations in the highest and lowest third of the fitted values."""
    e, order = fit.standardized, np.argsort(fit.fitted, kind="stable")
    third = len(e) // 3
    ratio, p = float("nan"), float("nan")
    if third >= 3:
        low, high = float(np.std(e[order[:third]], ddof=1)), float(np.std(e[order[-third:]], ddof=1))
        ratio = high / low if low > 0.0 else float("nan")
        p = between_classes(np.abs(e), fit.fitted)[1]
    off = max(ratio, 1.0 / ratio) if ratio > 0.0 else float("nan")
    words = f"The residuals of the highest third of the fitted values spread {ratio:.2f} times as much as the lowest"
    return _graded(
        "spread", "Equal spread", "ratio of standard deviations", ratio,
        limits=(1.5, 2.0), size=off, p=p, plot="diagplot scaleloc",
        sentences=(
            f"Even spread: {words[0].lower()}{words[1:]}.",
            f"{words}. Look at the plot.",
            f"{words}. Try a transformation, residuals(independent, by()), or robust standard errors.",
            "Too few observations to compare the spread.",
        ),
    )  # fmt: skip


def _quantile_gap(values: FloatArray) -> float:
    """Return 1 less the correlation of ordered values with normal quantiles: 0 for a normal sample."""
    from scipy.special import ndtri

    n = len(values)
    if n < 3 or not np.std(values) > 0.0:
        return float("nan")
    return 1.0 - float(np.corrcoef(np.sort(values), ndtri((np.arange(n) + 1.0) / (n + 1.0)))[0, 1])


def _residual_shape(fit: Residuals) -> Finding:
    e = fit.standardized
    gap = _quantile_gap(e)
    words = f"the correlation with normal quantiles is {1.0 - gap:.3f}"
    return _graded(
        "residuals", "Normal residuals", "1 - correlation with normal quantiles", gap,
        limits=(0.02, 0.05), p=normality(e).p, plot="diagplot resqq",
        sentences=(
            f"Close to normal: {words}.",
            f"Not quite normal: {words}. Estimates bear this; look at the tails.",
            f"Far from normal: {words}. Look for outliers or another scale of the response.",
            "Too few observations to see a shape.",
        ),
    )  # fmt: skip


def _effect_shape(effect: EffectOfGroups) -> Finding:
    few = len(effect.blup) < _FEW_GROUPS
    gap = float("nan") if few else _quantile_gap(effect.blup)
    words = f"the correlation of the predictions with normal quantiles is {1.0 - gap:.3f}"
    return _graded(
        f"effects_{effect.level}_{effect.name}", f"Normal effects of {effect.level}: {effect.name}",
        "1 - correlation with normal quantiles", gap,
        limits=(0.03, 0.08), p=float("nan") if few else normality(effect.blup).p,
        plot=f"diagplot reqq, relevel({effect.level}) effect({effect.name})",
        sentences=(
            f"Close to normal: {words}.",
            f"Not quite normal: {words}. Look for outlying groups.",
            f"Far from normal: {words}. Look for outlying groups, or groups of two kinds.",
            f"With {len(effect.blup)} groups of {effect.level} the shape of their effects cannot be seen.",
        ),
    )  # fmt: skip


def _serial(fit: SampleFit) -> Finding | None:
    """Correlation of neighbouring residuals, where residual errors have an order in time."""
    errors = fit.frame.residual
    if errors is None or not errors.t or not fit.frame.levels:
        return None
    try:
        found = autocorrelation(fit.standardized, fit.groups_of(len(fit.frame.levels) - 1)[0], errors.times)
    except StataError:
        return None
    r = float(found.r[0])
    words = f"neighbouring residuals of a group correlate by {r:.2f}"
    return _graded(
        "serial", "No serial correlation", "correlation at lag 1", r,
        limits=(0.2, 0.4), size=abs(r), plot="diagplot acf",
        sentences=(
            f"Little is left: {words}.",
            f"Some is left: {words}. Look at the correlogram.",
            f"Much is left: {words}. Try another structure of the residuals.",
        ),
    )  # fmt: skip


def _influence(fit: SampleFit) -> Finding | None:
    """The largest change of a coefficient without one group of the top level, in standard errors."""
    if not fit.frame.levels:
        return None
    try:
        dfbetas = np.abs(deletion(group_grams(fit.result, fit.frame), 0).dfbetas)
    except StataError:
        return None
    if np.isnan(dfbetas).all():
        return None
    group, k = np.unravel_index(int(np.nanargmax(dfbetas)), dfbetas.shape)
    value = float(dfbetas[group, k])
    level, name = fit.frame.levels[0].name, fit.frame.columns[int(k)].name
    words = f"leaving out one group of {level} moves {name} by up to {value:.2f} of its standard errors"
    return _graded(
        "influence", "No single group decides", "largest change in standard errors", value,
        limits=(0.5, 1.0), plot="diagplot influence",
        sentences=(
            f"No group decides: {words}.",
            f"One group matters: {words}. See which.",
            f"The result hangs on one group: {words}. Report the estimates without it too.",
        ),
    )  # fmt: skip


def _collinearity(fit: Residuals) -> Finding | None:
    """The largest variance inflation factor of the columns of X, the constant aside."""
    slopes = [
        (place, fit.frame.columns[index].name)
        for place, index in enumerate(fit.frame.estimated)
        if fit.frame.columns[index].state is ColumnState.ESTIMATED and not fit.frame.columns[index].is_constant
    ]
    if len(slopes) < 2:
        return None
    X = fit.frame.X[:, [place for place, _ in slopes]]
    spread = X.std(axis=0)
    if not (spread > 0.0).all():
        return None
    factors = np.diag(np.linalg.inv(np.corrcoef((X / spread).T)))
    worst = int(np.argmax(factors))
    value, name = float(factors[worst]), slopes[worst][1]
    words = f"the other predictors raise the variance of {name} {value:.1f} times"
    return _graded(
        "collinearity", "Predictors differ", "largest variance inflation factor", value,
        limits=(5.0, 30.0),
        sentences=(
            f"Predictors can be told apart: {words}.",
            f"Predictors overlap: {words}. Centre products and squares.",
            f"Predictors say almost the same: {words}. Centre products and squares, or leave one out.",
        ),
    )  # fmt: skip


def _boundary(fit: SampleFit) -> Finding:
    verdict = fit.result.record.verdict
    names = verdict.at_boundary if verdict is not None else fit.result.record.at_boundary
    if names:
        sentence = f"At the edge of its range: {', '.join(names)}. A simpler model says the same."
    else:
        sentence = "All variances are above zero and no correlation is at -1 or 1."
    return Finding(
        key="boundary", title="Inside the range", measure="parameters at the edge", value=float(len(names)),
        p=float("nan"), concern=Concern.LOOK if names else Concern.NONE, sentence=sentence, plot="",
    )  # fmt: skip
