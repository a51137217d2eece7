"""What the words of a ``margins`` command name: sets of ``at()``, effects, factors, groups of ``over()``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import numpy.typing as npt

from engine.errors import StataError
from engine.frame.modelframe import FloatArray
from engine.lang.abbrev import nearest
from engine.lang.at_spec import AtItem
from engine.postest.covariates import Covariates
from engine.postest.grids import Dimension
from engine.postest.margins import MAX_MARGINS, Groups, Setting

ALL, FACTORS, CONTINUOUS = "_all", "_factor", "_continuous"


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
