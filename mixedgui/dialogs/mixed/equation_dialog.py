"""The sub-dialog for one random-effects equation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from engine.api import CovarianceKind, Dataset, MixedSpec, Problem
from mixedgui.dialogs.builders.sub_dialog import SubDialog
from mixedgui.dialogs.mixed.equation_fields import EquationFields
from mixedgui.dialogs.mixed.nesting_watch import NestingQuestion, NestingWatch
from mixedgui.size import open_at
from mixedgui.state.equation_state import EquationDraft, EquationState
from mixedgui.state.mixed_problems import equation_problems
from mixedgui.state.translation import tr
from mixedgui.state.wording import effect_count, groups_text, sentence, terms

_PLURAL_FROM = 2


class EquationDialog(SubDialog):
    """Edits one equation; `finished_equation` hands it over.

    Attributes
    ----------
    taken
        OK was pressed: the equation and the row it belongs to (-1 for a new one).
    """

    taken = Signal(object, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "mixed_equation",
            tr("Random-effects equation"),
            parent,
            about=tr("An equation says which groups there are at a level and what varies between them."),
            takes=tr("the equation"),
            state=EquationDraft(EquationState()),
        )
        self._row = -1
        self._dataset = Dataset()
        self._outer_levels: tuple[str, ...] = ()
        self._spec: MixedSpec | None = None
        self._refreshing = False
        self._groups = NestingWatch(self)
        self._groups.answered.connect(self._show_groups)
        self._varies = NestingWatch(self)
        self._varies.answered.connect(self._show_groups)
        self.fields = EquationFields(self.page)
        self.fields.edited.connect(self._edited)
        self.fields.structure_chosen.connect(self._structure_chosen)
        self.fields.weights.kind_chosen.connect(self._weighting_chosen)
        self.fields.weights.edited.connect(self._weight_edited)
        self.column.addWidget(self.fields)
        self.footer.problems.chosen.connect(self._go_to)
        open_at(self, 164, 150)
        self.finish(self.fields.focus_order())

    def edit(
        self,
        equation: EquationState,
        row: int,
        *,
        title: str,
        outer_levels: tuple[str, ...],
        spec: MixedSpec | None,
        reasons: Mapping[str, str],
    ) -> None:
        """Show an equation; -1 is the row of a new one.

        `outer_levels` stand above it, `spec` says which observations count, `reasons` why an option is off.
        """
        self.fields.set_reasons(reasons)
        self._row = row
        self._outer_levels = outer_levels
        self._spec = spec
        self.setWindowTitle(title)
        self.begin(EquationDraft(equation))
        self.fields.level.setFocus()

    def set_dataset(self, dataset: Dataset) -> None:
        """Offer the variables of the data in memory."""
        if dataset is not self._dataset:
            self._dataset = dataset
            self.fields.set_variables(dataset.variables)
            self.refresh()

    def accept(self) -> None:
        """Hand the equation over and close, unless a required field is empty."""
        missing = [p for p in equation_problems(self.state.form, self._dataset) if p.rc == 100]
        if missing:
            self.fields.show_problems(missing)
            self._go_to(missing[0])
            return
        self.hide()
        self.taken.emit(self.state.form, self._row)

    @Slot()
    def refresh(self) -> None:
        """Show the draft in every widget."""
        super().refresh()
        equation = self.state.form
        self._refreshing = True
        self.fields.show_equation(equation, effect_count(equation))
        self._refreshing = False
        self.band.preview.setText(equation.to_text())
        problems = equation_problems(equation, self._dataset)
        self.footer.problems.show_problems([p for p in problems if p.rc != 100])
        self.fields.show_problems([p for p in problems if p.rc != 100])
        self._look(equation)
        self._show_groups()

    def _look(self, equation: EquationState) -> None:
        """Count groups, and see whether the first slope varies within them."""
        level = equation.level_name
        outer = tuple(name for name in self._outer_levels if name != level)
        self._groups.ask(NestingQuestion(self._dataset, (*outer, level), self._spec))
        slopes = [term for term in terms(equation) or () if term in self._dataset]
        asked = (slopes[0], level) if slopes and level != slopes[0] else ()
        self._varies.ask(NestingQuestion(self._dataset, asked, self._spec))

    @Slot()
    def _show_groups(self) -> None:
        equation = self.state.form
        report = self._groups.report
        found = report.levels[-1] if report is not None and report.levels else None
        groups = found.n_groups if found is not None else None
        self.fields.say(sentence(equation, groups))
        if found is None:
            self.fields.show_groups("", well=True)
            return
        text = f"{groups_text(found.n_groups, found.smallest, found.average, found.largest)} rows."
        slope, varies = self._slope()
        if slope and varies:
            text += tr(" {slope} varies within {0}, so a random slope can be estimated.").format(
                equation.level_name, slope=slope
            )
        elif slope:
            advice = tr("so its random slope cannot be told from the intercept")
            text += tr(" {slope} does not vary within {0}, {advice}.").format(
                equation.level_name, slope=slope, advice=advice
            )
        self.fields.show_groups(text, well=varies and found.n_groups >= _PLURAL_FROM)

    def _slope(self) -> tuple[str, bool]:
        """Return the first slope variable, empty when it is not known, and whether it varies within the groups."""
        report = self._varies.report
        if report is None or not report.pairs:
            return "", True
        pair = report.pairs[0]
        return pair.outer, pair.kind.value not in {"proper", "equal"}

    @Slot(dict)
    def _edited(self, changes: dict[str, Any]) -> None:
        if not self._refreshing:
            self.state.set(**changes)

    @Slot(object)
    def _structure_chosen(self, structure: CovarianceKind) -> None:
        if not self._refreshing:
            self.state.set_structure(structure)

    @Slot(str)
    def _weighting_chosen(self, kind: str) -> None:
        if not self._refreshing:
            self.state.set_weighting(kind)

    @Slot(str, str)
    def _weight_edited(self, kind: str, text: str) -> None:
        if not self._refreshing:
            self.state.set_weight(kind, text)

    @Slot(object)
    def _go_to(self, problem: Problem) -> None:
        control = self.findChild(QWidget, f"mixed_equation_{problem.option}")
        if isinstance(control, QWidget):
            control.setFocus()
