"""A table of estimates for the rich view: four decimals, intervals as one column, and the scale they are drawn on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.api import Row, RowKind, Table, shown_numbers
from mixedgui.models.explainer import Explainer
from mixedgui.models.result_table import ResultTableModel
from mixedgui.state.translation import tr

MARK_ROLE = Qt.ItemDataRole.UserRole + 1
"""The `Mark` of a row, None where there is nothing to draw."""

FLATTENS = 3.0
"""An intercept that would stretch the scale by more than this stays off it."""

FAR = 30.0
"""On a log scale an interval that reaches farther than so many times from all estimates leaves the scale."""

_Index = QModelIndex | QPersistentModelIndex


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
        return shown_numbers("< 0.001" if value < 0.0005 else f"{value:.3f}")
    if key == "statistic":
        text = f"{value:,.2f}"
    elif key == "df":
        text = f"{value:,.1f}"
    elif value == 0 or 0.001 <= abs(value) < 1e5:
        text = f"{value:,.4f}"
    else:
        text = f"{value:,.0f}" if 1e5 <= abs(value) < 1e9 else f"{value:.3g}"
    return shown_numbers(text).replace("-", "−")


def estimate_key(table: Table) -> str:
    """Return the column that holds estimates with standard errors beside them, empty where there is none."""
    keys = {column.key for column in table.columns}
    return next((key for key in ("estimate", "icc") if key in keys and "se" in keys), "")


class EstimatesModel(ResultTableModel):
    """The rows of a `Table` whose columns hold estimates and, if shown, their limits.

    Attributes
    ----------
    scale, reach
        How intervals are drawn, and the ends of the axis; `reach` is None when nothing can be drawn.
    """

    def __init__(self, table: Table, explainer: Explainer | None = None, parent: QObject | None = None) -> None:
        self.scale = Scale.LOG if table.id == "random" else Scale.LINEAR
        self.main = estimate_key(table)
        self._marks: list[Mark | None] = []
        super().__init__(table, explainer, parent)

    def _columns(self) -> Iterator[str]:
        self._marks = [self._mark(row) for row in self._rows]
        self.reach = self._find_reach()
        with_sd = self.scale is Scale.LOG and any(_is_variance(row.name) for row in self._rows)
        for key in super()._columns():
            if key == "interval" and with_sd:
                yield "sd"
            yield key
        if self.reach is not None and "ll" in self._places:
            yield "drawn"

    # --- numbers -----------------------------------------------------------------------------------------------------

    def _mark(self, row: Row) -> Mark | None:
        estimate, low, high = (self.value(row, key) for key in (self.main, "ll", "ul"))
        if row.kind is not RowKind.DATA or not math.isfinite(estimate):
            return None
        if self.scale is Scale.LOG and not (_is_variance(row.name) or row.name.startswith("sd(")):
            return Mark(estimate, low, high, tr("not on this scale"))
        if self.scale is Scale.LOG and not estimate > 0:
            return Mark(estimate, low, high, tr("at zero"))
        if not (math.isfinite(low) and math.isfinite(high)):
            return Mark(estimate, estimate, estimate, tr("no interval"))
        return Mark(estimate, low, high)

    def _find_reach(self) -> tuple[float, float] | None:
        drawn = [(row, mark) for row, mark in zip(self._rows, self._marks, strict=True) if mark and not mark.off]
        if self.scale is Scale.LINEAR:
            slopes = [mark for row, mark in drawn if row.name != "_cons"]
            all_of_it, without = _extent([mark for _, mark in drawn]), _extent(slopes)
            if slopes and all_of_it[1] - all_of_it[0] > FLATTENS * (without[1] - without[0]):
                self._marks = [
                    Mark(mark.estimate, mark.low, mark.high, tr("intercept: off this scale"))
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
    def title(self) -> str:
        """What the table is called by assistive technology."""
        return self.heading("stub")

    def heading(self, key: str) -> str:
        """Return the heading of a column."""
        if key == "stub":
            return {"random": tr("Random effects"), "fixed": tr("Fixed effects")}.get(self._table.id, self._table.stub)
        if key == "sd":
            return tr("Std. dev.")
        if key == "drawn":
            return tr("Variance and interval, log scale") if self.scale is Scale.LOG else tr("Estimate and interval")
        return tr("Variance") if key == "estimate" and "sd" in self._keys else super().heading(key)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a view or a screen reader asks for."""
        if role == MARK_ROLE and index.isValid():
            return self._marks[index.row()]
        return super().data(index, role)

    def limits(self, row: Row) -> tuple[str, str]:
        """Return both limits as shown."""
        low, high = (shown_number(self.value(row, key), key) for key in ("ll", "ul"))
        return low, high

    def text(self, row: Row, key: str) -> str:
        """Return what a cell shows."""
        if row.kind is not RowKind.DATA or key in {"stub", "drawn"}:
            return super().text(row, key) if key == "stub" else ""
        if key == "interval":
            known = math.isfinite(self.value(row, "ll")) or math.isfinite(self.value(row, "ul"))
            return super().text(row, key) if known else ""
        if key == "sd":
            estimate = self.value(row, "estimate")
            return shown_number(math.sqrt(estimate), key) if _is_variance(row.name) and estimate >= 0 else ""
        place = self._places[key]
        if place >= len(row.cells) or not isinstance(row.cells[place].value, (int, float)):
            text = row.cells[place].text if place < len(row.cells) else ""
            return text or (row.note if key == self.main else "")
        return shown_number(self.value(row, key), key)


def _is_variance(name: str) -> bool:
    return name.startswith("var(")


def _extent(marks: Sequence[Mark]) -> tuple[float, float]:
    """Return the range of the intervals, zero included."""
    return min([0.0, *(mark.low for mark in marks)]), max([0.0, *(mark.high for mark in marks)])


def tick_label(value: float) -> str:
    """Return a number of the axis."""
    return shown_numbers(f"{0.0 if abs(value) < 1e-12 else value:.6g}").replace("-", "−")
