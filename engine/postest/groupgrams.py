"""Products of a nested model's columns per group, with the effects at and below a level integrated out.

For the rows I of a group of level l and the columns M = [Z of the levels above, X, r] these are M' V_I^-1 M, where V_I
is the covariance matrix of the rows given the effects above: residual errors and the effects of level l and below. Sums
over the groups of a level above, its own effects integrated out in turn, lead up to X' V^-1 X of all data. Everything
that asks what one group contributes (its deletion, its own estimates) starts here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.design.equivalent import has_factors
from engine.errors import StataError
from engine.frame.constrainedframe import constrained_frame
from engine.frame.constraints import free_directions
from engine.frame.modelframe import FloatArray, IntArray, ModelFrame
from engine.postest.whitened import whitened
from engine.results.mixed import MixedResult


@dataclass(frozen=True, slots=True, eq=False)
class LevelGrams:
    """The groups of one level.

    Attributes
    ----------
    q
        Number of the level's own effects.
    Sigma
        Their covariance matrix, (q, q), in units of the columns used.
    before
        (G, q + c, q + c), products of [own Z, columns above, X, r] with the levels below integrated out.
    after
        (G, c, c), the same with the level's own effects integrated out.
    parent
        (G,), the group of the level above that each group is in; zeros for the top level.
    n_rows, first_row
        (G,), number of rows and the first of them, as positions in the frame.
    """

    q: int
    Sigma: FloatArray
    before: FloatArray
    after: FloatArray
    parent: IntArray
    n_rows: IntArray
    first_row: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class GroupGrams:
    """All levels, top first.

    `back` (k, p) leads from coefficients of the columns of X as used here to those of all e(b) columns; `total` is
    [X, r]' V^-1 [X, r], shape (p + 1, p + 1). `maps[l]` (q, q) leads from a level's effects as used here to those of
    the data.
    """

    levels: tuple[LevelGrams, ...]
    back: FloatArray
    total: FloatArray
    maps: tuple[FloatArray, ...]

    @property
    def p(self) -> int:
        """Number of free coefficients."""
        return int(self.back.shape[1])


def group_grams(result: MixedResult, frame: ModelFrame) -> GroupGrams:
    """Return the products of every level's groups at the estimates of `result`; `frame` is that of its sample.

    Raises
    ------
    StataError
        r(321) for crossed effects, weights, and models without groups: the data do not fall into groups that contribute
        separately, or contribute by another rule.
    """
    _check(frame)
    free = constrained_frame(frame, result.constraints)
    X, back = _orthonormal(free.X)
    estimated = np.array(frame.estimated, dtype=np.int64)
    full = np.zeros((len(frame.columns), X.shape[1]))
    T = np.eye(len(estimated)) if result.constraints is None else free_directions(result.constraints, frame.estimated).T
    full[estimated] = T @ back
    r = frame.y - frame.X @ result.beta[estimated]
    parts = [_level_columns(result, frame, depth) for depth in range(len(frame.levels))]
    columns = np.column_stack([*(Z for Z, _, _ in reversed(parts)), X, r])
    columns = _whiten(result, frame, columns)
    lowest = frame.levels[-1]
    products = _row_products(columns, lowest.codes, lowest.n_groups)
    levels: list[LevelGrams] = []
    for depth in range(len(frame.levels) - 1, -1, -1):
        Z, Sigma, _ = parts[depth]
        level = frame.levels[depth]
        n_rows = np.bincount(level.codes, minlength=level.n_groups)
        first_row = np.full(level.n_groups, -1, dtype=np.int64)
        first_row[level.codes[::-1]] = np.arange(len(level.codes))[::-1]
        parent = frame.levels[depth - 1].codes[first_row] if depth else np.zeros(level.n_groups, dtype=np.int64)
        after = integrated_out(products, Sigma)
        levels.append(LevelGrams(Z.shape[1], Sigma, products, after, parent, n_rows, first_row))
        above = frame.levels[depth - 1].n_groups if depth else 1
        products = _summed(after, parent, above)
    return GroupGrams(tuple(levels[::-1]), full, products[0], tuple(back_map for _, _, back_map in parts))


def integrated_out(products: FloatArray, Sigma: FloatArray) -> FloatArray:
    """Integrate the first q columns' effects, with covariance matrix Sigma (q, q), out of products (G, q + c, q + c).

    N - M (Sigma^-1 + K)^-1 M' with K (q, q) the corner; written so that a singular Sigma is no exception.
    """
    q = len(Sigma)
    K, M, N = products[:, :q, :q], products[:, :q, q:], products[:, q:, q:]
    if not q:
        return N
    kernel = Sigma @ np.linalg.inv(np.eye(q) + K @ Sigma)
    return np.asarray(N - M.swapaxes(1, 2) @ (kernel @ M))


def _check(frame: ModelFrame) -> None:
    if not frame.levels:
        raise StataError(321, "the model has no groups whose contributions could be told apart")
    if has_factors(frame):
        raise StataError(321, "with crossed effects (R.) no group contributes to the estimates on its own")
    if frame.weights is not None:
        raise StataError(321, "the contributions of groups are not available after weights")


def _orthonormal(X: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return columns Q spanning those of X and the matrix that leads from their coefficients to those of X."""
    if not X.shape[1]:
        return X, np.zeros((0, 0))
    Q, R = np.linalg.qr(X)
    scale = np.sqrt(len(X))
    return np.asarray(Q * scale), np.asarray(np.linalg.inv(R) * scale)


