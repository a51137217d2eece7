"""Stata's words for markers, line patterns, sizes, widths and ways to connect ([G-4] styles)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from engine.errors import Span, StataError
from engine.graphs.graphspec import FloatArray, IntArray
from engine.graphs.look import Dash, Symbol
from engine.lang.abbrev import nearest

_Value = TypeVar("_Value")

_SMALLER = 0.7
"""Markers named by a small letter are this much smaller than those named by a capital."""

_SHAPES = {
    "O": Symbol.DISC,
    "D": Symbol.DIAMOND,
    "T": Symbol.TRIANGLE,
    "S": Symbol.SQUARE,
    "circle": Symbol.DISC,
    "diamond": Symbol.DIAMOND,
    "triangle": Symbol.TRIANGLE,
    "square": Symbol.SQUARE,
}
_PLAIN = {
    "+": Symbol.PLUS,
    "plus": Symbol.PLUS,
    "X": Symbol.CROSS,
    "x": Symbol.CROSS,
    "p": Symbol.DOT,
    "point": Symbol.DOT,
    "i": Symbol.NONE,
    "none": Symbol.NONE,
}

MARKER_SIZES = {
    "zero": 0.0,
    "vtiny": 1.5,
    "tiny": 2.2,
    "vsmall": 3.2,
    "small": 4.2,
    "medsmall": 5.0,
    "medium": 6.0,
    "medlarge": 7.0,
    "large": 8.5,
    "vlarge": 10.5,
    "huge": 13.0,
    "vhuge": 17.0,
    "ehuge": 24.0,
}
"""Diameters in device-independent pixels."""

LINE_WIDTHS = {
    "none": 0.0,
    "vvthin": 0.25,
    "vthin": 0.5,
    "thin": 0.8,
    "medthin": 1.1,
    "medium": 1.5,
    "medthick": 2.0,
    "thick": 2.8,
    "vthick": 4.0,
    "vvthick": 6.0,
    "vvvthick": 9.0,
}
"""Widths in device-independent pixels."""

TEXT_SIZES = {
    "half_tiny": 0.4,
    "tiny": 0.5,
    "vsmall": 0.7,
    "small": 0.8,
    "medsmall": 0.9,
    "medium": 1.0,
    "medlarge": 1.1,
    "large": 1.25,
    "vlarge": 1.5,
    "huge": 1.9,
    "vhuge": 2.4,
}
"""Factors on the usual size of the text."""


class Connect(Enum):
    """How the points of a series are joined."""

    NONE = "none"
    DIRECT = "direct"
    ASCENDING = "ascending"
    """As direct, but a stroke ends where x decreases."""
    STAIRSTEP = "stairstep"
    """Flat, then vertical."""
    STEPSTAIR = "stepstair"
    """Vertical, then flat."""


_CONNECT = {"i": Connect.NONE, "l": Connect.DIRECT, "L": Connect.ASCENDING, "J": Connect.STAIRSTEP} | {
    connect.value: connect for connect in Connect
}
_PATTERNS = {dash.value: dash for dash in Dash} | {
    "l": Dash.SOLID,
    "_": Dash.LONG_DASH,
    "-": Dash.DASH,
    ".": Dash.DOT,
}
_RELATIVE = re.compile(r"\*?(\d*\.?\d+)")


def read_symbol(word: str, span: Span | None = None) -> tuple[Symbol, bool, float]:
    """Return marker, whether it is hollow, and a factor on its size."""
    if word in _PLAIN:
        return _PLAIN[word], False, 1.0
    hollow = len(word) > 1 and word.endswith(("h", "_hollow"))
    stem = word.removesuffix("_hollow").removesuffix("h") if hollow else word
    small = (len(stem) == 1 and stem.islower()) or stem.startswith("sm")
    shape = stem.upper() if len(stem) == 1 else stem.removeprefix("sm")
    if shape not in _SHAPES:
        words = "O D T S + X, small letters for smaller ones, Oh for a hollow one, p and i"
        raise StataError(198, f"{word} is not a marker symbol; there are {words}", span)
    return _SHAPES[shape], hollow, _SMALLER if small else 1.0


def read_pattern(word: str, span: Span | None = None) -> Dash:
    """Return a line pattern."""
    return _known(word, _PATTERNS, "line pattern", span)


def read_connect(word: str, span: Span | None = None) -> Connect:
    """Return a way to connect points."""
    return _known(word, _CONNECT, "way to connect points", span)


def read_size(word: str, sizes: Mapping[str, float], what: str, span: Span | None = None) -> float:
    """Return a size by name, or a number or ``*number`` times the medium one."""
    match = _RELATIVE.fullmatch(word)
    if match is not None:
        return float(match[1]) * sizes["medium"]
    return _known(word, sizes, what, span)


def _known(word: str, words: Mapping[str, _Value], what: str, span: Span | None) -> _Value:
    if word in words:
        return words[word]
    meant = nearest(word, words)
    hint = f"did you mean {meant}?" if meant else f"there are {_listed(words)}"
    raise StataError(198, f"{word} is not a {what}; {hint}", span)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def path(x: FloatArray, y: FloatArray, connect: Connect) -> tuple[FloatArray, FloatArray, IntArray]:
    """Return the vertices that join the points, and the places where a stroke begins anew.

    Shapes (m,), (m,) and (k,); ``L`` begins anew wherever x is smaller than before ([G-4] connectstyle).
    """
    starts: npt.NDArray[np.int64] = np.empty(0, dtype=np.int64)
    if connect is Connect.ASCENDING:
        starts = np.flatnonzero(x[1:] < x[:-1]).astype(np.int64) + 1
    elif connect in (Connect.STAIRSTEP, Connect.STEPSTAIR) and len(x):
        across, along = (x, y) if connect is Connect.STAIRSTEP else (y, x)
        corner_first, corner_second = np.repeat(across, 2)[1:], np.repeat(along, 2)[:-1]
        x, y = (corner_first, corner_second) if connect is Connect.STAIRSTEP else (corner_second, corner_first)
    return x, y, starts
