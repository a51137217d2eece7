"""How one layer of a graph looks where it does not look as its series does: colour, marker, dash, width."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Symbol(Enum):
    """A marker; series differ by marker and dash, never by colour alone."""

    DISC = "disc"
    SQUARE = "square"
    TRIANGLE = "triangle"
    DIAMOND = "diamond"
    CROSS = "cross"
    """An x."""
    PLUS = "plus"
    DOT = "dot"
    """As small as can be seen."""
    NONE = "none"
    """Invisible: the place counts for ranges and hovering."""


class Dash(Enum):
    """A line pattern under Stata's word for it ([G-4] linepatternstyle)."""

    SOLID = "solid"
    DASH = "dash"
    DOT = "dot"
    DASH_DOT = "dash_dot"
    SHORT_DASH = "shortdash"
    SHORT_DASH_DOT = "shortdash_dot"
    LONG_DASH = "longdash"
    LONG_DASH_DOT = "longdash_dot"
    BLANK = "blank"
    """No line at all."""


DASH_LENGTHS: dict[Dash, tuple[float, ...]] = {
    Dash.SOLID: (),
    Dash.DASH: (5.0, 3.0),
    Dash.DOT: (1.5, 2.0),
    Dash.DASH_DOT: (6.0, 2.0, 1.5, 2.0),
    Dash.SHORT_DASH: (3.0, 2.0),
    Dash.SHORT_DASH_DOT: (3.0, 2.0, 1.5, 2.0),
    Dash.LONG_DASH: (9.0, 3.0),
    Dash.LONG_DASH_DOT: (9.0, 2.5, 1.5, 2.5),
    Dash.BLANK: (),
}
"""On-off lengths in line widths; a solid line has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is asked for; whatever is left out follows from series, style and number of marks.

    Attributes
    ----------
    colour, fill
        ``#RRGGBB`` of the marker or line, and of the inside of bars, boxes and bands; ``none`` draws nothing.
    size
        Diameter of a marker in device-independent pixels.
    alpha
        Opacity, from 0 to 1.
    width
        Width of a line in device-independent pixels.
    hollow
        A marker with an outline only.
    caps
        Intervals end in short bars.
    like
        Number of another series whose colour the layer takes.
    jitter, seed
        How far markers are moved at random, in percent of the ranges of the axes, and where the random numbers start.
    """

    colour: str = ""
    fill: str = ""
    symbol: Symbol | None = None
    hollow: bool = False
    size: float | None = None
    alpha: float | None = None
    width: float | None = None
    dash: Dash | None = None
    caps: bool = False
    like: int | None = None
    jitter: float = 0.0
    seed: int = 0


PLAIN = Look()
