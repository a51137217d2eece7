"""Lists of numbers: ``1 2 3``, ``1/5``, ``1(2)9``, ``1 3 to 9``, ``1 3:9`` ([U] 11.1.8)."""

from __future__ import annotations

import re

from engine.errors import Span, StataError

MAX_NUMBERS = 2500
_NUMBER = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_ITEM = re.compile(
    rf"""(?P<first>{_NUMBER})
    (?:\s*/\s*(?P<end>{_NUMBER})
      |\s*(?:\(\s*(?P<step>{_NUMBER})\s*\)|\[\s*(?P<step2>{_NUMBER})\s*\])\s*(?P<last>{_NUMBER})
      |\s+(?P<second>{_NUMBER})\s*(?:\bto\b|:)\s*(?P<upto>{_NUMBER}))?
    (?=[\s,]|$)""",
    re.VERBOSE,
)
_GAP = re.compile(r"\s*,?\s*")


def parse_numlist(text: str, offset: int = 0) -> tuple[float, ...]:
    """Return the numbers that `text` stands for; r(121) when it is no such list, r(123) beyond 2,500 numbers."""
    numbers: list[float] = []
    stripped = text.rstrip()
    position = len(stripped) - len(stripped.lstrip())
    while position < len(stripped):
        match = _ITEM.match(stripped, position)
        span = (offset + position, offset + len(stripped))
        if match is None:
            raise StataError(121, f"invalid numlist: {stripped[position:]}", span)
        numbers.extend(_expand(match, span))
        if len(numbers) > MAX_NUMBERS:
            raise StataError(123, f"invalid numlist has too many elements: at most {MAX_NUMBERS}", span)
        gap = _GAP.match(stripped, match.end())
        position = match.end() if gap is None else gap.end()
    return tuple(numbers)


def _expand(match: re.Match[str], span: Span) -> list[float]:
    """Return the numbers of one item; a range runs up or down as its ends say."""
    first = float(match["first"])
    if match["end"] is not None:
        last = float(match["end"])
        step = 1.0 if last >= first else -1.0
    elif match["last"] is not None:
        step, last = float(match["step"] or match["step2"]), float(match["last"])
    elif match["second"] is not None:
        step, last = float(match["second"]) - first, float(match["upto"])
    else:
        return [first]
    if step == 0 or (last - first) * step < 0:
        raise StataError(121, f"invalid numlist: {match.group()} does not reach its end", span)
    count = (last - first) / step + 1e-9
    if not count < MAX_NUMBERS:
        raise StataError(123, f"invalid numlist has too many elements: at most {MAX_NUMBERS}", span)
    return [first + step * k for k in range(int(count) + 1)]


def print_number(value: float) -> str:
    """Return the shortest text that reads back as `value`."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def print_integers(values: tuple[int, ...]) -> str:
    """Return a list of whole numbers with runs of three or more as ``a/b``."""
    parts: list[str] = []
    start = 0
    while start < len(values):
        end = start
        while end + 1 < len(values) and values[end + 1] == values[end] + 1:
            end += 1
        if end - start >= 2:
            parts.append(f"{values[start]}/{values[end]}")
            start = end + 1
        else:
            parts.append(str(values[start]))
            start += 1
    return " ".join(parts)
