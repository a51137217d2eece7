"""What ``mixed`` leaves in ``e()``: names and meanings of the manual's *Stored results*."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.results.mixed import MixedResult, ParameterRole
from engine.results.residual_stored import residual_macros, residual_matrices, residual_scalars
from engine.results.stored import LazyScalars, Matrix, Stored
from engine.spec.dfmethod import DfMethod
from engine.spec.mixed import Method

_TYPED = ("wexp", "resopt")
"""Macros that repeat the command as it was typed."""


def mixed_stored(result: MixedResult, cmdline: str, typed: Mapping[str, str] | None = None) -> Stored:
    """Return the scalars, macros and matrices of a fitted model.

    `cmdline` is the command as typed; `typed` has e(wexp) and e(resopt) as typed, among others perhaps.
    """
    scalars = _with_extras(_scalars(result), result)
    macros = _macros(result, cmdline) | {name: typed[name] for name in _TYPED if typed and name in typed}
    return Stored(scalars=scalars, macros=macros, matrices=_matrices(result))


def title(result: MixedResult) -> str:
    """Title of the output; it names the method only where standard errors are those of its likelihood."""
    plain = result.weights is None and result.robust is None
    return f"Mixed-effects {_method(result.method)} regression" if plain else "Mixed-effects regression"


def _method(method: Method) -> str:
    return "REML" if method is Method.REML else "ML"


def _with_extras(scalars: dict[str, float], result: MixedResult) -> Mapping[str, float]:
    """Add what Stata does not have: R-squared, ICC, and the boundary-correct p-value, computed when looked at."""
    explained, cone = result.explained, result.null_cone
    if explained is not None:
        scalars |= {"r2_m": explained.marginal, "r2_c": explained.conditional, "icc": explained.icc}
    if cone is None or not result.df_linear:
        return scalars
    return LazyScalars(scalars, {"p_boundary": lambda: cone.p_value(result.chi2_linear)})


def _scalars(result: MixedResult) -> dict[str, float]:
    # with structured residual errors one reference variance counts here, the other parameters as k_res
    n_residual = 0 if result.residual is None else result.residual.n_parameters
    random = [parameter for parameter in result.parameters if parameter.block >= 0]
    k_rs = 1 + sum(parameter.role is ParameterRole.VARIANCE for parameter in random)
    k_rc = 1 + len(random) - k_rs
    scalars = {
        "N": result.n_obs,
        "k": len(result.columns) + k_rs + k_rc + n_residual,
        "k_f": len(result.columns),
        "k_r": k_rs + k_rc,
        "k_rs": k_rs,
        "k_rc": k_rc,
        "k_res": 0,
        "nrgroups": 1,
        "small": 0,
        "df_m": result.df_model,
        "ll": result.ll,
        "chi2": result.chi2,
        "p": result.p_model,
        "rank": result.rank,
        "ic": result.record.iterations,
        "rc": 0 if result.record.converged else 430,
        "converged": float(result.record.converged),
    }
    scalars |= small_sample_scalars(result)
    if result.residual is not None:
        scalars |= residual_scalars(result.residual)
    if result.robust is not None:
        scalars["N_clust"] = result.robust.n_clusters
    if result.df_linear:
        scalars |= {
            "ll_c": result.ll_linear,
            "chi2_c": result.chi2_linear,
            "df_c": result.df_linear,
            "p_c": result.p_linear,
        }
    return {name: float(value) for name, value in scalars.items()}


def small_sample_scalars(result: MixedResult) -> dict[str, float]:
    """Return what ``dfmethod()`` adds; e(p) is that of the F test where there is one."""
    ddf = result.ddf
    if ddf is None:
        return {}
    low, average, high = ddf.summary
    scalars = {"small": 1.0, "df_min": low, "df_avg": average, "df_max": high, "F": ddf.F, "ddf_m": ddf.ddf_model}
    return scalars if np.isnan(ddf.ddf_model) else scalars | {"p": ddf.p_model}


def small_sample_matrices(result: MixedResult) -> dict[str, Matrix]:
    """Return e(df) and, by Kenward and Roger's method, e(V_df)."""
    ddf = result.ddf
    if ddf is None:
        return {}
    names = tuple(f"{result.depvar}:{column.marked_name}" for column in result.columns)
    matrices = {"df": Matrix(("df",), names, ddf.df[None, :])}
    if ddf.request.method is DfMethod.KROGER:
        matrices["V_df"] = Matrix(names, names, ddf.vcov)
    return matrices


