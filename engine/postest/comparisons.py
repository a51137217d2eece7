"""Contrasts and pairwise differences of margins: which there are, their tests, and adjustments for their number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.errors import StataError
from engine.frame.modelframe import FloatArray
from engine.inference.contrast_matrices import ContrastMatrix, all_pairs, contrast_matrix, custom_matrix
from engine.inference.limits_many import adjusted_critical, adjusted_p
from engine.inference.studentized import dunnett_cdf, quantile, range_cdf
from engine.lang.contrast_terms import ContrastFactor, ContrastTerm
from engine.postest.grids import Cells, Contrasts, contrasts_of
from engine.postest.linear_tests import Combinations, LinearTest, combinations, covariance, independent, joint_test
from engine.postest.parameters import Parameters
from engine.results.estimates import Hypotheses

RANGE_METHODS = ("tukey", "snk", "duncan", "dunnett")
"""Adjustments that rest on a pooled variance of independent means."""


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
        """Return rows of coefficients of the linear predictor, (m, k), as rows of all of e(b), (m, K)."""
        out = np.zeros((len(rows), len(self.parameters.b)))
        out[:, : rows.shape[1]] = rows
        return out

    def joint(self, rows: FloatArray) -> LinearTest:
        """Test that the combinations `rows` (m, k) are all zero."""
        R = self.padded(rows)
        return joint_test(self.parameters, Hypotheses(R, np.zeros(len(R))), small=self.small, df=self.df)

    def each(self, rows: FloatArray, known: npt.NDArray[np.bool_], *, comparisons: int = 1) -> Combinations:
        """Return every combination of `rows` (m, k) with p-values and limits adjusted for the number of comparisons."""
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


def term_contrasts(
    term: ContrastTerm, cells: Cells, scales: Scales, *, always: bool = False, lincom: bool = False
) -> Contrasts:
    """Return the contrasts of a term on the cells of its factors; what is not contrasted stays.

    `always` gives every row a test of its own, as operators do; `lincom` lets custom weights have any sum.
    """
    matrices = {}
    for factor in term.factors:
        if not factor.continuous:
            dimension = next(d for d in cells.dimensions if d.variables[0] == factor.variable)
            matrices[dimension.name] = _matrix(
                factor, tuple(level[0] for level in dimension.levels), scales, lincom=lincom
            )
    operators = any(factor.operator or factor.weights for factor in term.factors)
    return contrasts_of(cells, matrices, expanded=operators or always, sign="|" if term.nested else "@")


def _matrix(factor: ContrastFactor, levels: tuple[int, ...], scales: Scales, *, lincom: bool) -> ContrastMatrix:
    if factor.weights:
        return custom_matrix(factor.weights, levels, any_sum=lincom)
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


def pairs_of(cells: Cells, method: str = "noadjust") -> Pairs:
    """Return later less earlier for all pairs of cells, the last dimension fastest; ``dunnett``: with the first.

    r(198) where there is one cell only.
    """
    flat, known = cells.flat, cells.known.reshape(-1)
    if len(flat) < 2:
        raise StataError(198, "there is one margin only, so nothing to compare")
    matrix, pairs = all_pairs(len(flat))
    if method == "dunnett":
        matrix, pairs = matrix[: len(flat) - 1], pairs[: len(flat) - 1]
    return Pairs(pairs, matrix @ flat, np.array([known[i] and known[j] for i, j in pairs], dtype=np.bool_))


def pair_tests(inference: Inference, cells: Cells, pairs: Pairs) -> Combinations:
    """Return the tests of pairwise differences, adjusted; methods on the range of means take which means lie between.

    Raises
    ------
    StataError
        r(198) for methods on the range of means after a command without a pooled variance.
    """
    method = inference.method
    if method not in RANGE_METHODS:
        return inference.each(pairs.L, pairs.known, comparisons=len(pairs.pairs))
    df = inference.parameters.result.df_residual if inference.df is None else inference.df
    found = replace(inference, method="noadjust").each(pairs.L, pairs.known)
    rows = inference.padded(cells.flat)
    V = rows @ inference.parameters.V @ rows.T
    cdfs = _distributions(method, pairs, inference.parameters.combined(rows), V, df)
    t = found.tests
    p = np.array([1.0 - cdf(abs(z)) if np.isfinite(z) else np.nan for cdf, z in zip(cdfs, t.z, strict=True)])
    share = inference.level / 100.0
    known = {id(cdf): quantile(cdf, share) for cdf in {id(cdf): cdf for cdf in cdfs}.values()}
    critical = np.array([known[id(cdf)] for cdf in cdfs])
    half = critical * t.se
    tests = replace(t, p=p, critical=critical, ll=found.estimates - half, ul=found.estimates + half)
    return replace(found, tests=tests)


def _distributions(
    method: str, pairs: Pairs, means: FloatArray, V: FloatArray, df: float
) -> list[Callable[[float], float]]:
    """Return for each pair the distribution function of |t| under all means equal."""
    if method == "dunnett":
        own = np.diag(V)
        loadings = np.sqrt(own[0] / (own[0] + own[1:]))

        def control(t: float) -> float:
            return dunnett_cdf(t, loadings, df)

        return [control] * len(pairs.pairs)
    ranks = np.empty(len(means), dtype=np.int64)
    ranks[np.argsort(means, kind="stable")] = np.arange(len(means))
    made: dict[int, Callable[[float], float]] = {}
    out = []
    for i, j in pairs.pairs:
        spanned = len(means) if method == "tukey" else int(abs(ranks[i] - ranks[j])) + 1
        if spanned not in made:
            made[spanned] = _range_of(spanned, df, power=1.0 / (spanned - 1) if method == "duncan" else 1.0)
        out.append(made[spanned])
    return out


def _range_of(spanned: int, df: float, *, power: float) -> Callable[[float], float]:
    def cdf(t: float) -> float:
        return float(range_cdf(t * float(np.sqrt(2.0)), spanned, df) ** power)

    return cdf


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
