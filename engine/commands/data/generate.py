"""``generate`` and ``replace``: values from expressions."""

from __future__ import annotations

from dataclasses import replace as changed
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects, Run
from engine.commands.data.storage import SHORTEST_STRINGS, fit, promoted, read_storage, stored, text_storage
from engine.data.dataset import Dataset, Variable
from engine.data.formats import default_format
from engine.data.missing import MISSING, is_missing, none_missing
from engine.data.names import why_illegal
from engine.errors import StataError
from engine.frame.resolve import check_new_name, resolve_name
from engine.lang import expr
from engine.lang.command import Command, Part
from engine.lang.declaration import ByRule, CommandDecl, OptionDecl, OptionKind, VarlistRule

GENERATE = CommandDecl(
    name="generate",
    minimum=1,
    title="Create new variable",
    help="Makes a new variable from an expression.",
    menu=("Data", "Create or change data", "Create new variable"),
    varlist=VarlistRule.NEW,
    assign=True,
    by=ByRule.WITHIN,
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(
            name="before",
            minimum=1,
            kind=OptionKind.VARIABLE,
            label="Before",
            page="model",
            help="Put the variable before this one.",
        ),
        OptionDecl(
            name="after",
            minimum=1,
            kind=OptionKind.VARIABLE,
            label="After",
            page="model",
            help="Put the variable after this one.",
        ),
    ),
    examples=("generate ses2 = ses^2", "generate byte high = mathach > 20 if !missing(mathach)"),
)

REPLACE = CommandDecl(
    name="replace",
    minimum=7,
    title="Change contents of variable",
    help="Changes the values of a variable.",
    menu=("Data", "Create or change data", "Change contents of variable"),
    varlist=VarlistRule.REQUIRED,
    assign=True,
    by=ByRule.WITHIN,
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(
            name="nopromote",
            minimum=6,
            label="Keep the storage type",
            help="Do not change the storage type; values that do not fit become missing.",
            page="model",
        ),
    ),
    examples=("replace ses = . if ses < -3",),
)


def run_generate(command: Command, context: Context) -> Effects:
    """Add the variable; r(110) when it exists, r(109) when text meets a numeric type."""
    part, dataset = command.main, context.dataset
    words = part.body.split()
    if len(words) > 2 or not words:
        raise StataError(198, f"{part.body} is not one new variable, with a storage type before it", part.body_span)
    asked = read_storage(words[0], part.body_span) if len(words) == 2 else ""
    typed, colon, label = words[-1].partition(":")
    name = check_new_name(typed, dataset, part.body_span)
    if colon and (reason := why_illegal(label)):
        raise StataError(198, f"{label} is not a valid name for a value label: {reason}", part.body_span)
    if part.expression is None:
        raise StataError(100, "=exp required")
    values = context.values(part.expression)
    mask = context.selected(part)
    is_text = values.dtype == object
    if asked and asked.startswith("str") != is_text:
        kind = "text" if is_text else "a number"
        raise StataError(
            109, f"type mismatch: the expression is {kind}, but {name} would be {words[0]}", part.body_span
        )
    column: npt.NDArray[Any]
    if is_text:
        column = np.where(mask, values, "").astype(object)
        storage = text_storage(column) if asked in {"", *SHORTEST_STRINGS} else asked
        column = fit(column, storage)
        absent = int(sum(text == "" for text in column))
    else:
        storage = asked or context.settings.storage
        column, absent = stored(values if mask.all() else np.where(mask, values, MISSING), storage)
    if absent:
        context.say(f"({absent:,} missing value{'' if absent == 1 else 's'} generated)")
    if label and is_text:
        raise StataError(109, f"{name} holds text; value labels are for numbers", part.body_span)
    variable = Variable(name, storage, default_format(storage), value_label=label)
    return Effects(dataset=_placed(dataset.with_variable(variable, column), part))


def _placed(dataset: Dataset, part: Part) -> Dataset:
    """Return the data with the variable that was made last at the place that before() or after() asks for."""
    places = [use for use in part.options if use.decl.name in ("before", "after")]
    if not places:
        return dataset
    if len(places) > 1:
        raise StataError(184, "options before and after may not be combined", places[1].span)
    anchor = resolve_name((places[0].argument or "").strip(), dataset, places[0].argument_span)
    *others, new = dataset.variables
    at = next(k for k, v in enumerate(others) if v.name == anchor) + (places[0].decl.name == "after")
    return changed(dataset, variables=(*others[:at], new, *others[at:]))


