"""Field widths and type codes of the .dta releases, and what a reader finds in a file before it makes columns of it.

Source: Stata's published descriptions of the formats (``help dta`` of the program that wrote each). Releases up to 115
are one binary stretch, 117-121 are sections between tags. 120 and 121 are 118 and 119 with one more type, the alias of
a variable in another frame, which has no data of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.errors import StataError

STRL = "strL"
ALIAS = "alias"


@dataclass(frozen=True, slots=True)
class Layout:
    """Widths in bytes; `n_vars`, `n_obs`, `data_label`, `expansion` and `sort` are widths of counts or lengths."""

    release: int
    name: int = 33
    format: int = 49
    label: int = 81
    n_vars: int = 2
    n_obs: int = 4
    data_label: int = 1
    sort: int = 2
    strl_v: int = 4
    """Bytes of the variable number in a data cell that refers to a long string; the rest of 8 is the row number."""
    gso_o: int = 8
    """Bytes of the row number in the long string itself."""
    title: int = 81
    """The label of the data in a binary file."""
    expansion: int = 4

    @property
    def types_are_letters(self) -> bool:
        """Whether storage types are coded by letters, as before release 111."""
        return self.release < 111

    @property
    def old_missing(self) -> bool:
        """Whether only ``.`` is there, the largest value of each type, as before release 113."""
        return self.release < FIRST_WRITTEN

    @property
    def short_labels(self) -> bool:
        """Whether value labels are texts of 8 bytes for small integers, as before release 108."""
        return self.release < 108

    @property
    def encoding(self) -> str:
        """Encoding in which text is written: UTF-8 since release 118, the Windows code page before."""
        return "utf-8" if self.release >= FIRST_UNICODE else "cp1252"


FIRST_UNICODE = 118
FIRST_WRITTEN = 113
"""The first release that is written, and the first with extended missing values."""

LAYOUTS: Mapping[int, Layout] = {
    105: Layout(105, name=9, format=12, label=32, title=32, expansion=2),
    108: Layout(108, name=9, format=12, expansion=2),
    110: Layout(110, format=12),
    111: Layout(111, format=12),
    113: Layout(113, format=12),
    114: Layout(114),
    115: Layout(115),
    117: Layout(117, gso_o=4),
    118: Layout(118, name=129, format=57, label=321, n_obs=8, data_label=2, strl_v=2),
    119: Layout(119, name=129, format=57, label=321, n_vars=4, n_obs=8, data_label=2, sort=4, strl_v=3),
    120: Layout(120, name=129, format=57, label=321, n_obs=8, data_label=2, strl_v=2),
    121: Layout(121, name=129, format=57, label=321, n_vars=4, n_obs=8, data_label=2, sort=4, strl_v=3),
}

MADE_BY = {
    102: "Stata 1", 103: "Stata 2 or 3", 104: "Stata 4", 112: "a Stata test version", 116: "a Stata test version",
}  # fmt: skip
"""Releases that are known and not read."""

TAGGED_TYPES = {65526: "double", 65527: "float", 65528: "long", 65529: "int", 65530: "byte", 32768: STRL, 65525: ALIAS}
LETTER_TYPES = {ord("d"): "double", ord("f"): "float", ord("l"): "long", ord("i"): "int", ord("b"): "byte"}
BINARY_TYPES = {255: "double", 254: "float", 253: "long", 252: "int", 251: "byte"}
LONGEST_TAGGED_STRING = 2045
LONGEST_BINARY_STRING = 244

NUMPY_TYPES = {"double": "f8", "float": "f4", "long": "i4", "int": "i2", "byte": "i1"}
FIRST_WITH_ALIASES = 120
MOST_VARIABLES = 32767
"""Variables that releases other than 119 and 121 can hold."""


def string_storage(width: int) -> str:
    """Return the storage type of text of at most `width` bytes."""
    return STRL if width > LONGEST_TAGGED_STRING else f"str{max(width, 1)}"


@dataclass(slots=True, kw_only=True)
class RawFile:
    """The parts of a file, before columns are made; `order` is numpy's ``<`` or ``>``."""

    release: int
    order: str
    n_obs: int
    label: str = ""
    timestamp: str = ""
    storage: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    sorted_by: tuple[str, ...] = ()
    formats: list[str] = field(default_factory=list)
    value_label_names: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    characteristics: list[tuple[str, str, str]] = field(default_factory=list)
    rows: memoryview = field(default_factory=lambda: memoryview(b""))
    long_strings: dict[tuple[int, int], str | bytes] = field(default_factory=dict)
    value_labels: dict[str, dict[float, str]] = field(default_factory=dict)

    @property
    def dtype(self) -> np.dtype[np.void]:
        """The structured type of one row; fields are named by position."""
        fields = []
        for index, storage in enumerate(self.storage):
            if storage == STRL:
                code = "u8"
            elif storage in NUMPY_TYPES:
                code = NUMPY_TYPES[storage]
            else:
                code = "S" + storage[3:]
            prefix = "" if code.startswith("S") or code == "i1" else self.order
            fields.append((f"v{index}", prefix + code))
        return np.dtype(fields)


def refuse_release(release: int, name: str) -> StataError:
    """Return the error for a .dta release that is not read."""
    if release in MADE_BY:
        advice = "save it with saveold or in a current version of Stata first"
        return StataError(
            610, f"file {name} is in .dta format {release} ({MADE_BY[release]}), which is not read; {advice}"
        )
    return StataError(610, f"file {name} is in .dta format {release}, which this version does not know")
