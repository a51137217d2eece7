"""The list of suggestions that floats over the command line; the editor keeps the focus."""

from __future__ import annotations

from heapq import nlargest

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, QStringListModel, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from mixedgui.models.completion import Completion
from mixedgui.theme import theme
from mixedgui.widgets.tinted_label import TintedLabel

_Index = QModelIndex | QPersistentModelIndex

SHOWN_ROWS = 8
MEASURED = 20


class CompletionPopup(QFrame):
    """Attributes: `picked` (the text of the suggestion that was clicked)."""

    picked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.setObjectName("completion")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._completion = Completion(0, ())
        self._typed = 0
        self._model = QStringListModel(self)
        self._list = QListView(self)
        self._list.setAccessibleName(self.tr("Suggestions"))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setUniformItemSizes(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setModel(self._model)
        self._list.setItemDelegate(_SuggestionDelegate(self))
        self._list.clicked.connect(self._pick)
        self._foot = TintedLabel("", "text2", self, factor=0.92)
        self._foot.setContentsMargins(2 * theme().unit, theme().unit, 2 * theme().unit, theme().unit)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, theme().unit, 1, 0)
        column.setSpacing(0)
        column.addWidget(self._list)
        column.addWidget(self._foot)
        self.hide()

    @property
    def completion(self) -> Completion:
        """What is suggested."""
        return self._completion

    @property
    def typed(self) -> int:
        """How many letters of each suggestion are typed already."""
        return self._typed

    def suggest(self, completion: Completion, typed: int, anchor: QPoint) -> None:
        """Show suggestions with the lower left corner at `anchor`, in the parent's coordinates."""
        self._completion, self._typed = completion, typed
        self._model.setStringList([suggestion.text for suggestion in completion.suggestions])
        self._list.setCurrentIndex(self._model.index(0, 0))
        more = len(completion.suggestions) - SHOWN_ROWS
        tail = self.tr("  ·  {0} more below").format(more) if more > 0 else ""
        self._foot.setText(self.tr("{0}  ·  Tab or Enter takes it, Esc closes").format(completion.about) + tail)
        unit = theme().unit
        rows = min(len(completion.suggestions), SHOWN_ROWS)
        metrics, small = QFontMetrics(theme().mono()), QFontMetrics(theme().font(0.92))
        widest = _widest(metrics, [s.text for s in completion.suggestions])
        detail = _widest(small, [s.detail for s in completion.suggestions])
        room = self._window.width() - 4 * unit
        foot = self._foot.sizeHint().width() + 2 * unit
        width = min(room, max(80 * unit, foot, widest + min(detail, 80 * unit) + 12 * unit))
        self._list.setFixedHeight(rows * row_height())
        height = self._list.height() + self._foot.sizeHint().height() + 2 * unit
        left = max(unit, min(anchor.x(), self._window.width() - width - unit))
        self.setGeometry(left, max(0, anchor.y() - height), width, height)
        self.show()
        self.raise_()

    def step(self, by: int) -> None:
        """Move to another suggestion: by one from the last to the first, by more up to the end."""
        rows, wanted = self._model.rowCount(), self._list.currentIndex().row() + by
        if rows:
            row = wanted % rows if abs(by) == 1 else min(max(wanted, 0), rows - 1)
            self._list.setCurrentIndex(self._model.index(row, 0))

    def current_text(self) -> str:
        """Return the suggestion that is current."""
        return str(self._list.currentIndex().data() or "")

    @Slot(QModelIndex)
    def _pick(self, index: QModelIndex) -> None:
        self.picked.emit(str(index.data()))


def _widest(metrics: QFontMetrics, texts: list[str]) -> int:
    """Return about how wide the widest text is: only those with the most letters are measured, of thousands."""
    return max((metrics.horizontalAdvance(text) for text in nlargest(MEASURED, texts, key=len)), default=0)


def row_height() -> int:
    """Return the height of a suggestion."""
    return 6 * theme().unit


class _SuggestionDelegate(QStyledItemDelegate):
    """What is typed in bold accent, the rest plain, what it means at the right."""

    def __init__(self, popup: CompletionPopup) -> None:
        super().__init__(popup)
        self._popup = popup

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """One line and some air."""
        return QSize(10, row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one suggestion."""
        look, unit = theme(), theme().unit
        suggestion = self._popup.completion.suggestions[index.row()]
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, look.color("soft"))
        area: QRect = option.rect.adjusted(3 * unit, 0, -3 * unit, 0)
        mono = look.mono()
        bold = look.mono()
        bold.setBold(True)
        typed, rest = suggestion.text[: self._popup.typed], suggestion.text[self._popup.typed :]
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setFont(bold)
        painter.setPen(look.color("accent"))
        painter.drawText(area, flags, typed)
        left = area.left() + QFontMetrics(bold).horizontalAdvance(typed)
        painter.setFont(mono)
        painter.setPen(look.color("text"))
        painter.drawText(QRect(left, area.top(), area.right() - left, area.height()), flags, rest)
        left += QFontMetrics(mono).horizontalAdvance(rest) + 4 * unit
        small = look.font(0.92)
        detail = QFontMetrics(small).elidedText(suggestion.detail, Qt.TextElideMode.ElideRight, area.right() - left)
        painter.setFont(small)
        painter.setPen(look.color("text2"))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(QRect(left, area.top(), area.right() - left, area.height()), right, detail)
        painter.restore()
