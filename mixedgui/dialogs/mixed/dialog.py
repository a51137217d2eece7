"""The dialog of `mixed`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QScrollArea, QWidget

from engine.api import MIXED, MixedSpec, NestingReport, Problem, StataError
from mixedgui.dialogs.command_dialog import CommandDialog
from mixedgui.dialogs.if_in_page import IfInPage
from mixedgui.dialogs.mixed.data_watch import DataWatch
from mixedgui.dialogs.mixed.equation_dialog import EquationDialog
from mixedgui.dialogs.mixed.live import LiveSwitch
from mixedgui.dialogs.mixed.model_page import ModelPage
from mixedgui.dialogs.mixed.nesting_watch import NestingQuestion, NestingWatch
from mixedgui.dialogs.mixed.option_pages import EM, MAXIMIZATION, REPORTING, OptionsPage
from mixedgui.dialogs.mixed.se_page import StandardErrorsPage
from mixedgui.dialogs.mixed.template_dialog import TemplateDialog
from mixedgui.dialogs.weights_page import WeightsPage
from mixedgui.dialogs.window import CommandWindow
from mixedgui.size import open_at
from mixedgui.state.equation_estimates import FitNumbers, same_model
from mixedgui.state.equation_state import EquationState
from mixedgui.state.equation_text import equation_of
from mixedgui.state.mixed_state import MixedState
from mixedgui.state.templates import Template, TemplateModel
from mixedgui.state.translation import declared, mark, tr
from mixedgui.state.wording import groups_text, level_words, sizes_text
from mixedgui.theme import theme
from mixedgui.widgets.section import Section

SETTLED_MS = 400
"""After so long a page has settled at a new height."""

ABOUT_WEIGHTS = mark(
    "These weights are those of the observations. Weights of groups belong to their equation: edit it on the page "
    "Model. Sampling weights bring robust standard errors, clustered on the highest level."
)

Page = TypeVar("Page", bound=Section)


class MixedDialog(CommandDialog):
    """Model, by/if/in, Weights, SE/Robust, Reporting, EM options, Maximization; equations in a sub-dialog."""

    state: MixedState

    def __init__(self, window: CommandWindow) -> None:
        state = MixedState()
        super().__init__(MIXED, state, window)
        self._equation: EquationDialog | None = None
        self._labels: list[list[Any]] = []
        self._order: list[QWidget] = []
        self._anew: set[tuple[object, tuple[str, str]]] = set()
        self._crossed: EquationState | None = None
        self._watch = NestingWatch(self)
        self._watch.answered.connect(self._nesting_answered)
        self._data_watch = DataWatch(self)
        self._data_watch.answered.connect(self.show_problems)
        self.model = self._add("model", tr("Model"), lambda parent: ModelPage(state, self, parent))
        self.model.equations.create_asked.connect(self.create_equation)
        self.model.equations.edit_asked.connect(self.edit_equation)
        self.model.equations.template_asked.connect(self.ask_template)
        self.model.nesting.anew_asked.connect(self._levels_are_anew)
        self.model.nesting.crossed_asked.connect(self._levels_are_crossed)
        self._follow_strip()
        later = self.late.add
        later("byifin", tr("by/if/in"), lambda parent: IfInPage(self, parent, by=True))
        later("weights", tr("Weights"), lambda parent: WeightsPage(self, parent, about=tr(ABOUT_WEIGHTS)))
        later("se", tr("SE/Robust"), lambda parent: StandardErrorsPage(state, self, parent))
        later("reporting", tr("Reporting"), lambda parent: OptionsPage("reporting", REPORTING, state, self, parent))
        later("em", tr("EM options"), lambda parent: OptionsPage("em", EM, state, self, parent))
        later(
            "maximization",
            tr("Maximization"),
            lambda parent: OptionsPage("maximization", MAXIMIZATION, state, self, parent),
        )
        self.live = LiveSwitch(window, self._to_fit, self)
        self.footer.add_tool(self.live.check)
        self.refreshers += [self._ask_nesting, self._ask_data, self._show_equation, self.live.changed]
        open_at(self, 222, 154)
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

    @Slot(object)
    def ask_template(self, template: Template) -> None:
        """Ask for the variables of a common model."""
        dialog = TemplateDialog(template, self.window_.session.data, self)
        dialog.taken.connect(lambda model: self._take_model(model, tr(template.label)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open_here()

    def _take_model(self, model: TemplateModel, name: str) -> None:
        self.model.equations.select(self.state.add_model(model, name))

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
            title=tr("Random-effects equation {number}{name}").format(number=number, name=name),
            outer_levels=tuple(other.level_name for other in above if other.enabled),
            spec=self._spec(),
            reasons=self.state.disabled_reasons(),
        )
        self._equation.open_here()

    @Slot(object, int)
    def _take_equation(self, equation: EquationState, row: int) -> None:
        if 0 <= row < len(self.state.form.equations):
            self.state.edit_equation(row, equation)
        else:
            row = self.state.create_equation(equation)
        self.model.equations.select(row)

    def _to_fit(self) -> tuple[MixedSpec | None, str]:
        """Return what Live would fit: nothing while something is wrong."""
        wrong = any(not problem.warning for problem in self.problems())
        return (None if wrong else self._spec()), self.state.to_command()

    # ---- nesting

    def _spec(self) -> MixedSpec | None:
        try:
            return self.state.to_spec()
        except StataError:
            return None

    def _ask_nesting(self) -> None:
        levels = tuple(equation.level_name for equation in self.state.form.active)
        data = self.window_.session.data
        anew = frozenset(pair for path, pair in self._anew if path == data.path)
        self._watch.ask(NestingQuestion(data, levels, self._spec() if levels else None, anew))

    @Slot(object)
    def _nesting_answered(self, report: NestingReport | None) -> None:
        self.model.nesting.show_report(report)
        self._ask_crossing(report)
        self.model.levels = (report.suggested or ()) if report is not None else ()
        self.model.equations.model.set_groups(_group_texts(report) if report is not None else {})
        self.show_problems()

    def _ask_crossing(self, report: NestingReport | None) -> None:
        """Offer what only the user knows: whether recurring codes are the same groups."""
        question = report.question if report is not None else None
        self._crossed = None
        if report is not None and question is not None and not self.state.disabled_reasons().get("factor"):
            groups = {level.name: level.own_groups for level in report.levels}
            self._crossed = self.state.cross_levels(question.inner, groups)
        text = self._crossed.to_text() if self._crossed is not None else ""
        self.model.nesting.ask(question, text, anew=report is not None and not report.single_rows)

    @Slot()
    def _levels_are_anew(self) -> None:
        """Keep the levels nested, and ask no more about these two."""
        question = self._watch.report.question if self._watch.report is not None else None
        if question is not None:
            self._anew.add((self.window_.session.data.path, (question.outer, question.inner)))
            self._ask_nesting()

    @Slot()
    def _levels_are_crossed(self) -> None:
        if self._crossed is not None:
            self.state.write_crossed(self._crossed)
            self.select_row(0)

    def problems(self) -> list[Problem]:
        """Return what is wrong, what the data say included."""
        found = super().problems()
        if self._data_watch.problem is not None:
            found.insert(0, self._data_watch.problem)
        report = self._watch.report
        if report is not None and not report.fine:
            found.append(Problem(0, declared(report.headline), "nesting", None, True))
        return found

    def _ask_data(self) -> None:
        """Let the data be looked at once nothing else is wrong."""
        data = self.window_.session.data
        sound = not any(not problem.warning for problem in self.state.problems(data))
        self._data_watch.ask(self._spec() if sound and not self.state.form.by.to_text() else None, data)

    # ---- pages

    def _add(self, name: str, title: str, make: Callable[[QWidget], Page]) -> Page:
        scroll = self.tabs.open_page(name, title)
        page = make(scroll.viewport())
        self.tabs.fill_page(scroll, page)
        self.bindings += page.bindings
        self.refreshers += page.refreshers
        self.reasons |= page.reasons
        self._labels.append(page.labels)
        self._order += page.focus_order
        return page

    def _follow_strip(self) -> None:
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLED_MS)
        self.model.strip.switched.connect(self._show_strip)
        scroll = self.tabs.widget(0)
        if isinstance(scroll, QScrollArea):
            scroll.verticalScrollBar().rangeChanged.connect(self._keep_strip_in_sight)

    @Slot()
    def _show_strip(self) -> None:
        """Keep the equation in sight while the page settles at its new height."""
        self._settling.start()
        self._keep_strip_in_sight()

    @Slot()
    def _keep_strip_in_sight(self) -> None:
        scroll = self.tabs.widget(0)
        if self._settling.isActive() and isinstance(scroll, QScrollArea):
            scroll.ensureWidgetVisible(self.model.strip, 0, theme().unit)

    def _show_equation(self) -> None:
        spec = self._spec()
        data = self.window_.session.data
        fitted = self.window_.session.mixed
        fit = FitNumbers(fitted) if spec is not None and fitted is not None and same_model(spec, fitted.spec) else None
        self.model.strip.show_equation(None if spec is None else equation_of(spec, data, fit))


def _group_texts(report: NestingReport) -> dict[str, str]:
    """Return level -> ``48 groups of 9``; a level listed under one that lies in it is counted by its own values."""
    inside_out = {pair.inner for pair in report.pairs if pair.kind.value == "reversed"}
    texts: dict[str, str] = {}
    for level in report.levels:
        if level.name in inside_out and level.own_groups:
            size = report.n_obs / level.own_groups
            texts[level.name] = sizes_text(level.own_groups, f"{size:,.0f}")
        else:
            texts[level.name] = groups_text(level.n_groups, level.smallest, level.average, level.largest)
    return texts
