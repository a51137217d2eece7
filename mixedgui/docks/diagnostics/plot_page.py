"""A page of graphs side by side: in two columns where both can be read, else in one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from mixedgui.docks.diagnostics.tile import PlotTile
from mixedgui.theme import theme

_COLUMNS = 2


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
        self.inner = QWidget(self)
        self._grid = QGridLayout(self.inner)
        self._grid.setSpacing(2 * theme().unit)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidget(self.inner)

    def show_tiles(self, tiles: Sequence[PlotTile]) -> None:
        """Lay graphs out, each a child of `inner`."""
        self._tiles = tiles
        self._arrange(_COLUMNS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the graphs below one another where two do not fit."""
        super().resizeEvent(event)
        least = max((tile.minimumWidth() for tile in self._tiles), default=0)
        room = self.viewport().width() - 8 * theme().unit
        self._arrange(_COLUMNS if _COLUMNS * least <= room else 1)

    def _arrange(self, columns: int) -> None:
        if columns == self.columns:
            return
        self.columns = columns
        for tile in self._tiles:
            self._grid.removeWidget(tile)
        for number, tile in enumerate(self._tiles):
            alone = number == len(self._tiles) - 1 and number % columns == 0
            self._grid.addWidget(tile, number // columns, number % columns, 1, columns if alone else 1)
