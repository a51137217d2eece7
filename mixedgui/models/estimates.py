"""A table of estimates for the rich view: four decimals, intervals as one column, and the scale they are drawn on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.api import Column, Row, RowKind, Table

MARK_ROLE = Qt.ItemDataRole.UserRole + 1
"""The `Mark` of a row, None where there is nothing to draw."""

KIND_ROLE = Qt.ItemDataRole.UserRole + 2
"""The `RowKind` of a row."""

INDENTED_ROLE = Qt.ItemDataRole.UserRole + 3
"""Whether a row belongs to the group above it."""

FLATTENS = 3.0
"""An intercept that would stretch the scale by more than this stays off it."""

FAR = 30.0
"""On a log scale an interval that reaches farther than so many times from all estimates leaves the scale."""

_Index = QModelIndex | QPersistentModelIndex

_MEANINGS = {
    "estimate": "estimate",
    "se": "standard error",
    "statistic": "estimate divided by its standard error",
    "p": "probability of a statistic at least as far from zero if the parameter were zero",
    "df": "degrees of freedom",
    "sd": "square root of the variance",
    "interval": "confidence interval",
}


class Scale(Enum):
    """How the intervals of a table are drawn."""

    LINEAR = "linear"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Mark:
    """An estimate with its interval; `off` says why it is not drawn."""

    estimate: float
    low: float
    high: float
    off: str = ""


def shown_number(value: float, key: str) -> str:
    """Return a number as the rich tables show it: by its column's key, with a real minus."""
    if not math.isfinite(value):
        return "."
    if key == "p":
        return "< 0.001" if value < 0.0005 else f"{value:.3f}"
    if key == "statistic":
        text = f"{value:,.2f}"
    elif key == "df":
        text = f"{value:,.1f}"
    elif value == 0 or 0.001 <= abs(value) < 1e5:
        text = f"{value:,.4f}"
    else:
        text = f"{value:,.0f}" if 1e5 <= abs(value) < 1e9 else f"{value:.3g}"
    return text.replace("-", "−")


