"""Whether one fitted model can be a special case of another: what a likelihood-ratio test needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.frame.columns import Column, ColumnState
from engine.frame.modelframe import FloatArray
from engine.results.linear import LinearResult
from engine.results.mixed import MixedResult, ParameterRole, ResidualSummary
from engine.spec.mixed import CovarianceKind, Method

_INDEPENDENT = 1e-9
"""Share of a column's length that other columns have to leave for it to be a column of its own."""
_APART = frozenset({CovarianceKind.INDEPENDENT, CovarianceKind.UNSTRUCTURED})
"""Structures in which an effect can be left out without touching the others."""

_CONTAINS = {
    CovarianceKind.IDENTITY: frozenset(CovarianceKind),
    CovarianceKind.INDEPENDENT: _APART,
    CovarianceKind.EXCHANGEABLE: frozenset({CovarianceKind.EXCHANGEABLE, CovarianceKind.UNSTRUCTURED}),
    CovarianceKind.UNSTRUCTURED: frozenset({CovarianceKind.UNSTRUCTURED}),
}
"""Structure -> the structures that it is a special case of ([ME] mixed, covariance())."""

Design = Callable[[tuple[Column, ...]], "FloatArray | None"]
"""Gives columns on the rows of the estimation sample; None where those rows are no longer in memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """An unrestricted and a restricted fit of the same data.

    Attributes
    ----------
    beyond
        What the restricted model has and the unrestricted one has not, in words; empty where it is nested.
    same_fixed
        Whether both have the same fixed effects.
    boundary
        Whether the hypothesis may lie on the boundary of the parameter space.
    added_effects
        Random effects of the unrestricted model that the restricted one does not have; None where they cannot be told.
    """

    beyond: tuple[str, ...]
    same_fixed: bool
    boundary: bool
    added_effects: int | None


def compare(full: LinearResult, restricted: LinearResult, design: Design) -> Comparison:
    """Compare two fits; `design` evaluates columns where names alone do not tell."""
    beyond = _columns_beyond(_fixed(restricted), _fixed(full), design)
    same = not beyond and not _columns_beyond(_fixed(full), _fixed(restricted), design)
    words = [f"the fixed effect {name}" for name in beyond]
    boundary, added = False, None
    if isinstance(full, MixedResult) and isinstance(restricted, MixedResult):
        words += _random_beyond(full, restricted, design)
        boundary = _variances(full) != _variances(restricted) or _n_residual(full) != _n_residual(restricted)
        added = _added_effects(full, restricted)
    return Comparison(beyond=tuple(words), same_fixed=same, boundary=boundary, added_effects=added)


def _fixed(result: LinearResult) -> tuple[Column, ...]:
    return tuple(column for column in result.columns if column.state is ColumnState.ESTIMATED)


def _columns_beyond(columns: tuple[Column, ...], others: tuple[Column, ...], design: Design) -> list[str]:
    """Return the names of columns that are no linear combinations of `others`."""
    known = {column.name for column in others}
    unknown = [column for column in columns if column.name not in known]
    if not unknown:
        return []
    X, Y = design(others), design(tuple(unknown))
    if X is None or Y is None:
        return [column.name for column in unknown]
    Q = np.linalg.qr(X / np.maximum(np.linalg.norm(X, axis=0), 1e-300))[0] if X.shape[1] else X
    rest = Y - Q @ (Q.T @ Y)
    own = np.linalg.norm(rest, axis=0) > _INDEPENDENT * np.linalg.norm(Y, axis=0)
    return [column.name for column, outside in zip(unknown, own, strict=True) if outside]


def _random_beyond(full: MixedResult, restricted: MixedResult, design: Design) -> list[str]:
    """Return random effects of the restricted model that no effects of the same level make up."""
    if full.residual is not None:  # an unstructured residual covariance may contain them
        return []
    out: list[str] = []
    mine, others = _effects(restricted), _effects(full)
    for level, columns in mine.items():
        if level not in others:
            out.append(f"the random effects of {level}")
            continue
        missing = _columns_beyond(tuple(columns), tuple(others[level]), design)
        out += [f"the random effect of {name} in {level}" for name in missing]
    if restricted.residual is not None and restricted.residual.kind != "independent":
        out.append(f"the residual structure {restricted.residual.title}")
    return out


def _effects(result: MixedResult) -> dict[str, list[Column]]:
    """Return the random effects by level; crossed factors are levels of their own."""
    found: dict[str, list[Column]] = {}
    for block in result.blocks:
        if block.structure is None:
            continue
        factor = next((c.parts[0].variable for c in block.columns if block.n_values and c.parts), "")
        if block.n_values:
            found.setdefault(factor.removeprefix("R."), []).append(Column(()))
        else:
            found.setdefault(block.level_name, []).extend(block.columns)
    return found


def _variances(result: MixedResult) -> int:
    return sum(p.role is ParameterRole.VARIANCE for p in result.parameters if p.block >= 0)


def _n_residual(result: MixedResult) -> int:
    return 0 if result.residual is None else result.residual.n_parameters


def _added_effects(full: MixedResult, restricted: MixedResult) -> int | None:
    """Count the random effects added; None unless the restricted ones are all in the full model, by name."""
    if _n_residual(full) != _n_residual(restricted):
        return None
    mine = {(level, c.name) for level, columns in _effects(restricted).items() for c in columns}
    others = {(level, c.name) for level, columns in _effects(full).items() for c in columns}
    added = len(others - mine)
    return added if mine <= others and _variances(full) - _variances(restricted) == added else None


def comparable(full: LinearResult, restricted: LinearResult) -> str:
    """Return why the likelihoods of two fits cannot be compared, empty where they can.

    A user may force the comparison.
    """
    if full.depvar != restricted.depvar:
        return f"the dependent variables differ: {full.depvar} vs. {restricted.depvar}"
    if full.n_obs != restricted.n_obs:
        return f"observations differ: {full.n_obs} vs. {restricted.n_obs}"
    if isinstance(full, MixedResult) and isinstance(restricted, MixedResult) and full.method is not restricted.method:
        return "one model is fitted by ML and the other by REML, whose likelihoods are those of different data"
    return ""


def restricted_likelihood(result: LinearResult) -> bool:
    """Tell whether the likelihood of a fit is that of error contrasts (REML)."""
    return isinstance(result, MixedResult) and result.method is Method.REML


def surely_nested(full: LinearResult, restricted: LinearResult) -> bool:
    """Tell from the models alone whether one fit is a special case of another; False also where they do not tell."""
    if comparable(full, restricted) or compare(full, restricted, lambda _columns: None).beyond:
        return False
    if not isinstance(full, MixedResult) or not isinstance(restricted, MixedResult):
        return isinstance(full, MixedResult) is isinstance(restricted, MixedResult)
    return _residuals_within(restricted.residual, full.residual) and _structures_within(restricted, full)


def _residuals_within(small: ResidualSummary | None, large: ResidualSummary | None) -> bool:
    """Compare residual structures: independent lies in all, all in unstructured, lower orders in higher ones."""
    if small is None or (small.kind == "independent" and not small.by):
        return True
    if large is None or (small.by and small.by != large.by):
        return False
    if small.kind != large.kind:
        return small.kind == "independent" or large.kind == "unstructured"
    return small.t == large.t and small.n_parameters <= large.n_parameters


def _structures_within(small: MixedResult, large: MixedResult) -> bool:
    """Compare the covariance structures of the levels that both fits have."""
    others = {block.level_name: block for block in large.blocks if block.structure is not None and not block.n_values}
    for block in small.blocks:
        other = others.get(block.level_name)
        if block.structure is None or block.n_values or other is None:
            continue
        one = CovarianceKind.IDENTITY if len(block.columns) == 1 else block.structure
        more = len(other.columns) > len(block.columns)
        if other.structure not in _CONTAINS[one] or (more and other.structure not in _APART):
            return False
    return True
