"""``sort`` and ``gsort``: the order of the observations."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects, Run
from engine.data.dataset import Dataset, Variable
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.frame.groups import code_paths, code_variable
from engine.frame.resolve import check_new_name, resolve_name, resolve_names
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, Picks, VarlistRule

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
    picks=Picks.VARIABLES,
    options=(
        OptionDecl(
            name="mfirst",
            minimum=1,
            label="Missing values first",
            page="model",
            help="Put missing values first where the order is descending.",
        ),
        OptionDecl(
            name="generate",
            minimum=1,
            kind=OptionKind.NEW_VARIABLES,
            label="Group variable",
            page="model",
            help="Name of a variable that numbers the groups of equal values.",
        ),
    ),
    examples=("gsort -mathach", "gsort id -week"),
)

_SMALL_RANGE = 65535
_SIGNED = re.compile(r"([+-]?)\s*([^\s+-]+)")


def order_of(dataset: Dataset, keys: list[tuple[str, bool]], *, missing_first: bool = False) -> npt.NDArray[np.intp]:
    """Return the row indices in the order of `keys`, (name, descending); ties keep their order.

    Missing values come last in a descending order too, as ties, unless they are to be `missing_first`.
    """
    order: npt.NDArray[np.intp] = np.arange(dataset.n_obs)
    for name, descending in reversed(keys):
        column = dataset.columns[name]
        if column.dtype == object:
            texts = [t.decode("latin-1") if isinstance(t, bytes) else t for t in column]
            place = {text: number for number, text in enumerate(sorted(set(texts)))}
            rank: npt.NDArray[Any] = np.fromiter(map(place.__getitem__, texts), dtype=np.int64, count=len(texts))
        else:
            rank = column
        if descending:
            rank = -rank.astype(np.float64)
            if column.dtype != object:
                rank[is_missing(dataset.numeric(name))] = -np.inf if missing_first else np.inf
            elif missing_first:
                rank[[text == "" for text in texts]] = -np.inf
        rank = _narrow(rank)
        order = order[np.argsort(rank[order], kind="stable")]
    return order


def _narrow(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return whole numbers of a small range in 16 bits, which are sorted by their digits; others as they are."""
    if not len(values):
        return values
    low, high = float(values.min()), float(values.max())
    if (
        not np.isfinite(high - low)
        or high - low > _SMALL_RANGE
        or (values.dtype.kind == "f" and not np.array_equal(values, np.trunc(values)))
    ):
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
    order = order_of(dataset, keys, missing_first=part.has("mfirst"))
    ordered = dataset.take(order, sorted_by=tuple(ascending))
    use = part.option("generate")
    if use is not None and use.argument:
        new = check_new_name(use.argument.strip(), dataset, use.argument_span)
        numbers = code_paths([code_variable(ordered, name) for name, _ in keys])[-1].values
        changes = np.concatenate([[1], np.diff(numbers) != 0]) if len(numbers) else numbers
        groups = np.cumsum(changes).astype(np.float64)
        ordered = ordered.with_variable(Variable(new, "double", "%10.0g"), groups)
    return Effects(dataset=ordered)


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = ((SORT, run_sort), (GSORT, run_gsort))
