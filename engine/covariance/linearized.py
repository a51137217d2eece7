"""A residual structure to first order: the same W and slopes, without curvature."""

from __future__ import annotations

from engine.covariance.residual import CellTable, FloatArray, IntArray, ResidualStructure


class Linearized(ResidualStructure):
    """What small-sample formulas that ignore second derivatives of V see of a structure.

    Parameters
    ----------
    exact
        The structure as it is.
    """

    def __init__(self, exact: ResidualStructure) -> None:
        self.exact = exact
        self.parameters = exact.parameters
        self.display = exact.display

    def cells(self, times: FloatArray) -> IntArray:
        """Return which number of the table stands where."""
        return self.exact.cells(times)

    def table(self, v: FloatArray) -> CellTable:
        """Return the numbers and their slopes at `v` (m,)."""
        table = self.exact.table(v)
        return CellTable(table.value, table.first, None)

    def feasible(self, v: FloatArray) -> bool:
        """Whether `v` (m,) can give a positive definite W."""
        return self.exact.feasible(v)
