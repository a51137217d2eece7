"""The arguments with a grammar of their own: ``residuals()``, ``dfmethod()``, ``vce()``."""

from __future__ import annotations

from engine.errors import StataError
from engine.lang.abbrev import matches, nearest
from engine.lang.command import OptionUse
from engine.lang.options import find_choice
from engine.lang.parse_varlist import parse_varlist
from engine.lang.tokens import Kind, Token, tokenize
from engine.lang.varlist import PLAIN, VarRef
from engine.spec.mixed import Residuals

ORDERED = frozenset({"ar", "ma", "banded", "toeplitz"})
"""Residual structures that take an order."""


def _cut(use: OptionUse) -> tuple[list[Token], list[Token]]:
    """Return the tokens before and after the comma."""
    tokens = tokenize(use.argument or "")
    comma = next((k for k, token in enumerate(tokens) if token.text == ","), len(tokens))
    if not tokens[:comma]:
        words = ", ".join(choice.word for choice in use.decl.choices)
        raise _wrong(use, f"it needs one of {words}")
    return tokens[:comma], tokens[comma + 1 :]


def _wrong(use: OptionUse, why: str, token: Token | None = None) -> StataError:
    span = use.argument_span or use.span
    if token is not None and use.argument_span is not None:
        span = (use.argument_span[0] + token.start, use.argument_span[0] + token.end)
    return StataError(198, f"option {use.decl.name}() incorrectly specified: {why}", span)


def _word(use: OptionUse, token: Token) -> str:
    """Return the full word of a choice."""
    word = find_choice(use.decl, token.text)
    if word is None:
        meant = nearest(token.text, [choice.word for choice in use.decl.choices])
        hint = f"did you mean {meant}?" if meant else f"write {', '.join(c.word for c in use.decl.choices)}"
        raise _wrong(use, f"{token.text} is not known; {hint}", token)
    return word


def _end(use: OptionUse, tokens: list[Token]) -> None:
    if tokens:
        raise _wrong(use, f"{tokens[0].text} is not expected", tokens[0])


def read_residuals(use: OptionUse) -> Residuals:
    """Read ``type [order] [, by(variable) t(variable)]``."""
    head, tail = _cut(use)
    kind = _word(use, head[0])
    order = None
    rest = head[1:]
    if rest and rest[0].text.isdecimal() and rest[0].text.isascii():
        if kind == "har":  # its only order, which may be said
            if rest[0].text != "1":
                raise _wrong(use, "har has order 1 only", rest[0])
        elif kind not in ORDERED:
            raise _wrong(use, f"{kind} takes no order", rest[0])
        else:
            order = int(rest[0].text[:9])
            if order < 1 and kind != "banded":
                raise _wrong(use, "the order is at least 1", rest[0])
        rest = rest[1:]
    elif rest and kind in ORDERED:
        raise _wrong(use, f"{rest[0].text} is not an order, which is a whole number: write {kind} 2", rest[0])
    _end(use, rest)
    by, t = _read_by_and_t(use, tail)
    return Residuals(kind=kind, order=order, by=by, t=t)


def _read_by_and_t(use: OptionUse, tokens: list[Token]) -> tuple[str | None, str | None]:
    found: dict[str, str] = {}
    at = 0
    while at < len(tokens):
        name = tokens[at]
        inside = tokens[at + 1 : at + 4]
        shape = [token.kind for token in inside] == [Kind.OPEN, Kind.NAME, Kind.CLOSE]
        if name.text not in ("by", "t") or not shape:
            known = name.text in ("by", "t")
            why = f"{name.text}() takes one variable" if known else f"{name.text} is not expected"
            raise _wrong(use, f"{why}; write by(variable) or t(variable)", name)
        if name.text in found:
            raise _wrong(use, f"{name.text}() is given twice", name)
        found[name.text] = inside[1].text
        at += 4
    return found.get("by"), found.get("t")


def read_dfmethod(use: OptionUse) -> str:
    """Read ``method [, eim | oim]`` and return it in full words; ``eim`` is the default and vanishes."""
    head, tail = _cut(use)
    method = _word(use, head[0])
    _end(use, head[1:])
    if not tail:
        return method
    if method not in ("satterthwaite", "kroger"):
        raise _wrong(use, f"{method} takes neither eim nor oim", tail[0])
    if tail[0].text not in ("eim", "oim"):
        raise _wrong(use, f"{tail[0].text} is not known; write eim or oim", tail[0])
    _end(use, tail[1:])
    return f"{method}, oim" if tail[0].text == "oim" else method


def read_vce(use: OptionUse) -> str:
    """Read ``oim``, ``robust`` or ``cluster variable`` and return it in full words."""
    words = (use.argument or "").split(maxsplit=1)
    if not words:
        raise _wrong(use, "write oim, robust or cluster variable")
    kind = next((choice.word for choice in use.decl.choices if matches(words[0], choice.word, choice.minimum)), None)
    if kind is None:
        raise _wrong(use, f"{words[0]} is not known; write oim, robust or cluster variable")
    if kind != "cluster":
        if len(words) > 1:
            raise _wrong(use, f"{words[1]} is not expected after {kind}")
        return kind
    items = parse_varlist(words[1]).items if len(words) > 1 else ()
    if len(items) != 1 or not isinstance(items[0], VarRef) or items[0].operator != PLAIN:
        raise _wrong(use, "cluster needs one variable")
    return f"cluster {items[0].name}"
