"""What the bars of ``graph bar`` and ``graph dot`` show: statistics of variables, for series within categories."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.commands.base import Context
from engine.commands.graphs.graph_over import Over, categories
from engine.commands.graphs.plot_data import plotted_names
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.graphs.categories import Group, statistic
from engine.graphs.graphspec import FloatArray, IntArray
from engine.graphs.overlay import BoolArray
from engine.lang.command import Part

_HEAD = re.compile(r"\(\s*(\w+)\s*\)")
_PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a bar shows: a statistic of a variable, or with no name the number or share of observations."""

    statistic: str
    name: str

    def label(self, titles: dict[str, str]) -> str:
        """Return ``mean of weight``."""
        return f"{self.statistic} of {titles[self.name]}" if self.name else self.statistic


@dataclass(frozen=True, slots=True)
class Bars:
    """The series of a bar chart over its categories.

    Attributes
    ----------
    groups
        The categories.
    series
        Label, quantity and observations, shape (n_obs,), of each series.
    along
        The variables of the axis.
    diagonal
        True when the categories are the quantities themselves (``ascategory``).
    """

    along: list[Over]
    groups: list[Group]
    series: list[tuple[str, Quantity, BoolArray]]
    diagonal: bool

    @property
    def labels(self) -> list[str]:
        """What the legend calls the series."""
        return [label for label, _, _ in self.series]

    def heights(self, context: Context, mask: BoolArray) -> FloatArray:
        """Return the heights for the observations of a mask, shape (series, categories)."""
        total = int(mask.sum())
        found = [
            [value_of(q, context, group.rows[(own & mask)[group.rows]], total) for group in self.groups]
            for _, q, own in self.series
        ]
        return np.diag(found).copy()[None, :] if self.diagonal else np.array(found)


def read_bars(part: Part, context: Context, mask: BoolArray, overs: Sequence[Over], titles: dict[str, str]) -> Bars:
    """Return categories and series: variables are series, or the first ``over()`` is, or variables are categories.

    Raises
    ------
    StataError
        2000 without observations, and whatever is wrong with ``over()``.
    """
    quantities = read_quantities(part, context)
    first = overs[0] if part.has("asyvars") and len(quantities) == 1 and overs else None
    along = list(overs)[1:] if first is not None else list(overs)
    total = int(mask.sum())
    groups = categories(along, context, mask, lambda group: value_of(quantities[0], context, group.rows, total))
    series = [(q.label(titles), q, mask) for q in quantities]
    if first is not None:
        inside = categories([first], context, mask)
        series = [(group.label, quantities[0], mask_of(group, len(mask))) for group in inside]
    diagonal = part.has("ascategory") and not along
    if diagonal:
        groups = [Group(q.label(titles), "", np.flatnonzero(mask)) for q in quantities]
    return Bars(along, groups, series, diagonal)


def mask_of(group: Group, n: int) -> BoolArray:
    """Return the rows of a category as a mask, shape (n,)."""
    inside = np.zeros(n, dtype=bool)
    inside[group.rows] = True
    return inside


def read_quantities(part: Part, context: Context) -> list[Quantity]:
    """Read ``(mean) y1 y2 (median) y3``; mean where nothing is said, percent without variables."""
    found: list[Quantity] = []
    name, at, text = "", 0, part.body
    pieces = [*((m.start(), m.end(), m[1]) for m in _HEAD.finditer(text)), (len(text), len(text), "")]
    for start, end, following in pieces:
        names = text[at:start].strip()
        if names:
            own = replace(part, body=names)
            found += [
                Quantity(name or "mean", variable) for variable in plotted_names(own, context.dataset, least=1, most=50)
            ]
        elif name in (_PERCENT, "count") and (at or start):
            found.append(Quantity(name, ""))
        elif name and at:
            raise StataError(100, f"a variable is missing after ({name})", part.body_span)
        name, at = following, end
    for quantity in found:
        if quantity.statistic != _PERCENT:
            statistic(quantity.statistic, np.zeros(1))
    return found or [Quantity(_PERCENT, "")]


def value_of(quantity: Quantity, context: Context, rows: IntArray, total: int) -> float:
    """Return what a bar shows for some rows of the data, of `total` in all."""
    if not quantity.name:
        return 100.0 * len(rows) / total if quantity.statistic == _PERCENT and total else float(len(rows))
    values = context.dataset.numeric(quantity.name)[rows]
    known = values[~is_missing(values)]
    if quantity.statistic == _PERCENT:
        return 100.0 * len(known) / total if total else 0.0
    return statistic(quantity.statistic, known)
