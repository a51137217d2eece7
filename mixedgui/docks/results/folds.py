"""Which lines of the log fold away under which: records under their command, iteration logs under their first line."""

from __future__ import annotations

from engine.api import Lines
from mixedgui.docks.results.record import Piece, Record


class Folds:
    """Kept up to date as output arrives, so that a log of thousands of iterations costs no more than a short one."""

    def __init__(self) -> None:
        self._records: dict[int, Record] = {}
        self._runs: dict[int, int] = {}
        self._run: tuple[Record, int] | None = None
        self.folded: set[int] = set()

    def begin(self, record: Record) -> None:
        """Take up a record at its first line."""
        self._records[record.first] = record
        self._run = None

    def add(self, record: Record, piece: Piece) -> None:
        """Take up a piece of output: foldable ones that follow each other fold together."""
        if not (isinstance(piece.block, Lines) and piece.block.foldable):
            self._run = None
            return
        if self._run is None or self._run[0] is not record:
            self._run = (record, piece.first)
        first = self._run[1]
        self._runs[first] = piece.first + piece.count - 1 - first

    def under(self, line: int) -> int:
        """Return how many lines after this one fold away under it, 0 when none do."""
        record = self._records.get(line)
        return record.last - record.first if record is not None else self._runs.get(line, 0)

    def toggle(self, line: int) -> bool:
        """Fold or unfold under a line; return whether anything can be folded there."""
        if not self.under(line):
            return False
        self.folded ^= {line}
        return True

    def hidden(self) -> set[int]:
        """Return the lines that are folded away."""
        lines: set[int] = set()
        for line in self.folded:
            lines.update(range(line + 1, line + 1 + self.under(line)))
        return lines

    def clear(self) -> None:
        """Forget everything."""
        self._records.clear()
        self._runs.clear()
        self.folded.clear()
        self._run = None
