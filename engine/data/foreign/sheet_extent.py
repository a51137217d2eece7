"""How much memory a spreadsheet would take, before it is read: its library keeps every cell of a sheet's rectangle."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import IO

from engine.data.room import check_room

_BYTES_OF_CELL = 32.0
"""What the library keeps for each cell, empty ones too."""
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_REFERENCE = re.compile(rb'<dimension[^>]*ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_HEAD = 4096
_PIECE = 1 << 24
_OVERLAP = 256


def check_extent(content: bytes, name: str) -> None:
    """Raise `StataError` 909 when a zipped spreadsheet unpacks to, or reaches over, more than the memory can hold.

    What is no readable zip file passes: the reader says what is wrong with it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            check_room(float(sum(entry.file_size for entry in entries)), name)
            for entry in entries:
                if _SHEET.fullmatch(entry.filename):
                    with archive.open(entry) as sheet:
                        _check_sheet(sheet, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        return


def _check_sheet(sheet: IO[bytes], name: str) -> None:
    """Look at the extent that a sheet declares; where that is much, or nothing, at the cells themselves."""
    head = sheet.read(_HEAD)
    declared = _REFERENCE.search(head)
    rows, columns = (int(declared[4]), _number(declared[3])) if declared else (0, 0)
    if declared and rows * columns < _MODEST:
        return
    rows, columns = 0, 0
    while head:
        for letters, row in set(_CELL.findall(head)):
            rows, columns = max(rows, int(row)), max(columns, _number(letters))
        more = sheet.read(_PIECE)
        head = head[-_OVERLAP:] + more if more else b""
    check_room(_BYTES_OF_CELL * rows * columns, name, f"because a sheet reaches to row {rows:,} and column {columns:,}")


_MODEST = 10_000_000
"""Cells that never matter."""


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number
