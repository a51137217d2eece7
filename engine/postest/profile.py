"""Profile-likelihood limits of a fitted model's parameters, and the profiles themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.errors import StataError
from engine.events import CancelToken
from engine.fit.criterion import Criterion
from engine.fit.model import make_criterion
from engine.fit.profilelikelihood import Profiled, ProfileLikelihood
from engine.frame.modelframe import ModelFrame
from engine.inference.limits import limits
from engine.inference.normal import critical_value
from engine.postest.blups import working_theta
from engine.results.mixed import MixedResult, ParameterRole
from engine.spec.mixed import Method, Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterProfile:
    """One parameter: a coefficient, a standard deviation or a correlation.

    Attributes
    ----------
    eq, name
        Equation (the response for coefficients, the level for random effects) and name: ``sd(week)``.
    ll, ul
        Profile limits: 0 and ±1 where the likelihood does not fall enough before the end of the range.
    wald_ll, wald_ul
        The limits that the estimation table shows, in the same metric.
    points
        (value, signed root of the rise of -2 log L) in order, the estimate at 0.
    """

    eq: str
    name: str
    estimate: float
    ll: float
    ul: float
    wald_ll: float
    wald_ul: float
    points: tuple[tuple[float, float], ...]


def profiles(
    result: MixedResult,
    frame: ModelFrame,
    *,
    level: float,
    cancel: CancelToken,
    progress: Callable[[int, int], None] = lambda done, all_: None,
) -> tuple[ParameterProfile, ...]:
    """Follow every parameter: coefficients under ML, then standard deviations and correlations.

    Raises
    ------
    StataError
        r(321) after weights, robust errors, constraints and structured residuals.
    """
    _check(result)
    criterion = make_criterion(frame, cancel)
    theta = working_theta(result, criterion.design, criterion.layout)
    following = ProfileLikelihood(criterion, theta, result.sigma2 / criterion.design.basis.scale**2)
    z = critical_value(level)
    coefficients = list(frame.estimated) if result.method is Method.ML else []
    total = len(coefficients) + following.size
    out: list[ParameterProfile] = []
    for place, column in enumerate(coefficients):
        progress(len(out), total)
        out.append(_coefficient(result, following, criterion, (place, column), z))
    for k in range(following.size):
        progress(len(out), total)
        out.append(_variance(result, following, k, level, z))
    return tuple(out)


def _check(result: MixedResult) -> None:
    if result.weights is not None or result.robust is not None:
        raise StataError(321, "there is no likelihood to follow after weights or with robust standard errors")
    if result.constraints is not None:
        raise StataError(321, "profiles are not available for models with constraints")
    if any(block.n_values for block in result.blocks):
        raise StataError(321, "profiles are not available for models with crossed effects (R.)")


def _coefficient(
    result: MixedResult, following: ProfileLikelihood, criterion: Criterion, places: tuple[int, int], z: float
) -> ParameterProfile:
    place, column = places
    basis = criterion.design.basis
    a, origin = basis.scale * basis.fixed_map[place], float(basis.fixed_origin[place])
    estimate, se = float(result.beta[column]), float(np.sqrt(result.vcov_beta[column, column]))
    found = following.coefficient(a, estimate - origin, se, z**2)
    points = tuple((value + origin, root) for value, root in found.points)
    return ParameterProfile(
        eq=result.depvar,
        name=result.columns[column].name,
        estimate=estimate,
        ll=found.ll + origin,
        ul=found.ul + origin,
        wald_ll=estimate - z * se,
        wald_ul=estimate + z * se,
        points=points,
    )


def _variance(result: MixedResult, following: ProfileLikelihood, k: int, level: float, z: float) -> ParameterProfile:
    parameter = result.parameters[k]
    found = following.variance(k, z**2)
    back = np.exp if parameter.role is ParameterRole.VARIANCE else np.tanh
    ll, ul, points = _mapped(found, back)
    wald_ll, wald_ul = limits(parameter, Metric.STDDEVIATION, level)
    return ParameterProfile(
        eq=result.blocks[parameter.block].level_name if parameter.block >= 0 else "Residual",
        name=parameter.sd_name,
        estimate=parameter.sd_estimate,
        ll=ll,
        ul=ul,
        wald_ll=wald_ll,
        wald_ul=wald_ul,
        points=points,
    )


def _mapped(found: Profiled, back: Callable[[float], float]) -> tuple[float, float, tuple[tuple[float, float], ...]]:
    return float(back(found.ll)), float(back(found.ul)), tuple((float(back(c)), root) for c, root in found.points)
