"""Which commands have a dialog, and how it is made."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from engine.api import MIXED, CommandDecl, declarations
from mixedgui.dialogs.window import CommandWindow

WINDOWS = frozenset({"postest", "browse", "edit", "varmanage"})
"""Commands whose menu entry opens a window of its own."""

FILE_MENUS = (("File", "Import"), ("File", "Export"))
"""Menus of commands that read and write files of other programs."""


def available() -> tuple[str, ...]:
    """Return the names of the commands that have a dialog."""
    return tuple(decl.name for decl in declarations() if _has_dialog(decl))


def create(command_name: str, window: QWidget) -> QDialog:
    """Return the dialog of a command, made at the first call for `window` and the same one after that.

    Raises
    ------
    KeyError
        The command has no dialog.
    """
    # Not deeper: that takes long and, by way of the window, would make the pages that other dialogs have put off.
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    existing = QWidget.findChild(window, QDialog, f"dialog_{command_name}", direct)
    if isinstance(existing, QDialog):
        return existing
    decl = next((d for d in declarations() if d.name == command_name and _has_dialog(d)), None)
    if decl is None:
        raise KeyError(command_name)
    return _make(decl, cast("CommandWindow", window))


def make_pages(window: QWidget) -> None:
    """Make what the open dialogs have put off, so that whatever is looked for in them is there."""
    for dialog in window.children():
        make = getattr(dialog, "make_pages", None)
        if callable(make):
            make()


def _has_dialog(decl: CommandDecl) -> bool:
    """Tell whether a form helps: commands with a menu entry, but those whose entry opens a file dialog."""
    opens_files = decl.menu[:1] == ("File",) and decl.menu[:2] not in FILE_MENUS
    return bool(decl.menu) and not opens_files and decl.name not in WINDOWS


def _make(decl: CommandDecl, window: CommandWindow) -> QDialog:
    if decl.name == MIXED.name:
        from mixedgui.dialogs.mixed.dialog import MixedDialog

        return MixedDialog(window)
    if decl.name == "predict":
        from mixedgui.dialogs.predict_dialog import PredictDialog

        return PredictDialog(decl, window)
    if decl.name == "reshape":
        from mixedgui.dialogs.reshape_dialog import ReshapeDialog

        return ReshapeDialog(decl, window)
    if decl.name == "center":
        from mixedgui.dialogs.center_dialog import CenterDialog

        return CenterDialog(decl, window)
    if decl.menu[:2] in FILE_MENUS:
        from mixedgui.dialogs.import_dialog import file_dialog

        return file_dialog(decl, window)
    if decl.pieces:
        from mixedgui.dialogs.pieces_dialog import PiecesDialog

        return PiecesDialog(decl, window)
    if decl.subcommands:
        from mixedgui.dialogs.subcommand_dialog import SubcommandDialog

        return SubcommandDialog(decl, window)
    from mixedgui.dialogs.simple_dialog import SimpleDialog

    return SimpleDialog(decl, window)
