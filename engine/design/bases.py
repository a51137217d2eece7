"""Well-conditioned bases: X orthonormal, y as scaled least-squares residual, Z pooled orthonormal or scaled.

Every working column is an affine combination of the shifted raw columns, so offsets such as calendar years or 1e8 never
enter a cross-product. The model in working columns is equivalent; :class:`Basis` keeps the way back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.design.columns import RawColumns
from engine.errors import StataError
from engine.events import CancelToken
from engine.frame.modelframe import FloatArray, ModelFrame
from engine.spec.mixed import CovarianceKind

_SQUARED_LIMIT = 1e-4
"""Smallest diagonal of a correlation matrix's Cholesky factor at which squaring the condition number is harmless."""
_SAME = 1e-12
_SMALLEST = 1e-150
"""Values whose squares underflow."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Basis:
    """Working columns, the constant first (index 0, all ones).

    Attributes
    ----------
    shift
        Shape (k,), subtracted from the raw columns.
    weights, constants
        Working column 1+i is ``weights[i] @ shifted + constants[i]``; shapes (w, k) and (w,).
    fixed, residual
        Indices of the columns of X~ (n X~'X~ = I) and of r.
    random
        For each block, indices of the columns of Z~.
    fixed_map, fixed_origin, scale
        ``beta = fixed_origin + scale * fixed_map @ b`` for coefficients b (p,) of X~ in the model for r.
    log_det
        log |det| of the map from X to X~.
    random_maps
        For each block the (q, q) matrix with ``Z~ = Z map``: ``Sigma = scale^2 map Sigma~ map'``.
    noise
        Size of the rounding error of r.
    """

    shift: FloatArray
    weights: FloatArray
    constants: FloatArray
    fixed: tuple[int, ...]
    residual: int
    random: tuple[tuple[int, ...], ...]
    fixed_map: FloatArray
    fixed_origin: FloatArray
    scale: float
    log_det: float
    random_maps: tuple[FloatArray, ...]
    noise: float


@dataclass(frozen=True, slots=True, eq=False)
class _Moments:
    """Mean-shifted second moments: `centred` = sum (x-shift)(x-shift)' with `shift` the exact means."""

    n: int
    shift: FloatArray
    centred: FloatArray


def make_basis(frame: ModelFrame, raw: RawColumns, cancel: CancelToken) -> Basis:
    """Choose the working columns of `frame`; one pass over the rows, two where X is badly conditioned."""
    moments = _moments(raw, cancel)
    pooled = _pooled_blocks(frame, raw)
    order = _fixed_order(raw, pooled)
    fixed_rows = _triangular(raw, moments, [raw.fixed[j] for j in order], cancel)
    weights: list[FloatArray] = []
    outputs = _Outputs(weights, raw.size)
    fixed = [0] * len(order)
    for j, row in zip(order, fixed_rows, strict=True):
        fixed[j] = outputs.add(row)
    X_rows = outputs.table(fixed)
    residual_row, origin, scale, noise = _residual(raw, moments, X_rows)
    residual = outputs.add(residual_row, fresh=True)
    random: list[tuple[int, ...]] = []
    maps: list[FloatArray] = []
    for b, block in enumerate(frame.blocks):
        columns = raw.random[b]
        rows: list[FloatArray] = []
        if b in pooled:
            rows = _pooled(raw, moments, columns, cancel)
        elif columns:
            common = block.structure is not CovarianceKind.INDEPENDENT
            rows = _scaled(raw, moments, columns, common=common, keep=block.indicators)
        random.append(tuple(outputs.add(row) for row in rows))
        maps.append(_back(outputs.table(random[-1]), columns, moments.shift))
    fixed_map = _back(X_rows, raw.fixed, moments.shift)
    table = np.array(weights).reshape(-1, raw.size + 1)
    return Basis(
        shift=moments.shift,
        weights=np.ascontiguousarray(table[:, :-1]),
        constants=table[:, -1].copy(),
        fixed=tuple(fixed),
        residual=residual,
        random=tuple(random),
        fixed_map=fixed_map,
        fixed_origin=fixed_map @ origin,
        scale=scale,
        log_det=float(np.linalg.slogdet(fixed_map)[1]) if len(fixed) else 0.0,
        random_maps=tuple(maps),
        noise=noise,
    )


class _Outputs:
    """Working columns without repetition; a row holds the weights of the raw columns and, last, the constant."""

    def __init__(self, rows: list[FloatArray], size: int) -> None:
        self._rows = rows
        self._one = np.zeros(size + 1)
        self._one[-1] = 1.0

    def add(self, row: FloatArray, *, fresh: bool = False) -> int:
        if np.array_equal(row, self._one):
            return 0
        if not fresh:
            for i, known in enumerate(self._rows):
                if np.abs(row - known).max() <= _SAME * np.abs(known).max():
                    return i + 1
        self._rows.append(row)
        return len(self._rows)

    def table(self, indices: Sequence[int]) -> FloatArray:
        """Rows of some working columns, shape (len(indices), size + 1)."""
        rows = [self._one if i == 0 else self._rows[i - 1] for i in indices]
        return np.array(rows).reshape(len(rows), len(self._one))


def _moments(raw: RawColumns, cancel: CancelToken) -> _Moments:
    shift = raw.sample_means()
    if not np.all(np.isfinite(shift)):
        raise StataError(416, "missing values encountered: the model's variables hold values that are not numbers")
    total = np.zeros(raw.size)
    gram = np.zeros((raw.size, raw.size))
    for _, _, W in raw.chunks(shift, None, cancel):
        total += W.sum(axis=1)
        gram += W @ W.T
    if not np.all(np.isfinite(gram)):
        raise StataError(416, "missing values encountered: the model's variables hold values too large to compute with")
    mean = total / raw.n_rows
    return _Moments(raw.n_rows, shift + mean, gram - raw.n_rows * np.outer(mean, mean))


def _pooled_blocks(frame: ModelFrame, raw: RawColumns) -> set[int]:
    """Blocks whose covariance is free enough for any nonsingular change of their columns."""
    return {
        b
        for b, block in enumerate(frame.blocks)
        if block.structure is CovarianceKind.UNSTRUCTURED and len(raw.random[b]) > 1
    }


def _fixed_order(raw: RawColumns, pooled: set[int]) -> list[int]:
    """Order X as the pooled blocks order Z, so that both get the same working columns: constant, slopes, the rest."""
    position = {column: j for j, column in enumerate(raw.fixed)}
    wanted = [-1] + [column for b in sorted(pooled) for column in raw.random[b]] + list(raw.fixed)
    return list(dict.fromkeys(position[column] for column in wanted if column in position))


def _triangular(raw: RawColumns, moments: _Moments, columns: list[int], cancel: CancelToken) -> list[FloatArray]:
    """Orthonormalise `columns` one after the other (-1: the constant, which must come first); rows of weights."""
    if not columns:
        return []
    has_constant = columns[0] == -1
    chosen = columns[1:] if has_constant else columns
    rows = []
    if has_constant:
        one = np.zeros(raw.size + 1)
        one[-1] = 1.0
        rows.append(one)
    if not chosen:
        return rows
    inverse = _inverse_factor(raw, moments, chosen, cancel, centred=has_constant)
    for column in inverse.T:
        row = np.zeros(raw.size + 1)
        row[chosen] = column
        if not has_constant:
            row[-1] = column @ moments.shift[chosen]
        rows.append(row)
    return rows


def _inverse_factor(
    raw: RawColumns, moments: _Moments, chosen: list[int], cancel: CancelToken, *, centred: bool
) -> FloatArray:
    """Upper triangular T with mean(x x') = T^-T T^-1; through QR of the rows where the cross-product is too coarse."""
    shift = moments.shift[chosen]
    second = moments.centred[np.ix_(chosen, chosen)] / moments.n
    if not centred:
        second = second + np.outer(shift, shift)
    size = np.sqrt(np.diag(second))
    size[size == 0.0] = 1.0
    try:
        factor = np.linalg.cholesky(second / np.outer(size, size)).T
    except np.linalg.LinAlgError:
        factor = np.zeros_like(second)
    if np.abs(np.diag(factor)).min() < _SQUARED_LIMIT:
        factor = _row_factor(raw, moments.shift, chosen, size, cancel, centred=centred)
    if np.abs(np.diag(factor)).min() < 1e-14:
        raise StataError(498, "the columns of the model are collinear; leave one of them out")
    return np.asarray(np.linalg.inv(factor)) / size[:, None]


def _row_factor(
    raw: RawColumns, shift: FloatArray, chosen: list[int], size: FloatArray, cancel: CancelToken, *, centred: bool
) -> FloatArray:
    factor = np.empty((0, len(chosen)))
    offset = np.zeros(len(chosen)) if centred else shift[chosen]
    for _, _, W in raw.chunks(shift, None, cancel):
        scaled = (W[chosen].T + offset) / size
        factor = np.asarray(np.linalg.qr(np.vstack((factor, scaled)), mode="r"))
    signs = np.where(np.diag(factor) < 0.0, -1.0, 1.0)
    return np.asarray(factor * signs[:, None] / np.sqrt(raw.n_rows))


def _pooled(raw: RawColumns, moments: _Moments, columns: tuple[int, ...], cancel: CancelToken) -> list[FloatArray]:
    """Rows for an unstructured block: orthonormal over all rows, the constant first, in the block's own order."""
    order = sorted(range(len(columns)), key=lambda j: columns[j] != -1)
    try:
        rows = _triangular(raw, moments, [columns[j] for j in order], cancel)
    except StataError:  # collinear effects were asked for: any nonsingular scaling will do
        return _scaled(raw, moments, columns, common=False)
    out = [np.empty(0)] * len(columns)
    for j, row in zip(order, rows, strict=True):
        out[j] = row
    return out


def _scaled(
    raw: RawColumns, moments: _Moments, columns: tuple[int, ...], *, common: bool, keep: bool = False
) -> list[FloatArray]:
    """Rows for a block whose structure forbids mixing its columns: one scale each, one for all (`common`) or none."""
    squares = np.array([1.0 if c == -1 else moments.centred[c, c] / moments.n + moments.shift[c] ** 2 for c in columns])
    squares[squares == 0.0] = 1.0
    if keep:
        squares = np.ones(len(columns))
    elif common:
        squares = np.full(len(columns), squares.mean())
    rows = []
    for c, square in zip(columns, squares, strict=True):
        row = np.zeros(raw.size + 1)
        if c == -1:
            row[-1] = 1.0 / np.sqrt(square)
        else:
            row[c] = 1.0 / np.sqrt(square)
            row[-1] = row[c] * moments.shift[c]  # the very product that the way back subtracts
        rows.append(row)
    return rows


def _residual(raw: RawColumns, moments: _Moments, X_rows: FloatArray) -> tuple[FloatArray, FloatArray, float, float]:
    """Weights of r = (y - X~ b0) / scale; also b0 (p,), the scale and the rounding error of r."""
    y = raw.response
    mean = moments.shift[y]
    with_y = X_rows[:, :-1] @ moments.centred[:, y] / moments.n + X_rows[:, -1] * mean
    spread = moments.centred[y, y] / moments.n
    square = spread + mean**2 - with_y @ with_y if not _has_constant(X_rows) else spread - _slopes(X_rows, with_y)
    scale = float(np.sqrt(max(square, 1e-10 * spread, 0.0)))
    if scale == 0.0 and 0.0 < float(np.abs(raw.sources[-1][0]).max()) < _SMALLEST:
        raise StataError(
            459,
            "the values of the dependent variable are so close to zero that their squares cannot be represented. "
            "Multiply it by a large number.",
        )
    if scale == 0.0:
        raise StataError(459, "the dependent variable does not vary; there is nothing to explain")
    row = -(with_y @ X_rows) if len(X_rows) else np.zeros(raw.size + 1)
    row[y] += 1.0
    row[-1] = 0.0 if _has_constant(X_rows) else row[-1] + mean
    noise = 8.0 * np.finfo(float).eps * (abs(mean) + float(np.sqrt(spread))) / scale
    return row / scale, with_y, scale, float(noise)


def _has_constant(X_rows: FloatArray) -> bool:
    return any(not row[:-1].any() for row in X_rows)


def _slopes(X_rows: FloatArray, with_y: FloatArray) -> float:
    """Sum of squared coefficients without the constant's."""
    return float(sum(b * b for row, b in zip(X_rows, with_y, strict=True) if row[:-1].any()))


def _back(rows: FloatArray, columns: tuple[int, ...], shift: FloatArray) -> FloatArray:
    """Matrix that turns coefficients of working columns into coefficients of the raw `columns` (-1: the constant)."""
    k = len(columns)
    out = np.zeros((k, k))
    for position, column in enumerate(columns):
        if column == -1:
            out[position] = rows[:, -1] - rows[:, :-1] @ shift
        else:
            out[position] = rows[:, column]
    return out
