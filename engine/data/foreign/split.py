"""A text file taken apart into columns of cells; what does not fit is refused with its line."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.data.foreign.arriving import first_words
from engine.errors import StataError

if TYPE_CHECKING:
    import _csv

    import pyarrow as pa

SAMPLE = 65_536
"""Bytes that are looked at to find the separator."""

_JOINED = "\x1f"
"""Stands between cells while several signs separate them."""

_CANDIDATES = (",", "\t", ";", "|")
_SMALLEST_BLOCK = 1 << 22
_LARGEST_BLOCK = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Separator:
    """What stands between cells: one of `signs`, or all of them as one string; several in a row may count as one."""

    signs: str
    collapse: bool = False
    as_string: bool = False

    @property
    def plain(self) -> bool:
        """Whether it is a single sign of one byte."""
        return len(self.signs) == 1 and self.signs.isascii() and not self.collapse


def find_separator(text: bytes, name: str) -> Separator:
    """Return the separator that cuts the first lines of UTF-8 text into the most even rows.

    A tab, comma, semicolon or bar; blanks only when nothing else is there and the file is not called ``.csv``.
    """
    sample = text[:SAMPLE].decode("utf-8", errors="ignore")
    complete = len(text) <= SAMPLE
    best, best_score = ",", (0.0, 0)
    for sign in _CANDIDATES:
        widths = _widths(sample, sign, complete=complete)
        usual = max(set(widths), key=widths.count, default=1)
        if usual > 1:
            score = (round(widths.count(usual) / len(widths), 2), usual)
            if score > best_score:
                best, best_score = sign, score
    if best_score == (0.0, 0) and not name.lower().endswith((".csv", ".tsv")):
        lines = [line.split() for line in sample.splitlines()[: None if complete else -1] if line.strip()]
        if len(lines) > 1 and len(lines[0]) > 1 and all(len(line) == len(lines[0]) for line in lines):
            return Separator(" \t", collapse=True)
    return Separator(best)


def _widths(sample: str, sign: str, *, complete: bool) -> list[int]:
    """Return how many cells the rows of the sample have, its last one left out where it is cut off."""
    try:
        rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=sign))
    except csv.Error:
        return []
    widths = [len(row) for row in rows if row]
    return widths if complete or len(widths) < 2 else widths[:-1]


def split_cells(
    text: bytes, separator: Separator, *, name: str, first_line: int = 1, quotes: bool = True
) -> list[pa.ChunkedArray]:
    """Return the columns of UTF-8 text as arrays of cells, the first row included.

    Empty lines are skipped; quoted cells may hold separators and line ends. Empty cells are null. `first_line` is the
    number of the first line in its file.

    Raises
    ------
    StataError
        610 with the line for a row that has more or fewer cells than the first, or a quote that is not closed.
    """
    import pyarrow as pa
    import pyarrow.csv

    joined = text if separator.plain else _joined(text, separator, quotes=quotes)
    if not joined.endswith((b"\n", b"\r")):
        joined += b"\n"
    sign = separator.signs if separator.plain else _JOINED
    width = _first_width(joined, sign, quotes=quotes)
    if not width:
        return []
    quoted = quotes and b'"' in joined
    if quoted and joined.count(b'"') % 2:
        _refuse_uneven(joined, sign, name, first_line, quotes=quotes)
    block = min(max(_SMALLEST_BLOCK, 64 * (joined.find(b"\n") + 1), _SMALLEST_BLOCK), _LARGEST_BLOCK)
    for size in (block, min(max(len(joined), 1), _LARGEST_BLOCK)):
        try:
            table = pyarrow.csv.read_csv(
                pa.py_buffer(joined),
                read_options=pyarrow.csv.ReadOptions(
                    autogenerate_column_names=True,
                    block_size=size,
                    use_threads=not quoted,  # with line ends in cells they only wait for one another
                ),
                parse_options=pyarrow.csv.ParseOptions(
                    delimiter=sign,
                    quote_char='"' if quotes else False,
                    newlines_in_values=quoted,
                ),
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types={f"f{k}": pa.large_string() for k in range(width)},
                    strings_can_be_null=True,
                    null_values=[""],
                ),
            )
        except pa.ArrowInvalid as error:
            if "straddling" in str(error) and size == block:
                continue
            _refuse_uneven(joined, sign, name, first_line, quotes=quotes)
            raise StataError(610, f"file {name} could not be taken apart: {first_words(error)}") from None
        break
    return list(table.columns)


def _joined(text: bytes, separator: Separator, *, quotes: bool) -> bytes:
    """Return the text with one sign for all separators outside quotes."""
    signs = re.escape(separator.signs) if separator.as_string else f"[{re.escape(separator.signs)}]"
    repeat = "+" if separator.collapse else ""
    quoted = '"(?:[^"]|"")*"|' if quotes else ""
    pattern = re.compile(
        rf"({quoted}(?!))|(?:{signs}){repeat}" if not quotes else rf'("(?:[^"]|"")*")|(?:{signs}){repeat}'
    )
    whole = text.decode("utf-8", errors="replace")
    if separator.collapse:
        whole = re.sub(rf"(?m)^(?:{signs})+|(?:{signs})+$", "", whole)
    return pattern.sub(lambda found: found.group(1) or _JOINED, whole).encode()


def _rows(text: bytes, sign: str, *, quotes: bool) -> _csv.Reader:
    stream = io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", errors="replace", newline="")
    csv.field_size_limit(2**31 - 1)
    return csv.reader(stream, delimiter=sign, quoting=csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE, strict=quotes)


def _first_width(text: bytes, sign: str, *, quotes: bool) -> int:
    """Return how many cells the first row has, 0 when there is none."""
    try:
        return next((len(row) for row in _rows(text, sign, quotes=quotes) if row), 0)
    except csv.Error:
        return 1


def _refuse_uneven(text: bytes, sign: str, name: str, first_line: int, *, quotes: bool) -> None:
    """Raise the error with the line of the first row that does not fit; return when all do."""
    reader = _rows(text, sign, quotes=quotes)
    width, begin = 0, 0
    try:
        for row in reader:
            if row:
                width = width or len(row)
                if len(row) != width:
                    raise StataError(610, _uneven(name, (first_line + begin, first_line), row, width))
            begin = reader.line_num
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            message = f"file {name}, line {first_line + begin}: a quote is opened and not closed until the end"
            raise StataError(610, message) from None


def _uneven(name: str, lines: tuple[int, int], row: list[str], width: int) -> str:
    """Return what is wrong with a row; `lines` are its number and that of the first one."""
    line, first = lines
    cells = "cell" if len(row) == 1 else "cells"
    message = f"file {name}, line {line}: {len(row)} {cells} where line {first} has {width}"
    if len(row) == width + 1 and line == first + 1:
        ended = "a separator ends the line, but not the first one"
        message += f"; {'a heading for the row names seems to be missing' if row[-1].strip() else ended}"
    return message + "; delimiters(), rowrange() or bindquotes(nobind) may help"
