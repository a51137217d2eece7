"""EM steps: a monotone climb from anywhere, used to get into the reach of Newton's method."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.events import CancelToken
from engine.fit.criterion import Criterion, Profile
from engine.frame.modelframe import FloatArray

DEFAULT_ITERATIONS = 20
DEFAULT_TOLERANCE = 1e-10


def starting_theta(criterion: Criterion) -> FloatArray:
    """Return theta made of the criterion's first guesses of the variances."""
    theta = np.zeros(criterion.layout.size)
    for block in criterion.layout.blocks:
        theta[block.parameters] = block.structure.from_variances(criterion.guess(block))
    if criterion.stage is not None:
        theta[criterion.layout.n_random :] = criterion.stage.start()
    return theta


def em_step(criterion: Criterion, at: Profile) -> FloatArray:
    """Return theta (K,) after one EM step: Sigma + (2/G) Sigma Gam Sigma, Gam = dl/dSigma, projected on the structure.

    With l = -f/2 and sigma2 profiled this is Psi - Psi g Psi / G in units of sigma2.
    """
    theta = at.theta.copy()
    for block in criterion.layout.blocks:
        own = block.parameters
        _, counted = criterion.footing(block)
        theta[own] -= block.structure.em_change(at.theta[own], at.gradient[own], counted)
    return theta


def run_em(
    criterion: Criterion,
    theta: FloatArray,
    *,
    iterations: int,
    tolerance: float,
    report: Callable[[int, Profile], None],
    cancel: CancelToken,
) -> tuple[FloatArray, int, bool]:
    """Take EM steps from `theta` (K,) until the criterion's relative change is below `tolerance`.

    Return theta, the steps taken, and whether the change fell below the tolerance; the theta after the last of
    `iterations` steps is not evaluated.
    """
    if iterations == 0:
        return theta, 0, False
    at = criterion(theta, 1)
    report(0, at)
    for step in range(1, iterations + 1):
        cancel.check()
        theta = em_step(criterion, at)
        if step == iterations:
            break
        new = criterion(theta, 1)
        report(step, new)
        if abs(new.value - at.value) <= tolerance * abs(new.value):
            return theta, step, True
        at = new
    return theta, iterations, False
