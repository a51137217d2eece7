"""The model without each of its random effects in turn: refits on the same observations and their likelihoods."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from engine.errors import StataError
from engine.events import CancelToken
from engine.fit.estimate import estimate
from engine.frame.columns import Column
from engine.frame.modelframe import ModelFrame, RandomBlock
from engine.inference.boundary import one_effect_added
from engine.inference.lrtest import LikelihoodRatio, of_two
from engine.results.mixed import MixedResult
from engine.spec.mixed import CovarianceKind, Maximization


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One random effect left out.

    Attributes
    ----------
    level_name, effect
        Equation and effect: ``id``, ``week``.
    ll
        Log likelihood without it, restricted under REML.
    test
        Against the model with it; p is that of chi2(df), which is conservative, and NaN where no parameter goes.
    p_boundary
        P-value of the half-and-half mixture of chi2(df-1) and chi2(df) (Stram and Lee 1994); NaN where more than one
        effect goes.
    converged
        Whether the refit met its stopping rule.
    """

    level_name: str
    effect: str
    ll: float
    test: LikelihoodRatio
    p_boundary: float
    converged: bool


def without_each(
    result: MixedResult,
    frame: ModelFrame,
    maximization: Maximization,
    *,
    cancel: CancelToken,
    progress: Callable[[int, int], None] = lambda done, all_: None,
) -> tuple[LeftOut, ...]:
    """Refit without each random effect of `result`, whose sample `frame` holds; `progress` gets the fits done and all.

    Raises
    ------
    StataError
        r(321) without random effects, after weights and robust standard errors: there is no likelihood to compare.
    """
    if result.weights is not None or result.robust is not None:
        raise StataError(321, "likelihoods cannot be compared after weights or with robust standard errors")
    candidates = list(_candidates(frame))
    if not candidates:
        raise StataError(321, "the model has no random effects to leave out")
    found = []
    for number, (b, effect, block) in enumerate(candidates):
        progress(number, len(candidates))
        cancel.check()
        blocks = tuple(block if i == b else other for i, other in enumerate(frame.blocks))
        refit = estimate(replace(frame, blocks=blocks), maximization, cancel=cancel, small_sample=False)
        df = len(result.theta) - len(refit.theta)
        one = _width(frame.blocks[b]) - _width(block) == 1 and df > 0
        test = of_two(result.ll, refit.ll, df=df)
        found.append(
            LeftOut(
                level_name=frame.blocks[b].level_name,
                effect=effect,
                ll=refit.ll,
                test=test,
                p_boundary=one_effect_added(test.chi2, df - 1) if one else float("nan"),
                converged=refit.record.converged,
            )
        )
    return tuple(found)


def _candidates(frame: ModelFrame) -> Iterator[tuple[int, str, RandomBlock]]:
    """Yield index of the equation, name of the effect and the equation without it; the columns of a factor go together.

    An equation whose effects are all gone stays as an empty one, so that groups keep their names within it.
    """
    for b, block in enumerate(frame.blocks):
        if block.structure is None:
            continue
        if block.factor is not None:
            yield b, f"R.{block.factor.name}", _kept(block, np.zeros(block.Z.shape[1], dtype=np.bool_))
            continue
        terms = [_term(column) for column in block.columns]
        for term in dict.fromkeys(terms):
            yield b, term, _kept(block, np.array([own != term for own in terms]))


def _term(column: Column) -> str:
    """Name a column by its variables: the indicators of one factor share it."""
    return "#".join(part.variable for part in column.parts) or "_cons"


def _kept(block: RandomBlock, kept: np.ndarray) -> RandomBlock:
    columns = tuple(column for column, stays in zip(block.columns, kept, strict=True) if stays)
    structure = block.structure if len(columns) > 1 else CovarianceKind.IDENTITY if columns else None
    factor = block.factor if columns else None
    return replace(block, Z=block.Z[:, kept], columns=columns, structure=structure, factor=factor)


def _width(block: RandomBlock) -> int:
    return len(block.columns)
