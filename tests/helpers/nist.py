"""NIST's one-way data sets of the SmLs series, rebuilt from their published definition (Simon and Lesage 1989; StRD).

Nine treatments with 21, 201 or 2001 replicates around 1.4, 1.3 and 1.5 in turn; the first replicate is the mean, the
others lie 0.1 below and above it in turn. The constant 1 is replaced by 1e6 or 1e12 in the harder sets. The certified
mean squares (within .01, between .01 r) give the REML estimates exactly: .01 within, .01 (1 - 1/r) between.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np

SETS = {
    f"SmLs0{3 * i + j + 1}": (offset, replicates)
    for i, offset in enumerate(("1", "1000000", "1000000000000"))
    for j, replicates in enumerate((21, 201, 2001))
}


def smls(name: str) -> dict[str, np.ndarray]:
    """Return columns ``treatment`` and ``y``, correctly rounded decimals."""
    offset, replicates = SETS[name]
    base = Decimal(offset)
    treatment, y = [], []
    for i in range(9):
        mean = base + (Decimal("0.4") if i == 0 else Decimal("0.3") if i % 2 else Decimal("0.5"))
        low, high = float(mean - Decimal("0.1")), float(mean + Decimal("0.1"))
        y += [float(mean)] + [low, high] * ((replicates - 1) // 2)
        treatment += [float(i + 1)] * replicates
    return {"treatment": np.array(treatment), "y": np.array(y)}


def certified(name: str) -> tuple[float, float]:
    """Return the REML variances between and within treatments."""
    replicates = SETS[name][1]
    return 0.01 * (1.0 - 1.0 / replicates), 0.01


def digits(value: float, exact: float) -> float:
    """Return the number of correct digits (log relative error), at most 16."""
    error = abs(value - exact) / abs(exact)
    return 16.0 if error == 0.0 else min(16.0, float(-np.log10(error)))
