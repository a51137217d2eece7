"""Local fits on a grid of many observations, exactly and fast: the weights are polynomials in blocks of rows.

On either side of a site the tricube weight (1 - |d/h|^3)^3 is a polynomial of degree 9 in d = x - site, and so are
w d and w d^2 of degree 11. The sum of a polynomial over a block of rows follows from the block's moments about its own
centre, by Taylor's theorem; only the blocks that a window or its site cuts are summed row by row. Each term is at most
of the order of the number of rows in its block, so nothing cancels.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np
import numpy.typing as npt

from engine.graphs.graphspec import FloatArray

BLOCK_ROWS = 2048
_DEGREE = 11
_SMALLEST = 1e-20
"""Windows narrower than this share of the range are left to sums over rows: their powers would overflow."""


def _taylor(weights: FloatArray) -> FloatArray:
    """Return the matrix of P^(j)(t) / j! for w, w t and w t^2: shape (3, 12, 12), [poly, j, power of t]."""
    matrix = np.zeros((3, _DEGREE + 1, _DEGREE + 1))
    for shift in range(3):
        for power, coefficient in enumerate(weights.tolist()):
            for j in range(power + shift + 1):
                matrix[shift, j, power + shift - j] += coefficient * comb(power + shift, j)
    return matrix


_LEFT = np.array([1.0, 0, 0, 3.0, 0, 0, 3.0, 0, 0, 1.0])
_RIGHT = np.array([1.0, 0, 0, -3.0, 0, 0, 3.0, 0, 0, -1.0])
_SIDES = (_taylor(_LEFT), _taylor(_RIGHT))
_EVEN = (_taylor(np.ones(1)), _taylor(np.ones(1)))


@dataclass(frozen=True, slots=True)
class BlockMoments:
    """Moments of sorted x in blocks of rows, about the middle of each block.

    Attributes
    ----------
    x, y
        Shape (n,); x in units of its range, so that no power of it overflows.
    centre
        Shape (B,).
    x_moments, y_moments
        Sums of e^j and of e^j y with e = x - centre, shape (12, B).
    """

    x: FloatArray
    y: FloatArray
    centre: FloatArray
    x_moments: FloatArray
    y_moments: FloatArray
    reach: float

    @classmethod
    def of(cls, x: FloatArray, y: FloatArray) -> BlockMoments:
        """Return the moments of sorted x with its y."""
        reach = float(x[-1] - x[0])
        x = (x - x[0]) / reach
        starts = np.arange(0, len(x), BLOCK_ROWS)
        ends = np.minimum(starts + BLOCK_ROWS, len(x)) - 1
        centre = 0.5 * (x[starts] + x[ends])
        e = x - np.repeat(centre, np.diff(np.append(starts, len(x))))
        x_moments, y_moments = np.empty((_DEGREE + 1, len(starts))), np.empty((_DEGREE + 1, len(starts)))
        power, product = np.ones(len(x)), y.copy()
        for j in range(_DEGREE + 1):
            x_moments[j] = np.add.reduceat(power, starts)
            y_moments[j] = np.add.reduceat(product, starts)
            if j < _DEGREE:
                power *= e
                product *= e
        return cls(x, y, centre, x_moments, y_moments, reach)

    def window(self, row: int, low: int, high: int, delta: float, *, weighted: bool) -> FloatArray | None:
        """Return the sums of w, wd, wdd, wy and wdy over the rows from `low` to `high` about one of them.

        d is in units of the range, `delta` in those of the data; None means that rows have to be summed one by one.
        """
        delta /= self.reach
        if not delta > _SMALLEST:
            return None
        site = float(self.x[row])
        total = np.zeros(5)
        middle = int(np.searchsorted(self.x, site))
        sides = ((low, min(max(middle, low), high)), (min(max(middle, low), high), high))
        for (first, last), taylor in zip(sides, _SIDES if weighted else _EVEN, strict=True):
            whole_first, whole_last = -(-first // BLOCK_ROWS), last // BLOCK_ROWS
            if whole_first < whole_last:
                total += self._blocks(site, slice(whole_first, whole_last), delta, taylor)
                total += self._rows(site, first, whole_first * BLOCK_ROWS, delta if weighted else None)
                total += self._rows(site, whole_last * BLOCK_ROWS, last, delta if weighted else None)
            else:
                total += self._rows(site, first, last, delta if weighted else None)
        return total

    def _blocks(self, site: float, blocks: slice, delta: float, taylor: FloatArray) -> FloatArray:
        t = (self.centre[blocks] - site) / delta
        powers = np.vander(t, _DEGREE + 1, increasing=True).T
        scale = delta ** -np.arange(_DEGREE + 1.0)
        derivatives = taylor @ powers
        x_sums = np.einsum("pjb,jb,j->p", derivatives, self.x_moments[:, blocks], scale)
        y_sums = np.einsum("pjb,jb,j->p", derivatives[:2], self.y_moments[:, blocks], scale)
        return np.array([x_sums[0], x_sums[1] * delta, x_sums[2] * delta**2, y_sums[0], y_sums[1] * delta])

    def _rows(self, site: float, first: int, last: int, delta: float | None) -> FloatArray:
        if last <= first:
            return np.zeros(5)
        d, y = self.x[first:last] - site, self.y[first:last]
        w: npt.NDArray[np.float64] = np.ones(len(d)) if delta is None else (1.0 - np.abs(d / delta) ** 3) ** 3
        wd = w * d
        return np.array([w.sum(), wd.sum(), wd @ d, w @ y, wd @ y])
