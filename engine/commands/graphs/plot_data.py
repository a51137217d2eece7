"""What a graph command draws: the variables, the sample, and one row per group where ``per()`` asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context
from engine.commands.graphs.plot_options import PER
from engine.data.dataset import Dataset
from engine.data.formats import format_value
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.frame.groups import code_paths, code_variable
from engine.frame.resolve import resolve_names
from engine.graphs.series import Series, Units
from engine.lang.command import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotData:
    """The drawn variables, in the order asked for, on the rows that are drawn.

    Attributes
    ----------
    series
        Each of shape (n,).
    rows
        Positions in the data set of the sample, shape (m,); with ``per()`` there are more of them than points.
    point_of
        Shape (m,), the point that stands for each row of the sample.
    drawn
        Positions in the data set of the points, shape (n,).
    """

    names: tuple[str, ...]
    series: tuple[Series, ...]
    units: Units
    rows: npt.NDArray[np.intp]
    point_of: npt.NDArray[np.int64]
    drawn: npt.NDArray[np.int64]


def axis_title(dataset: Dataset, name: str) -> str:
    """Return the variable's label, or its name where it has none."""
    return dataset.variable(name).label or name


def plotted_names(part: Part, dataset: Dataset, *, least: int, most: int) -> tuple[str, ...]:
    """Return the full names of the variables to draw; r(100), r(102) or r(103) for none, too few or too many."""
    if not part.body:
        raise StataError(100, "varlist required", part.body_span)
    names = resolve_names(part.body, dataset, span=part.body_span, unique=False)
    if len(names) < least:
        raise StataError(102, f"too few variables specified: {least} are needed", part.body_span)
    if len(names) > most:
        raise StataError(
            103, f"too many variables specified: {names[most]} is one more than can be drawn", part.body_span
        )
    for name in names:
        if dataset.variable(name).is_string:
            message = f"type mismatch: {name} is a string variable; a graph needs numbers"
            raise StataError(109, message, part.body_span)
    return names


def plot_data(names: Sequence[str], part: Part, context: Context) -> PlotData:
    """Return the variables on the observations that ``if``/``in`` select and where none of them is missing.

    Raises
    ------
    StataError
        2000 when no observation is left; 459 when a variable varies within a group of ``per()``.
    """
    dataset = context.dataset
    mask = context.selected(part)
    columns = [dataset.numeric(name) for name in names]
    for column in columns:
        mask &= ~is_missing(column)
    levels = levels_of(part, dataset)
    for level in levels:
        mask &= ~_absent(dataset, level)
    rows = np.flatnonzero(mask)
    if not len(rows):
        raise StataError(2000, "no observations")
    if levels:
        first, point_of = _one_per_group(dataset, levels, mask, rows)
        for name, column in zip(names, columns, strict=True):
            different = np.flatnonzero(column[rows] != column[rows[first][point_of]])
            if len(different):
                raise _varies(dataset, name, int(rows[different[0]]), levels)
        drawn = rows[first]
    else:
        drawn, point_of = rows, np.arange(len(rows))
    return PlotData(
        names=tuple(names),
        series=tuple(
            Series(axis_title(dataset, name), column[drawn]) for name, column in zip(names, columns, strict=True)
        ),
        units=Units(dataset.row_ids[drawn], levels),
        rows=rows,
        point_of=point_of,
        drawn=np.asarray(drawn, dtype=np.int64),
    )


def levels_of(part: Part, dataset: Dataset) -> tuple[str, ...]:
    """Return the level variables of ``per()``."""
    use = part.option(PER.name)
    if use is None or not use.argument:
        return ()
    return resolve_names(use.argument, dataset, span=use.argument_span)


def _absent(dataset: Dataset, name: str) -> npt.NDArray[np.bool_]:
    if dataset.variable(name).is_string:
        absent: npt.NDArray[np.bool_] = np.asarray(dataset.texts(name) == "", dtype=bool)
        return absent
    return is_missing(dataset.numeric(name))


def _one_per_group(
    dataset: Dataset, levels: Sequence[str], mask: npt.NDArray[np.bool_], rows: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return each group's first row (an index into `rows`) and every row's group; groups are paths of the levels."""
    codes = code_paths([code_variable(dataset, level, mask) for level in levels])[-1]
    first = np.full(codes.n_groups, len(rows), dtype=np.int64)
    np.minimum.at(first, codes.values, np.arange(len(rows)))
    return first, codes.values


def _varies(dataset: Dataset, name: str, row: int, levels: Sequence[str]) -> StataError:
    where = ", ".join(
        f"{level} {format_value(dataset.columns[level][row], dataset.variable(level).format)}" for level in levels
    )
    return StataError(
        459,
        f"{name} differs between observations of {where}; per() draws one point per group. "
        f"Leave out per() to draw every observation.",
    )
