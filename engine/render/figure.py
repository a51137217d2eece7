"""A graph as a PNG, SVG, PDF or TIFF file: matplotlib without pyplot, without a display, the same bytes every time."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import StataError
from engine.graphs import appearance
from engine.graphs.graphspec import GraphSpec
from engine.render.figure_dress import Dresser
from engine.render.figure_panels import draw_graph

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = {".png": "PNG", ".svg": "SVG", ".pdf": "PDF", ".tif": "TIFF", ".tiff": "TIFF"}
"""File ending -> name of the format."""

ONE_COLUMN_MM, TWO_COLUMNS_MM = 85.0, 175.0
_MM_PER_INCH = 25.4
_ASPECT = {True: 0.85, False: 0.62}
"""Height over width: a narrow figure is squarer."""

_PANEL_ASPECT, _PART_ASPECT = 0.8, 0.7
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
        figure = draw(graph, width_mm=width_mm, height_mm=height_mm, dark=dark, dpi=dpi)
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
    graph: GraphSpec,
    *,
    width_mm: float | None = None,
    height_mm: float | None = None,
    dark: bool = False,
    dpi: float = 100.0,
) -> Figure:
    """Return the drawn figure; the caller sets the style."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    scheme = appearance.scheme_of(graph)
    colours = scheme.dark if dark else scheme.light
    width_mm = scheme.width_mm if width_mm is None else width_mm
    height_mm = height_of(graph, width_mm) if height_mm is None else height_mm
    size = (width_mm / _MM_PER_INCH, height_mm / _MM_PER_INCH)
    figure = Figure(figsize=size, dpi=dpi, facecolor=colours.background)
    FigureCanvasAgg(figure)  # measures texts
    grids = draw_graph(Dresser(figure, graph, scheme, colours, (size[0] * 72, size[1] * 72)))
    for grid in grids:
        grid.settle()
    return figure


def height_of(graph: GraphSpec, width_mm: float) -> float:
    """Return a height in proportion to a width, in the same unit."""
    if graph.parts:
        rows, columns = graph.grid.shape(len(graph.parts))
        return width_mm * min(max(_PART_ASPECT * rows / columns + 0.05, 0.3), 3.0)
    if graph.panels:
        rows, columns = graph.grid.shape(len(graph.panels))
        return width_mm * min(max(_PANEL_ASPECT * rows / columns + 0.08, 0.3), 3.0)
    if graph.swapped and graph.x_axis.categories:
        return width_mm * min(max(0.18 + 0.035 * len(graph.x_axis.ticks), 0.4), 3.0)
    return width_mm * _ASPECT[width_mm < 120]


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
