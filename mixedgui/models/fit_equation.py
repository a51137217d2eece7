"""The equation of a fitted model, filled with its estimates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.api import Dataset
from mixedgui.state.equation_pieces import Equation

if TYPE_CHECKING:
    from engine.api import Estimates


def fit_equation(estimates: Estimates | None, dataset: Dataset) -> Equation | None:
    """Return the equation of a mixed model; None for other fits, and once its variables are gone from the data."""
    from engine.api import MixedEstimates
    from mixedgui.state.equation_estimates import FitNumbers
    from mixedgui.state.equation_text import equation_of

    if not isinstance(estimates, MixedEstimates):
        return None
    known = {variable.name for variable in dataset.variables}
    names = {part.variable.rpartition(".")[2] for column in estimates.result.columns for part in column.parts}
    names |= {part.variable for block in estimates.result.blocks for column in block.columns for part in column.parts}
    if not {name.rpartition(".")[2] for name in names} <= known:
        return None
    return equation_of(estimates.spec, dataset, FitNumbers(estimates))
