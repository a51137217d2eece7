"""A page of graphs side by side: in as many columns as can be read, at most three."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from mixedgui.docks.diagnostics.tile import PlotTile
from mixedgui.theme import theme

_COLUMNS = 3


class PlotPage(QScrollArea):
    """Scrolls down, never sideways.

    Attributes
    ----------
    columns
        How many graphs stand side by side.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.columns = 0
        self._tiles: Sequence[PlotTile] = ()
        self._placed: tuple[PlotTile, ...] = ()
        self.inner = QWidget(self)
        self._grid = QGridLayout(self.inner)
        unit = theme().unit
        self._grid.setContentsMargins(3 * unit, 3 * unit, 3 * unit, 3 * unit)
        self._grid.setSpacing(2 * unit)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        self.setWidget(self.inner)

    @property
    def tiles(self) -> Sequence[PlotTile]:
        """All graphs of the page, those that are put away included."""
        return self._tiles

    @property
    def shown(self) -> list[PlotTile]:
        """The graphs that are not put away."""
        return [tile for tile in self._tiles if not tile.put_away]

    def show_tiles(self, tiles: Sequence[PlotTile]) -> None:
        """Lay graphs out, each a child of `inner`."""
        self._tiles = tiles
        for tile in tiles:
            tile.put_away_changed.connect(self._settle)
        self._arrange(_COLUMNS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put fewer graphs side by side where they could not be read."""
        super().resizeEvent(event)
        self._settle()

    @Slot()
    def _settle(self) -> None:
        least = max((tile.minimumWidth() for tile in self._tiles), default=0)
        room = self.viewport().width() - 6 * theme().unit + self._grid.spacing()
        fitting = max(1, room // max(least + self._grid.spacing(), 1))
        self._arrange(min(_COLUMNS, fitting))

    def _arrange(self, columns: int) -> None:
        shown = tuple(self.shown)
        columns = max(1, min(columns, len(shown)))
        if (columns, shown) == (self.columns, self._placed):
            return
        self.columns, self._placed = columns, shown
        for tile in self._tiles:
            self._grid.removeWidget(tile)
            tile.setVisible(not tile.put_away)
        for number, tile in enumerate(shown):
            left = columns - number % columns if number == len(shown) - 1 else 1  # the last fills its row
            self._grid.addWidget(tile, number // columns, number % columns, 1, left)
