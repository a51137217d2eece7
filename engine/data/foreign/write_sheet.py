"""Writing Excel spreadsheets."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.data.dataset import Dataset, Variable
from engine.data.dates import EPOCH, day_of
from engine.data.files import whole_file
from engine.data.formats import format_value, parse_format
from engine.data.missing import MISSING, missing_text
from engine.errors import StataError

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
_FIRST_DATE = dt.date(1900, 3, 1)
"""The first day that Excel counts rightly; earlier ones are written as text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetTarget:
    """Where and how cells are written; `first_row` is ``variables``, ``varlabels`` or empty."""

    sheet: str = "Sheet1"
    first_row: str = ""
    labels: bool = True


def write_sheet(dataset: Dataset, path: Path, target: SheetTarget) -> tuple[str, ...]:
    """Write an .xlsx file, whole or not at all, and return remarks; raises `StataError` 603, 198 or 459."""
    import openpyxl

    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        raise StataError(198, f"{path.name}: spreadsheets are written as .xlsx")
    if dataset.n_obs + bool(target.first_row) > MOST_ROWS or len(dataset.variables) > MOST_COLUMNS:
        raise StataError(459, f"a worksheet holds at most {MOST_ROWS:,} rows and {MOST_COLUMNS:,} columns")
    if not target.sheet or len(target.sheet) > 31 or any(mark in target.sheet for mark in "[]:*?/\\"):
        raise StataError(198, f"{target.sheet} cannot be the name of a worksheet")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(target.sheet)
    if target.first_row:
        named = target.first_row == "variables"
        sheet.append([v.name if named else v.label or v.name for v in dataset.variables])
    remarks: list[str] = []
    columns = [_cells(dataset, variable, target, remarks) for variable in dataset.variables]
    for row in zip(*columns, strict=True):
        sheet.append(row)
    with whole_file(path) as temporary:
        book.save(temporary)
    return tuple(remarks)


def _cells(dataset: Dataset, variable: Variable, target: SheetTarget, remarks: list[str]) -> list[Any]:
    column = dataset.columns[variable.name]
    if variable.is_string:
        texts = [text if isinstance(text, str) else text.decode("latin-1") for text in column]
        if any(len(text) > 32767 for text in set(texts)):
            raise StataError(459, f"{variable.name} holds text that is longer than a cell can be (32,767 characters)")
        return [_printable(text) for text in texts]
    values = dataset.numeric(variable.name)
    distinct, inverse = np.unique(values, return_inverse=True)
    labels = dataset.labels_of(variable.name) if target.labels else {}
    kind = getattr(parse_format(variable.format), "kind", "")
    single = variable.storage == "float"
    cells = [_cell(value, labels.get(value), kind, variable.format, single=single) for value in distinct.tolist()]
    if kind in ("td", "tc") and any(isinstance(cell, str) for cell in cells) and not labels:
        remarks.append(f"(dates of {variable.name} that Excel does not have, as those before March 1900, are text)")
    return [cells[position] for position in inverse.reshape(-1).tolist()]


def _printable(text: str) -> str | None:
    """Return text without the control characters that a spreadsheet cannot hold, None for none."""
    return "".join(mark for mark in text if mark >= " " or mark in "\t\n\r") or None


def _cell(value: float, label: str | None, kind: str, fmt: str, *, single: bool) -> Any:
    if label is not None:
        return _printable(label)
    if value >= MISSING:
        text = missing_text(value)
        return None if text == "." else text
    if kind in ("td", "tc"):
        return _moment(value, kind, fmt)
    if kind.startswith("t"):
        return format_value(value, fmt)
    if value == int(value) and abs(value) < 1e15:
        return int(value)
    return float(str(np.float32(value))) if single else value


def _moment(value: float, kind: str, fmt: str) -> Any:
    if kind == "td":
        day = day_of(value) if value == int(value) else None
        return day if day is not None and day >= _FIRST_DATE else format_value(value, fmt)
    try:
        moment = dt.datetime(EPOCH.year, EPOCH.month, EPOCH.day) + dt.timedelta(milliseconds=value)
    except OverflowError:
        return format_value(value, fmt)
    return moment if moment.date() >= _FIRST_DATE else format_value(value, fmt)
