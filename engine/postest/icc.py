"""Intraclass correlations of nested random intercepts ([ME] estat icc)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.covariance.structure import structure
from engine.errors import StataError
from engine.frame.modelframe import FloatArray
from engine.inference.normal import critical_value
from engine.results.mixed import BlockSummary, MixedResult, ParameterRole

_INTERCEPT = "estat icc needs a random intercept at every level; {level} has none"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntraclassCorrelation:
    """Correlation of two responses in one group of `level` (``state|region``), with SE and logit limits."""

    level: str
    icc: float
    se: float
    ll: float
    ul: float


def intraclass_correlations(result: MixedResult, level: float) -> tuple[IntraclassCorrelation, ...]:
    """Return the correlation at each level, top first, covariates of random slopes at zero.

    The correlation of a level is the share of its intercept variance and those of all levels above; standard errors
    by the delta method, limits at `level` percent on the logit scale.

    Raises
    ------
    StataError
        r(321) for a model whose levels do not all have random intercepts and independent residuals of one variance.
    """
    _check(result)
    names = [each.name for each in result.levels]
    variances, gradients = _intercept_variances(result, names)
    total = float(variances.sum()) + result.sigma2
    vcov = result.vcov_theta
    share, share_gradient = np.cumsum(variances), np.cumsum(gradients, axis=0)
    total_gradient = gradients.sum(axis=0)
    total_gradient[-1] += 2.0 * result.sigma2
    z = critical_value(level)
    out = []
    for i in range(len(names)):
        icc = float(share[i] / total)
        gradient = (share_gradient[i] - icc * total_gradient) / total
        used = gradient != 0.0
        se = float(np.sqrt(gradient[used] @ vcov[np.ix_(used, used)] @ gradient[used])) if icc > 0.0 else float("nan")
        ll, ul = _logit_limits(icc, se, z)
        label = "|".join(reversed(names[: i + 1]))
        out.append(IntraclassCorrelation(level=label, icc=icc, se=se, ll=ll, ul=ul))
    return tuple(out)


def _check(result: MixedResult) -> None:
    if not any(block.structure is not None for block in result.blocks):
        raise StataError(321, "estat icc needs random effects; the last model has none")
    residual = [p for p in result.parameters if p.block < 0]
    if len(residual) != 1 or residual[0].role is not ParameterRole.VARIANCE:
        raise StataError(321, "estat icc needs independent residuals with one variance")
    for each in result.levels:
        if each.name == "_all":
            raise StataError(321, "estat icc is not defined after crossed effects (_all)")
        here = [block for block in result.blocks if block.level_name == each.name]
        if not any(column.is_constant for block in here for column in block.columns):
            raise StataError(321, _INTERCEPT.format(level=each.name))


def _intercept_variances(result: MixedResult, names: list[str]) -> tuple[FloatArray, FloatArray]:
    """Return the variance of each level's intercept and its derivatives with respect to theta, (levels, len(theta)).

    theta holds log standard deviations, block after block, so that dv = 2 v dtheta.
    """
    variances = np.zeros(len(names))
    gradients = np.zeros((len(names), len(result.theta)))
    at = 0
    for block in result.blocks:
        if block.structure is None:
            continue
        place = _constant(block)
        if place is not None:
            level, value = names.index(block.level_name), float(block.Sigma[place, place])
            parameters = structure(block.structure, len(block.columns)).parameters
            own = next(k for k, p in enumerate(parameters) if p.is_variance and place in p.effects)
            variances[level] += value
            gradients[level, at + own] += 2.0 * value
        at += len(structure(block.structure, len(block.columns)).parameters)
    return variances, gradients


def _constant(block: BlockSummary) -> int | None:
    return next((i for i, column in enumerate(block.columns) if column.is_constant), None)


def _logit_limits(icc: float, se: float, z: float) -> tuple[float, float]:
    if not (0.0 < icc < 1.0 and np.isfinite(se)):
        return (float("nan"), float("nan"))
    center, half = np.log(icc / (1.0 - icc)), z * se / (icc * (1.0 - icc))
    return float(1.0 / (1.0 + np.exp(half - center))), float(1.0 / (1.0 + np.exp(-half - center)))
