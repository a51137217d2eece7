"""Numbers as releases before 113 store them: one missing value, and a longer range of integers.

Source: ``help dta`` of releases 105 to 111. The missing value of a type is its largest integer (127 for byte), 2^127
for float, 2^1023 for double, and 2^333 for double until release 105. Integers between the present codes of missing
values and the old one were ordinary numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Column
from engine.data.missing import FLOAT_MISSING_BITS, INTEGER_MISSING, MISSING, from_doubles

_OLD_CODES = {"byte": 127, "int": 32767, "long": 2147483647}
_WIDER = {"byte": "int", "int": "long", "long": "double"}
_LAST_WITH_SMALL_DOUBLE = 105
_SMALL_DOUBLE = 2.0**333


def modern_numbers(column: npt.NDArray[Any], storage: str, release: int) -> tuple[Column, str]:
    """Return a column of an old release with the present code of ``.``, in the storage type that holds its numbers."""
    if storage == "double":
        absent = column >= MISSING
        if release <= _LAST_WITH_SMALL_DOUBLE:
            absent |= column == _SMALL_DOUBLE
        return np.where(absent, MISSING, column), storage
    if storage == "float":
        dot = np.uint32(FLOAT_MISSING_BITS).view(np.float32)
        return np.where(column >= dot, dot, column), storage
    absent = column == _OLD_CODES[storage]
    values = np.where(absent, MISSING, column.astype(np.float64))
    fits = bool((values[~absent] < INTEGER_MISSING[storage]).all())
    storage = storage if fits else _WIDER[storage]
    return from_doubles(values, storage), storage
