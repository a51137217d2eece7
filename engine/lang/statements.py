"""Where the statements of a do-file stand: commands with their continuation lines, loops and conditions as wholes."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import StataError
from engine.lang.blocks import read_blocks
from engine.lang.dofile import split_commands


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement from its first line, counted from 0, to its last."""

    first: int
    last: int


def statements(text: str) -> tuple[Statement, ...]:
    """Return the statements of a do-file in order; where blocks do not close, each command counts by itself."""
    commands = split_commands(text)
    try:
        sources = [node.source for node in read_blocks(commands)]
    except StataError:
        sources = commands
    return tuple(Statement(each.line - 1, each.line - 2 + max(len(each.lines), 1)) for each in sources)
