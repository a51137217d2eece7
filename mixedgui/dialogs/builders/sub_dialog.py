"""The frame of a builder: a page above, what it stands for below, OK and Cancel."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

from mixedgui.dialogs.command_band import CommandBand
from mixedgui.dialogs.footer import Footer
from mixedgui.dialogs.help_strip import HelpStrip
from mixedgui.state.translation import tr
from mixedgui.state.undo import Undoable
from mixedgui.theme import theme
from mixedgui.widgets.binding import Binding


class SubDialog(QDialog):
    """A dialog that belongs to another one and runs nothing.

    Parameters
    ----------
    name
        Its object name is ``dialog_<name>``; its buttons are ``ok``, ``cancel``, ``reset``, ``help``.
    about
        What is said on F1 while no control has anything to say.
    takes
        What OK hands over.
    state
        What it holds.
    """

    def __init__(
        self, name: str, title: str, parent: QWidget | None, *, about: str, takes: str, state: Undoable[Any]
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"dialog_{name}")
        self.setWindowTitle(title)
        self.setModal(False)
        self.state: Any = state
        self.bindings: list[Binding[Any]] = []
        self.footer = Footer(self, submit=False, takes=takes)
        self.band = CommandBand(
            tr("Adds"), tr("What stands for {takes} in the command").format(takes=takes), self, lead="mixed y "
        )
        self.band.preview.setObjectName(f"{name}_preview")
        self.band.copy.setObjectName(f"{name}_copy")
        self._help = HelpStrip(about, self.footer.help, self)
        self.page = QWidget()
        unit = theme().unit
        self.column = QVBoxLayout(self.page)
        self.column.setContentsMargins(4 * unit, 4 * unit, 4 * unit, 4 * unit)
        self.column.setSpacing(2 * unit)
        scroll = QScrollArea(self)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.page)
        for widget in (scroll, self.page):
            widget.setAutoFillBackground(True)
            widget.setBackgroundRole(self.palette().ColorRole.Base)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(scroll, 1)
        outer.addWidget(self._help)
        outer.addWidget(self.band)
        outer.addLayout(self.footer)
        self._connect()

    def finish(self, focus_order: Sequence[QWidget]) -> None:
        """Set the order of Tab and show the state for the first time."""
        chain = [*focus_order, self.band.preview, self.band.copy, *self.footer.focus_order()]
        for first, second in pairwise(chain):
            QWidget.setTabOrder(first, second)
        self.state.subscribe(self.refresh)
        theme().changed.connect(self._theme_changed)
        self.refresh()

    def open_here(self) -> None:
        """Come to the front."""
        self.show()
        self.raise_()
        self.activateWindow()

    @Slot()
    def _theme_changed(self) -> None:
        self.refresh()  # a slot that subclasses replace would still be called when the dialog is gone

    @Slot()
    def refresh(self) -> None:
        """Show the state."""
        for binding in self.bindings:
            binding.refresh()
        self.footer.show_undo(self.state.undo_text, self.state.redo_text)

    def reject(self) -> None:
        """Close, and hand nothing over."""
        self.hide()

    def _connect(self) -> None:
        self.footer.ok.clicked.connect(self.accept)
        self.footer.cancel.clicked.connect(self.reject)
        self.footer.reset.clicked.connect(self._reset)
        self.footer.undo.clicked.connect(self._undo)
        self.footer.redo.clicked.connect(self._redo)
        standard = QKeySequence.StandardKey
        for keys, call in (
            (standard.Undo, self._undo),
            (standard.Redo, self._redo),
            (standard.HelpContents, self._help.toggle),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(call)

    @Slot()
    def _reset(self) -> None:
        self.state.reset()

    @Slot()
    def _undo(self) -> None:
        self.state.undo()

    @Slot()
    def _redo(self) -> None:
        self.state.redo()
