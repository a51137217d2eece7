"""Small-sample inference for fixed effects: which method answers, and what follows from its degrees of freedom."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Protocol, cast

import numpy as np

from engine.frame.columns import Column, ColumnState
from engine.frame.modelframe import FloatArray, ModelFrame
from engine.inference import ddf_anova, ddf_repeated, ddf_residual, kenward_roger, satterthwaite
from engine.inference.fixedeffects import UNDEFINED, FixedEffects, Joint
from engine.inference.wald import f_test
from engine.results.mixed import MixedResult
from engine.results.smallsample import DegreesOfFreedom
from engine.spec.dfmethod import DfInformation, DfMethod, DfRequest


class Method(Protocol):
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
        DfMethod.RESIDUAL: cast(Method, ddf_residual),
        DfMethod.REPEATED: cast(Method, ddf_repeated),
        DfMethod.ANOVA: cast(Method, ddf_anova),
        DfMethod.SATTERTHWAITE: cast(Method, satterthwaite),
        DfMethod.KROGER: cast(Method, kenward_roger),
    }
)


def method_of(method: DfMethod) -> Method:
    """Return the module that computes `method`."""
    return _METHODS[method]


def estimated_columns(columns: tuple[Column, ...]) -> list[int]:
    """Return the indices of the estimated columns of e(b)."""
    return [i for i, column in enumerate(columns) if column.state is ColumnState.ESTIMATED]


def fixed_effects(result: MixedResult, information: DfInformation, frame: Callable[[], ModelFrame]) -> FixedEffects:
    """Return the estimated coefficients of `result` for the methods; `frame` gives the rows to those that want them."""
    index = estimated_columns(result.columns)
    return FixedEffects(
        n=result.n_obs,
        Phi=result.vcov_beta[np.ix_(index, index)],
        uncertainty=result.uncertainty,
        information=information,
        frame=frame,
    )


def degrees_of_freedom(result: MixedResult, request: DfRequest, frame: Callable[[], ModelFrame]) -> DegreesOfFreedom:
    """Return the degrees of freedom of every coefficient by `request`, and the F test of the slopes."""
    columns = result.columns
    index = estimated_columns(columns)
    model = fixed_effects(result, request.information, frame)
    method = method_of(request.method)
    df = np.full(len(columns), np.nan)
    df[index] = method.coefficients(model)
    vcov = np.zeros_like(result.vcov_beta)
    vcov[np.ix_(index, index)] = method.covariance(model)
    slopes = [i for i in index if not columns[i].is_constant]
    joint = UNDEFINED
    if slopes:
        joint = method.joint(model, np.eye(model.p)[:, [index.index(i) for i in slopes]])
    test = f_test(result.beta[slopes], vcov[np.ix_(slopes, slopes)], joint)
    return DegreesOfFreedom(request=request, df=df, vcov=vcov, F=test.F, ddf_model=test.ddf, p_model=test.p)
