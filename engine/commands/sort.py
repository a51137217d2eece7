"""``sort`` and ``gsort``: the order of the observations."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects, Run
from engine.data.dataset import Dataset
from engine.errors import StataError
from engine.frame.resolve import resolve_name, resolve_names
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, VarlistRule

SORT = CommandDecl(
    name="sort",
    minimum=4,
    title="Ascending sort",
    help="Puts the observations into ascending order; missing values come last.",
    menu=("Data", "Sort", "Ascending sort"),
    varlist=VarlistRule.REQUIRED,
    options=(
        OptionDecl(
            name="stable",
            minimum=1,
            label="Keep the order of ties",
            help="Leave observations with equal values in their present order (they always are here).",
            page="model",
        ),
    ),
    examples=("sort id", "sort id week"),
)

GSORT = CommandDecl(
    name="gsort",
    minimum=5,
    title="Ascending and descending sort",
    help="Puts the observations into order; a minus before a variable makes its order descending.",
    menu=("Data", "Sort", "Ascending and descending sort"),
    varlist=VarlistRule.TEXT,
    examples=("gsort -mathach", "gsort id -week"),
)

_SMALL_RANGE = 65535
_SIGNED = re.compile(r"([+-]?)\s*([^\s+-]+)")


def order_of(dataset: Dataset, keys: list[tuple[str, bool]]) -> npt.NDArray[np.intp]:
    """Return the row indices in the order of `keys`, (name, descending); ties keep their order."""
    order: npt.NDArray[np.intp] = np.arange(dataset.n_obs)
    for name, descending in reversed(keys):
        column = dataset.columns[name]
        if column.dtype == object:
            texts = [t.decode("latin-1") if isinstance(t, bytes) else t for t in column]
            place = {text: number for number, text in enumerate(sorted(set(texts)))}
            rank = np.fromiter(map(place.__getitem__, texts), dtype=np.int64, count=len(texts))
        else:
            rank = column
        rank = _narrow(-rank.astype(np.float64) if descending else rank)
        order = order[np.argsort(rank[order], kind="stable")]
    return order


def _narrow(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return whole numbers of a small range in 16 bits, which are sorted by their digits; others as they are."""
    if not len(values):
        return values
    low, high = float(values.min()), float(values.max())
    if high - low > _SMALL_RANGE or (values.dtype.kind == "f" and not np.array_equal(values, np.trunc(values))):
        return values
    if values.dtype.kind == "f":
        return (values - low).astype(np.uint16)  # missing values alone are too large for integers
    return (values.astype(np.int64) - int(low)).astype(np.uint16)


def run_sort(command: Command, context: Context) -> Effects:
    """Sort in ascending order."""
    part, dataset = command.main, context.dataset
    names = resolve_names(part.body, dataset, span=part.body_span)
    order = order_of(dataset, [(name, False) for name in names])
    return Effects(dataset=dataset.take(order, sorted_by=names))


def run_gsort(command: Command, context: Context) -> Effects:
    """Sort with a direction per variable; the data count as sorted by the leading ascending ones."""
    part, dataset = command.main, context.dataset
    matches = _SIGNED.findall(part.body)
    if not matches or _SIGNED.sub("", part.body).strip():
        raise StataError(198, "gsort takes variables, each with + or - before it where wanted", part.body_span)
    keys = [(resolve_name(name, dataset, part.body_span), sign == "-") for sign, name in matches]
    ascending: list[str] = []
    for name, descending in keys:
        if descending:
            break
        ascending.append(name)
    return Effects(dataset=dataset.take(order_of(dataset, keys), sorted_by=tuple(ascending)))


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = ((SORT, run_sort), (GSORT, run_gsort))
