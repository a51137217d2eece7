"""Repeated measures of an analysis of variance: which term the subjects are, and the corrected tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from engine.errors import Span, StataError
from engine.frame.anovaframe import IntArray
from engine.frame.columnvalues import FloatArray
from engine.frame.groups import code_values
from engine.inference.sphericity import epsilons, pooled_covariance
from engine.inference.student import f_tail
from engine.results.anova import AnovaLine, CorrectedTest, Epsilons, RepeatedEffect, RepeatedMeasures
from engine.spec.anova import AnovaModel, AnovaTerm


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedRequest:
    """Options of repeated measures, full names; `span` is that of ``repeated()``."""

    variables: tuple[str, ...]
    bse: str = ""
    unit: str = ""
    grouping: tuple[str, ...] = ()
    span: Span | None = None


def repeated_measures(
    model: AnovaModel,
    lines: Sequence[AnovaLine],
    request: RepeatedRequest,
    factors: dict[str, IntArray],
    y: FloatArray,
    *,
    residual: int,
) -> RepeatedMeasures:
    """Return epsilons and corrected tests; `factors` are codes (n,) by variable, `residual` its degrees of freedom.

    Raises
    ------
    StataError
        r(421) and r(422) where subjects cannot be told from the model, r(459) where a subject lacks a measure.
    """
    for name in request.variables:
        if name not in factors:
            raise StataError(198, f"repeated(): {name} is not a categorical variable of the model", request.span)
    place = _between_error(model, request)
    bse = model.terms[place]
    unit = request.unit or _unit(bse, model, request)
    pooled = request.grouping or tuple(f.variable for f in bse.factors if f.variable != unit)
    subjects = _codes([factors[f.variable] for f in bse.factors])
    sizes = [int(factors[name].max()) + 1 for name in request.variables]
    values = _measures(subjects, _codes([factors[name] for name in request.variables], sizes), y, sizes, request)
    first = np.unique(subjects, return_index=True)[1]
    groups = code_values(_codes([factors[name][first] for name in pooled])) if pooled else None
    S = pooled_covariance(values, np.zeros(len(values), dtype=np.int64) if groups is None else groups.values)
    n_groups = 1 if groups is None else groups.n_groups
    effects = []
    for size in range(1, len(request.variables) + 1):
        for names in combinations(request.variables, size):
            kept = [name in names for name in request.variables]
            found = epsilons(S, kept, sizes, subjects=len(values), groups=n_groups)
            tests = _tests(model, lines, found, names=set(names), repeated=set(request.variables), residual=residual)
            if tests:
                effects.append(RepeatedEffect(names, _averaged(S, kept, sizes), found, tests))
    return RepeatedMeasures(bse.name, len(values), lines[place].df, unit, pooled, request.variables, tuple(effects))


def _between_error(model: AnovaModel, request: RepeatedRequest) -> int:
    """Return the place of the term that subjects are: an error term without repeated variables, or the only term."""
    repeated = set(request.variables)
    if request.bse:
        wanted = set(request.bse.replace("|", " ").replace("#", " ").split())
        found = [i for i, term in enumerate(model.terms) if term.variables == wanted]
    else:
        between = [i for i, term in enumerate(model.terms) if not term.variables & repeated]
        errors = {error for error in model.errors.values() if error is not None}
        found = [i for i in between if i in errors] or between
        if len(found) > 1:
            whole = frozenset().union(*(model.terms[i].variables for i in found))
            found = [i for i in found if model.terms[i].variables == whole]
    if len(found) != 1:
        message = "could not determine between-subject error term; use bse() option"
        raise StataError(421, message, request.span)
    return found[0]


def _unit(bse: AnovaTerm, model: AnovaModel, request: RepeatedRequest) -> str:
    """Return the variable of the term that no other term without repeated variables has."""
    others = [t for t in model.terms if t is not bse and not t.variables & set(request.variables)]
    alone = [f.variable for f in bse.factors if not any(f.variable in term.variables for term in others)]
    if len(alone) != 1:
        raise StataError(422, "could not determine between-subject basic unit; use bseunit() option", request.span)
    return alone[0]


def _codes(factors: Sequence[IntArray], sizes: Sequence[int] | None = None) -> IntArray:
    """Number the combinations, the last factor varying fastest; without `sizes` only those that there are."""
    codes = np.zeros(len(factors[0]), dtype=np.int64)
    for k, own in enumerate(factors):
        codes = codes * (int(own.max()) + 1 if sizes is None else sizes[k]) + own
    return codes if sizes is not None else np.asarray(code_values(codes).values)


def _measures(
    subjects: IntArray, cells: IntArray, y: FloatArray, sizes: Sequence[int], request: RepeatedRequest
) -> FloatArray:
    """Return mean measures by subject and cell, (N, k); r(459) where there is none."""
    n, k = int(subjects.max()) + 1, int(np.prod(sizes))
    place = subjects * k + cells
    counts = np.bincount(place, minlength=n * k)
    if (counts == 0).any():
        raise StataError(
            459,
            "repeated() needs each subject at every level of the repeated variables, and some are missing; mixed fits "
            "such data",
            request.span,
        )
    return np.asarray((np.bincount(place, weights=y, minlength=n * k) / counts).reshape(n, k))


def _averaged(S: FloatArray, kept: Sequence[bool], sizes: Sequence[int]) -> FloatArray:
    """Return the covariance matrix of the means over the repeated variables that an effect does not contain."""
    A = np.ones((1, 1))
    for inside, size in zip(kept, sizes, strict=True):
        A = np.kron(A, np.eye(size) if inside else np.full((1, size), 1.0 / size))
    return np.asarray(A @ S @ A.T)


def _tests(
    model: AnovaModel,
    lines: Sequence[AnovaLine],
    found: Epsilons,
    *,
    names: set[str],
    repeated: set[str],
    residual: int,
) -> tuple[tuple[tuple[CorrectedTest, ...], str, float], ...]:
    """Return the tests of the terms with these repeated variables, by their error terms."""
    out = []
    for block in model.blocks:
        error = "Residual" if block.error is None else lines[block.error].name
        df = residual if block.error is None else lines[block.error].df
        own = [lines[i] for i in block.tested if model.terms[i].variables & repeated == names]
        tests = tuple(
            CorrectedTest(line.name, line.df, line.F, _corrected(line, df, found))
            for line in own
            if np.isfinite(line.F)
        )
        if tests:
            out.append((tests, error, float(df)))
    return tuple(out)


def _corrected(line: AnovaLine, ddf: float, found: Epsilons) -> tuple[float, float, float, float]:
    regular, hf, gg, box = (
        f_tail(line.F, share * line.df, share * ddf) for share in (1.0, found.hf_used, found.gg, found.box)
    )
    return regular, hf, gg, box
