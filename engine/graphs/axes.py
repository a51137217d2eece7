"""Axes, panels and legend of a graph."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis; an empty label is a tick only."""

    value: float
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One axis; whatever is left out the renderer chooses from the data.

    Attributes
    ----------
    low, high
        The axis reaches at least to these values (data beyond them still show); with `exact` it ends there.
    exact
        True when `low` and `high` are the ends whatever the data (``plotregion`` cut to them).
    log, reverse
        A logarithmic axis (all drawn values are positive), and one that runs backwards.
    ticks
        Labelled places; empty when the renderer chooses them. The axis reaches to the outermost.
    categories
        True when the ticks name categories at 1, 2, …: nothing between them has a meaning.
    angle
        Of the labels, in degrees against the clock.
    display
        Stata format of labels that the renderer chooses (``%9.2f``), empty for the renderer's own.
    grid
        Lines across the plot at the ticks.
    bare
        A line without ticks and labels.
    hidden
        Neither line nor labels.
    """

    low: float | None = None
    high: float | None = None
    exact: bool = False
    log: bool = False
    reverse: bool = False
    ticks: tuple[Tick, ...] = ()
    categories: bool = False
    angle: float = 0.0
    display: str = ""
    grid: bool = False
    bare: bool = False
    hidden: bool = False


PLAIN_AXIS = Axis()


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One of several plots in a graph; its layers carry `key` in `Layer.panel`.

    Attributes
    ----------
    key
        Unique in the graph: what the title says, made distinct where two titles are the same.
    title
        Above the plot.
    x_title, y_title, x_axis, y_axis
        The panel's own; empty or None stands for those of the graph.
    text
        Words in the middle of a panel without marks (the diagonal of a matrix).
    """

    key: str
    title: str = ""
    x_title: str = ""
    y_title: str = ""
    x_axis: Axis | None = None
    y_axis: Axis | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """How panels are arranged: left to right in `columns` (0: about as many as rows), with which axes in common.

    With common axes only the panels at the left and at the bottom are labelled.

    Attributes
    ----------
    holes
        Places, counted from 1 in the order of drawing, that stay empty.
    down
        True when a column is filled before the next one.
    """

    columns: int = 0
    common_x: bool = True
    common_y: bool = True
    holes: tuple[int, ...] = ()
    down: bool = False

    def shape(self, n_panels: int) -> tuple[int, int]:
        """Return rows and columns for so many panels."""
        n = self.n_places(n_panels)
        columns = min(self.columns, n) or next(k for k in range(1, n + 1) if k * k >= n)
        return -(-n // columns), columns

    def cells(self, n_panels: int) -> list[tuple[int, int]]:
        """Return row and column of each panel, from 0."""
        rows, columns = self.shape(n_panels)
        places = [k for k in range(self.n_places(n_panels)) if k + 1 not in self.holes][:n_panels]
        return [(k % rows, k // rows) if self.down else (k // columns, k % columns) for k in places]

    def n_places(self, n_panels: int) -> int:
        """Return how many places the panels and the holes before the last of them take."""
        last = n_panels
        for hole in sorted(set(self.holes)):
            last += hole <= last
        return last


@dataclass(frozen=True, slots=True)
class Key:
    """A line of the legend: the plot it stands for (`Layer.plot`) and its text."""

    plot: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """The legend.

    Attributes
    ----------
    shown
        None: where the graph has more than one series.
    keys
        What is listed in which order; empty for all series under their labels.
    columns
        0 for one column inside the plot or beside it, and for rows as long as fit below or above it.
    clock
        Side of the plot by the hour, 1 to 12 (6 is below, 3 to the right).
    inside
        True when it lies in the plot instead of beside it.
    title
        Above the list.
    """

    shown: bool | None = None
    keys: tuple[Key, ...] = ()
    columns: int = 0
    clock: int = 6
    inside: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSizes:
    """Factors on the usual size of each kind of text."""

    title: float = 1.0
    subtitle: float = 1.0
    note: float = 1.0
    caption: float = 1.0
    axis: float = 1.0
    labels: float = 1.0
    legend: float = 1.0


USUAL_SIZES = TextSizes()
SQUARE_GRID = Grid()
PLAIN_LEGEND = Legend()
