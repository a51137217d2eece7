"""Columns of text cells as numbers, dates or text. What is not certain stays text, and a remark says why."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from engine.data.foreign.arriving import Arriving, numbers, words
from engine.data.foreign.date_text import DateOrder, read_dates
from engine.data.missing import MISSING, extent, from_doubles, missing_value

if TYPE_CHECKING:
    import pyarrow as pa

NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?$"
MISSING_WORDS = ("NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "None", "-nan", "inf", "-inf", "Inf", "-Inf")
"""Words that stand for a missing value where all other cells are numbers."""

STATA_MISSING = re.compile(r"\.[a-z]?")
_COMMA_NUMBER = r"^[+-]?(\d+|\d{1,3}(\.\d{3})+)?(,\d*)?([eE][+-]?\d{1,4})?$"
_CERTAIN_COMMA = r"(^[+-]?0?,)|(,(\d{1,2}|\d{4,})([eE]|$))|(^[+-]?\d{4,},)|(\.\d{3},)"
_GROUPED = r"^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$"
_CERTAIN_GROUP = r"(,\d{3},\d{3})|(,\d{3}\.)"
_LONG_INTEGER = r"^[+-]?\d{16,}$"
_CERTAINLY_EXACT = 1e15
"""Below it a whole number keeps all its digits as a double."""

_LEADING_ZERO = r"^0\d"
_NUMERAL = re.compile(r"[-+\d.,eE]*")
_SAMPLE = 100
"""Cells that are looked at to see what a column may be."""

_MOSTLY = 0.8
"""Share of numbers above which a remark names the cell that keeps a column from being one of numbers."""


class Forced(Enum):
    """What a user has said about a column."""

    NOTHING = "nothing"
    TEXT = "text"
    NUMBERS = "numbers"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRules:
    """How text becomes values: `decimal` and `group` are signs, empty when they have to be found."""

    decimal: str = ""
    group: str = ""
    dates: DateOrder = DateOrder.CERTAIN
    as_float: bool = False


AS_FOUND = CellRules()
"""Signs are found out."""


@dataclass(slots=True)
class Remarks:
    """What is said about the columns of a file, collected by reason so that thousands of columns take a few lines."""

    found: dict[str, list[str]] = field(default_factory=dict)

    def add(self, reason: str, name: str) -> None:
        """Say `reason` about the column `name`."""
        self.found.setdefault(reason, []).append(name)


@dataclass(frozen=True, slots=True)
class DistinctCells:
    """The different cells of a column in the order in which they appear, null for empty ones; `places` has the rows.

    Attributes
    ----------
    places
        Shape (n_obs,): which of `texts` stands in each row.
    """

    texts: pa.ChunkedArray
    places: npt.NDArray[np.int64]

    @classmethod
    def of(cls, cells: pa.ChunkedArray) -> DistinctCells:
        """Return the different ones among `cells`."""
        import pyarrow as pa

        coded = cells.combine_chunks().dictionary_encode(null_encoding="encode")
        return cls(pa.chunked_array([coded.dictionary]), coded.indices.to_numpy(zero_copy_only=False))


def quick_numbers(cells: pa.ChunkedArray) -> npt.NDArray[np.float64] | None:
    """Return doubles when all cells are plain numbers or null and nothing has to be said about them, else None."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        pc.cast(cells[:_SAMPLE], pa.float64())  # finds most columns of text, which take long to fail
        cast = pc.cast(cells, pa.float64())
    except pa.ArrowInvalid:
        return None
    if cast.null_count == len(cast):
        return np.full(len(cells), MISSING)
    values = cast.to_numpy(zero_copy_only=False)
    absent = None
    if cast.null_count:
        absent = np.isnan(values)
        if int(absent.sum()) != cast.null_count:  # the word NaN
            return None
        values = np.where(absent, 0.0, values)
    low, high = extent(values)
    if not (low > -_CERTAINLY_EXACT and high < _CERTAINLY_EXACT):  # infinities and NaN too
        return None
    if high >= 1.0 and _may_be_codes(cells) and _padded(cells, values):
        return None
    return values if absent is None else np.where(absent, MISSING, values)


