"""Colours of the log: which stretch of an output line or of an echoed command looks how."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtGui import QFont, QTextCharFormat

from engine.api import Block, Lines, Outcome, Role, Table, highlight, prompts_for
from mixedgui.theme import Theme
from mixedgui.widgets.highlighter import syntax_format

ROLE_TOKENS = {
    Role.TEXT: "text",
    Role.LOG: "text2",
    Role.NOTE: "accent",
    Role.WARNING: "warn",
    Role.ERROR: "error",
    Role.TITLE: "text",
}


_RULES = re.compile(r"^-[-+]*$|(?<= )\|(?= |$)", re.MULTILINE)
"""Rules of a table and the bar after its names; not the bars of ``P>|z|``."""

_LONG = 100_000
"""Letters; the rules of a longer table are not searched for."""


def block_runs(block: Block, text: str, theme: Theme) -> list[tuple[str, QTextCharFormat]]:
    """Return the stretches of a block's lines: the rules of tables recede behind what they divide."""
    form = block_format(block, theme)
    if not isinstance(block, Table) or block.layout.drawn or len(text) > _LONG:
        return [(text, form)]
    quiet = QTextCharFormat()
    quiet.setForeground(theme.color("control"))
    runs, at = [], 0
    for match in _RULES.finditer(text):
        runs += [(text[at : match.start()], form), (match.group(), quiet)]
        at = match.end()
    return [*runs, (text[at:], form)]


def block_format(block: Block, theme: Theme) -> QTextCharFormat:
    """Return the format of a block's lines."""
    role = block.role if isinstance(block, Lines) else Role.TEXT
    form = QTextCharFormat()
    form.setForeground(theme.color(ROLE_TOKENS[role]))
    if role is Role.TITLE:
        form.setFontWeight(QFont.Weight.DemiBold)
    return form


def error_format(theme: Theme) -> QTextCharFormat:
    """Return the underline of the word an error is about."""
    form = QTextCharFormat()
    form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
    form.setUnderlineColor(theme.color("error"))
    return form


def echo_runs(
    lines: tuple[str, ...], theme: Theme, *, prompts: tuple[str, ...] = ()
) -> Iterator[tuple[str, QTextCharFormat]]:
    """Yield the stretches of an echoed command: prompts, then coloured tokens, line breaks included."""
    quiet = QTextCharFormat()
    quiet.setForeground(theme.color("text2"))
    plain = syntax_format("plain", theme)
    text = "\n".join(lines)
    tokens = highlight(text)
    start = 0
    for number, (prompt, line) in enumerate(zip(prompts_for(lines, prompts), lines, strict=True)):
        yield ("\n" if number else "") + prompt, quiet
        end = start + len(line)
        at = start
        for first, last, kind in tokens:
            first, last = max(first, start), min(last, end)  # noqa: PLW2901  # a token may span lines
            if first >= last or first < at:
                continue
            if first > at:
                yield text[at:first], plain
            yield text[first:last], syntax_format(kind, theme)
            at = last
        if at < end:
            yield text[at:end], plain
        start = end + 1


def error_place(outcome: Outcome, lines: tuple[str, ...]) -> tuple[int, int, int] | None:
    """Return (line, column, length) of the word an error is about in the echoed lines, or None where it is unclear.

    The span counts in the command as executed, whose lines have been joined; the word is looked up again where the
    command was typed on several lines.
    """
    if outcome.error is None or outcome.error.span is None:
        return None
    start, end = outcome.error.span
    length = end - start
    if length <= 0:
        return None
    if len(lines) == 1:
        offset = lines[0].find(outcome.command)
        return (0, offset + start, length) if offset >= 0 else None
    word = outcome.command[start:end]
    places = [(n, line.find(word)) for n, line in enumerate(lines) if word in line]
    return (*places[0], length) if len(places) == 1 and lines[places[0][0]].count(word) == 1 else None
