"""The table of information criteria, of ``estat ic``, ``estimates stats`` and ``lrtest, stats``."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import numpy as np

from engine.inference.criteria import InformationCriteria
from engine.results.stored import DataRow, DataTable, Matrix
from engine.tables.document import Block, Cell, Column, Lines, Role, Row, RowKind, Table, TextLayout
from engine.tables.grid import ESTIMATE_WIDTH
from engine.tables.labels import abbreviate
from engine.tables.numbers import COUNT, GENERAL, number_cell, number_text

_STUB = 12
_FIT = {"N": 25, "ll_null": 36, "ll": 47, "df": 55}
_FIRST, _SECOND = 66, 77
_STEP = 11
_HEADINGS = {
    "N": "N", "ll_null": "ll(null)", "ll": "ll(model)", "df": "df",
    "aic": "AIC", "bic": "BIC", "aicc": "AICc", "caic": "CAIC",
}  # fmt: skip
_STORED = {"ll_null": "ll0", "aic": "AIC", "bic": "BIC", "aicc": "AICc", "caic": "CAIC"}
Models = Sequence[tuple[str, InformationCriteria]]


class Criteria(Enum):
    """Which criteria are shown."""

    USUAL = ("aic", "bic")
    CORRECTED = ("aicc", "bic")
    CONSISTENT = ("caic", "bic")
    ALL = ("aic", "bic", "aicc", "caic")

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns."""
        return (*_FIT, *self.value)

    @property
    def title(self) -> str:
        """Words above the table."""
        first = {
            Criteria.USUAL: "Akaike's information criterion",
            Criteria.CORRECTED: "Corrected Akaike's information criterion",
            Criteria.CONSISTENT: "Consistent Akaike's information criterion",
        }.get(self)
        return f"{first} and Bayesian information criterion" if first else "Information criteria"


def ic_blocks(
    models: Models, *, n_given: bool = False, df_given: bool = False, criteria: Criteria = Criteria.USUAL
) -> tuple[Block, ...]:
    """Return the table of models with their names; four criteria stand in a table of their own.

    `n_given` and `df_given` tell that the user chose the number of observations or of parameters.
    """
    data = ic_data(models, criteria)
    if criteria is Criteria.ALL:
        ends = {name: _FIT["N"] + _STEP * i for i, name in enumerate(criteria.value)}
        fit, more = _table(models, _FIT, criteria, data), _table(models, ends, criteria, data)
        tables: tuple[Block, ...] = (fit, Lines(("",)), more)
    else:
        tables = (_table(models, _FIT | {criteria.value[0]: _FIRST, criteria.value[1]: _SECOND}, criteria, data),)
    note = Lines(_notes(models[0][1], criteria, n_given=n_given, df_given=df_given), Role.NOTE)
    return (Lines(("", criteria.title, ""), Role.TITLE), *tables, note)


def _table(models: Models, ends: dict[str, int], criteria: Criteria, data: DataTable) -> Table:
    """Return the table of the columns that end where `ends` says."""
    rows = []
    for name, found in models:
        cells = [_cell(key, value) for key, value in zip(ends, found.row(tuple(ends)), strict=True)]
        rows.append(Row(abbreviate(name, _STUB), tuple(cells), kind=RowKind.DATA, name=name))
    head = f"{'Model':>{_STUB}} |"
    for key, end in ends.items():
        head += _HEADINGS[key].rjust(end - len(head))
    return Table(
        id="ic",
        stub="Model",
        columns=tuple(Column(key, _HEADINGS[key], end) for key, end in ends.items()),
        rows=tuple(rows),
        layout=TextLayout(width=max(ends.values()) + (0 if "bic" in ends else 1), stub=_STUB, head=(head,)),
        title=criteria.title,
        data=data,
    )


def _cell(key: str, value: float) -> Cell:
    value = float(value)
    return Cell(number_text(value, COUNT), value) if key == "N" else number_cell(value, GENERAL, ESTIMATE_WIDTH)


def _notes(found: InformationCriteria, criteria: Criteria, *, n_given: bool, df_given: bool) -> tuple[str, ...]:
    """Return what N is, and df where it was given."""
    using = [_HEADINGS[name] for name in ("bic", "aicc", "caic") if name in criteria.value]
    words = using[0] if len(using) == 1 else f"{', '.join(using[:-1])} and {using[-1]}"
    verb = "uses" if len(using) == 1 else "use"
    size = f"{number_text(found.n, GENERAL)}, as given." if n_given else "number of observations. See [R] IC note."
    lines = (f"Note: {words} {verb} N = {size}",)
    return (*lines, f"Note: df = {found.df}, as given.") if df_given else lines


def ic_data(models: Models, criteria: Criteria = Criteria.USUAL) -> DataTable:
    """Return the information criteria as data, a row per model."""
    columns = criteria.columns
    rows = (DataRow("", name, tuple(float(value) for value in found.row(columns))) for name, found in models)
    return DataTable("ic", columns, tuple(rows))


def ic_matrix(models: Models, criteria: Criteria = Criteria.USUAL) -> Matrix:
    """Return r(S): a row per model."""
    columns = criteria.columns
    values = np.array([found.row(columns) for _, found in models])
    return Matrix(tuple(name for name, _ in models), tuple(_STORED.get(key, key) for key in columns), values)
