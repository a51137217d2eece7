"""A graph as a PNG, SVG or PDF file: matplotlib without pyplot, without a display, the same bytes every time."""

from __future__ import annotations

import os
import textwrap
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import StataError
from engine.graphs import appearance
from engine.graphs.appearance import Colours
from engine.graphs.graphspec import GraphSpec, Layer, LayerStyle, Mark
from engine.graphs.look import Symbol

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = {".png": "PNG", ".svg": "SVG", ".pdf": "PDF"}
"""File ending -> name of the format."""

ONE_COLUMN_MM, TWO_COLUMNS_MM = 85.0, 175.0
_MM_PER_INCH = 25.4
_ASPECT = {True: 0.85, False: 0.62}
"""Height over width: a narrow figure is squarer."""

_TEXT_PT, _SMALL_PT = 8.0, 7.0
_AXIS_PT, _LINE_PT, _REFERENCE_PT = 0.6, 1.2, 0.8
_POINT_PT = 0.75 * 0.6
"""Points per device-independent pixel (72 / 96), and less because a page is read at arm's length, not at a screen's."""

_MARKERS = {Symbol.DISC: "o", Symbol.SQUARE: "s", Symbol.TRIANGLE: "^", Symbol.DIAMOND: "D", Symbol.CROSS: "X"}
_RASTER_CELLS = (360, 240)

_STYLE: Any = {
    "font.family": ["DejaVu Sans"],
    "font.size": _TEXT_PT,
    "axes.linewidth": _AXIS_PT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "axes.formatter.useoffset": False,
    "xtick.major.width": _AXIS_PT,
    "ytick.major.width": _AXIS_PT,
    "xtick.major.size": 3.0,
    "ytick.major.size": 3.0,
    "svg.fonttype": "none",
    "svg.hashsalt": "mixedgui",
    "pdf.fonttype": 42,
    "text.parse_math": False,
    "text.usetex": False,
}


