"""Combinations of coefficients arranged by the levels of factors, and contrasts between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from engine.frame.columns import ColumnPart
from engine.frame.modelframe import FloatArray
from engine.inference.contrast_matrices import ContrastLabel, ContrastMatrix

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Dimension:
    """Factors that vary together, and the combinations of their levels that there are."""

    variables: tuple[str, ...]
    levels: tuple[tuple[int, ...], ...]

    @property
    def name(self) -> str:
        """The factors joined by ``#``."""
        return "#".join(self.variables)

    def parts(self, at: int) -> tuple[ColumnPart, ...]:
        """Return a level as parts of a column's name; the first one is marked as Stata does."""
        return tuple(
            ColumnPart(variable, level, no_base=level == min(each[k] for each in self.levels))
            for k, (variable, level) in enumerate(zip(self.variables, self.levels[at], strict=True))
        )


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Rows of coefficients by level: `L` has a shape of the dimensions' sizes and then K, `known` without K."""

    dimensions: tuple[Dimension, ...]
    L: FloatArray
    known: BoolArray

    def ordered(self, names: Sequence[str]) -> Cells:
        """Return the cells with the dimensions in another order."""
        order = [next(i for i, d in enumerate(self.dimensions) if d.name == name) for name in names]
        return Cells(
            tuple(self.dimensions[i] for i in order),
            np.transpose(self.L, (*order, self.L.ndim - 1)),
            np.transpose(self.known, order),
        )

    @property
    def flat(self) -> FloatArray:
        """All rows, the last dimension fastest, (m, K)."""
        return self.L.reshape(-1, self.L.shape[-1])


@dataclass(frozen=True, slots=True)
class ContrastRow:
    """One contrast: a label per contrasted dimension, and a place per dimension it stays within."""

    labels: tuple[ContrastLabel, ...]
    within: tuple[ColumnPart, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Contrasts:
    """Contrasts of one term.

    Attributes
    ----------
    name
        The term as shown: ``sector``, ``a#b``, ``gender@_at``.
    factors
        Variables of the labels, for their value labels.
    rows, L, known
        The contrasts, their coefficients (m, K), and whether each is estimable.
    groups
        Which rows belong to one level of what they stay within, by level; one group without.
    expanded
        Whether each row has a test of its own.
    """

    name: str
    factors: tuple[str, ...]
    rows: tuple[ContrastRow, ...]
    L: FloatArray
    known: BoolArray
    groups: tuple[tuple[tuple[ColumnPart, ...], tuple[int, ...]], ...]
    expanded: bool


def contrasts_of(cells: Cells, matrices: Mapping[str, ContrastMatrix], *, expanded: bool, sign: str = "@") -> Contrasts:
    """Return the contrasts of `cells`: dimensions in `matrices` are contrasted, the others stay.

    Parameters
    ----------
    cells
        With one variable per contrasted dimension.
    matrices
        Dimension -> its contrasts.
    expanded
        See `Contrasts`.
    sign
        Stands in the name between the contrasted and the other factors.
    """
    own = [d.name for d in cells.dimensions if d.name in matrices]
    others = [d.name for d in cells.dimensions if d.name not in matrices]
    cells = cells.ordered([*own, *others])
    L, known = cells.L, cells.known.astype(np.float64)
    for axis, name in enumerate(own):
        matrix = matrices[name].values
        L = np.moveaxis(np.tensordot(matrix, L, axes=([1], [axis])), 0, axis)
        missing = np.tensordot((matrix != 0.0).astype(np.float64), 1.0 - known, axes=([1], [axis]))
        known = (np.moveaxis(missing, 0, axis) == 0.0).astype(np.float64)
    inner = cells.dimensions[len(own) :]
    rows: list[ContrastRow] = []
    groups: dict[tuple[ColumnPart, ...], list[int]] = {}
    choices = [range(len(matrices[name].labels)) for name in own]
    for number, (chosen, place) in enumerate(
        product(product(*choices), product(*(range(len(d.levels)) for d in inner)))
    ):
        within = tuple(part for d, at in zip(inner, place, strict=True) for part in d.parts(at))
        labels = tuple(matrices[name].labels[i] for name, i in zip(own, chosen, strict=True))
        rows.append(ContrastRow(labels, within))
        groups.setdefault(within, []).append(number)
    name = "#".join(own) + (f"{sign}{'#'.join(others)}" if others else "")
    return Contrasts(
        name,
        tuple(own),
        tuple(rows),
        L.reshape(-1, L.shape[-1]),
        known.reshape(-1) > 0.5,
        tuple((within, tuple(members)) for within, members in groups.items()),
        expanded,
    )
