"""From working units to what is reported: covariance matrices, variance parameters, their standard errors and names."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.covariance.names import Label, estimation_name, label
from engine.covariance.structure import Structure
from engine.covariance.transforms import correlations, log_jacobian, to_log
from engine.design.blocks import Design
from engine.fit.criterion import Criterion, Profile
from engine.fit.information import invert, observed_information
from engine.fit.layout import BlockLayout, Layout
from engine.fit.residuals.report import residual_alpha, residual_names, residual_parameters
from engine.frame.columns import Column
from engine.frame.modelframe import FloatArray, IntArray, ModelFrame
from engine.inference.sandwich import sandwich
from engine.results.mixed import ParameterRole, VarianceParameter
from engine.spec.mixed import Maximization

_EDGE = 1e-8
"""A variance below this share of the smallest that the data could show is zero."""
_SINGULAR = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VarianceEstimates:
    """Reported covariance parameters; arrays run over theta in order, the residual last.

    `names`, `alpha` and its covariances follow e(b): random effects, ``lnsig_e``, other residual parameters.

    `to_alpha` is the Jacobian of alpha with respect to the working parameters, `working_vcov` the inverse information
    of these, `model_vcov_alpha` its map to alpha; `vcov_alpha` differs from the latter where variances are robust.
    """

    Sigmas: tuple[FloatArray, ...]
    parameters: tuple[VarianceParameter, ...]
    names: tuple[str, ...]
    sigma2: float
    alpha: FloatArray
    vcov_alpha: FloatArray
    model_vcov_alpha: FloatArray
    working_vcov: FloatArray
    to_alpha: FloatArray
    rank: int
    at_boundary: tuple[str, ...]


def at_edge(criterion: Criterion, theta: FloatArray) -> FloatArray:
    """Mark the parameters (bool, (K,)) that stand at the edge of their range: zero variances, singular blocks."""
    edge = np.zeros(criterion.layout.size, dtype=bool)
    for block in criterion.layout.blocks:
        own = block.parameters
        values = theta[own]
        smallest = _EDGE * _visible(criterion, block)
        if all(parameter.is_variance for parameter in block.structure.parameters):
            edge[own] = values <= smallest
        else:
            eigenvalues = np.linalg.eigvalsh(block.structure.matrix(values))
            edge[own] = eigenvalues[0] <= max(_SINGULAR * eigenvalues[-1], smallest.min())
    return edge


def _visible(criterion: Criterion, block: BlockLayout) -> FloatArray:
    """Variance relative to sigma2 at which an effect doubles the variance of a group's mean, shape (m,)."""
    squares, _ = criterion.footing(block)
    return np.array([1.0 / max(squares[p.effects[0]], 1e-300) for p in block.structure.parameters])


def snap_to_edge(criterion: Criterion, at: Profile) -> Profile:
    """Put variances that are zero up to rounding at exactly zero, where the criterion allows it."""
    theta = at.theta.copy()
    edge = at_edge(criterion, theta)
    for block in criterion.layout.blocks:
        own = block.parameters
        smallest = _EDGE * _visible(criterion, block)
        if edge[own].any() and np.all(np.abs(theta[own][edge[own]]) <= smallest[edge[own]]):
            theta[own] = np.where(edge[own], 0.0, theta[own])
    if np.array_equal(theta, at.theta):
        return at
    new = criterion(theta, 2)
    return new if new.value <= at.value + 1e-9 * abs(at.value) else at


def report_variances(
    criterion: Criterion, at: Profile, frame: ModelFrame, *, with_se: bool, scores: FloatArray | None = None
) -> VarianceEstimates:
    """Map theta, sigma2 and their information to the metric of the data and of ``e(b)``.

    `scores` (K+1, M) by cluster, in working units, make the variances robust.
    """
    design, layout = criterion.design, criterion.layout
    K = layout.size
    edge = at_edge(criterion, at.theta)
    vcov = np.full((K + 1, K + 1), np.nan)
    rank = 0
    if with_se:
        inverse = invert(observed_information(criterion, at), np.append(np.logical_not(edge), True))
        vcov = inverse.vcov
        rank = inverse.rank + int(edge.sum()) if inverse.rank else 0
    # in units of the residual of the linear model, squares of whose variance might not be representable
    to_data = unit_map(design, layout)
    natural = to_data @ np.append(at.sigma2**layout.degrees * at.theta, at.sigma2)
    units = data_units(design, layout)
    working = vcov
    model = propagate(working, to_data)
    vcov = model if scores is None else propagate(sandwich(working, scores, scores, working), to_data)
    alpha, jacobian = _in_estimation_metric(layout, natural)
    lost = np.flatnonzero(np.isnan(alpha[: layout.n_random]))
    for each in (vcov, model):
        each[lost, :] = each[:, lost] = np.nan
    parameters = tuple(
        _in_data_units(parameter, design.basis.scale)
        for parameter in _parameters(layout, natural, vcov, propagate(vcov, jacobian), frame)
    )
    order = _estimation_order(layout)
    alpha = _in_estimation_metric(layout, units * natural)[0]
    alpha, jacobian = alpha[order], jacobian[order]
    vcov_alpha = propagate(vcov, jacobian)
    natural = units * natural
    residual_words = () if layout.residual is None else residual_names(layout.residual)
    return VarianceEstimates(
        Sigmas=_Sigmas(layout, natural, frame),
        parameters=parameters,
        names=(*_estimation_names(layout, frame), "lnsig_e", *residual_words),
        sigma2=float(natural[K]),
        alpha=alpha,
        vcov_alpha=vcov_alpha,
        model_vcov_alpha=propagate(model, jacobian),
        working_vcov=working,
        to_alpha=jacobian @ to_data,
        rank=rank,
        at_boundary=_boundary_names(layout, natural, edge, frame),
    )


