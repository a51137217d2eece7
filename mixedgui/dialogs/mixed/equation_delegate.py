"""Draws a row of the equation list: grip, check box, elbow, number, level › effects, groups at the right."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel as ItemModel
from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from mixedgui.dialogs.mixed.equation_model import ROW_ROLE, EquationRow
from mixedgui.state.wording import ARROW, effects_words, level_words
from mixedgui.theme import theme

_Index = QModelIndex | QPersistentModelIndex


class EquationDelegate(QStyledItemDelegate):
    """Paints from the palette; sizes follow the font."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the height of a row."""
        return QSize(40 * theme().unit, max(option.fontMetrics.height() + 3 * theme().unit, 6 * theme().unit))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one row."""
        row = index.data(ROW_ROLE)
        if not isinstance(row, EquationRow):
            return
        look, unit, rect = theme(), theme().unit, option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(rect, look.color("soft" if selected else "base"))
        if selected:
            painter.fillRect(QRect(rect.left(), rect.top(), unit, rect.height()), look.color("accent"))
        painter.setPen(QPen(look.color("line"), 1))
        painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())
        self._draw_grip(painter, rect, look.color("control"))
        self._draw_check(painter, rect, on=row.equation.enabled)
        self._draw_words(painter, option, row)
        if option.state & QStyle.StateFlag.State_HasFocus and option.state & QStyle.StateFlag.State_KeyboardFocusChange:
            painter.setPen(QPen(look.color("accent"), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        painter.restore()

    def editorEvent(self, event: QEvent, model: ItemModel, option: QStyleOptionViewItem, index: _Index) -> bool:
        """Switch the row on or off when its check box is clicked."""
        if (
            event.type() is QEvent.Type.MouseButtonRelease
            and isinstance(event, QMouseEvent)
            and check_rect(option.rect).adjusted(-2, -4, 2, 4).contains(event.position().toPoint())
        ):
            on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
            state = Qt.CheckState.Unchecked if on else Qt.CheckState.Checked
            return model.setData(index, state, Qt.ItemDataRole.CheckStateRole)
        return False

    def _draw_grip(self, painter: QPainter, rect: QRect, color: QColor) -> None:
        unit = theme().unit
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        middle = QPoint(rect.left() + round(2.9 * unit), rect.center().y())
        for step in (-1, 0, 1):
            for side in (-1, 1):
                painter.drawEllipse(middle + QPoint(side * unit // 2, step * unit), 1, 1)

    def _draw_check(self, painter: QPainter, rect: QRect, *, on: bool) -> None:
        look, box = theme(), QRectF(check_rect(rect))
        painter.setPen(QPen(look.color("accent" if on else "control"), 1))
        painter.setBrush(look.color("accent" if on else "base"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), look.unit * 0.75, look.unit * 0.75)
        if on:
            painter.setPen(QPen(look.color("on_accent"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            corners = ((0.25, 0.53), (0.42, 0.70), (0.76, 0.32))
            points = [QPointF(box.left() + x * box.width(), box.top() + y * box.height()) for x, y in corners]
            painter.drawPolyline(points)

    def _draw_words(self, painter: QPainter, option: QStyleOptionViewItem, row: EquationRow) -> None:
        look, unit, rect = theme(), theme().unit, option.rect
        left = check_rect(rect).right() + 2 * unit + 5 * unit * row.depth
        if row.depth:
            painter.setPen(QPen(look.color("control"), 1))
            foot = left - 3 * unit
            painter.drawLine(foot, rect.top(), foot, rect.center().y())
            painter.drawLine(foot, rect.center().y(), left - unit, rect.center().y())
        color = look.color("text" if row.equation.enabled else "disabled")
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        small = look.font(0.92)
        right = rect.right() - 3 * unit
        pieces = (
            (str(row.number), option.font, look.color("text2")),
            (level_words(row.equation), bold, color),
            (ARROW, option.font, look.color("text2")),
            (effects_words(row.equation) + ("" if row.equation.enabled else " (off)"), option.font, color),
        )
        words = sum(QFontMetrics(font).horizontalAdvance(text) + 2 * unit for text, font, _ in pieces)
        groups = row.groups
        if left + words + QFontMetrics(small).horizontalAdvance(groups) > right - 3 * unit:
            groups = groups.partition(" (")[0]  # the mean is in the strip below too
        width = QFontMetrics(small).horizontalAdvance(groups)
        if width > (rect.width() * 6) // 10:
            width = 0
        end = right - width - 3 * unit
        for text, font, shade in pieces:
            metrics = QFontMetrics(font)
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(end - left, 0))
            painter.setFont(font)
            painter.setPen(shade)
            painter.drawText(QRect(left, rect.top(), end - left, rect.height()), Qt.AlignmentFlag.AlignVCenter, shown)
            left += metrics.horizontalAdvance(text) + 2 * unit
            if left >= end:
                break
        if width:
            painter.setFont(small)
            painter.setPen(look.color("text2"))
            place = QRect(right - width, rect.top(), width + unit, rect.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, groups)


def check_rect(rect: QRect) -> QRect:
    """Return where the check box of a row stands."""
    unit = theme().unit
    size = round(4 * unit)
    return QRect(rect.left() + 5 * unit, rect.center().y() - size // 2 + 1, size, size)
