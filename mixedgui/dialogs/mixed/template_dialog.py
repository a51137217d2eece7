"""Asks for the variables of a template and hands over what it adds to the model."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QWidget

from engine.api import Dataset, Problem
from mixedgui.dialogs.builders.sub_dialog import SubDialog
from mixedgui.dialogs.command_dialog import REQUIRED_RC
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


class TemplateDialog(SubDialog):
    """A few variables make a common model.

    Attributes
    ----------
    taken
        OK was pressed: the `TemplateModel`.
    """

    taken = Signal(object)

    def __init__(self, template: Template, dataset: Dataset, parent: QWidget | None = None) -> None:
        super().__init__(
            f"mixed_template_{template.name}",
            tr(template.label),
            parent,
            about=tr(template.help),
            takes=tr("the model"),
            state=Undoable(_Values()),
        )
        self.band.preview.setObjectName("mixed_template_preview")
        self.band.copy.setObjectName("mixed_template_copy")
        self._template = template
        self._dataset = dataset
        self._asked = False
        self._fields: dict[str, VariableEdit | VarlistEdit] = {}
        self._note = TintedLabel("", "error", self.page, factor=0.92)
        self._note.setWordWrap(True)
        self._lay_out()
        open_at(self, 120, 64)
        self.finish(list(self._fields.values()))
        next(iter(self._fields.values())).setFocus()

    def accept(self) -> None:
        """Hand the model over and close, unless something is missing or wrong."""
        self._asked = True
        problems = self._problems()
        self.refresh()
        if problems:
            self._fields[problems[0].option].setFocus()
            return
        self.done(QDialog.DialogCode.Accepted)
        self.taken.emit(self._template.model(dict(self.state.form.texts), self._dataset))

    @Slot()
    def refresh(self) -> None:
        """Show what the fields stand for and what is wrong with them."""
        super().refresh()
        found = self._problems()
        complete = not any(problem.rc == REQUIRED_RC for problem in found)
        model = self._template.model(dict(self.state.form.texts), self._dataset) if complete else TemplateModel()
        self.band.preview.setText(model.to_text())
        problems = [problem for problem in found if self._asked or problem.rc != REQUIRED_RC]
        self._note.setText("\n".join(problem.message[:1].upper() + problem.message[1:] for problem in problems))
        self._note.setVisible(bool(problems))

    def _problems(self) -> list[Problem]:
        return self._template.problems(dict(self.state.form.texts), self._dataset)

    def _lay_out(self) -> None:
        unit, page = theme().unit, self.page
        grid = QGridLayout()
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
            self.bindings.append(self._bind(field.name, edit))
        grid.addWidget(self._note, len(labels) + 1, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(len(labels) + 2, 1)
        assign_mnemonics(labels)
        self.column.addLayout(grid, 1)

    def _bind(self, name: str, edit: VariableEdit | VarlistEdit) -> Binding[str]:
        def write(text: str) -> None:
            self.state.put(self.state.form.having(name, text), tr("Change {name}").format(name=name), merge=name)

        return bind_text(edit, lambda: self.state.form.text(name), write)
