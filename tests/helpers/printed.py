"""Printed numbers: their value, and how far a number may be from them given the digits shown."""

from __future__ import annotations


def number(text: str) -> float:
    """Return the value of printed digits (``.0390124``, ``7,185``, ``6.71e-10``)."""
    return float(text.replace(",", ""))


def half_unit(text: str) -> float:
    """Return half a unit of the last digit shown."""
    mantissa, _, exponent = text.replace(",", "").partition("e")
    decimals = len(mantissa.partition(".")[2])
    return 0.5 * 10.0 ** (int(exponent or 0) - decimals)


def agrees(found: str, printed: str, scale: float = 0.0) -> bool:
    """Tell whether two printed numbers differ by no more than `scale` and the rounding of both."""
    slack = scale + half_unit(found) + half_unit(printed)
    return abs(number(found) - number(printed)) <= slack * (1 + 1e-9)
