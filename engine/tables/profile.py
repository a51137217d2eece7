"""The table of ``estat profile``."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import groupby

from engine.postest.profile import ParameterProfile
from engine.results.stored import DataRow, DataTable
from engine.tables.document import Block, Lines, Role, Row, RowKind, Table
from engine.tables.grid import GridColumn, layout, table_columns
from engine.tables.labels import abbreviate
from engine.tables.numbers import GENERAL, number_cell

_STUB = 18
_WIDTH = 9


def profile_blocks(found: Sequence[ParameterProfile], level: float, *, reml: bool) -> tuple[Block, ...]:
    """Return what is printed: a row per parameter with the limits of the profile and those of the estimation table."""
    columns = (
        GridColumn("estimate", "Estimate", 10, 10),
        GridColumn("ll", f"[{level:g}% profile limits]", 22, 34),
        GridColumn("ul", "", 34, 34),
        GridColumn("wald_ll", "[Wald limits]", 46, 58),
        GridColumn("wald_ul", "", 58, 58),
    )
    rows: list[Row] = []
    for eq, parameters in groupby(found, key=lambda each: each.eq):
        rows.append(Row(abbreviate(eq, _STUB), kind=RowKind.GROUP, left=True, name=eq))
        rows += [_row(each) for each in parameters]
    table = Table(
        id="profile",
        stub="",
        columns=table_columns(_STUB, columns),
        rows=tuple(rows),
        layout=layout("", _STUB, columns),
        title="Profile-likelihood confidence limits",
        data=profile_data(found),
    )
    likelihood = "restricted likelihood" if reml else "likelihood"
    note = (
        f"Note: The profile limits are where the {likelihood}, maximized over all other parameters, has fallen by "
        f"half the {level:g}% quantile of chi2(1)." + (" Coefficients have no profile under REML." if reml else "")
    )
    title = Lines(("", "Profile-likelihood confidence limits (not in Stata)", ""), Role.TITLE)
    return (title, table, Lines(tuple(textwrap.wrap(note, 76, subsequent_indent=" " * 6)), Role.NOTE))


def _row(each: ParameterProfile) -> Row:
    values = (each.estimate, each.ll, each.ul, each.wald_ll, each.wald_ul)
    label = abbreviate(each.name, _STUB)
    cells = tuple(number_cell(value, GENERAL, _WIDTH) for value in values)
    return Row(label, cells, name=each.name, full=each.name if label != each.name else "")


def profile_data(found: Sequence[ParameterProfile]) -> DataTable:
    """Return estimates and limits as data."""
    rows = (DataRow(p.eq, p.name, (p.estimate, p.ll, p.ul, p.wald_ll, p.wald_ul)) for p in found)
    return DataTable("profile", ("estimate", "ll", "ul", "wald_ll", "wald_ul"), tuple(rows))
