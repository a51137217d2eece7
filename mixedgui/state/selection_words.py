"""What a selection of observations is in words and as a condition, and the commands made from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.api import (
    Dataset,
    MixedSpec,
    command_from_text,
    format_value,
    mixed_spec_from_text,
    parse_expression,
    print_command,
    print_expression,
    print_mixed,
)
from mixedgui.state.data_commands import rows_condition
from mixedgui.state.grouping import Grouping
from mixedgui.state.selection import RowIds
from mixedgui.state.translation import counted, tr

MOST_GROUPS = 100
"""Groups that a condition names one by one."""


@dataclass(frozen=True, slots=True)
class Words:
    """A selection: what it is, and an ``if`` condition for it, empty where there is none; `whole` for whole groups."""

    text: str
    condition: str
    whole: bool = False


def in_words(rows: RowIds, dataset: Dataset, grouping: Grouping | None, path: Sequence[str]) -> Words:
    """Describe selected rows; groups that are selected whole are named by their level variables.

    Raises
    ------
    TooManyRows
        The rows can be named neither by groups nor one by one.
    """
    if not len(rows):
        return Words(tr("Nothing is selected"), "")
    positions = np.flatnonzero(np.isin(dataset.row_ids, rows))
    n = len(positions)
    observations = counted(n, "{n} observation", "{n} observations")
    if grouping is None or not path:
        return Words(tr("{0} selected").format(observations), rows_condition(positions))
    touched = grouping.touched(rows)
    groups = int(touched.sum())
    names = counted(groups, "{n} group of {level}", "{n} groups of {level}").format(level=" ".join(path))
    whole = len(grouping.rows_of(touched)) == len(rows) and groups <= MOST_GROUPS
    if whole:
        return Words(
            tr("{0} selected, {1}").format(names, observations), _of_groups(positions, dataset, path), whole=True
        )
    return Words(tr("{0} in {1} selected").format(observations, names), rows_condition(positions))


def _of_groups(positions: npt.NDArray[np.intp], dataset: Dataset, path: Sequence[str]) -> str:
    """Return a condition on the level variables that holds for the groups of these rows."""
    columns = [dataset.values_at(name, positions) for name in path]
    kinds = list(dict.fromkeys(zip(*(column.tolist() for column in columns), strict=True)))
    if len(path) == 1:
        name = path[0]
        values = [_value(kind[0]) for kind in kinds]
        if len(values) == 1:
            return f"{name} == {values[0]}"
        if not dataset.variable(name).is_string:
            return f"inlist({name}, {', '.join(values)})"
        return " | ".join(f"{name} == {value}" for value in values)
    parts = [" & ".join(f"{n} == {_value(v)}" for n, v in zip(path, kind, strict=True)) for kind in kinds]
    return parts[0] if len(parts) == 1 else " | ".join(f"({part})" for part in parts)


def _value(value: str | float) -> str:
    return f'"{value}"' if isinstance(value, str) else format_value(value, "%18.0g").strip()


def indicator(name: str, condition: str) -> str:
    """Return the command that marks the selection by 1 and everything else by 0."""
    return f"generate byte {name} = {condition}"


def free_name(dataset: Dataset, wish: str = "selected") -> str:
    """Return a variable name that the data do not have yet."""
    if wish not in dataset:
        return wish
    number = 2
    while f"{wish}{number}" in dataset:
        number += 1
    return f"{wish}{number}"


def without(cmdline: str, condition: str) -> str:
    """Return the command of a fit with the observations of a condition left out; its own ``if`` stays."""
    spec = mixed_spec_from_text(cmdline) if cmdline.split()[:1] == ["mixed"] else None
    if isinstance(spec, MixedSpec):
        text = f"!({condition})" if spec.if_ is None else f"({print_expression(spec.if_)}) & !({condition})"
        return print_mixed(replace(spec, if_=parse_expression(text)))
    command = command_from_text(cmdline)
    own = command.main.if_
    text = f"!({condition})" if own is None else f"({print_expression(own)}) & !({condition})"
    return print_command(
        replace(command, parts=(replace(command.main, if_=parse_expression(text)), *command.parts[1:]))
    )
