"""What covariance parameters are called: in the random-effects table and in ``e(b)``."""

from __future__ import annotations

from dataclasses import dataclass

from engine.covariance.structure import FreeParameter

WIDTH = 28
"""Columns of the table's stub."""
_RANGE_WIDTH = 5
_SHORTEST = 5


@dataclass(frozen=True, slots=True)
class Label:
    """A printed name; `footnote` lists the effects where they did not fit."""

    text: str
    footnote: str = ""


def abbreviate(name: str, width: int) -> str:
    """Shorten `name` to `width` characters with a ``~`` before its last character, as Stata does."""
    return name if len(name) <= width else f"{name[: width - 2]}~{name[-1]}"


def label(word: str, parameter: FreeParameter, effects: tuple[str, ...]) -> Label:
    """Name a parameter after its effects: ``var(week)``, ``cov(week,_cons)``, ``var(hwy unemp)``.

    Parameters
    ----------
    word
        ``var``, ``cov``, ``sd`` or ``corr``.
    parameter
        What is named.
    effects
        Display names of all effects of the equation.

    Notes
    -----
    More than two effects that do not fit the stub are shown as ``var(x1..x5)`` with a footnote that lists them.
    """
    names = tuple(effects[i] for i in parameter.effects)
    separator = " " if parameter.is_variance else ","
    text = f"{word}({separator.join(names)})"
    if len(text) <= WIDTH:
        return Label(text)
    room = WIDTH - len(word) - 2
    if len(names) == 1:
        return Label(f"{word}({abbreviate(names[0], room)})")
    if len(names) == 2 and not parameter.is_variance:
        return Label(f"{word}({_fit_pair(names[0], names[1], room - 1)})")
    each = max((room - _RANGE_WIDTH) // 2, _SHORTEST)
    return Label(f"{word}({abbreviate(names[0], each)}..{abbreviate(names[-1], each)})", " ".join(names))


def _fit_pair(first: str, second: str, room: int) -> str:
    """Abbreviate the longer of two names, or both, so that they take `room` characters without the comma."""
    half = room // 2
    if len(second) <= half:
        first = abbreviate(first, room - len(second))
    elif len(first) <= half:
        second = abbreviate(second, room - len(first))
    else:
        first, second = abbreviate(first, half), abbreviate(second, half)
    return f"{first},{second}"


def estimation_name(parameter: FreeParameter, level: int, block: int) -> str:
    """Name of the log-sd/atanh parameter: ``lns1_1_1``, ``atr1_1_1_2``; `level` and `block` count from 1."""
    prefix = "lns" if parameter.is_variance else "atr"
    return f"{prefix}{level}_{block}_{parameter.suffix}"