def _may_be_codes(cells: pa.ChunkedArray) -> bool:
    """Tell whether some of the first cells are digits alone: zeros in front of measurements say nothing."""
    return any(text is not None and text.isdigit() for text in cells[:_SAMPLE].to_pylist())


def _padded(cells: pa.ChunkedArray, values: npt.NDArray[np.float64]) -> bool:
    """Tell whether some number from 1 on is written with a zero in front."""
    import pyarrow.compute as pc

    zeros = pc.fill_null(pc.starts_with(cells, "0"), fill_value=False).to_numpy(zero_copy_only=False)
    return bool((values[zeros] >= 1.0).any())


def find_decimal(columns: list[pa.ChunkedArray]) -> str:
    """Return ``,`` when some column can only hold numbers with a decimal comma, else ``.``."""
    import pyarrow.compute as pc

    for cells in columns:
        present = _present(cells)
        first = present.drop_null()[:1]
        if not len(first) or "," not in "".join(pc.unique(present.drop_null()[:1000]).to_pylist()):
            continue
        if _all(present, _COMMA_NUMBER) and _any(present, _CERTAIN_COMMA) and not _any(present, _CERTAIN_GROUP):
            return ","
    return "."


def read_column(name: str, cells: DistinctCells, rules: CellRules, forced: Forced, remarks: Remarks) -> Arriving:
    """Return the column that text cells stand for; `rules.decimal` has been decided."""
    column = _read(name, cells, rules, forced, remarks)
    column.values = column.values[cells.places]
    return column


def _read(name: str, cells: DistinctCells, rules: CellRules, forced: Forced, remarks: Remarks) -> Arriving:
    """Return the column that the different cells stand for."""
    if forced is Forced.TEXT:
        return words(name, _objects(cells.texts))
    present = _present(cells.texts)
    if present.null_count == len(present):
        return numbers(name, np.full(len(present), MISSING))
    if forced is Forced.NUMBERS or not _surely_words(present, rules):
        plain = _plain_numbers(name, present, rules, remarks)
        values = _numbers(name, plain, forced, remarks)
        if values is not None:
            return number_column(name, values, rules)
    dates, why = read_dates(present, rules.dates)
    if dates is not None:
        remarks.add(f"read as dates ({dates.how})", name)
        values = np.where(np.isnan(dates.values), MISSING, dates.values)
        if dates.format == "%tc":
            return Arriving(name=name, storage="double", values=values, format="%tc")
        return numbers(name, values, dates.format)
    if why:
        remarks.add(f"dates that were left as text ({why})", name)
    else:
        _say_why_text(name, present, cells.places, rules, remarks)
    return words(name, _objects(cells.texts))


def _surely_words(present: pa.ChunkedArray, rules: CellRules) -> bool:
    """Tell whether one of the first cells holds what no number and no sign for a missing value does."""
    first = present.drop_null()[:_SAMPLE].to_pylist()
    return any(
        not _NUMERAL.fullmatch(text.replace(rules.group, "") if rules.group else text)
        and text not in MISSING_WORDS
        and not STATA_MISSING.fullmatch(text)
        for text in (text.replace(rules.decimal, ".") if rules.decimal else text for text in first)
    )


def number_column(name: str, values: npt.NDArray[np.float64], rules: CellRules) -> Arriving:
    """Return a column of doubles in the smallest storage type, fractions as float where that is wanted."""
    column = numbers(name, values)
    if rules.as_float and column.storage == "double":
        column.storage, column.values = "float", from_doubles(values, "float")
    return column


