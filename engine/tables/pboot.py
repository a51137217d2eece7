"""The table of ``estat pboot``."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from engine.errors import StataError
from engine.frame.columns import ColumnState
from engine.frame.modelframe import FloatArray
from engine.results.mixed import MixedResult
from engine.results.stored import DataRow, DataTable
from engine.tables.document import Block, Lines, Role, Row, RowKind, Table
from engine.tables.grid import GridColumn, layout, table_columns
from engine.tables.labels import abbreviate
from engine.tables.numbers import GENERAL, number_cell

_STUB = 18
_WIDTH = 9
_COLUMNS = ("estimate", "bias", "se", "ll", "ul")


@dataclass(frozen=True, slots=True)
class Summarized:
    """One parameter: equation, name, and estimate, bias, standard error and percentile limits."""

    eq: str
    name: str
    values: tuple[float, ...]


def summarized(result: MixedResult, estimates: FloatArray, draws: FloatArray, level: float) -> tuple[Summarized, ...]:
    """Summarise the converged draws (R, k) of all estimated parameters; r(430) when fewer than two converged.

    A correlation is unknown in draws with a variance of zero, which its own line leaves out.
    """
    kept = draws[np.isfinite(draws[:, -1])]
    if len(kept) < 2:
        raise StataError(430, "the refits did not converge; there is nothing to summarize")
    outside = (100.0 - level) / 2.0
    names = [(result.depvar, c.name, c.state is ColumnState.ESTIMATED) for c in result.columns]
    for p in result.parameters:
        names.append((result.blocks[p.block].level_name if p.block >= 0 else "Residual", p.sd_name, True))
    out = []
    for k, (eq, name, estimated) in enumerate(names):
        own = kept[np.isfinite(kept[:, k]), k]
        if not estimated or len(own) < 2:
            continue
        ll, ul = np.percentile(own, [outside, 100.0 - outside])
        values = (float(estimates[k]), float(own.mean() - estimates[k]), float(own.std(ddof=1)), float(ll), float(ul))
        out.append(Summarized(eq, name, values))
    return tuple(out)


def pboot_blocks(found: Sequence[Summarized], draws: FloatArray, level: float, seed: int) -> tuple[Block, ...]:
    """Return what is printed: a row per parameter, and how many refits failed."""
    columns = (
        GridColumn("estimate", "Estimate", 10, 10),
        GridColumn("bias", "Bias", 22, 22),
        GridColumn("se", "Std. err.", 34, 34),
        GridColumn("ll", f"[{level:g}% percentile limits]", 46, 58),
        GridColumn("ul", "", 58, 58),
    )
    rows: list[Row] = []
    for eq, parameters in groupby(found, key=lambda each: each.eq):
        rows.append(Row(abbreviate(eq, _STUB), kind=RowKind.GROUP, left=True, name=eq))
        rows += [_row(each) for each in parameters]
    table = Table(
        id="pboot",
        stub="",
        columns=table_columns(_STUB, columns),
        rows=tuple(rows),
        layout=layout("", _STUB, columns),
        title="Parametric bootstrap",
        data=pboot_data(found),
    )
    failed = int(np.count_nonzero(~np.isfinite(draws[:, -1])))
    note = f"Note: {len(draws):,} responses drawn from the fitted model with seed {seed}, and fitted again."
    if failed:
        did = "refits did not converge and are" if failed > 1 else "refit did not converge and is"
        note += f" {failed:,} {did} left out."
    return (
        Lines(("", "Parametric bootstrap (not in Stata)", ""), Role.TITLE),
        table,
        Lines(tuple(textwrap.wrap(note, 76, subsequent_indent=" " * 6)), Role.NOTE),
    )


def _row(each: Summarized) -> Row:
    label = abbreviate(each.name, _STUB)
    cells = tuple(number_cell(value, GENERAL, _WIDTH) for value in each.values)
    return Row(label, cells, name=each.name, full=each.name if label != each.name else "")


def pboot_data(found: Sequence[Summarized]) -> DataTable:
    """Return the summaries as data."""
    return DataTable("pboot", _COLUMNS, tuple(DataRow(each.eq, each.name, each.values) for each in found))
