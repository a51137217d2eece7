"""Expressions: text to tree with Stata's order of evaluation ([U] 13.2)."""

from __future__ import annotations

import math
import re
from dataclasses import replace

from engine.errors import Span, StataError
from engine.lang.abbrev import nearest
from engine.lang.expr import (
    Binary,
    Call,
    Element,
    Expr,
    Missing,
    Name,
    Number,
    Stored,
    String,
    Subscript,
    TimeSeries,
    Unary,
)
from engine.lang.functions import DATE_LITERALS, FUNCTIONS
from engine.lang.timeseries import canonical
from engine.lang.tokens import Kind, Token, check_balance, closing_bracket, shortened, string_value, tokenize

BINDING = {
    "|": 1, "&": 2,
    "==": 3, "!=": 3, ">": 3, "<": 3, "<=": 3, ">=": 3,
    "+": 4, "-": 5, "*": 6, "/": 7,
}  # fmt: skip
"""How tightly binary operators bind; the unary minus comes next, then ``^``, then ``!``; all group from the left."""

RESERVED = frozenset({"if", "in", "using", "with"})
"""Words that cannot be names of variables."""

MAX_NAME = 32
_MAX_NESTING = 100
_MAX_HEIGHT = 250
_DATE = re.compile(r"[0-9A-Za-z:. ]+")
_COEFFICIENT = re.compile(r"[\w.#]+")
_INSTEAD = {"=": "==", "&&": "&", "||": "|", "**": "^"}


def parse_expression(text: str, offset: int = 0) -> Expr:
    """Read an expression.

    Parameters
    ----------
    text
        The expression alone.
    offset
        Where `text` begins in the command; all spans are moved by it.

    Raises
    ------
    StataError
        r(198) bad syntax, r(132) brackets or quotes, r(133) unknown function, r(130) nested too deeply.
    """
    return _Parser(text, offset).whole()


