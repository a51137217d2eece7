"""Type III tests: each term of the fixed effects, averaged with equal weights over the levels of the other factors.

Coefficients are those of base levels; the test of a term takes, over the cells of its factors, what all terms with the
same continuous variables that contain it say on the average of their other factors (sum-to-zero coding of every factor;
Searle, *Linear Models for Unbalanced Data*, ch. 4). Continuous variables stand at zero. Not a feature of Stata.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.frame.columns import Column, ColumnState
from engine.frame.modelframe import FloatArray
from engine.inference.contrast import chi2_contrast, f_contrast
from engine.results.mixed import MixedResult


@dataclass(frozen=True, slots=True, kw_only=True)
class TermTest:
    """Test of one term: `statistic` is F where `ddf` is a number, else chi-squared."""

    name: str
    df: int
    ddf: float
    statistic: float
    p: float


@dataclass(frozen=True, slots=True)
class _Term:
    """A term: its factors and continuous variables in order, and where its columns stand in e(b)."""

    factors: tuple[str, ...]
    continuous: tuple[str, ...]
    columns: tuple[int, ...]

    @property
    def name(self) -> str:
        """The term as typed: ``sector``, ``sector#c.ses``, ``c.age#c.age``."""
        many = len(self.factors) + len(self.continuous) > 1
        return "#".join((*self.factors, *(f"c.{name}" if many else name for name in self.continuous)))


def term_tests(result: MixedResult) -> tuple[TermTest, ...]:
    """Test every term with estimated coefficients, the constant apart."""
    terms = _terms(result.columns)
    out = []
    for term in terms:
        C = _contrasts(term, terms, result.columns)
        if C is None:
            continue
        if result.ddf is None:
            wald = chi2_contrast(result, C)
            out.append(TermTest(name=term.name, df=wald.df, ddf=np.nan, statistic=wald.chi2, p=wald.p))
        else:
            F = f_contrast(result, C)
            out.append(TermTest(name=term.name, df=F.df, ddf=F.ddf, statistic=F.F, p=F.p))
    return tuple(out)


def _terms(columns: Sequence[Column]) -> tuple[_Term, ...]:
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], list[int]] = {}
    for i, column in enumerate(columns):
        if column.is_constant:
            continue
        factors = tuple(part.variable for part in column.parts if part.level is not None)
        continuous = tuple(sorted(part.variable for part in column.parts if part.level is None))
        found.setdefault((factors, continuous), []).append(i)
    return tuple(_Term(*key, tuple(where)) for key, where in found.items())


def _contrasts(term: _Term, terms: Sequence[_Term], columns: Sequence[Column]) -> FloatArray | None:
    """Return independent contrasts (k_f, l); None where the term has no estimated coefficient."""
    own = [i for i in term.columns if columns[i].state is ColumnState.ESTIMATED]
    if not own:
        return None
    related = [
        other for other in terms if other.continuous == term.continuous and set(term.factors) <= set(other.factors)
    ]
    used = [i for other in related for i in other.columns]
    empty = any(columns[i].state is ColumnState.EMPTY for i in used)
    if empty:  # with empty cells an average over all cells does not exist
        return np.eye(len(columns))[:, own]
    levels = {
        factor: sorted({part.level for i in used for part in columns[i].parts if part.variable == factor}, key=_number)
        for factor in {name for other in related for name in other.factors}
    }
    if any(len(each) < 2 for each in levels.values()):
        return np.eye(len(columns))[:, own]
    shape = tuple(len(levels[factor]) for factor in term.factors)
    effect = np.zeros((*shape, len(columns)))
    for other in related:
        effect += _average(other, term, levels, columns)
    for axis in range(len(shape)):
        effect = effect - effect.mean(axis=axis, keepdims=True)
    rows = effect.reshape(-1, len(columns))
    estimated = np.array([column.state is ColumnState.ESTIMATED for column in columns])
    rows = np.where(estimated, rows, 0.0)
    _, values, vectors = np.linalg.svd(rows, full_matrices=False)
    kept = values > 1e-10 * max(float(values[0]), 1e-300)
    return np.asarray(vectors[kept].T) if kept.any() else None


def _number(level: int | None) -> int:
    return -1 if level is None else level


def _average(other: _Term, term: _Term, levels: dict[str, list[int | None]], columns: Sequence[Column]) -> FloatArray:
    """Return what `other` adds to each cell of `term`, averaged over its further factors: (cells …, k_f)."""
    out = np.zeros((*(len(levels[factor]) for factor in term.factors), len(columns)))
    further = [factor for factor in other.factors if factor not in term.factors]
    weight = 1.0 / float(np.prod([len(levels[factor]) for factor in further])) if further else 1.0
    for i in other.columns:
        at = {part.variable: part.level for part in columns[i].parts if part.level is not None}
        cell = tuple(levels[factor].index(at[factor]) for factor in term.factors)
        out[(*cell, i)] += weight
    return out
