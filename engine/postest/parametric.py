"""Parametric bootstrap: fit again what is drawn from a fitted model.

Each replication draws from random numbers of its own, so that results do not depend on how the work is divided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from engine.errors import StataError
from engine.events import CancelToken
from engine.fit.estimate import estimate
from engine.frame.modelframe import FloatArray, ModelFrame
from engine.postest.simulate import simulate
from engine.results.mixed import MixedResult
from engine.spec.mixed import Maximization

Progress = Callable[[int, int], None]


def parameters(result: MixedResult) -> FloatArray:
    """Return coefficients, then standard deviations and correlations, in the order of the printed tables."""
    return np.append(result.beta, [each.sd_estimate for each in result.parameters])


def parameter_draws(
    result: MixedResult,
    frame: ModelFrame,
    maximization: Maximization,
    *,
    seed: int,
    replications: int,
    cancel: CancelToken,
    progress: Progress,
) -> FloatArray:
    """Return the parameters of each refit, (R, k), NaN in the rows of refits that did not converge."""
    rows = []
    for drawn in _drawn(result, frame, seed, replications, cancel, progress):
        fit = _fit(drawn, maximization, cancel)
        rows.append(np.full(len(parameters(result)), np.nan) if fit is None else parameters(fit))
    return np.array(rows)


def ratio_draws(
    restricted: tuple[MixedResult, ModelFrame],
    full: ModelFrame,
    maximizations: tuple[Maximization, Maximization],
    *,
    seed: int,
    replications: int,
    cancel: CancelToken,
    progress: Progress,
) -> FloatArray:
    """Return likelihood-ratio statistics of responses drawn from the restricted model, (R,); NaN where a refit failed.

    `maximizations` are those of the restricted and of the full model; `full` is the full model's frame on the same
    rows.
    """
    result, frame = restricted
    statistics = []
    for drawn in _drawn(result, frame, seed, replications, cancel, progress):
        small = _fit(drawn, maximizations[0], cancel)
        large = _fit(replace(full, y=drawn.y), maximizations[1], cancel)
        if small is None or large is None:
            statistics.append(np.nan)
        else:
            statistics.append(max(0.0, 2.0 * (large.ll - small.ll)))
    return np.array(statistics)


def _drawn(  # noqa: PLR0917
    result: MixedResult, frame: ModelFrame, seed: int, replications: int, cancel: CancelToken, progress: Progress
) -> Iterator[ModelFrame]:
    for number, own in enumerate(np.random.SeedSequence(seed).spawn(replications)):
        cancel.check()
        progress(number, replications)
        yield replace(frame, y=simulate(result, frame, np.random.default_rng(own)))


def _fit(frame: ModelFrame, maximization: Maximization, cancel: CancelToken) -> MixedResult | None:
    """Fit, or return None where the drawn response cannot be fitted."""
    try:
        fit = estimate(frame, maximization, cancel=cancel, small_sample=False)
    except StataError:
        return None
    return fit if fit.record.converged else None
