"""The equation of a fit in the rich view: the model with its estimates, ready to copy."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from mixedgui.state.equation_pieces import Equation
from mixedgui.theme import theme
from mixedgui.widgets.equation_label import EquationLabel, combined_text
from mixedgui.widgets.pane_head import icon_button


class EquationBand(QWidget):
    """An equation on a soft ground, with a button that copies it as text."""

    def __init__(self, equation: Equation, factor: float, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("fit_equation")
        self._equation = equation
        unit = theme().unit
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * unit, 2 * unit, unit, 2 * unit)
        label = EquationLabel(self)
        label.show_combined(equation, factor)
        label.setAccessibleName(self.tr("The model with its estimates"))
        label.setAccessibleDescription(combined_text(equation))
        copy = icon_button("copy", self.tr("Copy the equation"), self)
        copy.clicked.connect(self._copy)
        row.addWidget(label, 1)
        row.addWidget(copy, 0, Qt.AlignmentFlag.AlignTop)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(combined_text(self._equation))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground."""
        look = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("alt"))
        painter.drawRoundedRect(QRectF(self.rect()), look.unit, look.unit)
