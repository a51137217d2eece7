"""Matrix expressions: text to tree with the order of evaluation of [P] matrix define."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.errors import Span, StataError
from engine.lang.expr import Missing, Number
from engine.lang.functions import FUNCTIONS, MATRIX_NUMBERS
from engine.lang.matrix_expr import Applied, Combined, Cut, MatrixExpr, Named, Scalar, Signed, Stretch
from engine.lang.parse_expr import parse_expression
from engine.lang.tokens import Kind, Token, check_balance, closing_bracket, string_value, tokenize

MATRIX_FUNCTIONS = frozenset(
    ["I", "J", "cholesky", "corr", "diag", "get", "hadamard", "inv", "invsym", "invvech", "matuniform", "nullmat",
     "sweep", "syminv", "vec", "vecdiag", "vech"]
)  # fmt: skip
"""Functions that give a matrix."""

BINDING = {"\\": 1, ",": 2, "+": 3, "-": 4, "*": 5, "/": 6, "#": 7}
"""How tightly operators bind, as the manual orders them; the minus of one operand comes next, then ``'``."""

_MAX_NESTING = 60
_RANGE = re.compile(r"(?P<first>.*?)(?P<dots>\.{2,3})(?P<last>.*)", re.DOTALL)


def parse_matrix(text: str, offset: int = 0) -> MatrixExpr:
    """Read a matrix expression that begins at `offset` of the command.

    Raises
    ------
    StataError
        r(198) bad syntax, r(132) brackets or quotes, r(133) unknown function, r(130) nested too deeply.
    """
    return _Parser(text, offset, 0).whole()


