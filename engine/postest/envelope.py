"""Where the ordered residuals and predicted effects of a model would lie if the model were true: simulation envelopes.

Responses are drawn from the fitted model and predicted again with its variance parameters (Atkinson 1985; Loy, Hofmann
and Cook 2017, *JCGS* 26(3)): predictions are neither independent nor of equal variance, so the normal line alone says
little about their spread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from engine.events import CancelToken
from engine.frame.modelframe import FloatArray, ModelFrame
from engine.postest.blups import blups
from engine.postest.simulate import simulate
from engine.results.mixed import MixedResult

REPLICATIONS = 99
"""Draws that give 95% limits of a usable precision."""


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """Limits of ordered values, shape (m,): `ll` and `ul` of each on its own, `all_ll` and `all_ul` of all at once."""

    middle: FloatArray
    ll: FloatArray
    ul: FloatArray
    all_ll: FloatArray
    all_ul: FloatArray


def effect_envelope(
    result: MixedResult,
    frame: ModelFrame,
    block: int,
    effect: int,
    *,
    rng: np.random.Generator,
    cancel: CancelToken,
    level: float = 95.0,
    replications: int = REPLICATIONS,
) -> Envelope:
    """Return the envelope of the ordered predictions of one random effect; one value per group of the equation."""

    def ordered(drawn: ModelFrame) -> FloatArray:
        return np.sort(blups(result, drawn, cancel)[block].blup[:, effect])

    return _envelope(result, frame, ordered, rng, cancel, level, replications)


def residual_envelope(
    result: MixedResult,
    frame: ModelFrame,
    residuals: Callable[[ModelFrame], FloatArray],
    *,
    rng: np.random.Generator,
    cancel: CancelToken,
    level: float = 95.0,
    replications: int = REPLICATIONS,
) -> Envelope:
    """Return the envelope of the ordered residuals, which `residuals` takes of a drawn frame."""
    return _envelope(result, frame, lambda drawn: np.sort(residuals(drawn)), rng, cancel, level, replications)


def _envelope(  # noqa: PLR0917
    result: MixedResult,
    frame: ModelFrame,
    ordered: Callable[[ModelFrame], FloatArray],
    rng: np.random.Generator,
    cancel: CancelToken,
    level: float,
    replications: int,
) -> Envelope:
    draws = []
    for _ in range(replications):
        cancel.check()
        draws.append(ordered(replace(frame, y=simulate(result, frame, rng))))
    values = np.array(draws)
    middle, spread = values.mean(axis=0), values.std(axis=0, ddof=1)
    outside = (100.0 - level) / 2.0
    ll, ul = np.percentile(values, [outside, 100.0 - outside], axis=0)
    away = np.abs(values - middle) / np.where(spread > 0.0, spread, 1.0)
    reach = float(np.percentile(away.max(axis=1), level))
    return Envelope(middle, ll, ul, middle - reach * spread, middle + reach * spread)
