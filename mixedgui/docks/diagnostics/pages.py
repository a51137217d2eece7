"""The pages of the dashboard: tabs over graphs, each drawn when its page comes to the front, saved as one picture."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from engine.api import save_figures
from mixedgui.docks.diagnostics.plot_page import PlotPage
from mixedgui.docks.diagnostics.tile import Linked, PlotTile
from mixedgui.plots.brush import BrushMode
from mixedgui.state.translation import tr
from mixedgui.theme import theme
from mixedgui.widgets.icons import icon


class DashboardPages(QWidget):
    """Tabs and what they show.

    Attributes
    ----------
    bar
        The tabs.
    tiles
        All graphs, on whatever page.
    changed
        Another page is in front, or one of its graphs was drawn.
    """

    changed = Signal()

    def __init__(self, host: Linked, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = host
        self._mode = BrushMode.RECTANGLE
        self.tiles: list[PlotTile] = []
        self.bar = QTabBar(self)
        self.bar.setObjectName("diagnostics_pages")
        self.bar.setAccessibleName(tr("Pages"))
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        side = 4 * theme().unit
        self.bar.setIconSize(QSize(side, side))
        self._stack = QStackedWidget(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme().unit, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self._stack, 1)
        self.bar.currentChanged.connect(self._opened)

    def add_page(self, title: str, glyph: str, page: QWidget) -> int:
        """Add a page and return its number."""
        self._stack.addWidget(page)
        return self.bar.addTab(icon(glyph), title.replace("&", "&&"))

    def add_plots(self, title: str, glyph: str, commands: Sequence[str]) -> int:
        """Add a page of graphs and return its number."""
        page = PlotPage(self)
        tiles = [PlotTile(command, self._host, page.inner) for command in commands]
        for tile in tiles:
            self.link(tile)
        page.show_tiles(tiles)
        return self.add_page(title, glyph, page)

    @property
    def page(self) -> QWidget | None:
        """The page in front."""
        return self._stack.currentWidget()

    def open(self, place: int) -> None:
        """Bring a page to the front and draw its graphs."""
        if self.bar.currentIndex() == place:
            self._opened(place)
        else:
            self.bar.setCurrentIndex(place)

    def in_front(self) -> list[PlotTile]:
        """Return the graphs of the page in front; of graphs that share one place that which is seen."""
        page = self.page
        if isinstance(page, QStackedWidget):
            page = page.currentWidget()
        if isinstance(page, PlotTile):
            return [page]
        return list(page.tiles) if isinstance(page, PlotPage) else []

    def save(self, path: str) -> None:
        """Save the graphs of the page that are shown and drawn, light as on paper (StataError when that fails)."""
        views = [tile.view for tile in self.in_front() if tile.view is not None and not tile.put_away]
        page = self.page
        columns = page.columns if isinstance(page, PlotPage) else 1
        save_figures([view.pinned_graph for view in views], path, columns=columns)

    @Slot(object)
    def link(self, tile: PlotTile) -> None:
        """Take in a graph."""
        self.tiles.append(tile)
        tile.set_mode(self._mode)
        tile.drawn.connect(self.changed)

    @Slot(object)
    def set_mode(self, mode: BrushMode) -> None:
        """Change what dragging does in all graphs."""
        self._mode = mode
        for tile in self.tiles:
            tile.set_mode(mode)

    @Slot(int)
    def _opened(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        self.draw()

    def draw(self) -> None:
        """Draw the graphs in front that are not drawn yet."""
        for tile in self.in_front():
            tile.ask()
        self.changed.emit()
