"""What a graph command's options say about the whole graph: titles, axes, lines, legend, scheme, name and file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from engine.commands.base import Context
from engine.commands.graphs.graph_axes import is_right, read_lines, with_labels, with_scale, with_ticks
from engine.commands.graphs.graph_legend import read_legend
from engine.commands.graphs.graph_words import quoted_lines, read_argument, unquoted
from engine.data.files import local_path
from engine.errors import StataError
from engine.graphs.appearance import SCHEMES, data_range
from engine.graphs.axes import Axis
from engine.graphs.graphspec import GraphSpec, Layer, LayerStyle, Mark
from engine.graphs.jitter import jittered
from engine.graphs.logscale import on_log_axes
from engine.graphs.look import Look
from engine.graphs.styles import TEXT_SIZES, read_size
from engine.lang.abbrev import nearest
from engine.lang.command import OptionUse, Part

_TITLES = {
    "title": ("title", "title"),
    "subtitle": ("subtitle", "subtitle"),
    "note": ("note", "note"),
    "caption": ("caption", "caption"),
    "xtitle": ("x_title", "axis"),
    "ytitle": ("y_title", "axis"),
}
"""Option -> field of the description, and of its sizes."""

_SCALES = (0.2, 5.0)
_ASPECTS = (0.05, 20.0)


@dataclass(frozen=True, slots=True)
class ValueNames:
    """Value labels of the variables on the axes, for labels that ask for them."""

    x: Mapping[float, str] = field(default_factory=dict)
    y: Mapping[float, str] = field(default_factory=dict)
    right: Mapping[float, str] = field(default_factory=dict)


def uses(parts: Sequence[Part], name: str) -> list[OptionUse]:
    """Return every use of an option in all parts of a command."""
    return [use for part in parts for use in part.options if use.decl.name == name]


def dressed(graph: GraphSpec, parts: Sequence[Part], context: Context, names: ValueNames | None = None) -> GraphSpec:
    """Return the graph with what the options say, and keep it in a file where ``saving()`` asks for that.

    Raises
    ------
    StataError
        198 for what an option cannot mean, 110 for a name in use, 602 for a file that is there.
    """
    _check_finite(graph)
    graph = _with_titles(graph, parts)
    graph = _with_axes(graph, parts, names or ValueNames())
    graph = jittered(on_log_axes(graph))
    graph = _with_lines(graph, parts)
    for use in uses(parts, "legend"):
        graph = read_legend(graph, use)
    graph = _with_manner(graph, parts, context)
    graph = replace(graph, unseen=any(part.has("nodraw") for part in parts))
    for use in uses(parts, "name"):
        graph = replace(graph, name=_new_name(use, context))
    for use in uses(parts, "saving"):
        _save(graph, use, context)
    return graph


def _check_finite(graph: GraphSpec) -> None:
    """Raise r(459) where numbers beyond what can be computed with have left nothing to draw."""
    for layer in graph.every_layer:
        if not all(np.isfinite(part).all() for part in (layer.x, layer.y, layer.ll, layer.ul, layer.base)):
            raise StataError(459, "the values are too large or too small to be drawn; rescale the variable")


def _with_titles(graph: GraphSpec, parts: Sequence[Part]) -> GraphSpec:
    for name, (target, kind) in _TITLES.items():
        for use in uses(parts, name):
            argument = read_argument(use, {"size": 3, "axis": 2} if kind == "axis" else {"size": 3})
            field_ = "right_title" if kind == "axis" and _on_right(graph, use) else target
            graph = replace(graph, **{field_: quoted_lines(argument.text)})  # type: ignore[arg-type]  # a field by name
            size = argument.options.get("size")
            if size is not None:
                factor = read_size(size, TEXT_SIZES, "size of text", argument.span)
                graph = replace(graph, sizes=replace(graph.sizes, **{kind: factor}))
    return graph


def _on_right(graph: GraphSpec, use: OptionUse) -> bool:
    """Tell whether an option is about the axis at the right; r(198) where there is none."""
    right = is_right(use)
    if right and not graph.has_right:
        message = f"{use.decl.name}(): there is no axis 2; add yaxis(2) to the plot that is measured on it"
        raise StataError(198, message, use.argument_span)
    return right


def _with_axes(graph: GraphSpec, parts: Sequence[Part], names: ValueNames) -> GraphSpec:
    for field_, letter, known in (("x_axis", "x", names.x), ("y_axis", "y", names.y), ("right_axis", "y", names.right)):
        right = field_ == "right_axis"
        if right and not graph.has_right:
            continue
        changed: Axis = getattr(graph, field_)

        def own(name: str, right: bool = right, letter: str = letter, graph: GraphSpec = graph) -> list[OptionUse]:
            return [use for use in uses(parts, letter + name) if _on_right(graph, use) == right]

        for use in own("scale"):
            changed = with_scale(changed, use)
        span = _span([layer for layer in graph.layers if letter == "x" or layer.right == right], changed, letter)
        for use in own("label"):
            changed, size = with_labels(changed, use, span, known)
            if size is not None:
                graph = replace(graph, sizes=replace(graph.sizes, labels=size))
        for use in own("tick"):
            changed = with_ticks(changed, use, span)
        graph = replace(graph, **{field_: changed})  # type: ignore[arg-type]  # a field by name
    return graph


def _span(layers: Sequence[Layer], axis: Axis, letter: str) -> tuple[float, float]:
    low, high = data_range(layers, upright=letter == "y") or (0.0, 1.0)
    return min(low, low if axis.low is None else axis.low), max(high, high if axis.high is None else axis.high)


def _with_lines(graph: GraphSpec, parts: Sequence[Part]) -> GraphSpec:
    layers = list(graph.layers)
    for name, upright in (("yline", False), ("xline", True)):
        for use in uses(parts, name):
            places, look = read_lines(use)
            right = _on_right(graph, use)
            for key in [panel.key for panel in graph.panels if not panel.text] or [""]:
                lines = lines_across(graph.layers_of(key), places, upright=upright, look=look, panel=key)
                layers += [replace(line, right=right) for line in lines]
    return replace(graph, layers=tuple(layers))


def lines_across(
    layers: Sequence[Layer], places: Sequence[float], *, upright: bool, look: Look | None = None, panel: str = ""
) -> list[Layer]:
    """Return level (or upright) reference lines across a plot; their arrays hold the ends on the range of the data."""
    ends = np.array(data_range(layers, upright=upright) or (0.0, 1.0))
    lines = []
    for place in places:
        x, y = (np.full(2, place), ends) if upright else (ends, np.full(2, place))
        lines.append(
            Layer(mark=Mark.LINE, x=x, y=y, panel=panel, style=LayerStyle.REFERENCE, look=look or Look(), across=True)
        )
    return lines


def _with_manner(graph: GraphSpec, parts: Sequence[Part], context: Context) -> GraphSpec:
    if not graph.scheme:
        graph = replace(graph, scheme=context.settings.scheme)
    for use in uses(parts, "scheme"):
        graph = replace(graph, scheme=read_scheme(unquoted(use.argument or ""), use))
    for use in uses(parts, "scale"):
        graph = replace(graph, scale=_bounded(use, _SCALES))
    for use in uses(parts, "aspectratio"):
        graph = replace(graph, aspect=_bounded(use, _ASPECTS))
    for use in uses(parts, "fontface"):
        graph = replace(graph, font=unquoted(use.argument or ""))
    return graph


def read_scheme(name: str, use: OptionUse | None = None) -> str:
    """Return the name of a scheme that there is."""
    if name in SCHEMES and name:
        return name
    known = [word for word in SCHEMES if word]
    meant = nearest(name, known)
    hint = f"did you mean {meant}?" if meant else f"there are {', '.join(known)}"
    raise StataError(198, f"scheme {name} not found; {hint}", use.argument_span if use else None)


def _bounded(use: OptionUse, limits: tuple[float, float]) -> float:
    argument = read_argument(use, {})
    try:
        value = float(argument.text.lstrip("*"))
    except ValueError:
        raise argument.wrong(f"{argument.text} is not a number") from None
    if not limits[0] <= value <= limits[1]:
        raise argument.wrong(f"{value:g} is not between {limits[0]:g} and {limits[1]:g}")
    return value


def _new_name(use: OptionUse, context: Context) -> str:
    argument = read_argument(use, {"replace": 3})
    name = argument.text
    if not name.isidentifier() or len(name) > 32:
        raise argument.wrong(f"{name or 'nothing'} is not a name")
    if name in context.graphs and "replace" not in argument.options:
        message = f"graph {name} already exists; write name({name}, replace) to draw it anew"
        raise StataError(110, message, argument.span)
    return name


def _save(graph: GraphSpec, use: OptionUse, context: Context) -> None:
    from engine.commands.files.file_names import read_file_name
    from engine.graphs.files import save_graph, with_ending

    argument = read_argument(use, {"replace": 3, "asis": 4})
    target = with_ending(local_path(read_file_name(argument.text, argument.span)))
    save_graph(graph, target, overwrite="replace" in argument.options, span=argument.span)
    context.say(f"file {target} saved")
