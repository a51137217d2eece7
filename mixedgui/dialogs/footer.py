"""The buttons under a dialog; direct children of the dialog, so that a sub-dialog's buttons never answer for them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QToolButton, QWidget

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

    def __init__(self, dialog: QDialog, *, submit: bool = True, takes: str = "the equation") -> None:
        super().__init__()
        unit = theme().unit
        self.setContentsMargins(4 * unit, 3 * unit, 4 * unit, 3 * unit)
        self.setSpacing(2 * unit)
        self.help = _tool(dialog, "help", "question", "Help", "What the control with the focus is for (F1)")
        self.help.setCheckable(True)
        self.reset = _tool(dialog, "reset", "arrow-counter-clockwise", "Reset", "Set every control to its default")
        self.undo = _tool(dialog, "undo", "arrow-u-up-left", "Undo", "Undo (Ctrl+Z)")
        self.redo = _tool(dialog, "redo", "arrow-u-up-right", "Redo", "Redo (Ctrl+Shift+Z)")
        self._tools: list[QWidget] = []
        self.problems = ProblemButton(dialog)
        self.cancel = _push(dialog, "cancel", "Cancel", "Close without running the command (Esc)")
        self.submit = (
            _push(dialog, "submit", "Submit", "Run the command and stay here (Ctrl+Enter)") if submit else None
        )
        self.ok = _push(dialog, "ok", "OK", "Run the command and close (Enter)")
        self.ok.setDefault(True)
        for button in (self.help, self.reset, self.undo, self.redo):
            self.addWidget(button)
        self.addStretch()
        for wide in (self.problems, self.cancel, self.submit, self.ok):
            if wide is not None:
                self.addWidget(wide)
        if self.submit is None:
            _explain(self.cancel, f"Close and leave {takes} as before (Esc)")
            _explain(self.ok, f"Take {takes} over (Enter)")

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
        for button, word, step in ((self.undo, "Undo", undo), (self.redo, "Redo", redo)):
            button.setEnabled(bool(step))
            text = f"{word}: {step}" if step else f"Nothing to {word.lower()}"
            button.setToolTip(text)
            button.setAccessibleDescription(text)

    def show_running(self, running: bool) -> None:
        """Turn Submit into the button that stops the command, and back; Cancel then only closes."""
        if self.submit is None:
            return
        self.submit.setText("Cancel" if running else "Submit")
        self.cancel.setText("Close" if running else "Cancel")
        stays = "Stop the running command" if running else "Run the command and stay here (Ctrl+Enter)"
        closes = "Close; the command goes on (Esc)" if running else "Close without running the command (Esc)"
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
