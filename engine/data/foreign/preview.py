"""The first rows of a foreign file as they would be read."""

from __future__ import annotations

import contextlib
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

from engine.data.dataset import Dataset, Variable
from engine.data.files import read_bytes
from engine.data.foreign.arriving import Arrival
from engine.data.foreign.decode import GZIP, unpacked
from engine.data.foreign.delimited import DelimitedOptions, delimited_from_bytes
from engine.data.foreign.sheet import SheetOptions, read_sheet, sheet_names
from engine.data.formats import format_value
from engine.data.missing import to_doubles

LOOKED_AT = 1 << 20
"""Bytes of a text file that a preview reads."""

MOST_CELLS = 20_000
_LEAST_ROWS = 10
"""What a preview shows of a wide table: so many cells, but no fewer rows."""

_SIGN_NAMES = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar", " \t": "blanks", " ": "blank"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileColumn:
    """A variable as it would be: name, storage type, format and label."""

    name: str
    storage: str
    format: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePreview:
    """What an import would give.

    Attributes
    ----------
    rows
        The first observations as they would be shown, labels for values.
    n_obs
        Observations looked at; `whole` is False when the file goes on.
    separator, decimal, encoding, header
        What was found out about a text file (the separator by name); `header` also about a spreadsheet.
    sheets
        Worksheets of a spreadsheet.
    remarks
        What the import would say.
    """

    columns: tuple[FileColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    n_obs: int
    whole: bool = True
    separator: str = ""
    decimal: str = ""
    encoding: str = ""
    header: bool = True
    sheets: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def preview_delimited(path: Path, options: DelimitedOptions, *, rows: int) -> FilePreview:
    """Return the beginning of a text file; raises `StataError` as reading it would."""
    content, whole = _beginning(path)
    arrival, found = delimited_from_bytes(content, options, path.name)
    return replace(
        _shown(arrival, rows),
        whole=whole,
        separator=_SIGN_NAMES.get(found.separator.signs, found.separator.signs),
        decimal=found.decimal,
        encoding=found.encoding,
        header=found.header,
    )


def preview_sheet(path: Path, options: SheetOptions, *, rows: int) -> FilePreview:
    """Return the beginning of a worksheet; raises `StataError` as reading it would."""
    sheets = sheet_names(path)
    arrival, header = read_sheet(path, options)
    return replace(_shown(arrival, rows), sheets=sheets, header=header)


def _shown(arrival: Arrival, rows: int) -> FilePreview:
    dataset = arrival.dataset
    columns = tuple(
        FileColumn(name=v.name, storage=v.storage, format=v.format, label=v.label) for v in dataset.variables
    )
    rows = min(rows, max(MOST_CELLS // max(len(columns), 1), _LEAST_ROWS))
    table = [_cells(dataset, variable, rows) for variable in dataset.variables]
    return FilePreview(
        columns=columns,
        rows=tuple(zip(*table, strict=True)),
        n_obs=dataset.n_obs,
        remarks=tuple(remark.strip("()") for remark in arrival.remarks),
    )


def _cells(dataset: Dataset, variable: Variable, rows: int) -> list[str]:
    column = dataset.columns[variable.name][:rows]
    if variable.is_string:
        return [str(text) for text in column]
    entry = dataset.value_labels.get(variable.value_label)
    labels = entry.texts if entry is not None else {}
    values = to_doubles(column, variable.storage).tolist()
    return [labels.get(value) or format_value(value, variable.format) for value in values]


def _beginning(path: Path) -> tuple[bytes, bool]:
    """Return the first lines of a file, unpacked, and whether they are all of it."""
    content = read_bytes(path, LOOKED_AT + 1)
    if content.startswith(GZIP):
        packed, unpack = content, zlib.decompressobj(wbits=31)
        with contextlib.suppress(zlib.error):
            content = unpack.decompress(packed, LOOKED_AT + 1)
        if unpack.eof and len(content) <= LOOKED_AT:
            return content, True
        if content is packed or max(len(content), len(packed)) <= LOOKED_AT:
            return unpacked(packed, path.name), True  # says what is wrong with it
    elif len(content) <= LOOKED_AT:
        return content, True
    end = b"\n\x00" if content.startswith(b"\xff\xfe") else b"\n"
    cut = content.rfind(end, 0, LOOKED_AT) + len(end)
    while cut > len(end) and content.count(b'"', 0, cut) % 2:  # within a quoted cell
        cut = content.rfind(end, 0, cut - len(end)) + len(end)
    return content[: cut if cut > len(end) else LOOKED_AT], False
