"""The page *Weights* of any command that takes weights."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.api import Choice
from mixedgui.dialogs.builders.buttons import beside, expression_button
from mixedgui.dialogs.command_dialog import CommandDialog
from mixedgui.state.translation import mark, tr
from mixedgui.theme import theme
from mixedgui.widgets.binding import Binding, bind_text
from mixedgui.widgets.expression_edit import ExpressionEdit
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.option_group import heading
from mixedgui.widgets.radio_choice import RadioChoice
from mixedgui.widgets.reason import ReasonButton
from mixedgui.widgets.section import Section
from mixedgui.widgets.tinted_label import TintedLabel

KINDS = (
    Choice("", 0, mark("None"), mark("Each observation counts once. The default.")),
    Choice("fweight", 0, mark("Frequency"), mark("How many identical observations each one stands for.")),
    Choice(
        "pweight",
        0,
        mark("Sampling"),
        mark("Inverse of the probability that the observation was sampled in its group."),
    ),
    Choice(
        "aweight",
        0,
        mark("Analytic"),
        mark("Inverse to the variance of the observation, for example the size of a mean."),
    ),
    Choice("iweight", 0, mark("Importance"), mark("Taken as they are, whatever they mean.")),
)
"""What weights there are; the words are those of the command."""


class WeightsPage(Section):
    """Kind of weight and its variable or expression."""

    def __init__(self, dialog: CommandDialog, parent: QWidget | None = None, *, about: str = "") -> None:
        super().__init__(parent)
        state = self._state = dialog.state
        unit = theme().unit
        decl = dialog.decl
        kinds = [kind for kind in KINDS if not kind.word or kind.word in decl.weights]
        self._kind = RadioChoice(f"{decl.name}_weight_type", kinds, self)
        self._kind.setAccessibleName(tr("Weight type"))
        self._exp = ExpressionEdit(self)
        self._exp.setObjectName(f"{decl.name}_weight_exp")
        self._exp.setPlaceholderText(tr("a variable or an expression, for example 1/p"))
        describe(self._exp, tr("Weight"), tr("The variable that holds the weights, or an expression."))
        reason, self._why_exp = ReasonButton(self._kind, self), ReasonButton(self._exp, self)
        self.reasons["weight"] = reason
        label = QLabel(tr("Weight"), self)
        label.setBuddy(self._exp)
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * unit)
        grid.setVerticalSpacing(2 * unit)
        kind_label = QLabel(tr("Type"), self)
        kinds_row = QHBoxLayout()
        kinds_row.addWidget(self._kind)
        kinds_row.addWidget(reason)
        kinds_row.addStretch()
        grid.addWidget(kind_label, 0, 0)
        grid.addLayout(kinds_row, 0, 1)
        grid.addWidget(dialog.note_under("weight_type", self), 1, 1)
        grid.addWidget(label, 2, 0)
        build = expression_button(self._exp, self)
        grid.addLayout(beside(self._exp, build), 2, 1)
        grid.addWidget(self._why_exp, 2, 2)
        grid.addWidget(dialog.note_under("weight_exp", self), 3, 1)
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(3, 1)
        note = TintedLabel(about, "text2", self, factor=0.92)
        note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * unit, 4 * unit, 4 * unit, 4 * unit)
        column.setSpacing(2 * unit)
        column.addWidget(heading(tr("Weights of the observations"), self))
        column.addLayout(grid)
        column.addSpacing(2 * unit)
        column.addWidget(note)
        column.addStretch()
        self.labels += [*self._kind.buttons, label]
        self.focus_order += [*self._kind.buttons, reason, self._exp, build, self._why_exp]
        self._kind.chosen.connect(lambda word: state.set_part("weight", kind=word))
        self.bindings += [
            Binding(self._kind, lambda: state.form.weight.kind, self._kind.show_word),
            bind_text(self._exp, lambda: state.form.weight.expression, self._write),
        ]
        self.refreshers.append(self._show)

    def _write(self, text: str) -> None:
        self._state.set_part("weight", expression=text)

    def _show(self) -> None:
        off = self._state.disabled_reasons().get("weight", "")
        none = "" if self._state.form.weight.kind else tr("There are no weights: choose frequency or sampling first.")
        self._why_exp.give(off or none)