class EstimatesModel(QAbstractTableModel):
    """The rows of a `Table` whose columns hold estimates and, if shown, their limits.

    Attributes
    ----------
    scale, reach
        How intervals are drawn, and the ends of the axis; `reach` is None when nothing can be drawn.
    """

    def __init__(self, table: Table, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._places = {column.key: place for place, column in enumerate(table.columns)}
        self._rows: list[Row] = []
        self._indented: list[bool] = []
        self._read(table.rows)
        variances = table.id == "random"
        self.scale = Scale.LOG if variances else Scale.LINEAR
        self._marks = [self._mark(row) for row in self._rows]
        self.reach = self._find_reach()
        self._keys = list(self._columns(with_sd=variances and any(_is_variance(row.name) for row in self._rows)))

    def _read(self, rows: Sequence[Row]) -> None:
        """Keep what has a label; a rule or a blank row ends the group before it."""
        inside = False
        for row in rows:
            if row.kind in {RowKind.RULE, RowKind.BLANK}:
                inside = False
                continue
            self._rows.append(row)
            self._indented.append(inside and row.kind is RowKind.DATA)
            inside = inside or row.kind is RowKind.GROUP

    def _columns(self, *, with_sd: bool) -> Iterator[str]:
        yield "stub"
        for column in self._table.columns:
            if column.key == "ll":
                if with_sd:
                    yield "sd"
                yield "interval"
            elif column.key != "ul":
                yield column.key
        if self.reach is not None and "ll" in self._places:
            yield "drawn"

    # --- numbers -----------------------------------------------------------------------------------------------------

    def _value(self, row: Row, key: str) -> float:
        place = self._places.get(key, -1)
        value = row.cells[place].value if 0 <= place < len(row.cells) else None
        return float(value) if isinstance(value, (int, float)) else math.nan

    def _mark(self, row: Row) -> Mark | None:
        estimate, low, high = (self._value(row, key) for key in ("estimate", "ll", "ul"))
        if row.kind is not RowKind.DATA or not math.isfinite(estimate):
            return None
        if self.scale is Scale.LOG and not (_is_variance(row.name) or row.name.startswith("sd(")):
            return Mark(estimate, low, high, "not on this scale")
        if self.scale is Scale.LOG and not estimate > 0:
            return Mark(estimate, low, high, "at zero")
        if not (math.isfinite(low) and math.isfinite(high)):
            return Mark(estimate, estimate, estimate, "no interval")
        return Mark(estimate, low, high)

    def _find_reach(self) -> tuple[float, float] | None:
        drawn = [(row, mark) for row, mark in zip(self._rows, self._marks, strict=True) if mark and not mark.off]
        if self.scale is Scale.LINEAR:
            slopes = [mark for row, mark in drawn if row.name != "_cons"]
            all_of_it, without = _extent([mark for _, mark in drawn]), _extent(slopes)
            if slopes and all_of_it[1] - all_of_it[0] > FLATTENS * (without[1] - without[0]):
                self._marks = [
                    Mark(mark.estimate, mark.low, mark.high, "intercept: off this scale")
                    if mark and not mark.off and row.name == "_cons"
                    else mark
                    for row, mark in zip(self._rows, self._marks, strict=True)
                ]
                return without
            return all_of_it if drawn else None
        limits = [mark for _, mark in drawn if mark.low > 0]
        if not limits:
            return None
        estimates = [mark.estimate for mark in limits]
        low, high = min(mark.low for mark in limits), max(mark.high for mark in limits)
        return max(low, min(estimates) / FAR), min(high, max(estimates) * FAR)

    # --- what a view asks for ----------------------------------------------------------------------------------------

    @property
    def keys(self) -> Sequence[str]:
        """The columns: ``stub``, keys of the table, ``sd``, ``interval``, ``drawn``."""
        return self._keys

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many rows there are."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(self._keys)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the headings."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        key = self._keys[section]
        if key == "stub":
            return "Random effects" if self._table.id == "random" else "Fixed effects"
        if key == "sd":
            return "Std. dev."
        if key == "interval":
            return self._column("ll").heading.strip("[]").replace("%", " %")
        if key == "drawn":
            return "Estimate and interval" + (", log scale" if self.scale is Scale.LOG else "")
        heading = self._column(key).heading.replace("P>|", "P > |")
        return "Variance" if key == "estimate" and "sd" in self._keys else heading

    def _column(self, key: str) -> Column:
        return self._table.columns[self._places[key]]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a view or a screen reader asks for."""
        if not index.isValid():
            return None
        row, key = self._rows[index.row()], self._keys[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(row, key)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return self._tip(row, key)
            case _ if role == MARK_ROLE:
                return self._marks[index.row()]
            case _ if role == KIND_ROLE:
                return row.kind
            case _ if role == INDENTED_ROLE:
                return self._indented[index.row()]
        return None

    def _text(self, row: Row, key: str) -> str:
        if key == "stub":
            return row.caption.replace("\n", "").strip()
        if row.kind is not RowKind.DATA or key == "drawn":
            return ""
        if key == "interval":
            low, high = self._value(row, "ll"), self._value(row, "ul")
            if not (math.isfinite(low) or math.isfinite(high)):
                return ""
            return f"{shown_number(low, key)}, {shown_number(high, key)}"
        if key == "sd":
            estimate = self._value(row, "estimate")
            return shown_number(math.sqrt(estimate), key) if _is_variance(row.name) and estimate >= 0 else ""
        place = self._places[key]
        if place >= len(row.cells) or not isinstance(row.cells[place].value, (int, float)):
            text = row.cells[place].text if place < len(row.cells) else ""
            return text or (row.note if key == "estimate" else "")
        return shown_number(self._value(row, key), key)

    def _tip(self, row: Row, key: str) -> str:
        if key == "stub" or row.kind is not RowKind.DATA:
            return row.name or row.caption
        if key in {"interval", "drawn"}:
            numbers = f"{self._value(row, 'll')!r} to {self._value(row, 'ul')!r}"
            return f"{row.name}: {_MEANINGS['interval']}\n{numbers}"
        value = self._value(row, "estimate" if key == "sd" else key)
        if key == "sd":
            value = math.sqrt(value) if value >= 0 else math.nan
        return f"{row.name}: {_MEANINGS.get(key, key)}\n{value!r}" if math.isfinite(value) else row.name


def _is_variance(name: str) -> bool:
    return name.startswith("var(")


def _extent(marks: Sequence[Mark]) -> tuple[float, float]:
    """Return the range of the intervals, zero included."""
    return min([0.0, *(mark.low for mark in marks)]), max([0.0, *(mark.high for mark in marks)])


def tick_label(value: float) -> str:
    """Return a number of the axis."""
    return f"{0.0 if abs(value) < 1e-12 else value:.6g}".replace("-", "−")
