"""A dialog that belongs to another one: a page above, what it stands for below, OK and Cancel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from mixedgui.dialogs.command_band import CommandBand
from mixedgui.dialogs.footed_dialog import FootedDialog
from mixedgui.state.translation import tr
from mixedgui.state.undo import Undoable
from mixedgui.theme import theme
from mixedgui.widgets.binding import Binding


class SubDialog(FootedDialog):
    """Hands something over to who asked, and runs nothing.

    Parameters
    ----------
    name, about, takes, state
        As in `FootedDialog`; the text of the band is ``<name>_preview``, the button that copies it ``<name>_copy``.
    """

    def __init__(
        self, name: str, title: str, parent: QWidget | None, *, about: str, takes: str, state: Undoable[Any]
    ) -> None:
        super().__init__(name, title, parent, about=about, state=state, takes=takes)
        self.bindings: list[Binding[Any]] = []
        self.band = CommandBand(
            tr("Adds"), tr("What stands for {takes} in the command").format(takes=takes), self, lead="mixed y "
        )
        self.band.preview.setObjectName(f"{name}_preview")
        self.band.copy.setObjectName(f"{name}_copy")
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
        self.stack(scroll, self.band)

    def finish(self, focus_order: Sequence[QWidget]) -> None:
        """Set the order of Tab and show the state for the first time."""
        self.order_focus(focus_order, self.band)
        self.keep_undo_keys(self.page)
        theme().changed.connect(self._theme_changed)
        self.begin(self.state)

    def begin(self, state: Undoable[Any]) -> None:
        """Hold another content from now on, with nothing to undo."""
        self.state = state
        state.subscribe(self.refresh)
        self.refresh()

    @Slot()
    def _theme_changed(self) -> None:
        self.refresh()  # a slot that subclasses replace would still be called when the dialog is gone

    @Slot()
    def refresh(self) -> None:
        """Show the state."""
        for binding in self.bindings:
            binding.refresh()
        self.show_steps()

    def reject(self) -> None:
        """Close, and hand nothing over."""
        self.hide()
