"""A number format as its choices: decimals, decimal comma, thousands separator, leading zeros."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FORMAT = re.compile(r"%(0?)(\d+)([.,])(\d+)f(c?)")


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """`decimals` is None for the default format, which has no other choices."""

    decimals: int | None = None
    comma: bool = False
    thousands: bool = False
    zeros: bool = False

    @classmethod
    def from_text(cls, text: str) -> NumberFormat | None:
        """Return the choices behind a format, None for one that is not made of them."""
        if not text.strip():
            return cls()
        match = _FORMAT.fullmatch(text.strip())
        if match is None:
            return None
        zeros, _, point, decimals, thousands = match.groups()
        return cls(int(decimals), point == ",", bool(thousands), bool(zeros))

    def to_text(self, width: int) -> str:
        """Return the format of this width, nothing for the default."""
        if self.decimals is None:
            return ""
        zero, point, thousands = "0" * self.zeros, "," if self.comma else ".", "c" * self.thousands
        return f"%{zero}{width}{point}{self.decimals}f{thousands}"
