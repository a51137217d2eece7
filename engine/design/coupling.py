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

    `pairs` speeds up the weighted sums; None where it would be large.
    """

    B: list[Any]
    shape: tuple[int, int, int]
    pairs: _Pairs | None

    @classmethod
    def of(cls, entries: Entries, shape: tuple[int, int, int]) -> SparseCoupling:
        """Sum entries into sparse matrices."""
        from scipy import sparse

        q, G, m = shape
        rows: list[list[IntArray]] = [[] for _ in range(q)]
        places: list[list[IntArray]] = [[] for _ in range(q)]
        data: list[list[FloatArray]] = [[] for _ in range(q)]
        for a, groups, columns, values in entries:
            rows[a].append(groups)
            places[a].append(columns)
            data[a].append(np.ones(len(groups)) if values is None else values)
        B = []
        for own, columns_of, values_of in zip(rows, places, data, strict=True):
            where = np.concatenate(own), np.concatenate(columns_of)
            part = sparse.csr_matrix((np.concatenate(values_of), where), shape=(G, m))
            part.sum_duplicates()  # keeps explicit zeros: all effects have the same structure
            B.append(part)
        return cls(B, shape, _pairs(B, m))

    def weighted(self, K: FloatArray, cancel: CancelToken) -> list[FloatArray]:
        """See `Coupling`."""
        from scipy import sparse

        q, _, m = self.shape
        if self.pairs is not None:
            return self.pairs.weighted(K)
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
    """Products of the entries that meet in a row of sparse (G, m) matrices of the same structure.

    Attributes
    ----------
    keys
        The distinct pairs of columns i <= j, as i * m + j, ascending; `mirrored` are the same as j * m + i.
    products
        For effects a <= b the sparse matrix (pairs, G) of a_i b_j + b_i a_j, of a_i a_j where a = b, with groups in the
        order of `groups`.
    """

    m: int
    keys: IntArray
    mirrored: IntArray
    products: dict[tuple[int, int], Any]
    groups: IntArray

    def weighted(self, K: FloatArray) -> list[FloatArray]:
        """See `Coupling`."""
        sums = sum(
            products @ np.ascontiguousarray(K[:, a, b][:, self.groups].T) for (a, b), products in self.products.items()
        )
        return [self._symmetric(np.asarray(sums)[:, k]) for k in range(len(K))]

    def _symmetric(self, values: FloatArray) -> FloatArray:
        out = np.zeros(self.m * self.m)
        out[self.keys] = values
        out[self.mirrored] = values
        return out.reshape(self.m, self.m)


def _pairs(B: list[Any], m: int) -> _Pairs | None:
    """Pair the entries of each row; rows with equally many entries are paired together."""
    from scipy import sparse

    first, q = B[0], len(B)
    counts = np.diff(first.indptr).astype(np.int64)
    total = int((counts * (counts + 1) // 2).sum()) * q * (q + 1) // 2
    if total > _MOST_PAIRS or total > 0.5 * len(counts) * float(q * m) ** 2:
        return None
    lefts, rights, groups, lengths = [], [], [], []
    for count in np.unique(counts):
        of = np.flatnonzero(counts == count)
        i, j = np.triu_indices(count)
        start = first.indptr[of].astype(np.int64)[:, None]
        lefts.append((start + i).reshape(-1))
        rights.append((start + j).reshape(-1))
        groups.append(of)
        lengths.append(np.full(len(of), len(i)))
    left, right = np.concatenate(lefts), np.concatenate(rights)
    keys, row = _numbered(first.indices[left].astype(np.int64) * m + first.indices[right], m * m)
    ends = np.concatenate(([0], np.cumsum(np.concatenate(lengths))))
    shape = (len(keys), len(counts))
    products = {}
    for a in range(q):
        for b in range(a, q):
            values = B[a].data[left] * B[b].data[right]
            if a != b:
                values += B[b].data[left] * B[a].data[right]
            products[a, b] = sparse.csc_matrix((values, row, ends), shape=shape)
    i, j = np.divmod(keys, m)
    return _Pairs(m, keys, j * m + i, products, np.concatenate(groups))


def _numbered(key: IntArray, size: int) -> tuple[IntArray, IntArray]:
    """Return the distinct keys below `size` in ascending order, and the place of each key among them."""
    if size > 8 * len(key) + (1 << 22):
        keys, row = np.unique(key, return_inverse=True)
        return keys, row.reshape(-1)
    present = np.zeros(size, dtype=np.bool_)
    present[key] = True
    return np.flatnonzero(present), (np.cumsum(present) - 1)[key]
