"""``xlabel()``, ``xtick()``, ``xscale()``, ``yline()`` and their like as axes and lines of a graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.commands.graphs.graph_words import Argument, read_argument, unquoted
from engine.data.formats import format_value
from engine.errors import StataError
from engine.graphs.axes import Axis, Tick
from engine.graphs.colours import read_colour
from engine.graphs.look import Look
from engine.graphs.styles import LINE_WIDTHS, TEXT_SIZES, read_pattern, read_size
from engine.graphs.ticks import decades, round_ticks
from engine.lang.command import OptionUse
from engine.lang.numlist import parse_numlist
from engine.lang.options import format_problem
from engine.lang.tokens import Kind, string_value

_LABEL_OPTIONS = {"angle": 3, "format": 3, "grid": 1, "nogrid": 3, "valuelabel": 2, "labsize": 4, "axis": 2}
_SCALE_OPTIONS = {"log": 3, "nolog": 5, "reverse": 3, "noreverse": 5, "range": 1, "off": 3, "on": 2, "axis": 2}
_LINE_OPTIONS = {"lcolor": 2, "lpattern": 2, "lwidth": 2, "axis": 2}
_EVERY_OPTION = _LABEL_OPTIONS | _SCALE_OPTIONS | _LINE_OPTIONS | {"size": 3}
_ANGLES = {"horizontal": 0.0, "vertical": 90.0, "forty_five": 45.0, "ninety": 90.0}


def is_right(use: OptionUse) -> bool:
    """Tell whether ``axis(2)`` directs an option of the y axis to the one at the right; r(198) for other axes."""
    scale = use.decl.name.endswith("scale")
    argument = read_argument(_all_options(use) if scale else use, _EVERY_OPTION)
    number = argument.number("axis")
    if number is None:
        return False
    if number not in (1, 2) or (number == 2 and use.decl.name.startswith("x")):
        raise argument.wrong("axis() is 1 for the axis at the left, or 2 for the y axis at the right")
    return number == 2


def with_scale(axis: Axis, use: OptionUse) -> Axis:
    """Return the axis with what ``xscale()`` says."""
    argument = read_argument(_all_options(use), _SCALE_OPTIONS)
    options = argument.options
    if "range" in options:
        values = parse_numlist(options["range"] or "", 0)
        if not values:
            raise argument.wrong("range() needs one or more numbers")
        axis = replace(axis, low=min(values), high=max(values))
    if "log" in options:
        axis = replace(axis, log=True)
    if "reverse" in options:
        axis = replace(axis, reverse=True)
    if "off" in options:
        axis = replace(axis, hidden=True)
    return axis


def _all_options(use: OptionUse) -> OptionUse:
    """Return the option with its words read as if they followed a comma."""
    return replace(use, argument=f", {(use.argument or '').strip().removeprefix(',')}")


def with_labels(
    axis: Axis, use: OptionUse, span: tuple[float, float], names: Mapping[float, str]
) -> tuple[Axis, float | None]:
    """Return the axis with the labels of ``xlabel()``, and a factor on their size where one is asked for.

    Parameters
    ----------
    axis, use
        The axis as it is, and the option.
    span
        Smallest and largest value drawn.
    names
        Value labels of the variable on the axis.
    """
    argument = read_argument(use, _LABEL_OPTIONS)
    options = argument.options
    display = _display(argument)
    ticks = _places(argument, span, log=axis.log)
    axis = replace(axis, bare=argument.text == "none")
    if "valuelabel" in options and ticks is None:
        ticks = [Tick(value) for value in sorted(names) if span[0] <= value <= span[1]]
    if ticks is not None:
        known = names if "valuelabel" in options else {}
        ticks = [tick if tick.label else Tick(tick.value, _word(tick.value, display, known)) for tick in ticks]
        axis = replace(axis, ticks=tuple(ticks), categories=False)
    axis = replace(axis, display=display or axis.display)
    if "grid" in options or "nogrid" in options:
        axis = replace(axis, grid="nogrid" not in options)
    if "angle" in options:
        axis = replace(axis, angle=_angle(argument))
    size = options.get("labsize")
    return axis, None if size is None else read_size(size, TEXT_SIZES, "size of text", argument.span)


def with_ticks(axis: Axis, use: OptionUse, span: tuple[float, float]) -> Axis:
    """Return the axis with further ticks, which have no labels."""
    more = _places(read_argument(use, {"axis": 2}), span, log=axis.log) or []
    return replace(axis, ticks=(*axis.ticks, *(Tick(tick.value) for tick in more)))


def _places(argument: Argument, span: tuple[float, float], *, log: bool) -> list[Tick] | None:
    """Return the places a rule or a list asks for; None when nothing is said before the comma."""
    text = argument.text
    if not text:
        return None
    if text == "none":
        return []
    if text == "minmax":
        return [Tick(value) for value in dict.fromkeys(span)]
    if text.startswith("#"):
        about = text[1:].lstrip("#").strip()
        if not about.isdecimal() or not 0 < int(about[:4]) <= 100:
            raise argument.wrong(f"{text} is not a number of labels such as #5")
        values = decades(*span) if log and span[0] > 0 else round_ticks(*span, int(about))
        return [Tick(value) for value in values]
    return _listed(argument)


def _listed(argument: Argument) -> list[Tick]:
    found: list[Tick] = []
    start = 0
    whole = argument.use.argument or ""
    end = argument.tokens[-1].end if argument.tokens else 0
    offset = argument.use.argument_span[0] if argument.use.argument_span else 0
    for token in argument.tokens:
        if token.kind is not Kind.STRING:
            continue
        found += [Tick(value) for value in parse_numlist(whole[start : token.start], offset + start)]
        if not found or found[-1].label:
            raise argument.wrong(f"a number is missing before {token.text}")
        found[-1] = Tick(found[-1].value, string_value(token.text) or " ")
        start = token.end
    found += [Tick(value) for value in parse_numlist(whole[start:end], offset + start)]
    return found


def _word(value: float, display: str, names: Mapping[float, str]) -> str:
    if value in names:
        return names[value]
    return format_value(value, display or "%9.0g").strip()


def _display(argument: Argument) -> str:
    text = argument.options.get("format") or ""
    if not text:
        return ""
    problem = format_problem(argument.use.decl, text)
    if problem:
        raise StataError(120, problem, argument.span)
    return text


def _angle(argument: Argument) -> float:
    text = (argument.options["angle"] or "").strip()
    if text in _ANGLES:
        return _ANGLES[text]
    value = argument.number("angle")
    return 0.0 if value is None else value % 360.0


def read_lines(use: OptionUse) -> tuple[tuple[float, ...], Look]:
    """Return places and look of the reference lines of ``yline()``."""
    argument = read_argument(use, _LINE_OPTIONS)
    offset = use.argument_span[0] if use.argument_span else 0
    places = parse_numlist(argument.text, offset)
    if not places:
        raise argument.wrong("it needs one or more numbers")
    look = Look()
    if argument.options.get("lcolor"):
        colour, alpha = read_colour(unquoted(argument.options["lcolor"] or ""), argument.span)
        look = replace(look, colour=colour, alpha=alpha)
    if argument.options.get("lpattern"):
        look = replace(look, dash=read_pattern(unquoted(argument.options["lpattern"] or ""), argument.span))
    if argument.options.get("lwidth"):
        look = replace(
            look, width=read_size(argument.options["lwidth"] or "", LINE_WIDTHS, "line width", argument.span)
        )
    return places, look
