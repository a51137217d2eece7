"""The typed document a command prints; renderers turn it into text, HTML, spreadsheets or widgets."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from engine.results.stored import DataTable

Value: TypeAlias = float | int | str | None


class Role(Enum):
    """What a run of lines is; renderers choose colour and weight by it."""

    TEXT = "text"
    LOG = "log"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Lines:
    """Preformatted lines, printed as they are (an empty string is a blank line).

    `foldable` groups consecutive lines that a window may fold away (the iteration log).
    """

    lines: tuple[str, ...]
    role: Role = Role.TEXT
    foldable: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A labelled number of a header; `value` is None for a heading such as ``Obs per group:``."""

    label: str
    text: str = ""
    value: Value = None
    inner: bool = False
    """True for the right-justified ``min``, ``avg``, ``max`` under a heading."""


@dataclass(frozen=True, slots=True)
class Header:
    """Title and key figures of an estimation, in two columns.

    `left` and `right` are read line by line; an empty left string or a None on the right leaves that half blank.
    `label_width` and `value_width` are the widths of the right-hand labels and values in text (0: the longest value).
    """

    left: tuple[str, ...]
    right: tuple[Figure | None, ...]
    label_width: int = 16
    value_width: int = 0


class RowKind(Enum):
    """What a table row is."""

    DATA = "data"
    GROUP = "group"
    """A heading inside the table: a factor's name, ``id: Identity``."""
    BLANK = "blank"
    """A separator with only the stub's bar."""
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value and how it is printed; `text` is empty for a blank cell."""

    text: str = ""
    value: Value = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `label` as printed (without padding), `name` the full name, `note` what replaces numbers.

    A line break in `label` continues it on the next line of text, where the earlier lines reach one column further.
    """

    label: str = ""
    cells: tuple[Cell, ...] = ()
    kind: RowKind = RowKind.DATA
    name: str = ""
    note: str = ""
    """Text such as ``(omitted)`` printed two blanks after the first cell."""
    left: bool = False
    """Label left-justified in the stub."""
    pad: int = 0
    """Blanks between the right-justified label and the bar, beyond the usual one."""
    full: str = ""
    """The label in full where `label` is shortened or broken to fit; empty when it is the same."""

    @property
    def caption(self) -> str:
        """The label for renderers that have room."""
        return self.full or self.label


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `heading` for rich tables; `end` is the 1-based text column where values end."""

    key: str
    heading: str
    end: int = 0
    left: bool = False


@dataclass(frozen=True, slots=True)
class TextLayout:
    """How the text renderer draws a table.

    `head` holds the literal heading lines (with the bar); `stub` is the width of the label column, `width` that of the
    rules, `bar` whether a ``|`` follows the stub, `top` and `bottom` whether the outer rules are drawn. A table with a
    shape of its own (the boxes of ``list``) brings its `drawn` lines, and nothing else is then looked at.
    """

    width: int
    stub: int
    head: tuple[str, ...] = ()
    bar: bool = True
    top: bool = True
    bottom: bool = True
    head_rule: bool = True
    indent: int = 0
    drawn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table as shown; `data` is the whole table behind it where there is one."""

    id: str
    stub: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    layout: TextLayout
    title: str = ""
    """Caption for rich tables; text prints its own lines."""
    data: DataTable | None = None


Block: TypeAlias = Lines | Header | Table


@dataclass(frozen=True, slots=True)
class Document:
    """What one command printed, in order."""

    blocks: tuple[Block, ...] = field(default=())