def alpha_map(criterion: Criterion, theta: FloatArray, sigma2: float) -> FloatArray:
    """Jacobian (K+1, K+1) of the covariance parameters of e(b), rows in its order, with respect to working ones."""
    layout = criterion.layout
    to_data = unit_map(criterion.design, layout)
    _, jacobian = _in_estimation_metric(layout, to_data @ np.append(sigma2**layout.degrees * theta, sigma2))
    return np.asarray((jacobian @ to_data)[_estimation_order(layout)])


def _estimation_order(layout: Layout) -> IntArray:
    """Places in theta, sigma2 last, of the covariance parameters of e(b): lnsig_e precedes other residual ones."""
    return np.asarray(np.r_[: layout.n_random, layout.size, layout.n_random : layout.size], dtype=np.int64)


def _in_estimation_metric(layout: Layout, natural: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return natural parameters, sigma2 last, in the metric of e(b) and the Jacobian; NaN at the edge of the range."""
    K = layout.size
    alpha, jacobian = np.zeros(K + 1), np.zeros((K + 1, K + 1))
    for block in layout.blocks:
        own = block.parameters
        alpha[own] = to_log(block.shown, natural[own])
        jacobian[own, own] = _to_log_jacobian(block.shown, natural[own], alpha[own])
    alpha[K] = 0.5 * np.log(natural[K])
    jacobian[K, K] = 0.5 / natural[K]
    if layout.residual is not None:
        own = slice(layout.n_random, K)
        alpha[own], jacobian[own, layout.n_random :] = residual_alpha(layout.residual, natural[layout.n_random :])
    return alpha, jacobian


def _to_log_jacobian(shape: Structure, natural: FloatArray, alpha: FloatArray) -> FloatArray:
    """Return d alpha / d theta (m, m); the identity stands in where alpha does not exist."""
    known = np.isfinite(alpha)
    if known.all():
        return np.asarray(np.linalg.inv(log_jacobian(shape, natural)))
    if all(parameter.is_variance for parameter in shape.parameters):
        return np.diag(0.5 / np.where(known, natural, 0.5))
    return np.eye(shape.m)


def propagate(vcov: FloatArray, jacobian: FloatArray) -> FloatArray:
    """Return J V J', V (k, k) and J (m, k), where NaN on V's diagonal spoils only what depends on it."""
    missing = np.isnan(np.diag(vcov))
    known = np.where(missing[:, None] | missing[None, :], 0.0, vcov)
    out = jacobian @ known @ jacobian.T
    spoiled = (np.abs(jacobian[:, missing]) > 0.0).any(axis=1)
    out[spoiled, :] = np.nan
    out[:, spoiled] = np.nan
    return out


def unit_map(design: Design, layout: Layout) -> FloatArray:
    """Linear map (K+1, K+1) from working covariance parameters, sigma2 last, to those of the data over `data_units`."""
    out = np.zeros((layout.size + 1, layout.size + 1))
    for block in layout.blocks:
        out[block.parameters, block.parameters] = block.map_to_data(design.basis.random_maps[block.block])
    for k in range(layout.n_random, layout.size):
        out[k, k] = 1.0
    out[-1, -1] = 1.0
    return out


def data_units(design: Design, layout: Layout) -> FloatArray:
    """Unit of each parameter, sigma2 last: the variance that the linear model leaves, or 1 for shapes, (K+1,)."""
    return np.asarray(design.basis.scale ** (2.0 * np.append(layout.degrees, 1.0)))


def _in_data_units(parameter: VarianceParameter, scale: float) -> VarianceParameter:
    """Multiply a parameter in units of `scale` (squared for variances and covariances) out."""
    if parameter.role not in (ParameterRole.VARIANCE, ParameterRole.COVARIANCE):
        return parameter
    sd = scale if parameter.role is ParameterRole.VARIANCE else 1.0
    return replace(
        parameter,
        estimate=scale**2 * parameter.estimate,
        se=scale**2 * parameter.se,
        sd_estimate=sd * parameter.sd_estimate,
        sd_se=sd * parameter.sd_se,
    )


def _Sigmas(layout: Layout, natural: FloatArray, frame: ModelFrame) -> tuple[FloatArray, ...]:
    out = [np.zeros((0, 0))] * len(frame.blocks)
    for block in layout.blocks:
        out[block.block] = block.shown.matrix(natural[block.parameters])
    return tuple(out)


def _estimation_names(layout: Layout, frame: ModelFrame) -> tuple[str, ...]:
    names: list[str] = []
    for block in layout.blocks:
        level = frame.blocks[block.block].level
        within = 1 + sum(other.level == level for other in frame.blocks[: block.block])
        names += [estimation_name(parameter, level + 1, within) for parameter in block.structure.parameters]
    return tuple(names)


def search_names(layout: Layout, frame: ModelFrame, maximization: Maximization) -> tuple[str, ...]:
    """Names of the parameters in the metric of the search: ``id: sqrt(week,_cons)`` or ``id: log(…)``."""
    word = "log" if maximization.matlog else "sqrt"
    names: list[str] = []
    for block in layout.blocks:
        own = frame.blocks[block.block]
        effects = effect_names(own.columns)
        for parameter in block.structure.parameters:
            i, j = parameter.cells[0]
            names.append(f"{own.level_name}: {word}({effects[i]},{effects[j]})")
    if layout.residual is not None:
        names += [f"Residual: {name}" for name in residual_names(layout.residual)]
    return tuple(names)


def effect_names(columns: tuple[Column, ...]) -> tuple[str, ...]:
    """Names of random effects as the table shows them: ``_cons``, ``week``, ``0.girl#age``."""
    return tuple("#".join(part.name for part in column.parts) or "_cons" for column in columns)


def _parameters(
    layout: Layout, natural: FloatArray, vcov: FloatArray, vcov_alpha: FloatArray, frame: ModelFrame
) -> tuple[VarianceParameter, ...]:
    se = np.sqrt(np.diag(vcov))
    se_alpha = np.sqrt(np.diag(vcov_alpha))
    out = []
    notes: dict[str, int] = {}
    for block in layout.blocks:
        first = block.parameters.start
        sds = correlations(block.shown, natural[block.parameters])
        names = effect_names(frame.blocks[block.block].columns)
        for k, parameter in enumerate(block.structure.parameters):
            words = ("var", "sd") if parameter.is_variance else ("cov", "corr")
            shown, sd_shown = (_numbered(label(word, parameter, names), notes) for word in words)
            slope = sds[k] if parameter.is_variance else 1.0 - sds[k] ** 2
            out.append(
                VarianceParameter(
                    block=block.block,
                    role=ParameterRole.VARIANCE if parameter.is_variance else ParameterRole.COVARIANCE,
                    name=shown.text,
                    sd_name=sd_shown.text,
                    estimate=float(natural[first + k]),
                    se=float(se[first + k]),
                    sd_estimate=float(sds[k]),
                    sd_se=float(slope * se_alpha[first + k]),
                    footnote=shown.footnote or sd_shown.footnote,
                )
            )
    if layout.residual is not None and frame.residual is not None:
        first = layout.n_random
        return (*out, *residual_parameters(frame.residual, layout.residual, natural[first:], vcov[first:, first:]))
    sigma = float(np.sqrt(natural[-1]))
    out.append(
        VarianceParameter(
            block=-1,
            role=ParameterRole.VARIANCE,
            name="var(Residual)",
            sd_name="sd(Residual)",
            estimate=float(natural[-1]),
            se=float(se[-1]),
            sd_estimate=sigma,
            sd_se=sigma * float(se_alpha[-1]),
        )
    )
    return tuple(out)


def _numbered(shown: Label, notes: dict[str, int]) -> Label:
    """Give a name with a footnote its number: ``var(x1..x5)(1)``."""
    if not shown.footnote:
        return shown
    number = notes.setdefault(shown.footnote, len(notes) + 1)
    return replace(shown, text=f"{shown.text}({number})", footnote=f"({number}) {shown.footnote}")


def _boundary_names(layout: Layout, natural: FloatArray, edge: FloatArray, frame: ModelFrame) -> tuple[str, ...]:
    """Names of the parameters at the edge, with their level where there are several."""
    several = len({block.level_name for block in frame.blocks}) > 1
    names: list[str] = []
    for block in layout.blocks:
        own = block.parameters
        if not edge[own].any():
            continue
        model = frame.blocks[block.block]
        place = f" of {model.level_name}" if several else ""
        found = _edge_names(block.shown, natural[own], edge[own], effect_names(model.columns))
        names += [f"{name}{place}" for name in found]
    return tuple(names)


def _edge_names(shape: Structure, natural: FloatArray, edge: FloatArray, effects: tuple[str, ...]) -> list[str]:
    """Zero variances by name; in a singular block without one, the correlations at ±1, or all of them."""
    named = list(zip(shape.parameters, natural, edge, correlations(shape, natural), strict=True))
    zero = [label("var", p, effects).text for p, value, at, _ in named if p.is_variance and at and value <= 0.0]
    if zero:
        return zero
    covariances = [(label("corr", p, effects).text, abs(r)) for p, _, at, r in named if not p.is_variance and at]
    extreme = [name for name, r in covariances if not r < 1.0 - 1e-6]
    return (
        extreme or [name for name, _ in covariances] or [label("var", p, effects).text for p, _, at, _ in named if at]
    )
