"""The buttons under a dialog; direct children of the dialog, so that a sub-dialog's buttons never answer for them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QToolButton, QWidget

from mixedgui.state.translation import tr
from mixedgui.theme import theme
from mixedgui.widgets.icons import set_icon
from mixedgui.widgets.problem_button import ProblemButton


class Footer(QHBoxLayout):
    """Help, reset, undo, redo; problems; Cancel, Submit, OK.

    Parameters
    ----------
    dialog
        Owner of the buttons.
    submit
        False for a sub-dialog, which has nothing to run.
    takes
        What OK of a sub-dialog hands over.
    """

    def __init__(self, dialog: QDialog, *, submit: bool = True, takes: str = "") -> None:
        super().__init__()
        unit = theme().unit
        self.setContentsMargins(4 * unit, 3 * unit, 4 * unit, 3 * unit)
        self.setSpacing(2 * unit)
        self.help = _tool(dialog, "help", "question", tr("Help"), tr("What the control with the focus is for (F1)"))
        self.help.setCheckable(True)
        self.reset = _tool(
            dialog, "reset", "arrow-counter-clockwise", tr("Reset"), tr("Set every control to its default")
        )
        self.undo = _tool(dialog, "undo", "arrow-u-up-left", tr("Undo"), tr("Undo (Ctrl+Z)"))
        self.redo = _tool(dialog, "redo", "arrow-u-up-right", tr("Redo"), tr("Redo (Ctrl+Shift+Z)"))
        self._tools: list[QWidget] = []
        self.problems = ProblemButton(dialog)
        self.cancel = _push(dialog, "cancel", tr("Cancel"), tr("Close without running the command (Esc)"))
        self.submit = (
            _push(dialog, "submit", tr("Submit"), tr("Run the command and stay here (Ctrl+Enter)")) if submit else None
        )
        self.ok = _push(dialog, "ok", tr("OK"), tr("Run the command and close (Enter)"))
        self.ok.setDefault(True)
        for button in (self.help, self.reset, self.undo, self.redo):
            self.addWidget(button)
        self.addStretch()
        for wide in (self.problems, self.cancel, self.submit, self.ok):
            if wide is not None:
                self.addWidget(wide)
        if self.submit is None:
            takes = takes or tr("the equation")
            _explain(self.cancel, tr("Close and leave {takes} as before (Esc)").format(takes=takes))
            _explain(self.ok, tr("Take {takes} over (Enter)").format(takes=takes))

    def add_tool(self, tool: QWidget) -> None:
        """Put a tool of a dialog beside help and reset."""
        self.insertWidget(2 + len(self._tools), tool)
        self._tools.append(tool)

    def focus_order(self) -> list[QWidget]:
        """Return the buttons in the order of Tab: the main ones first."""
        main = [button for button in (self.ok, self.submit, self.cancel) if button is not None]
        return [self.problems, *main, self.help, self.reset, *self._tools, self.undo, self.redo]

    def show_undo(self, undo: str, redo: str) -> None:
        """Name the steps that can be taken back and done again."""
        for button, step, named, nothing in (
            (self.undo, undo, tr("Undo: {step}"), tr("Nothing to undo")),
            (self.redo, redo, tr("Redo: {step}"), tr("Nothing to redo")),
        ):
            button.setEnabled(bool(step))
            text = named.format(step=step) if step else nothing
            button.setToolTip(text)
            button.setAccessibleDescription(text)

    def show_running(self, running: bool) -> None:
        """Turn Submit into the button that stops the command, and back; Cancel then only closes."""
        if self.submit is None:
            return
        self.submit.setText(tr("Cancel") if running else tr("Submit"))
        self.cancel.setText(tr("Close") if running else tr("Cancel"))
        stays = tr("Stop the running command") if running else tr("Run the command and stay here (Ctrl+Enter)")
        closes = tr("Close; the command goes on (Esc)") if running else tr("Close without running the command (Esc)")
        _explain(self.submit, stays)
        _explain(self.cancel, closes)


def _explain(button: QPushButton, text: str) -> None:
    button.setAccessibleName(button.text())
    button.setAccessibleDescription(text)
    button.setToolTip(text)


def _tool(dialog: QDialog, name: str, sign: str, label: str, tip: str) -> QToolButton:
    button = QToolButton(dialog)
    button.setObjectName(name)
    button.setAccessibleName(label)
    button.setAccessibleDescription(tip)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    set_icon(button, sign)
    return button


def _push(dialog: QDialog, name: str, label: str, tip: str) -> QPushButton:
    button = QPushButton(label, dialog)
    button.setObjectName(name)
    button.setAutoDefault(False)
    _explain(button, tip)
    return button