class _Parser:
    def __init__(self, text: str, offset: int, nesting: int) -> None:
        self.text = text
        self.offset = offset
        self.tokens = tokenize(text)
        self.at = 0
        self.nesting = nesting

    def whole(self) -> MatrixExpr:
        check_balance(self.tokens, self.offset)
        if not self.tokens:
            raise StataError(198, "a matrix expression is missing here", self.span(0, len(self.text)))
        result = self.combined(1)
        if self.at < len(self.tokens):
            raise self.unexpected(self.tokens[self.at])
        return result

    def span(self, start: int, end: int) -> Span:
        return start + self.offset, end + self.offset

    def unexpected(self, token: Token) -> StataError:
        return StataError(
            198, f"{token.text} is not expected in a matrix expression", self.span(token.start, token.end)
        )

    def peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def enter(self) -> None:
        self.nesting += 1
        if self.nesting > _MAX_NESTING:
            raise StataError(130, "expression too long: split it into several", self.span(0, len(self.text)))

    def combined(self, least: int) -> MatrixExpr:
        """Read operands and the operators between them that bind at least so tightly."""
        self.enter()
        left = self.signed()
        while (token := self.peek()) is not None and BINDING.get(token.text, 0) >= least:
            self.at += 1
            right = self.combined(BINDING[token.text] + 1)
            left = Combined(token.text, left, right, (left.span[0], right.span[1]))
        self.nesting -= 1
        return left

    def signed(self) -> MatrixExpr:
        token = self.peek()
        if token is not None and token.text in ("-", "+"):
            self.enter()
            self.at += 1
            operand = self.signed()
            self.nesting -= 1
            span = token.start + self.offset, operand.span[1]
            return Signed("-", operand, span) if token.text == "-" else operand
        left = self.transposed()
        while (following := self.peek()) is not None and following.text == "^":
            self.at += 1
            right = self.transposed()
            left = Combined("^", left, right, (left.span[0], right.span[1]))
        return left

    def transposed(self) -> MatrixExpr:
        """Read an atom with the marks and brackets that follow it."""
        operand = self.atom()
        while (token := self.peek()) is not None:
            if token.text == "'":
                self.at += 1
                operand = Signed("'", operand, (operand.span[0], token.end + self.offset))
            elif token.text == "[" and token.start + self.offset == operand.span[1]:
                operand = self.cut(operand)
            else:
                break
        return operand

    def atom(self) -> MatrixExpr:
        token = self.peek()
        if token is None:
            end = len(self.text)
            raise StataError(198, "the matrix expression is not finished", self.span(max(0, end - 1), end))
        span = self.span(token.start, token.end)
        self.at += 1
        if token.kind is Kind.NUMBER:
            return Scalar(Number(float(token.text), token.text, span), span)
        if token.kind is Kind.MISSING:
            return Scalar(Missing(token.text[1:], span), span)
        if token.kind is Kind.NAME:
            return self.named(token)
        if token.text == "(":
            inner = self.combined(1)
            closing = self.peek()
            if closing is None or closing.text != ")":
                raise self.unexpected(closing or token)
            self.at += 1
            return _spanned(inner, self.span(token.start, closing.end))
        raise self.unexpected(token)

    def inside(self) -> tuple[int, int]:
        """Step over the bracket that comes next; return where its inside begins and ends in the text."""
        opening = self.tokens[self.at]
        self.at = closing_bracket(self.tokens, self.at) + 1
        return opening.end, self.tokens[self.at - 1].start

    def named(self, token: Token) -> MatrixExpr:
        name = token.text
        following = self.peek()
        if following is not None and following.text == "[" and name in ("_b", "_se", "_coef"):
            end = self.inside()[1] + 1
            return self.scalar(token.start, end)
        if following is None or following.text != "(":
            return Named(name, self.span(token.start, token.end))
        start, end = self.inside()
        whole = self.span(token.start, end + 1)
        if name in ("r", "e"):
            return Named(f"{name}({self.text[start:end].strip()})", whole)
        if name in MATRIX_FUNCTIONS or name in MATRIX_NUMBERS:
            return Applied(name, self.arguments(start, end), whole)
        if name not in FUNCTIONS and name not in ("c", "scalar"):
            raise StataError(133, f"unknown function {name}()", self.span(token.start, token.end))
        return self.scalar(token.start, end + 1)

    def scalar(self, start: int, end: int) -> Scalar:
        return Scalar(parse_expression(self.text[start:end], start + self.offset), self.span(start, end))

    def arguments(self, start: int, end: int) -> tuple[MatrixExpr, ...]:
        pieces = self.pieces(start, end)
        if len(pieces) == 1 and not self.text[start:end].strip():
            return ()
        found: list[MatrixExpr] = []
        for first, last in pieces:
            quoted = self.text[first:last].strip()
            if quoted[:1] in ('"', "`"):
                found.append(self.scalar(first, last))
            else:
                found.append(_Parser(self.text[first:last], first + self.offset, self.nesting).whole())
        return tuple(found)

    def pieces(self, start: int, end: int) -> list[Span]:
        """Return the stretches between the commas of this level."""
        commas, depth = [], 0
        for token in self.tokens:
            if start <= token.start < end:
                depth += (token.kind is Kind.OPEN) - (token.kind is Kind.CLOSE)
                if token.text == "," and depth == 0:
                    commas.append(token)
        starts = [start, *(comma.end for comma in commas)]
        return list(zip(starts, [*(comma.start for comma in commas), end], strict=True))

    def cut(self, operand: MatrixExpr) -> Cut:
        start, end = self.inside()
        span = operand.span[0], end + 1 + self.offset
        pieces = self.pieces(start, end)
        if len(pieces) != 2:
            raise StataError(198, "a part of a matrix needs rows and columns: A[1..2, 3]", span)
        rows, columns = (self.stretch(*piece) for piece in pieces)
        return Cut(operand, rows, columns, span)

    def stretch(self, start: int, end: int) -> Stretch:
        match = _RANGE.fullmatch(self.text[start:end])
        if match is None:
            return Stretch(self.place(start, end), None)
        first = self.place(start, start + match.end("first"))
        if match["dots"] == "..." and not match["last"].strip():
            return Stretch(first, None, open=True)
        return Stretch(first, self.place(start + match.start("last"), end))

    def place(self, start: int, end: int) -> MatrixExpr | str:
        text = self.text[start:end].strip()
        if text[:1] in ('"', "`"):
            check_balance(tokenize(text), start + self.offset)
            return string_value(text)
        return _Parser(self.text[start:end], start + self.offset, self.nesting).whole()


def _spanned(node: MatrixExpr, span: Span) -> MatrixExpr:
    """Return `node` with the span of the brackets around it."""
    return replace(node, span=span)
