"""``reshape``: data from wide to long form and back ([D] reshape)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects
from engine.commands.data.reshape_error import remember, run_error
from engine.commands.data.reshape_layout import (
    Layout,
    asked_values,
    check_names,
    found_values,
    remembered,
    value_text,
    with_layout,
    without_layout,
)
from engine.commands.data.second_data import common_storage, taken
from engine.commands.data.storage import text_storage
from engine.data.dataset import Column, Dataset, Variable, new_row_ids
from engine.data.formats import default_format, format_value
from engine.data.missing import from_doubles, is_missing
from engine.errors import StataError
from engine.frame.groups import Codes, code_paths, code_variable
from engine.frame.resolve import resolve_names
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, Picks, VarlistRule
from engine.tables.document import Lines
from engine.tables.reshape import reshape_report

DECLARATION = CommandDecl(
    name="reshape",
    minimum=7,
    title="Convert data between wide and long",
    help="reshape long STUBS, i(ID) j(NEWVAR) makes an observation of each numbered variable; reshape wide goes back.",
    menu=("Data", "Create or change data", "Convert data between wide and long"),
    varlist=VarlistRule.TEXT,
    picks=Picks.VARIABLES,
    options=(
        OptionDecl(
            name="i",
            minimum=1,
            kind=OptionKind.VARIABLES,
            label="Identifier",
            help="Variables that identify an observation of the wide form.",
            page="model",
        ),
        OptionDecl(
            name="j",
            minimum=1,
            kind=OptionKind.TEXT,
            label="Numbering variable",
            help="Variable whose values stand in the names of the wide form; values may follow its name.",
            page="model",
        ),
        OptionDecl(
            name="string", minimum=1, label="Letters allowed", help="Let the values of j be text.", page="model"
        ),
    ),
    examples=("reshape long inc ue, i(id) j(year)", "reshape wide weight, i(id) j(week)", "reshape long"),
)  # fmt: skip

_NOT_IDENTIFIED, _MISSING_J = 9, 498
_MOST_NAMES = 100_000


def run(command: Command, context: Context) -> Effects:
    """Reshape; r(9) with the offending identifier where the data do not allow it."""
    part, dataset = command.main, context.dataset
    word, _, rest = part.body.partition(" ")
    if word == "clear" and not rest and not part.options:
        return Effects(dataset=replace(dataset, characteristics=without_layout(dataset)))
    if word == "error" and not rest:
        return run_error(context)
    if word not in ("long", "wide"):
        raise StataError(198, "there are reshape long, reshape wide, reshape clear and reshape error", part.body_span)
    layout = _layout(part, word, rest, dataset)
    try:
        return _to_long(layout, part, context) if word == "long" else _to_wide(layout, part, context)
    except StataError as error:
        if error.rc in (_NOT_IDENTIFIED, _MISSING_J):
            remember(word, layout, context)
        raise


def _layout(part: Part, word: str, rest: str, dataset: Dataset) -> Layout:
    """Return the request as typed, or the last one where nothing but the direction is."""
    if not rest.strip() and not part.options:
        known = remembered(dataset)
        if known is None:
            raise StataError(198, f"reshape {word} needs stubs, i() and j(): the data have not been reshaped before")
        return known
    stubs = tuple(dict.fromkeys(rest.split()))
    if not stubs:
        raise StataError(198, f"reshape {word} needs the stubs of the variables, such as inc for inc80 inc81")
    use, numbering = part.option("i"), part.option("j")
    if use is None or not use.argument:
        raise StataError(198, "option i() required: the variables that identify an observation of the wide form")
    i = resolve_names(use.argument, dataset, span=use.argument_span)
    string = part.has("string")
    j, typed = "_j", ""
    if numbering is not None and numbering.argument:
        j, _, typed = numbering.argument.partition(" ")
    elif word == "wide":
        raise StataError(198, "option j() required: the variable whose values number the new variables")
    if word == "wide" and j not in dataset:
        j = resolve_names(j, dataset, span=numbering.argument_span if numbering else None)[0]
    if word == "wide":
        stubs = tuple(_wide_stub(stub, dataset, part) for stub in stubs)
    return Layout(stubs, i, j, string, asked_values(typed, string=string))


def _wide_stub(stub: str, dataset: Dataset, part: Part) -> str:
    """Return the full name of a variable that becomes several, with its ``@`` where there is one."""
    if "@" in stub:
        return stub
    return resolve_names(stub, dataset, span=part.body_span)[0]


def _group_codes(dataset: Dataset, names: tuple[str, ...]) -> Codes:
    return code_paths([code_variable(dataset, name) for name in names])[-1]


def _place(dataset: Dataset, names: tuple[str, ...], row: int) -> str:
    """Return ``id = 3, year = 80`` of one observation."""
    shown = (f"{name} = {format_value(_value(dataset, name, row), dataset.variable(name).format)}" for name in names)
    return ", ".join(shown)


def _value(dataset: Dataset, name: str, row: int) -> Any:
    if dataset.variable(name).is_string:
        return dataset.texts(name)[row]
    return float(dataset.numeric(name)[row])


def _repeated(codes: Codes) -> int:
    """Return a row whose code occurs before it, -1 when there is none."""
    first = np.zeros(len(codes.values), dtype=bool)
    first[codes.first_rows()] = True
    again = np.flatnonzero(~first)
    return int(again[0]) if len(again) else -1


def _to_long(layout: Layout, part: Part, context: Context) -> Effects:
    """Make an observation of each value of j."""
    dataset = context.dataset
    span = part.body_span
    values = layout.values or found_values(layout.stubs, dataset, string=layout.string, span=span)
    layout = replace(layout, values=values)
    groups = {stub: [layout.wide_name(stub, value) for value in values] for stub in layout.stubs}
    wide = {name for names in groups.values() for name in names if name in dataset}
    for stub, names in groups.items():
        if not any(name in dataset for name in names):
            raise StataError(111, f"no xij variables found for the stub {stub}", span)
    rest = [variable for variable in dataset.variables if variable.name not in wide]
    shell = dataset.keep_variables([variable.name for variable in rest])
    check_names([layout.j, *(layout.long_name(stub) for stub in layout.stubs)], shell, span)
    row = _repeated(_group_codes(dataset, layout.i))
    if row >= 0:
        raise StataError(
            9,
            f"variable {' '.join(layout.i)} does not uniquely identify the observations: "
            f"{_place(dataset, layout.i, row)} occurs more than once, and in wide data i() has to be different in each",
        )
    k, n = len(values), dataset.n_obs
    rows = np.repeat(np.arange(n), k)
    columns = {variable.name: dataset.columns[variable.name][rows] for variable in rest}
    order = _group_codes(dataset, layout.i).values
    made = [_numbering(layout, n), *(_stacked(layout, stub, groups[stub], dataset) for stub in layout.stubs)]
    columns |= {variable.name: column for variable, column in made}
    i_vars = [variable for variable in rest if variable.name in layout.i]
    others = [variable for variable in rest if variable.name not in layout.i]
    new = replace(
        dataset,
        variables=(*i_vars, made[0][0], *(variable for variable, _ in made[1:]), *others),
        columns=columns,
        n_obs=n * k,
        row_ids=new_row_ids(n * k),
        sorted_by=(),
        changed=True,
        characteristics=with_layout(dataset, layout),
    )
    by_group = np.argsort(np.repeat(order, k), kind="stable")
    new = new.take(by_group, sorted_by=(*layout.i, layout.j))
    for names in groups.values():
        for name in names:
            if name not in dataset:
                context.say(f"(variable {name} not found)")
    _report(layout, groups, dataset, new, context, long=True)
    return Effects(dataset=new)


def _numbering(layout: Layout, n: int) -> tuple[Variable, Column]:
    """Return the variable j of the long form."""
    if layout.string:
        texts = np.array(layout.values, dtype=object)
        storage = text_storage(texts)
        return Variable(layout.j, storage, default_format(storage)), np.tile(texts, n)
    from engine.data.convert import smallest_storage

    numbers = np.array([layout.number(value) for value in layout.values])
    storage = smallest_storage(numbers)
    return Variable(layout.j, storage, "%9.0g"), np.tile(from_doubles(numbers, storage), n)


def _stacked(layout: Layout, stub: str, names: list[str], dataset: Dataset) -> tuple[Variable, Column]:
    """Return the variable that several become: their values in turn, missing where one is not there."""
    present = [dataset.variable(name) for name in names if name in dataset]
    storage = present[0].storage
    for other in present[1:]:
        if other.is_string != present[0].is_string:
            message = f"{present[0].name} is {present[0].storage} and {other.name} is {other.storage}: type mismatch"
            raise StataError(198, message)
        storage = common_storage(storage, other.storage)
    n, k = dataset.n_obs, len(names)
    here, gone = np.arange(n), np.full(n, -1)
    sources = [name if name in dataset else present[0].name for name in names]
    table = [
        taken(dataset, source, here if name in dataset else gone, storage)
        for name, source in zip(names, sources, strict=True)
    ]
    column = np.empty(n * k, dtype=table[0].dtype)
    for position, values in enumerate(table):
        column[position::k] = values
    first = present[0]
    labels = {variable.label for variable in present}
    fmt = first.format if storage == first.storage else default_format(storage)
    label = first.label if len(labels) == 1 else ""
    return Variable(layout.long_name(stub), storage, fmt, label, first.value_label), column


def _j_values(layout: Layout, dataset: Dataset, part: Part) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """Return the values of j as they go into names, and the position of each observation among them."""
    variable = dataset.variable(layout.j)
    if layout.string and not variable.is_string:
        raise StataError(109, f"type mismatch: option string, but {layout.j} holds numbers", part.body_span)
    if variable.is_string and not layout.string:
        message = f"variable {layout.j} is a string variable; specify option string"
        raise StataError(109, message, part.body_span)
    if variable.is_string:
        texts = dataset.texts(layout.j)
        if np.asarray(texts == "", dtype=bool).any():
            raise StataError(498, f"variable {layout.j} contains missing values")
        distinct = sorted(set(texts.tolist()))
        number = {text: k for k, text in enumerate(distinct)}
        return tuple(distinct), np.array([number[text] for text in texts.tolist()], dtype=np.int64)
    numbers = dataset.numeric(layout.j)
    if is_missing(numbers).any():
        raise StataError(498, f"variable {layout.j} contains missing values")
    if (numbers < 0).any() or (numbers != np.floor(numbers)).any():
        raise StataError(198, f"variable {layout.j} has to hold whole numbers from 0, which stand in the new names")
    found, codes = np.unique(numbers, return_inverse=True)
    return tuple(value_text(value) for value in found.tolist()), codes.astype(np.int64)


def _to_wide(layout: Layout, part: Part, context: Context) -> Effects:
    """Make a variable of each value of j."""
    dataset = context.dataset
    if layout.j not in dataset:
        raise StataError(111, f"variable {layout.j} not found", part.body_span)
    stubs = {stub: layout.long_name(stub) for stub in layout.stubs}
    for name in stubs.values():
        if name not in dataset:
            raise StataError(111, f"variable {name} not found", part.body_span)
    values, position = _j_values(layout, dataset, part)
    if layout.values:
        kept = np.isin(np.array(values, dtype=object)[position], np.array(layout.values, dtype=object))
        if not kept.all():
            dataset = dataset.take(kept)
            values, position = _j_values(layout, dataset, part)
    if len(values) * len(stubs) > _MOST_NAMES:
        raise StataError(900, f"that would make {len(values) * len(stubs):,} variables")
    layout = replace(layout, values=values)
    groups = _group_codes(dataset, layout.i)
    cells = groups.values * len(values) + position
    _check_wide(layout, dataset, groups, cells)
    moved = {layout.j, *stubs.values()}
    rest = [variable for variable in dataset.variables if variable.name not in moved]
    shell = dataset.keep_variables([variable.name for variable in rest])
    check_names([layout.wide_name(stub, value) for stub in stubs for value in values], shell, part.body_span)
    first = groups.first_rows()
    columns: dict[str, Column] = {variable.name: dataset.columns[variable.name][first] for variable in rest}
    made: list[Variable] = []
    source = np.full(groups.n_groups * len(values), -1, dtype=np.int64)
    source[cells] = np.arange(dataset.n_obs)
    for k, value in enumerate(values):
        for stub, name in stubs.items():
            old = dataset.variable(name)
            label = f"{value} {old.label}"[:80] if old.label else f"{value} {name}"
            made.append(replace(old, name=layout.wide_name(stub, value), label=label))
            columns[made[-1].name] = taken(dataset, name, source[k :: len(values)], old.storage)
    i_vars = [variable for variable in rest if variable.name in layout.i]
    others = [variable for variable in rest if variable.name not in layout.i]
    new = replace(
        dataset,
        variables=(*i_vars, *made, *others),
        columns=columns,
        n_obs=groups.n_groups,
        row_ids=new_row_ids(groups.n_groups),
        sorted_by=layout.i,
        changed=True,
        characteristics=with_layout(dataset, layout),
    )
    names = {stub: [layout.wide_name(stub, value) for value in values] for stub in stubs}
    _report(layout, names, context.dataset, new, context, long=False)
    return Effects(dataset=new)


def _check_wide(layout: Layout, dataset: Dataset, groups: Codes, cells: npt.NDArray[np.int64]) -> None:
    """Raise r(9) where i() and j() do not identify an observation, or another variable varies within i()."""
    order = np.argsort(cells, kind="stable")
    again = np.flatnonzero(cells[order][1:] == cells[order][:-1])
    i = " ".join(layout.i)
    if len(again):
        where = _place(dataset, (*layout.i, layout.j), int(order[again[0] + 1]))
        raise StataError(
            9, f"values of variable {layout.j} not unique within {i}: {where} occurs more than once in the long data"
        )
    moved = {layout.j, *layout.i, *(layout.long_name(stub) for stub in layout.stubs)}
    first = groups.first_rows()[groups.values]
    for variable in dataset.variables:
        if variable.name in moved:
            continue
        column = dataset.columns[variable.name]
        differs = np.flatnonzero(np.asarray(column != column[first], dtype=bool))
        if len(differs):
            where = _place(dataset, layout.i, int(differs[0]))
            raise StataError(
                9,
                f"variable {variable.name} not constant within {i}: it differs for {where}; "
                "name it among the variables to reshape, or drop it",
            )


def _report(
    layout: Layout, names: dict[str, list[str]], before: Dataset, after: Dataset, context: Context, *, long: bool
) -> None:
    counts = (before.n_obs, after.n_obs), (len(before.variables), len(after.variables))
    xij = [(layout.long_name(stub), wide) for stub, wide in names.items()]
    context.emit(
        Lines((f"(j = {' '.join(layout.values)})", "")), reshape_report(counts, layout.j, layout.values, xij, long=long)
    )
