"""What a dialog needs of the main window."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import SignalInstance

from engine.api import Session


class CommandWindow(Protocol):
    """Runs commands and tells when they are done."""

    command_finished: SignalInstance
    data_changed: SignalInstance
    busy_changed: SignalInstance

    @property
    def session(self) -> Session:
        """The session whose data and estimates the dialogs look at."""

    @property
    def busy(self) -> bool:
        """Whether a command runs or waits."""

    def run_command(self, text: str) -> Any:
        """Run a command as if it had been typed."""

    def cancel_command(self) -> None:
        """Stop the running command."""
