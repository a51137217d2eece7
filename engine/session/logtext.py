"""The log as text while commands run: echo, output, one blank line after each command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.errors import StataError
from engine.events import Ended, Event, Printed, Started
from engine.lang.prompts import wrapped
from engine.render.text import render_block


class LogText:
    """Turns events into the text of a log.

    Parameters
    ----------
    linesize
        Returns the width of the log.
    write
        Takes a stretch of text without its last line break.
    """

    def __init__(self, linesize: Callable[[], int], write: Callable[[str], None]) -> None:
        self._linesize = linesize
        self._write_text = write
        self._blanks = 0
        """Blank lines that are written only if more output of the command follows."""
        self._open: list[bool] = []
        """The commands that run, outermost first: whether each is inside a block, whose lines were echoed."""

    def hear(self, event: Event) -> None:
        """Write what `event` adds to the log."""
        match event:
            case Started(inside=True):
                self._open.append(True)
            case Started(command=command, lines=lines, prompts=prompts):
                self._open.append(False)
                self._write(list(wrapped(lines or (command,), prompts, self._linesize())))
            case Printed(block=block):
                self._add(render_block(block, self._linesize()))  # type: ignore[arg-type]  # events know no blocks
            case Ended():
                if self._open and self._open.pop():
                    return
                self._blanks = 0
                self._write([""])

    def _add(self, lines: list[str]) -> None:
        kept = len(lines)
        while kept and not lines[kept - 1].strip():
            kept -= 1
        if kept:
            self._write(lines[:kept])
        self._blanks += len(lines) - kept

    def _write(self, lines: list[str]) -> None:
        text = "\n".join([""] * self._blanks + lines)
        self._blanks = 0
        self._write_text(text)


class LogFile:
    """A log that is being written to a file (``log using``)."""

    def __init__(self, path: Path, header: tuple[str, ...], linesize: Callable[[], int], *, append: bool) -> None:
        self.path = path
        self.on = True
        _begin(path, "\n".join(header) + "\n", append=append)
        self._text = LogText(linesize, self._write)

    def hear(self, event: Event) -> None:
        """Write what `event` adds, unless the log is off."""
        if self.on:
            self._text.hear(event)

    def _write(self, text: str) -> None:
        """Add lines and close the file, so that it is whole whatever happens next; a full disk ends the log."""
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(text + "\n")
        except OSError:
            self.on = False


class CommandLogFile:
    """What is typed, and nothing else, in a file that can be run as a do-file (``cmdlog using``).

    A do-file is its ``do`` command; a block is its lines.
    """

    def __init__(self, path: Path, *, append: bool) -> None:
        self.path = path
        self.on = True
        self._depth = 0
        _begin(path, "", append=append)

    def hear(self, event: Event) -> None:
        """Write a command when it begins, unless another one runs it."""
        if isinstance(event, Started):
            if self._depth == 0 and self.on and event.command.split()[:1] != ["cmdlog"]:
                self._write("\n".join(event.lines or (event.command,)))
            self._depth += 1
        elif isinstance(event, Ended):
            self._depth = max(self._depth - 1, 0)

    def _write(self, text: str) -> None:
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(text + "\n")
        except OSError:
            self.on = False


def _begin(path: Path, text: str, *, append: bool) -> None:
    """Begin a file, or go on with it; r(603) when that is not possible."""
    try:
        with path.open("a" if append else "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as problem:
        raise StataError(603, f"file {path} could not be opened: {problem.strerror}") from None