def _macros(result: MixedResult, cmdline: str) -> dict[str, str]:
    fitted = [block for block in result.blocks if block.structure is not None]
    grouping = result.blocks if fitted or result.residual is not None else ()  # errors have groups without effects, too
    method = _method(result.method)
    macros = {
        "cmd": "mixed",
        "cmdline": cmdline,
        "depvar": result.depvar,
        "title": title(result),
        "ivars": " ".join(block.level_name for block in grouping),
        "redim": " ".join(str(block.n_values or len(block.columns)) for block in grouping),
        "vartypes": " ".join(block.structure.value.capitalize() if block.structure else "Empty" for block in grouping),
        "revars": " ".join(column.name for block in fitted for column in block.columns),
        "resopt": "independent",
        "rstructure": "independent",
        "rstructlab": "Independent",
        "chi2type": "Wald",
        "vce": "oim",
        "method": method,
        "opt": "ml",
        "optmetric": result.record.metric,
        "emonly": "emonly" if result.record.emonly else "",
        "ml_method": "d2",
        "technique": result.record.technique,
        "datasignature": result.signature,
        "datasignaturevars": " ".join(result.signed_variables),
        "properties": "b V",
        "estat_cmd": "mixed_estat",
        "predict": "mixed_p",
    }
    if result.ddf is not None:
        used = result.ddf.request.method
        macros |= {"dfmethod": used.value, "dftitle": used.title}
    macros |= weight_macros(result) | robust_macros(result)
    if result.residual is not None:
        macros |= residual_macros(result.residual)
    return {name: text for name, text in macros.items() if text}


def weight_macros(result: MixedResult) -> dict[str, str]:
    """Return what weights add; those of margins multiply the weights of all levels."""
    weights = result.weights
    if weights is None:
        return {}
    macros = {"pwscale": weights.scale}
    if weights.kind:
        macros |= {"wtype": weights.kind, "wexp": f"= {weights.expression}"}
    for name, texts in (("fweight", weights.frequency), ("pweight", weights.sampling)):
        macros |= {f"{name}{k}": text for k, text in enumerate(texts, 1)}
    factors = [text for text in (weights.expression, *weights.frequency, *weights.sampling) if text]
    macros["marginswtype"] = "pweight" if weights.is_sampling else "fweight"
    macros["marginswexp"] = "= " + (factors[0] if len(factors) == 1 else "*".join(f"({text})" for text in factors))
    return macros


def robust_macros(result: MixedResult) -> dict[str, str]:
    """Return what robust standard errors change."""
    robust = result.robust
    if robust is None:
        return {}
    return {"vce": "cluster" if robust.given else "robust", "vcetype": "Robust", "clustvar": robust.clustvar}


def stripe(result: MixedResult) -> tuple[str, ...]:
    """Return the column names of e(b): ``equation:name``, the fixed part first."""
    fixed = tuple(f"{result.depvar}:{column.marked_name}" for column in result.columns)
    return fixed + tuple(f"{name}:_cons" for name in result.theta_names)


def _matrices(result: MixedResult) -> dict[str, Matrix]:
    names_b = stripe(result)
    k = len(result.columns)
    b = np.concatenate((result.beta, result.theta))
    V = np.zeros((len(names_b), len(names_b)))
    V[:k, :k] = result.vcov_beta
    V[k:, k:] = np.where(np.isnan(result.vcov_theta), 0.0, result.vcov_theta)
    matrices = {"b": Matrix(("y1",), names_b, b[None, :]), "V": Matrix(names_b, names_b, V)}
    robust = result.robust
    if robust is not None:
        V[:k, k:] = robust.cross
        V[k:, :k] = robust.cross.T
        model = np.zeros_like(V)
        model[:k, :k] = robust.model_beta
        model[k:, k:] = np.where(np.isnan(robust.model_theta), 0.0, robust.model_theta)
        matrices["V_modelbased"] = Matrix(names_b, names_b, model)
    names = tuple(level.name for level in result.levels)
    if names and (result.residual is not None or any(block.structure is not None for block in result.blocks)):
        columns = {
            "N_g": [level.n_groups for level in result.levels],
            "g_min": [level.smallest for level in result.levels],
            "g_avg": [level.average for level in result.levels],
            "g_max": [level.largest for level in result.levels],
        }
        matrices |= {
            name: Matrix(("r1",), names, np.array([values], dtype=np.float64)) for name, values in columns.items()
        }
    if result.residual is not None:
        matrices |= residual_matrices(result.residual)
    if result.explained is not None:
        components = result.explained.components
        shares = [variance / result.explained.total for _, variance in components]
        values = np.array([[variance for _, variance in components], shares])
        matrices["r2"] = Matrix(("variance", "share"), tuple(name for name, _ in components), values)
    if result.constraints is not None:
        matrices["Cns"] = _constraint_matrix(result)
    return matrices | small_sample_matrices(result)


def _constraint_matrix(result: MixedResult) -> Matrix:
    """Return e(Cns): a row per constraint, the coefficients of e(b) and the constant."""
    constraints = result.constraints
    assert constraints is not None
    rows = tuple(f"r{i + 1}" for i in range(len(constraints.r)))
    values = np.hstack((constraints.R, np.zeros((len(rows), len(result.theta))), constraints.r[:, None]))
    return Matrix(rows, (*stripe(result), "_cons"), values)
