"""A do-file being edited: its path, what is saved of it, and which lines are to be run."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from engine.api import StataError, dofile_text, statements
from mixedgui.state.translation import tr

UNTITLED = "Untitled.do"


@dataclass(slots=True)
class Dofile:
    """Attributes: `path` is empty for one that was never saved, `saved` is the text on disk."""

    path: str = ""
    saved: str = ""

    @property
    def name(self) -> str:
        """The file's name."""
        return Path(self.path).name if self.path else UNTITLED

    def is_changed(self, text: str) -> bool:
        """Tell whether `text` differs from the file."""
        return text != self.saved

    def load(self, path: str) -> str:
        """Read a file and return its text; StataError when it cannot be read or is no text."""
        try:
            data = Path(path).read_bytes()
        except OSError as problem:
            raise StataError(601, tr("{0} could not be opened: {1}").format(path, problem.strerror)) from None
        text = dofile_text(data, path).replace("\r\n", "\n").replace("\r", "\n")
        self.path, self.saved = str(Path(path).absolute()), text
        return text

    def save(self, text: str, path: str = "") -> None:
        """Write the file in one piece: either the whole text is there afterwards, or what was there before."""
        target = Path(path or self.path).absolute()
        try:
            handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
            os.replace(temporary, target)
        except OSError as problem:
            raise StataError(603, tr("{0} could not be written: {1}").format(target, problem.strerror)) from None
        self.path, self.saved = str(target), text


def lines_to_run(text: str, first: int, last: int, *, selected: bool) -> tuple[int, int]:
    """Return the lines, from 0, that *Run selection* runs.

    A selection runs the lines it touches; the cursor alone runs the statement it stands in, or the line.
    """
    if selected:
        return first, last
    for each in statements(text):
        if each.first <= first <= each.last:
            return each.first, each.last
    return first, first


class RunWatch:
    """Follows the statements of a text while they run, to know the line of one that fails.

    Parameters
    ----------
    text, offset
        What runs, and the line of the file at which it begins.
    """

    def __init__(self, text: str, offset: int) -> None:
        self._statements = statements(text)
        self._lines = text.split("\n")
        self._offset = offset
        self._depth = 0
        self._count = 0
        self._inner = ""

    def begun(self, command: str) -> None:
        """A command begins."""
        if self._depth == 0:
            self._count += 1
        else:
            self._inner = command
        self._depth += 1

    def ended(self) -> None:
        """The command begun last is over."""
        self._depth = max(0, self._depth - 1)

    @property
    def line(self) -> int:
        """The line of the statement that ran last; within a block, that of the command, where it stands there so."""
        if not self._statements:
            return self._offset
        each = self._statements[min(max(self._count, 1), len(self._statements)) - 1]
        block = range(each.first, each.last + 1)
        if self._inner and len(block) > 1:
            inner = next((line for line in block if self._lines[line].strip() == self._inner.strip()), each.first)
            return self._offset + inner
        return self._offset + each.first
