"""``assert``, ``confirm`` and ``isid``: do-files that check what they rely on ([D] assert, [P] confirm, [D] isid)."""

from __future__ import annotations

import re

import numpy as np

from engine.commands.base import Context, Effects, Run
from engine.data.files import exists, local_path
from engine.data.missing import is_missing
from engine.data.names import why_illegal
from engine.errors import StataError
from engine.frame.groups import code_paths, code_variable
from engine.frame.resolve import resolve_names
from engine.lang.command import Command
from engine.lang.declaration import ByRule, CommandDecl, OptionDecl, Picks, VarlistRule
from engine.lang.parse_expr import parse_expression
from engine.lang.tokens import string_value

ASSERT = CommandDecl(
    name="assert",
    minimum=6,
    title="Verify truth of claim",
    help="assert exp stops with r(9) when the expression is false for an observation.",
    varlist=VarlistRule.TEXT,
    picks=Picks.EXPRESSION,
    by=ByRule.WITHIN,
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(name="rc0", minimum=3, label="Go on", help="Say so, and go on."),
        OptionDecl(name="null", minimum=4, label="No observations", help="Stop when no observation is selected."),
        OptionDecl(name="fast", minimum=4, label="Fast", help="Stop at the first contradiction (no different here)."),
    ),
    examples=("assert mathach < 30", "assert !missing(ses) if female"),
)
CONFIRM = CommandDecl(
    name="confirm",
    minimum=4,
    title="Argument verification",
    help="confirm variable x, confirm new variable y, confirm file a.dta or confirm number 5 stops when it is not so.",
    varlist=VarlistRule.TEXT,
    picks=Picks.VARIABLES,
    options=(OptionDecl(name="exact", minimum=5, label="Whole names", help="Do not take abbreviations."),),
    examples=("confirm variable ses", "confirm new variable logses", "confirm numeric variable ses"),
)
ISID = CommandDecl(
    name="isid",
    minimum=4,
    title="Check for unique identifiers",
    help="isid variables stops with r(459) unless they tell all observations apart.",
    menu=("Data", "Data utilities", "Check for unique identifiers"),
    varlist=VarlistRule.REQUIRED,
    options=(
        OptionDecl(
            name="missok", minimum=1, label="Missing values allowed", help="Let identifiers be missing.", page="model"
        ),
        OptionDecl(name="sort", minimum=1, label="Sort", help="Sort the data by the variables.", page="model"),
    ),
    examples=("isid id week",),
)

_CONFIRM = re.compile(
    r"(?P<new>new\s+)?(?P<kind>(?:numeric|str\w*|byte|int|long|float|double)\s+)?"
    r"(?P<what>variables?|var|v|file|f|integer(?:\s+number)?|number|n|names?|existence|e|matrix|mat|scalar|sca)\b\s*(?P<rest>.*)",
    re.DOTALL,
)


def run_assert(command: Command, context: Context) -> Effects:
    """Stop at a contradiction."""
    part = command.main
    if not part.body:
        raise StataError(198, "assert needs an expression, such as assert x > 0", part.body_span)
    values = context.values(parse_expression(part.body, part.body_span[0]))
    if values.dtype == object:
        raise StataError(109, "type mismatch: assert needs a comparison, not text", part.body_span)
    mask = context.selected(part)
    wrong = int((mask & (values == 0.0)).sum())
    if part.has("null") and not mask.any():
        raise StataError(8, "assertion is null: there are no observations", part.body_span)
    if not wrong:
        return Effects()
    found = f"{wrong:,} contradiction{'' if wrong == 1 else 's'} in {int(mask.sum()):,} observation"
    lines = f"{found}{'' if mask.sum() == 1 else 's'}\nassertion is false"
    if part.has("rc0"):
        context.say(*lines.split("\n"))
        return Effects()
    raise StataError(9, lines, part.body_span)


