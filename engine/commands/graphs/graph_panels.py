"""``by()``: one panel for each value of some variables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.commands.graphs.graph_words import Argument, quoted_lines, read_argument
from engine.commands.graphs.plot_data import axis_title
from engine.data.dataset import Dataset
from engine.data.formats import format_value
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.frame.groups import code_paths, code_variable
from engine.frame.resolve import resolve_names
from engine.graphs.axes import Grid, Panel
from engine.graphs.overlay import BoolArray, Panels
from engine.lang.command import OptionUse

MOST_PANELS = 400

_OPTIONS = {
    "total": 5,
    "missing": 4,
    "cols": 1,
    "rows": 1,
    "xrescale": 3,
    "yrescale": 3,
    "rescale": 2,
    "note": 4,
    "title": 3,
    "compact": 6,
}


def read_panels(use: OptionUse, dataset: Dataset, mask: BoolArray) -> Panels:
    """Return the panels for the observations of a mask, in ascending order of the variables' values.

    Raises
    ------
    StataError
        100 without variables, 111 for names that are not there, 198 for more panels than can be told apart, 2000
        without observations.
    """
    argument = read_argument(use, _OPTIONS)
    if not argument.text:
        raise StataError(100, "by() needs one or more variables", argument.span)
    names = resolve_names(argument.text, dataset, span=argument.span)
    if "missing" not in argument.options:
        for name in names:
            mask = mask & ~absent(dataset, name)
    rows = np.flatnonzero(mask)
    if not len(rows):
        raise StataError(2000, "no observations")
    codes = code_paths([code_variable(dataset, name, mask) for name in names])[-1]
    if codes.n_groups > MOST_PANELS:
        message = f"by() would draw {codes.n_groups:,} panels; the most is {MOST_PANELS}"
        raise StataError(198, message, argument.span)
    masks = []
    for group in range(codes.n_groups):
        inside = np.zeros(dataset.n_obs, dtype=bool)
        inside[rows[codes.values == group]] = True
        masks.append(inside)
    titles = [group_title(dataset, names, int(rows[first])) for first in codes.first_rows().tolist()]
    if "total" in argument.options:
        masks.append(mask)
        titles.append("Total")
    keys = distinct(titles)
    return Panels(
        panels=tuple(Panel(key=key, title=title) for key, title in zip(keys, titles, strict=True)),
        masks=tuple(masks),
        grid=_grid(argument, len(keys)),
        note=_note(argument, dataset, names),
        title=quoted_lines(argument.options.get("title") or ""),
    )


def _grid(argument: Argument, n_panels: int) -> Grid:
    columns, rows = argument.number("cols"), argument.number("rows")
    if columns is None and rows is not None and rows >= 1:
        columns = -(-n_panels // int(rows))
    free = "rescale" in argument.options
    return Grid(
        columns=max(1, int(columns)) if columns is not None else 0,
        common_x=not (free or "xrescale" in argument.options),
        common_y=not (free or "yrescale" in argument.options),
    )


def _note(argument: Argument, dataset: Dataset, names: Sequence[str]) -> str:
    if "note" in argument.options:
        return quoted_lines(argument.options["note"] or "")
    words = [axis_title(dataset, name) for name in names]
    listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
    return f"Graphs by {listed}"


def cuts_of(panels: Panels | None, mask: BoolArray) -> list[tuple[str, BoolArray]]:
    """Return key and observations of each panel; one without a key where there are no panels."""
    if panels is None:
        return [("", mask)]
    return [(panel.key, inside) for panel, inside in zip(panels.panels, panels.masks, strict=True)]


def absent(dataset: Dataset, name: str) -> BoolArray:
    """Return where a variable is missing, shape (n_obs,)."""
    if dataset.variable(name).is_string:
        return np.asarray(dataset.texts(name) == "", dtype=bool)
    return is_missing(dataset.numeric(name))


def group_title(dataset: Dataset, names: Sequence[str], row: int) -> str:
    """Return the values of a row in words: value labels where there are some."""
    return ", ".join(value_word(dataset, name, row) for name in names)


def value_word(dataset: Dataset, name: str, row: int) -> str:
    """Return one value in words."""
    variable = dataset.variable(name)
    if variable.is_string:
        return str(dataset.texts(name)[row])
    value = float(dataset.numeric(name)[row])
    return dataset.labels_of(name).get(value) or format_value(value, variable.format).strip()


def distinct(titles: Sequence[str]) -> list[str]:
    """Return the titles, with a number behind each that has been there before."""
    seen: dict[str, int] = {}
    keys = []
    for title in titles:
        seen[title] = seen.get(title, 0) + 1
        keys.append(title if seen[title] == 1 else f"{title} ({seen[title]})")
    return keys
