"""What ``diagplot`` was asked for, with the fit it is drawn from: options read, groups named, random numbers chosen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.commands.base import Context
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.events import CancelToken
from engine.frame.columnvalues import BoolArray
from engine.frame.grouplabels import group_labels
from engine.frame.modelframe import FloatArray
from engine.frame.resolve import resolve_name
from engine.graphs.diagnostic.panels import Points
from engine.lang.command import Part
from engine.postest.samplefit import EffectOfGroups, SampleFit, chosen_effects
from engine.results.estimates import MixedEstimates

_MOST_SIMULATED = 50_000
"""Observations up to which limits are simulated unasked."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """The options of a ``diagplot`` that any model may have."""

    part: Part
    context: Context

    @property
    def level(self) -> float:
        """Confidence level in percent."""
        use = self.part.option("level")
        return self.context.settings.level if use is None or use.argument is None else float(use.argument)

    def replications(self, usual: int) -> int:
        """Return how many responses to draw: ``reps()``, or `usual`."""
        use = self.part.option("reps")
        return usual if use is None or use.argument is None else int(use.argument)

    def rng(self) -> np.random.Generator:
        """Return the random numbers that ``seed()`` starts, else those of the session."""
        use = self.part.option("seed")
        if use is not None and use.argument is not None:
            return np.random.default_rng(int(use.argument))
        return self.context.rng or np.random.default_rng(0)

    def times(self, mask: BoolArray) -> tuple[FloatArray, str]:
        """Return times of the sample and their variable: ``t()``, else the order of the data."""
        use = self.part.option("t")
        if use is None or use.argument is None:
            return np.arange(np.count_nonzero(mask), dtype=np.float64), ""
        name = resolve_name(use.argument.strip(), self.context.dataset, use.argument_span)
        values = self.context.dataset.numeric(name)[mask]
        if is_missing(values).any():
            raise StataError(459, f"{name} has missing values in the estimation sample", use.argument_span)
        return values, name


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """What is drawn: the fit on its sample, the words behind the kind, the options, and the session."""

    fit: SampleFit
    estimates: MixedEstimates
    rest: str
    part: Part
    context: Context

    @property
    def command(self) -> str:
        """The command that draws the graph again."""
        return self.context.cmdline

    @property
    def _asked(self) -> Asked:
        return Asked(self.part, self.context)

    @property
    def level(self) -> float:
        """Confidence level in percent."""
        return self._asked.level

    @property
    def cancel(self) -> CancelToken:
        """Tells whether to stop."""
        return self.context.cancel

    def depth(self, usual: int) -> int:
        """Return the index of the level that ``relevel()`` names; r(198) when it is none, r(321) without levels."""
        names = [level.name for level in self.fit.frame.levels]
        if not names:
            raise StataError(321, "the model has no groups")
        use = self.part.option("relevel")
        if use is None or use.argument is None:
            return usual % len(names)
        word = use.argument.strip()
        name = word if word in names else resolve_name(word, self.context.dataset, use.argument_span)
        if name not in names:
            message = f"{name} is no level of the model; its levels are {', '.join(names)}"
            raise StataError(198, message, use.argument_span)
        return names.index(name)

    def effects(self) -> tuple[EffectOfGroups, ...]:
        """Return the random effects of one level: that of ``relevel()``, else the top one that has any."""
        use, word = self.part.option("relevel"), self.part.option("effect")
        name = None if word is None or word.argument is None else word.argument.strip()
        level = None if use is None else self.fit.frame.levels[self.depth(0)].name
        found = chosen_effects(self.fit, level, name)
        return tuple(effect for effect in found if effect.depth == found[0].depth)

    def path(self, depth: int) -> tuple[str, ...]:
        """Return the level variables that name a group of a level, top first."""
        return tuple(level.name for level in self.fit.frame.levels[: depth + 1] if level.name != "_all")

    def labels(self, depth: int) -> list[str]:
        """Return what the groups of a level are called."""
        positions = np.flatnonzero(self.fit.mask)[self.fit.groups_of(depth)[1]]
        return group_labels(self.context.dataset, self.path(depth), positions)

    def replications(self, usual: int) -> int:
        """Return how many responses to draw: ``reps()``, or `usual` where that is quick."""
        quick = len(self.fit.rows) <= _MOST_SIMULATED and self.fit.frame.weights is None
        return self._asked.replications(usual if quick else 0)

    def rng(self) -> np.random.Generator:
        """Return the random numbers that ``seed()`` starts, else those of the session."""
        return self._asked.rng()

    def times(self) -> tuple[FloatArray, str]:
        """Return times of the sample and their variable: ``t()``, that of the residual errors, or the data's order."""
        errors = self.fit.frame.residual
        if self.part.option("t") is None and errors is not None and errors.t:
            return errors.times, errors.t
        return self._asked.times(self.fit.mask)

    def points(self, name: str, values: FloatArray) -> Points:
        """Return values of all observations under a name."""
        return Points(name, values, self.fit.rows)
