"""The head of a fitted model in the rich view: title, key figures, verdict."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.api import Trust, Verdict
from mixedgui.models.fit_summary import FitSummary, KeyFigure
from mixedgui.theme import theme
from mixedgui.widgets.icons import icon
from mixedgui.widgets.tinted_label import TintedLabel

_SIGNS = {
    Trust.YES: ("check-circle-fill", "ok"),
    Trust.CAREFUL: ("warning-fill", "warn"),
    Trust.NO: ("x-circle", "error"),
}


class FitHead(QWidget):
    """Title, what varies over which groups, key figures, and whether the estimates can be trusted."""

    def __init__(self, summary: FitSummary, factor: float, *, figures: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        unit = theme().unit
        column = QVBoxLayout(self)
        column.setContentsMargins(0, unit, 0, unit)
        column.setSpacing(unit)
        title = TintedLabel(summary.title, "text", self, factor=1.3 * factor, bold=True)
        subtitle = TintedLabel(summary.subtitle, "text2", self, factor=factor)
        for label in (title, subtitle):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
        if figures:
            column.addSpacing(unit)
            column.addWidget(_Figures(summary.figures, factor, self))
        if summary.verdict is not None:
            column.addSpacing(unit)
            column.addWidget(_VerdictStrip(summary.verdict, factor, self))


class _Figures(QWidget):
    """Key figures side by side, in as many rows as the width asks for."""

    def __init__(self, figures: tuple[KeyFigure, ...], factor: float, parent: QWidget) -> None:
        super().__init__(parent)
        self._cells = [_figure(figure, factor, self) for figure in figures]
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(7 * theme().unit)
        self._grid.setVerticalSpacing(2 * theme().unit)
        self._columns = 0
        self._place(len(self._cells))

    def _place(self, columns: int) -> None:
        self._grid.setColumnStretch(self._columns, 0)
        self._columns = columns
        for number, cell in enumerate(self._cells):
            self._grid.addWidget(cell, number // columns, number % columns, Qt.AlignmentFlag.AlignTop)
        self._grid.setColumnStretch(columns, 1)

    def minimumSizeHint(self) -> QSize:
        """One figure wide."""
        widest = max((cell.sizeHint().width() for cell in self._cells), default=0)
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put as many side by side as fit."""
        super().resizeEvent(event)
        room, columns, gap = self.width(), 0, self._grid.horizontalSpacing()
        for cell in self._cells:
            room -= cell.sizeHint().width() + gap
            columns += room >= -gap
        columns = max(1, columns)
        if columns != self._columns:
            self._place(columns)


def _figure(figure: KeyFigure, factor: float, parent: QWidget) -> QWidget:
    cell = QWidget(parent)
    column = QVBoxLayout(cell)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(TintedLabel(figure.caption, "text2", cell, factor=0.92 * factor))
    number = TintedLabel(figure.text, "text", cell, factor=1.45 * factor, bold=True)
    number.setAccessibleName(f"{figure.caption}: {figure.text} {figure.remark}".strip())
    number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    column.addWidget(number)
    if figure.remark:
        column.addWidget(TintedLabel(figure.remark, "text2", cell, factor=0.92 * factor))
    return cell


class _VerdictStrip(QWidget):
    """A sign and a sentence on a soft ground."""

    def __init__(self, verdict: Verdict, factor: float, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon, self._token = _SIGNS[verdict.trust]
        unit = theme().unit
        self.setObjectName("fit_verdict")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(self)
        column.setContentsMargins(9 * unit, 2 * unit, 3 * unit, 2 * unit)
        sentence = " ".join(verdict.sentence.split())
        if sentence.split(maxsplit=1)[0].isalpha():  # not the name of a parameter
            sentence = sentence[0].upper() + sentence[1:]
        label = TintedLabel(sentence, "text", self, factor=factor)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(label)
        self._line = label.fontMetrics().height()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground and the sign."""
        look, unit = theme(), theme().unit
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color(f"{self._token}_soft"))
        painter.drawRoundedRect(self.rect().toRectF(), 1.0 * unit, 1.0 * unit)
        icon(self._icon, self._token).paint(painter, QRect(3 * unit, 2 * unit, 4 * unit, self._line))
