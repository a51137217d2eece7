"""Writes the log into a text document: what each command printed, line by line, and once more in other colours."""

from __future__ import annotations

from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextDocument

from engine.api import Block, Outcome, prompts_for
from mixedgui.docks.results.folds import Folds
from mixedgui.docks.results.record import Piece, Record
from mixedgui.docks.results.text_format import block_runs, echo_runs, error_format, error_place
from mixedgui.theme import theme

Runs = list[tuple[str, QTextCharFormat]]


class LogWriter:
    """Keeps the records of a log and their places in the document.

    Attributes
    ----------
    records
        One per command, in the order in which they began.
    folds
        Which lines fold away under which.
    """

    def __init__(self, document: QTextDocument) -> None:
        self._document = document
        self.records: list[Record] = []
        self.folds = Folds()
        self._open: list[Record] = []
        self._lines = 0
        self._blanks = 0
        self._count = 0

    @property
    def running(self) -> bool:
        """Whether a command is still printing."""
        return bool(self._open)

    def begin(self, command: str, echo: tuple[str, ...], prompts: tuple[str, ...] = ()) -> None:
        """Echo a command that starts."""
        self._flush_blanks()
        lines = echo or (command,)
        self._count += 1
        place = self._lines, self._lines + len(lines) - 1
        record = Record(command, lines, *place, depth=len(self._open), number=self._count, prompts=prompts)
        self.records.append(record)
        self._open.append(record)
        self.folds.begin(record)
        self._write(list(echo_runs(lines, theme(), prompts=prompts)), len(lines))

    def add(self, block: Block, lines: tuple[str, ...]) -> None:
        """Append a block that the running command printed; blank lines wait for what comes after them."""
        inked = [number for number, line in enumerate(lines) if line.strip()]
        if inked:
            first, last = inked[0], inked[-1]
            self._blanks += first
            self._flush_blanks()
            kept = lines[first : last + 1]
            piece = Piece(block, self._lines, len(kept))
            self._open[-1].pieces.append(piece)
            self.folds.add(self._open[-1], piece)
            self._write(block_runs(block, "\n".join(kept), theme()), len(kept))
            for record in self._open:
                record.last = self._lines - 1
        self._blanks += len(lines) - 1 - inked[-1] if inked else len(lines)

    def end(self, outcome: Outcome) -> None:
        """Close the record of the command that is over, with one blank line after it."""
        record = self._open.pop()
        record.outcome = outcome
        self._underline(record)
        self._blanks = 0
        self._write([("", QTextCharFormat())], 1)

    def text(self, deleted: frozenset[int]) -> str:
        """Return the log, each line ended, without the records of these numbers."""
        if not self._lines:
            return ""
        gone = self.lines_of(deleted)
        whole = self._document.toPlainText().split("\n")
        kept = [line for number, line in enumerate(whole) if number not in gone]
        return "\n".join(kept) + "\n" if kept else ""

    def lines_of(self, numbers: frozenset[int]) -> set[int]:
        """Return the lines of records, the blank one after each included."""
        found: set[int] = set()
        for record in self.records:
            if record.number in numbers:
                found.update(range(record.first, record.last + 2))
        return found

    def clear(self) -> None:
        """Forget everything."""
        self.records.clear()
        self.folds.clear()
        self._lines = self._blanks = 0
        self._document.clear()

    def redraw(self) -> None:
        """Write the whole log again in the colours of the theme."""
        plain = self._document.toPlainText().split("\n")
        runs: list[tuple[int, Runs, int]] = []
        for record in self.records:
            echo = list(echo_runs(record.echo, theme(), prompts=record.prompts))
            runs.append((record.first, echo, len(record.echo)))
            for piece in record.pieces:
                text = "\n".join(plain[piece.first : piece.first + piece.count])
                runs.append((piece.first, block_runs(piece.block, text, theme()), piece.count))
        runs.sort(key=lambda run: run[0])
        total, self._lines = self._lines, 0
        self._document.clear()
        for first, stretch, count in runs:
            while self._lines < first:
                self._write([("", QTextCharFormat())], 1)
            self._write(stretch, count)
        while self._lines < total:
            self._write([("", QTextCharFormat())], 1)
        for record in self.records:
            self._underline(record)

    def _write(self, runs: Runs, count: int) -> None:
        """Append stretches of text that make up `count` whole lines."""
        cursor = QTextCursor(self._document)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        if self._lines:
            cursor.insertBlock()
        for text, form in runs:
            cursor.insertText(text, form)
        cursor.endEditBlock()
        self._lines += count

    def _flush_blanks(self) -> None:
        if self._blanks:
            self._write([("\n" * (self._blanks - 1), QTextCharFormat())], self._blanks)
            self._blanks = 0

    def _underline(self, record: Record) -> None:
        place = error_place(record.outcome, record.echo) if record.outcome is not None else None
        if place is None:
            return
        line, column, length = place
        block = self._document.findBlockByNumber(record.first + line)
        cursor = QTextCursor(self._document)
        begin = block.position() + len(prompts_for(record.echo, record.prompts)[line]) + column
        cursor.setPosition(begin)
        cursor.setPosition(
            min(begin + length, block.position() + block.length() - 1),
            QTextCursor.MoveMode.KeepAnchor,
        )
        cursor.mergeCharFormat(error_format(theme()))
