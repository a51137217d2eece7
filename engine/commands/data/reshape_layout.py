"""What ``reshape`` was asked for: stubs, identifiers, the variable j and its values ([D] reshape)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.data.dataset import Dataset
from engine.data.formats import format_value
from engine.data.names import is_legal
from engine.errors import Span, StataError
from engine.lang.numlist import parse_numlist

OWNER = "_dta"
_KEPT = ("ReS_i", "ReS_j", "ReS_Xij", "ReS_jv", "ReS_str")
"""Characteristics of the data that keep the last request, so that ``reshape wide`` alone goes back."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A request: `values` are those of j, as they stand in the names of the wide variables."""

    stubs: tuple[str, ...]
    i: tuple[str, ...]
    j: str
    string: bool
    values: tuple[str, ...] = ()

    def wide_name(self, stub: str, value: str) -> str:
        """Return the variable of a stub for one value of j; ``@`` marks the place of the value."""
        return stub.replace("@", value, 1) if "@" in stub else stub + value

    def long_name(self, stub: str) -> str:
        """Return the variable of a stub in the long form."""
        return stub.replace("@", "", 1)

    def number(self, value: str) -> float:
        """Return a value of j as a number."""
        return float(value)


def remembered(dataset: Dataset) -> Layout | None:
    """Return the request of the last ``reshape`` of these data."""
    kept = {name: text for owner, name, text in dataset.characteristics if owner == OWNER and name in _KEPT}
    if not {"ReS_i", "ReS_j", "ReS_Xij"} <= set(kept):
        return None
    return Layout(
        tuple(kept["ReS_Xij"].split()),
        tuple(kept["ReS_i"].split()),
        kept["ReS_j"],
        kept.get("ReS_str", "0") == "1",
        tuple(kept.get("ReS_jv", "").split()),
    )


def without_layout(dataset: Dataset) -> tuple[tuple[str, str, str], ...]:
    """Return the characteristics of the data without those of ``reshape``."""
    return tuple(entry for entry in dataset.characteristics if not (entry[0] == OWNER and entry[1] in _KEPT))


def with_layout(dataset: Dataset, layout: Layout) -> tuple[tuple[str, str, str], ...]:
    """Return the characteristics of the data with those of this request."""
    texts = (" ".join(layout.i), layout.j, " ".join(layout.stubs), " ".join(layout.values), str(int(layout.string)))
    return (*without_layout(dataset), *((OWNER, name, text) for name, text in zip(_KEPT, texts, strict=True)))


def asked_values(text: str, *, string: bool) -> tuple[str, ...]:
    """Return the values of j typed after its name, none when there are none."""
    if not text.strip():
        return ()
    if string:
        return tuple(text.split())
    return tuple(value_text(value) for value in parse_numlist(text.replace("-", "/")))


def value_text(value: float) -> str:
    """Return a value of j as it stands in a name."""
    return format_value(value, "%18.0g")


def found_values(stubs: tuple[str, ...], dataset: Dataset, *, string: bool, span: Span | None) -> tuple[str, ...]:
    """Return the values of j that the names of the data show; r(111) when no variable has the form of a stub."""
    found: set[str] = set()
    for stub in stubs:
        head, _, tail = stub.partition("@")
        pattern = re.compile(re.escape(head) + (r"(\w+)" if string else r"(\d+)") + re.escape(tail))
        found.update(match[1] for name in dataset.names if (match := pattern.fullmatch(name)))
    if not found:
        what = "" if string else " (values of j are numbers; option string allows letters)"
        raise StataError(
            111, f"no xij variables found: no name is {' or '.join(stubs)} with a value behind{what}", span
        )
    if string:
        return tuple(sorted(found))
    return tuple(sorted({str(int(text)) if text == str(int(text)) else text for text in found}, key=int))


def check_names(names: list[str], dataset: Dataset, span: Span | None) -> None:
    """Raise r(198) or r(110) for new names that are none, or taken."""
    for name in names:
        if not is_legal(name):
            raise StataError(198, f"{name} would be a variable, and is not a valid name for one", span)
        if name in dataset:
            raise StataError(110, f"variable {name} already defined", span)
