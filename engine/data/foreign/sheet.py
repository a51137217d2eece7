"""Reading spreadsheets: Excel and OpenDocument."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.data.dates import EPOCH, MS_PER_DAY
from engine.data.file_kinds import likely_kind
from engine.data.files import content_of
from engine.data.foreign.arriving import Arrival, Arriving, assemble, first_words, listed, nothing, numbers, words
from engine.data.foreign.cells import MISSING_WORDS, STATA_MISSING, Remarks
from engine.data.foreign.sheet_extent import check_extent
from engine.data.missing import MISSING, from_doubles, missing_value, to_doubles
from engine.data.names import Case, header_names
from engine.errors import StataError

_RANGE = re.compile(r"\s*(?:([A-Za-z]{1,3})(\d{1,7}))?\s*(?::\s*(?:([A-Za-z]{1,3})(\d{1,7}))?)?\s*")
_NUMBERS = (int, float, bool)
_EPOCH_MOMENT = dt.datetime(EPOCH.year, EPOCH.month, EPOCH.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetOptions:
    """Which cells are read, and how.

    Attributes
    ----------
    sheet
        Name of the sheet, empty for the first one.
    cells
        ``B2:F100`` (each end may be left out), empty for all that are used.
    first_row
        True when the first row holds the names, None when that is found out.
    """

    sheet: str = ""
    cells: str = ""
    first_row: bool | None = False
    case: Case = Case.PRESERVE
    all_text: bool = False


def sheet_names(path: Path, *, shown: str = "") -> tuple[str, ...]:
    """Return the names of the sheets; raises `StataError` as `read_sheet`."""
    return tuple(_workbook(path, shown or path.name).sheet_names)


def read_sheet(path: Path, options: SheetOptions, *, shown: str = "") -> tuple[Arrival, bool]:
    """Return what a sheet holds, and whether its first row was read as names.

    Raises
    ------
    StataError
        601 no such file or sheet, 603 not readable, 610 no spreadsheet or damaged, 198 for a bad range, 2000 when
        there is no cell with content.
    """
    rows, first_column = _cells(path, options, shown or path.name)
    header = options.first_row if options.first_row is not None else _is_header(rows)
    headers = [str(cell).strip() for cell in rows[0]] if header else [""] * len(rows[0])
    body = rows[1:] if header else rows
    letters = [column_letters(first_column + position) for position in range(len(headers))]
    names = header_names(headers, case=options.case, fallback=lambda position: letters[position])
    remarks = Remarks()
    table = list(zip(*body, strict=True)) if body else [()] * len(headers)
    columns = []
    for name, heading, cells in zip(names, headers, table, strict=True):
        column = _column(name, cells, remarks, all_text=options.all_text)
        column.name, column.label = heading or name, heading
        columns.append(column)
    said = [f"({reason}: {listed(named)})" for reason, named in remarks.found.items()]
    return assemble(columns, names, n_obs=len(body), remarks=said), bool(header)


def column_letters(position: int) -> str:
    """Return the letters of a 0-based column (``A`` … ``Z``, ``AA`` …)."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def read_range(text: str) -> tuple[tuple[int | None, int | None], tuple[int | None, int | None]]:
    """Return the 0-based (row, column) of both ends of ``B2:F100``, None where an end is open; raises `StataError`."""
    match = _RANGE.fullmatch(text)
    if match is None:
        raise StataError(198, f"cellrange({text}) invalid: write the first and the last cell, as in B2:F100")
    ends: list[tuple[int | None, int | None]] = []
    for letters, row in ((match[1], match[2]), (match[3], match[4])):
        ends.append((int(row) - 1, _column_number(letters)) if row else (None, None))
    if ends[0][0] == -1 or ends[1][0] == -1:
        raise StataError(198, f"cellrange({text}) invalid: rows count from 1")
    return ends[0], ends[1]


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def _workbook(path: Path, name: str) -> Any:
    import python_calamine

    content = content_of(path, name, "a spreadsheet")
    if content.startswith(b"PK"):
        check_extent(content, name)
    try:
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except python_calamine.PasswordError:
        raise StataError(603, f"file {name} is protected by a password; save it without one") from None
    except (python_calamine.CalamineError, python_calamine.ZipError, python_calamine.XmlError) as error:
        likely = likely_kind(content)
        if "zip" in likely:
            likely = "a damaged or truncated one"
        hint = f"; it looks like {likely}" if likely else ""
        reason = "" if hint else f": {error}"
        raise StataError(610, f"file {name} is not a spreadsheet{hint}{reason}") from None
    except Exception as error:  # whatever else the library meets in a damaged file
        raise StataError(610, f"file {name} is damaged: {first_words(error)}") from None


