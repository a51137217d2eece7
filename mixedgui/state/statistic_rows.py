"""Statistics, names and variables as ``collapse`` writes them: ``(mean) x new=y (sd) z``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

DEFAULT = "mean"
_STATISTIC = re.compile(r"\(\s*(\w+)\s*\)")
_NAMED = re.compile(r"([^\W\d]\w*)\s*=\s*([^\W\d]\w*)")


@dataclass(frozen=True, slots=True)
class StatisticRow:
    """A statistic of some variables; `name` is that of the new variable, empty where the old one stays."""

    statistic: str = DEFAULT
    name: str = ""
    variables: str = ""


def read_rows(text: str) -> tuple[StatisticRow, ...]:
    """Return the rows that a text stands for."""
    rows: list[StatisticRow] = []
    statistic = DEFAULT
    for position, piece in enumerate(_STATISTIC.split(text)):
        if position % 2:
            statistic = piece
            continue
        at = 0
        for match in _NAMED.finditer(piece):
            rows += _plain(statistic, piece[at : match.start()])
            rows.append(StatisticRow(statistic, match[1], match[2]))
            at = match.end()
        rows += _plain(statistic, piece[at:])
    return tuple(rows)


def _plain(statistic: str, names: str) -> list[StatisticRow]:
    return [StatisticRow(statistic, "", " ".join(names.split()))] if names.strip() else []


def write_rows(rows: Iterable[StatisticRow]) -> str:
    """Return the text of rows; those without variables are left out, and a statistic is not repeated."""
    words: list[str] = []
    before = ""
    for row in rows:
        variables = row.variables.strip()
        if not variables:
            continue
        if row.statistic != before:
            words.append(f"({row.statistic})")
            before = row.statistic
        words.append(f"{row.name.strip()}={variables}" if row.name.strip() else variables)
    return " ".join(words)
