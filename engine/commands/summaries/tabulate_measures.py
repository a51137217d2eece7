"""Tests and measures of association of ``tabulate`` ([R] tabulate twoway, Methods and formulas)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.errors import StataError
from engine.lang.command import Part

Counts = npt.NDArray[np.float64]


def association(
    counts: npt.NDArray[np.int64], measures: Sequence[str], part: Part
) -> tuple[list[str], dict[str, float]]:
    """Return the lines of the measures asked for, and the results by name; r(459) where exact is not possible."""
    table = counts.astype(np.float64)
    lines: list[str] = []
    found: dict[str, float] = {}
    df = (table.shape[0] - 1) * (table.shape[1] - 1)
    for word in measures:
        if word in ("chi2", "lrchi2"):
            value = _pearson(table) if word == "chi2" else _likelihood_ratio(table)
            p = _tail(df, value)
            name = "Pearson" if word == "chi2" else "Likelihood-ratio"
            lines.append(f"{f'{name} chi2({df})':>25} = {value:8.4f}   Pr = {p:5.3f}".replace("nan", "    ."))
            found |= {"chi2": value, "p": p} if word == "chi2" else {"chi2_lr": value, "p_lr": p}
        elif word == "V":
            found["CramersV"] = cramers_v(table)
            lines.append(f"{'Cramér' + chr(39) + 's V':>25} = {found['CramersV']:8.4f}")
        elif word == "gamma":
            found["gamma"], found["ase_gam"] = gamma(table)
            lines.append(f"{'gamma':>25} = {found['gamma']:8.4f}  ASE = {found['ase_gam']:5.3f}")
        elif word == "taub":
            found["taub"], found["ase_taub"] = tau_b(table)
            lines.append(
                f"{'Kendall' + chr(39) + 's tau-b':>25} = {found['taub']:8.4f}  ASE = {found['ase_taub']:5.3f}"
            )
        else:
            two, one = _exact(table, part)
            found |= {"p_exact": two, "p1_exact": one}
            lines.append(f"{'Fisher' + chr(39) + 's exact':>25} = {two:21.3f}")
            lines.append(f"{'1-sided Fisher' + chr(39) + 's exact':>25} = {one:21.3f}")
    return [line.replace("nan", "  .") for line in lines], found


def _expected(table: Counts) -> Counts:
    return np.asarray(np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum())


def _pearson(table: Counts) -> float:
    expected = _expected(table)
    return float(((table - expected) ** 2 / expected).sum())


def _likelihood_ratio(table: Counts) -> float:
    from scipy.special import xlogy

    return float(2.0 * (xlogy(table, table) - xlogy(table, _expected(table))).sum())


def _tail(df: int, value: float) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(df, value)) if df else float("nan")


def cramers_v(table: Counts) -> float:
    """Return Cramér's V, with the sign of the association in a table of 2 by 2."""
    if min(table.shape) < 2:
        return float("nan")
    if table.shape == (2, 2):
        margins = np.sqrt(np.prod(table.sum(axis=0)) * np.prod(table.sum(axis=1)))
        return float((table[0, 0] * table[1, 1] - table[0, 1] * table[1, 0]) / margins)
    return float(np.sqrt(_pearson(table) / table.sum() / (min(table.shape) - 1)))


def _pairs(table: Counts) -> tuple[Counts, Counts]:
    """Return for each cell how many observations are concordant and discordant with one in it."""
    padded = np.pad(table.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    rows, cols = table.shape

    def block(r0: int, r1: int, c0: int, c1: int) -> float:
        return float(padded[r1, c1] - padded[r0, c1] - padded[r1, c0] + padded[r0, c0])

    concordant, discordant = np.zeros(table.shape), np.zeros(table.shape)
    for i in range(rows):
        for j in range(cols):
            concordant[i, j] = block(0, i, 0, j) + block(i + 1, rows, j + 1, cols)
            discordant[i, j] = block(0, i, j + 1, cols) + block(i + 1, rows, 0, j)
    return concordant, discordant


def gamma(table: Counts) -> tuple[float, float]:
    """Return Goodman and Kruskal's gamma and its asymptotic standard error."""
    a, d = _pairs(table)
    p, q = float((table * a).sum()), float((table * d).sum())
    if p + q == 0.0:
        return float("nan"), float("nan")
    error = 4.0 / (p + q) ** 2 * np.sqrt((table * (q * a - p * d) ** 2).sum())
    return (p - q) / (p + q), float(error)


def tau_b(table: Counts) -> tuple[float, float]:
    """Return Kendall's tau-b and its asymptotic standard error."""
    a, d = _pairs(table)
    n = table.sum()
    rows, cols = table.sum(axis=1), table.sum(axis=0)
    w_rows, w_cols = n**2 - (rows**2).sum(), n**2 - (cols**2).sum()
    w = np.sqrt(w_rows * w_cols)
    if w == 0.0:
        return float("nan"), float("nan")
    tau = float(((table * a).sum() - (table * d).sum()) / w)
    v = rows[:, np.newaxis] * w_cols + cols[np.newaxis, :] * w_rows
    variance = (table * (2.0 * w * (a - d) + tau * v) ** 2).sum() - n**3 * tau**2 * (w_rows + w_cols) ** 2
    return tau, float(np.sqrt(max(variance, 0.0)) / w**2)


def _exact(table: Counts, part: Part) -> tuple[float, float]:
    """Return Fisher's exact p-values, two-sided and one-sided, of a table of 2 by 2."""
    from scipy.special import gammaln

    if table.shape != (2, 2):
        use = part.option("exact")
        message = "exact is available for tables of 2 by 2; chi2 and lrchi2 are there for larger ones"
        raise StataError(459, message, None if use is None else use.span)
    first, (left, right) = table[0].sum(), table.sum(axis=0)
    k = np.arange(max(0.0, first - right), min(first, left) + 1.0)
    log = sum(gammaln(n + 1.0) - gammaln(m + 1.0) - gammaln(n - m + 1.0) for n, m in ((left, k), (right, first - k)))
    probabilities = np.exp(log - np.max(log))
    probabilities /= probabilities.sum()
    at = int(table[0, 0] - k[0])
    two = float(probabilities[probabilities <= probabilities[at] * (1.0 + 1e-7)].sum())
    one = float(min(probabilities[: at + 1].sum(), probabilities[at:].sum()))
    return min(two, 1.0), min(one, 1.0)
