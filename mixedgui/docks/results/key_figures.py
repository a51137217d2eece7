"""The key figures of a fit side by side; each explains itself."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from mixedgui.models.explainer import Explainer
from mixedgui.models.fit_parts import KeyFigure
from mixedgui.theme import theme
from mixedgui.widgets.explanation import show_explanation
from mixedgui.widgets.tinted_label import TintedLabel


class KeyFigures(QWidget):
    """In as many rows as the width asks for; one stop of Tab, arrows move, Space explains."""

    def __init__(
        self, figures: tuple[KeyFigure, ...], factor: float, explainer: Explainer | None, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("fit_figures")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Key figures of the fit"))
        self._figures, self._explainer, self._current = figures, explainer, 0
        self._cells = [_figure(figure, factor, self) for figure in figures]
        self._grid = QGridLayout(self)
        unit = theme().unit
        self._grid.setContentsMargins(unit, unit, unit, unit)
        self._grid.setHorizontalSpacing(5 * unit)
        self._grid.setVerticalSpacing(2 * unit)
        self._columns = 0
        self._place(len(self._cells))
        self._describe()

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
        """Put as many side by side as fit, in columns."""
        super().resizeEvent(event)
        widths, gap = [cell.sizeHint().width() for cell in self._cells], self._grid.horizontalSpacing()
        columns = len(widths)
        while columns > 1 and _needed(widths, columns, gap) > self.width():
            columns -= 1
        if columns and columns != self._columns:
            self._place(columns)

    # --- explaining --------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Explain the figure under the pointer."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            for number, cell in enumerate(self._cells):
                if cell.geometry().contains(event.pos()):
                    return self._explain(number, by_key=False) or super().event(event)
        return super().event(event)

    def explain_here(self) -> bool:
        """Explain the current figure; return whether there is something to say."""
        return self._explain(self._current, by_key=True)

    def _explain(self, number: int, *, by_key: bool) -> bool:
        figure = self._figures[number]
        if self._explainer is None:
            return False
        found = self._explainer.figure(figure.label or figure.caption, figure.value, figure.text)
        if found is not None:
            area = self._cells[number].geometry()
            show_explanation(found, self, self.mapToGlobal(area.bottomLeft()), area, by_key=by_key)
        return found is not None

    def _describe(self) -> None:
        """Tell assistive technology the figure that the cursor is at."""
        figure = self._figures[self._current] if self._figures else None
        words = f"{figure.caption}: {figure.text} {figure.remark}".strip() if figure is not None else ""
        self.setAccessibleDescription(self.tr("{0}. Arrows move, Space explains the figure.").format(words))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between figures, explain one."""
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._columns,
            Qt.Key.Key_Down: self._columns,
        }
        step = steps.get(Qt.Key(event.key()), 0)
        if step and 0 <= self._current + step < len(self._figures):
            self._current += step
            self._describe()
            self.update()
        elif event.key() != Qt.Key.Key_Space or not self.explain_here():
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the cursor is."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring around the current figure."""
        if self.hasFocus() and self._cells:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme().color("accent"), 2))
            edge = theme().unit - 1
            area = self._cells[self._current].geometry().adjusted(-edge, -edge, edge, edge)
            painter.drawRoundedRect(area, theme().unit, theme().unit)


def _needed(widths: list[int], columns: int, gap: int) -> int:
    """Return the width of the figures in so many columns."""
    widest = [max(widths[column::columns]) for column in range(min(columns, len(widths)))]
    return sum(widest) + gap * len(widest)  # the last gap makes up for the margins


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
