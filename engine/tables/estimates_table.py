"""The table of ``estimates table``: coefficients of several fits side by side, with errors, stars and statistics.

Widths: a column is a format wide, with one blank before and two behind, and three more where there are stars.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

import numpy as np

from engine.data.formats import format_value
from engine.frame.columns import Column as FrameColumn
from engine.frame.columns import ColumnPart, ColumnState
from engine.inference.criteria import information_criteria
from engine.inference.student import t_two_sided
from engine.results.estimates import Estimates
from engine.results.stored import DataRow, DataTable, Matrix
from engine.tables.document import Block, Cell, Column, Lines, Role, Row, RowKind, Table, TextLayout
from engine.tables.estimation import Coefficient, TableStyle, coefficient_rows
from engine.tables.labels import abbreviate

BETA = "%10.0g"
"""Usual format of coefficients."""
STUB = 12
_STATISTICS = "Statistics"
_FIRST = "#1"
"""Stata's name of first equations that are matched."""
_STARS_WIDTH = 3
_MARKS = {ColumnState.BASE: "(base)", ColumnState.OMITTED: "(omitted)", ColumnState.EMPTY: "(empty)"}
_WIDTH = re.compile(r"%-?0?(\d+)")


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
    stub: int = 0
    width: int = 0
    lines: str = "oneline"
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One coefficient of one fit; `mark` tells why there is none."""

    b: float
    se: float
    t: float
    p: float
    mark: str = ""


_Key: TypeAlias = tuple[str, str]
"""Equation, empty where all fits have one only, and name of a coefficient."""
_Entries: TypeAlias = "dict[_Key, tuple[FrameColumn | None, _Entry]]"


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A fit in the table: the name of its column, its estimates and its coefficients in e(b) order."""

    name: str
    estimates: Estimates
    entries: _Entries


def compared(models: Sequence[Estimates], request: TableRequest) -> tuple[Compared, ...]:
    """Return the fits as the other functions of this module want them."""
    several = any(each.result.theta_names for each in models)
    return tuple(Compared(each.name, each, _entries(each, request, several=several)) for each in models)


def unknown_names(models: Sequence[Compared], words: Sequence[str]) -> list[str]:
    """Return those of the words that name no coefficient of any fit."""
    keys = [key for model in models for key in model.entries]
    return [word for word in words if not any(_named(key, word) for key in keys)]


def _entries(estimates: Estimates, request: TableRequest, *, several: bool) -> _Entries:
    """Return the coefficients of a fit in e(b) order, by equation where one of the fits has `several`."""
    result, eform = estimates.result, request.eform
    equation = _FIRST if request.matched else result.depvar if several else ""
    found: _Entries = {}
    for i, column in enumerate(result.columns):
        se = float(np.sqrt(result.vcov_beta[i, i]))
        entry = _entry(float(result.beta[i]), se, result.df_residual, eform=eform)
        if column.state is not ColumnState.ESTIMATED:
            entry = _Entry(0.0, np.nan, np.nan, np.nan, _MARKS[column.state])
        found.setdefault((equation, column.name), (column, entry))
    for i, name in enumerate(result.theta_names):
        se = float(np.sqrt(max(result.vcov_theta[i, i], 0.0)))
        group, _, own = name.rpartition(":")
        shown = FrameColumn((ColumnPart(own),)) if group else None
        key = (group, own) if group else (name, "_cons")
        found[key] = (shown, _entry(float(result.theta[i]), se, np.inf, eform=False))
    return found


def _entry(b: float, se: float, df: float, *, eform: bool) -> _Entry:
    t = b / se if se > 0.0 else float("nan")
    p = t_two_sided(t, df)
    return _Entry(float(np.exp(b)), float(np.exp(b)) * se, t, p) if eform else _Entry(b, se, t, p)


def _keys(models: Sequence[Compared], request: TableRequest) -> list[_Key]:
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


def _named(key: _Key, word: str) -> bool:
    equation, _, name = word.rpartition(":") if ":" in word else ("", "", word)
    if ":" in word and equation not in ("", key[0]):
        return False
    return not name or name in (key[1], key[1].replace("c.", ""))


def comparison_blocks(models: Sequence[Compared], request: TableRequest) -> tuple[Block, ...]:
    """Return the table and its legend."""
    fmt_width = int(match[1]) if (match := _WIDTH.match(request.formats["b"])) else 10
    starred = _STARS_WIDTH if request.stars else 0
    inner = max(fmt_width + 2 + starred, request.width)
    rows, stub = _rows(models, request, inner)
    width = stub + 2 + len(models) * (inner + 1)
    columns = tuple(Column(model.name, model.name, stub + 2 + (i + 1) * (inner + 1)) for i, model in enumerate(models))
    names = [f"{abbreviate(model.name, inner):^{inner}}" for model in models]
    separated = " ".join([names[0], *(f"|{name[1:]}" for name in names[1:])])
    heads = f" {separated}" if request.lines == "columns" else f"{' '.join(names)} "
    head = f"{'Variable':>{stub}} |{heads}"
    table = Table(
        id="estimates",
        stub="Variable",
        columns=columns,
        rows=tuple(rows),
        layout=TextLayout(width=width, stub=stub, head=(head,), head_rule=request.lines != "noline"),
        title=request.title,
        data=comparison_data(models, request),
    )
    legend = [f"Legend: {'/'.join(request.formats)}"] if len(request.formats) > 1 else []
    if request.stars:
        parts = [f"{'*' * i} p<{level:g}" for i, level in enumerate(request.stars, start=1)]
        legend.append(f"Legend: {'; '.join(parts)}")
    title = (request.title,) if request.title else ()
    blocks: list[Block] = [Lines(("", *title), Role.TITLE), table]
    return (*blocks, Lines(tuple(f"{line:>{width}}" for line in legend))) if legend else tuple(blocks)


