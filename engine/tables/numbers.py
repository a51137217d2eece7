"""Numbers as cells: the value and the digits that Stata prints for it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from engine.data.formats import USUAL_FORMATS, format_value
from engine.spec.mixed import DisplayOptions
from engine.tables.document import Cell

GENERAL = "%9.0g"
"""Coefficients, standard errors, limits."""
LIKELIHOOD = "%10.0g"
COUNT = "%12.0fc"
AVERAGE = "%9.1fc"
CHI2 = "%9.2f"
DEGREES = "%8.1f"
DEGREES_SUMMARY = "%9.2fc"
DENOMINATOR = "%7.2f"
"""Denominator degrees of freedom in ``F(3, 12.00)``."""
PROBABILITY = "%6.4f"

MISSING_TEXT = "."


@dataclass(frozen=True, slots=True)
class NumberFormats:
    """Formats of a coefficient table (``cformat() pformat() sformat()``), those of ``set cformat`` unless given."""

    coefficient: str = field(default_factory=lambda: USUAL_FORMATS.get()[0] or GENERAL)
    p: str = field(default_factory=lambda: USUAL_FORMATS.get()[1] or "%5.3f")
    statistic: str = field(default_factory=lambda: USUAL_FORMATS.get()[2] or "%8.2f")

    @classmethod
    def of(cls, display: DisplayOptions) -> NumberFormats:
        """Return the formats in force under `display`."""
        usual = cls()
        return cls(display.cformat or usual.coefficient, display.pformat or usual.p, display.sformat or usual.statistic)


def number_text(value: float, fmt: str) -> str:
    """Return the printed digits of `value` without padding; ``.`` for what is not a finite number."""
    return format_value(value, fmt).strip() if math.isfinite(value) else MISSING_TEXT


def number_cell(value: float, fmt: str, width: int) -> Cell:
    """Return a cell at most `width` wide; a number that `fmt` cannot hold there is printed in the general format."""
    text = number_text(value, fmt)
    if len(text) > width:
        text = number_text(value, f"%{width}.0g")
    return Cell(text, value)
