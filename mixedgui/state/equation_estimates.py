"""The numbers of a fit for the equation of its model: coefficients by term, standard deviations by random effect."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.api import DisplayOptions

if TYPE_CHECKING:
    from engine.api import MixedEstimates, MixedSpec, Term


def same_model(spec: MixedSpec, fitted: MixedSpec) -> bool:
    """Tell whether two specifications ask for the same fit; how it is shown does not matter."""
    plain = DisplayOptions()
    return replace(spec, display=plain) == replace(fitted, display=plain)


def number(value: float) -> str:
    """Return a coefficient as it stands in an equation: about four digits, a real minus sign."""
    size = abs(value)
    text = f"{value:,.0f}" if size >= 10_000 else f"{value:.3f}" if size >= 0.1 or not size else f"{value:.3g}"
    return text.replace("-", "−")


@dataclass(frozen=True, slots=True)
class Coefficient:
    """An estimated column: its value, and its factors as (variable, level or None)."""

    value: float
    parts: tuple[tuple[str, int | None], ...]


class FitNumbers:
    """Looks numbers up in the results of a fit."""

    def __init__(self, estimates: MixedEstimates) -> None:
        self._result = estimates.result
        self._parallel = len(estimates.result.blocks) == len(estimates.spec.equations)

    def intercept(self) -> float | None:
        """Return the constant, None in a model without."""
        pairs = zip(self._result.columns, self._result.beta.tolist(), strict=True)
        return next((value for column, value in pairs if column.is_constant and not column.state.value), None)

    def coefficients(self, term: Term) -> tuple[Coefficient, ...]:
        """Return the estimated columns of a term."""
        chosen = {f.variable: f.operator.levels for f in term.factors if f.categorical}
        found: list[Coefficient] = []
        for column, value in zip(self._result.columns, self._result.beta.tolist(), strict=True):
            parts = tuple((part.variable, part.level) for part in column.parts)
            if column.state.value or tuple(sorted((name, level is not None) for name, level in parts)) != term.margin:
                continue
            if all(level is None or chosen[name] is None or level in (chosen[name] or ()) for name, level in parts):
                found.append(Coefficient(value, parts))
        return tuple(found)

    def spread(self, equation: int, name: str) -> float | None:
        """Return the standard deviation of a random effect: that of a column, or (an empty name) of ``R.``."""
        if not self._parallel:
            return None
        block = self._result.blocks[equation]
        if not name:
            return math.sqrt(float(block.Sigma[0, 0])) if block.n_values else None
        place = next((i for i, column in enumerate(block.columns) if column.name == name), None)
        return None if place is None else math.sqrt(float(block.Sigma[place, place]))

    def residual(self) -> float | None:
        """Return the standard deviation of the residuals, None where it is not one number."""
        return math.sqrt(self._result.sigma2) if self._result.residual is None else None
