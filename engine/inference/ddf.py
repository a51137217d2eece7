"""Small-sample inference for fixed effects: which method answers, and what follows from its degrees of freedom."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Protocol, cast

import numpy as np

from engine.errors import StataError
from engine.frame.columns import Column, ColumnState
from engine.frame.constraints import free_directions
from engine.frame.modelframe import FloatArray, ModelFrame
from engine.inference import ddf_anova, ddf_repeated, ddf_residual, kenward_roger, satterthwaite
from engine.inference.fixedeffects import UNDEFINED, FixedEffects, Joint, shared_df
from engine.inference.wald import f_test
from engine.results.mixed import MixedResult
from engine.results.smallsample import DegreesOfFreedom
from engine.spec.dfmethod import DfInformation, DfMethod, DfRequest
from engine.spec.mixed import Method


class Formulas(Protocol):
    """What each method's module offers."""

    def covariance(self, model: FixedEffects) -> FloatArray:
        """Return the covariance matrix that tests use, (p, p)."""

    def coefficients(self, model: FixedEffects) -> FloatArray:
        """Return the degrees of freedom of each coefficient, (p,)."""

    def single(self, model: FixedEffects, c: FloatArray) -> float:
        """Return the degrees of freedom of one contrast (p,)."""

    def joint(self, model: FixedEffects, C: FloatArray) -> Joint:
        """Return denominator degrees of freedom and scale of a joint test, C (p, l)."""


_METHODS = MappingProxyType(
    {
        DfMethod.RESIDUAL: cast(Formulas, ddf_residual),
        DfMethod.REPEATED: cast(Formulas, ddf_repeated),
        DfMethod.ANOVA: cast(Formulas, ddf_anova),
        DfMethod.SATTERTHWAITE: cast(Formulas, satterthwaite),
        DfMethod.KROGER: cast(Formulas, kenward_roger),
    }
)


def method_of(method: DfMethod) -> Formulas:
    """Return the module that computes `method`."""
    return _METHODS[method]


def estimated_columns(columns: tuple[Column, ...]) -> list[int]:
    """Return the indices of the estimated columns of e(b)."""
    return [i for i, column in enumerate(columns) if column.state is ColumnState.ESTIMATED]


def fixed_effects(result: MixedResult, information: DfInformation, frame: Callable[[], ModelFrame]) -> FixedEffects:
    """Return the estimated coefficients of `result` for the methods; `frame` gives the rows to those that want them."""
    index = estimated_columns(result.columns)
    rank = len(index) if result.constraints is None else free_directions(result.constraints, index).T.shape[1]
    return FixedEffects(
        n=result.n_obs,
        rank=rank,
        Phi=result.vcov_beta[np.ix_(index, index)],
        uncertainty=result.uncertainty,
        information=information,
        frame=frame,
    )


def joint_df(method: DfMethod, model: FixedEffects, df: FloatArray, C: FloatArray) -> Joint:
    """Return denominator degrees of freedom and scale of a joint test, C (p, l), given those of the coefficients (p,).

    The methods that look at rows are not asked again.
    """
    if method.is_approximation:
        return method_of(method).joint(model, C)
    free = np.diag(model.Phi) > 0.0  # the others are set by constraints
    return Joint(shared_df(df[free], C[free]))


def _check(result: MixedResult, method: DfMethod) -> None:
    if result.constraints is not None and method in (DfMethod.REPEATED, DfMethod.ANOVA):
        raise StataError(198, f"{method.value} degrees of freedom are not defined under constraints()")
    if method.is_approximation and result.uncertainty is None and _has_uncertainty(result):
        raise StataError(
            198,
            f"{method.value} degrees of freedom of this residual structure are computed together with the fit: "
            f"fit the model with dfmethod({method.value})",
        )


def _has_uncertainty(result: MixedResult) -> bool:
    return result.method is Method.REML and bool(estimated_columns(result.columns))


def degrees_of_freedom(result: MixedResult, request: DfRequest, frame: Callable[[], ModelFrame]) -> DegreesOfFreedom:
    """Return the degrees of freedom of every coefficient by `request`, and the F test of the slopes.

    Raises
    ------
    StataError
        r(198) for a method that the model does not allow.
    """
    _check(result, request.method)
    columns = result.columns
    index = estimated_columns(columns)
    model = fixed_effects(result, request.information, frame)
    method = method_of(request.method)
    df = np.full(len(columns), np.nan)
    df[index] = np.where(np.diag(model.Phi) > 0.0, method.coefficients(model), np.nan)
    vcov = np.zeros_like(result.vcov_beta)
    vcov[np.ix_(index, index)] = method.covariance(model)
    slopes = [i for i in index if not columns[i].is_constant]
    joint = UNDEFINED
    if slopes:
        joint = joint_df(request.method, model, df[index], np.eye(model.p)[:, [index.index(i) for i in slopes]])
    test = f_test(result.beta[slopes], vcov[np.ix_(slopes, slopes)], joint)
    return DegreesOfFreedom(request=request, df=df, vcov=vcov, F=test.F, ddf_model=test.ddf, p_model=test.p)
