"""Syntax colours of command text in an editor."""

from __future__ import annotations

from bisect import bisect_right
from enum import IntEnum
from html import escape

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from engine.api import highlight
from mixedgui.theme import Theme, theme

SYNTAX_TOKENS = {
    "command": "accent",
    "bar": "bar",
    "option": "option",
    "string": "ok",
    "comment": "text2",
    "error": "error",
}
"""Kinds that `engine.api.highlight` names, and the colour token of each; the rest is plain text."""


def syntax_format(kind: str, look: Theme) -> QTextCharFormat:
    """Return the format of a token of command text."""
    form = QTextCharFormat()
    form.setForeground(look.color(SYNTAX_TOKENS.get(kind, "text")))
    if kind == "bar":
        form.setFontWeight(QFont.Weight.Bold)
    return form


def coloured_html(command: str) -> str:
    """Return command text as HTML in syntax colours."""
    parts, at = [], 0
    for start, end, kind in highlight(command):
        parts.append(escape(command[at:start]))
        color = getattr(theme().tokens, SYNTAX_TOKENS.get(kind, "text"))
        parts.append(f'<span style="color:{color}">{escape(command[start:end])}</span>')
        at = end
    return ("".join(parts) + escape(command[at:])).replace("\n", "<br>")


class CommandHighlighter(QSyntaxHighlighter):
    """Colours a document as `engine.api.highlight` cuts it, commands over several lines included."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(QObject(document))
        self._stale = True
        self._tokens: list[tuple[int, int, str]] = []
        self._starts: list[int] = []
        document.contentsChange.connect(self._forget)  # before the base class looks at the change
        self.setDocument(document)
        theme().changed.connect(self.rehighlight)

    @Slot(int, int, int)
    def _forget(self, _place: int, _removed: int, _added: int) -> None:
        self._stale = True

    def highlightBlock(self, text: str) -> None:
        """Colour one line by its place in the whole text."""
        if self._stale:
            self._stale = False
            self._tokens = list(highlight(self.document().toPlainText()))
            self._starts = [first for first, _, _ in self._tokens]
        begin = self.currentBlock().position()
        end = begin + len(text)
        place = max(bisect_right(self._starts, begin) - 1, 0)  # a comment may have begun lines before
        while place < len(self._tokens) and self._tokens[place][0] < end:
            first, last, kind = self._tokens[place]
            if last > begin:
                start = max(first, begin)
                self.setFormat(start - begin, min(last, end) - start, syntax_format(kind, theme()))
            place += 1


class LineState(IntEnum):
    """What a line of a do-file leaves to the next one."""

    NOTHING = 0
    COMMENT = 1
    COMMAND = 2
    OPTIONS = 3


_LEADS = {LineState.COMMENT: "/*", LineState.COMMAND: "x ", LineState.OPTIONS: "x, "}
"""State -> what, put in front, makes a line read as the continuation that it is."""


class LineHighlighter(QSyntaxHighlighter):
    """Colours a long text line by line; comments and commands may go on over lines."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        theme().changed.connect(self.rehighlight)

    def highlightBlock(self, text: str) -> None:
        """Colour one line, and tell the next how this one ends."""
        before = LineState(max(self.previousBlockState(), 0))
        lead = _LEADS.get(before, "")
        tokens = list(highlight(lead + text))
        for first, last, kind in tokens:
            start = max(first - len(lead), 0)
            if last - len(lead) > start:
                self.setFormat(start, last - len(lead) - start, syntax_format(kind, theme()))
        self.setCurrentBlockState(_after(lead + text, tokens, before))


def _after(text: str, tokens: list[tuple[int, int, str]], before: LineState) -> LineState:
    """Return how a line ends."""
    if not tokens or tokens[-1][2] != "comment":
        return LineState.NOTHING
    last = text[tokens[-1][0] : tokens[-1][1]]
    if last.startswith("/*") and not last.endswith("*/"):
        return LineState.COMMENT
    if not last.startswith("///"):
        return LineState.NOTHING
    kinds = [kind for _, _, kind in tokens]
    options = len(kinds) - kinds[::-1].index("option") if "option" in kinds else 0
    bar = len(kinds) - kinds[::-1].index("bar") if "bar" in kinds else 0
    inherited = before is LineState.OPTIONS and not bar
    return LineState.OPTIONS if options > bar or inherited else LineState.COMMAND
