"""Sufficient statistics for structures whose inverse is a short sum of fixed matrices.

Independent:  W^-1 = sum_b I_b / v_b.
Exchangeable: W^-1 = (I - J/n) / (v - c) + (J/n) / (v + (n-1) c).
rho^d (AR(1), exponential, with or without gaps): the errors are a Markov chain in time, so with u = rho^d
W^-1 = [ e_1 e_1' + sum_i (e_i - u_i e_{i-1})(e_i - u_i e_{i-1})' / (1 - u_i^2) ] / v, collected by gap d.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from engine.covariance.residual_grid import Exchangeable, Independent
from engine.covariance.residual_lag import Power
from engine.design.residuals import ResidualDesign
from engine.events import NEVER, CancelToken
from engine.fit.residuals.layout import Infeasible, ResidualLayout
from engine.fit.residuals.products import Coefficients, Key, Statistic, Summed
from engine.frame.modelframe import BoolArray, FloatArray, IntArray

MOST_GAPS = 24
"""Distinct gaps up to which statistics by gap are worth their memory."""
_MOST_WITHOUT_EFFECTS = 300
_NEARLY_SINGULAR = 1e-7
"""Smallest eigenvalue of W relative to its variance; random effects could make up for less only on paper."""


def sufficient_kind(layout: ResidualLayout) -> bool:
    """Whether the structure has sufficient statistics, for few distinct gaps at least."""
    return isinstance(layout.structures[0], Independent | Exchangeable)


def sufficient(design: ResidualDesign, layout: ResidualLayout, cancel: CancelToken = NEVER) -> Summed | None:
    """Return the evaluator by sufficient statistics, None for structures that have none."""
    first = layout.structures[0]
    if isinstance(first, Independent):
        return _independent(design, layout, cancel)
    if isinstance(first, Exchangeable):
        return _exchangeable(design, layout, cancel)
    if isinstance(first, Power):
        return _power(design, layout, cancel)
    return None


def _statistic(
    design: ResidualDesign, left: FloatArray, right: FloatArray, classes: IntArray, size: int, *, cancel: CancelToken
) -> Statistic:
    """Sum left right' (both (w, n)) over the rows of each group, symmetrised for the Gram matrix of each class."""
    tail = list(design.tail)
    row_class = np.repeat(classes, design.counts)
    P = len(tail)
    gram = np.zeros((size, P, P))
    counted = left[tail] if design.weights is None else left[tail] * design.row_total
    if size == 1:
        part = counted @ right[tail].T
        gram[0] = 0.5 * (part + part.T)
    else:
        for c in range(size):
            chosen = row_class == c
            part = counted[:, chosen] @ right[tail][:, chosen].T
            gram[c] = 0.5 * (part + part.T)
    cells = np.empty((len(design.effects), len(left), design.n_groups))
    same = left is right
    inside = None if design.weights is None else design.weights.rows
    for u, effect in enumerate(design.effects):
        for c in range(len(left)):
            cancel.check()
            values = left[effect] * right[c]
            if not same:
                values += right[effect] * left[c]
                values *= 0.5
            if inside is not None:
                values *= inside
            cells[u, c] = np.add.reduceat(values, design.starts)
    return Statistic(cells, gram, classes)


def _independent(design: ResidualDesign, layout: ResidualLayout, cancel: CancelToken) -> Summed:
    B = len(layout.structures)
    group_by = design.by[design.starts]
    nested = bool(np.array_equal(np.repeat(group_by, design.counts), design.by))
    counts = np.bincount(design.by, weights=design.row_total, minlength=B)
    if nested:
        statistics: tuple[Statistic, ...] = (
            _statistic(design, design.table, design.table, group_by, B, cancel=cancel),
        )
    else:
        zeros = np.zeros(design.n_groups, dtype=np.int64)
        parts = []
        for b in range(B):
            cancel.check()
            chosen = design.table * (design.by == b)
            parts.append(_statistic(design, chosen, chosen, zeros, 1, cancel=cancel))
        statistics = tuple(parts)

    def coefficients(theta: FloatArray, order: int) -> tuple[Coefficients, dict[Key, float]]:
        variances = np.append(1.0, theta)
        if not np.all(variances > 0.0):
            raise Infeasible
        jets: dict[Key, FloatArray] = {(): 1.0 / variances}
        log: dict[Key, float] = defaultdict(float)
        log[()] = float(counts @ np.log(variances))
        for b in range(1, B) if order else ():
            v = variances[b]
            unit = np.zeros(B)
            unit[b] = 1.0
            jets[b - 1,] = -unit / v**2
            log[b - 1,] = counts[b] / v
            if order == 2:
                jets[b - 1, b - 1] = 2.0 * unit / v**3
                log[b - 1, b - 1] = -counts[b] / v**2
        if nested:
            return [jets], log
        return [{key: value[b : b + 1] for key, value in jets.items() if value[b] != 0.0} for b in range(B)], log

    return Summed(statistics, coefficients, cancel)


