"""The sub-dialog for one random-effects equation."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

from engine.api import CovarianceKind, Dataset, MixedSpec, Problem
from mixedgui.dialogs.command_band import CommandBand
from mixedgui.dialogs.footer import Footer
from mixedgui.dialogs.help_strip import HelpStrip
from mixedgui.dialogs.mixed.equation_fields import EquationFields
from mixedgui.dialogs.mixed.nesting_watch import NestingQuestion, NestingWatch
from mixedgui.size import open_at
from mixedgui.state.equation_state import EquationDraft, EquationState
from mixedgui.state.mixed_problems import equation_problems
from mixedgui.state.translation import tr
from mixedgui.state.wording import effect_count, groups_text, sentence, terms
from mixedgui.theme import theme

_PLURAL_FROM = 2


class EquationDialog(QDialog):
    """Edits one equation; `finished_equation` hands it over.

    Attributes
    ----------
    taken
        OK was pressed: the equation and the row it belongs to (-1 for a new one).
    """

    taken = Signal(object, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog_mixed_equation")
        self.setModal(False)
        self.state = EquationDraft(EquationState())
        self._row = -1
        self._dataset = Dataset()
        self._outer_levels: tuple[str, ...] = ()
        self._spec: MixedSpec | None = None
        self._refreshing = False
        self._groups = NestingWatch(self)
        self._groups.answered.connect(self._show_groups)
        self._varies = NestingWatch(self)
        self._varies.answered.connect(self._show_groups)
        self.footer = Footer(self, submit=False)
        self._band = CommandBand(tr("Adds"), tr("What this equation adds to the command"), self, lead="mixed y ")
        self.preview = self._band.preview
        self.preview.setObjectName("mixed_equation_preview")
        self._band.copy.setObjectName("mixed_equation_copy")
        about = tr("An equation says which groups there are at a level and what varies between them.")
        self._help = HelpStrip(about, self.footer.help, self)
        self._help.setObjectName("mixed_equation_help")
        self.fields = EquationFields(self)
        self.fields.edited.connect(self._edited)
        self.fields.structure_chosen.connect(self._structure_chosen)
        self.fields.weights.kind_chosen.connect(self._weighting_chosen)
        self.fields.weights.edited.connect(self._weight_edited)
        scroll = QScrollArea(self)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.fields)
        for widget in (scroll, self.fields):
            widget.setAutoFillBackground(True)
            widget.setBackgroundRole(self.palette().ColorRole.Base)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(scroll, 1)
        outer.addWidget(self._help)
        outer.addWidget(self._band)
        outer.addLayout(self.footer)
        theme().changed.connect(self.refresh)
        self.footer.ok.clicked.connect(self.accept)
        self.footer.cancel.clicked.connect(self.reject)
        self.footer.reset.clicked.connect(self._reset)
        self.footer.undo.clicked.connect(self._undo)
        self.footer.redo.clicked.connect(self._redo)
        self.footer.problems.chosen.connect(self._go_to)
        chain = [*self.fields.focus_order(), self.preview, self._band.copy, *self.footer.focus_order()]
        for first, second in pairwise(chain):
            QWidget.setTabOrder(first, second)
        open_at(self, 164, 150)

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
        self.state = EquationDraft(equation)
        self.state.subscribe(self.refresh)
        self.refresh()
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

    def reject(self) -> None:
        """Close and leave the equation as it was."""
        self.hide()

    @Slot()
    def refresh(self) -> None:
        """Show the draft in every widget."""
        equation = self.state.form
        self._refreshing = True
        self.fields.show_equation(equation, effect_count(equation))
        self._refreshing = False
        self.preview.setText(equation.to_text())
        self.footer.show_undo(self.state.undo_text, self.state.redo_text)
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

    @Slot()
    def _reset(self) -> None:
        self.state.put(EquationState(enabled=self.state.form.enabled), "Reset")

    @Slot()
    def _undo(self) -> None:
        self.state.undo()

    @Slot()
    def _redo(self) -> None:
        self.state.redo()

    @Slot(object)
    def _go_to(self, problem: Problem) -> None:
        control = self.findChild(QWidget, f"mixed_equation_{problem.option}")
        if isinstance(control, QWidget):
            control.setFocus()
