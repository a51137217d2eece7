"""Titles, axes and legend of a matplotlib figure."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from engine.data.formats import format_value
from engine.graphs import appearance
from engine.graphs.appearance import Colours, Scheme, scheme_of
from engine.graphs.axes import Axis, Panel
from engine.graphs.graphspec import GraphSpec, Layer, LayerStyle, Mark
from engine.graphs.look import Symbol
from engine.render.figure_marks import LINE_PT, MARKERS, POINT_PT, THIN_PT

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure
    from matplotlib.text import Text

SMALL = 7.0 / 8.0
"""Size of second lines, notes and legends beside that of the text."""

_LETTERS_ACROSS, _SMALLEST = 16.0, 0.6
"""Panels narrower than so many text sizes have smaller labels, down to this share."""

_USUAL_PT = 8.0
_MEAN_LETTER = 0.56
"""Width of a letter beside its height, on average."""


class Dresser:
    """Writes what is not data: `size_pt` is the size of the figure, or of its part for one of several graphs."""

    def __init__(
        self,
        figure: Figure | SubFigure,
        graph: GraphSpec,
        scheme: Scheme,
        colours: Colours,
        size_pt: tuple[float, float],
    ) -> None:
        self.figure, self.graph, self.scheme, self.colours = figure, graph, scheme, colours
        self.body: Figure | SubFigure = figure
        self.text_pt = scheme.text_pt * graph.scale
        self.factor = scheme.text_pt / _USUAL_PT
        self.width_pt, self.height_pt = size_pt
        self.body_pt = self.height_pt
        columns = graph.grid.shape(len(graph.panels))[1] if graph.panels else 1
        narrow = self.width_pt / columns / (_LETTERS_ACROSS * self.text_pt)
        self.panel_pt = self.text_pt * (min(1.0, max(_SMALLEST, narrow)) if graph.panels else 1.0)

    def part(self, graph: GraphSpec, figure: SubFigure, size_pt: tuple[float, float]) -> Dresser:
        """Return who dresses one of several graphs; it takes the colours of the whole unless it has its own."""
        scheme = scheme_of(graph) if graph.scheme else self.scheme
        dark = self.colours == self.scheme.dark
        own = replace(scheme, text_pt=self.scheme.text_pt)
        return Dresser(figure, graph, own, own.dark if dark else own.light, size_pt)

    def wrapped(self, text: str, size: float, share: float = 1.0) -> str:
        """Return text in lines that fit a share of the figure's width."""
        columns = max(12, int(share * self.width_pt / (size * _MEAN_LETTER)))
        return "\n".join(textwrap.fill(line, columns) for line in text.split("\n"))

    def along(self, text: str, size: float) -> str:
        """Return the title of an upright axis in lines that fit the height of the plots."""
        return self.wrapped(text, size, 0.8 * self.body_pt / self.width_pt)

    def frame(self) -> SubFigure:
        """Write titles above, notes below, and a legend at a side; return the part of the figure between them."""
        width, height = self.width_pt, self.height_pt
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
        sides = self._legend_at_side(top, bottom)
        below = bottom + sides["below"] + 0.5 * margin if bottom > margin or sides["below"] else 0.0
        above = top + sides["above"] + 0.5 * margin if top > margin or sides["above"] else 0.0
        rows = [max(above, 1e-3), max(height - above - below, 0.2 * height), max(below, 1e-3)]
        columns = [max(sides["left"], 1e-3), width - sides["left"] - sides["right"], max(sides["right"], 1e-3)]
        self.body_pt = rows[1]
        grid = self.figure.add_gridspec(3, 3, height_ratios=rows, width_ratios=columns, hspace=0.0, wspace=0.0)
        self.body = self.figure.add_subfigure(grid[1, 1], facecolor=colours.background)
        return self.body

    def _legend_at_side(self, top: float, bottom: float) -> dict[str, float]:
        """Write a legend beside the plots, and return how much room it takes at each side in points."""
        room = dict.fromkeys(("above", "below", "left", "right"), 0.0)
        handles, texts = self._listed()
        legend = self.graph.legend
        if legend.inside or not handles:
            return room
        width, height = self.width_pt, self.height_pt
        side = _SIDES.get(legend.clock, "below")
        beside = side in ("left", "right")
        middle = 0.5 * (bottom + height - top) / height
        place = {
            "above": ("upper center", (0.5, 1 - top / height)),
            "below": ("lower center", (0.5, bottom / height)),
            "left": ("center left", (0.0, middle)),
            "right": ("center right", (1.0, middle)),
        }[side]
        columns = legend.columns or (1 if beside else self._columns(texts))
        style = self._legend_style() | {"loc": place[0], "bbox_to_anchor": place[1], "borderaxespad": 0.3}
        drawn = self.figure.legend(handles, texts, ncols=columns, **style)
        if legend.title:
            drawn.get_title().set_color(self.colours.text)
        box = drawn.get_window_extent(self.figure.canvas.get_renderer())  # type: ignore[attr-defined]  # Agg has one
        scale = 72.0 / float(self.figure.get_dpi())
        room[side] = min(scale * (box.width if beside else box.height), 0.5 * (width if beside else height))
        return room

    def _write(
        self, text: str, size: float, place: tuple[float, float], *, va: str, colour: str, weight: str = "normal"
    ) -> float:
        """Write lines at a corner and return their height in points."""
        lines = self.wrapped(text, size * (1.08 if weight == "bold" else 1.0), 0.96)
        self.figure.text(
            *place, lines, ha="left", va=va, fontsize=size, fontweight=weight, color=colour, linespacing=1.2, wrap=False
        )
        return (lines.count("\n") + 1) * 1.3 * size

    def common_titles(self) -> tuple[Text | None, Text | None]:
        """Write the axis titles that all panels have in common, below and at the left; their places follow later."""
        size = self.text_pt * self.graph.sizes.axis
        x_title, y_title = self.axis_titles()
        style: dict[str, Any] = {"fontsize": size, "color": self.colours.text2}
        across = up = None
        if x_title:
            across = self.body.text(0.5, 0.0, self.wrapped(x_title, size, 0.9), ha="center", va="bottom", **style)
        if y_title:
            text = self.along(y_title, size)
            up = self.body.text(0.0, 0.5, text, rotation=90, ha="left", va="center", **style)
        return across, up

    def titled(self, axes: Axes) -> None:
        """Write the axis titles of a graph without panels."""
        x_title, y_title = self.axis_titles()
        size = self.text_pt * self.graph.sizes.axis
        axes.set_xlabel(self.wrapped(x_title, size), color=self.colours.text2, fontsize=size)
        axes.set_ylabel(self.along(y_title, size), color=self.colours.text2, fontsize=size)

    def right(self, twin: Axes, *, labelled: bool, titled: bool) -> None:
        """Dress the axis at the right of a panel, with its labels and the title where they are shown."""
        graph, colours = self.graph, self.colours
        self._scale(twin, graph.right_axis, horizontal=False)
        twin.xaxis.set_visible(False)
        twin.tick_params(color=colours.axis, labelcolor=colours.text2, labelsize=self.panel_pt * graph.sizes.labels)
        for side, spine in twin.spines.items():
            spine.set_color(colours.axis)
            spine.set_visible(side == "right" and not graph.right_axis.hidden)
        if not labelled:
            twin.tick_params(labelright=False)
        if not titled:
            return
        size = self.text_pt * graph.sizes.axis
        twin.set_ylabel(self.along(graph.right_title, size), color=colours.text2, fontsize=size)

    def shared_ticks(self, rows: int, columns: int) -> tuple[list[float] | None, list[float] | None]:
        """Return the places of ticks on axes that all panels have in common; None where they are chosen otherwise."""
        from engine.render.figure_ticks import places

        graph = self.graph
        area = appearance.extent(graph)
        size = self.panel_pt * graph.sizes.labels
        lengths = (0.8 * self.width_pt / columns, 0.7 * self.body_pt / rows)
        found: list[list[float] | None] = []
        for axis, common, ends, length, horizontal in (
            (graph.x_axis, graph.grid.common_x, area.x, lengths[0], True),
            (graph.y_axis, graph.grid.common_y, area.y, lengths[1], False),
        ):
            own = any((p.x_axis if horizontal else p.y_axis) is not None for p in graph.panels)
            said = own or not common or graph.swapped or axis.ticks or axis.log or axis.bare or axis.hidden
            found.append(None if said else places(ends, length, size, horizontal=horizontal))
        return found[0], found[1]

    def axis_titles(self) -> tuple[str, str]:
        """Return the titles along the page's horizontal and vertical axis."""
        graph = self.graph
        return (graph.y_title, graph.x_title) if graph.swapped else (graph.x_title, graph.y_title)

    def axes(
        self,
        axes: Axes,
        panel: Panel | None,
        *,
        bottom: bool,
        left: bool,
        ticks: tuple[list[float] | None, list[float] | None] = (None, None),
    ) -> None:
        """Set scales, ticks and colours of one panel; only outer panels keep labels of common axes.

        `ticks` are places along x and y that panels have in common.
        """
        from matplotlib.ticker import FixedLocator

        graph, colours = self.graph, self.colours
        x_axis, y_axis = appearance.axes_of(graph, panel)
        if graph.swapped:
            x_axis, y_axis = y_axis, x_axis
        for axis, horizontal, places in ((x_axis, True, ticks[0]), (y_axis, False, ticks[1])):
            if places is not None:
                fixed = FixedLocator(places)  # set_ticks() would make the ticks of every panel at once
                (axes.xaxis if horizontal else axes.yaxis).set_major_locator(fixed)
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
        else:
            from engine.render.figure_ticks import PlainFormatter

            own.set_major_formatter(PlainFormatter())
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
        """List the series inside the plot where that is asked for."""
        handles, texts = self._listed()
        legend = self.graph.legend
        if not legend.inside or not handles:
            return
        corner: Any = _INSIDE[legend.clock]
        drawn = axes.legend(handles, texts, loc=corner, ncols=legend.columns or 1, **self._legend_style())
        if legend.title:
            drawn.get_title().set_color(self.colours.text)

    def _listed(self) -> tuple[list[Any], list[str]]:
        """Return the samples and the texts of the legend."""
        found = [(self._handle(key.plot), key.text) for key in self.graph.keys]
        return [handle for handle, _ in found if handle is not None], [text for handle, text in found if handle]

    def _legend_style(self) -> dict[str, Any]:
        size = self.text_pt * SMALL * self.graph.sizes.legend
        title = self.graph.legend.title or None
        return {
            "frameon": False, "fontsize": size, "labelcolor": self.colours.text, "title": title, "title_fontsize": size,
        }  # fmt: skip

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


_SIDES = {
    2: "right", 3: "right", 4: "right", 8: "left", 9: "left", 10: "left", 11: "above", 12: "above", 1: "above",
}  # fmt: skip
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
