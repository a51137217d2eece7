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
        _, G, m = shape
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

    `pairs` speeds up the sums for one effect; None for several, and where it would be large.
    """

    B: list[Any]
    shape: tuple[int, int, int]
    pairs: _Pairs | None

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
            return self.pairs.weighted(K[:, 0, 0])
        out = []
        for part in K:
            total = np.zeros((m, m))
            for a in range(q):
                moved = sum(
                    (sparse.diags(part[a, b]) @ self.B[b] for b in range(q)), start=sparse.csr_matrix(self.shape[1:])
                )
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


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Products of the entries that meet in a row of a sparse (G, m) matrix.

    Attributes
    ----------
    keys
        The distinct pairs of columns i <= j, as i * m + j, ascending.
    products
        Sparse matrix (pairs, G) of b_i b_j, groups in the order of `groups`.
    """

    m: int
    keys: IntArray
    products: Any
    groups: IntArray

    def weighted(self, weights: FloatArray) -> list[FloatArray]:
        """Return the weighted sums of b b' over groups for each row of `weights` (k, G)."""
        sums = self.products @ np.ascontiguousarray(weights[:, self.groups].T)
        return [self._symmetric(sums[:, k]) for k in range(len(weights))]

    def _symmetric(self, values: FloatArray) -> FloatArray:
        flat = np.zeros(self.m * self.m)
        flat[self.keys] = values
        upper = flat.reshape(self.m, self.m)
        out = upper + upper.T
        out.reshape(-1)[:: self.m + 1] *= 0.5
        return out


def _pairs(B: Any, m: int) -> _Pairs | None:
    """Pair the entries of each row of B; rows with equally many entries are paired together."""
    from scipy import sparse

    counts = np.diff(B.indptr).astype(np.int64)
    total = int((counts * (counts + 1) // 2).sum())
    if total > _MOST_PAIRS or total > 0.5 * len(counts) * float(m) ** 2:
        return None
    lefts, rights, groups, lengths = [], [], [], []
    for count in np.unique(counts):
        of = np.flatnonzero(counts == count)
        i, j = np.triu_indices(count)
        start = B.indptr[of].astype(np.int64)[:, None]
        lefts.append((start + i).reshape(-1))
        rights.append((start + j).reshape(-1))
        groups.append(of)
        lengths.append(np.full(len(of), len(i)))
    left, right = np.concatenate(lefts), np.concatenate(rights)
    keys, row = _numbered(B.indices[left].astype(np.int64) * m + B.indices[right], m * m)
    first = np.concatenate(([0], np.cumsum(np.concatenate(lengths))))
    products = sparse.csc_matrix((B.data[left] * B.data[right], row, first), shape=(len(keys), len(counts)))
    return _Pairs(m, keys, products, np.concatenate(groups))


def _numbered(key: IntArray, size: int) -> tuple[IntArray, IntArray]:
    """Return the distinct keys below `size` in ascending order, and the place of each key among them."""
    if size > 8 * len(key) + (1 << 22):
        keys, row = np.unique(key, return_inverse=True)
        return keys, row.reshape(-1)
    present = np.zeros(size, dtype=np.bool_)
    present[key] = True
    return np.flatnonzero(present), (np.cumsum(present) - 1)[key]
