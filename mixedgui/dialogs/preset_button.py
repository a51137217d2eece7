"""The bookmark in a dialog's footer: settings kept under a name, for all sessions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QInputDialog, QMenu, QToolButton

from engine.api import StataError
from mixedgui.preferences import Preferences
from mixedgui.state.translation import mark, tr
from mixedgui.widgets.icons import set_icon
from mixedgui.widgets.option_control import describe

HELP = mark("Settings kept under a name: load, save or delete them")


class PresetButton(QToolButton):
    """Opens a menu of the presets of one command.

    Parameters
    ----------
    command
        Its full name.
    state
        What the dialog holds; a preset is the command it stands for.
    say
        Tells what could not be loaded or saved.
    """

    def __init__(self, command: str, state: Any, dialog: QDialog, say: Callable[[str], None]) -> None:
        super().__init__(dialog)
        self._command, self._state, self._say = command, state, say
        self._preferences = Preferences()
        self.setObjectName("presets")
        describe(self, tr("Presets"), tr(HELP))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        set_icon(self, "bookmark-simple")
        self._menu = QMenu(self)
        self._menu.setObjectName("presets_menu")
        self._menu.aboutToShow.connect(self.fill)
        self.setMenu(self._menu)

    def names(self) -> list[str]:
        """Return the names of the presets."""
        return sorted(self._preferences.presets(self._command), key=str.lower)

    @Slot()
    def fill(self) -> None:
        """List the presets anew."""
        menu, names = self._menu, self.names()
        menu.clear()
        for name in names:
            menu.addAction(name.replace("&", "&&")).triggered.connect(lambda _=False, n=name: self.load(n))
        if not names:
            menu.addAction(tr("No presets yet")).setEnabled(False)
        menu.addSeparator()
        save = menu.addAction(tr("&Save Settings as…"))
        save.triggered.connect(self.ask_name)
        set_icon(save, "floppy-disk")
        delete = menu.addMenu(tr("&Delete"))
        delete.setEnabled(bool(names))
        set_icon(delete.menuAction(), "trash")
        for name in names:
            delete.addAction(name.replace("&", "&&")).triggered.connect(lambda _=False, n=name: self.delete(n))

    def load(self, name: str) -> None:
        """Fill the dialog with a preset, as one step that can be undone."""
        try:
            self._state.load_command(self._preferences.presets(self._command)[name])
        except (KeyError, StataError) as error:
            self._say(
                tr("The preset {name} cannot be loaded: {0}").format(
                    getattr(error, "message", tr("it is gone")), name=name
                )
            )

    def save(self, name: str) -> None:
        """Keep what the dialog holds under a name."""
        if name.strip():
            self._preferences.save_preset(self._command, name.strip(), self._state.to_command())

    def delete(self, name: str) -> None:
        """Forget a preset."""
        self._preferences.delete_preset(self._command, name)

    @Slot()
    def ask_name(self) -> None:
        """Ask for the name of a new preset; an old one of the name is replaced."""
        box = QInputDialog(self.window())
        box.setObjectName("preset_name")
        box.setWindowTitle(tr("Save settings"))
        box.setLabelText(tr("Name of these settings; an existing name is replaced."))
        box.setInputMode(QInputDialog.InputMode.TextInput)
        box.textValueSelected.connect(self.save)
        box.finished.connect(box.deleteLater)
        box.open()