def run_confirm(command: Command, context: Context) -> Effects:
    """Stop when something is not what it is said to be."""
    part, dataset = command.main, context.dataset
    match = _CONFIRM.fullmatch(part.body)
    if match is None:
        message = "there are confirm variable, new variable, numeric variable, file, new file, number, integer, name, "
        message += "matrix and scalar"
        raise StataError(198, message, part.body_span)
    what, rest = match["what"], match["rest"].strip()
    if what.startswith("v") and match["new"]:
        for name in rest.split():
            if reason := why_illegal(name):
                raise StataError(7, f"{name} invalid variable name: {reason}", part.body_span)
            if name in dataset:
                raise StataError(110, f"variable {name} already defined", part.body_span)
    elif what.startswith("v"):
        _confirm_variables(rest, (match["kind"] or "").strip(), command, context)
    elif what in ("file", "f"):
        name = string_value(rest) if rest[:1] in ('"', "`") else rest
        if exists(local_path(name)) == bool(match["new"]):
            rc, word = (602, "already exists") if match["new"] else (601, "not found")
            raise StataError(rc, f"file {name} {word}", part.body_span)
    elif what.startswith(("mat", "sca")):
        kind = "matrix" if what.startswith("mat") else "scalar"
        found = context.matrix(rest) if kind == "matrix" else context.scalars.get(rest)
        if (found is not None) == bool(match["new"]):
            rc, word = (110, "already defined") if match["new"] else (111, "not found")
            raise StataError(rc, f"{kind} {rest} {word}", part.body_span)
    elif what.startswith("integer") or what in ("number", "n"):
        what = what.split()[0]
        pattern = r"[-+]?\d+" if what == "integer" else r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
        if re.fullmatch(pattern, rest) is None:
            raise StataError(7, f"'{rest}' found where {what if what != 'n' else 'number'} expected", part.body_span)
    elif what.startswith("name"):
        if any(why_illegal(name) for name in rest.split()) or not rest:
            raise StataError(7, f"'{rest}' found where name expected", part.body_span)
    elif not rest:
        raise StataError(6, "nothing found where something expected", part.body_span)
    return Effects()


def storage_fits(storage: str, kind: str) -> bool:
    """Tell whether a storage type is of a kind: ``numeric``, ``string``, or a type by its name."""
    text = storage.startswith("str")
    return storage == kind or (kind == "numeric" and not text) or (kind in ("str", "string") and text)


def _confirm_variables(text: str, kind: str, command: Command, context: Context) -> None:
    part, dataset = command.main, context.dataset
    if part.has("exact"):
        for name in text.split():
            if name not in dataset:
                raise StataError(111, f"variable {name} not found", part.body_span)
    names = resolve_names(text, dataset, span=part.body_span)
    if not names:
        raise StataError(100, "varlist required", part.body_span)
    for name in names:
        storage = dataset.variable(name).storage
        if kind and not storage_fits(storage, kind):
            word = "string" if kind.startswith("str") else kind
            raise StataError(7, f"'{name}' found where {word} variable expected", part.body_span)


def run_isid(command: Command, context: Context) -> Effects:
    """Stop unless the variables tell all observations apart."""
    from engine.commands.data.sort import order_of

    part, dataset = command.main, context.dataset
    names = resolve_names(part.body, dataset, span=part.body_span)
    for name in names:
        text = dataset.variable(name).is_string
        absent = dataset.texts(name) == "" if text else is_missing(dataset.numeric(name))
        if np.asarray(absent, dtype=bool).any() and not part.has("missok"):
            raise StataError(459, f"variable {name} should never be missing", part.body_span)
    codes = code_paths([code_variable(dataset, name) for name in names])[-1]
    if codes.n_groups < dataset.n_obs:
        subject = f"variable {names[0]} does" if len(names) == 1 else f"variables {' '.join(names)} do"
        raise StataError(459, f"{subject} not uniquely identify the observations", part.body_span)
    if part.has("sort"):
        order = order_of(dataset, [(name, False) for name in names])
        return Effects(dataset=dataset.take(order, sorted_by=names))
    return Effects()


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = (
    (ASSERT, run_assert),
    (CONFIRM, run_confirm),
    (ISID, run_isid),
)
