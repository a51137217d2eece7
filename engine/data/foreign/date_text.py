"""Dates written as text: which order of day, month and year they can have, and the numbers they stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from engine.data.dates import MONTHS, MS_PER_DAY

if TYPE_CHECKING:
    import pyarrow as pa

_DAYS_TO_1960 = 3653
"""Days from 1 January 1960 to 1 January 1970, where numpy begins to count."""


class DateOrder(Enum):
    """What is done with text that looks like dates."""

    CERTAIN = "certain"
    """Dates whose parts cannot be mistaken are read: year first, or the month as a word."""
    DMY = "DMY"
    MDY = "MDY"
    YMD = "YMD"
    NONE = "none"


_TIME = r"(?:[T ]+(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,](?P<F>\d{1,9}))?)?(?P<Z>Z|[+-]00:?00)?)?"
_MONTH_WORDS = "|".join(f"{month[:3].lower()}|{month.lower()}" for month in MONTHS) + "|sept"
_YEAR_FIRST = rf"^(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_TIME}$"
_DAY_WORD = rf"^(?P<d>\d{{1,2}})[-/ .]*(?P<w>(?i:{_MONTH_WORDS}))[-/ .,]*(?P<y>\d{{4}}){_TIME}$"
_WORD_DAY = rf"^(?P<w>(?i:{_MONTH_WORDS}))[-/ .]*(?P<d>\d{{1,2}})[-/ ,]+(?P<y>\d{{4}}){_TIME}$"
_YEAR_LAST = rf"^(?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})[-/.](?P<y>\d{{4}}){_TIME}$"
_SHORT_YEAR = r"^\d{1,2}[-/.]\d{1,2}[-/.]\d{2}$"


@dataclass(frozen=True, slots=True)
class Dates:
    """Dates of a column: numbers (NaN where the cell is empty), ``%td`` or ``%tc``, and what was read how."""

    values: npt.NDArray[np.float64]
    format: str
    how: str


def read_dates(cells: pa.ChunkedArray, order: DateOrder) -> tuple[Dates | None, str]:
    """Return the dates that all nonnull cells are, or None and why they are left as text (empty: they are no dates)."""
    if order is DateOrder.NONE:
        return None, ""
    for pattern, how in (
        (_YEAR_FIRST, "year-month-day"),
        (_DAY_WORD, "day month year"),
        (_WORD_DAY, "month day, year"),
    ):
        if _all_match(cells, pattern):
            return _converted(cells, pattern, order, how)
    if _all_match(cells, _YEAR_LAST):
        if order in (DateOrder.DMY, DateOrder.MDY):
            how = "day/month/year" if order is DateOrder.DMY else "month/day/year"
            return _converted(cells, _YEAR_LAST, order, how)
        return None, _which_order(cells)
    if _all_match(cells, _SHORT_YEAR):
        return None, "the year has two digits"
    return None, ""


def _all_match(cells: pa.ChunkedArray, pattern: str) -> bool:
    import pyarrow.compute as pc

    sample = cells.drop_null()[:1]
    if not len(sample) or re.match(pattern.replace("(?P<", "(?P<"), sample[0].as_py()) is None:
        return False
    matched = pc.match_substring_regex(cells, pattern=pattern)
    return bool(pc.all(matched, min_count=0).as_py())


def _which_order(cells: pa.ChunkedArray) -> str:
    """Return which orders of day and month the cells allow, as the reason why they are text."""
    parts = _parts(cells, _YEAR_LAST)
    first, second = np.nan_to_num(parts["a"]), np.nan_to_num(parts["b"])
    if (first <= 12).all() and (second <= 12).all():
        return "day or month first? dates(DMY) or dates(MDY) says it"
    if (first <= 12).all():
        return "the month seems to come first: dates(MDY) reads them"
    if (second <= 12).all():
        return "the day seems to come first: dates(DMY) reads them"
    return "neither day/month/year nor month/day/year fits all of them"


def _converted(cells: pa.ChunkedArray, pattern: str, order: DateOrder, how: str) -> tuple[Dates | None, str]:
    parts = _parts(cells, pattern)
    year = parts["y"]
    if "a" in parts:
        day, month = (parts["a"], parts["b"]) if order is DateOrder.DMY else (parts["b"], parts["a"])
    else:
        day, month = parts["d"], parts["m"] if "m" in parts else parts["w"]
    present = ~np.isnan(year)
    days, valid = _day_numbers(year, month, day)
    wrong = present & ~valid
    if wrong.any():
        return None, f"{cells[int(np.argmax(wrong))].as_py()} is no day of the calendar"
    if np.isnan(parts["H"]).all():
        return Dates(days, "%td", how), ""
    clock = [np.nan_to_num(parts[code]) for code in "HMSF"]
    if (clock[0] > 23).any() or (clock[1] > 59).any() or (clock[2] > 59).any():
        return None, "some times of day do not exist"
    seconds = clock[0] * 3600 + clock[1] * 60 + clock[2]
    return Dates(days * MS_PER_DAY + seconds * 1000.0 + clock[3], "%tc", f"{how} with time"), ""


def _parts(cells: pa.ChunkedArray, pattern: str) -> dict[str, npt.NDArray[np.float64]]:
    """Return the named parts as numbers, NaN where there are none; months as words by number, ``F`` in milliseconds."""
    import pyarrow as pa
    import pyarrow.compute as pc

    struct = pc.extract_regex(cells, pattern=pattern)
    parts: dict[str, npt.NDArray[np.float64]] = {}
    for position, field in enumerate(struct.type):
        texts = pc.struct_field(struct, [position])
        if field.name == "Z":
            continue
        if field.name == "w":
            known = pa.array([month[:3].lower() for month in MONTHS])
            index: Any = pc.index_in(pc.utf8_slice_codeunits(pc.ascii_lower(texts), 0, 3), value_set=known)
            parts["w"] = pc.cast(index, pa.float64()).to_numpy(zero_copy_only=False) + 1.0
            continue
        if field.name == "F":
            texts = pc.utf8_slice_codeunits(pc.utf8_rpad(texts, 3, "0"), 0, 3)
        filled = pc.if_else(pc.equal(pc.fill_null(texts, ""), ""), None, texts)
        if field.name == "F":
            filled = pc.if_else(pc.equal(filled, "000"), "0", filled)
        parts[field.name] = pc.cast(filled, pa.float64()).to_numpy(zero_copy_only=False).astype(np.float64)
    return parts


def _day_numbers(
    year: npt.NDArray[np.float64], month: npt.NDArray[np.float64], day: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Return days since 1960 (NaN where a part is missing) and whether there is such a day."""
    given = ~(np.isnan(year) | np.isnan(month) | np.isnan(day))
    y, m, d = (np.where(given, part, 1).astype(np.int64) for part in (year, month, day))
    possible = given & (m >= 1) & (m <= 12) & (d >= 1) & (y >= 100)
    months = (y - 1970) * 12 + np.clip(m, 1, 12) - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    last = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    possible &= d <= last - first
    return np.where(possible, first + d - 1 + _DAYS_TO_1960, np.nan), possible
