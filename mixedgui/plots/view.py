"""A graph on the screen: drag to move, wheel to zoom, hover (or arrow keys) for the exact values of a point,
click (or Enter) to label it.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QPalette, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from engine.api import GraphSpec
from mixedgui.plots.canvas import Canvas
from mixedgui.plots.describe import describe
from mixedgui.plots.legend import LegendBox
from mixedgui.plots.names import PointNames
from mixedgui.plots.nearest import Hit
from mixedgui.plots.panel import PanelPlot
from mixedgui.plots.pins import Pins
from mixedgui.state.translation import tr
from mixedgui.theme import theme


class GraphView(QWidget):
    """Title, panels, legend and note of one graph.

    Attributes
    ----------
    pointed
        Emitted with the words about the mark that is pointed at, empty when there is none.
    redrawn
        Emitted when all marks have been drawn anew: another page, other colours.
    pins
        Labels of single marks.
    pointed_hit
        The mark that is pointed at.
    """

    pointed = Signal(str)
    redrawn = Signal()

    def __init__(self, graph: GraphSpec, names: PointNames, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.graph = graph
        self._names = names
        self._rank = -1
        self._page = 0
        self.pointed_hit: Hit | None = None
        self.plot = Canvas(graph)
        self._title, self._subtitle, self._note = QLabel(graph.title), QLabel(graph.subtitle), QLabel(_below(graph))
        self._legend = LegendBox(graph, self.plot if graph.legend.inside else self) if graph.keys else None
        self._tip = QLabel(self.plot)
        self._turn: QWidget | None = None
        self._lay_out()
        self._set_up_plot()
        self.pins = Pins(self, names)
        theme().changed.connect(self._dress)
        self._dress()

    @property
    def hint(self) -> str:
        """The words about the mark that is pointed at, empty when there is none."""
        return self._tip.text() if self._tip.isVisibleTo(self.plot) else ""

    @property
    def views(self) -> tuple[GraphView, ...]:
        """The single graphs of a window: this one."""
        return (self,)

    @property
    def pinned_graph(self) -> GraphSpec:
        """The graph with the labels that were pinned to it."""
        return self.pins.on(self.graph)

    @property
    def panels(self) -> tuple[PanelPlot, ...]:
        """The panels of the page that is shown."""
        return self.plot.panels

    def take_title(self) -> str:
        """Return the title for who shows it in its own head; it stands over the plot no longer."""
        self._title.hide()
        unit = theme().unit
        self._column.setContentsMargins(3 * unit, 0, 3 * unit, 2 * unit)
        return self.graph.title

    def reset_zoom(self) -> None:
        """Show all of the data."""
        for panel in self.panels:
            panel.reset()

    def release(self) -> None:
        """Let go of the plot and of the theme before Qt deletes them."""
        theme().changed.disconnect(self._dress)
        self.plot.release()

    def zoom(self, factor: float) -> None:
        """Zoom about the middle; a factor below 1 comes closer, 0 shows all again."""
        if factor == 0.0:
            self.reset_zoom()
            return
        linked = self.graph.grid
        panels = self.panels[:1] if linked.common_x and linked.common_y else self.panels
        for panel in panels:
            panel.item.vb.scaleBy((factor, factor))

    def show_page(self, page: int) -> None:
        """Show another page of panels."""
        self._page = min(max(page, 0), self.plot.n_pages - 1)
        self._rank = -1
        self._show_hit(None, None)
        self.plot.show_page(self._page)
        self._connect_panels()
        self._dress()

    def point_at(self, scene_position: QPointF) -> Hit | None:
        """Point at the mark under a place of the scene, and return it."""
        for panel in self.panels:
            hit = panel.hit_at(scene_position)
            if hit is not None:
                self._show_hit(panel, hit)
                return hit
        self._show_hit(None, None)
        return None

    def describe(self, hit: Hit) -> str:
        """Return what a mark is, in lines."""
        return describe(self.graph, hit, self._names)

    def _lay_out(self) -> None:
        layout = self._column = QVBoxLayout(self)
        unit = theme().unit
        layout.setContentsMargins(3 * unit, 3 * unit, 3 * unit, 2 * unit)
        layout.setSpacing(unit)
        for label in (self._title, self._subtitle, self._note):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setForegroundRole(QPalette.ColorRole.WindowText)
            label.setVisible(bool(label.text()))
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout.addWidget(self._title)
        layout.addWidget(self._subtitle)
        self._add_plot(layout)
        if self.plot.n_pages > 1:
            layout.addWidget(self._page_turner())
        layout.addWidget(self._note)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._tip.setTextFormat(Qt.TextFormat.PlainText)
        self._tip.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._tip.setAutoFillBackground(True)
        self._tip.setBackgroundRole(QPalette.ColorRole.ToolTipBase)
        self._tip.setForegroundRole(QPalette.ColorRole.ToolTipText)
        self._tip.setMargin(unit + 1)
        self._tip.hide()

    def _add_plot(self, layout: QVBoxLayout) -> None:
        """Add the plot with the legend at its side."""
        legend, clock = self._legend, self.graph.legend.clock
        if legend is None or self.graph.legend.inside:
            layout.addWidget(self.plot, 1)
            return
        if clock in (2, 3, 4, 8, 9, 10):
            row: QBoxLayout = QHBoxLayout()
            row.addWidget(self.plot, 1)
            row.insertWidget(1 if clock in (2, 3, 4) else 0, legend)
            layout.addLayout(row, 1)
            return
        for widget in (legend, self.plot) if clock in (11, 12, 1) else (self.plot, legend):
            layout.addWidget(widget, 1 if widget is self.plot else 0)

    def _page_turner(self) -> QWidget:
        """Return buttons that go through the pages of panels."""
        bar = QWidget(self)
        bar.setObjectName("graph_pages")
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        where = QLabel(bar)
        where.setObjectName("graph_page")

        def turn(by: int) -> None:
            self.show_page(self._page + by)
            where.setText(tr("Page {0} of {1}").format(self._page + 1, self.plot.n_pages))

        row.addStretch()
        for name, text, by in (("previous", tr("Previous"), -1), ("next", tr("Next"), 1)):
            button = QToolButton(bar)
            button.setObjectName(f"graph_page_{name}")
            button.setText(text)
            button.setAccessibleName(tr("{text} page of panels").format(text=text))
            button.setAutoRaise(True)
            button.clicked.connect(lambda _checked=False, step=by: turn(step))
            row.addWidget(button)
            if by < 0:
                row.addWidget(where)
        row.addStretch()
        where.setText(tr("Page 1 of {0}").format(self.plot.n_pages))
        return bar

    def _set_up_plot(self) -> None:
        plot = self.plot
        plot.setObjectName("graph_plot")
        about = [text for text in (self.graph.y_title, self.graph.x_title) if text]
        for widget in (plot, plot.viewport()):
            widget.setAccessibleName(f"{self.graph.title}: {' against '.join(about)}")
        plot.setAccessibleDescription(
            tr("{0} Arrow keys go from point to point, Enter labels one, + and - zoom, 0 shows all.").format(
                self.graph.summary
            )
        )
        plot.stepped.connect(self._step)
        plot.zoomed.connect(self.zoom)
        plot.scene().sigMouseMoved.connect(self.point_at)
        self._connect_panels()

    def _connect_panels(self) -> None:
        for panel in self.panels:
            panel.moved.connect(self._hide_tip)

    @Slot()
    def _dress(self) -> None:
        """Take the theme's colours; the zoom stays."""
        look, sizes = theme(), self.graph.sizes
        tokens = look.tokens
        self._title.setFont(self._font(sizes.title, bold=True))
        for label, factor in ((self._subtitle, sizes.subtitle), (self._note, sizes.note)):
            label.setFont(self._font(0.92 * factor))
            palette = label.palette()
            palette.setColor(QPalette.ColorRole.WindowText, QColor(tokens.text2))
            label.setPalette(palette)
        self.plot.dress(tokens, (self._font(0.92 * sizes.labels), self._font(0.92 * sizes.axis)))
        if self._legend is not None:
            self._legend.setFont(self._font(0.92 * sizes.legend))
            self._legend.update()
            if self.graph.legend.inside:
                self._legend.adjustSize()
                self._place_legend()
        self.redrawn.emit()

    def _font(self, factor: float, *, bold: bool = False) -> QFont:
        font = theme().font(factor * self.graph.scale, bold=bold)
        if self.graph.font:
            font.setFamilies([self.graph.font, *font.families()])
        return font

    def _place_legend(self) -> None:
        """Put a legend inside the plot into its corner."""
        if self._legend is None:
            return
        size, clock, gap = self._legend.sizeHint(), self.graph.legend.clock, 4 * theme().unit
        self._legend.resize(size)
        right, bottom = self.plot.width() - size.width() - gap, self.plot.height() - size.height() - 12 * theme().unit
        left = 16 * theme().unit
        x = right if clock in (1, 2, 3, 4, 5) else left if clock in (7, 8, 9, 10, 11) else (left + right) // 2
        y = bottom if clock in (4, 5, 6, 7, 8) else gap if clock in (10, 11, 12, 1, 2) else (gap + bottom) // 2
        self._legend.move(max(0, x), max(0, y))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep a legend inside the plot in its corner."""
        super().resizeEvent(event)
        if self._legend is not None and self.graph.legend.inside:
            self._place_legend()

    @Slot()
    def _hide_tip(self) -> None:
        self._show_hit(None, None)

    @Slot(int)
    def _step(self, by: int) -> None:
        total = sum(len(panel.marks) for panel in self.panels)
        if not total:
            return
        self._rank = min(max(self._rank + by, 0), total - 1)
        rank = self._rank
        for panel in self.panels:
            if rank < len(panel.marks):
                self._show_hit(panel, panel.marks.at_rank(rank))
                return
            rank -= len(panel.marks)

    def _show_hit(self, panel: PanelPlot | None, hit: Hit | None) -> None:
        self.pointed_hit = hit
        for other in self.panels:
            if other is not panel:
                other.show_ring(None)
        if hit is None or panel is None:
            if self._tip.isVisibleTo(self.plot):
                self._tip.hide()
                self.pointed.emit("")
            return
        text = self.describe(hit)
        panel.show_ring(hit)
        self._tip.setText(text)
        self._tip.adjustSize()
        place = self.plot.mapFromScene(panel.scene_place(hit))
        gap = 3 * theme().unit
        left = place.x() + gap
        if left + self._tip.width() > self.plot.width():
            left = max(0, place.x() - gap - self._tip.width())
        top = min(max(0, place.y() - gap - self._tip.height()), max(0, self.plot.height() - self._tip.height()))
        self._tip.move(left, top)
        self._tip.show()
        self._tip.raise_()
        self.pointed.emit(text.replace("\n", ", "))


def _below(graph: GraphSpec) -> str:
    return "\n".join(text for text in (graph.note, graph.caption) if text)
