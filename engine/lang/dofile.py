"""Lines into commands: comments, ``///``, ``/* */`` and ``#delimit ;`` ([U] 16.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DELIMIT = re.compile(r"[ \t]*#d(?:e|el|eli|elim|elimi|elimit)?[ \t]*(;|cr)?[ \t]*(?://.*)?(?:\n|$)")
_PLAIN = re.compile(r"[^\n;\"`/*]+")
_STRING = re.compile(r'"[^"\n]*"?')


@dataclass(frozen=True, slots=True)
class SourceCommand:
    """One command as it is executed.

    Attributes
    ----------
    text
        Without comments, continuation lines joined by one blank; empty for a comment.
    line
        Number of its first line, from 1.
    lines
        The physical lines as written, for the log's echo.
    indent
        The blanks before the first of them.
    prompts
        What the log shows before each line; empty for those of one command.
    """

    text: str
    line: int
    lines: tuple[str, ...]
    indent: str = ""
    prompts: tuple[str, ...] = ()


def split_commands(text: str, *, comments: bool = False) -> list[SourceCommand]:
    """Cut a do-file, or what was typed, into commands; blank lines vanish.

    Parameters
    ----------
    text
        Lines with any line ends.
    comments
        True to return what is only a comment too, with an empty text, as a log shows it.
    """
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return [command for command in _Splitter(plain).commands() if command.text or comments]


class _Splitter:
    """Walks through the text once; `start` is where the current command begins."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.start = 0
        self.line = 1
        self.semicolons = False
        self.buffer = ""
        self.done: list[SourceCommand] = []

    def commands(self) -> list[SourceCommand]:
        while self.at < len(self.text):
            directive = _DELIMIT.match(self.text, self.at) if self.fresh() else None
            if directive is not None:
                self.semicolons = directive.group(1) == ";"
                self.line += self.text.count("\n", self.start, directive.end())
                self.at = self.start = directive.end()
                continue
            self.step()
        self.finish(len(self.text), len(self.text))
        return self.done

    def fresh(self) -> bool:
        """Tell whether a command may begin here: at the start of a line with nothing read yet."""
        begins = self.at == 0 or self.text[self.at - 1] == "\n"
        return begins and not self.text[self.start : self.at].strip()

    def step(self) -> None:
        """Take one comment, string, end of line or stretch of plain text."""
        text, at = self.text, self.at
        plain = _PLAIN.match(text, at)
        if plain is not None:
            self.add(plain.group(), plain.end())
        elif text[at] == "\n" and self.semicolons:
            self.add(" ", at + 1)
        elif text[at] == "\n" or (text[at] == ";" and self.semicolons):
            self.finish(at if text[at] == "\n" else at + 1, at + 1)
        elif text.startswith("/*", at):
            self.at = self.block_end()
        elif text.startswith("//", at) and (at == 0 or text[at - 1].isspace()):
            self.line_comment(joins=text.startswith("///", at))
        elif text[at] == "*" and not self.buffer.strip():
            self.star_comment()
        elif text[at] == '"':
            match = _STRING.match(text, at)
            self.add(match.group() if match else '"', match.end() if match else at + 1)
        elif text.startswith('`"', at):
            end = self.compound_end()
            self.add(text[at:end], end)
        else:
            self.add(text[at], at + 1)

    def add(self, piece: str, end: int) -> None:
        """Append to the command; blanks around a removed comment or line end count once."""
        if self.buffer[-1:].isspace():
            piece = piece.lstrip()
        self.buffer += piece
        self.at = end

    def finish(self, end: int, following: int) -> None:
        """End the command that was being read at `end`; the next one begins at `following`."""
        raw = self.text[self.start : end]
        stripped = raw.strip()
        if stripped:
            skipped = raw[: len(raw) - len(raw.lstrip())].count("\n")
            lines = tuple(line.rstrip() for line in stripped.split("\n"))
            indent = raw[: len(raw) - len(raw.lstrip())].rpartition("\n")[2]
            self.done.append(SourceCommand(self.buffer.strip(), self.line + skipped, lines, indent))
        self.line += self.text.count("\n", self.start, following)
        self.at = self.start = following
        self.buffer = ""

    def block_end(self) -> int:
        """Return the place after the ``/* … */`` that begins here; they nest, and the last may stay open."""
        depth = 0
        for match in re.compile(r"/\*|\*/").finditer(self.text, self.at):
            depth += 1 if match.group() == "/*" else -1
            if depth == 0:
                return match.end()
        return len(self.text)

    def line_comment(self, *, joins: bool) -> None:
        """Skip ``// …``; after ``/// …`` the next line continues the command."""
        end = self.text.find("\n", self.at)
        end = len(self.text) if end < 0 else end
        if joins and end < len(self.text):
            self.buffer = self.buffer.rstrip()
            self.add(" ", end + 1)
        else:
            self.at = end

    def star_comment(self) -> None:
        """Skip a ``*`` comment up to its end; ``///`` continues it."""
        while self.at < len(self.text):
            stop = self.text.find(";" if self.semicolons else "\n", self.at)
            stop = len(self.text) if stop < 0 else stop
            slashes = re.compile(r"\s///").search(self.text, self.at, stop)
            self.at = stop
            if slashes is None or self.semicolons or stop == len(self.text):
                return
            self.at = stop + 1

    def compound_end(self) -> int:
        """Return the place after the compound string that begins here, at the latest the end of the line."""
        depth = 0
        for match in re.compile('`"|"\'|\n').finditer(self.text, self.at):
            if match.group() == "\n":
                return match.start()
            depth += 1 if match.group() == '`"' else -1
            if depth == 0:
                return match.end()
        return len(self.text)
