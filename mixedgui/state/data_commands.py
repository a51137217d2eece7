"""Commands for whole rows and variables of the data, as the data editor writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from mixedgui.state.translation import tr

LONGEST_LIST = 250
"""As many numbers as ``inlist()`` takes at once."""

MOST_ROWS = 5000
"""Scattered rows are named one by one up to this many; more want a condition."""


class TooManyRows(ValueError):
    """So many scattered rows cannot be named in a command; the text is a sentence for the user."""


def runs(positions: npt.NDArray[np.integer[Any]]) -> list[tuple[int, int]]:
    """Return the stretches of neighbours among positions, as first and last observation (from 1), in order."""
    if not len(positions):
        return []
    ordered = np.unique(positions) + 1
    breaks = np.flatnonzero(np.diff(ordered) > 1)
    starts = ordered[np.concatenate([[0], breaks + 1])]
    ends = ordered[np.concatenate([breaks, [len(ordered) - 1]])]
    return [(int(first), int(last)) for first, last in zip(starts, ends, strict=True)]


def rows_clause(positions: npt.NDArray[np.integer[Any]]) -> str:
    """Return ``in 3/7`` for neighbours, else ``if`` with a condition on ``_n``; raises `TooManyRows`."""
    stretches = runs(positions)
    if len(stretches) == 1:
        first, last = stretches[0]
        return f"in {first}" if first == last else f"in {first}/{last}"
    return f"if {rows_condition(positions)}"


def rows_condition(positions: npt.NDArray[np.integer[Any]]) -> str:
    """Return a condition on ``_n`` that holds for these rows and no others; raises `TooManyRows`."""
    stretches = runs(positions)
    if len(stretches) > MOST_ROWS:
        said = tr("{0:,} scattered rows cannot be named one by one. Write a filter for them instead.")
        raise TooManyRows(said.format(len(positions)))
    single = [str(first) for first, last in stretches if first == last]
    pieces = [f"inrange(_n, {first}, {last})" for first, last in stretches if first != last]
    for at in range(0, len(single), LONGEST_LIST):
        some = single[at : at + LONGEST_LIST]
        pieces.append(f"_n == {some[0]}" if len(some) == 1 else f"inlist(_n, {', '.join(some)})")
    return " | ".join(pieces)


def drop_rows(positions: npt.NDArray[np.integer[Any]]) -> str:
    """Return the command that removes some rows."""
    return f"drop {rows_clause(positions)}"


def drop_variables(names: Iterable[str]) -> str:
    """Return the command that removes some variables."""
    return f"drop {' '.join(names)}"


def sort_data(keys: Sequence[tuple[str, bool]]) -> str:
    """Return the command that sorts the data as a view is sorted."""
    if any(descending for _, descending in keys):
        return "gsort " + " ".join(("-" if descending else "") + name for name, descending in keys)
    return "sort " + " ".join(name for name, _ in keys)
