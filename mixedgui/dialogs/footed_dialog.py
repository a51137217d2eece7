"""A dialog over a row of buttons; what they and their keys do is the same in every dialog."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QVBoxLayout, QWidget

from mixedgui.dialogs.command_band import CommandBand
from mixedgui.dialogs.footer import Footer
from mixedgui.dialogs.help_strip import HelpStrip
from mixedgui.widgets.keys import watch_keys


class FootedDialog(QDialog):
    """OK, Cancel, Reset; undo and redo by button and key; F1 says what the control with the focus is for.

    Parameters
    ----------
    name
        Its object name is ``dialog_<name>``; its buttons are ``ok``, ``cancel``, ``reset``, ``help``.
    about
        What is said on F1 while no control has anything to say.
    state
        What it holds, with its steps to undo.
    submit, takes
        As in `Footer`.
    """

    def __init__(
        self,
        name: str,
        title: str,
        parent: QWidget | None,
        *,
        about: str,
        state: Any,
        submit: bool = False,
        takes: str = "",
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"dialog_{name}")
        self.setWindowTitle(title)
        self.setModal(False)
        self.state = state
        self.footer = Footer(self, submit=submit, takes=takes)
        self.help = HelpStrip(about, self.footer.help, self)
        self.help.setObjectName("help_text")
        self._wire()

    def stack(self, content: QWidget, band: CommandBand | None = None) -> None:
        """Lay out: the content, the help, the band if there is one, the buttons."""
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(content, 1)
        outer.addWidget(self.help)
        if band is not None:
            outer.addWidget(band)
        outer.addLayout(self.footer)

    def order_focus(self, controls: Sequence[QWidget], band: CommandBand | None = None) -> None:
        """Let Tab go through the controls, the band and the buttons."""
        shown = [] if band is None else [band.preview, band.copy]
        for first, second in pairwise([*controls, *shown, *self.footer.focus_order()]):
            QWidget.setTabOrder(first, second)

    def keep_undo_keys(self, place: QWidget) -> None:
        """Let undo and redo in the text fields of `place` take back steps of the dialog, not of the field."""
        for edit in QWidget.findChildren(place, QLineEdit):
            watch_keys(edit, self)

    def show_steps(self) -> None:
        """Name the steps that can be taken back and done again."""
        self.footer.show_undo(self.state.undo_text, self.state.redo_text)

    def open_here(self) -> None:
        """Come to the front."""
        self.show()
        self.raise_()
        self.activateWindow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give undo and redo in a text field to the dialog, whose steps include the field's."""
        if not isinstance(event, QKeyEvent):  # a hundred other events come to each field while a dialog opens
            return False
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(watched, QLineEdit | QComboBox):
            standard = QKeySequence.StandardKey
            if event.matches(standard.Undo) or event.matches(standard.Redo):
                event.ignore()
                return True
        return super().eventFilter(watched, event)

    def _wire(self) -> None:
        footer, standard = self.footer, QKeySequence.StandardKey
        for button, call in (
            (footer.ok, self.accept),
            (footer.cancel, self.reject),
            (footer.reset, self._reset),
            (footer.undo, self._undo),
            (footer.redo, self._redo),
        ):
            button.clicked.connect(call)
        for keys, call in (
            (standard.Undo, self._undo),
            (standard.Redo, self._redo),
            (standard.HelpContents, self.help.toggle),
        ):
            QShortcut(keys, self).activated.connect(call)  # all the keys that the platform has for it

    @Slot()
    def _reset(self) -> None:
        self.state.reset()

    @Slot()
    def _undo(self) -> None:
        self.state.undo()

    @Slot()
    def _redo(self) -> None:
        self.state.redo()
