"""``msymbol()``, ``mcolor()``, ``lpattern()``, ``connect()`` …: how each series of a plot is asked to look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from engine.commands.base import Context
from engine.commands.graphs.graph_panels import value_word
from engine.commands.graphs.graph_words import items, unquoted
from engine.errors import Span, StataError
from engine.frame.resolve import resolve_names
from engine.graphs.colours import read_colour
from engine.graphs.look import Look, Symbol
from engine.graphs.marks import SeriesLook
from engine.graphs.styles import (
    LINE_WIDTHS,
    MARKER_SIZES,
    Connect,
    read_connect,
    read_pattern,
    read_size,
    read_symbol,
)
from engine.lang.command import Part

_Value = TypeVar("_Value")


def series_looks(part: Part, n_series: int, *, connect: Connect, symbols: bool) -> list[SeriesLook]:
    """Return the look of each series of a plot; a list shorter than the series leaves the others as they are.

    Parameters
    ----------
    part, n_series
        The plot's options and how many series it has.
    connect, symbols
        Whether and how its points are joined, and whether they are marked, unless an option says otherwise.
    """
    return [_series_look(part, k, connect=connect, symbols=symbols) for k in range(n_series)]


def mark_labels(part: Part, context: Context, n_series: int) -> dict[int, Callable[[int], str]]:
    """Return for each series with ``mlabel()`` what gives the label of a row of the data."""
    use = part.option("mlabel")
    if use is None:
        return {}
    dataset = context.dataset
    names = resolve_names(use.argument or "", dataset, span=use.argument_span)[:n_series]

    def labelled(name: str) -> Callable[[int], str]:
        return lambda row: value_word(dataset, name, row)

    return {k: labelled(name) for k, name in enumerate(names)}


def _series_look(part: Part, k: int, *, connect: Connect, symbols: bool) -> SeriesLook:
    symbol = _listed(part, "msymbol", k, read_symbol)
    size = _listed(part, "msize", k, lambda word, span: read_size(word, MARKER_SIZES, "size of a marker", span))
    colour, alpha = _listed(part, "mcolor", k, read_colour) or ("", None)
    shape, hollow, factor = symbol or (None if symbols else Symbol.NONE, False, 1.0)
    if symbol is not None and size is None and factor != 1.0:
        size = factor * MARKER_SIZES["medium"]
    joined = _connect(part, k)
    clock = _listed(part, "mlabposition", k, _hour)
    moved, seed = part.option("jitter"), part.option("jitterseed")
    return SeriesLook(
        marker=Look(
            colour=colour,
            alpha=alpha,
            symbol=shape,
            hollow=hollow,
            size=size,
            jitter=float(moved.argument) if moved is not None and moved.argument else 0.0,
            seed=int(seed.argument) if seed is not None and seed.argument else 0,
        ),
        line=line_look(part, k),
        connect=connect if joined is None else joined,
        clock=3 if clock is None else clock,
    )


def _connect(part: Part, k: int) -> Connect | None:
    """Return how the points are joined: the letters of ``connect()`` may be written together or apart."""
    use = part.option("connect")
    words = items(use.argument or "") if use is not None else []
    if len(words) == 1 and len(words[0]) > 1 and set(words[0]) <= set("ilLJ."):
        words = list(words[0])
    if k >= len(words) or words[k] == ".":
        return None
    return read_connect(words[k], use.argument_span if use is not None else None)


def line_look(part: Part, k: int = 0) -> Look:
    """Return the look of the line of series `k`."""
    colour, alpha = _listed(part, "lcolor", k, read_colour) or ("", None)
    return Look(
        colour=colour,
        alpha=alpha,
        dash=_listed(part, "lpattern", k, read_pattern),
        width=_listed(part, "lwidth", k, lambda word, span: read_size(word, LINE_WIDTHS, "line width", span)),
    )


def area_look(part: Part) -> Look:
    """Return the look of bars, boxes or an area: outline and inside."""
    look = line_look(part)
    for name in ("color", "fcolor"):
        found = _listed(part, name, 0, read_colour)
        if found is not None:
            look = replace(look, fill=found[0], alpha=found[1] if found[1] is not None else look.alpha)
            if name == "color" and not look.colour:
                look = replace(look, colour=found[0])
    return look


def _listed(part: Part, name: str, k: int, read: Callable[[str, Span | None], _Value]) -> _Value | None:
    """Return what element `k` of an option's list means; None where it is not there or a dot."""
    use = part.option(name)
    if use is None:
        return None
    text = (use.argument or "").strip()
    colour = name.endswith("color") and all(word.isdecimal() for word in text.split()) and len(text.split()) == 3
    words = [text] if colour else items(text)
    if not words:
        raise StataError(198, f"option {name}() incorrectly specified: it is empty", use.span)
    if k >= len(words) or words[k] == ".":
        return None
    return read(unquoted(words[k]), use.argument_span)


def _hour(word: str, span: Span | None) -> int:
    if not word.isdecimal() or int(word[:4]) > 12:
        raise StataError(198, f"mlabposition({word}): a side is an hour from 0 to 12", span)
    return int(word)
