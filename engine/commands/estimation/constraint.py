"""``constraint``: define, list and drop linear constraints for ``mixed, constraints()`` ([R] constraint)."""

from __future__ import annotations

import re

from engine.commands.base import Context, Effects
from engine.errors import Span, StataError
from engine.lang.abbrev import matches
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, VarlistRule
from engine.lang.numlist import parse_numlist
from engine.results.stored import Stored

DECLARATION = CommandDecl(
    name="constraint",
    minimum=4,
    title="Define and list constraints",
    help="constraint # exp = exp defines a linear constraint on coefficients; constraint list shows those defined, "
    "constraint drop removes them. mixed takes their numbers in constraints().",
    varlist=VarlistRule.TEXT,
    examples=("constraint 1 x1 + x2 = 1", "constraint list", "constraint drop 1"),
)

LARGEST = 1999
_DEFINE = re.compile(r"(?:de(?:f|fi|fin|fine)?\s+)?(?P<number>[0-9]+)\s+(?P<text>\S.*)", re.DOTALL)
_FORM = "write constraint # exp = exp, constraint list or constraint drop #"


def run(command: Command, context: Context) -> Effects:
    """Carry out one of the forms; r(198) for what is none of them, r(111) for a number that is not defined."""
    body, span = command.main.body.strip(), command.main.body_span
    defined = _DEFINE.fullmatch(body)
    if defined:
        return _define(int(defined["number"]), " ".join(defined["text"].split()), context, span)
    word, _, rest = body.partition(" ")
    if word == "dir" or matches(word, "list", 1):
        return _list(rest, context, span)
    if word == "drop":
        if not rest.strip():
            raise StataError(198, "constraint drop needs numbers, or _all", span)
        gone = set(_numbers(rest, context, span))
        return Effects(constraints={n: text for n, text in context.constraints.items() if n not in gone})
    if word == "get" and rest.strip().isdigit():
        found = context.constraints.get(int(rest))
        macros = {} if found is None else {"contents": found}
        return Effects(r=Stored(scalars={"defined": float(found is not None)}, macros=macros))
    if word == "free" and not rest.strip():
        return _free(context)
    raise StataError(198, f"invalid syntax: {_FORM}", span)


def _define(number: int, text: str, context: Context, span: Span) -> Effects:
    from engine.lang.linear import parse_equations

    if not 1 <= number <= LARGEST:
        raise StataError(198, f"constraint {number}: numbers run from 1 to {LARGEST:,}", span)
    try:
        parse_equations(text)
    except StataError as error:
        raise StataError(error.rc, error.message, span) from None
    return Effects(constraints={**context.constraints, number: text})


def _list(rest: str, context: Context, span: Span) -> Effects:
    wanted = _numbers(rest, context, span) if rest.strip() else sorted(context.constraints)
    if wanted:
        context.say(
            *(f"{number:>6}:  {context.constraints[number]}" for number in wanted if number in context.constraints)
        )
    return Effects()


def _free(context: Context) -> Effects:
    number = next((n for n in range(1, LARGEST + 1) if n not in context.constraints), None)
    if number is None:
        raise StataError(198, f"all {LARGEST:,} constraint numbers are in use")
    context.say(str(number))
    return Effects(r=Stored(scalars={"free": float(number)}))


def _numbers(text: str, context: Context, span: Span) -> list[int]:
    if text.strip() == "_all":
        return sorted(context.constraints)
    try:
        return [int(number) for number in parse_numlist(text)]
    except StataError as error:
        raise StataError(error.rc, error.message, span) from None
