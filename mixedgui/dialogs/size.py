"""How large a dialog opens: as large as it wants to be, and no larger than the screen has room for."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from mixedgui.theme import theme

_SIDES, _TITLE = 2, 10
"""Units left for the frame across, and for the title."""


LEAST_WIDTH = 210
"""Units across that every dialog is made for (840 pixels at an ordinary font)."""


def open_at(dialog: QWidget, width: int, height: int) -> None:
    """Give a dialog its first size, in units."""
    unit = theme().unit
    screen = dialog.screen().availableSize()
    room = (max(screen.width() - _SIDES * unit, LEAST_WIDTH * unit), max(screen.height() - _TITLE * unit, 1))
    dialog.resize(min(width * unit, room[0]), min(height * unit, room[1]))
