"""What an equation is written with: typed pieces of text, lines, and the lines of each level."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

TIMES, PLUS, MINUS, EQUALS = "×", "+", "−", "="


class Role(Enum):
    """What a piece stands for; it decides colour and slant."""

    VARIABLE = "variable"
    FIXED = "fixed"
    RANDOM = "random"
    RESIDUAL = "residual"
    NUMBER = "number"
    SIGN = "sign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A symbol with its subscript; `many` marks a symbol that stands for several coefficients."""

    text: str
    role: Role
    sub: str = ""
    sup: str = ""
    many: bool = False


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelLines:
    """What holds at one level: its equations, and a note on how its effects vary."""

    title: str
    lines: tuple[Line, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Equation:
    """A model in one line, and level by level from the observations outwards.

    `spread` says how the random effects and the residuals are distributed, once that is estimated.
    """

    combined: Line
    levels: tuple[LevelLines, ...]
    spread: tuple[Line, ...] = ()


def plain_text(line: Line) -> str:
    """Return a line as characters alone, for assistive technology and the clipboard: ``y = β_0 + β_1 x + u_id + ε``."""
    words: list[str] = []
    for piece in line:
        sub = f"_{{{piece.sub}}}" if "," in piece.sub or "(" in piece.sub else f"_{piece.sub}" if piece.sub else ""
        words.append(f"{piece.text}{sub}{f'^{piece.sup}' if piece.sup else ''}")
    return " ".join(words)
