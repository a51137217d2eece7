"""``scalar``: single values under a name ([P] scalar)."""

from __future__ import annotations

import re

from engine.commands.base import Context, Effects
from engine.data.formats import format_value
from engine.data.names import is_identifier
from engine.errors import StataError
from engine.lang.abbrev import matches
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, Picks, VarlistRule
from engine.lang.parse_expr import parse_expression

DECLARATION = CommandDecl(
    name="scalar",
    minimum=3,
    title="Scalars",
    help="scalar name = exp keeps a number or text; scalar list shows them, scalar drop removes them.",
    varlist=VarlistRule.TEXT,
    picks=Picks.EXPRESSION,
    verbatim=True,
    examples=("scalar icc = .18", "scalar list"),
)

LONGEST_TEXT = 2_000_000
_DEFINE = re.compile(r"(?:(?P<word>[a-z]+)\s+)?(?P<name>\w+)\s*=(?!=)(?P<expression>.*)", re.DOTALL)


def run(command: Command, context: Context) -> Effects:
    """Define, list or drop scalars."""
    part = command.main
    match = _DEFINE.fullmatch(part.body)
    if match is not None and (not match["word"] or matches(match["word"], "define", 3)):
        return _define(match, part.body_span[0], context)
    word, _, rest = part.body.partition(" ")
    if not word or matches(word, "list", 1) or matches(word, "dir", 3):
        _show(rest.split() or list(context.scalars), command, context)
        return Effects()
    if word == "drop" and rest.split():
        names = list(context.scalars) if rest.split() == ["_all"] else rest.split()
        return Effects(scalars=dict.fromkeys(_existing(names, command, context)))
    raise StataError(198, "write scalar NAME = EXPRESSION, scalar list, or scalar drop NAME", part.body_span)


def _define(match: re.Match[str], offset: int, context: Context) -> Effects:
    from engine.frame.evaluate import evaluate_scalar

    name = match["name"]
    if not is_identifier(name):
        span = (offset + match.start("name"), offset + match.end("name"))
        raise StataError(198, f"{name} invalid name", span)
    tree = parse_expression(match["expression"], offset + match.start("expression"))
    value = evaluate_scalar(tree, context.dataset, lookup=context.lookup, rng=context.rng)
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise StataError(1000, f"system limit exceeded: a scalar holds at most {LONGEST_TEXT:,} characters")
    return Effects(scalars={name: value})


def _existing(names: list[str], command: Command, context: Context) -> list[str]:
    for name in names:
        if name not in context.scalars:
            raise StataError(111, f"scalar {name} not found", command.main.body_span)
    return names


def _show(names: list[str], command: Command, context: Context) -> None:
    shown = _existing(names, command, context)
    width = max((len(name) for name in shown), default=0)
    for name in shown:
        value = context.scalars[name]
        text = value if isinstance(value, str) else format_value(value, "%10.0g")
        context.say(f"{name:>{max(width, 10)}} = {text:>10}")
