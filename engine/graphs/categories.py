"""Graphs over categories: boxes, bars and dots of one or more variables within groups ([G-2] graph box, bar, dot)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.summary import percentile
from engine.errors import StataError
from engine.graphs.axes import Axis, Tick
from engine.graphs.graphspec import FloatArray, IntArray, Layer, Mark
from engine.graphs.look import Look
from engine.lang.abbrev import nearest

BOX_WIDTH = 0.6
BAR_WIDTH = 0.8
_WIDE = "\N{FIGURE SPACE}"
_GAP = 0.6
"""Extra room between the groups of an outer variable."""


@dataclass(frozen=True, slots=True)
class Group:
    """One category: its label, that of the group around it (empty for none), and its observations."""

    label: str
    outer: str
    rows: IntArray


def positions(groups: Sequence[Group]) -> FloatArray:
    """Return where the categories stand: 1, 2, … with a gap between outer groups."""
    places, at = [], 0.0
    for k, group in enumerate(groups):
        at += 1.0 + (_GAP if k and group.outer != groups[k - 1].outer else 0.0)
        places.append(at)
    return np.array(places)


def category_axis(groups: Sequence[Group], *, reverse: bool, grid: bool = False, angle: float = 0.0) -> Axis:
    """Return the axis that names the categories; an outer label stands outside the middle of its group.

    `reverse` is for an axis that runs downwards: there the outer labels stand at the left of the others.
    """
    places = positions(groups)
    labels = {float(place): group.label for place, group in zip(places, groups, strict=True)}
    beside = _WIDE * (max((len(group.label) for group in groups), default=0) + 2)
    for outer in dict.fromkeys(group.outer for group in groups if group.outer.strip()):
        members = [float(place) for place, group in zip(places, groups, strict=True) if group.outer == outer]
        middle = (members[0] + members[-1]) / 2
        inner = labels.get(middle, "")
        labels[middle] = f"{outer}{beside[len(inner) :]}{inner}" if reverse else f"{inner}\n{outer}"
    ticks = tuple(Tick(place, labels[place] or " ") for place in sorted(labels))
    return Axis(ticks=ticks, categories=True, reverse=reverse, grid=grid, angle=angle)


@dataclass(frozen=True, slots=True)
class BoxNumbers:
    """Median, quartiles, adjacent values, and the places in the array of the values beyond them."""

    median: float
    lower: float
    upper: float
    adjacent: tuple[float, float]
    outside: IntArray


def box_numbers(values: FloatArray) -> BoxNumbers:
    """Return what a box shows: adjacent values are the last within 1.5 interquartile ranges of a quartile."""
    ordered = np.sort(values)
    lower, median, upper = (percentile(ordered, p) for p in (25, 50, 75))
    reach = 1.5 * (upper - lower)
    inside = ordered[(ordered >= lower - reach) & (ordered <= upper + reach)]
    low, high = float(inside[0]), float(inside[-1])
    return BoxNumbers(median, lower, upper, (low, high), np.flatnonzero((values < low) | (values > high)))


def box_layers(
    values: Sequence[FloatArray],
    groups: Sequence[Group],
    row_ids: IntArray,
    *,
    labels: Sequence[str],
    look: Look,
    outsides: bool,
) -> list[Layer]:
    """Return boxes, whiskers and values beyond for each variable, side by side within a category.

    Parameters
    ----------
    values
        Each of shape (n_obs,), NaN where missing.
    groups, row_ids
        The categories, and the id of every row of the data set.
    labels
        What the legend calls the variables.
    look, outsides
        Look of the boxes, and whether values beyond the whiskers are drawn.

    Raises
    ------
    StataError
        2000 when no category has a value.
    """
    layers: list[Layer] = []
    centres = positions(groups)
    width = BOX_WIDTH / len(values)
    for k, column in enumerate(values):
        shift = width * (k - (len(values) - 1) / 2)
        known = [group.rows[~np.isnan(column[group.rows])] for group in groups]
        found = [(place + shift, rows) for place, rows in zip(centres, known, strict=True) if len(rows)]
        if not found:
            continue
        x = np.array([place for place, _ in found])
        boxes = [box_numbers(column[rows]) for _, rows in found]
        median = np.array([box.median for box in boxes])
        group = labels[k] if len(values) > 1 else ""
        whiskers = np.array([box.adjacent for box in boxes])
        layers.append(
            Layer(
                mark=Mark.INTERVAL,
                x=x,
                y=median,
                ll=whiskers[:, 0],
                ul=whiskers[:, 1],
                plot=k,
                group=group,
                look=Look(colour=look.colour, caps=True),
            )
        )
        lower, upper = np.array([box.lower for box in boxes]), np.array([box.upper for box in boxes])
        layers.append(
            Layer(
                mark=Mark.BOX,
                x=x,
                y=median,
                ll=lower,
                ul=upper,
                width=0.9 * width,
                plot=k,
                group=group,
                look=look,
                members=row_ids[np.concatenate([rows for _, rows in found])],
                member_of=np.repeat(np.arange(len(found)), [len(rows) for _, rows in found]),
            )
        )
        beyond = [(place, rows[box.outside]) for (place, rows), box in zip(found, boxes, strict=True)]
        rows = np.concatenate([part for _, part in beyond])
        if outsides and len(rows):
            at = np.concatenate([np.full(len(part), place) for place, part in beyond])
            layers.append(Layer(mark=Mark.POINT, x=at, y=column[rows], rows=row_ids[rows], plot=k, group=group))
    if not layers:
        raise StataError(2000, "no observations")
    return layers


def statistic(name: str, values: FloatArray) -> float:
    """Return a statistic of nonmissing values by Stata's name; NaN where there is none.

    Raises
    ------
    StataError
        198 for a name that is not known.
    """
    known = {
        "mean": lambda v: float(v.mean()),
        "sum": lambda v: float(v.sum()),
        "count": lambda v: float(len(v)),
        "min": lambda v: float(v.min()),
        "max": lambda v: float(v.max()),
        "median": lambda v: percentile(np.sort(v), 50),
        "sd": lambda v: float(v.std(ddof=1)) if len(v) > 1 else float("nan"),
        "iqr": lambda v: percentile(np.sort(v), 75) - percentile(np.sort(v), 25),
    }
    if name[:1] == "p" and name[1:].isdecimal() and 0 < int(name[1:]) < 100:
        return percentile(np.sort(values), int(name[1:])) if len(values) else float("nan")
    if name not in known:
        meant = nearest(name, known)
        hint = f"did you mean {meant}?" if meant else f"there are {', '.join(known)}, p1 to p99 and percent"
        raise StataError(198, f"({name}) is not a statistic; {hint}")
    if not len(values):
        return 0.0 if name in ("count", "sum") else float("nan")
    return known[name](values)
