"""Values with their first and second derivatives with respect to the covariance parameters."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from engine.frame.modelframe import FloatArray


@dataclass(slots=True, eq=False)
class Jets:
    """What is left when all random effects are integrated out.

    ``S = [X r]' H^-1 [X r]`` (P, P) and ``log_det = log|H|`` with H = V / sigma2; derivatives with respect to theta:
    `dS` (K, P, P), `d2S` (K, K, P, P), `dlog` (K,), `d2log` (K, K). Above the `order` asked for they are zero.
    """

    order: int
    log_det: float
    S: FloatArray
    dlog: FloatArray
    dS: FloatArray
    d2log: FloatArray
    d2S: FloatArray


def empty_jets(gram: FloatArray, size: int, order: int) -> Jets:
    """Return the jets of a model without random effects: S is the Gram matrix (p + 1, p + 1), everything else zero."""
    P = len(gram)
    first = size if order >= 1 else 0
    second = size if order >= 2 else 0
    return Jets(
        order=order,
        log_det=0.0,
        S=gram.copy(),
        dlog=np.zeros(first),
        dS=np.zeros((first, P, P)),
        d2log=np.zeros((second, second)),
        d2S=np.zeros((second, second, P, P)),
    )


@dataclass(slots=True, eq=False)
class Rows:
    """The products of one level while lower levels are eliminated from them: value and jets, each (q, q + d, G).

    Keys of `first` and `second` are indices into theta, pairs in ascending order.
    """

    value: FloatArray
    first: dict[int, FloatArray] = field(default_factory=dict)
    second: dict[tuple[int, int], FloatArray] = field(default_factory=dict)

    def add(self, key: tuple[int, ...], part: FloatArray) -> None:
        """Add `part` to the value (empty key), a first or a second derivative."""
        if not key:
            self.value += part
        elif len(key) == 1:
            known = self.first.get(key[0])
            self.first[key[0]] = part if known is None else known + part
        else:
            i, j = sorted(key)
            found = self.second.get((i, j))
            self.second[i, j] = part if found is None else found + part


def add_final(jets: Jets, key: tuple[int, ...], part: FloatArray) -> None:
    """Add a symmetric (P, P) `part` to S, dS or d2S (both triangles of the parameter pair)."""
    if not key:
        jets.S += part
    elif len(key) == 1:
        jets.dS[key[0]] += part
    else:
        i, j = key
        jets.d2S[i, j] += part
        if i != j:
            jets.d2S[j, i] += part


def add_log(jets: Jets, i: int, j: int, value: float) -> None:
    """Add to the second derivatives of log_det, symmetrically."""
    jets.d2log[i, j] += value
    if i != j:
        jets.d2log[j, i] += value
