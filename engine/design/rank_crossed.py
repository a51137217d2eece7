"""The rank of fixed and random effects together where effects are crossed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.errors import StataError
from engine.frame.modelframe import IntArray, ModelFrame, RandomBlock

if TYPE_CHECKING:
    from scipy.sparse import csc_array

_SINGULAR = 1e-10
"""Share of a column's sum of squares that must remain once other columns explain the rest."""
_LARGEST = 4000
"""Columns beside the largest equation up to which a dense matrix of their products is factored."""


def rank_of_crossed(frame: ModelFrame) -> int:
    """Return rank([X Z]): the equation with most columns group by group, all others as one dense matrix.

    Raises
    ------
    StataError
        r(909) when that matrix would be too large.
    """
    from scipy.sparse import csc_array, hstack

    blocks = [block for block in frame.blocks if block.structure is not None]
    blocks.sort(key=lambda block: _groups(block, frame)[1] * block.Z.shape[1], reverse=True)
    pieces = [_columns(block, frame) for block in blocks]
    X = np.linalg.qr(frame.X)[0] * np.sqrt(len(frame.y)) if frame.X.shape[1] else frame.X
    rest = hstack([*pieces[1:], csc_array(X)], format="csc")
    if rest.shape[1] > _LARGEST:
        raise StataError(
            909,
            f"ANOVA degrees of freedom of these crossed effects need a matrix of {rest.shape[1]:,} by "
            f"{rest.shape[1]:,} numbers. Choose another method.",
        )
    first, rank = _orthonormal(pieces[0], blocks[0], frame)
    coupled = (first.T @ rest).toarray()
    gram = (rest.T @ rest).toarray()
    squares = np.diag(gram).copy()
    gram -= coupled.T @ coupled
    used = squares > 0.0
    scale = np.sqrt(squares[used])
    values = np.linalg.eigvalsh(gram[np.ix_(used, used)] / np.outer(scale, scale))
    return rank + int(np.sum(values > _SINGULAR))


def _groups(block: RandomBlock, frame: ModelFrame) -> tuple[IntArray, int]:
    """Return the group of each row whose effects a block has, and the number of groups."""
    level = frame.levels[block.level]
    if block.factor is None:
        return level.codes, level.n_groups
    found, codes = np.unique(level.codes * block.factor.n_levels + block.factor.codes, return_inverse=True)
    return codes.reshape(-1), len(found)


def _columns(block: RandomBlock, frame: ModelFrame) -> csc_array:
    """Return the columns of Z that belong to a block, group by group."""
    from scipy.sparse import csc_array

    codes, size = _groups(block, frame)
    n, q = block.Z.shape
    rows = np.repeat(np.arange(n), q)
    columns = (codes[:, None] * q + np.arange(q)).reshape(-1)
    return csc_array((block.Z.reshape(-1), (rows, columns)), shape=(n, size * q))


def _orthonormal(Z: csc_array, block: RandomBlock, frame: ModelFrame) -> tuple[csc_array, int]:
    """Return an orthonormal basis of the columns of one block, group by group, and its rank."""
    from scipy.sparse import block_diag, csc_array

    q = block.Z.shape[1]
    if q == 1:
        squares = np.asarray(Z.multiply(Z).sum(axis=0)).reshape(-1)
        kept = squares > 0.0
        weights = np.zeros(len(squares))
        weights[kept] = 1.0 / np.sqrt(squares[kept])
        return csc_array(Z.multiply(weights[None, :])), int(kept.sum())
    codes, size = _groups(block, frame)
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(size))
    products = np.add.reduceat(block.Z[order][:, :, None] * block.Z[order][:, None, :], starts, axis=0)
    squares = np.einsum("gii->gi", products)
    scale = np.sqrt(np.where(squares > 0.0, squares, 1.0))
    values, vectors = np.linalg.eigh(products / (scale[:, :, None] * scale[:, None, :]))
    kept = values > _SINGULAR
    roots = np.where(kept, 1.0 / np.sqrt(np.where(kept, values, 1.0)), 0.0)
    maps = vectors * roots[:, None, :] / scale[:, :, None]
    return csc_array(Z @ block_diag(list(maps), format="csc")), int(kept.sum())
