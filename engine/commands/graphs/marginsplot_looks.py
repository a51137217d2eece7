"""``plotopts()``, ``plot#opts()``, ``ciopts()`` and ``ci#opts()``: how the margins and their intervals look."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from engine.commands.graphs.graph_options import AREAS, LINES, MARKERS
from engine.errors import StataError
from engine.lang.command import OptionUse, Part
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind

if TYPE_CHECKING:
    from engine.graphs.graphspec import GraphSpec, Layer
    from engine.graphs.look import Look

_MOST = 6
"""Series and intervals that have options of their own."""

_LOOKS = tuple(option for option in (*MARKERS, *LINES, *AREAS[:2]) if not option.name.startswith("mlab"))


def _option(name: str, label: str, text: str) -> OptionDecl:
    return OptionDecl(name=name, minimum=len(name), kind=OptionKind.TEXT, page="plots", label=label, help=text)


PLOT_OPTIONS = (
    _option("plotopts", "Look of the margins", "Markers and lines of all margins: plotopts(msymbol(D) lcolor(red))."),
    *(
        _option(f"plot{number}opts", f"Look of series {number}", f"Markers and lines of series {number}.")
        for number in range(1, _MOST + 1)
    ),
)
INTERVAL_OPTIONS = (
    _option("ciopts", "Look of the intervals", "Lines of all confidence intervals: ciopts(lcolor(gs8) lwidth(thick))."),
    *(
        _option(f"ci{number}opts", f"Look of intervals {number}", f"Confidence intervals of series {number}.")
        for number in range(1, _MOST + 1)
    ),
)


def with_looks(graph: GraphSpec, part: Part) -> GraphSpec:
    """Return the graph with the looks that the options ask for; those of a single series win.

    Raises
    ------
    StataError
        r(198) for what is no option of a series, and for a series that there is not.
    """
    from engine.graphs.graphspec import Mark

    n_series = 1 + max((layer.plot or 0 for layer in graph.layers), default=0)
    layers = list(graph.layers)
    for name, intervals in (("plot", False), ("ci", True)):
        for number in range(_MOST + 1):
            use = part.option(f"{name}{number or ''}opts")
            if use is None:
                continue
            if number > n_series:
                raise StataError(198, f"{use.decl.name}(): there are {n_series} series", use.span)
            inner = _inner(use)
            layers = [
                _changed(layer, inner)
                if (layer.mark is Mark.INTERVAL) is intervals and (not number or layer.plot == number - 1)
                else layer
                for layer in layers
            ]
    return replace(graph, layers=tuple(layers))


def _inner(use: OptionUse) -> Part:
    """Read the options inside the brackets; what is wrong is marked where it stands in the command."""
    from engine.lang.options import read_options
    from engine.lang.tokens import tokenize

    start = use.argument_span[0] if use.argument_span else 0
    text = " " * start + (use.argument or "")
    decl = CommandDecl(name=use.decl.name, minimum=len(use.decl.name), title="", help="", options=_LOOKS)
    return Part(options=read_options(text, tokenize(text), decl, first_part=True, synonym=False))


def _changed(layer: Layer, inner: Part) -> Layer:
    """Return a layer with the look of its kind; what is not asked for stays."""
    from engine.commands.graphs.graph_looks import area_look, line_look, series_looks
    from engine.graphs.graphspec import Mark
    from engine.graphs.styles import Connect

    if layer.mark is Mark.POINT:
        look = series_looks(inner, 1, connect=Connect.NONE, symbols=True)[0].marker
    elif layer.mark is Mark.LINE:
        look = line_look(inner)
    else:
        look = area_look(inner)
    colour = inner.option("color")
    if colour is not None and not look.colour:
        look = replace(look, colour=area_look(inner).colour)
    return replace(layer, look=_over(layer.look, look))


def _over(own: Look, asked: Look) -> Look:
    """Return a look with what is asked for on top of its own."""
    from engine.graphs.look import PLAIN

    given = {f.name: getattr(asked, f.name) for f in fields(asked) if getattr(asked, f.name) != getattr(PLAIN, f.name)}
    return replace(own, **given)
