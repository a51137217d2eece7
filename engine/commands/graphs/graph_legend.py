"""``legend()`` of a graph command."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.graphs.graph_words import quoted_lines, read_argument
from engine.errors import StataError
from engine.graphs.axes import Key, Legend
from engine.graphs.graphspec import GraphSpec
from engine.graphs.styles import TEXT_SIZES, read_size
from engine.lang.command import OptionUse
from engine.lang.tokens import Kind, string_value, tokenize

_OPTIONS = {
    "on": 2,
    "off": 3,
    "order": 1,
    "label": 3,
    "cols": 1,
    "rows": 1,
    "position": 3,
    "ring": 4,
    "title": 3,
    "size": 3,
}


def read_legend(graph: GraphSpec, use: OptionUse) -> GraphSpec:
    """Return the graph with its legend as the option says; plots are numbered from 1 in the order drawn.

    Raises
    ------
    StataError
        198 for a plot that there is not, and for what cannot be read.
    """
    argument = read_argument(replace(use, argument=f", {(use.argument or '').strip().lstrip(',')}"), _OPTIONS)
    options, legend = argument.options, graph.legend
    if "on" in options or "off" in options:
        legend = replace(legend, shown="off" not in options)
    keys = {key.plot: key for key in replace(graph, legend=Legend(shown=True)).keys}
    for text in _labels(use):
        number, label = _numbered(text, len(keys), use)
        place = list(keys)[number - 1]
        keys[place] = Key(place, label)
        legend = replace(legend, keys=tuple(keys.values()))
    if options.get("order"):
        legend = replace(legend, keys=_ordered(options["order"] or "", keys, use))
    columns, rows = argument.number("cols"), argument.number("rows")
    if columns is not None:
        legend = replace(legend, columns=max(1, int(columns)))
    if rows is not None and rows >= 1:
        legend = replace(legend, columns=-(-max(len(keys), 1) // int(rows)))
    clock, ring = argument.number("position"), argument.number("ring")
    if clock is not None:
        if clock not in range(13):
            raise argument.wrong("position() is an hour from 0 to 12")
        legend = replace(legend, clock=int(clock), inside=ring == 0)
    if ring is not None:
        legend = replace(legend, inside=ring == 0)
    if "title" in options:
        legend = replace(legend, title=quoted_lines(options["title"] or ""))
    if options.get("size"):
        factor = read_size(options["size"] or "", TEXT_SIZES, "size of text", argument.span)
        graph = replace(graph, sizes=replace(graph.sizes, legend=factor))
    return replace(graph, legend=legend)


def _labels(use: OptionUse) -> list[str]:
    """Return the insides of every ``label()``, which may be given several times."""
    tokens = tokenize(use.argument or "")
    found = []
    for k, token in enumerate(tokens[:-1]):
        if token.kind is Kind.NAME and "label".startswith(token.text) and len(token.text) >= 3:
            closing = next((t for t in tokens[k + 1 :] if t.kind is Kind.CLOSE), None)
            if tokens[k + 1].kind is Kind.OPEN and closing is not None:
                found.append((use.argument or "")[tokens[k + 1].end : closing.start])
    return found


def _numbered(text: str, most: int, use: OptionUse) -> tuple[int, str]:
    number, _, label = text.strip().partition(" ")
    if not number.isdecimal() or not 1 <= int(number[:6]) <= most:
        message = f"legend(): label({text}) should begin with the number of a plot, 1 to {most}"
        raise StataError(198, message, use.argument_span)
    return int(number), quoted_lines(label)


def _ordered(text: str, keys: dict[int, Key], use: OptionUse) -> tuple[Key, ...]:
    """Return the lines of the legend in the order asked for: ``2 "Boys" 1``."""
    places = list(keys)
    chosen: list[Key] = []
    for token in tokenize(text):
        if token.kind is Kind.STRING and chosen:
            chosen[-1] = Key(chosen[-1].plot, string_value(token.text))
            continue
        if not token.text.isdecimal() or not 1 <= int(token.text[:6]) <= len(places):
            message = f"legend(): order() lists numbers of plots, 1 to {len(places)}; {token.text} is none"
            raise StataError(198, message, use.argument_span)
        chosen.append(keys[places[int(token.text) - 1]])
    return tuple(chosen)