def _exchangeable(design: ResidualDesign, layout: ResidualLayout, cancel: CancelToken) -> Summed:
    B = len(layout.structures)
    group_by = design.by[design.starts]
    sizes_of, counted = _sizes(design)
    inside = None if design.weights is None else design.weights.rows
    rows = design.table if inside is None else design.table * inside
    means = np.add.reduceat(rows, design.starts, axis=1) / sizes_of
    centred = design.table - np.repeat(means, design.counts, axis=1)
    kinds, inverse = np.unique(np.stack((group_by, sizes_of)), axis=1, return_inverse=True)
    classes = inverse.astype(np.int64).reshape(-1)
    within = _statistic(design, centred, centred, group_by, B, cancel=cancel)
    spread = np.repeat(means, design.counts, axis=1)
    between = _statistic(design, spread, spread, classes, kinds.shape[1], cancel=cancel)
    n_groups = np.bincount(classes, weights=counted)
    inner = np.bincount(group_by, weights=(sizes_of - 1.0) * counted, minlength=B)

    def coefficients(theta: FloatArray, order: int) -> tuple[Coefficients, dict[Key, float]]:
        log: dict[Key, float] = defaultdict(float)
        parts = []
        for sets, sizes, multiplicity in ((np.arange(B), np.zeros(B), inner), (kinds[0], kinds[1], n_groups)):
            # x = v - c or v + (n - 1) c, linear in (v, c) of the class's set
            jets: dict[Key, FloatArray] = defaultdict(lambda: np.zeros(len(sets)))  # noqa: B023
            for i, (b, n) in enumerate(zip(sets, sizes, strict=True)):
                v, c = layout.natural(theta, int(b))
                slopes = (1.0, n - 1.0)
                x = v + slopes[1] * c
                if not (v > 0.0 and x > _NEARLY_SINGULAR * v):
                    if multiplicity[i] != 0.0:
                        raise Infeasible
                    continue
                jets[()][i] = 1.0 / x
                log[()] += multiplicity[i] * np.log(x)
                places = layout.places(int(b)) if order else []
                for a, (j, k) in enumerate(places):
                    jets[k,][i] = -slopes[j] / x**2
                    log[k,] += multiplicity[i] * slopes[j] / x
                    for jj, m in places[a:] if order == 2 else ():
                        jets[k, m][i] = 2.0 * slopes[j] * slopes[jj] / x**3
                        log[k, m] -= multiplicity[i] * slopes[j] * slopes[jj] / x**2
            parts.append(dict(jets))
        return parts, log

    return Summed((within, between), coefficients, cancel)


def _sizes(design: ResidualDesign) -> tuple[FloatArray, FloatArray]:
    """Return the rows of each lowest-level group, counted by their weights, and how often the group counts."""
    weights = design.weights
    if weights is None:
        return design.counts.astype(np.float64), np.ones(design.n_groups)
    rows = np.ones(design.n_rows) if weights.rows is None else weights.rows
    return np.asarray(np.add.reduceat(rows, design.starts)), weights.total


def _power(design: ResidualDesign, layout: ResidualLayout, cancel: CancelToken) -> Summed | None:
    B = len(layout.structures)
    later = np.ones(len(design.times), dtype=bool)
    later[design.starts] = False
    gaps = np.where(later, np.diff(design.times, prepend=design.times[0]), 0.0)
    cancel.check()
    distinct = _distinct(gaps[later])
    if len(distinct) > MOST_GAPS and design.effects:
        return None
    if len(distinct) > _MOST_WITHOUT_EFFECTS:
        return None
    cancel.check()
    before = np.zeros_like(design.table)
    before[:, 1:] = design.table[:, :-1]
    before[:, design.starts] = 0.0
    statistics, counts = _by_gap(design, before, (later, gaps, distinct), B, cancel)
    rows = np.bincount(design.by, weights=design.row_total, minlength=B)

    def coefficients(theta: FloatArray, order: int) -> tuple[Coefficients, dict[Key, float]]:
        if not layout.feasible(theta):
            raise Infeasible
        log: dict[Key, float] = defaultdict(float)
        jets: list[dict[Key, FloatArray]] = [defaultdict(lambda: np.zeros(B)) for _ in statistics]
        for b in range(B):
            v, rho = layout.natural(theta, b)
            f, log_f = _markov(rho, distinct)
            place = dict(layout.places(b))
            # coefficient f(rho) / v: derivatives (order in v, order in rho)
            scale = (1.0 / v, -1.0 / v**2, 2.0 / v**3)
            log[()] += rows[b] * np.log(v) + sum(n[b] * log_f[0, d] for d, n in enumerate(counts))
            for i, part in enumerate(f):
                jets[i][()][b] = scale[0] * part[0]
            if order:
                if 0 in place:
                    log[place[0],] += rows[b] / v
                log[place[1],] += sum(n[b] * log_f[1, d] for d, n in enumerate(counts))
                if order == 2:
                    if 0 in place:
                        log[place[0], place[0]] -= rows[b] / v**2
                    log[place[1], place[1]] += sum(n[b] * log_f[2, d] for d, n in enumerate(counts))
                for i, part in enumerate(f):
                    _chain(jets[i], b, part, scale, place, order)
        return [dict(part) for part in jets], log

    return Summed(tuple(statistics), coefficients, cancel)


