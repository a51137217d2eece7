"""From the columns of a foreign file to a data set, with sentences about what could not stay as it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from engine.data.convert import smallest_storage
from engine.data.dataset import Column, Dataset, ValueLabel, Variable, new_row_ids
from engine.data.dta_layout import string_storage
from engine.data.formats import default_format
from engine.data.missing import MISSING, from_doubles, none_missing
from engine.data.names import Case, is_legal

LONGEST_LABEL = 80
_LARGEST_LABELLED = 2147483620
_MOST_NAMED = 10
"""How many things of one kind a remark lists."""


@dataclass(slots=True, kw_only=True)
class Arriving:
    """One column: the name that the file gives it, and what a variable will know.

    `texts` are value labels; those a data set cannot hold (of text, of fractions) become notes.
    """

    name: str
    storage: str
    values: Column
    format: str = ""
    label: str = ""
    texts: Mapping[float | str, str] = field(default_factory=dict)
    value_label: str = ""
    """Name of the value label; empty: that of the variable."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a foreign file holds, and remarks about what was changed or decided on the way."""

    dataset: Dataset
    remarks: tuple[str, ...] = ()


def numbers(name: str, values: npt.NDArray[np.float64], fmt: str = "") -> Arriving:
    """Return a column of doubles (missing codes included) in the smallest storage type that holds them exactly."""
    storage = smallest_storage(values)
    as_they_are = storage == "double" and none_missing(values)
    column = values if as_they_are else from_doubles(values, storage)
    return Arriving(name=name, storage=storage, values=column, format=fmt)


def words(name: str, texts: Column) -> Arriving:
    """Return a column of text, shape (n,), objects of type str."""
    width = max((len(text.encode("utf-8", errors="replace")) for text in set(texts.tolist())), default=1)
    return Arriving(name=name, storage=string_storage(width), values=texts)


def nothing(name: str, n_obs: int) -> Arriving:
    """Return a column of missing values."""
    return numbers(name, np.full(n_obs, MISSING))


def assemble(
    columns: Sequence[Arriving],
    names: Sequence[str],
    *,
    n_obs: int,
    label: str = "",
    notes: tuple[str, ...] = (),
    remarks: Iterable[str] = (),
) -> Arrival:
    """Return the data set of `columns` under legal, distinct `names`; labels that are too long become notes too."""
    variables: list[Variable] = []
    value_labels: dict[str, ValueLabel] = {}
    said = [*renamed(columns, names), *remarks]
    for column, name in zip(columns, names, strict=True):
        texts, more = _labels(column.texts)
        attached = ""
        if texts:
            attached = column.value_label if is_legal(column.value_label) else name
            value_labels[attached] = ValueLabel(attached, texts)
        own_notes = (*column.notes, *more)
        shown = column.label or (column.name if column.name != name else "")
        if len(shown) > LONGEST_LABEL:
            own_notes = (*own_notes, shown)
        fmt = column.format or default_format(column.storage)
        variables.append(Variable(name, column.storage, fmt, shown[:LONGEST_LABEL], attached, own_notes))
    dataset = Dataset(
        variables=tuple(variables),
        columns={name: column.values for name, column in zip(names, columns, strict=True)},
        n_obs=n_obs,
        row_ids=new_row_ids(n_obs),
        value_labels=value_labels,
        label=label[:LONGEST_LABEL],
        notes=(*notes, label) if len(label) > LONGEST_LABEL else notes,
    )
    return Arrival(dataset, tuple(said))


def renamed(columns: Sequence[Arriving], names: Sequence[str]) -> list[str]:
    """Return a remark about the columns whose names could not stay, none about blanks and capitals."""
    changed = [
        f"{column.name or '(no name)'} is {name}"
        for column, name in zip(columns, names, strict=True)
        if column.name.lower().replace(" ", "") != name.lower()
    ]
    return [f"(names that a variable cannot have: {listed(changed)})"] if changed else []


def listed(items: Sequence[str]) -> str:
    """Return the first items with commas, and how many more there are."""
    more = f" and {len(items) - _MOST_NAMED} more" if len(items) > _MOST_NAMED else ""
    return ", ".join(items[:_MOST_NAMED]) + more


def first_words(message: object) -> str:
    """Return the beginning of what a library says about a file."""
    return str(message).partition("\n")[0][:200]


def in_case(dataset: Dataset, case: Case) -> Dataset:
    """Return the data with all names in one case; names that would be equal or illegal stay."""
    wanted = [case.apply(name) for name in dataset.names]
    new = {
        old: name if wanted.count(name) == 1 and is_legal(name) else old
        for old, name in zip(dataset.names, wanted, strict=True)
    }
    return replace(
        dataset,
        variables=tuple(replace(variable, name=new[variable.name]) for variable in dataset.variables),
        columns={new[name]: column for name, column in dataset.columns.items()},
        sorted_by=tuple(new[name] for name in dataset.sorted_by),
    )


def _labels(texts: Mapping[float | str, str]) -> tuple[dict[float, str], tuple[str, ...]]:
    """Return the labels a data set can hold, and a note with those of text and fractions."""
    kept: dict[float, str] = {}
    others: list[str] = []
    for value, text in texts.items():
        if isinstance(value, str):
            others.append(f"{value} = {text}")
        elif value >= MISSING or (value == np.floor(value) and abs(value) <= _LARGEST_LABELLED):
            kept[float(value)] = text
        else:
            others.append(f"{value:g} = {text}")
    return dict(sorted(kept.items())), ((f"labels of values: {'; '.join(others)}",) if others else ())
