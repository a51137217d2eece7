"""The buttons beside fields that open a builder for what is in the field."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from engine.api import Session
from mixedgui.dialogs.command_dialog import CommandDialog
from mixedgui.state.translation import tr
from mixedgui.theme import theme
from mixedgui.widgets.expression_edit import ExpressionEdit
from mixedgui.widgets.icons import set_icon
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.varlist_edit import VarlistEdit


def varlist_button(edit: VarlistEdit, parent: QWidget) -> QToolButton:
    """Return the button that opens the builder of factor variables for a field."""

    def open_builder() -> None:
        from mixedgui.dialogs.builders.varlist_dialog import VarlistDialog

        owner = edit.window()
        found = owner.findChild(VarlistDialog, options=Qt.FindChildOption.FindDirectChildrenOnly)
        dialog = found if isinstance(found, VarlistDialog) else VarlistDialog(owner)
        form = getattr(_command_dialog(edit).state, "form", None)
        condition = str(getattr(form, "if_", ""))
        dialog.edit(edit.text(), edit.setText, dataset=_session(edit).data, condition=condition)

    what = edit.accessibleName() or tr("list")
    help_text = tr("Build factor variables and interactions, and see the columns they stand for.")
    return _button(edit, parent, tr("Build {0}").format(what.lower()), help_text, open_builder)


def expression_button(edit: ExpressionEdit, parent: QWidget, *, condition: bool = False) -> QToolButton:
    """Return the button that opens the expression builder for a field."""
    what = edit.accessibleName() or tr("Expression")

    def open_builder() -> None:
        from mixedgui.dialogs.builders.expression_dialog import ExpressionDialog

        owner = edit.window()
        found = owner.findChild(ExpressionDialog, options=Qt.FindChildOption.FindDirectChildrenOnly)
        dialog = found if isinstance(found, ExpressionDialog) else ExpressionDialog(_session(edit), owner)
        dialog.edit(
            edit.text(), edit.setText, condition=condition, title=tr("Expression builder: {0}").format(what.lower())
        )

    help_text = tr("Put the expression together from variables, values and functions.")
    return _button(edit, parent, tr("Build {0}").format(what.lower()), help_text, open_builder)


def beside(edit: QWidget, button: QWidget) -> QHBoxLayout:
    """Return a row of a field and its button."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme().unit)
    row.addWidget(edit, 1)
    row.addWidget(button)
    return row


def _button(edit: QWidget, parent: QWidget, name: str, help_text: str, open_builder: Callable[[], None]) -> QToolButton:
    button = QToolButton(parent)
    button.setAutoRaise(True)
    button.setObjectName(f"{edit.objectName()}_build")
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    describe(button, name, help_text)
    set_icon(button, "dots-three")
    button.clicked.connect(open_builder)
    return button


def _command_dialog(widget: QWidget) -> CommandDialog:
    """Return the command's dialog that a widget belongs to, directly or through a sub-dialog."""
    above: QWidget | None = widget
    while above is not None and not isinstance(above, CommandDialog):
        above = above.parentWidget()
    if above is None:
        raise LookupError("the field belongs to no dialog of a command")
    return above


def _session(widget: QWidget) -> Session:
    return _command_dialog(widget).window_.session
