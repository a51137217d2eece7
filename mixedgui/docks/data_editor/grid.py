"""The table of the data: pinned columns at the left, the others beside them, one selection and one place in both."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QGridLayout, QScrollBar, QWidget

from engine.api import Variable
from mixedgui.models.data_table import DataTableModel
from mixedgui.state.data_view import DataView
from mixedgui.state.selection import Selection
from mixedgui.theme import theme
from mixedgui.widgets.data_headers import ColumnHeader, RowHeader
from mixedgui.widgets.data_table import DataTable

WIDEST_PINNED = 0.6
"""Pinned columns take no more than this share of the width."""

LONGEST_FITTED = 28
"""No column begins wider than this many characters."""

Positions = npt.NDArray[np.integer]


class DataGrid(QWidget):
    """Two tables that look and behave like one.

    Attributes
    ----------
    current_changed
        Another cell is the current one, or its value may have changed.
    rows_picked
        Whole rows were selected by the user; their row ids.
    """

    current_changed = Signal()
    rows_picked = Signal(object)

    def __init__(self, view: DataView, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = view
        self._selection = selection
        self._widths: dict[str, int] = {}
        self._place: tuple[int, str] | None = None
        self._top: tuple[int, int] = (0, 0)
        self._draft: str | None = None
        self._fitting = False
        self._anchor = 0
        self.model = DataTableModel(view, self)
        self.pinned = DataTable("data_editor_pinned", self.model, self.brushed, self)
        self.table = DataTable("data_editor_table", self.model, self.brushed, self)
        self.row_header = RowHeader(self.model, self.brushed, self.pinned)
        self._make_tables()
        self._lay_out()
        self.model.modelAboutToBeReset.connect(self._before_reset)
        self.model.modelReset.connect(self._after_reset)
        self.model.dataChanged.connect(self._values_changed)
        selection.subscribe(self._brush_changed)
        theme().changed.connect(self._repaint)
        self._after_reset()

    # --- building ----------------------------------------------------------------------------------------------------

    def _make_tables(self) -> None:
        self.pinned.setVerticalHeader(self.row_header)
        self.table.verticalHeader().hide()
        header = self.table.verticalHeader()
        header.setMinimumSectionSize(1)
        header.setSectionResizeMode(self.row_header.sectionResizeMode(0))
        header.setDefaultSectionSize(self.row_header.defaultSectionSize())
        self.table.setSelectionModel(self.pinned.selectionModel())
        for table in self.tables:
            columns = ColumnHeader(self.model, table)
            table.setHorizontalHeader(columns)
            table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            columns.sectionResized.connect(self._resized)
        self.pinned.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.pinned.setAccessibleName(self.tr("Pinned variables"))
        self.table.setAccessibleName(self.tr("Data"))
        self.table.setAccessibleDescription(
            self.tr("Arrow keys move, Enter or F2 edits, Shift+Space selects rows, Ctrl+Space columns")
        )
        one, other = self.pinned.verticalScrollBar(), self.table.verticalScrollBar()
        one.valueChanged.connect(other.setValue)
        other.valueChanged.connect(one.setValue)
        self.pinned.selectionModel().currentChanged.connect(self._current_moved)
        self.row_header.picked.connect(self._pick)

    @property
    def tables(self) -> tuple[DataTable, DataTable]:
        """The table of pinned columns and the other one."""
        return self.pinned, self.table

    @property
    def headers(self) -> tuple[ColumnHeader, ColumnHeader]:
        """Their headers."""
        first, second = self.pinned.horizontalHeader(), self.table.horizontalHeader()
        assert isinstance(first, ColumnHeader)
        assert isinstance(second, ColumnHeader)
        return first, second

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.pinned, 0, 0)
        grid.addWidget(self.table, 0, 1)
        self._across = QScrollBar(Qt.Orientation.Horizontal, self)
        self._across.setAccessibleName(self.tr("Scroll across"))
        own = self.table.horizontalScrollBar()
        own.rangeChanged.connect(self._range_across)
        own.valueChanged.connect(self._across.setValue)
        self._across.valueChanged.connect(own.setValue)
        grid.addWidget(self._across, 1, 1)
        grid.setColumnStretch(1, 1)
        self.setFocusProxy(self.table)
        self._corner = QWidget(self.pinned)  # over the button that the style would draw like other headers
        self._corner.setAutoFillBackground(True)
        self._corner.setBackgroundRole(QPalette.ColorRole.AlternateBase)

    @Slot(int, int)
    def _range_across(self, low: int, high: int) -> None:
        own = self.table.horizontalScrollBar()
        self._across.setRange(low, high)
        self._across.setPageStep(own.pageStep())
        self._across.setSingleStep(5 * theme().unit)
        self._across.setVisible(high > low)

    # --- columns -----------------------------------------------------------------------------------------------------

    def fit_columns(self) -> None:
        """Show each column in one of the tables, as wide as it was made or as its content is likely to need."""
        self._fitting = True
        pinned = len(self.view.pinned)
        bold = QFontMetrics(theme().font())
        for column in range(self.model.columnCount()):
            variable = self.model.variable(column)
            width = self._widths.get(variable.name) or self._likely_width(column, variable, bold)
            for table, mine in zip(self.tables, (column < pinned, column >= pinned), strict=True):
                table.setColumnHidden(column, not mine)
                if mine:
                    table.setColumnWidth(column, width)
        self._fitting = False
        self.row_header.fit(self.view.dataset.n_obs)
        self._fit_pinned()

    def _likely_width(self, column: int, variable: Variable, metrics: QFontMetrics) -> int:
        digit = metrics.horizontalAdvance("0")
        texts = self.view.dataset.labels_of(variable.name) if self.view.labels else {}
        if texts:
            longest = max(metrics.horizontalAdvance(text) for text in list(texts.values())[:50])
        else:
            digits = variable.format.lstrip("%-~0").split(".")[0].rstrip("sgfec")
            wide = int(digits) if digits.isdigit() else 11
            if variable.is_string:
                wide = int(variable.storage[3:]) if variable.storage[3:].isdigit() else LONGEST_FITTED
            longest = digit * wide
        header = self.headers[1].wanted_width(column)
        return max(header, min(longest, LONGEST_FITTED * digit) + 5 * theme().unit)

    def _fit_pinned(self) -> None:
        width = sum(self.pinned.columnWidth(column) for column in range(len(self.view.pinned)))
        most = round(self.width() * WIDEST_PINNED)
        self.pinned.setFixedWidth(min(self.row_header.minimumWidth() + width, max(most, 1)))
        self._corner.setGeometry(0, 0, self.row_header.minimumWidth() - 1, self.headers[0].sizeHint().height() - 1)
        self._corner.raise_()

    @Slot(int, int, int)
    def _resized(self, column: int, _before: int, width: int) -> None:
        if not self._fitting and width and column < self.model.columnCount():
            self._widths[self.model.variable(column).name] = width
            self._fit_pinned()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for the columns that are not pinned."""
        super().resizeEvent(event)
        self._fit_pinned()

    # --- the current cell and the selected ones ----------------------------------------------------------------------

    @property
    def current(self) -> tuple[int, int] | None:
        """Row and column of the current cell."""
        index = self.table.currentIndex()
        return (index.row(), index.column()) if index.isValid() else None

    def go_to(self, row: int, column: int) -> None:
        """Make a cell the current one and scroll to it."""
        if 0 <= row < self.model.rowCount() and 0 <= column < self.model.columnCount():
            index = self.model.index(row, column)
            self.pinned.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def cells(self) -> tuple[range, range]:
        """Return rows and columns of the selected block; the current cell where nothing is selected."""
        ranges = self.pinned.selectionModel().selection()
        if ranges.isEmpty():
            place = self.current
            return (
                (range(0), range(0))
                if place is None
                else (range(place[0], place[0] + 1), range(place[1], place[1] + 1))
            )
        tops = [(r.top(), r.bottom(), r.left(), r.right()) for r in ranges]  # type: ignore[attr-defined]  # the stubs know it as a list without a type
        top, bottom = min(r[0] for r in tops), max(r[1] for r in tops)
        left, right = min(r[2] for r in tops), max(r[3] for r in tops)
        return range(top, bottom + 1), range(left, right + 1)

    def select_cells(self, rows: range, columns: range) -> None:
        """Select a block of cells."""
        if not rows or not columns:
            return
        chosen = QItemSelection(self.model.index(rows[0], columns[0]), self.model.index(rows[-1], columns[-1]))
        self.pinned.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def edit_current(self) -> None:
        """Open the field of the current cell."""
        place = self.current
        if place is not None:
            self._table_of(place[1]).edit(self.model.index(*place))

    @Slot(QModelIndex, QModelIndex)
    def _current_moved(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid():
            name = self.model.variable(index.column()).name
            self._place = (int(self.view.dataset.row_ids[self.view.position(index.row())]), name)
            mine, other = (self.pinned, self.table) if index.column() < len(self.view.pinned) else self.tables[::-1]
            if other.hasFocus():
                mine.setFocus()
            mine.scrollTo(index)
        self._repaint()
        self.current_changed.emit()

    # --- rows selected in plots and tables ---------------------------------------------------------------------------

    def brushed(self, row: int) -> bool:
        """Tell whether a row shown is selected in plots and tables."""
        if not len(self._selection):
            return False
        return self.view.dataset.row_ids[self.view.position(row)] in self._selection

    def pick_rows(self, rows: Iterable[int] | range, *, toggle: bool = False) -> None:
        """Select whole rows, everywhere."""
        first_last = rows if isinstance(rows, range) else sorted(rows)
        if isinstance(first_last, range) and first_last.step == 1:
            positions = self.view.positions(first_last.start, first_last.stop)
        else:
            positions = np.array([self.view.position(row) for row in first_last], dtype=np.int64)
        ids = self.view.dataset.row_ids[positions]
        if toggle:
            self._selection.toggle(ids)
        else:
            self._selection.set(ids)
        self.rows_picked.emit(self._selection.row_ids)

    def unpick_rows(self) -> None:
        """Select no rows anywhere."""
        self._selection.clear()

    @Slot(int, int, object)
    def _pick(self, first: int, last: int, keys: Qt.KeyboardModifier) -> None:
        if keys & Qt.KeyboardModifier.ShiftModifier:
            first = self._anchor
        else:
            self._anchor = first
        rows = range(min(first, last), max(first, last) + 1)
        toggle = bool(keys & Qt.KeyboardModifier.ControlModifier)
        self.select_cells(rows, range(self.model.columnCount()))
        self.pick_rows(rows, toggle=toggle)
        self.table.setFocus()

    def _brush_changed(self) -> None:
        self._repaint()

    def show_brushed(self) -> None:
        """Scroll to the first row that is selected elsewhere, unless one is in sight."""
        if not len(self._selection):
            return
        chosen = np.flatnonzero(self._selection.mask(self.view.shown_row_ids()))
        if not len(chosen):
            return
        top, bottom = self.table.rowAt(0), self.table.rowAt(self.table.viewport().height() - 1)
        if not ((chosen >= top) & (chosen <= (bottom if bottom >= 0 else chosen[-1]))).any():
            column = max(self.table.columnAt(0), 0)
            index = self.model.index(int(chosen[0]), column)
            self.table.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    # --- following the model -----------------------------------------------------------------------------------------

    @Slot()
    def _before_reset(self) -> None:
        self._top = (self.table.verticalScrollBar().value(), self.table.horizontalScrollBar().value())
        drafts = [table.take_draft() for table in self.tables]
        self._draft = next((draft for draft in drafts if draft is not None), None)

    @Slot()
    def _after_reset(self) -> None:
        self.fit_columns()
        self.table.verticalScrollBar().setValue(self._top[0])
        self.table.horizontalScrollBar().setValue(self._top[1])
        if not self.model.rowCount() or not self.model.columnCount():
            self.current_changed.emit()
            return
        row_now, column_now = self._place_now()
        row, column = row_now or 0, column_now or 0
        self.pinned.selectionModel().setCurrentIndex(
            self.model.index(row, column), QItemSelectionModel.SelectionFlag.NoUpdate
        )
        still_there = row_now is not None and column_now is not None
        if self._draft is not None and still_there and self.model.editable:
            self.edit_current()
            self._table_of(column).put_draft(self._draft)
        self._draft = None

    def _place_now(self) -> tuple[int | None, int | None]:
        """Return row and column that show now what the current cell showed."""
        if self._place is None:
            return None, None
        row_id, name = self._place
        found = np.flatnonzero(self.view.dataset.row_ids == row_id)
        row = self.view.row_of(int(found[0])) if len(found) else None
        return row, self.view.column_of(name)

    def _table_of(self, column: int) -> DataTable:
        return self.pinned if column < len(self.view.pinned) else self.table

    @Slot()
    def _values_changed(self) -> None:
        self._repaint()
        self.current_changed.emit()

    @Slot()
    def _repaint(self) -> None:
        for table in self.tables:
            table.viewport().update()
            table.horizontalHeader().viewport().update()
        self.row_header.viewport().update()
