"""The page *Model*: response and fixed part at the left, random-effects equations at the right."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from engine.api import MIXED, Method
from mixedgui.dialogs.builders.buttons import beside, varlist_button
from mixedgui.dialogs.command_dialog import CommandDialog
from mixedgui.dialogs.mixed.declared import LONGEST_LABEL
from mixedgui.dialogs.mixed.df_group import DfGroup
from mixedgui.dialogs.mixed.equation_list import EquationList
from mixedgui.dialogs.mixed.equation_strip import EquationStrip
from mixedgui.dialogs.mixed.further_group import FurtherGroup
from mixedgui.dialogs.mixed.nesting_strip import NestingStrip
from mixedgui.dialogs.mixed.residuals_group import ResidualsGroup
from mixedgui.state.mixed_state import MixedState
from mixedgui.state.translation import tr
from mixedgui.theme import theme
from mixedgui.widgets.binding import Binding, bind_check, bind_text
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.option_group import heading
from mixedgui.widgets.section import Section, label_width, rule
from mixedgui.widgets.variable_edit import VariableEdit
from mixedgui.widgets.varlist_edit import VarlistEdit

_HELP = {decl.name: decl.help for decl in reversed(MIXED.options)}


class ModelPage(Section):
    """Builds the controls and ties them to the state."""

    def __init__(self, state: MixedState, dialog: CommandDialog, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        self.equations = EquationList(state, self)
        self.nesting = NestingStrip(self)
        self.nesting.swap_asked.connect(self._swap)
        self.levels: tuple[str, ...] = ()
        unit = theme().unit
        self._depvar = VariableEdit(self, numeric=True)
        self._indepvars = VarlistEdit(self, numeric=True)
        self._noconstant = QCheckBox(tr("Suppress constant term"), self)
        self._mle = QRadioButton(tr("ML"), self)
        self._reml = QRadioButton(tr("REML"), self)
        self._labels = [QLabel(text, self) for text in (tr("Dependent variable"), tr("Independent variables"))]
        self._name_controls()
        self._build = varlist_button(self._indepvars, self)
        self._bind()
        self.strip = EquationStrip(self)
        self._groups = (
            ResidualsGroup(state, dialog, self),
            DfGroup(state, dialog, self),
            FurtherGroup(state, dialog, self),
        )
        columns = QHBoxLayout()
        columns.setSpacing(6 * unit)
        columns.addWidget(self._left(dialog), 44)
        columns.addWidget(self._right(dialog), 56)
        page = QVBoxLayout(self)
        page.setContentsMargins(4 * unit, 4 * unit, 4 * unit, 4 * unit)
        page.setSpacing(4 * unit)
        page.addLayout(columns, 1)
        page.addWidget(self.strip)
        self.labels += [*self._labels, self._mle, self._reml, self._noconstant]
        self.focus_order += [self._mle, self._reml, self._depvar, self._indepvars, self._build, self._noconstant]
        self.absorb(*self._groups)
        answers = [self.nesting.swap, self.nesting.anew, self.nesting.crossed]
        self.labels += [self.equations.head, *answers]
        self.focus_order += [*self.equations.focus_order(), *answers, *self.strip.views.values()]
        self.refreshers.append(self.equations.refresh)

    def _name_controls(self) -> None:
        names: dict[QWidget, tuple[str, str, str]] = {
            self._mle: ("mle", tr("Maximum likelihood"), _HELP["mle"]),
            self._reml: ("reml", tr("Restricted maximum likelihood"), _HELP["reml"]),
            self._depvar: ("depvar", tr("Dependent variable"), tr("The numeric variable that the model explains.")),
            self._indepvars: (
                "indepvars",
                tr("Independent variables"),
                tr("Fixed effects: variables, factors (i.sex), interactions (c.age##i.sex)."),
            ),
            self._noconstant: ("noconstant", tr("Suppress constant term"), _HELP["noconstant"]),
        }
        for widget, (name, label, help_text) in names.items():
            widget.setObjectName(f"mixed_{name}")
            describe(widget, label, help_text)
        self._depvar.setPlaceholderText(tr("choose a variable"))
        self._labels[0].setBuddy(self._depvar)
        self._labels[1].setBuddy(self._indepvars)
        group = QButtonGroup(self)
        group.addButton(self._mle)
        group.addButton(self._reml)

    def _bind(self) -> None:
        state = self._state
        self.bindings += [
            bind_check(self._reml, lambda: state.form.method is Method.REML, self._set_reml),
            Binding(self._mle, lambda: state.form.method is Method.ML, self._mle.setChecked),
            bind_text(self._depvar, lambda: state.form.depvar, lambda text: state.set(depvar=text)),
            bind_text(self._indepvars, lambda: state.form.indepvars, lambda text: state.set(indepvars=text)),
            bind_check(self._noconstant, lambda: state.form.noconstant, lambda on: state.set(noconstant=on)),
        ]

    def _left(self, dialog: CommandDialog) -> QWidget:
        unit = theme().unit
        side = QWidget(self)
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * unit)
        grid.setVerticalSpacing(2 * unit)
        methods = QHBoxLayout()
        methods.setSpacing(4 * unit)
        methods.addWidget(self._mle)
        methods.addWidget(self._reml)
        methods.addStretch()
        grid.addWidget(heading(tr("Response and fixed part"), side), 0, 0, 1, 2)
        grid.setRowMinimumHeight(0, self.equations.buttons["create"].sizeHint().height())
        grid.addWidget(QLabel(tr("Method"), side), 1, 0)
        grid.addLayout(methods, 1, 1)
        grid.addWidget(self._labels[0], 2, 0)
        grid.addWidget(self._depvar, 2, 1)
        grid.addWidget(dialog.note_under("depvar", side), 3, 1)
        grid.addWidget(self._labels[1], 4, 0)
        grid.addLayout(beside(self._indepvars, self._build), 4, 1)
        grid.addWidget(dialog.note_under("indepvars", side), 5, 1)
        grid.addWidget(self._noconstant, 6, 1)
        grid.setColumnMinimumWidth(0, label_width(self, tr(LONGEST_LABEL)))
        grid.setColumnStretch(1, 1)
        residuals, df, further = self._groups
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * unit)
        column.addLayout(grid)
        folding = QVBoxLayout()
        folding.setSpacing(unit)
        folding.addWidget(residuals)
        folding.addWidget(df)
        column.addWidget(rule(side))
        column.addLayout(folding)
        column.addWidget(rule(side))
        column.addWidget(further)
        column.addStretch()
        return side

    def _right(self, dialog: CommandDialog) -> QWidget:
        side = QFrame(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * theme().unit)
        column.addWidget(self.equations)
        column.addWidget(dialog.note_under("equations", side))
        column.addWidget(self.nesting)
        column.addStretch()
        return side

    def _set_reml(self, on: bool) -> None:
        self._state.set(method=Method.REML if on else Method.ML)

    @Slot()
    def _swap(self) -> None:
        if self.levels:
            self._state.reorder_levels(self.levels)
