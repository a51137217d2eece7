"""User-missing values, as SPSS declares them, and extended missing values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.data.missing import MISSING, missing_value

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def user_missing(
    values: npt.NDArray[np.float64], ranges: Sequence[Any], texts: Mapping[float | str, str]
) -> tuple[npt.NDArray[np.float64], dict[float | str, str], str]:
    """Return values and labels in which the user-missing codes are ``.a``, ``.b`` … in ascending order.

    Parameters
    ----------
    values
        Doubles, shape (n,), system-missing ones as ``.``.
    ranges
        ``{"lo": …, "hi": …}`` for each declared value or range.
    texts
        Labels of values; a code without one is labelled by itself, so that it stays known.

    Returns
    -------
    values, texts, said
        `said` lists what became what; codes beyond the 26th share ``.z``.
    """
    labelled = np.array([value for value in texts if not isinstance(value, str)], dtype=np.float64)
    present = np.unique(values[values < MISSING])
    codes = np.unique(np.concatenate([present, labelled]))
    codes = codes[_declared(codes, ranges)]
    result = values.copy()
    new_texts: dict[float | str, str] = {k: text for k, text in texts.items() if isinstance(k, str) or k not in codes}
    said: list[str] = []
    for position, code in enumerate(codes.tolist()):
        letter = _LETTERS[min(position, len(_LETTERS) - 1)]
        missing = missing_value(letter)
        result[values == code] = missing
        new_texts.setdefault(missing, texts.get(code, f"{code:g}"))
        said.append(f"{code:g} .{letter}")
    return result, new_texts, ", ".join(said[:5]) + (" ..." if len(said) > 5 else "")


def _declared(codes: npt.NDArray[np.float64], ranges: Sequence[Any]) -> npt.NDArray[np.bool_]:
    inside = np.zeros(len(codes), dtype=np.bool_)
    for span in ranges:
        low, high = (span["lo"], span["hi"]) if isinstance(span, Mapping) else (span, span)
        if not isinstance(low, str) and not isinstance(high, str):
            inside |= (codes >= low) & (codes <= high)
    return inside