def _rows(models: Sequence[Compared], request: TableRequest, inner: int) -> tuple[list[Row], int]:
    keys = _keys(models, request)
    several = any(equation for equation, _ in keys)
    style = TableStyle(labels={})
    rows: list[Row] = []
    stub = request.stub or STUB
    for equation, group in groupby(keys, key=lambda key: key[0]):
        members = [_shown(models, key) for key in group]
        own, made = coefficient_rows("", members, style, lambda member: ())
        stub = max(stub, own) if not request.stub else stub
        if several:
            rows += [Row(kind=RowKind.RULE)] if rows else []
            rows.append(Row(abbreviate(equation, stub), kind=RowKind.GROUP, left=True, name=equation))
        for row in made:
            rows += _lines(models, (equation, row.name), row, request, inner) if row.name else [row]
    if request.stats:
        rows.append(Row(kind=RowKind.RULE))
        if several:
            rows.append(Row(_STATISTICS, kind=RowKind.GROUP, left=True, name=_STATISTICS))
        rows += [_statistic_row(models, name, request, inner) for name in request.stats]
    return rows, stub


def _shown(models: Sequence[Compared], key: _Key) -> Coefficient:
    """Return a coefficient whose column lays out the row; what it holds is not looked at."""
    columns = (model.entries.get(key, (None, None))[0] for model in models)
    known = [column for column in columns if column is not None]
    column = next((c for c in known if c.state is ColumnState.ESTIMATED), known[0] if known else FrameColumn(()))
    return Coefficient(column, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def _lines(models: Sequence[Compared], key: _Key, row: Row, request: TableRequest, inner: int) -> list[Row]:
    """Return a row for the coefficient and one for each further number below it."""
    out = []
    for position, kind in enumerate(request.formats):
        cells = tuple(_cell(model.entries.get(key), kind, request, inner) for model in models)
        cells = _separated(cells, request, inner)
        label = row.label if position == 0 else ""
        name = row.name if position == 0 else f"{row.name} {kind}"
        out.append(Row(label, cells, name=name, pad=row.pad if position == 0 else 0, full=row.full))
    return out


def _cell(found: tuple[FrameColumn | None, _Entry] | None, kind: str, request: TableRequest, inner: int) -> Cell:
    if found is None:
        return Cell()
    entry = found[1]
    room = inner - 2 - (_STARS_WIDTH if request.stars else 0)
    if entry.mark:
        return Cell(f"{entry.mark:>{room}}".ljust(inner), 0.0) if kind == "b" else Cell()
    value = float(getattr(entry, kind))
    text = format_value(value, request.formats[kind]).strip() if np.isfinite(value) else "."
    stars = "*" * sum(entry.p < level for level in request.stars) if kind == "b" and request.stars else ""
    return Cell(f"{text:>{room}}{stars}".ljust(inner), value)


def _separated(cells: tuple[Cell, ...], request: TableRequest, inner: int) -> tuple[Cell, ...]:
    """Return the cells with a bar before all but the first where columns are separated."""
    if request.lines != "columns":
        return cells
    first, *others = cells
    return (first, *(Cell(f"|{cell.text[1:]:<{inner - 1}}", cell.value) for cell in others))


def _statistic_row(models: Sequence[Compared], name: str, request: TableRequest, inner: int) -> Row:
    cells = []
    room = inner - 2 - (_STARS_WIDTH if request.stars else 0)
    for model in models:
        value = statistic(model.estimates, name)
        if not np.isfinite(value):
            cells.append(Cell())
            continue
        whole = value == int(value) and not request.stats_format
        fmt = "%9.0f" if whole else request.stats_format or request.formats["b"]
        cells.append(Cell(f"{format_value(value, fmt).strip():>{room}}".ljust(inner), value))
    return Row(abbreviate(name, STUB), _separated(tuple(cells), request, inner), name=name)


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
    for equation, name in _keys(models, request):
        values = []
        for model in models:
            found = model.entries.get((equation, name))
            values += [float(getattr(found[1], kind)) if found else float("nan") for kind in kinds]
        rows.append(DataRow(equation, name, tuple(values)))
    blank = (float("nan"),) * (len(kinds) - 1)
    for name in request.stats:
        rows.append(
            DataRow(_STATISTICS, name, tuple(v for m in models for v in (statistic(m.estimates, name), *blank)))
        )
    return DataTable("estimates", columns, tuple(rows))


def comparison_matrices(models: Sequence[Compared], request: TableRequest) -> dict[str, Matrix]:
    """Return r(coef), coefficients and variances per model, and r(stats)."""
    keys = _keys(models, request)
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
