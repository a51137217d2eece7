"""Contrasts and pairwise differences of margins: which there are, their tests, and adjustments for their number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.errors import StataError
from engine.frame.modelframe import FloatArray
from engine.inference.contrast_matrices import ContrastMatrix, all_pairs, contrast_matrix, custom_matrix
from engine.inference.limits_many import adjusted_critical, adjusted_p
from engine.lang.contrast_terms import ContrastFactor, ContrastTerm
from engine.postest.grids import Cells, Contrasts, contrasts_of
from engine.postest.linear_tests import Combinations, LinearTest, combinations, covariance, independent, joint_test
from engine.postest.parameters import Parameters
from engine.results.estimates import Hypotheses


@dataclass(frozen=True, slots=True)
class Scales:
    """What operators need to know of factors: base levels, and frequencies of the levels."""

    base: Mapping[str, int]
    counts: Mapping[str, Mapping[int, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """How combinations are tested."""

    parameters: Parameters
    level: float
    small: bool = False
    df: float | None = None
    method: str = "noadjust"

    def padded(self, rows: FloatArray) -> FloatArray:
        """Return rows of coefficients of the linear predictor as rows of all of e(b)."""
        out = np.zeros((len(rows), len(self.parameters.b)))
        out[:, : rows.shape[1]] = rows
        return out

    def joint(self, rows: FloatArray) -> LinearTest:
        """Test that the combinations are all zero."""
        R = self.padded(rows)
        return joint_test(self.parameters, Hypotheses(R, np.zeros(len(R))), small=self.small, df=self.df)

    def each(self, rows: FloatArray, known: npt.NDArray[np.bool_], *, comparisons: int = 1) -> Combinations:
        """Return every combination with p-values and limits adjusted for the number of comparisons."""
        R = self.padded(rows)
        found = combinations(self.parameters, R, self.level, small=self.small, df=self.df)
        found = self._adjusted(found, R[known], comparisons)
        t = found.tests
        arrays = {name: np.where(known, getattr(t, name), np.nan) for name in ("se", "z", "p", "ll", "ul")}
        return replace(found, estimates=np.where(known, found.estimates, np.nan), tests=replace(t, **arrays))

    def _adjusted(self, found: Combinations, R: FloatArray, comparisons: int) -> Combinations:
        if self.method == "noadjust":
            return found
        rank = 0
        if self.method == "scheffe":
            rank = len(independent(R @ covariance(self.parameters, small=self.small) @ R.T))
        t = found.tests
        p = adjusted_p(self.method, t.z, t.p, found.df, comparisons=comparisons, rank=rank)
        critical = adjusted_critical(self.method, self.level, found.df, comparisons=comparisons, rank=rank)
        half = critical * t.se
        changed = replace(t, p=p, critical=critical, ll=found.estimates - half, ul=found.estimates + half)
        return replace(found, tests=changed)


def term_contrasts(term: ContrastTerm, cells: Cells, scales: Scales, *, always: bool = False) -> Contrasts:
    """Return the contrasts of a term on the cells of its factors; what is not contrasted stays.

    `always` gives every row a test of its own, as operators do.
    """
    matrices = {}
    for factor in term.factors:
        if not factor.continuous:
            dimension = next(d for d in cells.dimensions if d.variables[0] == factor.variable)
            matrices[dimension.name] = _matrix(factor, tuple(level[0] for level in dimension.levels), scales)
    operators = any(factor.operator or factor.weights for factor in term.factors)
    return contrasts_of(cells, matrices, expanded=operators or always, sign="|" if term.nested else "@")


def _matrix(factor: ContrastFactor, levels: tuple[int, ...], scales: Scales) -> ContrastMatrix:
    if factor.weights:
        return custom_matrix(factor.weights, levels)
    weights = np.array([scales.counts.get(factor.variable, {}).get(level, 0.0) for level in levels])
    if factor.operator.endswith("w") and not np.all(weights > 0.0):
        raise StataError(198, f"{factor.operator}.{factor.variable}: the frequencies of the levels are not known")
    base = scales.base.get(factor.variable, levels[0])
    if factor.base:
        base = _reference(factor, levels)
    elif base not in levels:
        base = levels[0]
    matrix = contrast_matrix(factor.operator, levels, base=base, weights=weights)
    if factor.operator.rstrip("w") in ("p", "q") and factor.levels is not None:
        return _orders(matrix, factor)
    return matrix


def _orders(matrix: ContrastMatrix, factor: ContrastFactor) -> ContrastMatrix:
    wanted = [order - 1 for order in factor.levels or ()]
    if any(not 0 <= order < len(matrix.labels) for order in wanted):
        raise StataError(198, f"{factor.operator}.{factor.variable} has orders 1 to {len(matrix.labels)}")
    return ContrastMatrix(matrix.values[wanted], tuple(matrix.labels[order] for order in wanted))


def _reference(factor: ContrastFactor, levels: tuple[int, ...]) -> int:
    text = factor.base
    if text in ("first", "last"):
        return levels[0 if text == "first" else -1]
    number = int(text.removeprefix("#"))
    if text.startswith("#"):
        if 1 <= number <= len(levels):
            return levels[number - 1]
    elif number in levels:
        return number
    raise StataError(198, f"rb{text}.{factor.variable}: {text} is no level of the factor")


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """All differences between the cells of a term: which pairs, and their coefficients (m, K)."""

    pairs: tuple[tuple[int, int], ...]
    L: FloatArray
    known: npt.NDArray[np.bool_]


def pairs_of(cells: Cells) -> Pairs:
    """Return later less earlier for all pairs of cells, the last dimension fastest."""
    flat, known = cells.flat, cells.known.reshape(-1)
    if len(flat) < 2:
        raise StataError(198, "there is one margin only, so nothing to compare")
    matrix, pairs = all_pairs(len(flat))
    return Pairs(pairs, matrix @ flat, np.array([known[i] and known[j] for i, j in pairs], dtype=np.bool_))


def group_letters(n: int, pairs: Sequence[tuple[int, int]], differs: Sequence[bool], order: Sequence[int]) -> list[str]:
    """Return for each margin the letters of the groups it is in; margins that share one do not differ.

    Groups are the largest sets without a difference inside, found by insertion and absorption (Piepho 2004); letters
    follow the margins in `order`.
    """
    different = {pair for pair, yes in zip(pairs, differs, strict=True) if yes}
    groups: list[set[int]] = [set(range(n))]
    for i, j in sorted(different):
        split = []
        for group in groups:
            if i in group and j in group:
                split += [group - {i}, group - {j}]
            else:
                split.append(group)
        groups = [g for k, g in enumerate(split) if not any(g < h or (g == h and k > m) for m, h in enumerate(split))]
    groups = [group for group in groups if len(group) > 1]
    place = {margin: rank for rank, margin in enumerate(order)}
    groups.sort(key=lambda group: sorted(place[margin] for margin in group))
    names = [_letter(k) for k in range(len(groups))]
    return ["".join(name if i in g else " " for name, g in zip(names, groups, strict=True)) for i in range(n)]


def _letter(number: int) -> str:
    return chr(ord("A") + number) if number < 26 else chr(ord("a") + number % 26)
