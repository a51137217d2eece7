"""What stands before the comma: body, ``= exp``, ``if``, ``in``, ``[weight]`` and ``using`` ([U] 11.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import Span, StataError
from engine.lang.abbrev import matches
from engine.lang.command import InRange, Part, Weight
from engine.lang.declaration import CommandDecl, VarlistRule
from engine.lang.expr import Expr
from engine.lang.parse_expr import parse_expression
from engine.lang.tokens import Kind, Token, string_value

WEIGHTS = (("fweight", 2), ("frequency", 4), ("pweight", 2), ("aweight", 2), ("iweight", 2), ("weight", 1))
"""Words for weights and their shortest forms; ``[weight=…]`` is the command's own default kind."""

_END = r"(?:[fFlL]|[-+]?[0-9]+)"
_IN = re.compile(rf"({_END})(?:\s*/\s*({_END}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause as found: its word (``[`` for a weight), its first token, and the stretch of text that it holds."""

    word: str
    token: Token
    start: int
    end: int

    def error(self, rc: int, message: str) -> StataError:
        return StataError(rc, message, (self.token.start, max(self.end, self.token.end)))


def read_head(
    text: str, tokens: Sequence[Token], level: Sequence[int], decl: CommandDecl, bounds: tuple[int, int]
) -> Part:
    """Read the stretch `bounds` of `text`, whose tokens are `tokens`, up to the options.

    Raises
    ------
    StataError
        r(101) for a clause or weight that the command does not take, r(198) for one that cannot be read.
    """
    found: dict[str, _Clause] = {}
    body_end = bounds[1]
    for clause in _find_clauses(tokens, level, decl, bounds[1]):
        if clause.word in found:
            name = "a weight" if clause.word == "[" else clause.word
            raise clause.error(198, f"{name} is given twice")
        found[clause.word] = clause
        body_end = min(body_end, clause.token.start)
    body = text[bounds[0] : body_end]
    start = bounds[0] + len(body) - len(body.lstrip())
    using, using_span = _read_using(text, found.get("using"))
    return Part(
        body=body.strip(),
        body_span=(start, start + len(body.strip())),
        expression=_read_expression(text, found.get("=")),
        if_=_read_expression(text, found.get("if")),
        in_=_read_in(text, found.get("in")),
        weight=_read_weight(text, found.get("["), decl),
        using=using,
        using_span=using_span,
    )


def _find_clauses(tokens: Sequence[Token], level: Sequence[int], decl: CommandDecl, end: int) -> list[_Clause]:
    """Return the clauses in their order; what a command with free text does not take is left in its text."""
    allowed = {"if": decl.allow_if, "in": decl.allow_in, "using": decl.using, "[": bool(decl.weights), "=": decl.assign}
    heads: list[tuple[str, Token]] = []
    for k, token in enumerate(tokens):
        if level[k] != 0:
            continue
        word = _clause_word(tokens, k)
        if word == "=" and (heads or not decl.assign):
            continue
        if not word or (not allowed[word] and decl.varlist is VarlistRule.TEXT):
            continue
        if not allowed[word]:
            what = "weights" if word == "[" else word
            message = f"{what} not allowed: {decl.name} takes no {what}"
            raise StataError(101, message, (token.start, token.end))
        heads.append((word, token))
    limits = [*(token.start for _, token in heads), end][1:]
    return [
        _Clause(word, token, token.end, max(other.end for other in tokens if token.end <= other.end <= limit))
        for (word, token), limit in zip(heads, limits, strict=True)
    ]


def _clause_word(tokens: Sequence[Token], k: int) -> str:
    """Return the clause that token `k` opens, empty when it opens none."""
    token = tokens[k]
    if token.kind is Kind.NAME and token.text in ("if", "in", "using"):
        return token.text
    if token.kind is Kind.OPERATOR and token.text == "=":
        return "="
    if token.text == "[" and k + 2 < len(tokens) and tokens[k + 1].kind is Kind.NAME and tokens[k + 2].text == "=":
        return "["
    return ""


def _read_expression(text: str, clause: _Clause | None) -> Expr | None:
    if clause is None:
        return None
    inside = text[clause.start : clause.end]
    if not inside.strip():
        raise clause.error(198, f"an expression is missing after {clause.word}")
    return parse_expression(inside, clause.start)


def _read_in(text: str, clause: _Clause | None) -> InRange | None:
    if clause is None:
        return None
    inside = text[clause.start : clause.end].strip()
    match = _IN.fullmatch(inside)
    if not inside:
        raise clause.error(198, "a range of observations such as 1/20 or f/10 is missing after in")
    if match is None:
        raise clause.error(198, f"in {inside} invalid: write a range of observations such as 1/20 or f/10")
    first = _observation(match.group(1))
    last = first if match.group(2) is None else _observation(match.group(2))
    return InRange(first, last, (clause.token.start, clause.start + len(text[clause.start : clause.end].rstrip())))


def _observation(end: str) -> str:
    """Return one end of a range in one form: ``f``, ``l`` or a whole number."""
    return end.lower() if end.isalpha() else str(int(end[:16]))


def _read_weight(text: str, clause: _Clause | None, decl: CommandDecl) -> Weight | None:
    """Read ``[pw=exp]``; nothing may follow the bracket but the next clause."""
    if clause is None:
        return None
    closing = text.find("]", clause.start)
    inside = text[clause.start : clause.end].rstrip()
    if not inside.endswith("]"):
        raise clause.error(198, f"{text[closing + 1 : clause.end].strip()} is not expected after the weight")
    span = (clause.token.start, clause.start + len(inside))
    word, _, expression = inside[:-1].partition("=")
    found = _weight_kind(word.strip())
    kind = decl.weights[0] if found == "weight" else found
    if kind is None:
        raise StataError(198, f"{word.strip()} is no kind of weight: {_weights_taken(decl)}", span)
    if kind not in decl.weights:
        raise StataError(101, f"{kind}s not allowed: {_weights_taken(decl)}", span)
    if not expression.strip():
        raise StataError(198, "an expression is missing in the weight", span)
    tree = parse_expression(expression, clause.start + len(word) + 1)
    return Weight(kind, tree, span, assumed=found == "weight")


def _weights_taken(decl: CommandDecl) -> str:
    """Say which weights a command takes."""
    *others, last = (f"{kind}s" for kind in decl.weights)
    return f"{decl.name} takes {', '.join(others)} or {last}" if others else f"{decl.name} takes {last} only"


def _weight_kind(word: str) -> str | None:
    for name, least in WEIGHTS:
        if matches(word, name, least):
            return {"frequency": "fweight"}.get(name, name)
    return None


def _read_using(text: str, clause: _Clause | None) -> tuple[str | None, Span | None]:
    """Return the file name behind ``using`` without its quotes, and its place."""
    if clause is None:
        return None, None
    inside = text[clause.start : clause.end]
    name = inside.strip()
    start = clause.start + len(inside) - len(inside.lstrip())
    span = (start, start + len(name))
    if name[:1] == '"' or name.startswith('`"'):
        name = string_value(name)
    if not name:
        raise clause.error(198, "a file name is missing after using")
    return name, span
