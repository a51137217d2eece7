"""Tables as delimited text: tabs for the clipboard, CSV files at full precision."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine.data.missing import MISSING
from engine.errors import StataError
from engine.results.stored import DataTable
from engine.tables.document import Cell, Row, RowKind, Table

BOM = "\ufeff"


def render_tsv(table: Table) -> str:
    """Return the table as shown, one line per row, cells separated by tabs.

    Counts lose their thousands separators, so that spreadsheets read them as numbers in any language.
    """
    heading = [table.stub, *(column.heading for column in table.columns)]  # the limits of an interval share one
    rows = (
        [row.caption, *_texts(row, len(table.columns))]
        for row in table.rows
        if row.kind not in (RowKind.BLANK, RowKind.RULE)
    )
    return "".join("\t".join(_plain(text) for text in line) + "\n" for line in (heading, *rows))


def render_csv(table: DataTable) -> str:
    """Return a table as CSV (RFC 4180): every digit of a double, missing values empty."""
    heading = ("eq", "name", *table.columns, "status")
    rows = ((row.eq, row.name, *(_digits(value) for value in row.values), row.status) for row in table.rows)
    return "".join(_csv_line(fields) for fields in (heading, *rows))


def save_csv(table: DataTable, path: str | Path, *, bom: bool = False) -> None:
    """Write a table to a CSV file in UTF-8, with a byte order mark (for older spreadsheets) on request; r(603)."""
    text = render_csv(table)
    try:
        Path(path).write_bytes(((BOM if bom else "") + text).encode("utf-8"))
    except OSError as problem:
        raise StataError(603, f"file {path} could not be written: {problem.strerror}") from None


def _texts(row: Row, n_columns: int) -> list[str]:
    texts = [_cell(cell) for cell in row.cells]
    if row.note:
        texts.append(row.note)
    return texts + [""] * (n_columns - len(texts))


def _cell(cell: Cell) -> str:
    return str(cell.value) if isinstance(cell.value, int) else cell.text


def _plain(text: str) -> str:
    """Return text on one line without tabs."""
    return " ".join(text.split())


def _digits(value: float) -> str:
    """Return the shortest text that reads back as the same double; empty for a missing value."""
    if not abs(value) < MISSING:  # NaN included
        return ""
    return str(int(value)) if float(value).is_integer() and abs(value) < 2**53 else repr(float(value))


def _csv_line(fields: Iterable[str]) -> str:
    return ",".join(_quoted(field) for field in fields) + "\r\n"


def _quoted(field: str) -> str:
    if any(mark in field for mark in ',"\r\n'):
        return '"' + field.replace('"', '""') + '"'
    return field
