"""Reading text files with separated values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.data.file_kinds import likely_kind
from engine.data.files import read_bytes
from engine.data.foreign.arriving import Arrival, assemble, listed
from engine.data.foreign.cells import (
    AS_FOUND,
    MISSING_WORDS,
    CellRules,
    DistinctCells,
    Forced,
    Remarks,
    find_decimal,
    number_column,
    quick_numbers,
    read_column,
)
from engine.data.foreign.decode import to_utf8, unpacked
from engine.data.foreign.split import Separator, find_separator, split_cells
from engine.data.missing import MISSING
from engine.data.names import Case, header_names
from engine.errors import StataError

if TYPE_CHECKING:
    import pyarrow as pa

_YEAR = re.compile(r"1[89]\d\d|20\d\d")
_DOS_END = b"\x1a"
_SAYS_SEPARATOR = re.compile(rb'"?sep=([,;|\t])"?\r?\n', re.IGNORECASE)
"""The line that a spreadsheet program understands above the first one."""

_LOOKED_AT = 200
"""Rows below a heading that are looked at to tell whether it is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DelimitedOptions:
    """What is known about a text file; what is not said is found out.

    Attributes
    ----------
    header
        Line of the variable names; 0 none, None found out.
    names
        Names given to the first columns instead of those of the file.
    text_columns, number_columns
        1-based positions; None stands for all.
    rows, columns
        1-based first and last line or column, None open.
    """

    separator: Separator | None = None
    header: int | None = None
    names: tuple[str, ...] = ()
    case: Case = Case.LOWER
    encoding: str = ""
    cells: CellRules = AS_FOUND
    text_columns: frozenset[int] | None = frozenset()
    number_columns: frozenset[int] | None = frozenset()
    rows: tuple[int | None, int | None] = (None, None)
    columns: tuple[int | None, int | None] = (None, None)
    quotes: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found out about a text file; `header` is False without a line of names."""

    separator: Separator
    decimal: str
    encoding: str
    header: bool


def read_delimited(path: Path, options: DelimitedOptions, *, shown: str = "") -> tuple[Arrival, Found]:
    """Return what a text file holds.

    Raises
    ------
    StataError
        601, 603 as `read_bytes`; 610 for what is no text or is not cut evenly (with the line), 2000 without any line.
    """
    name = shown or path.name
    content = unpacked(read_bytes(path), name)
    return delimited_from_bytes(content, options, name)


def delimited_from_bytes(content: bytes, options: DelimitedOptions, name: str) -> tuple[Arrival, Found]:
    """Return what the content of a text file holds; `name` is used in messages."""
    if not options.encoding and likely_kind(content) not in ("", "a text file with separated values"):
        raise StataError(610, f"file {name} is not a text file; it looks like {likely_kind(content)}")
    text, encoding = to_utf8(content, options.encoding, name)
    text = text.removesuffix(_DOS_END)
    if options.separator is None and (said := _SAYS_SEPARATOR.match(text)):
        options = replace(options, separator=Separator(said[1].decode()))
        text = b"\n" + text[said.end() :]  # keeps the numbers of the lines; empty ones do not count
    text, first_line = _wanted_lines(text, options)
    if re.search(rb"\S", text) is None:
        raise StataError(2000, f"file {name} holds no line of data")
    separator = options.separator or find_separator(text, name)
    cells = split_cells(text, separator, name=name, first_line=first_line, quotes=options.quotes)
    first, last = options.columns
    cells = cells[(first or 1) - 1 : last]
    if not cells:
        raise StataError(2000, f"file {name} holds no such column")
    header = options.header > 0 if options.header is not None else _has_header(cells)
    headers = [_first_cell(column) if header else "" for column in cells]
    body = [column.slice(1) if header else column for column in cells]
    arrival, rules = _typed(headers, body, options, offset=(first or 1))
    if options.header is None and header and 2 * sum(map(bool, headers)) < len(headers):
        few = f"(the first line names {sum(map(bool, headers))} of {len(headers)} columns; varnames() chooses another)"
        arrival = replace(arrival, remarks=(few, *arrival.remarks))
    if rules.decimal == "," and not options.cells.decimal:
        arrival = replace(arrival, remarks=("(decimal comma found: 1,5 is one and a half)", *arrival.remarks))
    return arrival, Found(separator=separator, decimal=rules.decimal, encoding=encoding, header=header)


def _wanted_lines(text: bytes, options: DelimitedOptions) -> tuple[bytes, int]:
    """Return the line of names and the lines of ``rowrange()``, and the number of the first one."""
    first, last = options.rows
    header = options.header or 0
    if (first or 1) <= 1 and last is None and header <= 1:
        return text, 1
    lines = text.splitlines(keepends=True)
    start = max(first or 1, header + 1)
    body = lines[start - 1 : last]
    if header:
        return b"".join([*lines[header - 1 : header], *body]), header
    if options.header is None and start > 1 and lines:
        return b"".join([lines[0], *body]), 1
    return b"".join(body), start


def _first_cell(column: pa.ChunkedArray) -> str:
    return str(column[0].as_py() or "").strip()


def _has_header(cells: Sequence[pa.ChunkedArray]) -> bool:
    """Tell whether the first row holds names: a word above numbers, or words only, most of them different."""
    first = [_first_cell(column) for column in cells]
    named = [text for text in first if text]
    if not named or 2 * len(set(named)) < len(named) or all(_is_value(text) for text in named):
        return False
    above = [
        column.slice(1, _LOOKED_AT)
        for text, column in zip(first, cells, strict=True)
        if text and not _is_value(text) and len(column) > 1
    ]
    if any(values is not None and (values < MISSING).any() for values in map(quick_numbers, above)):
        return True
    values = [text for text in named if _is_value(text)]
    return not values or _are_years(values)


def _are_years(values: Sequence[str]) -> bool:
    """Tell whether cells are different years, as stand above the columns of a wide table."""
    return len(values) > 1 and len(set(values)) == len(values) and all(_YEAR.fullmatch(text) for text in values)


def _is_value(text: str) -> bool:
    """Tell whether a cell is a number or a sign for a missing value rather than a name."""
    return text in MISSING_WORDS or re.fullmatch(r"[-+]?[\d.,]*\d[\d.,]*(e[-+]?\d+)?|\.[a-z]?", text, re.I) is not None


def _typed(
    headers: Sequence[str], body: Sequence[pa.ChunkedArray], options: DelimitedOptions, *, offset: int
) -> tuple[Arrival, CellRules]:
    """Return the data set, and the rules by which its cells were read."""
    if len(options.names) > len(headers):
        message = f"{len(options.names)} names for {len(headers)} columns"
        raise StataError(198, message)
    fallback = [f"v{offset + position}" for position in range(len(headers))]
    given = options.names
    if len(set(given)) < len(given):
        raise StataError(110, "two columns would have the same name")
    own = headers[len(given) :]
    names = header_names(own, case=options.case, fallback=lambda k: fallback[len(given) + k], taken=given)
    names = (*given, *names)
    rules = options.cells
    forced = [_forced(offset + position, options) for position in range(len(headers))]
    plain = rules.decimal in ("", ".") and not rules.group
    quick = [
        quick_numbers(cells) if plain and f is not Forced.TEXT else None for cells, f in zip(body, forced, strict=True)
    ]
    coded = [DistinctCells.of(cells) if values is None else None for cells, values in zip(body, quick, strict=True)]
    if not rules.decimal:
        texts = [cells.texts for cells in coded if cells is not None]
        rules = replace(rules, decimal=find_decimal(texts) if rules.group != "," else ".")
    remarks = Remarks()
    columns = []
    for name, header, cells, how, values in zip(names, headers, coded, forced, quick, strict=True):
        if cells is not None:
            column = read_column(name, cells, rules, how, remarks)
        elif values is not None:
            column = number_column(name, values, rules)
        column.name, column.label = (name, header if header != name else "") if name in given else (header or name, "")
        columns.append(column)
    said = [f"({reason}: {listed(named)})" for reason, named in remarks.found.items()]
    return assemble(columns, names, n_obs=len(body[0]), remarks=said), rules


def _forced(position: int, options: DelimitedOptions) -> Forced:
    if options.text_columns is None or position in options.text_columns:
        return Forced.TEXT
    if options.number_columns is None or position in options.number_columns:
        return Forced.NUMBERS
    return Forced.NOTHING
