"""Lists of variables with factor-variable and time-series operators ([U] 11.4)."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.errors import Span, StataError
from engine.lang.operators import read_operators
from engine.lang.parse_expr import MAX_NAME
from engine.lang.tokens import check_balance, shortened, tokenize
from engine.lang.varlist import Group, Interaction, VarList, VarListItem, VarRange, VarRef

_OPERATORS = re.compile(r"(?:[A-Za-z0-9]++(?:\([^()]*+\))?+)++\.")
_NAME = re.compile(r"[^\W\d][\w*?~]*|[*?~][\w*?~]*")
_RANGE = re.compile(r"\s*-\s*(?=[^\W\d*?~])")
_CROSS = re.compile(r"\s*(##?)\s*")
_BLANKS = re.compile(r"\s*")
_WORD = re.compile(r"[^\s()#]+")
MAX_FACTORS = 8
_MAX_NESTING = 50


def parse_varlist(text: str, offset: int = 0) -> VarList:
    """Read a varlist; an empty text is an empty list.

    Lists of lags (``L(0/2).x``) are written out, in the order of the list.

    Raises
    ------
    StataError
        r(198) bad syntax, r(132) brackets, r(147) more than eight factors, r(452) a level that cannot be.
    """
    check_balance(tokenize(text), offset)
    reader = _Reader(text, offset)
    items = reader.items(closing="")
    return VarList(tuple(items))


class _Reader:
    def __init__(self, text: str, offset: int) -> None:
        self.text = text
        self.offset = offset
        self.at = 0
        self.nesting = 0

    def span(self, start: int) -> Span:
        return start + self.offset, self.at + self.offset

    def skip(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.text, self.at)
        if match is not None:
            self.at = match.end()
        return match

    def invalid(self) -> StataError:
        """Return the error for what stands at the current place."""
        match = _WORD.match(self.text, self.at)
        word = match.group() if match else self.text[self.at : self.at + 1]
        where = (self.at + self.offset, self.at + self.offset + max(1, len(word)))
        if not word:
            return StataError(198, "a variable name is missing at the end", (where[0] - 1, where[0]))
        word = shortened(word)
        if word[0] in "#()":
            return StataError(198, f"{word} is not expected here: a variable name is missing", where)
        return StataError(198, f"{word} invalid name", where)

    def items(self, closing: str) -> list[VarListItem]:
        found: list[VarListItem] = []
        while True:
            self.skip(_BLANKS)
            if self.text[self.at : self.at + 1] == closing:
                return found
            found.extend(self.item())

    def item(self) -> list[VarListItem]:
        """Read one item: usually one tree, several for a list of lags."""
        start = self.at
        first = self.factor()
        factors, full = [first], []
        while (cross := self.skip(_CROSS)) is not None:
            full.append(cross.group(1) == "##")
            factors.append(self.factor())
        if not full:
            return list(first)
        if len(factors) > MAX_FACTORS:
            raise StataError(147, f"term has more than {MAX_FACTORS} factors", self.span(start))
        whole = tuple(_single(factor) for factor in factors)
        return [Interaction(whole, tuple(full), self.span(start))]

    def factor(self) -> list[VarRef | VarRange | Group]:
        """Read ``ops.name``, ``ops.first-last`` or ``ops.(…)``, once per lag."""
        start = self.at
        match = self.skip(_OPERATORS)
        prefix = match.group()[:-1] if match is not None else ""
        operators = read_operators(prefix, (start + self.offset, start + self.offset + len(prefix) + 1))
        if self.text[self.at : self.at + 1] == "(":
            members = tuple(self.group())
            return [Group(members, operator, self.span(start)) for operator in operators]
        name = self.name()
        if self.skip(_RANGE) is not None:
            last = self.name()
            if any(sign in name + last for sign in "*?~"):
                raise StataError(198, f"{name}-{last} invalid: the ends of a range are names", self.span(start))
            return [VarRange(name, last, operator, self.span(start)) for operator in operators]
        return [VarRef(name, operator, self.span(start)) for operator in operators]

    def group(self) -> list[VarListItem]:
        start = self.at
        self.nesting += 1
        if self.nesting > _MAX_NESTING:
            raise StataError(130, "the brackets are nested too deeply", self.span(start))
        self.at += 1
        members = self.items(closing=")")
        self.at += 1
        self.nesting -= 1
        if not members:
            raise StataError(198, "a variable name is missing in the brackets", self.span(start))
        return members

    def name(self) -> str:
        start = self.at
        match = self.skip(_NAME)
        if match is None:
            raise self.invalid()
        name = match.group()
        following = self.text[self.at : self.at + 1]
        if len(name) > MAX_NAME or (following and following not in "#()-" and not following.isspace()):
            self.at = start
            raise self.invalid()
        return name


def _single(factor: list[VarRef | VarRange | Group]) -> VarRef | VarRange | Group:
    """Return one factor of an interaction; several lags of it become a group."""
    return factor[0] if len(factor) == 1 else Group(tuple(replace(member) for member in factor))
