"""Commands that repeat another one: ``bootstrap exp_list, options: command``, and the list of what they collect."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.errors import StataError
from engine.lang.command import Part
from engine.lang.declaration import CommandDecl
from engine.lang.expr import Expr
from engine.lang.options import read_options
from engine.lang.parse_expr import parse_expression
from engine.lang.tokens import check_balance, depths, tokenize

_NAMED = re.compile(r"(?P<name>[^\W\d]\w*)\s*=(?!=)\s*")
_WHOLE = ("_b", "_se")


@dataclass(frozen=True, slots=True)
class Collected:
    """One thing to collect: a named expression, or all of ``_b`` or ``_se`` (then `tree` is None)."""

    name: str
    text: str
    tree: Expr | None = None


def read_repeating(text: str, start: int, decl: CommandDecl) -> tuple[Part, Part]:
    """Return the command to repeat (body) with the prefix's options, and the list of what is collected (body).

    Without a colon the command is empty: the results are shown again.

    Raises
    ------
    StataError
        r(132) for brackets, r(198) for options, r(100) where the colon is followed by nothing.
    """
    end = len(text)
    tokens = tokenize(" " * start + text[start:])
    level = depths(tokens)
    colon = next((k for k, token in enumerate(tokens) if token.text == ":" and level[k] == 0), None)
    body, body_span = "", (end, end)
    if colon is not None:
        rest = text[tokens[colon].end :]
        body = rest.strip()
        first = tokens[colon].end + len(rest) - len(rest.lstrip())
        body_span = (first, first + len(body))
        if not body:
            raise StataError(100, f"a command is missing after {decl.name} ...:", (tokens[colon].start, end))
        end, tokens, level = tokens[colon].start, tokens[:colon], level[:colon]
    check_balance(tokens)
    comma = next((k for k, token in enumerate(tokens) if token.text == "," and level[k] == 0), len(tokens))
    options = read_options(text, tokens[comma + 1 :], decl, first_part=True, synonym=False)
    head = text[start : tokens[comma].start if comma < len(tokens) else end]
    begin = start + len(head) - len(head.lstrip())
    asked = Part(body=head.strip(), body_span=(begin, begin + len(head.strip())))
    return Part(body=body, body_span=body_span, options=options), asked


def read_collected(part: Part, usual: str) -> tuple[Collected, ...]:
    """Read an expression list: ``_b``, ``_se``, ``r(mean)``, ``name=exp``, ``name=(exp)``; unnamed ones are `usual` #.

    Raises
    ------
    StataError
        r(198) for what is no expression, r(110) for a name given twice.
    """
    found: list[Collected] = []
    for text, at in _pieces(part.body, part.body_span[0]):
        if text in _WHOLE:
            found.append(Collected(text, text))
            continue
        named = _NAMED.match(text)
        body, offset = (text[named.end() :], at + named.end()) if named else (text, at)
        inner = _unwrapped(body)
        again = _NAMED.match(inner) if named is None else None  # (name: exp) and (name = exp)
        name = named["name"] if named else again["name"] if again else f"{usual}{len(found) + 1}"
        if again:
            offset += body.index(inner) + again.end()
            inner = inner[again.end() :]
        else:
            offset += body.index(inner) if inner else 0
        if not inner:
            raise StataError(198, "an expression is missing", (at, at + len(text)))
        tree = parse_expression(inner, offset)
        found.append(Collected(name, " ".join(inner.split()), tree))
    names = [each.name for each in found]
    for name in names:
        if names.count(name) > 1:
            raise StataError(110, f"{name} is given twice: each expression needs a name of its own", part.body_span)
    return tuple(found)


def _unwrapped(text: str) -> str:
    """Return an expression without the brackets around all of it."""
    text = text.strip()
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and place < len(text) - 1:
            return text
    return text[1:-1].strip()


def _pieces(text: str, start: int) -> list[tuple[str, int]]:
    """Cut at blanks outside of brackets, those around ``=`` apart; with the place of each piece."""
    pieces: list[tuple[int, int]] = []
    depth, first = 0, -1
    for place, letter in enumerate(f"{text} "):
        depth += (letter in "([") - (letter in ")]")
        if depth == 0 and letter.isspace():
            if first >= 0:
                pieces.append((first, place))
            first = -1
        elif first < 0:
            first = place
    joined: list[tuple[int, int]] = []
    for begin, end in pieces:
        if joined and (text[joined[-1][1] - 1] == "=" or text[begin] == "="):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return [(text[begin:end], start + begin) for begin, end in joined]
