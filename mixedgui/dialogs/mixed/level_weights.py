"""Weights of the groups of one level, in the equation sub-dialog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from engine.api import Choice, Variable
from mixedgui.dialogs.builders.buttons import beside, expression_button
from mixedgui.dialogs.mixed.declared import option
from mixedgui.state.equation_state import EquationState
from mixedgui.state.translation import mark, tr
from mixedgui.theme import theme
from mixedgui.widgets.expression_edit import ExpressionEdit
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.radio_choice import RadioChoice
from mixedgui.widgets.reason import ReasonButton

KINDS = (
    Choice("", 0, mark("None"), mark("Each group counts once. The default.")),
    Choice("fweight", 0, mark("Frequency"), option("fweight").help),
    Choice("pweight", 0, mark("Sampling"), option("pweight").help),
)


class LevelWeights(QWidget):
    """Kind of weight, and the field of the kind chosen.

    Attributes
    ----------
    kind_chosen
        A kind was chosen (a word of the command, empty for none).
    edited
        A weight was entered (kind, text).
    """

    kind_chosen = Signal(str)
    edited = Signal(str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        unit = theme().unit
        self.kind = RadioChoice("mixed_equation_weights", KINDS, self)
        self.kind.setAccessibleName(tr("Weights at this level"))
        self._reasons = {
            choice.word: ReasonButton(button, self)
            for choice, button in zip(KINDS, self.kind.buttons, strict=True)
            if choice.word
        }
        self._fields: dict[str, ExpressionEdit] = {}
        self._builders: dict[str, QToolButton] = {}
        top = QHBoxLayout()
        top.setSpacing(unit)
        top.addWidget(self.kind)
        for reason in self._reasons.values():
            top.addWidget(reason)
        top.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit)
        column.addLayout(top)
        for word in self._reasons:
            field = ExpressionEdit(self)
            field.setObjectName(f"mixed_equation_{word}")
            field.setPlaceholderText(tr("a variable or an expression, the same within each group"))
            describe(field, option(word).label, option(word).help)
            field.changed.connect(lambda w=word, f=field: self.edited.emit(w, f.text()))
            build = expression_button(field, self)
            column.addLayout(beside(field, build))
            self._fields[word] = field
            self._builders[word] = build
        self.kind.chosen.connect(self.kind_chosen)

    def set_variables(self, variables: Sequence[Variable]) -> None:
        """Offer these variables."""
        for field in self._fields.values():
            field.set_variables(variables)

    def set_reasons(self, reasons: Mapping[str, str]) -> None:
        """Switch off kinds that are not available."""
        said: set[str] = set()
        for word, button in self._reasons.items():
            reason = reasons.get(word, "")
            button.give(reason)
            button.setVisible(bool(reason) and reason not in said)  # one button says a shared reason
            said.add(reason)

    def show_weights(self, equation: EquationState) -> None:
        """Show the weights of an equation without reporting them as edited."""
        self.kind.show_word(equation.weighting)
        for word, field in self._fields.items():
            text = getattr(equation, word)
            if field.text() != text:
                with QSignalBlocker(field):
                    field.setText(text)
            field.setVisible(equation.weighting == word)
            self._builders[word].setVisible(equation.weighting == word)

    def focus_order(self) -> list[QWidget]:
        """Return the controls in the order of Tab."""
        pairs = zip(self._fields.values(), self._builders.values(), strict=True)
        return [*self.kind.buttons, *self._reasons.values(), *(widget for pair in pairs for widget in pair)]