def _present(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the cells without surrounding blanks, null where nothing is left."""
    import pyarrow.compute as pc

    trimmed = pc.utf8_trim_whitespace(cells)
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)


def _plain_numbers(name: str, present: pa.ChunkedArray, rules: CellRules, remarks: Remarks) -> pa.ChunkedArray:
    """Return the cells with a decimal point and without signs between thousands."""
    import pyarrow.compute as pc

    cells = present
    if rules.group:
        cells = pc.replace_substring(cells, rules.group, "")
    elif rules.decimal == "." and _all(cells, rf"{_GROUPED}|{NUMBER}") and _any(cells, _CERTAIN_GROUP):
        remarks.add("commas between thousands left out", name)
        cells = pc.replace_substring(cells, ",", "")
    elif rules.decimal == "," and _all(cells, _COMMA_NUMBER):
        cells = pc.replace_substring(cells, ".", "")
    if rules.decimal not in ("", "."):
        without = pc.match_substring(cells, ".")
        swapped = pc.replace_substring(cells, rules.decimal, ".")
        cells = pc.if_else(without, cells, swapped)
    return cells


def _numbers(name: str, cells: pa.ChunkedArray, forced: Forced, remarks: Remarks) -> npt.NDArray[np.float64] | None:
    """Return doubles with missing codes, None when the cells are no numbers."""
    import pyarrow as pa
    import pyarrow.compute as pc

    fits = pc.fill_null(pc.match_substring_regex(cells, pattern=NUMBER), fill_value=True)
    others = pc.unique(cells.filter(pc.invert(fits))).to_pylist()
    extended = [word for word in others if STATA_MISSING.fullmatch(word)]
    absent = [word for word in others if word in MISSING_WORDS]
    rest = len(others) - len(extended) - len(absent)
    if forced is not Forced.NUMBERS and (rest or (absent and not _any(cells, NUMBER))):
        return None
    if forced is not Forced.NUMBERS and _any(cells, _LONG_INTEGER) and not _exact(cells.filter(fits)):
        remarks.add("left as text, because a number cannot hold all their digits", name)
        return None
    if absent:
        remarks.add(f"{', '.join(absent)} read as missing", name)
    if rest:
        remarks.add("cells that are no numbers read as missing", name)
    if _any(cells, _LEADING_ZERO):
        remarks.add("leading zeros not kept (stringcols() keeps them)", name)
    digits = pc.replace_substring_regex(pc.if_else(fits, cells, None), pattern=r"^\+", replacement="")
    values = pc.cast(digits, pa.float64()).to_numpy(zero_copy_only=False).astype(np.float64)
    values = np.where(np.isnan(values) | (np.abs(values) >= MISSING), MISSING, values)
    for word in extended:
        if word != ".":
            rows = pc.fill_null(pc.equal(cells, word), fill_value=False).to_numpy(zero_copy_only=False)
            values[rows] = missing_value(word[1])
    return values


def _exact(cells: pa.ChunkedArray) -> bool:
    """Tell whether whole numbers keep all their digits as doubles."""
    return all(int(float(text)) == int(text) for text in cells.drop_null().to_pylist() if text.lstrip("+-").isdigit())


def _say_why_text(
    name: str,
    present: pa.ChunkedArray,
    places: npt.NDArray[np.int64],
    rules: CellRules,
    remarks: Remarks,
) -> None:
    """Say which cell keeps a column that is mostly numbers from being one, or that its commas are not clear."""
    import pyarrow.compute as pc

    if rules.decimal == "." and _any(present, _GROUPED) and _all(present, rf"{_GROUPED}|{NUMBER}"):
        remarks.add(
            "left as text: is the comma decimal or between thousands? decimalseparator(,) or groupseparator(,) says it",
            name,
        )
        return
    fits = pc.fill_null(pc.match_substring_regex(present, pattern=NUMBER), fill_value=True)
    fit = fits.to_numpy(zero_copy_only=False)[places]
    there = present.is_valid().to_numpy(zero_copy_only=False)[places]
    wrong = int((~fit).sum())
    if wrong and 1.0 - wrong / int(there.sum()) >= _MOSTLY:
        row = int(np.argmin(fit))
        remarks.add(f"left as text because of {present[int(places[row])].as_py()!r} in observation {row + 1}", name)


def _all(cells: pa.ChunkedArray, pattern: str) -> bool:
    import pyarrow.compute as pc

    return bool(pc.all(pc.match_substring_regex(cells, pattern=pattern), min_count=0).as_py())


def _any(cells: pa.ChunkedArray, pattern: str) -> bool:
    import pyarrow.compute as pc

    return bool(pc.any(pc.match_substring_regex(cells, pattern=pattern), min_count=0).as_py())


def _objects(texts: pa.ChunkedArray) -> npt.NDArray[Any]:
    """Return text as an object array."""
    import pyarrow.compute as pc

    result = np.empty(len(texts), dtype=object)
    result[:] = pc.fill_null(texts, "").to_pylist()
    return result
