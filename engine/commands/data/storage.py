"""Storage types of new and changed values."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.data.dataset import NUMERIC_STORAGE, Column
from engine.data.dta_layout import LONGEST_TAGGED_STRING, STRL, string_storage
from engine.data.missing import (
    FLOAT_MISSING_BITS,
    INTEGER_MISSING,
    MISSING,
    extent,
    from_doubles,
    is_missing,
    none_missing,
)
from engine.errors import Span, StataError

SHORTEST_STRINGS = frozenset({"str"})
"""Types that mean: as short as the values allow."""

_LEAST = {"byte": -127.0, "int": -32767.0, "long": -2147483647.0}
_INTEGERS = ("byte", "int", "long")
_LARGEST_FLOAT = float(np.uint32(FLOAT_MISSING_BITS).view(np.float32))


def read_storage(word: str, span: Span | None = None) -> str:
    """Return `word` when it is a storage type; raises `StataError` 198."""
    if word in NUMERIC_STORAGE or word in {STRL, *SHORTEST_STRINGS}:
        return word
    width = word.removeprefix("str")
    if word.startswith("str") and width.isdigit() and 1 <= int(width) <= LONGEST_TAGGED_STRING:
        return word
    raise StataError(198, f"{word} is not a storage type (byte, int, long, float, double, str#, strL)", span)


def text_storage(texts: npt.NDArray[Any]) -> str:
    """Return the shortest type for text, strL where it is longer than a str# can be."""
    return string_storage(max((len(text.encode()) for text in texts), default=1))


def fit(values: npt.NDArray[Any], storage: str) -> npt.NDArray[Any]:
    """Return the values as `storage` keeps them: rounded or cut, and missing (doubles) where they do not fit."""
    if storage == STRL or storage in SHORTEST_STRINGS:
        return values
    if storage.startswith("str"):
        width = int(storage[3:])
        cut = [text.encode()[:width].decode(errors="ignore") for text in values]
        result = np.empty(len(values), dtype=object)
        result[:] = cut
        return result
    if storage == "double":
        return values
    absent = is_missing(values)
    if storage == "float":
        with np.errstate(over="ignore"):
            single = values.astype(np.float32).astype(np.float64)
        return np.where(absent, values, np.where(np.abs(single) < _LARGEST_FLOAT, single, MISSING))
    whole = np.trunc(np.where(absent, 0.0, values))
    inside = (whole >= _LEAST[storage]) & (whole < INTEGER_MISSING[storage])
    return np.where(absent, values, np.where(inside, whole, MISSING))


def stored(values: npt.NDArray[np.float64], storage: str) -> tuple[Column, int]:
    """Return doubles as a column of a numeric storage type, and how many are missing: those that do not fit, too."""
    if storage == "double" and none_missing(values):
        return values if values.flags.writeable else values.copy(), 0
    low, high = extent(values) if len(values) else (-MISSING, MISSING)
    if low > -MISSING and high < MISSING:
        if storage == "float" and max(-low, high) < _LARGEST_FLOAT * (1.0 - 2.0**-23):
            return values.astype(np.float32), 0
        if storage in _LEAST and low >= _LEAST[storage] and high < INTEGER_MISSING[storage]:
            return from_doubles(values, storage), 0
    doubles = fit(values, storage)
    return from_doubles(doubles, storage), int(is_missing(doubles).sum())


def promoted(storage: str, values: npt.NDArray[Any]) -> str:
    """Return the type a variable needs in order to take `values`, its own where that does.

    Fractions make byte and int a float, long a double; whole numbers make the next larger integer type, then double.
    """
    if storage.startswith("str"):
        if storage == STRL:
            return storage
        needed = text_storage(values)
        return needed if needed == STRL or int(needed[3:]) > int(storage[3:]) else storage
    if storage == "double":
        return storage
    numbers = values[~is_missing(values)]
    if not len(numbers):
        return storage
    low, high = float(numbers.min()), float(numbers.max())
    if storage == "float":
        return "double" if max(-low, high) >= _LARGEST_FLOAT else storage
    if (numbers != np.floor(numbers)).any():
        return "double" if storage == "long" or max(-low, high) >= _LARGEST_FLOAT else "float"
    for larger in _INTEGERS[_INTEGERS.index(storage) :]:
        if low >= _LEAST[larger] and high < INTEGER_MISSING[larger]:
            return larger
    return "double"
