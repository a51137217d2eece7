"""Keeps a preview of the data in step with a dialog's command."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from mixedgui.dialogs.command_dialog import CommandDialog
from mixedgui.state.data_preview import try_on_data
from mixedgui.widgets.data_preview import DataPreviewView

PAUSE_MS = 200
"""After the last change, before the command is tried."""


class DataTrial(QObject):
    """Tries the command of a dialog on its data, a moment after it has changed."""

    def __init__(self, dialog: CommandDialog, shown: DataPreviewView, empty: str) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self._shown = shown
        self._empty = empty
        self._tried: tuple[object, str] | None = None
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(PAUSE_MS)
        self._wait.timeout.connect(self.try_now)
        dialog.refreshers.append(self._wait.start)
        shown.show_sentence(empty)

    @Slot()
    def try_now(self) -> None:
        """Try the command as it stands, unless that was done."""
        dataset = self._dialog.window_.session.data
        command = self._dialog.state.to_command()
        if any(not problem.warning for problem in self._dialog.problems()):
            self._tried = None
            self._shown.show_sentence(self._empty)
            return
        if self._tried == (id(dataset), command):
            return
        self._tried = (id(dataset), command)
        self._shown.show_preview(try_on_data(dataset, command))
