"""A table of a result for the rich view: its printed texts, limits as one column, each number explained."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.api import Column, Row, RowKind, Table
from mixedgui.models.explainer import Explainer

if TYPE_CHECKING:
    from engine.api import Explanation

KIND_ROLE = Qt.ItemDataRole.UserRole + 2
"""The `RowKind` of a row."""

INDENTED_ROLE = Qt.ItemDataRole.UserRole + 3
"""Whether a row belongs to the group above it."""

EXPLANATION_ROLE = Qt.ItemDataRole.UserRole + 4
"""The `Explanation` of a number, None where there is none."""

DIGIT_SPACE = "\u2007"
"""A blank as wide as a digit."""

_Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ResultTableModel(QAbstractTableModel):
    """The rows of a `Table` that have something to show.

    Attributes
    ----------
    reach
        The ends of the axis on which intervals are drawn; None where none are.
    """

    reach: tuple[float, float] | None = None

    def __init__(self, table: Table, explainer: Explainer | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._explainer = explainer
        self._places = {column.key: place for place, column in enumerate(table.columns)}
        self._rows: list[Row] = []
        self._numbers: list[int] = []
        self._indented: list[bool] = []
        self._read(table.rows)
        self._keys = list(self._columns())

    def _read(self, rows: Sequence[Row]) -> None:
        """Keep what has a label or a number; a rule or a blank row ends the group before it."""
        inside = False
        for number, row in enumerate(rows):
            if row.kind in {RowKind.RULE, RowKind.BLANK}:
                inside = False
                continue
            self._rows.append(row)
            self._numbers.append(number)
            self._indented.append(inside and row.kind is RowKind.DATA)
            inside = inside or row.kind is RowKind.GROUP

    def _columns(self) -> Iterator[str]:
        yield "stub"
        joined = "ll" in self._places and "ul" in self._places and not self._column("ul").heading
        for column in self._table.columns:
            if column.key == "ll" and joined:
                yield "interval"
            elif column.key != "ul" or not joined:
                yield column.key

    def value(self, row: Row, key: str) -> float:
        """Return the number of a row in a column of the table, NaN where there is none."""
        place = self._places.get(key, -1)
        value = row.cells[place].value if 0 <= place < len(row.cells) else None
        return float(value) if isinstance(value, (int, float)) else math.nan

    @property
    def title(self) -> str:
        """What the table is called by assistive technology."""
        return self._table.title or self._table.stub or self._table.id

    # --- what a view asks for ----------------------------------------------------------------------------------------

    @property
    def keys(self) -> Sequence[str]:
        """The columns: ``stub``, keys of the table, ``interval`` for both limits."""
        return self._keys

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many rows there are."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(self._keys)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the headings."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        key = self._keys[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(key)
        if role == Qt.ItemDataRole.ToolTipRole and self._explainer is not None and key != "stub":
            return self._explainer.column(self._table, key) or None
        return self.heading(key) if role == Qt.ItemDataRole.DisplayRole else None

    def heading(self, key: str) -> str:
        """Return the heading of a column."""
        if key == "stub":
            return self._table.stub
        if key == "interval":
            return self._column("ll").heading.replace("[", "").replace("]", "").replace("%", " %")
        return self._column(key).heading.replace("P>", "P > ")

    def is_left(self, key: str) -> bool:
        """Tell whether a column holds words, which begin at the left."""
        return key == "stub" or (key in self._places and self._column(key).left)

    def _alignment(self, key: str) -> Qt.AlignmentFlag:
        return _LEFT if self.is_left(key) else _RIGHT

    def _column(self, key: str) -> Column:
        return self._table.columns[self._places[key]]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a view or a screen reader asks for."""
        if not index.isValid():
            return None
        row, key = self._rows[index.row()], self._keys[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text(row, key)
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(key)
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                found = self.explanation(index)
                return found.text() if found is not None else row.name or row.caption
            case _ if role == EXPLANATION_ROLE:
                return self.explanation(index)
            case _ if role == KIND_ROLE:
                return row.kind
            case _ if role == INDENTED_ROLE:
                return self._indented[index.row()]
        return None

    def kind(self, row: int) -> RowKind:
        """Tell what a row is."""
        return self._rows[row].kind

    def shown(self, row: int, key: str) -> str:
        """Return what the cell of a row shows in a column."""
        return self.text(self._rows[row], key)

    def explanation(self, index: _Index) -> Explanation | None:
        """Explain the number of a cell; at a row's name the first number of the row."""
        if self._explainer is None:
            return None
        key = self._keys[index.column()]
        wanted = self._keys[1] if key == "stub" and len(self._keys) > 1 else key
        return self._explainer.cell(self._table, self._numbers[index.row()], wanted)

    def text(self, row: Row, key: str) -> str:
        """Return what a cell shows."""
        if key == "stub":
            return " ".join(row.caption.split())
        if row.kind is not RowKind.DATA:
            return ""
        if key == "interval":
            low, high = self.limits(row)
            if not (low or high):
                return ""
            first, second = self._limit_widths
            return f"{low:{DIGIT_SPACE}>{first}}, {high:{DIGIT_SPACE}>{second}}"
        return self._printed(row, key)

    def limits(self, row: Row) -> tuple[str, str]:
        """Return both limits as shown."""
        return self._printed(row, "ll"), self._printed(row, "ul")

    @cached_property
    def _limit_widths(self) -> tuple[int, int]:
        """How many characters the longest lower and the longest upper limit have."""
        pairs = [self.limits(row) for row in self._rows if row.kind is RowKind.DATA]
        return max((len(low) for low, _ in pairs), default=0), max((len(high) for _, high in pairs), default=0)

    def _printed(self, row: Row, key: str) -> str:
        place = self._places[key]
        if place >= len(row.cells):
            return row.note.strip() if place == len(row.cells) else ""
        cell = row.cells[place]
        text = cell.text.strip()
        return text.replace("-", "−") if isinstance(cell.value, (int, float)) else text
