"""What ``regress`` leaves in ``e()``: names and meanings of [R] regress, *Stored results*."""

from __future__ import annotations

from engine.results.regress import RegressResult
from engine.results.stored import Matrix, Stored
from engine.spec.regression import Vce

VCE_TYPES = {Vce.ROBUST: "Robust", Vce.CLUSTER: "Robust", Vce.HC2: "Robust HC2", Vce.HC3: "Robust HC3"}
"""e(vcetype), the words above the standard errors."""


def marked_names(result: RegressResult) -> tuple[str, ...]:
    """Return the column names of e(b), which have no equation."""
    return tuple(column.marked_name for column in result.columns)


def regress_stored(result: RegressResult, cmdline: str) -> Stored:
    """Return scalars, macros and matrices; `cmdline` is the command as typed."""
    scalars = {
        "N": float(result.n_obs),
        "df_m": float(result.df_model),
        "df_r": result.df_residual,
        "F": result.F,
        "r2": result.r2,
        "rmse": result.rmse,
        "mss": result.mss,
        "rss": result.rss,
        "r2_a": result.r2_adjusted,
        "ll": result.ll,
        "ll_0": result.ll_0,
        "rank": float(result.rank),
    }
    macros = {
        "cmd": "regress",
        "cmdline": cmdline,
        "title": "Linear regression",
        "model": "ols",
        "depvar": result.depvar,
        "vce": result.vce.value,
        "properties": "b V",
        "predict": "regres_p",
        "estat_cmd": "regress_estat",
        "marginsok": "XB default",
    }
    if result.vce in VCE_TYPES:
        macros["vcetype"] = VCE_TYPES[result.vce]
    if result.n_clusters:
        scalars["N_clust"] = float(result.n_clusters)
        macros["clustvar"] = result.clustvar
    if result.weighting is not None:
        macros |= {"wtype": result.weighting.kind, "wexp": f"= {result.weighting.expression}"}
    names = marked_names(result)
    matrices = {"b": Matrix(("y1",), names, result.beta[None, :]), "V": Matrix(names, names, result.vcov_beta)}
    if result.vce.is_robust:
        matrices["V_modelbased"] = Matrix(names, names, result.inverse)
    return Stored(scalars, macros, matrices)
