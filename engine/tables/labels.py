"""Row labels that fit: abbreviated names, truncated value labels, interactions broken at ``#``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from engine.covariance.names import abbreviate
from engine.data.dataset import Dataset
from engine.frame.columns import Column

__all__ = ["FactorLabels", "abbreviate", "factor_labels", "fit_levels", "fit_name", "needed_width", "truncate"]

FactorLabels: TypeAlias = Mapping[str, Mapping[float, str]]
"""Variable -> level -> value label; variables without labels may be absent."""


def factor_labels(columns: Iterable[Column], dataset: Dataset) -> FactorLabels:
    """Collect the value labels of the factors in `columns`; variables that have left the data set have none."""
    variables = {part.variable for column in columns for part in column.parts if part.level is not None}
    bare = {variable: variable.rpartition(".")[2] for variable in variables}
    return {variable: dataset.labels_of(name) for variable, name in bare.items() if name in dataset}


def truncate(text: str, width: int) -> str:
    """Shorten a value label to `width` characters, ending in ``..``."""
    if len(text) <= width:
        return text
    return f"{text[: width - 2]}.."


def pieces(text: str) -> list[str]:
    """Split an interaction after each ``#``."""
    *heads, last = text.split("#")
    return [*(f"{head}#" for head in heads), last]


def needed_width(text: str, limit: int) -> int:
    """Return the stub width that `text` asks for: whole where `limit` allows it, else broken after each ``#``."""
    if len(text) <= limit or "#" not in text:
        return len(text)
    *heads, last = pieces(text)
    return max(len(last), *(len(head) - 1 for head in heads))


def fit_name(name: str, width: int) -> str:
    """Fit a coefficient name into `width` columns, on several lines where it is an interaction."""
    if len(name) <= width:
        return name
    return "\n".join(
        abbreviate(piece[:-1], width) + "#" if piece.endswith("#") else abbreviate(piece, width)
        for piece in pieces(name)
    )


def wrap(text: str, width: int, lines: int, *, words: bool) -> str:
    """Break a value label into at most `lines` lines, the last truncated; between words where `words` and possible."""
    parts: list[str] = []
    rest = text
    while len(rest) > width and len(parts) < lines - 1:
        cut = rest.rfind(" ", 1, width + 1) if words else -1
        parts.append(rest[:cut] if cut > 0 else rest[:width])
        rest = rest[cut + 1 :] if cut > 0 else rest[width:].lstrip()
    return "\n".join([*parts, truncate(rest, width)])


def fit_levels(texts: tuple[str, ...], width: int, lines: int = 1, *, words: bool = True) -> str:
    """Fit the levels of one row, joined by ``#``, into `width` columns; each on up to `lines` lines (``fvwrap()``)."""
    whole = "#".join(texts)
    if len(whole) <= width:
        return whole
    *heads, last = (wrap(text, width, lines, words=words) for text in texts)
    return "\n".join([*(f"{head}#" for head in heads), last])
