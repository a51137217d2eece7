"""Graphs drawn over each other: plots separated by ``||`` or each in brackets ([G-2] graph twoway)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.errors import Span, StataError
from engine.lang.abbrev import matches, nearest
from engine.lang.clauses import read_head
from engine.lang.command import Part
from engine.lang.declaration import CommandDecl
from engine.lang.options import read_options
from engine.lang.tokens import Kind, Token

_WHOLE = frozenset({",", "if", "in"})
"""What begins a stretch about the whole graph instead of a plot."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """One plot or one list of options: its tokens, their depths, and where its text begins and ends."""

    tokens: Sequence[Token]
    level: Sequence[int]
    start: int
    end: int


def read_overlays(
    text: str, tokens: Sequence[Token], level: Sequence[int], decl: CommandDecl, word_span: Span
) -> tuple[Part, ...]:
    """Read the plots after the word of a graph command.

    Every part carries the full name of its plot in `Part.word`; the first part of a command that is itself a plot
    (``scatter``) has none. A part about the whole graph, options or ``if`` and ``in`` for all plots, has neither word
    nor body.

    Raises
    ------
    StataError
        r(198) for an unknown kind of plot or a plot that is not separated from the one before.
    """
    own = next((plot for plot in decl.plots if plot.name == decl.name), None)
    parts: list[Part] = []
    for stretch in _stretches(text, tokens, level, word_span[1]):
        first = own is not None and not parts
        part = _read_plot(text, stretch, decl, own if first else None)
        if first or part.word or part.body or part.options or part.if_ is not None or part.in_ is not None:
            parts.append(part)
    if not any(part.word or part.body for part in parts):
        raise StataError(100, "varlist required" if own else "a plot such as scatter y x is required", word_span)
    return tuple(parts)


def _stretches(text: str, tokens: Sequence[Token], level: Sequence[int], start: int) -> list[_Stretch]:
    found: list[_Stretch] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind is Kind.OPEN and token.text == "(":
            close = next(k for k in range(at, len(tokens)) if tokens[k].kind is Kind.CLOSE and level[k] == 0)
            inner = [depth - 1 for depth in level[at + 1 : close]]
            found.append(_Stretch(tokens[at + 1 : close], inner, token.end, tokens[close].start))
            at, start = close + 1, tokens[close].end
            if at < len(tokens) and tokens[at].text == "||":
                start = tokens[at].end
                at += 1
            continue
        bar = next((k for k in range(at, len(tokens)) if tokens[k].text == "||" and level[k] == 0), len(tokens))
        end = tokens[bar].start if bar < len(tokens) else len(text)
        found.append(_Stretch(tokens[at:bar], level[at:bar], start, end))
        if bar < len(tokens):
            start = tokens[bar].end
        at = bar + 1
    return found or [_Stretch((), (), start, len(text))]


def _read_plot(text: str, stretch: _Stretch, decl: CommandDecl, own: CommandDecl | None) -> Part:
    tokens, level, start = stretch.tokens, stretch.level, stretch.start
    plot = own
    word = ""
    if own is None and tokens and tokens[0].text not in _WHOLE:
        plot = _plot_named(tokens[0], decl)
        word, start = plot.name, tokens[0].end
        tokens, level = tokens[1:], level[1:]
    comma = next((k for k in range(len(tokens)) if tokens[k].text == "," and level[k] == 0), len(tokens))
    head_end = tokens[comma].start if comma < len(tokens) else stretch.end
    reading = plot or decl
    part = read_head(text, tokens[:comma], level[:comma], reading, (start, head_end))
    options = read_options(text, tokens[comma + 1 :], reading, first_part=True, synonym=False)
    return replace(part, word=word, options=options)


def _plot_named(token: Token, decl: CommandDecl) -> CommandDecl:
    span = (token.start, token.end)
    for plot in decl.plots:
        names = ((plot.name, plot.minimum), *plot.synonyms)
        if any(token.text == name or matches(token.text, name, least) for name, least in names):
            return plot
    meant = nearest(token.text, [plot.name for plot in decl.plots])
    hint = f"; did you mean {meant}?" if meant else f"; there are {', '.join(plot.name for plot in decl.plots)}"
    raise StataError(198, f"{token.text} is not a kind of plot{hint}", span)
