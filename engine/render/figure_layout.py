"""Where the plots of a figure lie: as large as their labels and titles leave room for, whatever the size of the page.

The own layout of the library solves for all margins at once: slow with many panels, and on a page too small for them
its solver ends the whole program. Here every margin is measured once and the rest is shared out.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

_FEW = 12
"""Up to so many plots are measured twice: their ticks may change with their size."""

_LEAST = 0.2
"""Share of its cell that a plot keeps, however much room its labels ask for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotGrid:
    """Plots in rows and columns of a part of a figure.

    Attributes
    ----------
    body
        The part of the figure.
    axes, cells
        The axes of each plot, those that lie over each other together, and its row and column.
    measured
        Plots whose texts decide how much room there is; the others have none that matters.
    across, up
        The common titles below and at the left, None without.
    gap_pt
        Distance between the plots, and from the edge.
    """

    body: Figure | SubFigure
    axes: tuple[tuple[Axes, ...], ...]
    cells: tuple[tuple[int, int], ...]
    measured: frozenset[int]
    gap_pt: float
    across: Any = None
    up: Any = None

    def settle(self) -> None:
        """Give every plot its place."""
        for _ in range(2 if len(self.measured) <= _FEW else 1):
            self._place()
        for k in self.measured:
            for axes in self.axes[k]:
                self._thin(axes)

    @property
    def _renderer(self) -> Any:
        canvas: Any = self.body.figure.canvas if self.body.figure is not None else self.body.canvas
        return canvas.get_renderer()

    def _thin(self, axes: Axes) -> None:
        """Have fewer ticks along x where their labels would touch and nobody has said where they are."""
        from matplotlib.ticker import AutoLocator, MaxNLocator

        axis = axes.xaxis
        if not axis.get_visible() or not isinstance(axis.get_major_locator(), AutoLocator):
            return
        low, high = sorted(axis.get_view_interval())
        shown = [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
        boxes = [label.get_window_extent(self._renderer) for label in shown if label.get_visible()]
        boxes = sorted((box for box in boxes if box.width > 0), key=lambda box: float(box.x0))
        if all(after.x0 - before.x1 > 2.0 for before, after in pairwise(boxes)):
            return
        widest = max(float(box.width) for box in boxes)
        length = float(axes.get_window_extent(self._renderer).width)
        axis.set_major_locator(MaxNLocator(nbins=max(1, int(length / (1.35 * widest)) - 1), steps=[1, 2, 5, 10]))

    def _place(self) -> None:
        body, renderer = self.body, self._renderer
        room = body.bbox
        gap = self.gap_pt * float(body.get_dpi()) / 72.0
        below = self.across.get_window_extent(renderer).height + gap if self.across is not None else 0.0
        beside = self.up.get_window_extent(renderer).width + gap if self.up is not None else 0.0
        rows, columns = (1 + max(cell[k] for cell in self.cells) for k in (0, 1))
        left, right = [0.0] * columns, [0.0] * columns
        top, bottom = [0.0] * rows, [0.0] * rows
        for k in self.measured:
            row, column = self.cells[k]
            for axes in self.axes[k]:
                inner = axes.get_window_extent(renderer)
                outer = axes.get_tightbbox(renderer, for_layout_only=True)
                if outer is None:
                    continue
                left[column] = max(left[column], inner.x0 - outer.x0)
                right[column] = max(right[column], outer.x1 - inner.x1)
                top[row] = max(top[row], outer.y1 - inner.y1)
                bottom[row] = max(bottom[row], inner.y0 - outer.y0)
        wide = _share(room.width - beside - 2 * gap, columns, sum(left) + sum(right) + (columns - 1) * gap)
        high = _share(room.height - below - 2 * gap, rows, sum(top) + sum(bottom) + (rows - 1) * gap)
        for group, (row, column) in zip(self.axes, self.cells, strict=True):
            x = beside + gap + column * (wide + gap) + sum(left[: column + 1]) + sum(right[:column])
            y = room.height - gap - (row + 1) * high - row * gap - sum(top[: row + 1]) - sum(bottom[:row])
            place = (x / room.width, y / room.height, wide / room.width, high / room.height)
            for axes in group:
                axes.set_position(place)
        self._centre_titles(room.width, room.height)

    def _centre_titles(self, width: float, height: float) -> None:
        """Put common titles to the middle of the plots."""
        boxes = [group[0].get_position() for group in self.axes]
        x0, x1 = min(box.x0 for box in boxes), max(box.x1 for box in boxes)
        y0, y1 = min(box.y0 for box in boxes), max(box.y1 for box in boxes)
        edge = 0.5 * self.gap_pt * float(self.body.get_dpi()) / 72.0
        if self.across is not None:
            self.across.set_position(((x0 + x1) / 2, edge / height))
        if self.up is not None:
            self.up.set_position((edge / width, (y0 + y1) / 2))


def _share(room: float, n: int, taken: float) -> float:
    """Return the size of each of n plots in a room of which texts take a part."""
    return max(room - taken, _LEAST * room, 1.0) / n
