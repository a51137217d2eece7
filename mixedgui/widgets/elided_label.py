"""A label that takes whatever room is left and ends in … where that is too little; a tooltip has the rest."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mixedgui.theme import theme
from mixedgui.widgets.tinted_label import TintedLabel


class ElidedLabel(TintedLabel):
    """One line of plain text."""

    def __init__(
        self,
        text: str = "",
        token: str = "text",
        parent: QWidget | None = None,
        *,
        factor: float = 1.0,
        bold: bool = False,
    ) -> None:
        super().__init__(text, token, parent, factor=factor, bold=bold)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """Next to nothing across."""
        return QSize(theme().unit, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """As little as that."""
        return self.minimumSizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, or its beginning."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Show the whole text to the pointer where it is cut."""
        if event.type() == QEvent.Type.ToolTip:
            cut = self.fontMetrics().horizontalAdvance(self.text()) > self.width()
            where = self.mapToGlobal(self.rect().bottomLeft())
            QToolTip.showText(where, self.text() if cut else "", self)
            return True
        return super().event(event)
