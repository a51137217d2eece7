"""The page *by/if/in*: for which groups a command is repeated, and which observations it uses."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mixedgui.dialogs.builders.buttons import beside, expression_button
from mixedgui.dialogs.command_dialog import CommandDialog
from mixedgui.state.translation import tr
from mixedgui.theme import theme
from mixedgui.widgets.binding import Binding, bind_text
from mixedgui.widgets.expression_edit import ExpressionEdit
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.option_group import heading
from mixedgui.widgets.row_number_edit import RowNumberEdit
from mixedgui.widgets.section import Section
from mixedgui.widgets.varlist_edit import VarlistEdit


class IfInPage(Section):
    """Groups, where a dialog asks for them; a condition and a range of observations."""

    def __init__(
        self,
        dialog: CommandDialog,
        parent: QWidget | None = None,
        *,
        allow_if: bool = True,
        allow_in: bool = True,
        by: bool = False,
    ) -> None:
        super().__init__(parent)
        self._dialog = dialog
        unit = theme().unit
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * unit, 4 * unit, 4 * unit, 4 * unit)
        column.setSpacing(2 * unit)
        if by:
            self._add_by(column)
        if allow_if:
            self._add_if(column)
        if allow_in:
            self._add_in(column)
        column.addStretch()

    def _add_by(self, column: QVBoxLayout) -> None:
        state, name = self._dialog.state, self._dialog.decl.name
        head = heading(tr("Repeat the command by groups of"), self)
        edit = VarlistEdit(self)
        edit.setObjectName(f"{name}_by")
        edit.setPlaceholderText(tr("variables; empty for all observations together"))
        describe(edit, tr("By"), tr("The command runs once for each combination of the values of these variables."))
        head.setBuddy(edit)
        self.bindings.append(
            bind_text(edit, lambda: state.form.by.variables, lambda text: state.set_part("by", variables=text))
        )
        self.labels.append(head)
        self.focus_order.append(edit)
        column.addWidget(head)
        column.addWidget(edit)
        column.addWidget(self._dialog.note_under("by", self))
        column.addSpacing(3 * theme().unit)

    def _add_if(self, column: QVBoxLayout) -> None:
        state, name = self._dialog.state, self._dialog.decl.name
        head = heading(tr("Restrict to observations for which"), self)
        edit = ExpressionEdit(self)
        edit.setObjectName(f"{name}_if")
        edit.setPlaceholderText(tr("a condition, for example week > 2"))
        describe(edit, tr("Condition (if)"), tr("Only observations for which the expression is true are used."))
        head.setBuddy(edit)
        build = expression_button(edit, self, condition=True)
        self.bindings.append(bind_text(edit, lambda: state.form.if_, lambda text: state.set(if_=text)))
        self.labels.append(head)
        self.focus_order += [edit, build]
        column.addWidget(head)
        column.addLayout(beside(edit, build))
        column.addWidget(self._dialog.note_under("if", self))
        column.addSpacing(3 * theme().unit)

    def _add_in(self, column: QVBoxLayout) -> None:
        state, name = self._dialog.state, self._dialog.decl.name
        column.addWidget(heading(tr("Use a range of observations"), self))
        row = QHBoxLayout()
        row.setSpacing(2 * theme().unit)
        ends = (
            ("from", tr("From"), tr("first"), "in_from", tr("First observation"), tr("empty for the first")),
            ("to", tr("To"), tr("last"), "in_to", tr("Last observation"), tr("empty for the last")),
        )
        for word, text, open_end, field, label_text, empty in ends:
            edit = RowNumberEdit(open_end, self)
            edit.setObjectName(f"{name}_in_{word}")
            describe(
                edit,
                label_text,
                tr("A number, or a negative one counted from the end; {empty}.").format(empty=empty),
            )
            label = QLabel(text, self)
            label.setBuddy(edit)
            label.setMinimumWidth(label.sizeHint().width() + theme().unit)  # an underlined letter breaks kerning
            self.bindings.append(_bind_end(edit, state, field))
            self.labels.append(label)
            self.focus_order.append(edit)
            row.addWidget(label)
            row.addWidget(edit)
            row.addSpacing(2 * theme().unit)
        row.addStretch()
        column.addLayout(row)
        for word in ("from", "to"):
            column.addWidget(self._dialog.note_under(f"in_{word}", self))


def _bind_end(edit: RowNumberEdit, state: Any, field: str) -> Binding[str]:
    return bind_text(edit, lambda: getattr(state.form, field), lambda text: state.set(**{field: text.strip()}))