def run_replace(command: Command, context: Context) -> Effects:
    """Change the values; the storage type grows where that is needed and allowed."""
    part, dataset = command.main, context.dataset
    words = part.body.split()
    if part.expression is None:
        raise StataError(100, f"=exp required: write replace {words[0]} = exp", part.body_span)
    if len(words) != 1:
        raise StataError(103, "too many variables specified: replace changes one at a time", part.body_span)
    variable = dataset.variable(resolve_name(part.body, dataset, part.body_span))
    values = context.values(part.expression)
    mask = context.selected(part)
    if variable.is_string != (values.dtype == object):
        kinds = ("text", "a number") if variable.is_string else ("a number", "text")
        message = f"type mismatch: {variable.name} holds {kinds[0]}, the expression is {kinds[1]}"
        raise StataError(109, message, part.body_span)
    as_stored = variable.is_string or variable.storage == "double"
    old = dataset.columns[variable.name] if as_stored else dataset.numeric(variable.name)
    values, mask = _row_by_row(part, context, variable, (values, mask, old))
    wanted = _wanted(part, variable, values, mask)
    new, differs = _replaced(values, mask, old, wanted)
    if not differs.any():
        context.say("(0 real changes made)")
        return Effects()
    if wanted != variable.storage:
        context.say(f"variable {variable.name} was {variable.storage} now {wanted}")
    context.say(_changes(new, differs))
    return Effects(dataset=_stored(dataset, variable, new, wanted))


def _replaced(
    values: npt.NDArray[Any], mask: npt.NDArray[np.bool_], old: npt.NDArray[Any], storage: str
) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
    """Return the values after ``replace``, and which have changed; a few rows are dealt with alone."""
    if 4 * np.count_nonzero(mask) >= len(mask):
        fitting = fit(values.astype(old.dtype, copy=False), storage)
        new = np.where(mask, fitting, old)
        return new, np.asarray(new != old, dtype=bool)
    new, differs = old.copy(), np.zeros(len(old), dtype=bool)
    new[mask] = fit(values[mask].astype(old.dtype), storage)
    differs[mask] = np.asarray(new[mask] != old[mask], dtype=bool)
    return new, differs


def _wanted(part: Part, variable: Variable, values: npt.NDArray[Any], mask: npt.NDArray[np.bool_]) -> str:
    """Return the storage type that the variable gets."""
    if part.has("nopromote") or variable.storage == "double":
        return variable.storage
    return promoted(variable.storage, values[mask])


def _row_by_row(
    part: Part, context: Context, variable: Variable, found: tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return values and mask as ``replace`` finds them going from row to row: ``x[_n-1]`` is the new value of x.

    Evaluated as a whole and again until nothing changes, which takes as many rounds as values hang on each other.
    """
    values, mask, old = found
    if not any(_refers_back(tree, variable.name, context.dataset) for tree in (part.expression, part.if_)):
        return values, mask
    state = context.rng.bit_generator.state if context.rng is not None else None
    for _ in range(context.dataset.n_obs):
        context.cancel.check()
        if context.rng is not None and state is not None:
            context.rng.bit_generator.state = state  # every round draws the same random numbers
        new = fit(np.where(mask, values, old).astype(old.dtype), _wanted(part, variable, values, mask))
        updated = (variable.name, new)
        again = context.values(part.expression, updated) if part.expression is not None else values
        chosen = context.selected(part, updated)
        if np.array_equal(chosen, mask) and np.array_equal(again[chosen], values[mask]):
            break
        values, mask = again, chosen
    return values, mask


def _refers_back(tree: expr.Expr | None, name: str, dataset: Dataset) -> bool:
    """Tell whether an expression takes the variable from other rows."""
    match tree:
        case expr.Subscript(name=typed, index=index):
            return resolve_name(typed, dataset) == name or _refers_back(index, name, dataset)
        case expr.TimeSeries(name=typed):
            return resolve_name(typed, dataset) == name
        case expr.Unary(operand=operand):
            return _refers_back(operand, name, dataset)
        case expr.Binary(left=left, right=right):
            return _refers_back(left, name, dataset) or _refers_back(right, name, dataset)
        case expr.Call(arguments=arguments):
            return any(_refers_back(argument, name, dataset) for argument in arguments)
        case _:
            return False


def _changes(new: npt.NDArray[Any], differs: npt.NDArray[np.bool_]) -> str:
    """Return what ``replace`` reports."""
    count = int(differs.sum())
    gone = 0 if new.dtype == object or none_missing(new) else int(is_missing(new[differs]).sum())
    to_missing = f", {gone:,} to missing" if gone else ""
    return f"({count:,} real change{'' if count == 1 else 's'} made{to_missing})"


def _stored(dataset: Dataset, variable: Variable, values: npt.NDArray[Any], storage: str) -> Dataset:
    """Return the data with the new values; a default format follows a changed storage type."""
    fmt = variable.format
    if storage != variable.storage and fmt == default_format(variable.storage):
        fmt = default_format(storage)
    column = values if variable.is_string else stored(values, storage)[0]
    return dataset.with_variable(changed(variable, storage=storage, format=fmt), column)


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = ((GENERATE, run_generate), (REPLACE, run_replace))
