"""Products B of a chain of one level with the crossed columns, dense or sparse: (q, G, m).

Every contribution of the level to the crossed block is a sum over groups of B_g' K_g B_g with (q, q) matrices K_g.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np

from engine.design.blocks import LevelDesign
from engine.events import CancelToken
from engine.frame.modelframe import FloatArray, IntArray

Entries: TypeAlias = Iterable[tuple[int, IntArray, IntArray, FloatArray | None]]

_FEW_NUMBERS = 2_000_000
"""Dense products of this size are faster than sparse ones."""
_MOST_PAIRS = 60_000_000


class Coupling(Protocol):
    """Products of the chain's groups with the crossed columns."""

    def weighted(self, K: FloatArray, cancel: CancelToken) -> list[FloatArray]:
        """Return sum_g B_g' K_g B_g, (m, m), for each of several symmetric K, shape (k, q, q, G)."""
        ...

    def onto(self, V: FloatArray) -> FloatArray:
        """Return sum_g B_g' V_g, (m, c), of V (q, c, G)."""
        ...

    def rows(self, first: int, last: int) -> FloatArray:
        """Return B of some groups as a dense array, (q, last - first, m)."""
        ...


def make_coupling(entries: Entries, level: LevelDesign, m: int) -> Coupling:
    """Sum the entries; sparse where a dense array would be large."""
    shape = (level.q, level.n_groups, m)
    if level.q * level.n_groups * m <= _FEW_NUMBERS:
        return DenseCoupling.of(entries, shape)
    return SparseCoupling.of(entries, shape)


@dataclass(frozen=True, slots=True, eq=False)
class DenseCoupling:
    """B as an array (q, G, m)."""

    B: FloatArray

    @classmethod
    def of(cls, entries: Entries, shape: tuple[int, int, int]) -> DenseCoupling:
        """Sum entries into an array."""
        q, G, m = shape
        B = np.zeros(shape)
        for a, groups, columns, values in entries:
            B[a] += np.bincount(groups * m + columns, weights=values, minlength=G * m).reshape(G, m)
        return cls(B)

    def weighted(self, K: FloatArray, cancel: CancelToken) -> list[FloatArray]:
        """See `Coupling`."""
        q, G, m = self.B.shape
        flat = self.B.reshape(q * G, m)
        out = []
        for part in K:
            cancel.check()
            moved = np.empty_like(self.B)
            for a in range(q):
                np.multiply(self.B[0], part[a, 0][:, None], out=moved[a])
                for b in range(1, q):
                    moved[a] += self.B[b] * part[a, b][:, None]
            out.append(flat.T @ moved.reshape(q * G, m))
        return out

    def onto(self, V: FloatArray) -> FloatArray:
        """See `Coupling`."""
        q, G, m = self.B.shape
        return self.B.reshape(q * G, m).T @ V.transpose(0, 2, 1).reshape(q * G, -1)

    def rows(self, first: int, last: int) -> FloatArray:
        """See `Coupling`."""
        return self.B[:, first:last]


@dataclass(frozen=True, slots=True, eq=False)
class SparseCoupling:
    """B as one sparse matrix (G, m) per effect.

    `pairs` holds, for one effect, each pair of columns i <= j that meet in a group and the sparse matrix
    (pairs, G) of b_i b_j, so that a weighted sum over groups is one matrix product; None where that would be large.
    """

    B: list[Any]
    shape: tuple[int, int, int]
    pairs: tuple[IntArray, Any] | None

    @classmethod
    def of(cls, entries: Entries, shape: tuple[int, int, int]) -> SparseCoupling:
        """Sum entries into sparse matrices."""
        from scipy import sparse

        q, G, m = shape
        B = [sparse.csr_matrix((G, m)) for _ in range(q)]
        for a, groups, columns, values in entries:
            ones = np.ones(len(groups)) if values is None else values
            part = sparse.csr_matrix((ones, (groups, columns)), shape=(G, m))
            part.sum_duplicates()
            B[a] = B[a] + part
        for part in B:
            part.sort_indices()
        return cls(B, shape, _pairs(B[0], m) if q == 1 else None)

    def weighted(self, K: FloatArray, cancel: CancelToken) -> list[FloatArray]:
        """See `Coupling`."""
        from scipy import sparse

        q, _, m = self.shape
        if self.pairs is not None:
            keys, products = self.pairs
            sums = products @ K[:, 0, 0].T
            return [_symmetric(keys, sums[:, k], m) for k in range(len(K))]
        out = []
        for part in K:
            total = np.zeros((m, m))
            for a in range(q):
                moved = sum((sparse.diags(part[a, b]) @ self.B[b] for b in range(q)), start=sparse.csr_matrix(self.shape[1:]))
                cancel.check()
                total += (self.B[a].T @ moved).toarray()
            out.append(total)
        return out

    def onto(self, V: FloatArray) -> FloatArray:
        """See `Coupling`."""
        return np.asarray(sum(B.T @ v.T for B, v in zip(self.B, V, strict=True)))

    def rows(self, first: int, last: int) -> FloatArray:
        """See `Coupling`."""
        return np.array([B[first:last].toarray() for B in self.B])


def _pairs(B: Any, m: int) -> tuple[IntArray, Any] | None:
    """Products of the entries of each row of B, by pair of columns."""
    from scipy import sparse

    counts = np.diff(B.indptr).astype(np.int64)
    total = int((counts * (counts + 1) // 2).sum())
    if total > _MOST_PAIRS or total > 0.5 * len(counts) * float(m) ** 2:
        return None
    lefts, rights, groups = [], [], []
    for count in np.unique(counts):
        if count == 0:
            continue
        of = np.flatnonzero(counts == count)
        i, j = np.triu_indices(count)
        start = B.indptr[of].astype(np.int64)[:, None]
        lefts.append((start + i).reshape(-1))
        rights.append((start + j).reshape(-1))
        groups.append(np.repeat(of, len(i)))
    left, right, group = np.concatenate(lefts), np.concatenate(rights), np.concatenate(groups)
    key = B.indices[left].astype(np.int64) * m + B.indices[right]
    keys, row = _numbered(key, m * m)
    values = B.data[left] * B.data[right]
    return keys, sparse.csr_matrix((values, (row, group)), shape=(len(keys), len(counts)))


def _numbered(key: IntArray, size: int) -> tuple[IntArray, IntArray]:
    """Return the distinct keys below `size` in ascending order, and the place of each key among them."""
    if size > 8 * len(key) + (1 << 22):
        keys, row = np.unique(key, return_inverse=True)
        return keys, row.reshape(-1)
    present = np.zeros(size, dtype=np.bool_)
    present[key] = True
    return np.flatnonzero(present), (np.cumsum(present) - 1)[key]


def _symmetric(keys: IntArray, values: FloatArray, m: int) -> FloatArray:
    """Return the symmetric matrix with `values` in cells ``keys`` (row * m + column, row <= column)."""
    out = np.zeros(m * m)
    out[keys] = values
    out = out.reshape(m, m)
    rows, columns = np.divmod(keys, m)
    out[columns, rows] = values
    return out
