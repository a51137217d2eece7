"""What the Results pane knows about one command and its output."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.api import Block, Outcome, Table


@dataclass(slots=True)
class Piece:
    """A run of lines that came from one block; `first` counts lines of the whole log from 0."""

    block: Block
    first: int
    count: int

    def holds(self, line: int) -> bool:
        """Tell whether a line of the log belongs to this piece."""
        return self.first <= line < self.first + self.count


@dataclass(slots=True, eq=False)
class Record:
    """One command in the log.

    Attributes
    ----------
    echo
        Its lines as typed.
    first, last
        Its lines in the log, the blank one after it excluded; `last` grows while it runs.
    number
        Counts the commands of the log, for marks that outlast it.
    prompts
        What stands before each line of the echo; empty for the prompts of one command.
    outcome
        None while it runs.
    """

    command: str
    echo: tuple[str, ...]
    first: int
    last: int
    depth: int = 0
    number: int = 0
    prompts: tuple[str, ...] = ()
    pieces: list[Piece] = field(default_factory=list)
    outcome: Outcome | None = None

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables printed, in order."""
        return tuple(piece.block for piece in self.pieces if isinstance(piece.block, Table))

    def piece_at(self, line: int) -> Piece | None:
        """Return the piece that a line of the log belongs to."""
        return next((piece for piece in self.pieces if piece.holds(line)), None)
