"""Fits side by side: which coefficients they have, in which order, and the statistics of ``estimates table``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from engine.frame.columns import Column as FrameColumn
from engine.frame.columns import ColumnPart, ColumnState
from engine.inference.criteria import information_criteria
from engine.inference.student import t_two_sided
from engine.results.estimates import Estimates
from engine.results.stored import DataRow, DataTable, Matrix
from engine.results.xtreg import XtregResult

STATISTICS = "Statistics"
FREE = "/"
"""The equation of parameters that belong to none, such as those of ``xtreg, mle``."""
_FIRST = "#1"
"""Stata's name of first equations that are matched."""
_MARKS = {ColumnState.BASE: "(base)", ColumnState.OMITTED: "(omitted)", ColumnState.EMPTY: "(empty)"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRequest:
    """What is asked for.

    Attributes
    ----------
    formats
        Of ``b`` and of what else is shown below it: ``se t p``.
    stars
        Levels of ``*``, ``**`` and ``***``, from large to small; empty without stars.
    stats, stats_format
        Scalars below the coefficients.
    keep, drop
        Names as typed.
    matched
        Whether the first equations of the fits are one, whatever their responses.
    labels
        Words to stand for variables; empty for their names.
    stub, width
        Widths of the names and of a model; 0 for the usual ones.
    lines
        ``oneline``, ``noline`` or ``columns``.
    """

    formats: Mapping[str, str]
    stars: tuple[float, ...] = ()
    stats: tuple[str, ...] = ()
    stats_format: str = ""
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    eform: bool = False
    matched: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    stub: int = 0
    width: int = 0
    lines: str = "oneline"
    title: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One coefficient of one fit; `mark` tells why there is none."""

    b: float
    se: float
    t: float
    p: float
    mark: str = ""


Key: TypeAlias = tuple[str, str]
"""Equation, empty where all fits have one only, and name of a coefficient."""
Entries: TypeAlias = "dict[Key, tuple[FrameColumn | None, Entry]]"


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A fit in the table: the name of its column, its estimates and its coefficients in e(b) order."""

    name: str
    estimates: Estimates
    entries: Entries


def compared(models: Sequence[Estimates], request: TableRequest) -> tuple[Compared, ...]:
    """Return the fits as the other functions of this module want them."""
    several = any(each.result.theta_names for each in models)
    return tuple(Compared(each.name, each, _entries(each, request, several=several)) for each in models)


def unknown_names(models: Sequence[Compared], words: Sequence[str]) -> list[str]:
    """Return those of the words that name no coefficient of any fit."""
    keys = [key for model in models for key in model.entries]
    return [word for word in words if not any(_named(key, word) for key in keys)]


def _entries(estimates: Estimates, request: TableRequest, *, several: bool) -> Entries:
    """Return the coefficients of a fit in e(b) order, by equation where one of the fits has `several`."""
    result, eform = estimates.result, request.eform
    equation = _FIRST if request.matched else result.depvar if several else ""
    found: Entries = {}
    for i, column in enumerate(result.columns):
        se = float(np.sqrt(result.vcov_beta[i, i]))
        entry = _entry(float(result.beta[i]), se, result.df_residual, eform=eform)
        if column.state is not ColumnState.ESTIMATED:
            entry = Entry(0.0, np.nan, np.nan, np.nan, _MARKS[column.state])
        found.setdefault((equation, column.name), (column, entry))
    for i, name in enumerate(result.theta_names):
        se = float(np.sqrt(max(result.vcov_theta[i, i], 0.0)))
        group, _, own = name.rpartition(":")
        shown = FrameColumn((ColumnPart(own),)) if group else None
        key = (group, own) if group else (name, "_cons")
        if isinstance(result, XtregResult):
            shown, key = FrameColumn((ColumnPart(name),)), (FREE, name)
        found[key] = (shown, _entry(float(result.theta[i]), se, np.inf, eform=False))
    return found


def _entry(b: float, se: float, df: float, *, eform: bool) -> Entry:
    t = b / se if se > 0.0 else float("nan")
    p = t_two_sided(t, df)
    return Entry(float(np.exp(b)), float(np.exp(b)) * se, t, p) if eform else Entry(b, se, t, p)


def keys_of(models: Sequence[Compared], request: TableRequest) -> list[Key]:
    """Return the rows: those of the first fit, what further fits add behind their neighbours, the constant last."""
    equations: list[str] = []
    names: dict[str, list[str]] = {}
    for model in models:
        own = list(dict.fromkeys(equation for equation, _ in model.entries))
        _merge(equations, own)
        for equation in own:
            _merge(names.setdefault(equation, []), [name for eq, name in model.entries if eq == equation])
    keys = [
        (equation, name) for equation in equations for name in sorted(names[equation], key=lambda name: name == "_cons")
    ]
    if request.keep:
        keys = [key for wanted in request.keep for key in keys if _named(key, wanted)]
        keys = list(dict.fromkeys(keys))
        order_of = list(dict.fromkeys(equation for equation, _ in keys))
        keys.sort(key=lambda key: order_of.index(key[0]))
    return [key for key in keys if not any(_named(key, unwanted) for unwanted in request.drop)]


def _merge(known: list[str], more: list[str]) -> None:
    """Add what `known` does not have, each behind the one that comes before it in `more`, the first before the next."""
    at = next((known.index(word) for word in more if word in known), len(known))
    for word in more:
        if word not in known:
            known.insert(at, word)
        at = known.index(word) + 1


def _named(key: Key, word: str) -> bool:
    equation, _, name = word.rpartition(":") if ":" in word else ("", "", word)
    if ":" in word and equation not in ("", key[0]):
        return False
    if name.startswith("i."):
        return re.fullmatch(rf"\d+\.{re.escape(name[2:])}", key[1]) is not None
    return not name or name in (key[1], key[1].replace("c.", "")) or (key[0] == FREE and name == FREE + key[1])


def statistic(model: Estimates, name: str) -> float:
    """Return a scalar of e(), or ``aic bic rank``; NaN where the fit has none."""
    if name in ("aic", "bic"):
        return float(getattr(information_criteria(model.result), name))
    usual = {"N": float(model.result.n_obs), "ll": model.result.ll, "rank": float(model.result.rank)}
    return float(model.e.scalars.get(name, usual.get(name, float("nan"))))


def comparison_data(models: Sequence[Compared], request: TableRequest) -> DataTable:
    """Return a row per coefficient and statistic; per model a column for each number shown, ``m1:b``, ``m1:se``."""
    kinds = tuple(request.formats)
    columns = tuple(f"{model.name}:{kind}" for model in models for kind in kinds)
    rows = []
    for equation, name in keys_of(models, request):
        values = []
        for model in models:
            found = model.entries.get((equation, name))
            values += [float(getattr(found[1], kind)) if found else float("nan") for kind in kinds]
        rows.append(DataRow(equation, name, tuple(values)))
    blank = (float("nan"),) * (len(kinds) - 1)
    for name in request.stats:
        rows.append(DataRow(STATISTICS, name, tuple(v for m in models for v in (statistic(m.estimates, name), *blank))))
    return DataTable("estimates", columns, tuple(rows))


def comparison_matrices(models: Sequence[Compared], request: TableRequest) -> dict[str, Matrix]:
    """Return r(coef), coefficients and variances per model, and r(stats)."""
    keys = keys_of(models, request)
    values = np.full((len(keys), 2 * len(models)), np.nan)
    for i, key in enumerate(keys):
        for j, model in enumerate(models):
            found = model.entries.get(key)
            if found is not None:
                values[i, 2 * j : 2 * j + 2] = found[1].b, found[1].se ** 2
    rows = tuple(f"{equation}:{name}" if equation else name for equation, name in keys)
    cols = tuple(f"{model.name}:{kind}" for model in models for kind in ("b", "var"))
    matrices = {"coef": Matrix(rows, cols, values)}
    if request.stats:
        numbers = np.array([[statistic(model.estimates, name) for model in models] for name in request.stats])
        matrices["stats"] = Matrix(request.stats, tuple(model.name for model in models), numbers)
    return matrices
