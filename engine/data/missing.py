"""Missing values: ``.`` and ``.a`` to ``.z`` are the 27 largest values of every storage type.

Stored columns keep Stata's own codes, so comparison and sorting order them above every number without special cases.
In double precision code k (0 for ``.``, 1 for ``.a`` … 26 for ``.z``) is 2^1023 (1 + k/4096).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

MISSING: float = float(np.ldexp(1.0, 1023))
"""The double that stands for ``.``; every value at or above it is missing."""

_STEP = MISSING / 4096.0

INTEGER_MISSING: dict[str, int] = {"byte": 101, "int": 32741, "long": 2147483621}
"""Storage type -> integer code of ``.``; ``.a`` follows at +1."""

FLOAT_MISSING_BITS = 0x7F000000
FLOAT_MISSING_STEP = 0x800
"""Bit pattern of ``.`` in single precision, and the distance to ``.a``."""

MISSING_DOUBLES: npt.NDArray[np.float64] = MISSING + _STEP * np.arange(27, dtype=np.float64)


def is_missing(values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Tell which doubles are missing (Stata codes, and NaN or infinities, which never stand for data)."""
    return ~(values < MISSING)


BLOCK = 1 << 15
"""Doubles that are worked on together: so many stay in the processor's cache from one pass to the next."""


def none_missing(values: npt.NDArray[np.float64]) -> bool:
    """Tell whether no double is missing, in one quick pass."""
    return not values.size or bool(values.max() < MISSING)


def extent(values: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Return the smallest and largest double (NaN where there is one), reading memory once; there has to be one."""
    if values.size <= BLOCK or values.ndim != 1:
        return float(values.min()), float(values.max())
    parts = [values[start : start + BLOCK] for start in range(0, len(values), BLOCK)]
    ends = np.array([(part.min(), part.max()) for part in parts])
    return float(ends[:, 0].min()), float(ends[:, 1].max())


def all_numbers(values: npt.NDArray[np.float64]) -> bool:
    """Tell whether every double is a number within range."""
    if not values.size:
        return True
    low, high = extent(values)
    return low > -MISSING and high < MISSING


def missing_code(value: float) -> int | None:
    """Return 0 for ``.``, 1 … 26 for ``.a`` … ``.z``, None for a number; what is too large for a number is ``.``."""
    if value < MISSING:
        return None
    if not value <= MISSING_DOUBLES[-1]:
        return 0
    return round((value - MISSING) / _STEP)


def missing_text(value: float) -> str:
    """Return ``.``, ``.a`` … for a missing double."""
    code = missing_code(value)
    if not code:
        return "."
    return "." + chr(ord("a") + code - 1)


def missing_value(letter: str = "") -> float:
    """Return the double of ``.`` (no letter) or ``.a`` … ``.z``."""
    return float(MISSING_DOUBLES[0 if not letter else ord(letter) - ord("a") + 1])


def to_doubles(column: npt.NDArray[Any], storage: str) -> npt.NDArray[np.float64]:
    """Return a stored numeric column as doubles with the missing codes of doubles."""
    values = column.astype(np.float64)
    if storage == "double":
        return values
    if storage == "float":
        least = np.uint32(FLOAT_MISSING_BITS).view(np.float32)
        if len(column) and not column.max() < least:
            missing = ~(column < least)
            bits = column[missing].view(np.uint32).astype(np.int64)
            codes = np.clip((bits - FLOAT_MISSING_BITS) // FLOAT_MISSING_STEP, 0, 26)
            values[missing] = MISSING_DOUBLES[codes]
        return values
    first = INTEGER_MISSING[storage]
    if len(column) and column.max() >= first:
        missing = column >= first
        values[missing] = MISSING_DOUBLES[np.clip(column[missing].astype(np.int64) - first, 0, 26)]
    return values


def _codes(values: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return 0 … 26 for missing doubles, as `missing_code`."""
    coded = values <= MISSING_DOUBLES[-1]
    return np.rint((np.where(coded, values, MISSING) - MISSING) / _STEP).astype(np.int64)


def from_doubles(values: npt.NDArray[np.float64], storage: str) -> npt.NDArray[Any]:
    """Return doubles (with missing codes) in the given numeric storage type; numbers must fit."""
    any_missing = not none_missing(values)
    missing = is_missing(values) if any_missing else np.zeros(0, dtype=bool)
    codes = _codes(values[missing]) if any_missing else np.zeros(0, dtype=np.int64)
    if storage == "double":
        result = values.astype(np.float64)
        if any_missing:
            result[missing] = MISSING_DOUBLES[codes]
        return result
    clean = np.where(missing, 0.0, values) if any_missing else values
    if storage == "float":
        single = clean.astype(np.float32)
        if any_missing:
            bits = (FLOAT_MISSING_BITS + FLOAT_MISSING_STEP * codes).astype(np.uint32)
            single[missing] = bits.view(np.float32)
        return single
    dtype = {"byte": np.int8, "int": np.int16, "long": np.int32}[storage]
    integers = clean.astype(dtype)
    if any_missing:
        integers[missing] = (INTEGER_MISSING[storage] + codes).astype(dtype)
    return integers