def _level_columns(result: MixedResult, frame: ModelFrame, depth: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the level's Z in its own basis, the covariance matrix there, and the way back to the data's effects."""
    blocks = [(b, block) for b, block in enumerate(frame.blocks) if block.level == depth and block.structure]
    Zs, Sigmas, maps = [], [], []
    for b, block in blocks:
        Q, back = _orthonormal(block.Z)
        there = np.linalg.inv(back)
        Zs.append(Q)
        maps.append(back)
        Sigmas.append(there @ result.blocks[b].Sigma @ there.T)
    q = sum(len(Sigma) for Sigma in Sigmas)
    Z = np.column_stack(Zs) if Zs else np.zeros((len(frame.y), 0))
    return Z, _diagonal(Sigmas, q), _diagonal(maps, q)


def _diagonal(blocks: list[FloatArray], q: int) -> FloatArray:
    """Put square blocks on the diagonal of a (q, q) matrix."""
    out, start = np.zeros((q, q)), 0
    for block in blocks:
        stop = start + len(block)
        out[start:stop, start:stop] = block
        start = stop
    return out


def _whiten(result: MixedResult, frame: ModelFrame, columns: FloatArray) -> FloatArray:
    """Multiply the columns by an inverse square root of the residual errors' covariance matrix."""
    if frame.residual is None or result.residual is None:
        return np.asarray(columns / np.sqrt(result.sigma2))
    errors, theta = frame.residual, result.residual.theta
    return np.column_stack([whitened(errors, theta, result.sigma2, column) for column in columns.T])


def _row_products(columns: FloatArray, codes: IntArray, n_groups: int) -> FloatArray:
    """Return the products of the columns summed over the rows of each group, (G, c, c)."""
    c = columns.shape[1]
    out = np.empty((n_groups, c, c))
    order = np.argsort(codes, kind="stable")
    starts = np.concatenate(([0], np.flatnonzero(np.diff(codes[order])) + 1))
    sorted_columns = np.ascontiguousarray(columns[order].T)
    for i in range(c):
        for j in range(i, c):
            out[:, i, j] = out[:, j, i] = np.add.reduceat(sorted_columns[i] * sorted_columns[j], starts)
    return out


def _summed(values: FloatArray, parent: IntArray, n_groups: int) -> FloatArray:
    """Return the sums of `values` (G, c, c) over the groups of each parent, (n_groups, c, c)."""
    out = np.zeros((n_groups, *values.shape[1:]))
    np.add.at(out, parent, values)
    return out
