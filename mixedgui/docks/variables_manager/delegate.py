"""How the Variables Manager draws its cells, small histograms included, and what a cell is edited in."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPen
from PySide6.QtWidgets import (
    QComboBox,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from mixedgui.models.variable_properties import GLANCE_ROLE, Field
from mixedgui.state.translation import tr
from mixedgui.state.variable_commands import LONGEST_LABEL, NUMERIC_TYPES
from mixedgui.state.variable_table import Glance
from mixedgui.theme import theme
from mixedgui.widgets.icons import icon

_Index = QModelIndex | QPersistentModelIndex

FORMATS = ("%9.0g", "%8.0g", "%9.2f", "%9.3f", "%12.0fc", "%td", "%tc", "%tm", "%ty")
"""Display formats on offer for numbers; others are typed."""

NO_LABEL = "none"


class PropertyHeader(QHeaderView):
    """Headings in grey over a rule, as in other tables of the program."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)

    def sizeHint(self) -> QSize:
        """One line and some air."""
        return QSize(self.length(), round(6.5 * theme().unit))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw one heading, with an arrow where rows are sorted by it."""
        look, unit = theme(), theme().unit
        model = self.model()
        painter.save()
        painter.fillRect(rect, look.color("base"))
        inner = rect.adjusted(2 * unit, 0, -2 * unit, -1)
        if self.sortIndicatorSection() == section:
            side = 3 * unit
            down = self.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
            place = QRect(rect.right() - side - unit // 2, rect.center().y() - side // 2, side, side)
            icon("arrow-down" if down else "arrow-up", "accent").paint(painter, place)
            inner.setRight(place.left() - 1)
        font = look.font(0.92)
        font.setWeight(QFont.Weight.Medium)
        painter.setFont(font)
        painter.setPen(look.color("text2"))
        text = str(model.headerData(section, Qt.Orientation.Horizontal))
        flags = model.headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(flags), shown)
        painter.setPen(QPen(look.color("control"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()


class PropertyDelegate(QStyledItemDelegate):
    """Text in the weight and colour of its column, hairlines between rows, a drawing for the distribution.

    Parameters
    ----------
    value_labels
        Gives the names of the value labels there are.
    """

    def __init__(self, value_labels: Callable[[], Sequence[str]], parent: QWidget) -> None:
        super().__init__(parent)
        self._value_labels = value_labels

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one cell."""
        look, unit = theme(), theme().unit
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, look.color("soft"))
        painter.setPen(QPen(look.color("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(2 * unit, 0, -2 * unit, -1)
        field = Field(index.column())
        if field is Field.DISTRIBUTION:
            self._draw_distribution(painter, inner, index.data(GLANCE_ROLE))
        else:
            self._draw_text(painter, inner, field, index)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(look.color("accent"), 2))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        painter.restore()

    def _draw_text(self, painter: QPainter, inner: QRect, field: Field, index: _Index) -> None:
        look, unit = theme(), theme().unit
        text = str(index.data() or "")
        tokens = {Field.VALUE_LABEL: "accent", Field.TYPE: "text2", Field.FORMAT: "text2"}
        if field is Field.WITHIN and text:
            names = {tr("varies"): "", tr("is the group"): "stack"}
            name = names.get(text, "check")
            if name:
                side = 4 * unit
                place = QRect(inner.left(), inner.center().y() - side // 2, side, side)
                icon(name, "ok" if name == "check" else "text2").paint(painter, place)
            inner = inner.adjusted(5 * unit, 0, 0, 0)
        painter.setFont(look.font(bold=field is Field.NAME))
        painter.setPen(look.color(tokens.get(field, "text2" if text == tr("varies") else "text")))
        flags = index.data(Qt.ItemDataRole.TextAlignmentRole)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(flags), shown)

    def _draw_distribution(self, painter: QPainter, inner: QRect, glance: object) -> None:
        """Draw bars for the classes, or one divided bar where there are two values."""
        if not isinstance(glance, Glance) or not glance.profile.counts:
            return
        look, unit = theme(), theme().unit
        area = QRectF(inner.adjusted(0, unit, 0, -unit))
        bars = look.tokens.series[0]
        painter.setPen(Qt.PenStyle.NoPen)
        share = glance.profile.share
        if not math.isnan(share):
            thin = area.adjusted(0, area.height() * 0.2, 0, -area.height() * 0.2)
            painter.fillRect(thin, look.color("line"))
            painter.fillRect(QRectF(thin.left(), thin.top(), thin.width() * share, thin.height()), bars)
            return
        counts = glance.profile.counts
        width, most = area.width() / max(len(counts), 8), max(counts)
        for place, count in enumerate(counts):
            if count:
                height = max(area.height() * count / most, 1.0)
                painter.fillRect(
                    QRectF(area.left() + place * width, area.bottom() - height, max(width - 1, 1), height), bars
                )

    # --- editing -----------------------------------------------------------------------------------------------------

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """Return a field, or a list where there is a choice."""
        field = Field(index.column())
        editor: QLineEdit | QComboBox
        if field in {Field.FORMAT, Field.VALUE_LABEL, Field.TYPE}:
            editor = QComboBox(parent)
            editor.setEditable(field is Field.FORMAT)
            choices = {Field.FORMAT: list(FORMATS), Field.TYPE: list(NUMERIC_TYPES)}
            editor.addItems(choices.get(field) or [NO_LABEL, *self._value_labels()])
        else:
            editor = QLineEdit(parent)
            editor.setMaxLength(LONGEST_LABEL if field is Field.LABEL else 32)
        editor.setObjectName("variables_manager_cell")
        editor.setAccessibleName(str(index.data(Qt.ItemDataRole.AccessibleTextRole)))
        return editor

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        """Show what stands in the cell."""
        text = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if isinstance(editor, QComboBox):
            editor.setCurrentText(text or NO_LABEL)
        elif isinstance(editor, QLineEdit):
            editor.setText(text)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: object, index: _Index) -> None:
        """Hand on what was typed or chosen."""
        text = editor.currentText() if isinstance(editor, QComboBox) else getattr(editor, "text", str)()
        if Field(index.column()) is Field.VALUE_LABEL and text == NO_LABEL:
            text = ""
        model.setData(index, text)  # type: ignore[attr-defined]  # every model has one
