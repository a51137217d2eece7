"""Sums of squares of the terms of an analysis of variance.

A factor of a term is coded by contrasts that sum to zero where the term without it is in the model too, else by
indicators, so that ``a#b`` without ``b`` is ``b`` within ``a``. The partial sum of squares of a term is what the
residual sum grows by without its columns; the sequential one is what it falls by when they are added to the terms
before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.errors import StataError
from engine.events import CancelToken
from engine.fit.leastsquares import least_squares
from engine.frame.anovaframe import IntArray, TermValues
from engine.frame.collinear import independent_columns
from engine.frame.columnvalues import FloatArray
from engine.frame.groups import code_values

_LARGEST = 4 << 30
"""Bytes that a design matrix may take."""


@dataclass(frozen=True, slots=True)
class TermSquares:
    """Sum of squares of a term, and its degrees of freedom."""

    ss: float
    df: int


def term_squares(
    terms: Sequence[TermValues],
    y: FloatArray,
    w: FloatArray | None,
    *,
    sequential: bool,
    cancel: CancelToken,
) -> tuple[TermSquares, ...]:
    """Return partial (or sequential) sums of squares, given the response and weights (n,).

    Raises
    ------
    StataError
        r(459) for partial sums of an interaction with empty cells, r(909) for a design that is too large.
    """
    y = y - np.average(y, weights=w)
    blocks = [_columns(term, terms, len(y), strict=not sequential) for term in terms]
    if 8 * len(y) * sum(block.shape[1] for block in blocks) > _LARGEST:
        raise StataError(909, "the terms have too many levels for the memory there is")
    found: list[TermSquares] = []
    whole = _reduced(blocks, y, w, cancel)
    for i in range(len(blocks)):
        cancel.check()
        more = whole if not sequential else _reduced(blocks[: i + 1], y, w, cancel)
        others = blocks[:i] if sequential else [*blocks[:i], *blocks[i + 1 :]]
        less = _reduced(others, y, w, cancel)
        df = more[1] - less[1]
        found.append(TermSquares(max(less[0] - more[0], 0.0) if df else 0.0, df))
    return tuple(found)


def _reduced(
    blocks: Sequence[FloatArray], y: FloatArray, w: FloatArray | None, cancel: CancelToken
) -> tuple[float, int]:
    """Return residual sum of squares and rank of the regression on a constant and these columns."""
    X = np.column_stack(blocks) if blocks else np.zeros((len(y), 0))
    if X.shape[1]:
        X = X[:, independent_columns(X, constant=True, cancel=cancel).kept]
    design = np.column_stack([X, np.ones(len(y))])
    return least_squares(design, y, w).rss, design.shape[1]


def _columns(term: TermValues, terms: Sequence[TermValues], n: int, *, strict: bool) -> FloatArray:
    """Return the columns of a term, (n, c)."""
    keys = {each.key for each in terms} | {(frozenset[str](), ())}
    factors, power = term.key
    contrasted = [name for name in term.factors if (factors - {name}, power) in keys]
    group = np.zeros(n, dtype=np.int64)
    for name in term.factors:
        if name not in contrasted:
            codes = term.factors[name]
            group = code_values(group * (int(codes.max()) + 1) + codes).values
    blocks = []
    for number in range(int(group.max(initial=-1)) + 1):
        rows = np.flatnonzero(group == number)
        block = _products([term.factors[name][rows] for name in contrasted], len(rows), term, strict=strict)
        placed = np.zeros((n, block.shape[1]))
        placed[rows] = block
        blocks.append(placed)
    X = np.column_stack(blocks) if blocks else np.zeros((n, 0))
    return X if term.x is None else X * term.x[:, None]


def _products(factors: Sequence[IntArray], n: int, term: TermValues, *, strict: bool) -> FloatArray:
    """Return products of contrasts that sum to zero over the levels seen, (n, prod(L - 1)); ones without factors."""
    X = np.ones((n, 1))
    cells = np.zeros(n, dtype=np.int64)
    full = 1
    for codes in factors:
        own = code_values(codes)
        indicators = (own.values[:, None] == np.arange(own.n_groups)).astype(np.float64)
        contrasts = indicators[:, :-1] - indicators[:, -1:]
        X = (X[:, :, None] * contrasts[:, None, :]).reshape(n, -1)
        cells = cells * own.n_groups + own.values
        full *= own.n_groups
    if strict and len(factors) > 1 and len(np.unique(cells)) < full:
        raise StataError(
            459,
            f"{term.name} has empty cells, so that partial sums of squares are not defined. Use the option sequential, "
            "or regress with factor variables and testparm.",
        )
    return X
