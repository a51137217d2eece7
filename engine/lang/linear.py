"""Linear equations between coefficients: ``private + emp = 1``, ``[y]2.a#c.x - 3*_b[z] = .5``, ``x z``.

They are constraints (``constraint``), hypotheses (``test``) and combinations (``lincom``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from engine.errors import StataError

_NUMBER = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_PART = r"(?:(?:[0-9]+(?:b|bn|o)?|[A-Za-z]+[0-9]*)\.)?[^\W\d]\w*"
_NAME = rf"{_PART}(?:\#{_PART})*"
_SHOWN = r"(?:[a-z]+[0-9]*\([^()\[\]]*\))"
"""A parameter under the name it is shown with, ``sd(week)``, ``corr(week,_cons)``."""
_EQUATION = r"(?:[^\W\d]\w*|\#[0-9]+|/)"
"""Of an equation: its name, its number, or ``/`` for parameters beside the equations (``_b[/sigma_u]``)."""
_TERM = re.compile(
    rf"""\s*(?:
      _(?:b|coef)\[\s*(?:(?P<beq>{_EQUATION})\s*:\s*|(?P<bfree>/)\s*)?(?P<bname>{_SHOWN}|{_NAME})\s*\]
      |\[\s*(?P<eq>{_EQUATION})\s*\]\s*(?:_(?:b|coef)\[\s*(?P<ebname>{_SHOWN}|{_NAME})\s*\]|(?P<ename>{_SHOWN}|{_NAME}))
      |(?P<free>/)(?P<fname>{_NAME})
      |(?P<name>{_NAME})
      |(?P<number>{_NUMBER})
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Wording:
    """How errors speak of what is read: its name, and how it is written."""

    what: str
    form: str


CONSTRAINT = Wording("a constraint", "write for example: constraint 1 x1 + x2 = 1")
HYPOTHESIS = Wording("a hypothesis", "write for example: test x1 = x2, or test x1 x2")
COMBINATION = Wording("the combination", "write for example: lincom x1 + 2*x2")


@dataclass(frozen=True, slots=True)
class LinearTerm:
    """`factor` times a coefficient; `equation` is empty where none was named."""

    factor: float
    name: str
    equation: str = ""


@dataclass(frozen=True, slots=True)
class LinearEquation:
    """The terms sum to `value`."""

    terms: tuple[LinearTerm, ...]
    value: float


def parse_equations(text: str, words: Wording = CONSTRAINT) -> tuple[LinearEquation, ...]:
    """Read one equation, or a list of coefficients that are all zero.

    Raises
    ------
    StataError
        r(198) where the text is not linear or not readable.
    """
    sides = text.split("=")
    if len(sides) == 1:
        return tuple(LinearEquation((term,), 0.0) for term in _listed(text, words))
    if len(sides) == 3 and sides[1] == "":  # a doubled sign is a frequent slip; expressions use it for comparison
        raise StataError(198, f"{words.what} is written with one equal sign: {words.form}")
    if len(sides) != 2:
        raise StataError(198, f"{words.what} has one equal sign: {words.form}")
    return (_equation(sides[0], sides[1], words),)


def parse_hypotheses(text: str) -> tuple[LinearEquation, ...]:
    """Read ``x z`` (all zero), ``exp = exp`` or ``exp = exp = exp`` (all equal to the first); r(198) for others."""
    sides = text.split("=")
    if len(sides) <= 2 or "" in (side.strip() for side in sides):
        return parse_equations(text, HYPOTHESIS)
    return tuple(_equation(sides[0], side, HYPOTHESIS) for side in sides[1:])


def parse_combination(text: str) -> LinearEquation:
    """Read ``exp`` without an equal sign; `value` of the result is its constant. r(198) where it is not linear."""
    if "=" in text:
        raise StataError(198, f"lincom takes an expression without an equal sign: {COMBINATION.form}")
    if not text.strip():
        raise StataError(198, f"an expression is missing: {COMBINATION.form}")
    return _summed(_Reader(text, COMBINATION).sum(), LinearEquation((), 0.0), COMBINATION)


def _equation(left: str, right: str, words: Wording) -> LinearEquation:
    """Return left = right with all coefficients on one side."""
    return _summed(_Reader(left, words).sum(), _Reader(right, words).sum(), words, turned=True)


def _summed(left: LinearEquation, right: LinearEquation, words: Wording, *, turned: bool = False) -> LinearEquation:
    """Return left - right with each coefficient once; the constant on the other side where `turned`."""
    totals: dict[tuple[str, str], float] = {}
    for sign, side in ((1.0, left), (-1.0, right)):
        for term in side.terms:
            key = (term.equation, term.name)
            totals[key] = totals.get(key, 0.0) + sign * term.factor
    terms = tuple(LinearTerm(factor, name, equation) for (equation, name), factor in totals.items() if factor != 0.0)
    if not terms:
        raise StataError(198, f"{words.what} names no coefficient: {words.form}")
    return LinearEquation(terms, right.value - left.value if turned else left.value - right.value)


def _listed(text: str, words: Wording) -> list[LinearTerm]:
    terms: list[LinearTerm] = []
    position = 0
    while position < len(text.rstrip()):
        match = _TERM.match(text, position)
        if match is None or match["number"]:
            raise StataError(198, f"{text.strip()} is no list of coefficients: {words.form}")
        terms.append(_named(match, 1.0))
        position = match.end()
    if not terms:
        raise StataError(198, f"{words.what} is empty: {words.form}")
    return terms


def _named(match: re.Match[str], factor: float) -> LinearTerm:
    name = match["bname"] or match["ebname"] or match["ename"] or match["fname"] or match["name"]
    return LinearTerm(factor, name, match["beq"] or match["bfree"] or match["eq"] or match["free"] or "")


class _Reader:
    """Reads a sum of products of numbers and at most one coefficient each, with brackets."""

    def __init__(self, text: str, words: Wording) -> None:
        self._text = text
        self._words = words
        self._at = 0

    def sum(self) -> LinearEquation:
        """Read the whole text; `value` is its constant."""
        found = self._sum()
        if self._peek():
            self._fail()
        return found

    def _sum(self) -> LinearEquation:
        terms: list[LinearTerm] = []
        value, sign = 0.0, 1.0
        while self._peek() in ("+", "-"):
            sign *= -1.0 if self._take() == "-" else 1.0
        while True:
            part = self._product()
            terms += [LinearTerm(sign * term.factor, term.name, term.equation) for term in part.terms]
            value += sign * part.value
            if self._peek() not in ("+", "-"):
                return LinearEquation(tuple(terms), value)
            sign = 1.0
            while self._peek() in ("+", "-"):
                sign *= -1.0 if self._take() == "-" else 1.0

    def _product(self) -> LinearEquation:
        found = self._factor()
        while self._peek() in ("*", "/"):
            operator = self._take()
            other = self._factor()
            if operator == "/":
                if other.terms or other.value == 0.0:
                    self._fail()
                found = _scaled(found, 1.0 / other.value)
            elif other.terms:
                if found.terms:
                    words = self._words
                    raise StataError(198, f"{words.what} must be linear in the coefficients: {words.form}")
                found = _scaled(other, found.value)
            else:
                found = _scaled(found, other.value)
        return found

    def _factor(self) -> LinearEquation:
        if self._peek() == "-":
            self._take()
            return _scaled(self._factor(), -1.0)
        if self._peek() == "(":
            self._take()
            inner = self._sum()
            if self._peek() != ")":
                self._fail()
            self._take()
            return inner
        match = _TERM.match(self._text, self._at)
        if match is None:
            self._fail()
        self._at = match.end()
        if match["number"]:
            return LinearEquation((), float(match["number"]))
        return LinearEquation((_named(match, 1.0),), 0.0)

    def _peek(self) -> str:
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1
        return self._text[self._at : self._at + 1]

    def _take(self) -> str:
        found = self._peek()
        self._at += 1
        return found

    def _fail(self) -> NoReturn:
        rest = self._text[self._at :].strip()
        place = f" at {rest}" if rest else ""
        raise StataError(198, f"invalid syntax in {self._words.what}{place}: {self._words.form}")


def _scaled(found: LinearEquation, factor: float) -> LinearEquation:
    terms = tuple(LinearTerm(factor * term.factor, term.name, term.equation) for term in found.terms)
    return LinearEquation(terms, factor * found.value)
