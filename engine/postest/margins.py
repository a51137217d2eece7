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
from engine.lang.abbrev import nearest
from engine.lang.at_spec import AtItem
from engine.postest.average_rows import AverageRows, Fixed
from engine.postest.covariates import Covariates
from engine.postest.grids import Cells, Dimension
from engine.results.margins import AtSet, AtValue

AT = "_at"
MAX_MARGINS = 10_000
"""How many margins one command may ask for."""
ALL, FACTORS, CONTINUOUS = "_all", "_factor", "_continuous"


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
    """Everything margins of one command are computed from."""

    covariates: Covariates
    settings: tuple[Setting, ...]
    groups: Groups
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
        from its base level.
        """
        level, _, name = slope.rpartition(".")
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
        L = np.zeros((*sizes, len(self.covariates.columns)))
        for i, setting in enumerate(self.settings):
            for place in product(*(range(len(d.levels)) for d in factors)):
                chosen = {
                    v: Fixed(float(level))
                    for d, at in zip(factors, place, strict=True)
                    for v, level in zip(d.variables, d.levels[at], strict=True)
                }
                L[i][(slice(None), *place)] = self._row(setting, chosen | also, slope)
        known = self.covariates.estimable(L.reshape(-1, L.shape[-1])).reshape(sizes)
        shape = tuple(len(d.levels) for d in (*self.outer, *factors))
        return Cells((*self.outer, *factors), L.reshape(*shape, -1), known.reshape(shape))

    def _row(self, setting: Setting, chosen: dict[str, Fixed], slope: str) -> FloatArray:
        """Return the rows of all groups, (groups, k)."""
        values = {name: Fixed(value) for name, value in setting.values.items()}
        if not setting.statistics:
            return self._of(values | chosen, slope)
        rows = np.empty((len(self.groups.levels), len(self.covariates.columns)))
        for g in range(len(rows)):
            rows[g] = self._of(self.statistics(setting, g) | values | chosen, slope)[g]
        return rows

    def _of(self, fixing: dict[str, Fixed], slope: str) -> FloatArray:
        return self._rows.slopes(fixing, slope) if slope else self._rows.rows(fixing)

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


def _shown(name: str, word: str, fixed: Fixed) -> list[AtValue]:
    if word == "asbalanced":
        return [AtValue(name, float("nan"), word)]
    if fixed.shares is not None:
        return [AtValue(f"{level}.{name}", share, word) for level, share in fixed.shares.items()]
    return [AtValue(name, fixed.value, word)]


def settings_of(
    asked: Sequence[tuple[AtItem, ...]], covariates: Covariates, *, atmeans: bool, asbalanced: bool
) -> tuple[Setting, ...]:
    """Return the sets of ``at()`` in order; one empty set without any.

    Items hold from left to right; the values of several variables are crossed, the last variable of the model fastest.

    Raises
    ------
    StataError
        r(322) for a variable that is no covariate, r(198) for a value that is no level of a factor.
    """
    common: dict[str, str] = dict.fromkeys(covariates.names, "mean") if atmeans else {}
    if asbalanced:
        common |= dict.fromkeys(covariates.levels, "asbalanced")
    out: list[Setting] = []
    for items in asked or ((),):
        statistics = dict(common)
        values: dict[str, list[float]] = {}
        for item in items:
            for name in _names(item, covariates):
                if item.statistic:
                    statistics[name] = item.statistic
                    values.pop(name, None)
                else:
                    statistics.pop(name, None)
                    values.setdefault(name, []).extend(_checked(name, item.values, covariates))
        order = [name for name in covariates.names if name in values]
        for chosen in product(*(values[name] for name in order)):
            kept = {name: statistics[name] for name in covariates.names if name in statistics}
            out.append(Setting(kept, dict(zip(order, chosen, strict=True))))
            if len(out) > MAX_MARGINS:
                raise StataError(198, f"at() asks for more than {MAX_MARGINS:,} sets of values")
    return tuple(out)


def _names(item: AtItem, covariates: Covariates) -> list[str]:
    out: list[str] = []
    for word in item.names:
        if word == ALL:
            out += covariates.names
        elif word == FACTORS:
            out += covariates.levels
        elif word == CONTINUOUS:
            out += [name for name in covariates.continuous if name not in covariates.levels]
        else:
            out.append(covariate(word, covariates))
    return out


def covariate(word: str, covariates: Covariates) -> str:
    """Return the covariate that `word` is or unambiguously begins; r(322) where there is none."""
    bare = word.rpartition(".")[2]
    if bare in covariates.names:
        return bare
    found = [name for name in covariates.names if name.startswith(bare)]
    if len(found) == 1:
        return found[0]
    near = nearest(bare, covariates.names)
    hint = f"; did you mean {near}?" if near else ""
    raise StataError(322, f"{bare} not found in list of covariates of the last fit{hint}")


def _checked(name: str, values: Sequence[float], covariates: Covariates) -> list[float]:
    levels = covariates.levels.get(name)
    for value in values:
        if levels is not None and value not in levels and name not in covariates.continuous:
            listed = " ".join(str(level) for level in levels[:8])
            raise StataError(198, f"at(): {value:g} is no level of factor {name}; its levels are {listed}")
    return list(values)


def slopes_of(words: Sequence[str], covariates: Covariates) -> tuple[str, ...]:
    """Return the effects that ``dydx()`` asks for: variables, and levels of factors that are not the base.

    Raises
    ------
    StataError
        r(322) for what is no covariate.
    """
    names: list[str] = []
    for word in words:
        if word in ("*", ALL):
            names += covariates.names
        elif word == FACTORS:
            names += covariates.levels
        elif word == CONTINUOUS:
            names += [name for name in covariates.continuous if name not in covariates.levels]
        else:
            names.append(covariate(word, covariates))
    out: list[str] = []
    for name in dict.fromkeys(names):
        levels = covariates.levels.get(name)
        if levels is None:
            out.append(name)
        else:
            out += [f"{level}.{name}" for level in levels if level != covariates.base(name)]
    return tuple(out)


def factor_dimension(word: str, levels: tuple[int, ...] | None, covariates: Covariates) -> Dimension:
    """Return the levels of a factor that a term names, or those selected.

    Raises
    ------
    StataError
        r(322) for what is no factor of the fit, r(198) for levels that it does not have.
    """
    name = covariate(word, covariates)
    known = covariates.levels.get(name)
    if known is None:
        raise StataError(
            322, f"factor {name} not found in list of covariates: {name} is continuous; use at() or dydx()"
        )
    wrong = [level for level in levels or () if level not in known]
    if wrong:
        raise StataError(198, f"{wrong[0]} is no level of factor {name}")
    return Dimension((name,), tuple((level,) for level in levels or known))


def groups_of(variables: Sequence[str], covariates: Covariates, numeric: Sequence[FloatArray]) -> Groups:
    """Return the groups of ``over()``; r(459) for variables that are no categories."""
    n = int(covariates.rows.sum())
    if not variables:
        return Groups((), np.zeros(n, dtype=np.int64), ((),))
    for name, values in zip(variables, numeric, strict=True):
        if np.any(values < 0) or np.any(values != np.floor(values)):
            raise StataError(459, f"over(): {name} must hold nonnegative whole numbers")
    codes = np.zeros(n, dtype=np.int64)
    known: list[npt.NDArray[np.float64]] = []
    for values in numeric:
        found, own = np.unique(values, return_inverse=True)
        known.append(found)
        codes = codes * len(found) + own.reshape(-1)
    combined, codes = np.unique(codes, return_inverse=True)
    places = np.unravel_index(combined, tuple(len(found) for found in known))
    columns = [found[place].astype(np.int64).tolist() for found, place in zip(known, places, strict=True)]
    return Groups(tuple(variables), codes.reshape(-1), tuple(zip(*columns, strict=True)))
