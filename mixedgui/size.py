"""How large a window opens: as large as it wants to be, and no larger than the screen has room for."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from mixedgui.theme import theme

_SIDES, _TITLE = 1, 10
"""Units left for the frame across, and for the title."""


LEAST_WIDTH = 210
"""Units across that every dialog is made for (840 pixels at an ordinary font)."""


_LOWEST, _TALLEST = 92, 172
"""Units of height between which a dialog follows its content; taller pages scroll."""

_WIDEST_LABEL = 56
"""Units up to which the labels of one part make room for those of another."""


def open_at(window: QWidget, width: int, height: int) -> None:
    """Give a window its first size, in units, with room for the frame around it."""
    unit = theme().unit
    screen = window.screen().availableSize()
    room = (max(screen.width() - _SIDES * unit, LEAST_WIDTH * unit), max(screen.height() - _TITLE * unit, 1))
    window.resize(min(width * unit, room[0]), min(height * unit, room[1]))


def fit_to(dialog: QWidget, scroll: QScrollArea, *, least_width: int) -> None:
    """Give a dialog the size at which a page shows all it has, within bounds and the screen."""
    page, unit = scroll.widget(), theme().unit
    if page is None:
        return
    wanted, now = page.sizeHint(), scroll.viewport().size()
    height = dialog.height() + wanted.height() - now.height()
    bar = scroll.verticalScrollBar().sizeHint().width() if height > _TALLEST * unit else 0
    width = max(least_width * unit, dialog.width() + max(wanted.width(), page.minimumSizeHint().width()) - now.width())
    open_at(
        dialog,
        -(-min(width + bar, LEAST_WIDTH * unit) // unit),
        -(-min(max(height, _LOWEST * unit), _TALLEST * unit) // unit),
    )


def align_labels(*grids: QGridLayout) -> None:
    """Let the fields of several grids begin at the same place."""
    widths = [_label_width(grid) for grid in grids]
    near = [width for width in widths if width <= _WIDEST_LABEL * theme().unit]
    for grid in grids:
        grid.setColumnMinimumWidth(0, max(near, default=0))


def _label_width(grid: QGridLayout) -> int:
    """Return how wide the first column is for what stands in it alone."""
    widest = 0
    for place in range(grid.count()):
        _, column, _, columns = cast("tuple[int, int, int, int]", grid.getItemPosition(place))
        item = grid.itemAt(place)
        if column == 0 and columns == 1 and item is not None and not item.isEmpty():
            widest = max(widest, item.sizeHint().width())
    return widest
