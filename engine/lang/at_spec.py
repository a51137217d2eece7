"""What ``at()`` of ``margins`` says: ``ses=(-1 0 1) sector=1 (mean) _all (median) age`` ([R] margins)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.errors import StataError
from engine.lang.numlist import parse_numlist

STATISTICS = ("mean", "median", "min", "max", "zero", "base", "asobserved", "asbalanced", "p1 … p99")
_STATISTIC = re.compile(r"\(\s*(?P<word>[a-z]+\d*)\s*\)")
_ASSIGNED = re.compile(r"(?P<name>(?:\d+\.)?[^\W\d]\w*)\s*=\s*")
_NAMES = re.compile(r"[^\s()=]+")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?=[\s,]|$)")
_GENERATE = re.compile(r"gen(?:e|er|era|erat|erate)?\s*\(")


@dataclass(frozen=True, slots=True)
class AtItem:
    """One item: variables (as typed) and either their statistic or the values of one of them."""

    names: tuple[str, ...]
    statistic: str = ""
    values: tuple[float, ...] = ()


def parse_at(text: str, offset: int = 0) -> tuple[AtItem, ...]:
    """Return the items from left to right; r(198) for what is none, r(121) for a bad list of numbers."""
    items: list[AtItem] = []
    at = 0
    while True:
        at += len(text[at:]) - len(text[at:].lstrip(" ,\t\n"))
        if at >= len(text):
            break
        statistic, assigned = _STATISTIC.match(text, at), _ASSIGNED.match(text, at)
        if statistic is not None:
            item, at = _statistic(text, statistic, offset)
        elif assigned is not None:
            item, at = _assigned(text, assigned, offset)
        else:
            raise _wrong(text, at, offset)
        items.append(item)
    if not items:
        raise StataError(198, "option at() incorrectly specified: the brackets are empty", (offset, offset + len(text)))
    return tuple(items)


def _statistic(text: str, match: re.Match[str], offset: int) -> tuple[AtItem, int]:
    word = match["word"]
    usual = word in STATISTICS or (re.fullmatch(r"p\d{1,2}", word) and word not in ("p0", "p00"))
    if not usual:
        span = (offset + match.start(), offset + match.end())
        raise StataError(198, f"at(): ({word}) is no statistic; there are {', '.join(STATISTICS)}", span)
    names: list[str] = []
    at = match.end()
    while True:
        at += len(text[at:]) - len(text[at:].lstrip(" \t\n"))
        name = _NAMES.match(text, at)
        if name is None or _ASSIGNED.match(text, at) is not None:
            break
        names.append(name.group())
        at = name.end()
    if not names:
        raise _wrong(text, match.start(), offset, "variables are missing after the statistic")
    return AtItem(tuple(names), statistic=word), at


def _assigned(text: str, match: re.Match[str], offset: int) -> tuple[AtItem, int]:
    name, at = match["name"], match.end()
    if _GENERATE.match(text, at):
        raise _wrong(text, at, offset, "generate() is not available in at(); create the variable first")
    if text[at : at + 1] == "(":
        depth, end = 0, at
        for end in range(at, len(text)):
            depth += (text[end] == "(") - (text[end] == ")")
            if depth == 0:
                break
        if depth:
            raise _wrong(text, at, offset, "a bracket stays open")
        values = parse_numlist(text[at + 1 : end], offset + at + 1)
        if not values:
            raise _wrong(text, at, offset, f"values of {name} are missing")
        return AtItem((name,), values=values), end + 1
    number = _NUMBER.match(text, at)
    if number is None:
        raise _wrong(text, at, offset, f"{name} needs a number, or a list of numbers in brackets")
    return AtItem((name,), values=(float(number.group()),)), number.end()


def _wrong(text: str, at: int, offset: int, why: str = "write for example at(x=(1 2 3) (mean) z)") -> StataError:
    return StataError(198, f"option at() incorrectly specified: {why}", (offset + at, offset + len(text)))