def _cells(path: Path, options: SheetOptions, name: str) -> tuple[list[list[Any]], int]:
    """Return the rows of the range, all of one length, and the 0-based number of its first column."""
    workbook = _workbook(path, name)
    known = workbook.sheet_names
    wanted = options.sheet or (known[0] if known else "")
    if wanted not in known:
        raise StataError(601, f"worksheet {wanted or '1'} not found; there are {listed(known) or 'none'}")
    try:
        rows = workbook.get_sheet_by_name(wanted).to_python(skip_empty_area=False)
    except Exception as error:  # a sheet that is damaged inside, or no sheet of cells
        reason = first_words(error)
        raise StataError(610, f"worksheet {wanted} of {name} cannot be read: {reason}") from None
    (top, left), (bottom, right) = read_range(options.cells)
    first_column = left or 0
    rows = [row[first_column : None if right is None else right + 1] for row in rows]
    rows = rows[top or 0 : None if bottom is None else bottom + 1]
    if top is None:
        while rows and not any(cell != "" for cell in rows[0]):
            rows = rows[1:]
    while rows and bottom is None and not any(cell != "" for cell in rows[-1]):
        rows = rows[:-1]
    if not rows or not rows[0] or not any(cell != "" for row in rows for cell in row):
        raise StataError(2000, f"worksheet {wanted} of {name} has no cell with content in the range")
    if left is None:
        empty = min(next((k for k, cell in enumerate(row) if cell != ""), len(row)) for row in rows)
        rows, first_column = [row[empty:] for row in rows], empty
    return rows, first_column


def _is_header(rows: Sequence[Sequence[Any]]) -> bool:
    """Tell whether the first row holds names: text in every cell that has one."""
    first = [cell for cell in rows[0] if cell != ""]
    return bool(first) and all(isinstance(cell, str) for cell in first)


def _column(name: str, cells: Sequence[Any], remarks: Remarks, *, all_text: bool) -> Arriving:
    present = [cell for cell in cells if cell != ""]
    if not present:
        return nothing(name, len(cells))
    if all_text:
        return _texts(name, cells)
    written = {cell for cell in present if isinstance(cell, str)}
    letters = {cell for cell in written if STATA_MISSING.fullmatch(cell)}
    absent = (written & set(MISSING_WORDS)) | letters
    valued = [cell for cell in present if not (isinstance(cell, str) and cell in absent)]
    kinds = {type(cell) for cell in valued}
    if valued and absent and str not in kinds:
        column = _valued(name, ["" if isinstance(cell, str) else cell for cell in cells], kinds, remarks)
        if column.storage.startswith("str"):
            return _texts(name, cells)
        if absent - letters:
            remarks.add(f"{', '.join(sorted(absent - letters))} read as missing", name)
        return _with_letters(column, cells, letters - {"."})
    if str in kinds or not valued:
        if len(kinds) > 1:
            remarks.add("left as text, because text and numbers or dates are mixed", name)
        return _texts(name, cells)
    return _valued(name, cells, kinds, remarks)


def _with_letters(column: Arriving, cells: Sequence[Any], letters: set[str]) -> Arriving:
    """Return a column of numbers in which ``.a`` … ``.z``, written as text, are missing values."""
    if letters:
        values = to_doubles(column.values, column.storage)
        for letter in letters:
            values[[cell == letter for cell in cells]] = missing_value(letter[1])
        column.values = from_doubles(values, column.storage)
    return column


def _valued(name: str, cells: Sequence[Any], kinds: set[type], remarks: Remarks) -> Arriving:
    """Return a column without text: numbers, dates or times; empty cells are missing."""
    if kinds <= set(_NUMBERS):
        return numbers(name, np.array([MISSING if cell == "" else float(cell) for cell in cells]))
    if kinds <= {dt.date, dt.datetime}:
        return _moments(name, cells)
    if kinds <= {dt.time, dt.timedelta}:
        return _times(name, cells)
    remarks.add("left as text, because numbers, dates or times are mixed", name)
    return _texts(name, cells)


def _texts(name: str, cells: Sequence[Any]) -> Arriving:
    column = np.empty(len(cells), dtype=object)
    column[:] = [_shown(cell) for cell in cells]
    return words(name, column)


def _shown(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell)


def _moments(name: str, cells: Sequence[Any]) -> Arriving:
    if all(cell == "" or type(cell) is dt.date or cell.time() == dt.time() for cell in cells):
        return numbers(name, np.array([MISSING if cell == "" else float(_day(cell)) for cell in cells]), "%td")
    values = np.array([MISSING if cell == "" else _milliseconds(cell) for cell in cells])
    return Arriving(name=name, storage="double", values=values, format="%tc")


def _day(cell: dt.date) -> int:
    return cell.toordinal() - EPOCH.toordinal()


def _milliseconds(cell: dt.date) -> float:
    if not isinstance(cell, dt.datetime):
        return float(_day(cell)) * MS_PER_DAY
    return float(round((cell - _EPOCH_MOMENT) / dt.timedelta(milliseconds=1)))


def _times(name: str, cells: Sequence[Any]) -> Arriving:
    """Return times of day and durations in milliseconds."""
    values = np.full(len(cells), MISSING)
    for row, cell in enumerate(cells):
        if isinstance(cell, dt.time):
            span = dt.datetime.combine(dt.date.min, cell) - dt.datetime.min
            values[row] = round(span / dt.timedelta(milliseconds=1))
        elif isinstance(cell, dt.timedelta):
            values[row] = round(cell / dt.timedelta(milliseconds=1))
    return Arriving(name=name, storage="double", values=values, format="%tcHH:MM:SS")
