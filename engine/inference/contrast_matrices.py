"""Contrasts between the levels of a factor, by operator ([R] contrast, *Contrast operators*)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.errors import StataError

FloatArray: TypeAlias = npt.NDArray[np.float64]
POLYNOMIALS = ("linear", "quadratic", "cubic", "quartic", "quintic")


@dataclass(frozen=True, slots=True)
class ContrastLabel:
    """What a contrast compares: a pattern such as ``{} vs {}`` and the levels that fill it."""

    pattern: str
    levels: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ContrastMatrix:
    """Contrasts of k levels, shape (c, k), each with its label."""

    values: FloatArray
    labels: tuple[ContrastLabel, ...]


def contrast_matrix(
    operator: str, levels: tuple[int, ...], *, base: int, weights: FloatArray | None = None
) -> ContrastMatrix:
    """Return the contrasts of an operator ([R] contrast); r(198) for fewer than two levels.

    Parameters
    ----------
    operator
        ``r a ar g gw h hw j jw p pw q qw``; empty for the effects as coded, named after the base.
    levels
        Ascending.
    base
        Reference level of ``r`` and of no operator.
    weights
        Frequencies of the levels, for the operators that end in ``w``.
    """
    k = len(levels)
    if k < 2:
        raise StataError(198, "contrasts need a factor with two levels or more")
    w = np.ones(k) if weights is None or not operator.endswith("w") else weights
    kind = operator.removesuffix("w")
    if kind in ("", "r"):
        return _reference(levels, base, "{} vs base" if kind == "" else "{} vs {}")
    if kind == "a":
        return _pairs(levels, [(i, i + 1) for i in range(k - 1)])
    if kind == "ar":
        return _pairs(levels, [(i + 1, i) for i in range(k - 1)])
    if kind == "g":
        values = np.eye(k) - w / w.sum()
        return ContrastMatrix(values, tuple(ContrastLabel("{} vs mean", (level,)) for level in levels))
    if kind == "h":
        return _helmert(levels, w, later=True)
    if kind == "j":
        return _helmert(levels, w, later=False)
    scores = np.array(levels, dtype=np.float64) if kind == "p" else np.arange(1.0, k + 1.0)
    return _polynomials(scores, w)


def custom_matrix(weights: tuple[float, ...], levels: tuple[int, ...], *, any_sum: bool = False) -> ContrastMatrix:
    """Return one contrast with the weights given; r(198) for more than levels, or not summing to 0 unless `any_sum`."""
    if len(weights) > len(levels):
        raise StataError(198, f"a custom contrast has {len(weights)} weights for {len(levels)} levels")
    values = np.zeros(len(levels))
    values[: len(weights)] = weights
    if not any_sum and abs(values.sum()) > 1e-8 * np.abs(values).sum():
        raise StataError(198, "the weights of a custom contrast must sum to 0; option lincom takes others")
    return ContrastMatrix(values[None, :], (ContrastLabel("1"),))


def _reference(levels: tuple[int, ...], base: int, pattern: str) -> ContrastMatrix:
    at = levels.index(base)
    others = [i for i in range(len(levels)) if i != at]
    values = np.eye(len(levels))[others]
    values[:, at] = -1.0
    count = pattern.count("{}")
    return ContrastMatrix(values, tuple(ContrastLabel(pattern, (levels[i], base)[:count]) for i in others))


def _pairs(levels: tuple[int, ...], pairs: list[tuple[int, int]]) -> ContrastMatrix:
    values = np.zeros((len(pairs), len(levels)))
    for row, (i, j) in zip(values, pairs, strict=True):
        row[i], row[j] = 1.0, -1.0
    return ContrastMatrix(values, tuple(ContrastLabel("{} vs {}", (levels[i], levels[j])) for i, j in pairs))


def _helmert(levels: tuple[int, ...], w: FloatArray, *, later: bool) -> ContrastMatrix:
    """Return each level against the mean of all later ones, or of all earlier ones."""
    k = len(levels)
    values = np.zeros((k - 1, k))
    labels = []
    for row, i in enumerate(range(k - 1) if later else range(1, k)):
        others = slice(i + 1, k) if later else slice(0, i)
        values[row, i] = 1.0
        values[row, others] = -w[others] / w[others].sum()
        rest = levels[others]
        if len(rest) == 1:
            labels.append(ContrastLabel("{} vs {}", (levels[i], rest[0])))
        else:
            labels.append(ContrastLabel("{} vs >{}" if later else "{} vs <{}", (levels[i], levels[i])))
    return ContrastMatrix(values, tuple(labels))


def _polynomials(scores: FloatArray, w: FloatArray) -> ContrastMatrix:
    """Return orthonormal polynomials of the scores, of orders 1 to k - 1."""
    k = len(scores)
    centred = (scores - scores @ w / w.sum()) / max(float(np.ptp(scores)), 1e-300)
    root = np.sqrt(w / w.sum() * k)
    Q, triangle = np.linalg.qr(np.vander(centred, k, increasing=True) * root[:, None])
    Q = Q * np.sign(np.diag(triangle))
    values = (Q[:, 1:] * root[:, None]).T
    names = [POLYNOMIALS[i] if i < len(POLYNOMIALS) else f"order {i + 1}" for i in range(k - 1)]
    return ContrastMatrix(values, tuple(ContrastLabel(name) for name in names))


def all_pairs(levels: int) -> tuple[FloatArray, tuple[tuple[int, int], ...]]:
    """Return the differences of all pairs, later less earlier, in the order 2-1 3-1 … 3-2 …, and the pairs."""
    pairs = tuple((i, j) for j in range(levels) for i in range(j + 1, levels))
    values = np.zeros((len(pairs), levels))
    for row, (i, j) in zip(values, pairs, strict=True):
        row[i], row[j] = 1.0, -1.0
    return values, pairs
