"""The dialog of `predict`: which statistic, as radio buttons; one of them is always written out."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.api import CommandDecl, Method, Problem
from mixedgui.dialogs.simple_dialog import SimpleDialog
from mixedgui.dialogs.window import CommandWindow
from mixedgui.state.postestimation import lacking
from mixedgui.state.predict_state import STATISTICS, PredictState
from mixedgui.state.translation import tr
from mixedgui.widgets.option_group import ExclusiveGroup, heading
from mixedgui.widgets.variable_edit import VariableEdit


class PredictDialog(SimpleDialog):
    """Statistic, names, standard errors, level."""

    def __init__(self, decl: CommandDecl, window: CommandWindow) -> None:
        super().__init__(decl, window, PredictState(decl))

    def add_choices(self, page: QWidget, column: QVBoxLayout) -> None:
        """Add the statistics."""
        declared = {option.name: option for option in self.decl.options}
        radios = ExclusiveGroup(
            [declared[name] for name in STATISTICS], self.state, self.decl.name, page, vertical=True, always=True
        )
        self._radios = radios
        self.refreshers.append(radios.refresh)
        self.reasons |= radios.reasons
        column.addWidget(heading(tr("Produce"), page))
        column.addWidget(radios)
        self.adopt(list(radios.labels), list(radios.focus_order))

    def own_options(self) -> frozenset[str]:
        """Return the statistics."""
        return frozenset(STATISTICS)

    @Slot()
    def refresh_data(self) -> None:
        """Offer the levels of the last fit."""
        super().refresh_data()
        estimates = self.window_.session.mixed
        if isinstance(self.state, PredictState):
            self.state.note_fit(reml=estimates is not None and estimates.spec.method is Method.REML)
        levels = [equation.level for equation in estimates.spec.equations] if estimates is not None else []
        field = self.control("relevel")
        if isinstance(field, VariableEdit):
            field.set_variables([v for v in self.window_.session.data.variables if v.name in levels])

    @Slot()
    def refresh(self) -> None:
        """Show what the last fit has; before one, what there is after mixed."""
        super().refresh()
        session = self.window_.session
        foreign = set(lacking(self.decl, session))
        if session.estimates is None:
            foreign = {option.name for option in self.decl.options if option.after and "mixed" not in option.after}
        self._radios.hide_options(foreign)
        self.hide_options(foreign)

    def problems(self) -> list[Problem]:
        """Return what is wrong, the want of a fit included."""
        found = super().problems()
        if self.window_.session.estimates is None:
            found.insert(0, Problem(301, tr("fit a model first: there are no estimates to predict from"), "varlist"))
        off = self.state.disabled_reasons().get("scores", "")
        if off and self.state.form.options.has("scores"):
            found.append(Problem(198, off, "scores"))
        return found
