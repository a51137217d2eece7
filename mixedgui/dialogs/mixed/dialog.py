"""The dialog of `mixed`."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.api import MIXED, MixedSpec, NestingReport, OptionDecl, Problem, StataError
from mixedgui.dialogs.command_dialog import CommandDialog
from mixedgui.dialogs.if_in_page import IfInPage
from mixedgui.dialogs.mixed.equation_dialog import EquationDialog
from mixedgui.dialogs.mixed.model_page import ModelPage
from mixedgui.dialogs.mixed.nesting_watch import NestingQuestion, NestingWatch
from mixedgui.dialogs.window import CommandWindow
from mixedgui.state.equation_state import EquationState
from mixedgui.state.mixed_state import MixedState
from mixedgui.state.wording import groups_text, level_words, plural
from mixedgui.theme import theme
from mixedgui.widgets.option_group import ExclusiveGroup, OptionGroup, heading

_FACTOR_DISPLAY = ("noomitted", "vsquish", "noemptycells", "baselevels", "allbaselevels", "nofvlabel", "nolstretch")
_FORMATS = ("cformat", "pformat", "sformat")
_METRICS = ("variance", "stddeviations")
_LOGS = ("log", "nolog")
_DEFAULTS = ("matsqrt",)
"""Options that only say what happens anyway; a page has no control for them."""


class MixedDialog(CommandDialog):
    """Model, if/in, Reporting, EM options, Maximization; equations in a sub-dialog."""

    state: MixedState

    def __init__(self, window: CommandWindow) -> None:
        state = MixedState()
        super().__init__(MIXED, state, window)
        self._equation: EquationDialog | None = None
        self._labels: list[list[Any]] = []
        self._order: list[QWidget] = []
        self._watch = NestingWatch(self)
        self._watch.answered.connect(self._nesting_answered)
        self.model = ModelPage(state, self)
        self.model.equations.create_asked.connect(self.create_equation)
        self.model.equations.edit_asked.connect(self.edit_equation)
        self.bindings += self.model.bindings
        self.refreshers += [self.model.equations.refresh, self._ask_nesting]
        self._add("model", "Model", self.model, self.model.labels(), self.model.focus_order())
        rows = IfInPage(self)
        self.bindings += rows.bindings
        self._add("byifin", "if/in", rows, rows.labels, rows.focus_order)
        self._add_reporting()
        self._add_options("em", "EM options", "EM iterations before the gradient-based ones")
        self._add_maximization()
        unit = theme().unit
        self.resize(222 * unit, 122 * unit)
        self.finish(self._labels, self._order)

    # ---- equations

    @Slot()
    def create_equation(self) -> None:
        """Open the sub-dialog for a new equation."""
        self._open_equation(EquationState(), -1)

    @Slot(int)
    def edit_equation(self, row: int) -> None:
        """Open the sub-dialog for the equation in `row`."""
        self._open_equation(self.state.form.equations[row], row)

    def select_row(self, row: int) -> None:
        """Select an equation."""
        self.model.equations.select(row)

    def _open_equation(self, equation: EquationState, row: int) -> None:
        if self._equation is None:
            self._equation = EquationDialog(self)
            self._equation.taken.connect(self._take_equation)
        rows = self.state.form.equations
        number = row + 1 if row >= 0 else len(rows) + 1
        above = rows[:row] if row >= 0 else rows
        name = f": {level_words(equation)}" if row >= 0 else ""
        self._equation.set_dataset(self.window_.session.data)
        self._equation.edit(
            equation,
            row,
            title=f"Random-effects equation {number}{name}",
            outer_levels=tuple(other.level_name for other in above if other.enabled),
            spec=self._spec(),
            reasons=self.state.disabled_reasons(),
        )
        self._equation.show()
        self._equation.raise_()
        self._equation.activateWindow()

    @Slot(object, int)
    def _take_equation(self, equation: EquationState, row: int) -> None:
        if 0 <= row < len(self.state.form.equations):
            self.state.edit_equation(row, equation)
        else:
            row = self.state.create_equation(equation)
        self.model.equations.select(row)

    # ---- nesting

    def _spec(self) -> MixedSpec | None:
        try:
            return self.state.to_spec()
        except StataError:
            return None

    def _ask_nesting(self) -> None:
        levels = tuple(equation.level_name for equation in self.state.form.active)
        self._watch.ask(NestingQuestion(self.window_.session.data, levels, self._spec() if levels else None))

    @Slot(object)
    def _nesting_answered(self, report: NestingReport | None) -> None:
        self.model.nesting.show_report(report)
        self.model.levels = (report.suggested or ()) if report is not None else ()
        self.model.equations.model.set_groups(_group_texts(report) if report is not None else {})
        self.show_problems()

    def problems(self) -> list[Problem]:
        """Return what is wrong, the nesting of the levels included."""
        found = super().problems()
        report = self._watch.report
        if report is not None and not report.fine:
            found.append(Problem(0, report.headline, "nesting", None, True))
        return found

    # ---- pages made from the declaration

    def _add(self, name: str, title: str, page: QWidget, labels: list[Any], order: list[QWidget]) -> None:
        self.add_page(name, title, page)
        self._labels.append(labels)
        self._order += order

    def _declared(self, page: str) -> list[OptionDecl]:
        return [decl for decl in MIXED.options if decl.page == page and not decl.refused and decl.name not in _DEFAULTS]

    def _add_options(self, name: str, title: str, head: str) -> None:
        self._add_sections(name, title, [(head, self._declared(name))], None)

    def _add_reporting(self) -> None:
        declared = self._declared("reporting")
        special = {*_FACTOR_DISPLAY, *_FORMATS, *_METRICS}
        sections = [
            ("Output", [decl for decl in declared if decl.name not in special]),
            ("Factor variables", [decl for decl in declared if decl.name in _FACTOR_DISPLAY]),
            ("Number formats", [decl for decl in declared if decl.name in _FORMATS]),
        ]
        self._add_sections("reporting", "Reporting", sections, ("Random effects as", _METRICS))

    def _add_maximization(self) -> None:
        declared = [decl for decl in self._declared("maximization") if decl.name not in _LOGS]
        self._add_sections("maximization", "Maximization", [("Convergence", declared)], ("Iteration log", _LOGS))

    def _add_sections(
        self,
        name: str,
        title: str,
        sections: list[tuple[str, list[OptionDecl]]],
        exclusive: tuple[str, tuple[str, ...]] | None,
    ) -> None:
        """Add a page of headed groups of options, after a choice between options that exclude each other."""
        unit = theme().unit
        page = QWidget()
        labels: list[Any] = []
        order: list[QWidget] = []
        column = QVBoxLayout(page)
        column.setContentsMargins(4 * unit, 4 * unit, 4 * unit, 4 * unit)
        column.setSpacing(2 * unit)
        if exclusive is not None:
            head, names = exclusive
            column.addWidget(heading(head, page))
            radios = ExclusiveGroup([_option(word) for word in names], self.state, "mixed", page)
            self.refreshers.append(radios.refresh)
            labels += radios.buttons.values()
            order += radios.buttons.values()
            column.addWidget(radios)
            column.addSpacing(2 * unit)
        for head, declared in sections:
            if not declared:
                continue
            column.addWidget(heading(head, page))
            group = OptionGroup(declared, self.state, "mixed", page)
            for control in group.controls:
                self.bindings += control.bindings
            self.reasons |= group.reasons
            labels += group.labels
            order += group.focus_order
            column.addWidget(group)
            column.addSpacing(2 * unit)
        column.addStretch()
        self._add(name, title, page, labels, order)


def _option(name: str) -> OptionDecl:
    return next(decl for decl in MIXED.options if decl.name == name)


def _group_texts(report: NestingReport) -> dict[str, str]:
    """Return level -> ``48 groups of 9``; a level listed under one that lies in it is counted by its own values."""
    inside_out = {pair.inner for pair in report.pairs if pair.kind.value == "reversed"}
    texts: dict[str, str] = {}
    for level in report.levels:
        if level.name in inside_out and level.own_groups:
            size = report.n_obs / level.own_groups
            texts[level.name] = f"{plural(level.own_groups, 'group')} of {size:,.0f}"
        else:
            texts[level.name] = groups_text(level.n_groups, level.smallest, level.average, level.largest)
    return texts
