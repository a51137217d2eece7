"""Asks for the variables of a template and hands over its equations."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QVBoxLayout, QWidget

from engine.api import Dataset, Problem
from mixedgui.dialogs.command_band import CommandBand
from mixedgui.dialogs.command_dialog import REQUIRED_RC
from mixedgui.dialogs.footer import Footer
from mixedgui.dialogs.help_strip import HelpStrip
from mixedgui.size import open_at
from mixedgui.state.templates import Template, TemplateModel
from mixedgui.state.translation import tr
from mixedgui.state.undo import Undoable
from mixedgui.theme import theme
from mixedgui.widgets.binding import Binding, bind_text
from mixedgui.widgets.mnemonics import assign_mnemonics
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.tinted_label import TintedLabel
from mixedgui.widgets.variable_edit import VariableEdit
from mixedgui.widgets.varlist_edit import VarlistEdit


@dataclass(frozen=True, slots=True)
class _Values:
    texts: tuple[tuple[str, str], ...] = ()

    def having(self, name: str, text: str) -> _Values:
        return _Values((*((n, t) for n, t in self.texts if n != name), (name, text)))

    def text(self, name: str) -> str:
        return dict(self.texts).get(name, "")


class TemplateDialog(QDialog):
    """A few variables make the equations of a common model.

    Attributes
    ----------
    taken
        OK was pressed: the equations.
    """

    taken = Signal(object)

    def __init__(self, template: Template, dataset: Dataset, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"dialog_mixed_template_{template.name}")
        self.setWindowTitle(tr(template.label))
        self.setModal(False)
        self._template = template
        self._dataset = dataset
        self._asked = False
        self.state: Undoable[_Values] = Undoable(_Values())
        self.footer = Footer(self, submit=False)
        self._band = CommandBand(tr("Adds"), tr("What this adds to the command"), self, lead="mixed y ")
        self._band.preview.setObjectName("mixed_template_preview")
        self._band.copy.setObjectName("mixed_template_copy")
        self._help = HelpStrip(tr(template.help), self.footer.help, self)
        self._fields: dict[str, VariableEdit | VarlistEdit] = {}
        self._bindings: list[Binding[str]] = []
        self._note = TintedLabel("", "error", self, factor=0.92)
        self._note.setWordWrap(True)
        self._lay_out()
        self.footer.ok.clicked.connect(self.accept)
        self.footer.cancel.clicked.connect(self.reject)
        self.footer.reset.clicked.connect(self.state.reset)
        self.footer.undo.clicked.connect(self.state.undo)
        self.footer.redo.clicked.connect(self.state.redo)
        self.state.subscribe(self.refresh)
        self.refresh()

    def accept(self) -> None:
        """Hand the equations over and close, unless something is missing or wrong."""
        self._asked = True
        problems = self._problems()
        self.refresh()
        if problems:
            self._fields[problems[0].option].setFocus()
            return
        super().accept()
        self.taken.emit(self._template.model(dict(self.state.form.texts), self._dataset))

    @Slot()
    def refresh(self) -> None:
        """Show what the fields stand for and what is wrong with them."""
        for binding in self._bindings:
            binding.refresh()
        found = self._problems()
        complete = not any(problem.rc == REQUIRED_RC for problem in found)
        model = self._template.model(dict(self.state.form.texts), self._dataset) if complete else TemplateModel()
        self._band.preview.setText(model.to_text())
        self.footer.show_undo(self.state.undo_text, self.state.redo_text)
        problems = [problem for problem in found if self._asked or problem.rc != REQUIRED_RC]
        self._note.setText("\n".join(problem.message[:1].upper() + problem.message[1:] for problem in problems))
        self._note.setVisible(bool(problems))

    def _problems(self) -> list[Problem]:
        return self._template.problems(dict(self.state.form.texts), self._dataset)

    def _lay_out(self) -> None:
        unit = theme().unit
        page = QWidget(self)
        page.setAutoFillBackground(True)
        page.setBackgroundRole(self.palette().ColorRole.Base)
        grid = QGridLayout(page)
        grid.setContentsMargins(4 * unit, 4 * unit, 4 * unit, 4 * unit)
        grid.setHorizontalSpacing(3 * unit)
        grid.setVerticalSpacing(2 * unit)
        about = TintedLabel(tr(self._template.help), "text2", page, factor=0.92)
        about.setWordWrap(True)
        grid.addWidget(about, 0, 0, 1, 2)
        labels: list[QLabel] = []
        for row, field in enumerate(self._template.fields, 1):
            edit = VarlistEdit(page, numeric=True) if field.several else VariableEdit(page)
            edit.setObjectName(f"mixed_template_{field.name}")
            edit.set_variables(self._dataset.variables)
            edit.setPlaceholderText(tr("choose") if field.required else tr("none"))
            describe(edit, field.label, field.help)
            label = QLabel(tr(field.label), page)
            label.setBuddy(edit)
            labels.append(label)
            grid.addWidget(label, row, 0)
            grid.addWidget(edit, row, 1)
            self._fields[field.name] = edit
            self._bindings.append(self._bind(field.name, edit))
        grid.addWidget(self._note, len(labels) + 1, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(len(labels) + 2, 1)
        assign_mnemonics(labels)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(page, 1)
        outer.addWidget(self._help)
        outer.addWidget(self._band)
        outer.addLayout(self.footer)
        chain = [*self._fields.values(), self._band.preview, self._band.copy, *self.footer.focus_order()]
        for first, second in pairwise(chain):
            QWidget.setTabOrder(first, second)
        open_at(self, 120, 64)
        next(iter(self._fields.values())).setFocus()

    def _bind(self, name: str, edit: VariableEdit | VarlistEdit) -> Binding[str]:
        def write(text: str) -> None:
            self.state.put(self.state.form.having(name, text), tr("Change {name}").format(name=name), merge=name)

        return bind_text(edit, lambda: self.state.form.text(name), write)
