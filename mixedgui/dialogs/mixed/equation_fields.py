"""The fields of the equation sub-dialog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engine.api import Problem, Variable
from mixedgui.dialogs.builders.buttons import beside, varlist_button
from mixedgui.dialogs.mixed.covariance_cards import CovarianceCards
from mixedgui.dialogs.mixed.level_weights import LevelWeights
from mixedgui.state.equation_state import EquationState
from mixedgui.state.translation import mark, tr
from mixedgui.theme import theme
from mixedgui.widgets.icons import icon
from mixedgui.widgets.mnemonics import assign_mnemonics
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.option_group import heading
from mixedgui.widgets.reason import ReasonButton
from mixedgui.widgets.section import label_width, rule
from mixedgui.widgets.tinted_label import TintedLabel
from mixedgui.widgets.variable_edit import VariableEdit
from mixedgui.widgets.varlist_edit import VarlistEdit

_LONGEST_LABEL = mark("Weights at this level")


class EquationFields(QWidget):
    """Level, random part, covariance, and the equation in words.

    Attributes
    ----------
    edited
        A field changed (dict of `EquationState` fields).
    structure_chosen
        A covariance card was chosen.
    """

    edited = Signal(dict)
    structure_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        unit = theme().unit
        self.level = VariableEdit(self)
        self.terms = QRadioButton(tr("Coefficients of variables"), self)
        self.crossed = QRadioButton(tr("Crossed factor (R.)"), self)
        self.indepvars = VarlistEdit(self, numeric=True)
        self.factor = VariableEdit(self, numeric=True)
        self.noconstant = QCheckBox(tr("Suppress constant (no random intercept)"), self)
        self.covariance = CovarianceCards(self)
        self.weights = LevelWeights(self)
        self._name_controls()
        self.build = varlist_button(self.indepvars, self)
        self._why_not_crossed = ReasonButton(self.crossed, self)
        self._group = QButtonGroup(self)
        self._group.addButton(self.terms)
        self._group.addButton(self.crossed)
        self._level_sign, self._level_text = QLabel(self), self._small_label()
        self._note = self._small_label("error")
        self._indepvars_label = QLabel(tr("Variables"), self)
        self._factor_label = QLabel(tr("Factor variable"), self)
        self._sentence = QLabel(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3 * unit)
        column.addLayout(self._grid())
        column.addWidget(rule(self))
        self._structure_head = heading(tr("Covariance of the random effects"), self)
        column.addWidget(self._structure_head)
        column.addWidget(self.covariance)
        column.addWidget(rule(self))
        column.addLayout(self._weights_row())
        column.addStretch()
        column.addWidget(self._box(self._sentence))
        self._connect()

    def set_variables(self, variables: Sequence[Variable]) -> None:
        """Offer these variables."""
        for edit in (self.level, self.factor, self.indepvars, self.weights):
            edit.set_variables(variables)

    def set_reasons(self, reasons: Mapping[str, str]) -> None:
        """Switch off what is not available, and say why."""
        self._why_not_crossed.give(reasons.get("factor", ""))
        self.weights.set_reasons(reasons)

    def show_equation(self, equation: EquationState, effects: int | None) -> None:
        """Show an equation without reporting it as edited."""
        for edit, text in ((self.level, equation.level), (self.factor, equation.factor)):
            if edit.text() != text:
                with QSignalBlocker(edit):
                    edit.setText(text)
        if self.indepvars.text() != equation.indepvars:
            with QSignalBlocker(self.indepvars):
                self.indepvars.setText(equation.indepvars)
        with QSignalBlocker(self._group), QSignalBlocker(self.crossed), QSignalBlocker(self.terms):
            (self.crossed if equation.crossed else self.terms).setChecked(True)
        with QSignalBlocker(self.noconstant):
            self.noconstant.setChecked(equation.noconstant)
        for widget in (self.indepvars, self.build, self._indepvars_label, self.noconstant):
            widget.setVisible(not equation.crossed)
        self.factor.setVisible(equation.crossed)
        self._factor_label.setVisible(equation.crossed)
        self.covariance.show_structure(equation.structure, effects, crossed=equation.crossed)
        self.weights.show_weights(equation)

    def show_groups(self, text: str, *, well: bool) -> None:
        """Say how many groups the level has."""
        size = round(4 * theme().unit)
        sign = icon("check-circle-fill", "ok") if well else icon("warning-fill", "warn")
        self._level_sign.setPixmap(sign.pixmap(size, size))
        self._level_sign.setVisible(bool(text))
        self._level_text.setText(text)
        self._level_text.setVisible(bool(text))

    def say(self, sentence: str) -> None:
        """Show the equation in words."""
        size = round(4.5 * theme().unit)
        self._sentence_sign.setPixmap(icon("chat-text", "accent").pixmap(size, size))
        self._sentence.setText(sentence)
        self._sentence.setAccessibleName(sentence)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say what is wrong with the fields, and underline it."""
        self._note.setText("\n".join(p.message[:1].upper() + p.message[1:] for p in problems))
        self._note.setVisible(bool(problems))
        wrong = next((p for p in problems if p.option == "indepvars"), None)
        self.indepvars.mark_wrong(wrong.span or (0, len(self.indepvars.text())) if wrong else None)

    def focus_order(self) -> list[QWidget]:
        """Return the controls in the order of Tab."""
        fields = [
            self.level,
            self.terms,
            self.crossed,
            self._why_not_crossed,
            self.indepvars,
            self.build,
            self.factor,
            self.noconstant,
        ]
        return [*fields, *self.covariance.cards, *self.weights.focus_order()]

    def _name_controls(self) -> None:
        names = {
            self.level: (
                "level",
                tr("Level variable"),
                tr("Its values name the groups; empty puts all rows into one (_all)."),
            ),
            self.terms: (
                "terms",
                tr("Coefficients of variables"),
                tr("An intercept and slopes that differ between groups."),
            ),
            self.crossed: (
                "crossed",
                tr("Crossed factor (R.)"),
                tr("One effect per value of a factor, for factors that cross the groups instead of nesting in them."),
            ),
            self.indepvars: ("indepvars", tr("Variables"), tr("Variables whose slopes differ between the groups.")),
            self.factor: ("factor", tr("Factor variable"), tr("Each of its values has a random effect of its own.")),
            self.noconstant: (
                "noconstant",
                tr("Suppress constant"),
                tr("Leave out the random intercept of this equation."),
            ),
            self.covariance: (
                "covariance",
                tr("Covariance of the random effects"),
                tr("How the effects vary together."),
            ),
        }
        for widget, (name, label, help_text) in names.items():
            widget.setObjectName(f"mixed_equation_{name}")
            describe(widget, label, help_text)
        self.level.setPlaceholderText(tr("all observations (_all)"))
        self.factor.setPlaceholderText(tr("choose a variable"))
        self.indepvars.setPlaceholderText(tr("none: intercept only"))

    def _grid(self) -> QGridLayout:
        unit = theme().unit
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * unit)
        grid.setVerticalSpacing(2 * unit)
        labels = [QLabel(text, self) for text in (tr("Level variable"), tr("Random part"))]
        labels[0].setBuddy(self.level)
        labels[1].setBuddy(self.terms)
        self._indepvars_label.setBuddy(self.indepvars)
        self._factor_label.setBuddy(self.factor)
        groups = QHBoxLayout()
        groups.setSpacing(unit)
        groups.addWidget(self._level_sign, 0, Qt.AlignmentFlag.AlignTop)
        groups.addWidget(self._level_text, 1)
        kinds = QHBoxLayout()
        kinds.setSpacing(4 * unit)
        kinds.addWidget(self.terms)
        kinds.addWidget(self.crossed)
        kinds.addWidget(self._why_not_crossed)
        kinds.addStretch()
        grid.addWidget(labels[0], 0, 0)
        grid.addWidget(self.level, 0, 1)
        grid.addLayout(groups, 1, 1)
        grid.addWidget(labels[1], 2, 0)
        grid.addLayout(kinds, 2, 1)
        grid.addWidget(self._indepvars_label, 3, 0)
        grid.addLayout(beside(self.indepvars, self.build), 3, 1)
        grid.addWidget(self._factor_label, 4, 0)
        grid.addWidget(self.factor, 4, 1)
        grid.addWidget(self.noconstant, 5, 1)
        grid.addWidget(self._note, 6, 1)
        grid.setColumnMinimumWidth(0, label_width(self, tr(_LONGEST_LABEL)))
        grid.setColumnStretch(1, 1)
        wearers: list[QLabel | QAbstractButton] = [
            *labels[:1],
            self.terms,
            self.crossed,
            self._indepvars_label,
            self._factor_label,
            self.noconstant,
        ]
        assign_mnemonics([*wearers, *self.weights.kind.buttons])
        return grid

    def _weights_row(self) -> QHBoxLayout:
        label = QLabel(tr(_LONGEST_LABEL), self)
        label.setMinimumWidth(label_width(self, tr(_LONGEST_LABEL)))
        label.setMinimumHeight(self.weights.kind.buttons[0].sizeHint().height() + theme().unit)
        row = QHBoxLayout()
        row.setSpacing(3 * theme().unit)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.weights, 1)
        return row

    def _small_label(self, token: str = "text2") -> TintedLabel:
        label = TintedLabel("", token, self, factor=0.92)
        label.setWordWrap(True)
        policy = label.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        label.setSizePolicy(policy)
        label.hide()
        return label

    def _box(self, label: QLabel) -> QFrame:
        frame = QFrame(self)
        frame.setAutoFillBackground(True)
        frame.setBackgroundRole(self.palette().ColorRole.Highlight)
        row = QHBoxLayout(frame)
        unit = theme().unit
        row.setContentsMargins(3 * unit, 2 * unit, 3 * unit, 2 * unit)
        self._sentence_sign = QLabel(frame)
        label.setWordWrap(True)
        label.setObjectName("mixed_equation_sentence")
        label.setTextFormat(Qt.TextFormat.PlainText)
        row.addWidget(self._sentence_sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label, 1)
        return frame

    def _connect(self) -> None:
        self.level.changed.connect(lambda: self.edited.emit({"level": self.level.text()}))
        self.factor.changed.connect(lambda: self.edited.emit({"factor": self.factor.text()}))
        self.indepvars.changed.connect(lambda: self.edited.emit({"indepvars": self.indepvars.text()}))
        self.crossed.toggled.connect(lambda on: self.edited.emit({"crossed": on}))
        self.noconstant.toggled.connect(lambda on: self.edited.emit({"noconstant": on}))
        self.covariance.chosen.connect(self.structure_chosen)
