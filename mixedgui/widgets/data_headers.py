"""The headers of the data table: names with their types, and numbers of observations."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygon
from PySide6.QtWidgets import QHeaderView, QWidget

from mixedgui.models.data_table import DataTableModel, aligned_right, column_kind
from mixedgui.theme import theme
from mixedgui.widgets.icons import icon


class ColumnHeader(QHeaderView):
    """Name in bold, type under it; an arrow where the view is sorted, a pin where a column stays.

    Attributes
    ----------
    sort_wanted, rename_wanted
        A click on the arrow's place, a double click on the name; with the column.
    """

    sort_wanted = Signal(int)
    rename_wanted = Signal(int)

    def __init__(self, model: DataTableModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._data = model
        self._hovered = -1
        self.setSectionsClickable(True)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setMinimumSectionSize(8 * theme().unit)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName(self.tr("Variables"))

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(self.length(), round(10.5 * theme().unit))

    def wanted_width(self, column: int) -> int:
        """Return the width that name and type need."""
        look = theme()
        variable = self._data.variable(column)
        name = QFontMetrics(look.font(bold=True)).horizontalAdvance(variable.name) + self._arrow_width()
        kind = QFontMetrics(look.font(0.92)).horizontalAdvance(column_kind(variable))
        return max(name, kind) + 5 * look.unit

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw one heading."""
        look, unit = theme(), theme().unit
        if section >= self._data.columnCount():
            return
        variable = self._data.variable(section)
        view = self._data.view
        pinned = variable.name in view.pinned
        right = aligned_right(variable, labels=view.labels)
        painter.save()
        chosen = self.selectionModel() is not None and self.selectionModel().isColumnSelected(section, QModelIndex())
        painter.fillRect(rect, look.color("soft" if chosen else "alt"))
        inner = rect.adjusted(2 * unit, unit, -2 * unit, -unit)
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        arrow = self._arrow(section)
        inner_name = self._paint_arrow(painter, inner, arrow, right=right) if arrow else inner
        if pinned:
            place = QRect(rect.left() + unit, rect.top() + unit, 4 * unit, 4 * unit)
            if not right:
                place.moveRight(rect.right() - unit)
            icon("push-pin").paint(painter, place)
        upper = QRect(inner_name.left(), inner.top(), inner_name.width(), inner.height() // 2 + unit // 2)
        lower = QRect(inner.left(), upper.bottom() - unit // 2, inner.width(), inner.height() - upper.height() + unit)
        bold, small = look.font(bold=True), look.font(0.92)
        painter.setFont(bold)
        painter.setPen(look.color("text"))
        name = QFontMetrics(bold).elidedText(variable.name, Qt.TextElideMode.ElideMiddle, upper.width())
        painter.drawText(upper, side | Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(small)
        painter.setPen(look.color("text2"))
        kind = QFontMetrics(small).elidedText(column_kind(variable), Qt.TextElideMode.ElideRight, lower.width())
        painter.drawText(lower, side | Qt.AlignmentFlag.AlignVCenter, kind)
        painter.setPen(QPen(look.color("line"), 1))
        painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.setPen(QPen(look.color("control"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground beside the last heading too."""
        super().paintEvent(event)
        end = self.length() - self.offset()
        if end < self.width():
            painter = QPainter(self.viewport())
            rest = QRect(max(end, 0), 0, self.width() - end, self.height())
            painter.fillRect(rest, theme().color("alt"))
            painter.setPen(QPen(theme().color("control"), 1))
            painter.drawLine(rest.bottomLeft(), rest.bottomRight())
            painter.end()

    def _arrow_width(self) -> int:
        return 5 * theme().unit

    def _arrow(self, section: int) -> str:
        """Return the name of the arrow of a column, empty when there is none to show."""
        name = self._data.variable(section).name
        for key, descending in self._data.view.sort:
            if key == name:
                return "arrow-down" if descending else "arrow-up"
        return "arrows-down-up" if section == self._hovered else ""

    def _paint_arrow(self, painter: QPainter, inner: QRect, name: str, *, right: bool) -> QRect:
        """Draw the arrow beside the name, on the side where the name does not begin; return what is left for it."""
        unit = theme().unit
        side = 4 * unit
        place = QRect(inner.left() if right else inner.right() - side, inner.top(), side, side)
        icon(name, "text2" if name == "arrows-down-up" else "accent").paint(painter, place)
        room = self._arrow_width()
        return inner.adjusted(room, 0, 0, 0) if right else inner.adjusted(0, 0, -room, 0)

    def _on_arrow(self, place: QPoint) -> int:
        """Return the column whose arrow is at `place`, -1 when none is."""
        section = self.logicalIndexAt(place)
        if not 0 <= section < self._data.columnCount():
            return -1
        left = self.sectionViewportPosition(section)
        edge = 2 * theme().unit + self._arrow_width()
        right = aligned_right(self._data.variable(section), labels=self._data.view.labels)
        inside = place.x() - left
        grip = theme().unit
        at_arrow = grip < inside < edge if right else grip < self.sectionSize(section) - inside < edge
        return section if at_arrow else -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Sort by the arrow; elsewhere select or resize as usual."""
        section = self._on_arrow(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and section >= 0:
            self.sort_wanted.emit(section)
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Rename, unless an edge was meant."""
        place = event.position().toPoint()
        section = self.logicalIndexAt(place)
        on_edge = self.cursor().shape() == Qt.CursorShape.SplitHCursor
        if self._on_arrow(place) < 0 and section >= 0 and not on_edge:
            self.rename_wanted.emit(section)
            return
        super().mouseDoubleClickEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the arrow of the column under the pointer."""
        self._hover(self.logicalIndexAt(event.position().toPoint()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the arrow."""
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, section: int) -> None:
        if section != self._hovered:
            self._hovered = section
            self.viewport().update()


class RowHeader(QHeaderView):
    """Numbers of observations; a diamond beside those that are selected in plots and tables.

    Attributes
    ----------
    picked
        Rows were clicked or dragged over: first and last row, and the keys that were held.
    """

    picked = Signal(int, int, object)

    def __init__(self, model: DataTableModel, brushed: Callable[[int], bool], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._data = model
        self._brushed = brushed
        self._from = -1
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(1)
        self.setDefaultSectionSize(round(6.5 * theme().unit))
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName(self.tr("Observations"))

    def fit(self, n_obs: int) -> None:
        """Take the width that the largest number needs."""
        metrics = QFontMetrics(theme().font(0.92))
        self.setFixedWidth(metrics.horizontalAdvance(f"{max(n_obs, 100):,}") + 7 * theme().unit)

    def sizeHint(self) -> QSize:
        """As wide as it was fitted."""
        return QSize(self.minimumWidth(), 20 * self.defaultSectionSize())

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw one number."""
        if section >= self._data.rowCount():
            return
        look, unit = theme(), theme().unit
        painter.save()
        brushed = self._brushed(section)
        painter.fillRect(rect, look.color("soft" if brushed else "alt"))
        painter.setFont(look.font(0.92))
        painter.setPen(look.color("text" if brushed else "text2"))
        number = f"{self._data.view.position(section) + 1:,}"
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect.adjusted(unit, 0, -2 * unit, 0), flags, number)
        if brushed:
            centre, reach = QPoint(rect.left() + 2 * unit, rect.center().y()), max(2, unit)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("brushed"))
            steps = ((0, -reach), (reach, 0), (0, reach), (-reach, 0))
            painter.drawPolygon(QPolygon([centre + QPoint(x, y) for x, y in steps]))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(look.color("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.restore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to pick rows."""
        row = self.logicalIndexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and row >= 0:
            self._from = row
            self.picked.emit(row, row, event.modifiers())
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pick on."""
        row = self.logicalIndexAt(event.position().toPoint())
        if self._from >= 0 and row >= 0 and event.buttons() & Qt.MouseButton.LeftButton:
            self.picked.emit(self._from, row, Qt.KeyboardModifier.NoModifier)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End picking."""
        self._from = -1
        super().mouseReleaseEvent(event)