def _distinct(values: FloatArray) -> FloatArray:
    """Return the distinct values; without sorting where all are the same."""
    return values[:1] if len(values) and bool((values == values[0]).all()) else np.unique(values)


def _by_gap(
    design: ResidualDesign,
    before: FloatArray,
    gaps: tuple[BoolArray, FloatArray, FloatArray],
    B: int,
    cancel: CancelToken,
) -> tuple[list[Statistic], list[FloatArray]]:
    """Return the base statistic and two for each gap, and the number of steps of each gap by set, (B,).

    `before` holds the row before each, zeros in the first of a group; `gaps` which rows have one, how far it is, and
    the distinct distances. The first and last rows of the groups and the sums over all give the rest.
    """
    later, distances, distinct = gaps
    table, group_by = design.table, design.by[design.starts]
    whole = _statistic(design, table, table, group_by, B, cancel=cancel)
    cancel.check()
    first = _at_rows(design, design.starts, group_by, B)
    last = _at_rows(design, design.starts + design.counts - 1, group_by, B)
    statistics = [_sum((1.0, first), (1.0, last), (-1.0, whole))]
    counts = []
    for gap in distinct:
        cancel.check()
        only = len(distinct) == 1
        here = later if only else later & (distances == gap)
        if only:
            squares = _sum((2.0, whole), (-1.0, first), (-1.0, last))
            lagged = _statistic(design, table, before, group_by, B, cancel=cancel)
        else:
            now, then = table * here, before * here
            parts = (_statistic(design, part, part, group_by, B, cancel=cancel) for part in (now, then))
            squares = _sum(*((1.0, part) for part in parts))
            lagged = _statistic(design, now, then, group_by, B, cancel=cancel)
        statistics += [squares, lagged]
        counts.append(np.asarray(np.bincount(design.by[here], design.row_total[here], B), dtype=np.float64))
    return statistics, counts


def _at_rows(design: ResidualDesign, rows: IntArray, classes: IntArray, size: int) -> Statistic:
    """The statistic of one row out of each group."""
    table, tail = design.table[:, rows], list(design.tail)
    counted = table[tail] * design.counted(np.arange(design.n_groups))
    gram = np.array([(counted * (classes == c)) @ table[tail].T for c in range(size)])
    return Statistic(table[list(design.effects)][:, None] * table, gram, classes)


def _sum(*parts: tuple[float, Statistic]) -> Statistic:
    """Add statistics of the same classes, each multiplied by its factor."""
    factor, first = parts[0]
    cells, gram = factor * first.cells, factor * first.gram
    for factor, part in parts[1:]:
        cells += factor * part.cells
        gram += factor * part.gram
    return Statistic(cells, gram, first.classes)


def _chain(  # noqa: PLR0917
    jets: dict[Key, FloatArray], b: int, part: FloatArray, scale: Sequence[float], place: dict[int, int], order: int
) -> None:
    """Derivatives of part(rho) / v with respect to v (local 0) and rho (local 1)."""
    if 0 in place:
        jets[place[0],][b] = scale[1] * part[0]
    jets[place[1],][b] = scale[0] * part[1]
    if order == 2:
        if 0 in place:
            jets[place[0], place[0]][b] = scale[2] * part[0]
            jets[place[0], place[1]][b] = scale[1] * part[1]
        jets[place[1], place[1]][b] = scale[0] * part[2]


def _markov(rho: float, gaps: FloatArray) -> tuple[list[FloatArray], FloatArray]:
    """Coefficients of the statistics (base; per gap squares and lagged products) and log(1 - u^2), with derivatives.

    Each is (value, first, second derivative with respect to rho).
    """
    base = np.array([1.0, 0.0, 0.0])
    out, logs = [base], np.zeros((3, len(gaps)))
    for d, gap in enumerate(gaps):
        u = rho**gap
        du = gap * rho ** (gap - 1.0) if gap != 1.0 else 1.0
        d2u = gap * (gap - 1.0) * rho ** (gap - 2.0) if gap not in (1.0, 2.0) else (gap - 1.0) * gap
        s = 1.0 - u * u
        if not s > 0.0:
            raise Infeasible
        ds, d2s = -2.0 * u * du, -2.0 * (du * du + u * d2u)
        c = 1.0 / s
        dc, d2c = -ds * c**2, 2.0 * ds**2 * c**3 - d2s * c**2
        out.append(np.array([c, dc, d2c]))
        # the lagged statistic is symmetrised by averaging, so its coefficient is -2 u c
        out.append(-2.0 * np.array([u * c, du * c + u * dc, d2u * c + 2.0 * du * dc + u * d2c]))
        logs[:, d] = np.log(s), ds * c, d2s * c - (ds * c) ** 2
    return out, logs
