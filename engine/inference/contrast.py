"""Joint tests of linear combinations of the fixed effects, in large and in small samples."""

from __future__ import annotations

from typing import NoReturn

import numpy as np

from engine.errors import StataError
from engine.frame.modelframe import FloatArray
from engine.inference.ddf import estimated_columns, fixed_effects, joint_df
from engine.inference.fixedeffects import Joint
from engine.inference.wald import ChiSquared, FStatistic, f_test, wald_test
from engine.results.mixed import MixedResult


def chi2_contrast(result: MixedResult, C: FloatArray, r: FloatArray | None = None) -> ChiSquared:
    """Test C'beta = r with the large-sample Wald statistic; C (k_f, l) over all columns of e(b), r (l,) or zero."""
    return wald_test(_difference(result, C, r), C.T @ result.vcov_beta @ C)


def f_contrast(result: MixedResult, C: FloatArray, r: FloatArray | None = None) -> FStatistic:
    """Test C'beta = r with F and the degrees of freedom of the fit's ``dfmethod()``; shapes as in `chi2_contrast`.

    Raises
    ------
    StataError
        r(198) when the model was fitted without ``dfmethod()``.
    """
    ddf = result.ddf
    if ddf is None:
        raise StataError(198, "small-sample tests need degrees of freedom: fit the model with dfmethod()")
    return f_test(_difference(result, C, r), C.T @ ddf.vcov @ C, _joint(result, C))


def _difference(result: MixedResult, C: FloatArray, r: FloatArray | None) -> FloatArray:
    estimate = C.T @ result.beta
    return np.asarray(estimate if r is None else estimate - r)


def _joint(result: MixedResult, C: FloatArray) -> Joint:
    """Return degrees of freedom and scale; the methods that look at rows have left theirs with the result."""
    ddf = result.ddf
    if ddf is None:
        return Joint(np.nan)
    index = estimated_columns(result.columns)
    model = fixed_effects(result, ddf.request.information, _no_rows)
    return joint_df(ddf.request.method, model, ddf.df[index], C[index])


def _no_rows() -> NoReturn:
    raise AssertionError("the approximations do not look at rows")
