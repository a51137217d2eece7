"""The strip at the foot of the page *Model*: the model as an equation, combined or level by level."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from mixedgui.state.equation_pieces import Equation
from mixedgui.state.translation import mark, tr
from mixedgui.theme import theme
from mixedgui.widgets.equation_label import EquationLabel, combined_text, levels_text
from mixedgui.widgets.segments import Segments

_VIEWS = (
    ("combined", mark("Combined"), "mdi6.function-variant", mark("The model in one line")),
    ("levels", mark("By level"), "tree-structure", mark("One line per coefficient and level, observations first")),
)


class EquationStrip(QFrame):
    """Shows an equation; hidden while there is none.

    Attributes
    ----------
    switched
        The other view was chosen.
    """

    switched = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        unit = theme().unit
        self.setObjectName("mixed_equation_text")
        self._equation: Equation | None = None
        self._label = EquationLabel(self)
        self._label.setAccessibleName(tr("The model as an equation"))
        self.views: dict[str, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * unit, 2 * unit, 3 * unit, 2 * unit)
        row.setSpacing(unit)
        row.addWidget(self._label, 1)
        segments = Segments(self)
        for name, text, sign, tip in ((view[0], tr(view[1]), view[2], tr(view[3])) for view in _VIEWS):
            button = segments.add(f"mixed_equation_text_{name}", text, sign, self._switch)
            button.setToolTip(tip)
            button.setAccessibleName(text)
            button.setAccessibleDescription(tip)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.views[name] = button
        row.addWidget(segments, 0, Qt.AlignmentFlag.AlignTop)
        self.views["combined"].setChecked(True)
        theme().changed.connect(self._refresh)
        self.hide()

    def text(self) -> str:
        """Return what is shown as characters alone."""
        if self._equation is None:
            return ""
        combined = self.views["combined"].isChecked()
        return combined_text(self._equation) if combined else levels_text(self._equation)

    def show_equation(self, equation: Equation | None) -> None:
        """Show an equation, or nothing."""
        self.setVisible(equation is not None)
        if equation != self._equation:
            self._equation = equation
            self._refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground."""
        super().paintEvent(event)
        look = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.color("line"), 1))
        painter.setBrush(look.color("alt"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), look.unit, look.unit)
        painter.end()

    def _switch(self) -> None:
        self._refresh()
        self.switched.emit()

    @Slot()
    def _refresh(self) -> None:
        if self._equation is None:
            return
        if self.views["combined"].isChecked():
            self._label.show_combined(self._equation)
        else:
            self._label.show_levels(self._equation)
        self._label.setAccessibleDescription(self.text())
