"""A table in the rich view: numbers aligned and explained, intervals of estimates drawn beside their rows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from engine.api import RowKind, Table
from mixedgui.docks.results.interval_axis import AxisMap, axis_ticks, paint_interval
from mixedgui.models.estimates import MARK_ROLE, EstimatesModel, Mark, estimate_key, tick_label
from mixedgui.models.explainer import Explainer
from mixedgui.models.result_table import INDENTED_ROLE, ResultTableModel
from mixedgui.theme import theme
from mixedgui.widgets.explanation import show_explanation

_Index = QModelIndex | QPersistentModelIndex

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

_GAP = 4
"""Units between columns."""


class EstimateTable(QWidget):
    """The table as wide as it is given and as high as it needs, with the axis of its intervals below."""

    def __init__(
        self, table: Table, factor: float, explainer: Explainer | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        kind = EstimatesModel if estimate_key(table) else ResultTableModel
        self.model = kind(table, explainer, self)
        self.view = _View(self.model, factor, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view)
        if self.model.reach is not None:
            column.addWidget(_Axis(self.view, factor, self))
        else:
            self.setMaximumWidth(self.view.horizontalHeader().length() + 1)


class _View(QTableView):
    """A flat table without scroll bars of its own."""

    def __init__(self, model: ResultTableModel, factor: float, parent: QWidget) -> None:
        super().__init__(parent)
        self.estimates, self.factor, self.plain = model, factor, theme().font(factor)
        self.row_height = round(6.75 * theme().unit * factor)
        self.setHorizontalHeader(_Head(self))
        self.setModel(model)
        self.setAccessibleName(model.title)
        self.setAccessibleDescription(self.tr("Space explains the number at the cursor"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setItemDelegate(_Delegate(self))
        vertical = self.verticalHeader()
        vertical.hide()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.setMinimumSectionSize(1)
        vertical.setDefaultSectionSize(self.row_height)
        self._fit()
        self.horizontalScrollBar().rangeChanged.connect(self.updateGeometry)

    def _fit(self) -> None:
        """Give each column the room its longest text needs; the drawn intervals take the rest."""
        unit, model = theme().unit, self.estimates
        plain = QFontMetrics(self.plain)
        bold = QFontMetrics(theme().font(self.factor, bold=True))
        small = QFontMetrics(theme().font(0.92 * self.factor, bold=True))
        for column, key in enumerate(model.keys):
            metrics = bold if key == "stub" else plain
            rows = [row for row in range(model.rowCount()) if key != "stub" or not self.is_group(row)]
            texts = {model.shown(row, key) for row in rows}
            longest = max(map(len, texts), default=0)
            head = small.horizontalAdvance(str(model.headerData(column, Qt.Orientation.Horizontal)))
            # digits are equally wide, so of numbers only the longest are measured; letters differ
            measured = [text for text in texts if key == "stub" or model.is_left(key) or len(text) >= longest - 1]
            widest = max(map(metrics.horizontalAdvance, measured), default=0)
            self.setColumnWidth(column, max(widest + (3 * unit if key == "stub" else 0), head) + _GAP * unit)
        self.horizontalHeader().setStretchLastSection(model.keys[-1] == "drawn")

    def is_group(self, row: int) -> bool:
        """Tell whether a row is a heading."""
        return self.estimates.kind(row) is RowKind.GROUP

    def sizeHint(self) -> QSize:
        """All rows and the head."""
        bar = self.horizontalScrollBar()
        extra = bar.sizeHint().height() if bar.maximum() > 0 else 0
        return QSize(60 * theme().unit, (self.estimates.rowCount() + 1) * self.row_height + extra + 1)

    def minimumSizeHint(self) -> QSize:
        """The height is fixed; a narrow table scrolls sideways."""
        return self.sizeHint()

    def axis(self, area: QRect) -> AxisMap:
        """Return the map from numbers to the places in the drawn column, whose cell is `area`."""
        assert isinstance(self.estimates, EstimatesModel)
        reach = self.estimates.reach
        assert reach is not None
        pad = _GAP * theme().unit
        return AxisMap(self.estimates.scale, reach, area.left() + pad, area.right() - pad)

    def drawn_cell(self) -> QRect:
        """Return the drawn column across the view's width."""
        last = self.estimates.columnCount() - 1
        return QRect(self.columnViewportPosition(last), 0, self.columnWidth(last), self.row_height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cells, then the rule at the end."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setPen(QPen(theme().color("control"), 1))
        bottom = self.estimates.rowCount() * self.row_height
        painter.drawLine(0, bottom, self.viewport().width(), bottom)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave scrolling to the column of cards."""
        event.ignore()

    def viewportEvent(self, event: QEvent) -> bool:
        """Explain the number under the pointer."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            found = self.estimates.explanation(index) if index.isValid() else None
            if found is not None:
                show_explanation(found, self.viewport(), event.globalPos(), self.visualRect(index))
                return True
        return super().viewportEvent(event)

    def explain_here(self) -> bool:
        """Explain the number that the cursor is at; return whether there is one."""
        index = self.currentIndex()
        found = self.estimates.explanation(index) if index.isValid() else None
        if found is not None:
            area = self.visualRect(index)
            show_explanation(found, self.viewport(), self.viewport().mapToGlobal(area.bottomLeft()), area, by_key=True)
        return found is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Explain a number on Space; leave the page keys to the column of cards."""
        if event.key() == Qt.Key.Key_Space and self.explain_here():
            return
        if event.key() in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            event.ignore()
            return
        super().keyPressEvent(event)


class _Head(QHeaderView):
    """Headings in grey over a rule."""

    def __init__(self, view: _View) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._view = view
        self.setAccessibleName(self.tr("Columns"))
        self.setSectionsClickable(False)
        self.setMinimumSectionSize(theme().unit)
        self.setFixedHeight(view.row_height)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw one heading."""
        key = self._view.estimates.keys[section]
        painter.save()
        painter.fillRect(rect, theme().color("base"))
        painter.setFont(theme().font(0.92 * self._view.factor, bold=True))
        painter.setPen(theme().color("text2"))
        unit = theme().unit
        left = key == "drawn" or self._view.estimates.is_left(key)
        area = rect.adjusted(2 * unit if key == "stub" else _GAP * unit if left else 0, 0, 0, 0)
        text = str(self._view.estimates.headerData(section, Qt.Orientation.Horizontal))
        painter.drawText(area, _LEFT if left else _RIGHT, text)
        painter.setPen(QPen(theme().color("control"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()


class _Delegate(QStyledItemDelegate):
    """Names in bold, numbers at the right, headings across, intervals drawn."""

    def __init__(self, view: _View) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one cell and the hairline under it."""
        look, view, row = theme(), self._view, index.row()
        key = view.estimates.keys[index.column()]
        group = view.is_group(row)
        rect: QRect = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, look.color("soft"))
        painter.setPen(QPen(look.color("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setPen(look.color("text"))
        if key == "drawn":
            mark = index.data(MARK_ROLE)
            if isinstance(mark, Mark):
                paint_interval(painter, rect, mark, view.axis(rect), factor=view.factor)
        elif key == "stub":
            indented = bool(index.data(INDENTED_ROLE))
            left = rect.left() + (5 if indented else 2) * look.unit
            width = view.viewport().width() if group else rect.right() - left
            painter.setFont(look.font(view.factor, bold=not indented))
            painter.setClipping(not group)
            painter.drawText(QRect(left, rect.top(), width, rect.height()), _LEFT, view.estimates.shown(row, key))
        elif not group:
            painter.setFont(view.plain)
            left = view.estimates.is_left(key)
            area = rect.adjusted(_GAP * look.unit, 0, 0, 0) if left else rect
            painter.drawText(area, _LEFT if left else _RIGHT, view.estimates.shown(row, key))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(look.color("accent"), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        painter.restore()


class _Axis(QWidget):
    """The scale under the drawn intervals."""

    def __init__(self, view: _View, factor: float, parent: QWidget) -> None:
        super().__init__(parent)
        self._view, self._factor = view, factor
        self.setFixedHeight(QFontMetrics(theme().font(0.85 * factor)).height() + theme().unit)
        view.horizontalScrollBar().valueChanged.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ticks and numbers."""
        look, unit = theme(), theme().unit
        painter = QPainter(self)
        painter.setFont(look.font(0.85 * self._factor))
        painter.setPen(look.color("text2"))
        axis = self._view.axis(self._view.drawn_cell())
        for value in axis_ticks(axis, room=14 * unit):
            x = round(axis.place(value))
            painter.drawLine(x, 0, x, unit)
            painter.drawText(QRect(x - 10 * unit, unit, 20 * unit, self.height() - unit), _TOP, tick_label(value))


_TOP = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
