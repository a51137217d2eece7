"""``reshape error``: the observations that kept the last ``reshape`` from what it was asked for ([D] reshape)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects
from engine.commands.data.reshape_layout import Layout
from engine.data.dataset import Dataset
from engine.data.formats import format_value
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.frame.groups import Codes, code_paths, code_variable
from engine.results.stored import DataRow, DataTable

REMEMBERED = "S_reshape"
"""Global macro with the last request that failed: direction, i, j and the variables that vary."""
_SEPARATOR = "|"


def remember(word: str, layout: Layout, context: Context) -> None:
    """Keep a request that the data do not allow."""
    stubs = (layout.long_name(stub) if word == "wide" else stub for stub in layout.stubs)
    fields = (word, " ".join(layout.i), layout.j, " ".join(stubs))
    context.macros.globals[REMEMBERED] = _SEPARATOR.join(fields)


def run_error(context: Context) -> Effects:
    """List the observations; r(111) where no request has failed or its variables are gone."""
    text = context.macros.globals.get(REMEMBERED, "")
    if not text:
        raise StataError(111, "no reshape has failed because of the data")
    word, i_text, j, stubs = text.split(_SEPARATOR)
    i = tuple(i_text.split())
    dataset = context.dataset
    gone = [name for name in (*i, *((j,) if word == "wide" else ())) if name not in dataset]
    if gone:
        raise StataError(111, f"variable {gone[0]} not found: these are not the data that could not be reshaped")
    form = "wide" if word == "long" else "long"
    context.say("", f"i ({' '.join(i)}) indicates the top-level grouping such as subject id.")
    if form == "long":
        context.say(f"j ({j}) indicates the subgrouping such as time.")
    context.say(
        f"The data are in the {form} form; there should be a single observation per {'i' if form == 'wide' else 'i-j'}."
    )
    found = list(_problems(dataset, i, (j, tuple(stubs.split())) if form == "long" else None))
    if not found:
        context.say("", "(no observation is in the way now)")
    for words, rows, names in found:
        context.say("", f"{len(rows):,} of {dataset.n_obs:,} observations {words}:", "")
        _list(dataset, rows, names, context)
    table = DataTable(
        "reshape_error",
        ("obs",),
        tuple(DataRow(words, str(row + 1), (row + 1.0,)) for words, rows, _ in found for row in rows.tolist()),
    )
    return Effects(tables=(table,) if found else ())


Problem = tuple[str, npt.NDArray[np.intp], tuple[str, ...]]
"""What is wrong, with which rows, and the variables that show it."""


def _problems(dataset: Dataset, i: tuple[str, ...], long: tuple[str, tuple[str, ...]] | None) -> Iterator[Problem]:
    """Find the rows in the way; `long` has j and the variables that vary, None for data in the wide form."""
    groups = _codes(dataset, i)
    if long is None:
        yield from _repeated("have duplicate i values", groups, i)
        return
    j, stubs = long
    absent = _absent(dataset, j)
    if absent.any():
        yield "have a missing value of j", np.flatnonzero(absent), (*i, j)
    yield from _repeated("have duplicate j values within i", _codes(dataset, (*i, j)), (*i, j))
    first = groups.first_rows()[groups.values]
    for variable in dataset.variables:
        if variable.name in {*i, j, *stubs}:
            continue
        column = dataset.columns[variable.name]
        differs = np.asarray(column != column[first], dtype=bool)
        if differs.any():
            inside = np.isin(groups.values, groups.values[differs])
            rows = np.flatnonzero(inside)
            rows = rows[np.argsort(groups.values[rows], kind="stable")]
            yield f"lie in groups within which {variable.name} is not constant", rows, (*i, j, variable.name)


def _repeated(words: str, codes: Codes, names: tuple[str, ...]) -> Iterator[Problem]:
    rows = np.flatnonzero(codes.sizes()[codes.values] > 1)
    if len(rows):
        yield words, rows[np.argsort(codes.values[rows], kind="stable")], names


def _codes(dataset: Dataset, names: tuple[str, ...]) -> Codes:
    return code_paths([code_variable(dataset, name) for name in names])[-1]


def _absent(dataset: Dataset, name: str) -> npt.NDArray[np.bool_]:
    if dataset.variable(name).is_string:
        return np.asarray(dataset.texts(name) == "", dtype=bool)
    return is_missing(dataset.numeric(name))


def _list(dataset: Dataset, rows: npt.NDArray[np.intp], names: tuple[str, ...], context: Context) -> None:
    """List rows with their numbers."""
    from engine.tables.listing import ListStyle, list_column, list_tables

    columns = []
    for name in names:
        variable = dataset.variable(name)
        texts = tuple(
            str(value) if variable.is_string else format_value(value, variable.format).strip()
            for value in dataset.values_at(name, rows).tolist()
        )
        columns.append(list_column(name, texts, left=variable.is_string))
    style = ListStyle(linesize=context.settings.linesize)
    for table in list_tables(columns, (rows + 1).tolist(), style):
        context.emit(table)
