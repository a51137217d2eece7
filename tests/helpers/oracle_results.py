"""Results built by hand from the full-precision files of the oracles, without fitting anything."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.frame.columns import Column, ColumnPart, ColumnState
from engine.results.mixed import (
    BlockSummary,
    LevelSummary,
    MixedResult,
    OptimizationRecord,
    ParameterRole,
    VarianceParameter,
)
from engine.spec.mixed import CovarianceKind, Method

MARKED = re.compile(r"(?:(\d+)(bn|b|o|)\.)?(?:c\.)?(\w+)$")


def column(name: str, state: ColumnState = ColumnState.ESTIMATED) -> Column:
    """Return the column of a coefficient name: ``week``, ``1b.sector#c.ses``, ``_cons``."""
    if name == "_cons":
        return Column((), state)
    parts = []
    for factor in name.split("#"):
        level, mark, variable = MARKED.match(factor).groups()
        parts.append(ColumnPart(variable, None if level is None else int(level), mark == "b", mark == "bn"))
    return Column(tuple(parts), state)


def variance_parameter(name: str, estimate: float, se: float, *, block: int, corr=None) -> VarianceParameter:
    """Return a variance or covariance; `corr` gives a covariance's correlation and its standard error."""
    if name.startswith("var("):
        sd = math.sqrt(estimate)
        sd_se = se / (2 * sd) if sd else math.nan
        return VarianceParameter(
            block=block,
            role=ParameterRole.VARIANCE,
            name=name,
            sd_name=f"sd({name[4:]}",
            estimate=estimate,
            se=se,
            sd_estimate=sd,
            sd_se=sd_se,
        )
    return VarianceParameter(
        block=block,
        role=ParameterRole.COVARIANCE,
        name=name,
        sd_name=f"corr({name[4:]}",
        estimate=estimate,
        se=se,
        sd_estimate=corr[0],
        sd_se=corr[1],
    )


def model_result(
    *,
    depvar: str = "y",
    columns: tuple[Column, ...],
    beta: Sequence[float],
    vcov: np.ndarray,
    parameters: tuple[VarianceParameter, ...],
    blocks: tuple[BlockSummary, ...],
    levels: tuple[LevelSummary, ...],
    **fields: Any,
) -> MixedResult:
    """Return a converged ML result; `fields` replace what is not given by the tables themselves."""
    n_theta = len(parameters)
    usual = {
        "method": Method.ML,
        "sigma2": parameters[-1].estimate,
        "theta_names": tuple(f"theta{i}" for i in range(n_theta)),
        "theta": np.zeros(n_theta),
        "vcov_theta": np.zeros((n_theta, n_theta)),
        "n_obs": 100,
        "ll": -100.0,
        "ll_linear": -110.0,
        "df_linear": n_theta - 1,
        "chi2_linear": 20.0,
        "p_linear": 0.0,
        "chibar": n_theta == 2,
        "chi2": 10.0,
        "df_model": 1,
        "p_model": 0.0016,
        "rank": len(columns) + n_theta,
        "record": OptimizationRecord(em_iterations=20, iterations=1, converged=True, decrement=0.0),
        "sample_rows": np.arange(100),
    }
    return MixedResult(
        depvar=depvar,
        columns=columns,
        beta=np.array(beta, dtype=float),
        vcov_beta=vcov,
        parameters=parameters,
        blocks=blocks,
        levels=levels,
        **(usual | fields),
    )


def block(level_name: str, structure: CovarianceKind | None) -> BlockSummary:
    """Return an equation as fitted."""
    return BlockSummary(level_name=level_name, structure=structure, columns=(), Sigma=np.empty((0, 0)))


def oracle_result(
    data: dict[str, Any],
    *,
    depvar: str,
    structures: tuple[CovarianceKind | None, ...],
    names: tuple[str, ...] | None = None,
) -> MixedResult:
    """Build the result of a model from its oracle.

    `structures` lists the structure of each equation, top level first; `names` all columns of e(b) where some are not
    estimated (``1b.sector`` base, ``o:ses`` omitted, ``e:1.a#2.b`` empty), else the estimated ones are taken.
    """
    columns = tuple(_stated(name) for name in names or tuple(row["name"] for row in data["fixed"]))
    at = [i for i, c in enumerate(columns) if c.state is ColumnState.ESTIMATED]
    beta, vcov = np.zeros(len(columns)), np.zeros((len(columns), len(columns)))
    beta[at] = [row["estimate"] for row in data["fixed"]]
    vcov[np.ix_(at, at)] = np.array(data["vcov_fixed"])
    random = data["random"]
    parameters, blocks = _random(random, structures, data)
    linear, wald = data["linear_model"], data.get("wald") or {"chi2": math.nan, "df": 0, "p": math.nan}
    chi2, df = linear["chi2"], linear["df"]
    return model_result(
        depvar=depvar,
        columns=columns,
        beta=beta,
        vcov=vcov,
        parameters=parameters,
        blocks=blocks,
        levels=tuple(
            LevelSummary(name=g["level"], n_groups=g["groups"], smallest=g["min"], average=g["avg"], largest=g["max"])
            for g in data["groups"]
        ),
        method=Method.ML if data["method"] == "ML" else Method.REML,
        vcov_theta=np.full((len(random), len(random)), math.nan if random[-1]["se"] is None else 0.0),
        n_obs=data["n"],
        ll=data["loglik"],
        ll_linear=linear["loglik"],
        df_linear=df,
        chi2_linear=chi2,
        p_linear=math.erfc(math.sqrt(chi2 / 2)) / 2 if df == 1 else math.exp(-chi2 / 2),
        chibar=df == 1,
        chi2=wald["chi2"],
        df_model=wald["df"],
        p_model=wald["p"],
    )


def _stated(name: str) -> Column:
    state = {"o:": ColumnState.OMITTED, "e:": ColumnState.EMPTY}.get(name[:2])
    if state is not None:
        return column(name[2:], state)
    return column(name, ColumnState.BASE if re.search(r"\db\.", name) else ColumnState.ESTIMATED)


def _random(random, structures, data):
    """Assign the parameters to equations in order: a new equation starts where the level changes."""
    parameters, names, current, previous = [], [], -1, None
    values = {}
    for index, row in enumerate(random):
        name = row["param"].replace("#c.", "#")
        se = math.nan if row["se"] is None else row["se"]
        if row["eq"] == "Residual":
            parameters.append(variance_parameter(name, row["estimate"], se, block=-1))
            continue
        if row["eq"] != previous:
            current, previous = current + 1, row["eq"]
            names.append(row["eq"])
        corr = None
        if name.startswith("cov("):
            corr = _correlation(row, index, values, np.array(data["vcov_random"]))
        else:
            values[name[4:-1]] = (index, row["estimate"])
        parameters.append(variance_parameter(name, row["estimate"], se, block=current, corr=corr))
    while len(names) < len(structures):
        names.append(data["groups"][len(names)]["level"])
    return tuple(parameters), tuple(block(name, kind) for name, kind in zip(names, structures, strict=True))


def _correlation(row, index, values, vcov):
    """Delta method for r = c / sqrt(a b); gradient (−r/2a, −r/2b, 1/sqrt(ab))."""
    first, second = row["param"][4:-1].replace("#c.", "#").split(",")
    (i, a), (j, b) = values[first], values[second]
    r = row["estimate"] / math.sqrt(a * b)
    gradient = np.zeros(len(vcov))
    gradient[[i, j, index]] = -r / (2 * a), -r / (2 * b), 1 / math.sqrt(a * b)
    return r, math.sqrt(gradient @ vcov @ gradient)
