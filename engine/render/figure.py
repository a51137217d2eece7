"""A graph as a PNG, SVG, PDF or TIFF file: matplotlib without pyplot, without a display, the same bytes every time."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import StataError
from engine.graphs import appearance
from engine.graphs.axes import Panel
from engine.graphs.graphspec import GraphSpec
from engine.render.figure_dress import Dresser
from engine.render.figure_marks import Canvas, draw_layer

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = {".png": "PNG", ".svg": "SVG", ".pdf": "PDF", ".tif": "TIFF", ".tiff": "TIFF"}
"""File ending -> name of the format."""

ONE_COLUMN_MM, TWO_COLUMNS_MM = 85.0, 175.0
_MM_PER_INCH = 25.4
_ASPECT = {True: 0.85, False: 0.62}
"""Height over width: a narrow figure is squarer."""

_PANEL_ASPECT = 0.8
_AXIS_PT = 0.6

_STYLE: Any = {
    "font.family": ["DejaVu Sans"],
    "font.size": 8.0,
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
    graph: GraphSpec,
    path: str | Path,
    *,
    width_mm: float | None = None,
    height_mm: float | None = None,
    dpi: float = 300,
    dark: bool = False,
) -> None:
    """Write `graph` to `path`; the ending decides the format. An existing file is replaced whole or left alone.

    Parameters
    ----------
    graph, path
        What to draw and where to.
    width_mm, height_mm
        Physical size; 85 and 175 wide are one and two columns of a journal. Left out, the width of the graph's
        scheme, and a height in proportion.
    dpi
        Pixels per inch of a PNG or TIFF, and of dense point clouds inside SVG and PDF.
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
        raise StataError(198, f"graphs are saved as .png, .svg, .pdf or .tif; {target.name} has another ending")
    from matplotlib import rc_context

    with rc_context(settings(graph)), warnings.catch_warnings():
        # A letter that the font lacks is drawn as a box; that is no reason to fail or to write to the console.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        warnings.filterwarnings("ignore", message="constrained_layout not applied", category=UserWarning)
        figure = draw(graph, width_mm=width_mm, height_mm=height_mm, dark=dark)
        _write(figure, target, ending, dpi, _metadata(graph, ending))


def settings(graph: GraphSpec) -> Any:
    """Return the library's own defaults with the style on top, whatever a user's configuration file says."""
    from matplotlib import rcParamsDefault

    scheme = appearance.scheme_of(graph)
    own: dict[str, Any] = {"font.size": scheme.text_pt * graph.scale}
    if graph.font:
        own["font.family"] = [graph.font, "DejaVu Sans"]
    return {key: value for key, value in rcParamsDefault.items() if not key.startswith("backend")} | _STYLE | own


def draw(
    graph: GraphSpec, *, width_mm: float | None = None, height_mm: float | None = None, dark: bool = False
) -> Figure:
    """Return the drawn figure; the caller sets the style."""
    from matplotlib.figure import Figure

    scheme = appearance.scheme_of(graph)
    colours = scheme.dark if dark else scheme.light
    width_mm = scheme.width_mm if width_mm is None else width_mm
    height_mm = _height(graph, width_mm) if height_mm is None else height_mm
    size = (width_mm / _MM_PER_INCH, height_mm / _MM_PER_INCH)
    figure = Figure(figsize=size, facecolor=colours.background, layout="constrained")
    factor = scheme.text_pt / 8.0
    dresser = Dresser(figure, graph, scheme, colours, size[0] * 72)
    if graph.panels:
        _draw_panels(dresser, factor)
    else:
        axes = dresser.frame().add_subplot(facecolor=colours.background)
        _fill(axes, None, dresser, factor)
        dresser.axes(axes, None, bottom=True, left=True)
        _label_axes(axes, dresser)
        dresser.legend(axes)
        if graph.aspect is not None:
            axes.set_box_aspect(graph.aspect)
    return figure


def _height(graph: GraphSpec, width_mm: float) -> float:
    if graph.panels:
        rows, columns = graph.grid.shape(len(graph.panels))
        return width_mm * min(max(_PANEL_ASPECT * rows / columns + 0.08, 0.3), 3.0)
    if graph.swapped and graph.x_axis.categories:
        return width_mm * min(max(0.18 + 0.035 * len(graph.x_axis.ticks), 0.4), 3.0)
    return width_mm * _ASPECT[width_mm < 120]


