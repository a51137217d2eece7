"""Diagnostic graphs of the last fit as commands: predict what is needed, then draw it. Knows no Qt."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from mixedgui.state.translation import tr

if TYPE_CHECKING:
    from engine.api import Dataset, MixedEstimates

_LONGEST_NAME = 32


class Diagnostic(Enum):
    """What is drawn."""

    RESIDUAL_QUANTILES = "residual_quantiles"
    RESIDUALS_FITTED = "residuals_fitted"
    RESIDUALS_XB = "residuals_xb"
    RESIDUALS_PREDICTOR = "residuals_predictor"
    EFFECT_QUANTILES = "effect_quantiles"


@dataclass(frozen=True, slots=True)
class Effect:
    """One random effect: its place among the variables that ``predict, reffects`` makes, and its groups.

    `groups` are the variables whose values together name a group, top level first; `varies` is False where the
    variance is estimated as zero, so that all predictions are zero.
    """

    place: int
    level: str
    term: str
    groups: tuple[str, ...]
    varies: bool = True

    @property
    def label(self) -> str:
        """``_cons of id``, as a menu shows it."""
        return f"{'intercept' if self.term == '_cons' else self.term} of {self.level}"


def effects(estimates: MixedEstimates) -> tuple[Effect, ...]:
    """Return the random effects in the order of the random-effects table, the order of ``predict, reffects``."""
    found: list[Effect] = []
    above: list[str] = []
    for block, equation in zip(estimates.result.blocks, estimates.spec.equations, strict=False):
        level = block.level_name
        if level != "_all" and level not in above:
            above.append(level)
        if block.structure is None:
            continue
        if equation.factor is not None:
            some = bool((block.Sigma.diagonal() > 0).any())
            found.append(Effect(len(found), level, f"R.{equation.factor}", (equation.factor,), some))
            continue
        first = len(found)
        varies = [bool(variance > 0) for variance in block.Sigma.diagonal()]
        found.extend(
            [Effect(first + k, level, column.name, tuple(above), varies[k]) for k, column in enumerate(block.columns)]
        )
    return tuple(found)


def predictors(estimates: MixedEstimates, dataset: Dataset) -> tuple[str, ...]:
    """Return the variables of the fixed part that are in the data, in the order of the table."""
    names = [part.variable for column in estimates.result.columns for part in column.parts]
    return tuple(dict.fromkeys(name for name in names if name in dataset))


def reason_against(kind: Diagnostic, estimates: MixedEstimates | None, dataset: Dataset) -> str:
    """Return why a diagnostic graph is not available, empty when it is."""
    if estimates is None:
        return tr("There is no fit yet. Fit a model first.")
    if estimates.result.depvar.rpartition(".")[2] not in dataset:
        return tr("The data in memory are not those of the last fit: they have no variable {0}.").format(
            estimates.result.depvar
        )
    if kind is Diagnostic.EFFECT_QUANTILES and not drawable_effects(estimates):
        return tr("The last fit has no random effects that differ between groups.")
    if kind is Diagnostic.RESIDUALS_PREDICTOR and not predictors(estimates, dataset):
        return tr("The last fit has no predictor in its fixed part.")
    return ""


def drawable_effects(estimates: MixedEstimates) -> tuple[Effect, ...]:
    """Return the random effects that differ between groups."""
    return tuple(effect for effect in effects(estimates) if effect.groups and effect.varies)


def commands_for(
    kind: Diagnostic, estimates: MixedEstimates, dataset: Dataset, *, predictor: str = "", effect: Effect | None = None
) -> list[str]:
    """Return the commands that draw a diagnostic graph of the last fit, with names that are new to the data.

    Parameters
    ----------
    kind, estimates, dataset
        Which graph, of which fit, in which data.
    predictor
        The variable to draw residuals against; the first predictor when empty.
    effect
        The random effect to draw; all of them when None.
    """
    if kind is Diagnostic.RESIDUALS_FITTED:
        return ["rvfplot, fitted yline(0)"]
    if kind is Diagnostic.RESIDUALS_XB:
        return ["rvfplot, xb yline(0)"]
    if kind is Diagnostic.EFFECT_QUANTILES:
        return _effect_commands(estimates, dataset, effect)
    (residual,) = new_names(["resid"], dataset.names)
    predict = f"predict double {residual}, residuals"
    if kind is Diagnostic.RESIDUAL_QUANTILES:
        return [predict, f"qnorm {residual}"]
    return [predict, f"lowess {residual} {predictor or predictors(estimates, dataset)[0]}"]


def _effect_commands(estimates: MixedEstimates, dataset: Dataset, chosen: Effect | None) -> list[str]:
    every = effects(estimates)
    names = new_names([f"u_{effect.level}_{effect.term}" for effect in every], dataset.names)
    commands = [f"predict double {' '.join(names)}, reffects"]
    for effect in (chosen,) if chosen else drawable_effects(estimates):
        commands.append(f"qnorm {names[effect.place]}, per({' '.join(effect.groups)})")
    return commands


def new_names(wishes: Iterable[str], taken: Iterable[str]) -> list[str]:
    """Return variable names like `wishes`, valid, distinct and not among those `taken`: ``resid``, ``resid2`` …"""
    used = set(taken)
    names = []
    for wish in wishes:
        stem = re.sub(r"_+", "_", re.sub(r"\W", "_", wish)).strip("_")[:_LONGEST_NAME] or "v"
        name, number = stem, 1
        while name in used:
            number += 1
            name = f"{stem[: _LONGEST_NAME - len(str(number))]}{number}"
        used.add(name)
        names.append(name)
    return names
