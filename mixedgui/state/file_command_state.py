"""The state of a dialog whose command reads or writes a file of another program."""

from __future__ import annotations

from dataclasses import replace

from mixedgui.state.command_state import CommandState
from mixedgui.state.translation import tr


class FileCommandState(CommandState):
    """As that of any generated dialog; a file named without ``using`` goes into the field for the file."""

    def load_command(self, text: str) -> None:
        """Fill the dialog from a command; StataError, and nothing changed, when it is not one of this dialog's."""
        super().load_command(text)
        form = self.form
        if form.body and not form.using:
            self.put(replace(form, body="", using=form.body.strip().strip('"')), tr("Load command"))
