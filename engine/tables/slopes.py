"""The table of ``estat slopes``."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.frame.modelframe import FloatArray
from engine.inference.normal import two_sided
from engine.inference.slopes import Region
from engine.inference.student import t_two_sided
from engine.results.stored import DataRow, DataTable
from engine.tables.document import Block, Lines, Role, Row, Table
from engine.tables.grid import GridColumn, layout, table_columns
from engine.tables.labels import abbreviate
from engine.tables.numbers import GENERAL, number_cell, number_text

_STUB = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Slopes:
    """Slopes of `focal` at `values` of `moderator`, their standard errors, and where they differ from zero."""

    focal: str
    moderator: str
    values: FloatArray
    slopes: FloatArray
    se: FloatArray
    df: float
    critical: float
    level: float
    region: Region | None
    labels: Mapping[float, str] = field(default_factory=dict)

    def row(self, i: int) -> tuple[float, ...]:
        """Slope, standard error, statistic, p-value and limits."""
        b, se = float(self.slopes[i]), float(self.se[i])
        statistic = b / se if se > 0.0 else float("nan")
        p = two_sided(statistic) if math.isinf(self.df) else t_two_sided(statistic, self.df)
        return (b, se, statistic, p, b - self.critical * se, b + self.critical * se)

    def name(self, i: int) -> str:
        """What the value is called."""
        value = float(self.values[i])
        return self.labels.get(value) or number_text(value, GENERAL)


def slopes_blocks(found: Slopes) -> tuple[Block, ...]:
    """Return title, a row per value, and the region in words."""
    letter = "z" if math.isinf(found.df) else "t"
    columns = (
        GridColumn("estimate", "Slope", 11, 11),
        GridColumn("se", "Std. err.", 22, 23),
        GridColumn("statistic", letter, 31, 31),
        GridColumn("p", f"P>|{letter}|", 39, 39),
        GridColumn("ll", f"[{found.level:g}% conf. interval]", 52, 64),
        GridColumn("ul", "", 64, 64),
    )
    formats = (GENERAL, GENERAL, "%8.2f", "%5.3f", GENERAL, GENERAL)
    rows = []
    for i in range(len(found.values)):
        cells = tuple(number_cell(v, fmt, 9) for v, fmt in zip(found.row(i), formats, strict=True))
        rows.append(Row(abbreviate(found.name(i), _STUB), cells, name=found.name(i)))
    table = Table(
        id="slopes",
        stub=found.moderator,
        columns=table_columns(_STUB, columns),
        rows=tuple(rows),
        layout=layout(abbreviate(found.moderator, _STUB), _STUB, columns),
        title=f"Slopes of {found.focal}",
        data=slopes_data(found),
    )
    title = Lines(("", f"Slopes of {found.focal} at values of {found.moderator} (not in Stata)", ""), Role.TITLE)
    words = region_words(found)
    return (title, table, Lines(tuple(textwrap.wrap(words, 78)))) if words else (title, table)


def region_words(found: Slopes) -> str:
    """Say where slopes differ from zero; empty without a region."""
    region = found.region
    if region is None:
        return ""
    ends = [number_text(bound, GENERAL) for bound in region.bounds]
    at = f"at {found.level:g}%"
    if not ends:
        return f"The slope of {found.focal} differs from zero {'everywhere' if region.inside else 'nowhere'} ({at})."
    if len(ends) == 1:
        side = "below" if region.inside else "above"
        return f"The slope of {found.focal} differs from zero {side} {found.moderator} = {ends[0]} ({at})."
    where = f"between {ends[0]} and {ends[1]}" if region.inside else f"below {ends[0]} and above {ends[1]}"
    return f"The slope of {found.focal} differs from zero for {found.moderator} {where} ({at})."


def slopes_data(found: Slopes) -> DataTable:
    """Return the slopes as data."""
    rows = (DataRow(found.moderator, found.name(i), found.row(i)) for i in range(len(np.atleast_1d(found.values))))
    return DataTable("slopes", ("estimate", "se", "statistic", "p", "ll", "ul"), tuple(rows))
