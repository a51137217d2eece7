"""What the head of a fit is made of: key figures, a summary, and how its numbers are written."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.api import Verdict, shown_numbers


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number worth seeing at once, with a remark under it."""

    caption: str
    text: str
    remark: str = ""
    label: str = ""
    """Under which its explanation is found; empty for its caption."""
    value: float = math.nan


@dataclass(frozen=True, slots=True)
class FitSummary:
    """The head of a fitted model in words and figures."""

    title: str
    subtitle: str
    figures: tuple[KeyFigure, ...]
    verdict: Verdict | None
    against: str
    """The likelihood-ratio test against the model without random effects, empty where there is none."""
    conservative: bool = False
    """Whether that test errs on the side of the simpler model."""


def shown_figure(value: float, decimals: int) -> str:
    """Return a number with a real minus."""
    return shown_numbers(f"{value:,.{decimals}f}").replace("-", "\N{MINUS SIGN}")


def probability_words(probability: float) -> str:
    """Return a p-value as it stands in a sentence."""
    return shown_numbers("p < 0.0001" if probability < 0.00005 else f"p = {probability:.4f}")