class _Parser:
    def __init__(self, text: str, offset: int) -> None:
        self.text = text
        self.offset = offset
        self.tokens = tokenize(text)
        self.at = 0
        self.nesting = 0

    def whole(self) -> Expr:
        check_balance(self.tokens, self.offset)
        if not self.tokens:
            raise StataError(198, "an expression is missing here", (self.offset, self.offset + len(self.text)))
        result = self.binary(1)
        if self.at < len(self.tokens):
            raise self.unexpected(self.tokens[self.at])
        if _height(result) > _MAX_HEIGHT:
            raise self.too_deep()
        return result

    def span(self, start: int, end: int) -> Span:
        return start + self.offset, end + self.offset

    def error(self, message: str, token: Token, rc: int = 198) -> StataError:
        return StataError(rc, message, self.span(token.start, token.end))

    def too_deep(self) -> StataError:
        return StataError(130, "expression too long: split it into several", self.span(0, len(self.text)))

    def peek(self, text: str = "") -> Token | None:
        """Return the next token; with `text` only when it is that text outside a string."""
        if self.at >= len(self.tokens):
            return None
        token = self.tokens[self.at]
        return token if not text or token.text == text else None

    def take(self, text: str) -> Token:
        """Step over `text`, which has to come next."""
        token = self.peek()
        if token is None:
            raise StataError(198, f"{text} is missing at the end", self.span(len(self.text), len(self.text)))
        if token.text != text:
            raise self.unexpected(token)
        self.at += 1
        return token

    def unexpected(self, token: Token) -> StataError:
        doubled = self.at > 0 and token.text in "&*" and self.tokens[self.at - 1].text == token.text
        typed = token.text * 2 if doubled else token.text
        if typed in _INSTEAD:
            why = "= assigns a value; to compare, write ==" if typed == "=" else f"write {_INSTEAD[typed]} for {typed}"
            return self.error(why, token)
        if token.kind in (Kind.NAME, Kind.NUMBER, Kind.STRING, Kind.MISSING, Kind.DOTTED):
            before = self.tokens[self.at - 1].text if self.at else ""
            if before in FUNCTIONS and token.kind in (Kind.NAME, Kind.NUMBER):
                return self.error(
                    f"{token.text} is not expected here; for the function write {before}({token.text})", token
                )
            return self.error(f"{token.text} is not expected here; is an operator missing before it?", token)
        if token.text == "`":
            return self.error("` is not expected here; a macro ends with ', as in `name'", token)
        return self.error(f"{token.text} is not expected here", token)

    def enter(self) -> None:
        self.nesting += 1
        if self.nesting > _MAX_NESTING:
            raise self.too_deep()

    def binary(self, least: int) -> Expr:
        left = self.unary()
        while (token := self.peek()) is not None and token.kind is Kind.OPERATOR:
            operator = "!=" if token.text == "~=" else token.text
            binding = BINDING.get(operator, 0)
            if binding < least:
                break
            self.at += 1
            right = self.binary(binding + 1)
            left = Binary(operator, left, right, (_start(left), _end(right)))
        return left

    def unary(self) -> Expr:
        """Read ``-x^2``: the minus is weaker than the power."""
        token = self.peek()
        if token is not None and token.kind is Kind.OPERATOR and token.text in "+-":
            self.enter()
            self.at += 1
            operand = self.unary()
            self.nesting -= 1
            return Unary(token.text, operand, (token.start + self.offset, _end(operand)))
        left = self.tight()
        while self.peek("^") is not None:
            self.at += 1
            right = self.tight()
            left = Binary("^", left, right, (_start(left), _end(right)))
        return left

    def tight(self) -> Expr:
        """Read what may follow ``!`` or ``^``: an atom with signs of its own."""
        token = self.peek()
        if token is not None and token.kind is Kind.OPERATOR and token.text in "!~+-":
            self.enter()
            self.at += 1
            operand = self.tight()
            self.nesting -= 1
            operator = "!" if token.text == "~" else token.text
            return Unary(operator, operand, (token.start + self.offset, _end(operand)))
        return self.atom()

    def atom(self) -> Expr:
        token = self.peek()
        if token is None:
            end = len(self.text)
            raise StataError(198, "the expression is not finished", self.span(max(0, end - 1), end))
        span = self.span(token.start, token.end)
        self.at += 1
        if token.kind is Kind.NUMBER:
            return self.number(token)
        if token.kind is Kind.STRING:
            return String(string_value(token.text), span)
        if token.kind is Kind.MISSING:
            return Missing(token.text[1:], span)
        if token.kind is Kind.NAME:
            return self.named(token)
        if token.kind is Kind.DOTTED:
            return self.dotted(token)
        if token.text == "(" and token.kind is Kind.OPEN:
            self.enter()
            inner = self.binary(1)
            self.nesting -= 1
            closing = self.take(")")
            return _spanned(inner, self.span(token.start, closing.end))
        if token.text == "[":
            return self.equation_coefficient(token)
        self.at -= 1
        raise self.unexpected(token)

    def number(self, token: Token) -> Expr:
        following = self.peek()
        if following is not None and following.start == token.end and following.kind in (Kind.NAME, Kind.DOTTED):
            typed = token.text + following.text
            raise StataError(198, f"{typed} invalid name", self.span(token.start, following.end))
        value = float(token.text)
        if math.isinf(value):
            raise self.error(f"{token.text} is too large a number", token)
        return Number(value, token.text, self.span(token.start, token.end))

    def named(self, token: Token) -> Expr:
        name = token.text
        if name in RESERVED:
            self.at -= 1
            raise self.error(f"{name} is not expected here", token)
        if len(name) > MAX_NAME:
            raise self.error(f"{shortened(name)} invalid name: names have at most {MAX_NAME} characters", token)
        if self.peek("(") is not None:
            return self.call(token)
        if self.peek("[") is None:
            return Name(name, self.span(token.start, token.end))
        if name in ("_b", "_coef", "_se"):
            inside, end = self.bracketed()
            return Stored("_se" if name == "_se" else "_b", inside, self.span(token.start, end))
        return self.subscripted(name, token)

    def subscripted(self, name: str, token: Token) -> Expr:
        """Read ``x[index]`` and ``matrix[row, column]``; `name` begins at `token`."""
        self.enter()
        self.take("[")
        index = self.binary(1)
        column = None
        if self.peek(",") is not None:
            self.at += 1
            column = self.binary(1)
        closing = self.take("]")
        self.nesting -= 1
        span = self.span(token.start, closing.end)
        if column is not None:
            return Element(name, index, column, span)
        if name.endswith(")"):
            raise StataError(198, f"write {name}[row, column]", span)
        return Subscript(name, index, span)

    def bracketed(self) -> tuple[str, int]:
        """Return the text in the bracket that comes next, without blanks, and where the bracket ends."""
        opening = self.tokens[self.at]
        self.at = closing_bracket(self.tokens, self.at) + 1
        token = self.tokens[self.at - 1]
        inside = "".join(self.text[opening.end : token.start].split())
        if not inside:
            raise StataError(198, "a name is missing in the brackets", self.span(opening.start, token.end))
        return inside, token.end

    def equation_coefficient(self, opening: Token) -> Expr:
        """Read ``[equation]name`` and ``[equation]_b[name]``."""
        self.at -= 1
        equation, end = self.bracketed()
        following = self.peek()
        match = _COEFFICIENT.match(self.text, following.start) if following is not None else None
        if following is None or match is None:
            raise StataError(198, "the name of a coefficient is missing here", self.span(opening.start, end))
        kind, name, end = "_b", match.group(), match.end()
        while (token := self.peek()) is not None and token.start < end:
            self.at += 1
        if name in ("_b", "_coef", "_se") and self.peek("[") is not None:
            kind = "_se" if name == "_se" else "_b"
            name, end = self.bracketed()
        return Stored(kind, f"{equation}:{name}", self.span(opening.start, end))

    def dotted(self, token: Token) -> Expr:
        """Read ``L2.x``; factor-variable operators belong into variable lists."""
        operators, following = token.text[:-1], self.tokens[self.at]
        self.at += 1
        while following.kind is Kind.DOTTED:  # L.D.x says the same as LD.x
            operators += following.text[:-1]
            following = self.tokens[self.at]
            self.at += 1
        name = following.text
        time = canonical(operators)
        span = self.span(token.start, following.end)
        if time is not None:
            return TimeSeries(time, name, span) if time else Name(name, span)
        if operators.isdecimal():
            raise StataError(
                101, f"{token.text}{name} is not allowed in an expression: write {name}=={operators}", span
            )
        raise StataError(101, f"factor-variable operators not allowed in an expression: {token.text}{name}", span)

    def call(self, token: Token) -> Expr:
        name = token.text
        opening = self.take("(")
        if name in ("r", "e", "c"):
            inner = self.peek()
            if inner is None or inner.kind is not Kind.NAME:
                raise self.error(f"the name of a stored result is missing in {name}()", opening)
            self.at += 1
            closing = self.take(")")
            bracket = self.peek("[")
            if name != "c" and bracket is not None and bracket.start == closing.end:
                return self.subscripted(f"{name}({inner.text})", token)
            return Stored(name, inner.text, self.span(token.start, closing.end))
        if name not in FUNCTIONS:
            meant = nearest(name, sorted(FUNCTIONS))
            hint = f"; did you mean {meant}()?" if meant else ""
            raise self.error(f"unknown function {name}(){hint}", token, 133)
        if name in DATE_LITERALS:
            return self.date(token, opening)
        self.enter()
        arguments: list[Expr] = []
        while self.peek(")") is None:
            arguments.append(self.binary(1))
            if self.peek(")") is None:
                self.take(",")
                if self.peek(")") is not None:
                    raise self.error("an argument is missing after the comma", self.tokens[self.at - 1])
        closing = self.take(")")
        self.nesting -= 1
        return Call(name, tuple(arguments), self.span(token.start, closing.end))

    def date(self, token: Token, opening: Token) -> Expr:
        """Read ``td(01jan2000)``, whose argument is no expression."""
        self.at -= 1
        _, end = self.bracketed()
        literal = self.text[opening.end : end - 1].strip()
        span = self.span(opening.end, end - 1)
        if _DATE.fullmatch(literal) is None:
            raise StataError(198, f"{literal} is not a date: write, for example, td(01jan2000)", span)
        return Call(token.text, (String(literal, span),), self.span(token.start, end))


def _start(node: Expr) -> int:
    return node.span[0] if node.span is not None else 0


def _end(node: Expr) -> int:
    return node.span[1] if node.span is not None else 0


def _spanned(node: Expr, span: Span) -> Expr:
    """Return `node` with the span of the brackets around it."""
    return replace(node, span=span)


def children(node: Expr) -> tuple[Expr, ...]:
    """Return the expressions directly inside `node`."""
    match node:
        case Unary():
            return (node.operand,)
        case Binary():
            return node.left, node.right
        case Call():
            return node.arguments
        case Subscript():
            return (node.index,)
        case Element():
            return node.row, node.column
        case _:
            return ()


def _height(root: Expr) -> int:
    """Return how many nodes lie above one another, without recursion."""
    height, level = 0, [root]
    while level:
        height += 1
        level = [child for node in level for child in children(node)]
    return height
