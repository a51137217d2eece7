"""``return list`` and ``ereturn list``: what r() and e() hold ([P] return)."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from engine.commands.base import Context, Effects, Run
from engine.commands.programming.macro_text import NUMBER_FORMAT, as_text
from engine.commands.words import split_words
from engine.data.formats import format_value
from engine.data.missing import MISSING
from engine.errors import StataError
from engine.lang.abbrev import matches
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, VarlistRule
from engine.lang.parse_expr import parse_expression
from engine.results.stored import Stored

RETURN = CommandDecl(
    name="return",
    minimum=3,
    title="List r() results",
    help="return list shows what the last command left in r(). In a program of rclass, return scalar name = exp, "
    "return local name text and return matrix name matrix put results there.",
    varlist=VarlistRule.TEXT,
    verbatim=True,
    examples=("return list",),
)
ERETURN = CommandDecl(
    name="ereturn",
    minimum=3,
    title="List e() results",
    help="ereturn list shows what the last estimation left in e().",
    varlist=VarlistRule.TEXT,
    examples=("ereturn list",),
)
_PLACE = 22


def run_return(command: Command, context: Context) -> Effects:
    """Show r(), or put a result there."""
    part = command.main
    word, _, rest = part.body.partition(" ")
    if word == "clear" or any(matches(word, known, least) for known, least in _KEPT if word):
        return _returned(word, rest.strip(), command, context)
    return _list(command, context, "r", context.r)


_KEPT = (("scalar", 3), ("local", 3), ("matrix", 3), ("add", 3))


def _returned(word: str, text: str, command: Command, context: Context) -> Effects:
    """Put a scalar, a text or a matrix among what the program that runs returns."""
    from engine.frame.evaluate import evaluate_scalar

    span, before = command.main.body_span, context.returning
    if before is None:
        raise StataError(198, f"return {word} is possible only in a program that is defined with rclass", span)
    if word == "clear":
        return Effects(returning=Stored())
    if word == "add":
        kept = {name: {**getattr(context.r, name), **getattr(before, name)} for name in _PARTS}
        return Effects(returning=Stored(**kept))
    match = _KEPT_AS.fullmatch(text)
    if match is None:
        raise StataError(198, f"write return {word} NAME = VALUE", span)
    name, given = match["name"], match["value"].strip()
    if matches(word, "matrix", 3):
        matrix = context.matrix(given)
        if matrix is None:
            raise StataError(111, f"matrix {given} not found", span)
        return Effects(returning=replace(before, matrices={**before.matrices, name: matrix}))
    if matches(word, "local", 3) and not match["equals"]:
        words = split_words(given)
        plain = words[0].text if len(words) == 1 and words[0].quoted else given
        return Effects(returning=replace(before, macros={**before.macros, name: plain}))
    tree = parse_expression(given, span[1] - len(match["value"].lstrip()))
    value = evaluate_scalar(tree, context.dataset, lookup=context.lookup, rng=context.rng)
    if matches(word, "local", 3):
        return Effects(returning=replace(before, macros={**before.macros, name: as_text(value)}))
    if isinstance(value, str):
        raise StataError(109, "type mismatch: return scalar keeps a number; return local keeps text", span)
    return Effects(returning=replace(before, scalars={**before.scalars, name: value}))


_PARTS = ("scalars", "macros", "matrices")
_KEPT_AS = re.compile(r"(?P<name>[^\W\d]\w*)\s*(?P<equals>=)?\s*(?P<value>.+)", re.DOTALL)


def run_ereturn(command: Command, context: Context) -> Effects:
    """Show e()."""
    return _list(command, context, "e", context.e)


def _list(command: Command, context: Context, kind: str, stored: Stored) -> Effects:
    body = command.main.body
    if not body or not matches(body, "list", 1):
        raise StataError(198, f"{command.decl.name} is followed by list", command.main.body_span)
    sections = (
        ("scalars", [(name, f"=  {_number(value)}") for name, value in stored.scalars.items()]),
        ("macros", [(name, f': "{text}"') for name, text in stored.macros.items()]),
        ("matrices", [(name, ":  {} x {}".format(*m.values.shape)) for name, m in stored.matrices.items()]),
        ("functions", [("sample", "")] if kind == "e" and context.estimates is not None else []),
    )
    for title, entries in sections:
        if entries:
            lines = [f"{f'{kind}({name})':>{_PLACE}} {text}".rstrip() for name, text in entries]
            context.say("", f"{title}:", *lines)
    return Effects()


def _number(value: float) -> str:
    return format_value(value if np.isfinite(value) else MISSING, NUMBER_FORMAT)


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = (
    (RETURN, run_return),
    (ERETURN, run_ereturn),
)