def _label_axes(axes: Axes, dresser: Dresser) -> None:
    x_title, y_title = dresser.axis_titles()
    size = dresser.text_pt * dresser.graph.sizes.axis
    axes.set_xlabel(dresser.wrapped(x_title, size), color=dresser.colours.text2, fontsize=size)
    axes.set_ylabel(dresser.wrapped(y_title, size, 0.6), color=dresser.colours.text2, fontsize=size)


def _fill(axes: Axes, panel: Panel | None, dresser: Dresser, factor: float) -> None:
    """Draw the layers of one panel into its axes, which get their scales and ranges first."""
    graph = dresser.graph
    area = appearance.extent(graph, panel.key if panel is not None else None)
    x_axis, y_axis = appearance.axes_of(graph, panel)
    across, up = (area.y, area.x) if graph.swapped else (area.x, area.y)
    horizontal, vertical = (y_axis, x_axis) if graph.swapped else (x_axis, y_axis)
    if horizontal.log:
        axes.set_xscale("log")
    if vertical.log:
        axes.set_yscale("log")
    axes.set_xlim(*across)
    axes.set_ylim(*up)
    canvas = Canvas(axes, graph, dresser.colours, area, factor)
    for layer in graph.layers_of(panel.key if panel is not None else ""):
        draw_layer(canvas, layer)
    axes.set_xlim(*across)
    axes.set_ylim(*up)


def _draw_panels(dresser: Dresser, factor: float) -> None:
    graph, colours = dresser.graph, dresser.colours
    n = len(graph.panels)
    rows, columns = graph.grid.shape(n)
    size = dresser.panel_pt * graph.sizes.subtitle
    body = dresser.frame()
    first = None
    for k, panel in enumerate(graph.panels):
        axes = body.add_subplot(rows, columns, k + 1, facecolor=colours.background)
        first = first or axes
        _fill(axes, panel, dresser, factor)
        for axis in (axes.xaxis, axes.yaxis):
            axis.get_offset_text().set_fontsize(0.9 * dresser.panel_pt)
            axis.get_offset_text().set_color(colours.text2)
        dresser.axes(axes, panel, bottom=k + columns >= n, left=k % columns == 0)
        if panel.text:
            text = dresser.wrapped(panel.text, size, 0.8 / columns)
            axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", color=colours.text)
        axes.set_title(dresser.wrapped(panel.title, size, 0.95 / columns), fontsize=size, color=colours.text)
        if panel.x_title:
            axes.set_xlabel(panel.x_title, color=colours.text2)
        if panel.y_title:
            axes.set_ylabel(panel.y_title, color=colours.text2)
        if graph.aspect is not None:
            axes.set_box_aspect(graph.aspect)
    dresser.common_titles()
    if first is not None:
        dresser.legend(first)


def _metadata(graph: GraphSpec, ending: str) -> dict[str, Any] | None:
    """Return title, command and words for the file; neither date nor version, so equal graphs are equal files."""
    if ending == ".png":
        return {"Title": graph.title, "Description": graph.command, "Comment": graph.summary, "Software": None}
    if ending == ".svg":
        return {"Title": graph.title, "Description": f"{graph.command}\n{graph.summary}", "Date": None, "Creator": None}
    if ending == ".pdf":
        return {
            "Title": graph.title,
            "Subject": graph.summary,
            "Keywords": graph.command,
            "CreationDate": None,
            "Creator": None,
            "Producer": None,
        }
    return None


def _write(figure: Figure, target: Path, ending: str, dpi: float, metadata: dict[str, Any] | None) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_pdf import FigureCanvasPdf
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    canvases = {".pdf": FigureCanvasPdf, ".svg": FigureCanvasSVG}
    canvas = canvases.get(ending, FigureCanvasAgg)(figure)
    temporary = target.with_name(f".{target.stem}-{os.getpid()}{ending}")
    extra: dict[str, Any] = {"metadata": metadata}
    if metadata is None:
        extra = {"pil_kwargs": {"compression": "tiff_lzw"}}
    try:
        canvas.print_figure(temporary, format=ending[1:], dpi=dpi, facecolor=figure.get_facecolor(), **extra)
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise StataError(603, f"file {target} could not be opened: {error.strerror or error}") from error