def save_figure(
    graph: GraphSpec, path: str | Path, *, width_mm: float = TWO_COLUMNS_MM, dpi: float = 300, dark: bool = False
) -> None:
    """Write `graph` to `path`; the ending decides the format. An existing file is replaced whole or left alone.

    Parameters
    ----------
    graph, path
        What to draw and where to.
    width_mm
        Physical width; 85 and 175 are one and two columns of a journal.
    dpi
        Pixels per inch of a PNG, and of dense point clouds inside SVG and PDF.
    dark
        Light marks on a dark ground.

    Raises
    ------
    StataError
        198 for another format, 603 when the file cannot be written.
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in FORMATS:
        raise StataError(198, f"graphs are saved as .png, .svg or .pdf; {target.name} has another ending")
    from matplotlib import rc_context

    with rc_context(_settings()), warnings.catch_warnings():
        # A letter that the font lacks is drawn as a box; that is no reason to fail or to write to the console.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        figure = draw(graph, width_mm=width_mm, dark=dark)
        _write(figure, target, ending, dpi, _metadata(graph, ending))


def _settings() -> Any:
    """Return the library's own defaults with the style on top, whatever a user's configuration file says."""
    from matplotlib import rcParamsDefault

    return {key: value for key, value in rcParamsDefault.items() if not key.startswith("backend")} | _STYLE


def draw(graph: GraphSpec, *, width_mm: float, dark: bool) -> Figure:
    """Return the drawn figure; the caller sets the style."""
    from matplotlib.figure import Figure

    colours = appearance.DARK if dark else appearance.LIGHT
    width = width_mm / _MM_PER_INCH
    figure = Figure(
        figsize=(width, width * _ASPECT[width_mm < 120]), facecolor=colours.background, layout="constrained"
    )
    axes = figure.add_subplot(facecolor=colours.background)
    for layer in graph.layers:
        _DRAW[layer.mark](axes, graph, layer, colours)
    area = appearance.extent(graph)
    axes.set_xlim(*area.x)
    axes.set_ylim(*area.y)
    _dress(figure, axes, graph, colours, columns=int(width * 72 / (_TEXT_PT * 0.56)))
    return figure


def _points(axes: Axes, graph: GraphSpec, layer: Layer, colours: Colours) -> None:
    index = appearance.series_index(graph, layer)
    colour = colours.series[index % len(colours.series)]
    if graph.n_points > appearance.RASTER_LIMIT:
        _cloud(axes, graph, layer, colour)
        return
    look = appearance.point_look(graph.n_points)
    axes.plot(
        layer.x,
        layer.y,
        linestyle="none",
        marker=_MARKERS[appearance.SYMBOLS[index % len(appearance.SYMBOLS)]],
        markersize=look.size * _POINT_PT * 1.35,
        markeredgewidth=0,
        color=colour,
        alpha=look.alpha,
        label=layer.group or None,
        rasterized=graph.n_points > 10_000,
        zorder=2,
    )


def _cloud(axes: Axes, graph: GraphSpec, layer: Layer, colour: str) -> None:
    import numpy as np
    from matplotlib.colors import to_rgb

    area = appearance.extent(graph)
    alpha = appearance.raster(layer.x, layer.y, area, *_RASTER_CELLS)
    image = np.empty((*alpha.shape, 4))
    image[..., :3] = to_rgb(colour)
    image[..., 3] = alpha
    axes.imshow(image, origin="lower", extent=(*area.x, *area.y), aspect="auto", interpolation="nearest", zorder=2)


def _line(axes: Axes, graph: GraphSpec, layer: Layer, colours: Colours) -> None:
    index = appearance.series_index(graph, layer)
    dash = appearance.DASHES[index % len(appearance.DASHES)]
    if layer.style is LayerStyle.REFERENCE:
        axes.plot(layer.x, layer.y, color=colours.reference, linewidth=_REFERENCE_PT, dashes=(5, 3), zorder=1)
        return
    thin = layer.style is LayerStyle.CURVE
    colour = colours.series[index % len(colours.series)] if layer.style is LayerStyle.DATA else colours.text
    (line,) = axes.plot(layer.x, layer.y, color=colour, linewidth=_REFERENCE_PT if thin else _LINE_PT, zorder=3)
    if dash:
        line.set_dashes(dash)
    if layer.group:
        line.set_label(layer.group)


def _bars(axes: Axes, graph: GraphSpec, layer: Layer, colours: Colours) -> None:
    index = appearance.series_index(graph, layer)
    axes.bar(
        layer.x,
        layer.y,
        width=layer.width,
        color=colours.series[index % len(colours.series)],
        alpha=0.65,
        edgecolor=colours.background,
        linewidth=0.4,
        label=layer.group or None,
        zorder=2,
    )


def _intervals(axes: Axes, graph: GraphSpec, layer: Layer, colours: Colours) -> None:
    index = appearance.series_index(graph, layer)
    axes.vlines(
        layer.x,
        layer.ll,
        layer.ul,
        color=colours.series[index % len(colours.series)],
        linewidth=_REFERENCE_PT,
        label=layer.group,
        zorder=2,
    )


_DRAW = {Mark.POINT: _points, Mark.LINE: _line, Mark.BAR: _bars, Mark.INTERVAL: _intervals}


def _dress(figure: Figure, axes: Axes, graph: GraphSpec, colours: Colours, *, columns: int) -> None:
    """Write titles and note (wrapped to the width, `columns` characters) and colour the axes."""
    axes.set_xlabel(textwrap.fill(graph.x_title, columns), color=colours.text2)
    axes.set_ylabel(textwrap.fill(graph.y_title, max(24, int(columns * 0.6))), color=colours.text2)
    subtitle = textwrap.fill(graph.subtitle, int(columns * 0.95 * _TEXT_PT / _SMALL_PT))
    gap = _TEXT_PT * 0.75
    above = gap + (1.45 * _SMALL_PT * (subtitle.count("\n") + 1) if subtitle else 0.0)
    title = textwrap.fill(graph.title, int(columns * 0.8))
    axes.set_title(title, loc="left", fontsize=_TEXT_PT + 1, fontweight="bold", color=colours.text, pad=above)
    axes.annotate(
        subtitle,
        xy=(0.0, 1.0),
        xycoords="axes fraction",
        xytext=(0.0, gap),
        textcoords="offset points",
        fontsize=_SMALL_PT,
        color=colours.text2,
        annotation_clip=False,
    )
    if graph.note:
        note = textwrap.fill(graph.note, int(columns * _TEXT_PT / _SMALL_PT))
        figure.supxlabel(note, x=0.01, ha="left", fontsize=_SMALL_PT, color=colours.text2)
    for spine in axes.spines.values():
        spine.set_color(colours.axis)
    axes.tick_params(colors=colours.text2, labelcolor=colours.text2)
    axes.tick_params(color=colours.axis)
    if graph.series:
        axes.legend(frameon=False, fontsize=_SMALL_PT, labelcolor=colours.text, markerscale=1.5)


def _metadata(graph: GraphSpec, ending: str) -> dict[str, Any]:
    """Return title, command and words for the file; neither date nor version, so equal graphs are equal files."""
    if ending == ".png":
        return {"Title": graph.title, "Description": graph.command, "Comment": graph.summary, "Software": None}
    if ending == ".svg":
        return {"Title": graph.title, "Description": f"{graph.command}\n{graph.summary}", "Date": None, "Creator": None}
    return {
        "Title": graph.title,
        "Subject": graph.summary,
        "Keywords": graph.command,
        "CreationDate": None,
        "Creator": None,
        "Producer": None,
    }


def _write(figure: Figure, target: Path, ending: str, dpi: float, metadata: dict[str, Any]) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_pdf import FigureCanvasPdf
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    canvas = {".png": FigureCanvasAgg, ".svg": FigureCanvasSVG, ".pdf": FigureCanvasPdf}[ending](figure)
    temporary = target.with_name(f".{target.stem}-{os.getpid()}{ending}")
    try:
        canvas.print_figure(temporary, format=ending[1:], dpi=dpi, metadata=metadata, facecolor=figure.get_facecolor())
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise StataError(603, f"file {target} could not be opened: {error.strerror or error}") from error
