"""One table of the data, drawn in one go: a delegate per cell would cost more than a frame."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QCompleter,
    QFrame,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from mixedgui.models.data_table import CellKind, DataTableModel, aligned_right
from mixedgui.state.translation import tr
from mixedgui.theme import theme

_Index = QModelIndex | QPersistentModelIndex

_TOKENS = {CellKind.VALUE: "text", CellKind.LABEL: "accent", CellKind.MISSING: "text2"}

KNOWN_WIDTHS = 20_000
"""Texts whose widths are remembered."""

CELL_FIELD = "data_editor_cell"
"""Object name of the field in which a cell is typed."""

_IN_NUMBERS = "0123456789.,+-\N{MINUS SIGN}"


class DataTable(QTableView):
    """Cells of some columns of the model.

    Parameters
    ----------
    brushed
        Tells whether a row is selected in plots and tables.

    Attributes
    ----------
    command_key
        A key that means something to the editor: ``copy paste select_rows select_columns delete edit``.
    """

    command_key = Signal(str)

    def __init__(self, name: str, model: DataTableModel, brushed: Callable[[int], bool], parent: QWidget) -> None:
        super().__init__(parent)
        self._data = model
        self._brushed = brushed
        self._text_widths: dict[str, float] = {}
        self._digit_widths: dict[str, float] = {}
        self.setObjectName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setItemDelegate(_CellDelegate(self))
        self.setModel(model)

    def set_editable(self, editable: bool) -> None:
        """Let cells be typed into, or only looked at."""
        trigger = QAbstractItemView.EditTrigger
        on = trigger.DoubleClicked | trigger.EditKeyPressed | trigger.AnyKeyPressed
        self.setEditTriggers(on if editable else trigger.NoEditTriggers)

    def take_draft(self) -> str | None:
        """Close the field of a cell and return what stands in it, None when no field is open."""
        field = self._field()
        if field is None:
            return None
        text = field.text()
        super().closeEditor(field, QAbstractItemDelegate.EndEditHint.NoHint)
        return text

    def put_draft(self, text: str) -> None:
        """Put a text into the field that is open."""
        field = self._field()
        if field is not None:
            field.setText(text)

    def _field(self) -> QLineEdit | None:
        fields = self.viewport().findChildren(QLineEdit, CELL_FIELD)
        return next((field for field in fields if field.isVisible()), None)

    # --- drawing -----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the visible cells."""
        area = event.rect()
        painter = QPainter(self.viewport())
        look = theme()
        painter.fillRect(area, look.color("base"))
        first, last = self.rowAt(area.top()), self.rowAt(area.bottom())
        columns = self._visible_columns(area)
        if first >= 0 and columns:
            last = last if last >= 0 else self._data.rowCount() - 1
            self._draw_grounds(painter, first, last, columns)
            self._draw_cells(painter, first, last, columns)
            self._draw_current(painter)
        painter.end()

    def _visible_columns(self, area: QRect) -> list[tuple[int, int, int]]:
        """Return column, left edge and width of what is visible, from the left."""
        header = self.horizontalHeader()
        found: list[tuple[int, int, int]] = []
        place = header.visualIndexAt(area.left())
        if place < 0:
            return found
        for visual in range(place, header.count()):
            logical = header.logicalIndex(visual)
            if header.isSectionHidden(logical):
                continue
            left = header.sectionViewportPosition(logical)
            if left > area.right():
                break
            found.append((logical, left, header.sectionSize(logical)))
        return found

    def _draw_grounds(self, painter: QPainter, first: int, last: int, columns: list[tuple[int, int, int]]) -> None:
        look = theme()
        height, top = self.rowHeight(first), self.rowViewportPosition(first)
        right = columns[-1][1] + columns[-1][2]
        tint = look.color("brushed")
        tint.setAlphaF(0.15)
        current = self.currentIndex().row()
        for row in range(first, last + 1):
            band = QRect(columns[0][1], top + (row - first) * height, right - columns[0][1], height)
            if self._brushed(row):
                painter.fillRect(band, tint)
            elif row == current:
                painter.fillRect(band, look.color("alt"))
        soft = look.color("soft")
        for chosen in self.selectionModel().selection():  # type: ignore[attr-defined]  # a list in all but its stub
            low, high = max(chosen.top(), first), min(chosen.bottom(), last)
            if low > high:
                continue
            for column, left, width in columns:
                if chosen.left() <= column <= chosen.right():
                    painter.fillRect(left, top + (low - first) * height, width, (high - low + 1) * height, soft)

    def _draw_cells(self, painter: QPainter, first: int, last: int, columns: list[tuple[int, int, int]]) -> None:
        look, model = theme(), self._data
        pad = 2 * look.unit
        height, top = self.rowHeight(first), self.rowViewportPosition(first)
        right_end = columns[-1][1] + columns[-1][2]
        painter.setPen(QPen(look.color("line"), 1))
        for row in range(first, last + 1):
            bottom = top + (row - first + 1) * height - 1
            painter.drawLine(columns[0][1], bottom, right_end, bottom)
        font = look.font()
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        base = (height - metrics.height()) / 2 + metrics.ascent()
        inks = {kind: look.color(token) for kind, token in _TOKENS.items()}
        widths, ink = self._text_widths, None
        for column, left, width in columns:
            painter.setPen(QPen(look.color("line"), 1))
            painter.drawLine(left + width - 1, top, left + width - 1, top + (last - first + 1) * height)
            ink = None
            variable = model.variable(column)
            to_right = aligned_right(variable, labels=model.view.labels)
            room = width - 2 * pad
            for row in range(first, last + 1):
                cell = model.cell(row, column)
                text = cell.text
                if not text:
                    continue
                if cell.kind is not ink:
                    ink = cell.kind
                    painter.setPen(inks[ink])
                taken = widths.get(text)
                if taken is None:
                    taken = self._measured(text, metrics)
                if taken > room:
                    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
                    taken = room
                x = left + width - pad - taken if to_right else left + pad
                painter.drawText(QPointF(x, top + (row - first) * height + base), text)

    def _measured(self, text: str, metrics: QFontMetricsF) -> float:
        """Return the width of a text; that of a number is the sum of its digits, which is quicker."""
        digits = self._digit_widths
        if not digits:
            digits.update({character: metrics.horizontalAdvance(character) for character in _IN_NUMBERS})
        try:
            return sum(map(digits.__getitem__, text))
        except KeyError:
            pass
        if len(self._text_widths) > KNOWN_WIDTHS:
            self._text_widths.clear()
        width = self._text_widths[text] = metrics.horizontalAdvance(text)
        return width

    def _draw_current(self, painter: QPainter) -> None:
        current = self.currentIndex()
        if not current.isValid() or self.isColumnHidden(current.column()):
            return
        rect = self.visualRect(current)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        focused = self.hasFocus()
        painter.setPen(QPen(theme().color("accent" if focused else "control"), 2 if focused else 1))
        painter.drawRect(rect.adjusted(1, 1, -2, -2))

    def changeEvent(self, event: QEvent) -> None:
        """Forget the widths of texts in another font."""
        if event.type() == QEvent.Type.FontChange:
            self._text_widths.clear()
            self._digit_widths.clear()
        super().changeEvent(event)

    # --- keys --------------------------------------------------------------------------------------------------------

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Move through all columns, those of the other table included."""
        moves = QAbstractItemView.CursorAction
        current, model = self.currentIndex(), self._data
        if not current.isValid() or not model.rowCount() or not model.columnCount():
            return super().moveCursor(action, modifiers)
        row, column = current.row(), current.column()
        far = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        if action in {moves.MoveLeft, moves.MovePrevious}:
            column = 0 if far else column - 1
        elif action in {moves.MoveRight, moves.MoveNext}:
            column = model.columnCount() - 1 if far else column + 1
        elif action is moves.MoveUp and far:
            row = 0
        elif action is moves.MoveDown and far:
            row = model.rowCount() - 1
        elif action is moves.MoveHome:
            row, column = (0 if far else row), 0
        elif action is moves.MoveEnd:
            row, column = (model.rowCount() - 1 if far else row), model.columnCount() - 1
        else:
            return super().moveCursor(action, modifiers)
        column = min(max(column, 0), model.columnCount() - 1)
        return model.index(row, column)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys that mean something to the editor."""
        if not self.currentIndex().isValid() and not (self._data.rowCount() and self._data.columnCount()):
            event.ignore()  # nothing to go to, nothing to edit
            return
        key, modifiers = event.key(), event.modifiers()
        ctrl = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        meant = ""
        if key == Qt.Key.Key_Space and (shift or ctrl):
            meant = "select_rows" if shift else "select_columns"
        elif key == Qt.Key.Key_Delete:
            meant = "delete"
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.state() != self.State.EditingState:
            meant = "edit"
        if meant:
            self.command_key.emit(meant)
            event.accept()
            return
        super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Go one row down after Enter."""
        super().closeEditor(editor, hint)
        current = self.currentIndex()
        submitted = hint is QAbstractItemDelegate.EndEditHint.SubmitModelCache
        if submitted and current.row() + 1 < self._data.rowCount():
            self.setCurrentIndex(self._data.index(current.row() + 1, current.column()))


class _CellDelegate(QStyledItemDelegate):
    """Makes the field in which a cell is typed."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """Return a line edit; for a labelled variable it completes the words."""
        table = self.parent()
        assert isinstance(table, DataTable)
        model = table.model()
        assert isinstance(model, DataTableModel)
        if model.is_binary(index.row(), index.column()):
            return None  # type: ignore[return-value]  # Qt's way to say that there is nothing to edit
        edit = QLineEdit(parent)
        variable = model.variable(index.column())
        edit.setObjectName(CELL_FIELD)
        edit.setAccessibleName(tr("{0}, observation {1}").format(variable.name, model.view.position(index.row()) + 1))
        words = model.view.dataset.labels_of(variable.name) if model.view.labels else {}
        if words:
            completer = QCompleter(list(words.values()), edit)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            edit.setCompleter(completer)
        return edit

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        """Show the whole value."""
        assert isinstance(editor, QLineEdit)
        editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
        editor.selectAll()

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        """Cover the cell, and more where the value needs it."""
        rect: QRect = QRect(option.rect)
        viewport = editor.parentWidget()
        assert isinstance(editor, QLineEdit)
        assert viewport is not None
        wanted = editor.fontMetrics().horizontalAdvance(editor.text()) + 6 * theme().unit
        room = viewport.width() - rect.left()
        rect.setWidth(max(rect.width(), min(wanted, room)))
        editor.setGeometry(rect)
