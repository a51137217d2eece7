"""Data of a second file beside those in memory: how ``merge`` and ``append`` read them and bring columns together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context
from engine.commands.files.file_names import naming_a_file, read_file_name
from engine.data.dataset import Dataset, ValueLabel, Variable
from engine.data.dta_layout import STRL
from engine.data.formats import default_format
from engine.data.missing import MISSING, from_doubles, to_doubles
from engine.errors import Span, StataError

Rows = npt.NDArray[np.int64]
"""Row numbers from 0; -1 where a row is not there."""


def read_second(name: str, span: Span | None, context: Context) -> Dataset:
    """Return the data of a file named after ``using``; its label is printed as ``use`` does."""
    from engine.commands.files.use import load
    from engine.data.sources import find

    with naming_a_file(span):
        source = find(read_file_name(name), sink=context.sink, cancel=context.cancel)
        return load(source, context)


def common_storage(first: str, second: str) -> str:
    """Return the smallest storage type that takes the values of two; both numeric or both text."""
    if first == second:
        return first
    if first.startswith("str"):
        if STRL in (first, second):
            return STRL
        return f"str{max(int(first[3:]), int(second[3:]))}"
    pair = {first, second}
    if "double" in pair or pair == {"long", "float"}:
        return "double"
    if "float" in pair:
        return "float"
    order = ("byte", "int", "long")
    return order[max(order.index(first), order.index(second))]


def taken(dataset: Dataset, name: str, rows: Rows, storage: str) -> npt.NDArray[Any]:
    """Return the values of a column at `rows` in another storage type; missing where a row is not there."""
    column = dataset.columns[name]
    own = dataset.variable(name).storage
    absent = rows < 0
    if own.startswith("str") or own == storage:
        if not len(column):
            return _blank(len(rows), storage)
        result = column[np.where(absent, 0, rows)]
        if absent.any():
            result[absent] = _blank(1, storage)[0]
        return result
    if not len(column):
        return _blank(len(rows), storage)
    return from_doubles(np.where(absent, MISSING, to_doubles(column, own)[rows]), storage)


def _blank(count: int, storage: str) -> npt.NDArray[Any]:
    """Return `count` missing values of a storage type."""
    if storage.startswith("str"):
        return np.full(count, "", dtype=object)
    return from_doubles(np.full(count, MISSING), storage)


def united(first: Variable, second: Variable) -> Variable:
    """Return the first variable with room for the values of both; what it lacks of labels comes from the second."""
    storage = common_storage(first.storage, second.storage)
    fmt = first.format if first.format != default_format(first.storage) else default_format(storage)
    return Variable(
        first.name,
        storage,
        fmt if storage != first.storage else first.format,
        first.label or second.label,
        first.value_label or second.value_label,
        first.notes or second.notes,
    )


def same_kind(first: Variable, second: Variable, span: Span | None) -> None:
    """Raise r(106) where one of two variables holds text and the other numbers."""
    if first.is_string != second.is_string:
        message = (
            f"variable {first.name} is {first.storage} in master but {second.storage} in using data; "
            "the option force lets the values of the using data be missing"
        )
        raise StataError(106, message, span)


def label_tables(
    first: Dataset, others: Sequence[ValueLabel], context: Context, *, nolabel: bool
) -> dict[str, ValueLabel]:
    """Return the value labels of both data sets; one that is there already stays, and that is said."""
    labels = dict(first.value_labels)
    for entry in () if nolabel else others:
        if entry.name not in labels:
            labels[entry.name] = entry
        elif labels[entry.name] != entry:
            context.say(f"(label {entry.name} already defined)")
    return labels
