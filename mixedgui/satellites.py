"""Windows beside the main one: help, about, the Postestimation selector; for menus, and for commands that ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox

from engine.api import WindowRequest, dofile_path
from mixedgui.dialogs import registry

if TYPE_CHECKING:
    from mixedgui.dialogs.postest_dialog import PostestDialog
    from mixedgui.dialogs.preferences_dialog import PreferencesDialog
    from mixedgui.docks.dofile.editor import DofileEditor
    from mixedgui.help_window import HelpWindow
    from mixedgui.main_window import MainWindow
    from mixedgui.tour import Tour


class Satellites(QObject):
    """Opens them, each made when it is first wanted."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._help: HelpWindow | None = None
        self._postest: PostestDialog | None = None
        self._dofiles: DofileEditor | None = None
        self._preferences: PreferencesDialog | None = None

    def open(self, request: WindowRequest) -> bool:
        """Open what a command asks for; return whether it is something known here."""
        match request.what:
            case "dialog":
                self._open_dialog(request.argument)
            case "postest":
                self.postest()
            case "doedit":
                self.dofile_editor(request.argument)
            case "help":
                self.show_help(request.argument)
            case _:
                return False
        return True

    def postest(self) -> None:
        """Open the Postestimation selector."""
        if self._postest is None:
            from mixedgui.dialogs.postest_dialog import PostestDialog

            self._postest = PostestDialog(self._window, self._window.open_dialog)
        self._postest.refresh()
        self._postest.show()
        self._postest.raise_()
        self._postest.activateWindow()

    @property
    def settings(self) -> tuple[str, ...]:
        """What can be set in the preferences, by label."""
        return self._made_preferences().settings

    def preferences(self) -> PreferencesDialog:
        """Open the preferences."""
        dialog = self._made_preferences()
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
        return dialog

    def _made_preferences(self) -> PreferencesDialog:
        window = self._window
        if self._preferences is None:
            from mixedgui.dialogs.preferences_dialog import PreferencesDialog

            self._preferences = PreferencesDialog(
                window.preferences,
                window.shortcuts,
                window,
                set_zoom=window.results.text.set_zoom,
                choose_theme=window.choose_theme,
                set_level=self._set_level,
                set_comma=self._set_comma,
            )
        return self._preferences

    def _set_level(self, percent: float) -> None:
        """Use a confidence level from now on, also in later sessions."""
        if percent != self._window.preferences.level:
            self._window.preferences.level = percent
            self._window.run_command(f"set level {percent:g}")

    def _set_comma(self, on: bool) -> None:
        """Show numbers with a decimal comma, or a point, from now on, also in later sessions."""
        self._window.preferences.decimal_comma = on
        self._window.run_command(f"set dp {'comma' if on else 'period'}")

    def take_tour(self) -> Tour:
        """Begin the tour."""
        from mixedgui.tour import Tour

        tour = Tour(self._window)
        tour.show()
        tour.act.setFocus()
        return tour

    @property
    def unsaved_dofiles(self) -> list[str]:
        """Names of do-files in the editor that are not saved."""
        return self._dofiles.unsaved if self._dofiles is not None else []

    def dofile_editor(self, path: str = "") -> DofileEditor:
        """Open the Do-file editor, with a file if one is named."""
        if self._dofiles is None:
            from mixedgui.docks.dofile.editor import DofileEditor

            self._dofiles = DofileEditor(self._window, self._window.runner, self._window.preferences)
            self._dofiles.used.connect(self._window.files.remember)
        if path:
            self._dofiles.open(str(dofile_path(path)))
        self._dofiles.show()
        self._dofiles.raise_()
        self._dofiles.activateWindow()
        return self._dofiles

    def ask_about_dofiles(self, give_up: Callable[[], None]) -> None:
        """Ask, without blocking, whether unsaved do-files may be lost."""
        box = QMessageBox(self._window)
        box.setObjectName("confirm_dofiles")
        box.setIcon(QMessageBox.Icon.Warning)
        names = ", ".join(self.unsaved_dofiles)
        box.setText(self.tr("Do-files are not saved: {0}.").format(names))
        box.setInformativeText(self.tr("Closing the window gives these changes up."))
        box.addButton(self.tr("Close without Saving"), QMessageBox.ButtonRole.DestructiveRole).clicked.connect(give_up)
        box.addButton(self.tr("Show Them"), QMessageBox.ButtonRole.AcceptRole).clicked.connect(self._show_dofiles)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.finished.connect(box.deleteLater)
        box.open()

    def _show_dofiles(self) -> None:
        self.dofile_editor()

    def put_into_dofile(self, text: str) -> None:
        """Append commands to the do-file in front."""
        self.dofile_editor().put(text)

    def show_commands(self) -> None:
        """Show what each command does."""
        if self._help is None:
            from mixedgui.help_window import HelpWindow

            self._help = HelpWindow(self._window)
            self._help.edit_wanted.connect(self._window.command_line.put)
        self._help.show()
        self._help.raise_()

    def show_help(self, name: str) -> None:
        """Show the help of a command, or the list of all where `name` is empty."""
        self.show_commands()
        if name and self._help is not None:
            self._help.show_command(name)

    def show_about(self) -> None:
        """Say which version this is."""
        from mixedgui.help_window import about_text

        box = QMessageBox(self._window)
        box.setWindowTitle(self.tr("About mixedgui"))
        box.setText("mixedgui")
        box.setInformativeText(about_text())
        box.setStandardButtons(QMessageBox.StandardButton.Ok)
        box.finished.connect(box.deleteLater)
        box.open()

    def _open_dialog(self, name: str) -> None:
        if name in registry.available():
            self._window.open_dialog(name)
        else:
            self._window.say(self.tr("{0} has no dialog; its help says how it is written").format(name))
            self.show_help(name)
