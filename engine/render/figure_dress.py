"""Titles, axes and legend of a matplotlib figure."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Literal

from engine.data.formats import format_value
from engine.graphs import appearance
from engine.graphs.appearance import Colours, Scheme
from engine.graphs.axes import Axis, Panel
from engine.graphs.graphspec import GraphSpec, Layer, LayerStyle, Mark
from engine.graphs.look import Symbol
from engine.render.figure_marks import LINE_PT, MARKERS, POINT_PT, THIN_PT

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

SMALL = 7.0 / 8.0
"""Size of second lines, notes and legends beside that of the text."""

_LETTERS_ACROSS, _SMALLEST = 16.0, 0.6
"""Panels narrower than so many text sizes have smaller labels, down to this share."""

_MEAN_LETTER = 0.56
"""Width of a letter beside its height, on average."""


class Dresser:
    """Writes what is not data: `width_pt` is the width of the figure, `text_pt` the size of its text."""

    def __init__(self, figure: Figure, graph: GraphSpec, scheme: Scheme, colours: Colours, width_pt: float) -> None:
        self.figure, self.graph, self.scheme, self.colours = figure, graph, scheme, colours
        self.body: Figure | SubFigure = figure
        self.text_pt = scheme.text_pt * graph.scale
        self.width_pt = width_pt
        columns = graph.grid.shape(len(graph.panels))[1] if graph.panels else 1
        narrow = width_pt / columns / (_LETTERS_ACROSS * self.text_pt)
        self.panel_pt = self.text_pt * (min(1.0, max(_SMALLEST, narrow)) if graph.panels else 1.0)

    def wrapped(self, text: str, size: float, share: float = 1.0) -> str:
        """Return text in lines that fit a share of the figure's width."""
        columns = max(12, int(share * self.width_pt / (size * _MEAN_LETTER)))
        return "\n".join(textwrap.fill(line, columns) for line in text.split("\n"))

    def frame(self) -> SubFigure:
        """Write titles above and notes below everything, and return the part of the figure between them."""
        width, height = self.width_pt, float(self.figure.get_size_inches()[1]) * 72
        graph, colours, sizes = self.graph, self.colours, self.graph.sizes
        margin = self.text_pt * 0.6
        edge = margin / width
        top = margin
        title = (self.text_pt + 1) * sizes.title
        for text, size, weight, colour in (
            (graph.title, title, "bold", colours.text),
            (graph.subtitle, self.text_pt * SMALL * sizes.subtitle, "normal", colours.text2),
        ):
            if text:
                top += self._write(text, size, (edge, 1 - top / height), va="top", weight=weight, colour=colour)
        bottom = margin
        for text, factor in ((graph.caption, sizes.caption), (graph.note, sizes.note)):
            if text:
                size = self.text_pt * SMALL * factor
                bottom += self._write(text, size, (edge, bottom / height), va="bottom", colour=colours.text2)
        below = bottom + 0.5 * margin if bottom > margin else 0.0
        above = top + 0.5 * margin if top > margin else 0.0
        rows = [max(above, 1e-3), max(height - above - below, 0.2 * height), max(below, 1e-3)]
        grid = self.figure.add_gridspec(3, 1, height_ratios=rows, hspace=0.0)
        self.body = self.figure.add_subfigure(grid[1], facecolor=colours.background)
        return self.body

    def _write(
        self, text: str, size: float, place: tuple[float, float], *, va: str, colour: str, weight: str = "normal"
    ) -> float:
        """Write lines at a corner and return their height in points."""
        lines = self.wrapped(text, size * (1.08 if weight == "bold" else 1.0), 0.96)
        self.figure.text(
            *place, lines, ha="left", va=va, fontsize=size, fontweight=weight, color=colour, linespacing=1.2, wrap=False
        )
        return (lines.count("\n") + 1) * 1.3 * size

    def common_titles(self) -> None:
        """Write the axis titles that all panels have in common."""
        size = self.text_pt * self.graph.sizes.axis
        x_title, y_title = self.axis_titles()
        if x_title:
            self.body.supxlabel(self.wrapped(x_title, size, 0.9), fontsize=size, color=self.colours.text2)
        if y_title:
            self.body.supylabel(self.wrapped(y_title, size, 0.5), fontsize=size, color=self.colours.text2)

    def axis_titles(self) -> tuple[str, str]:
        """Return the titles along the page's horizontal and vertical axis."""
        graph = self.graph
        return (graph.y_title, graph.x_title) if graph.swapped else (graph.x_title, graph.y_title)

    def axes(self, axes: Axes, panel: Panel | None, *, bottom: bool, left: bool) -> None:
        """Set ranges, scales, ticks and colours of one panel; only outer panels keep labels of common axes."""
        graph, colours = self.graph, self.colours
        x_axis, y_axis = appearance.axes_of(graph, panel)
        if graph.swapped:
            x_axis, y_axis = y_axis, x_axis
        for axis, horizontal in ((x_axis, True), (y_axis, False)):
            self._scale(axes, axis, horizontal=horizontal)
        axes.tick_params(color=colours.axis, labelcolor=colours.text2, labelsize=self.panel_pt * graph.sizes.labels)
        for side, spine in axes.spines.items():
            spine.set_color(colours.axis)
            spine.set_visible(self.scheme.frame or side in ("left", "bottom"))
        if panel is not None and graph.grid.common_x and not bottom and not graph.swapped:
            axes.tick_params(labelbottom=False)
        if panel is not None and graph.grid.common_y and not left and not graph.swapped:
            axes.tick_params(labelleft=False)
        if self.scheme.grid and not y_axis.hidden:
            axes.grid(axis="y", color=colours.axis, linewidth=0.3, alpha=0.5)

    def _scale(self, axes: Axes, axis: Axis, *, horizontal: bool) -> None:
        own = axes.xaxis if horizontal else axes.yaxis
        if axis.hidden:
            own.set_visible(False)
            axes.spines["bottom" if horizontal else "left"].set_visible(False)
            return
        if axis.bare:
            own.set_ticks([])
        elif axis.ticks:
            own.set_ticks(
                [tick.value for tick in axis.ticks], [appearance.tick_text(tick.label) for tick in axis.ticks]
            )
            own.set_ticks([], minor=True)
        elif axis.display or axis.log:
            from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

            display = axis.display or "%9.0g"
            own.set_major_formatter(
                FuncFormatter(lambda value, _: appearance.tick_text(format_value(value, display).strip()))
            )
            if axis.log:
                own.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0), numticks=8))
                own.set_minor_formatter(NullFormatter())
        if axis.angle:
            kind: Literal["x", "y"] = "x" if horizontal else "y"
            axes.tick_params(axis=kind, labelrotation=axis.angle)
            if horizontal and axis.angle % 180:
                for label in axes.get_xticklabels():
                    label.set_horizontalalignment("right" if axis.angle < 90 else "center")
                    label.set_rotation_mode("anchor" if axis.angle < 90 else "default")
        if axis.grid:
            own.grid(visible=True, color=self.colours.axis, linewidth=0.3, alpha=0.6, linestyle=(0, (1, 2)))
        if axis.categories:
            axes.tick_params(axis="x" if horizontal else "y", length=0)

    def legend(self, axes: Axes) -> None:
        """List the series."""
        graph, legend = self.graph, self.graph.legend
        if not graph.keys:
            return
        found = [(self._handle(key.plot), key.text) for key in graph.keys]
        handles: Any = [handle for handle, _ in found if handle is not None]
        texts = [text for handle, text in found if handle is not None]
        if not handles:
            return
        style: dict[str, Any] = {
            "frameon": False,
            "fontsize": self.text_pt * SMALL * graph.sizes.legend,
            "labelcolor": self.colours.text,
            "title": legend.title or None,
            "title_fontsize": self.text_pt * SMALL * graph.sizes.legend,
        }
        if not legend.inside:
            side = {3: "outside right center", 9: "outside left center"}
            clock = legend.clock if not legend.inside else 6
            place: Any = side.get(
                clock, "outside upper center" if clock in (10, 11, 12, 1, 2) else "outside lower center"
            )
            beside = place.startswith(("outside right", "outside left"))
            drawn = self.body.legend(
                handles, texts, loc=place, ncols=legend.columns or (1 if beside else self._columns(texts)), **style
            )
        else:
            corner: Any = _INSIDE[legend.clock]
            drawn = axes.legend(handles, texts, loc=corner, ncols=legend.columns or 1, **style)
        if legend.title:
            drawn.get_title().set_color(self.colours.text)

    def _columns(self, texts: list[str]) -> int:
        """Return how many entries fit beside each other."""
        letter = self.text_pt * SMALL * self.graph.sizes.legend * _MEAN_LETTER
        each = (max(len(text) for text in texts) + 8) * letter
        return max(1, min(len(texts), int(0.95 * self.width_pt / each)))

    def _handle(self, plot: int) -> Artist | tuple[Artist, ...] | None:
        """Return what stands before a line of the legend: the marks of its layers over each other."""
        from matplotlib.lines import Line2D
        from matplotlib.patches import Patch

        layers = [layer for layer in self.graph.layers if self.graph.plot_of(layer) == plot and layer.group]
        if not layers:
            return None
        colours = self.colours.series
        kinds: dict[tuple[Mark, LayerStyle], Layer] = {}
        for layer in layers:
            kinds.setdefault((layer.mark, layer.style), layer)
        handles: list[Artist] = []
        for (mark, style), layer in kinds.items():
            colour = layer.look.colour or colours[appearance.colour_index(self.graph, layer) % len(colours)]
            if mark is Mark.LINE:
                dash = appearance.dash_of(self.graph, layer)
                line = Line2D([], [], color=colour, linewidth=LINE_PT)
                if dash:
                    line.set_dashes(dash)
                handles.append(line)
            elif mark is Mark.POINT and layer.look.symbol is not Symbol.NONE:
                symbol = layer.look.symbol or appearance.SYMBOLS[plot % len(appearance.SYMBOLS)]
                face = "none" if layer.look.hollow else colour
                size = 9 * POINT_PT * 1.35
                handles.append(
                    Line2D(
                        [],
                        [],
                        linestyle="none",
                        marker=MARKERS[symbol],
                        markersize=size,
                        markerfacecolor=face,
                        markeredgecolor=colour,
                        markeredgewidth=0.6 if layer.look.hollow else 0,
                    )
                )
            elif mark in (Mark.BAR, Mark.BOX) or style is LayerStyle.BAND:
                alpha = 0.3 if style is LayerStyle.BAND else 0.65
                handles.append(Patch(facecolor=layer.look.fill or colour, alpha=alpha, edgecolor="none"))
            elif mark is Mark.INTERVAL:
                handles.append(Line2D([], [], color=colour, linewidth=THIN_PT))
        boxes = [handle for handle in handles if isinstance(handle, Patch)]
        chosen = boxes[:1] if boxes and len(handles) > 1 else handles
        if not chosen:
            return None
        return chosen[0] if len(chosen) == 1 else tuple(chosen)


_INSIDE = {
    0: "best",
    1: "upper right",
    2: "upper right",
    3: "center right",
    4: "lower right",
    5: "lower right",
    6: "lower center",
    7: "lower left",
    8: "lower left",
    9: "center left",
    10: "upper left",
    11: "upper left",
    12: "upper center",
}
