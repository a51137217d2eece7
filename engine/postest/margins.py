"""Margins of linear predictions: average rows of the design, by term, by ``at()``, by ``over()`` ([R] margins).

A margin is the average over observations of x(at)'b, with weights; its standard error is that of this linear
combination of b (delta method).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import numpy.typing as npt

from engine.errors import StataError
from engine.frame.modelframe import FloatArray
from engine.postest.average_rows import AverageRows, Fixed
from engine.postest.covariates import Covariates
from engine.postest.function_rows import Change, FunctionRows
from engine.postest.grids import Cells, Dimension
from engine.results.margins import AtSet, AtValue

AT = "_at"
MAX_MARGINS = 10_000
"""How many margins one command may ask for."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One set of ``at()``: statistics and values by variable, in the order of the model."""

    statistics: dict[str, str]
    values: dict[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Groups of ``over()``: of each row, and the levels of each group; one group without variables."""

    variables: tuple[str, ...]
    codes: npt.NDArray[np.int64]
    levels: tuple[tuple[int, ...], ...]


@dataclass(slots=True, eq=False)
class Averages:
    """Everything margins of one command are computed from.

    `functions` are averages of what is not linear in the coefficients, `change` what effects are derivatives of.
    """

    covariates: Covariates
    settings: tuple[Setting, ...]
    groups: Groups
    change: Change = Change.DYDX
    functions: FunctionRows | None = None
    _rows: AverageRows = field(init=False)
    _statistics: dict[tuple[str, str, int], Fixed | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        c = self.covariates
        self._rows = AverageRows(c.columns, c.values, c.weights, self.groups.codes, len(self.groups.levels))

    @property
    def outer(self) -> tuple[Dimension, ...]:
        """The dimensions of ``at()`` and ``over()``, as far as they vary."""
        found = []
        if len(self.settings) > 1:
            found.append(Dimension((AT,), tuple((i + 1,) for i in range(len(self.settings)))))
        if self.groups.variables:
            found.append(Dimension(self.groups.variables, self.groups.levels))
        return tuple(found)

    @property
    def varying(self) -> tuple[str, ...]:
        """The variables of ``at()`` that tell its sets apart, ``_at`` where they do not."""
        settings = self.settings
        names = tuple(n for n in self.covariates.names if len({s.values.get(n) for s in settings}) > 1)
        told = {tuple(s.values.get(n) for n in names) for s in settings}
        whole = all(n in s.values for s in settings for n in names)
        return names if whole and len(told) == len(settings) else (AT,)

    def cells(self, factors: Sequence[Dimension], *, slope: str = "") -> Cells:
        """Return the margins at all levels of `factors`, or with `slope` the effects of that variable.

        The effect of a continuous variable is the derivative; that of a level of a factor (``1.sector``) the difference
        from its base level, and has no elasticity.
        """
        level, _, name = slope.rpartition(".")
        if level and self.change.by_proportion:
            raise StataError(
                198,
                f"{name} is a factor: {self.change.value}() is for continuous variables, dydx() and eydx() for both",
            )
        if not level:
            return self._cells(factors, {}, slope)
        high = self._cells(factors, {name: Fixed(float(level))}, "")
        low = self._cells(factors, {name: Fixed(float(self.covariates.base(name)))}, "")
        return Cells(high.dimensions, high.L - low.L, high.known & low.known)

    def _cells(self, factors: Sequence[Dimension], also: dict[str, Fixed], slope: str) -> Cells:
        sizes = (len(self.settings), len(self.groups.levels), *(len(d.levels) for d in factors))
        if np.prod(sizes) > MAX_MARGINS:
            raise StataError(
                198, f"there would be {int(np.prod(sizes)):,} margins; at most {MAX_MARGINS:,} are possible"
            )
        k = len(self.covariates.columns)
        linear = np.zeros((*sizes, k))
        found: list[FloatArray] = []
        for i, setting in enumerate(self.settings):
            for place in product(*(range(len(d.levels)) for d in factors)):
                chosen = {
                    v: Fixed(float(level))
                    for d, at in zip(factors, place, strict=True)
                    for v, level in zip(d.variables, d.levels[at], strict=True)
                }
                linear[i][(slice(None), *place)] = self._row(self._rows, setting, chosen | also, slope)
                if self.functions is not None:
                    found.append(self._row(self.functions, setting, chosen | also, slope))
        known = self.covariates.estimable(linear.reshape(-1, k)).reshape(sizes)
        L = linear if self.functions is None else _arranged(found, sizes)
        shape = tuple(len(d.levels) for d in (*self.outer, *factors))
        return Cells((*self.outer, *factors), L.reshape(*shape, -1), known.reshape(shape))

    def _row(
        self, source: AverageRows | FunctionRows, setting: Setting, chosen: dict[str, Fixed], slope: str
    ) -> FloatArray:
        """Return the rows of all groups, (groups, k)."""
        values = {name: Fixed(value) for name, value in setting.values.items()}

        def of(fixing: dict[str, Fixed]) -> FloatArray:
            return source.slopes(fixing, slope) if slope else source.rows(fixing)

        if not setting.statistics:
            return of(values | chosen)
        groups = range(len(self.groups.levels))
        return np.array([of(self.statistics(setting, g) | values | chosen)[g] for g in groups])

    def statistics(self, setting: Setting, group: int) -> dict[str, Fixed]:
        """Return what the statistics of a setting are in a group."""
        mask = self.groups.codes == group
        found: dict[str, Fixed] = {}
        for name, word in setting.statistics.items():
            key = (name, word, group)
            if key not in self._statistics:
                self._statistics[key] = self.covariates.statistic(word, name, mask)
            fixed = self._statistics[key]
            if fixed is not None:
                found[name] = fixed
        return found

    def at_sets(self) -> tuple[AtSet, ...]:
        """Return the settings as the legend shows them."""
        out = []
        varied = bool(self.groups.variables) and any(s.statistics for s in self.settings)
        for setting in self.settings:
            for g in range(len(self.groups.levels) if varied else 1):
                known = self.statistics(setting, g)
                values: list[AtValue] = []
                for name in self.covariates.names:
                    if name in setting.values:
                        values.append(AtValue(name, setting.values[name]))
                    elif name in known:
                        values += _shown(name, setting.statistics[name], known[name])
                parts = zip(self.groups.variables, self.groups.levels[g], strict=True)
                label = " ".join(f"{level}.{variable}" for variable, level in parts) if varied else ""
                out.append(AtSet(tuple(values), label))
        return tuple(out)

    def all_fixed(self, also: Sequence[str]) -> bool:
        """Tell whether every covariate is set to something, those in `also` by the term."""
        return all(
            all(
                name in setting.values or name in also or setting.statistics.get(name, "asobserved") != "asobserved"
                for name in self.covariates.names
            )
            for setting in self.settings
        )


def _arranged(found: Sequence[FloatArray], sizes: Sequence[int]) -> FloatArray:
    """Return rows of (settings x places of factors) arrays (groups, K) in the order settings, groups, places."""
    settings, groups, *places = sizes
    stacked = np.array(found).reshape(settings, -1, groups, found[0].shape[1])
    return np.swapaxes(stacked, 1, 2).reshape(settings, groups, *places, -1)


def _shown(name: str, word: str, fixed: Fixed) -> list[AtValue]:
    if word == "asbalanced":
        return [AtValue(name, float("nan"), word)]
    if fixed.shares is not None:
        return [AtValue(f"{level}.{name}", share, word) for level, share in fixed.shares.items()]
    return [AtValue(name, fixed.value, word)]
