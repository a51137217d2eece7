"""Numbers and counts as they read in titles, notes and summaries."""

from __future__ import annotations


def counted(n: int, noun: str) -> str:
    """Return ``1 group``, ``7,185 observations``."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def number(value: float, *, beside: float = 0.0) -> str:
    """Return a number with four significant digits for running text, 0 when it is no more than noise beside another."""
    if abs(value) < 1e-6 * abs(beside):
        return "0"
    return f"{value:.4g}".replace("-", "\N{MINUS SIGN}")


def stata_number(value: float) -> str:
    """Return a short number as Stata writes it in notes, without a leading zero: ``.8``."""
    text = f"{value:g}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
