"""The values that loops run through, and conditions ([P] foreach, forvalues, while, if)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.commands.base import Context
from engine.commands.programming.macro_text import as_text
from engine.commands.words import split_words
from engine.data.names import is_identifier
from engine.errors import StataError
from engine.frame.evaluate import evaluate_scalar
from engine.frame.resolve import resolve_names
from engine.lang.blocks import expression_end
from engine.lang.numlist import parse_numlist
from engine.lang.parse_expr import parse_expression

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_FOREACH = re.compile(r"\s*(?P<macro>\w+)\s+(?:(?P<in>in)(?:\s+(?P<list>.*))?|of\s+(?P<kind>\w+)\s+(?P<rest>.*))", re.S)
_FORVALUES = re.compile(
    rf"\s*(?P<macro>\w+)\s*=\s*(?P<first>{_NUMBER})\s*"
    rf"(?:/\s*(?P<last>{_NUMBER})|\(\s*(?P<step>{_NUMBER})\s*\)\s*(?P<until>{_NUMBER})"
    rf"|\s(?P<second>{_NUMBER})\s*(?:to\b|:)\s*(?P<end>{_NUMBER}))\s*"
)


@dataclass(frozen=True, slots=True)
class Names:
    """A loop's macro and the texts it takes."""

    macro: str
    values: Iterable[str]


def loop_values(kind: str, head: str, context: Context) -> Names:
    """Return what ``foreach`` or ``forvalues`` runs through; `head` is the text up to the brace."""
    return _forvalues(head) if kind == "forvalues" else _foreach(head, context)


def holds(text: str, offset: int, context: Context) -> bool:
    """Tell whether a condition is true: not zero, evaluated at the first observation."""
    tree = parse_expression(text, offset)
    value = evaluate_scalar(tree, context.dataset, lookup=context.lookup, rng=context.rng)
    if isinstance(value, str):
        raise StataError(109, "type mismatch: a condition is a number or a comparison, not text")
    return value != 0.0


def condition_end(text: str) -> int:
    """Return where the condition ends that a command follows on the same line."""
    return expression_end(text)


def _foreach(head: str, context: Context) -> Names:
    match = _FOREACH.fullmatch(head.rstrip())
    if match is None:
        raise StataError(198, "write foreach NAME in WORDS {, or foreach NAME of varlist VARIABLES {")
    if match["in"]:
        return Names(match["macro"], [word.text for word in split_words(match["list"] or "")])
    return Names(match["macro"], _members(match["kind"], match["rest"].strip(), context))


def _members(kind: str, text: str, context: Context) -> list[str]:
    if kind == "varlist":
        return list(resolve_names(text, context.dataset, unique=False))
    if kind == "newlist":
        from engine.commands.data.new_names import expanded_names

        names = expanded_names(text)
        for name in names:
            if not is_identifier(name):
                raise StataError(198, f"{name} invalid name")
        return names
    if kind == "numlist":
        return [as_text(value) for value in parse_numlist(text)]
    if kind in ("local", "global"):
        source = context.macros.locals if kind == "local" else context.macros.globals
        return [word.text for word in split_words(source.get(text, ""))]
    raise StataError(198, f"of {kind} is unknown: there are varlist, newlist, numlist, local and global")


def _forvalues(head: str) -> Names:
    match = _FORVALUES.fullmatch(head)
    if match is None:
        raise StataError(198, "write forvalues NAME = 1/10 {, or forvalues NAME = 0(2)10 {")
    first = float(match["first"])
    if match["last"]:
        step, last = 1.0, float(match["last"])
    elif match["until"]:
        step, last = float(match["step"]), float(match["until"])
    else:
        step, last = float(match["second"]) - first, float(match["end"])
    if step == 0.0:
        raise StataError(198, "forvalues: the step is 0, the loop would never end")
    return Names(match["macro"], _steps(first, step, last))


def _steps(first: float, step: float, last: float) -> Iterator[str]:
    count = 0
    while (last - (first + count * step)) * step >= -1e-9 * step * step:
        yield as_text(first + count * step)
        count += 1
