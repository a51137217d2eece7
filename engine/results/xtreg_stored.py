"""What ``xtreg`` leaves in ``e()``: names and meanings of [XT] xtreg, *Stored results*."""

from __future__ import annotations

import numpy as np

from engine.results.stored import Matrix, Stored
from engine.results.xtreg import XtregResult
from engine.spec.regression import PanelModel

TITLES = {
    PanelModel.FE: "Fixed-effects (within) regression",
    PanelModel.RE: "Random-effects GLS regression",
    PanelModel.BE: "Between regression (regression on group means)",
    PanelModel.MLE: "Random-effects ML regression",
}


def xtreg_stored(result: XtregResult, cmdline: str) -> Stored:
    """Return scalars, macros and matrices; `cmdline` is the command as typed."""
    groups, test = result.groups, result.test
    scalars = {
        "N": float(result.n_obs),
        "N_g": float(groups.n_groups),
        "g_min": float(groups.smallest),
        "g_avg": float(groups.average),
        "g_max": float(groups.largest),
        "Tcon": float(groups.smallest == groups.largest),
        "df_m": float(test.df),
        "p": test.p,
        "rank": float(result.rank),
        "F" if test.name == "F" else "chi2": test.statistic,
    }
    if result.model is not PanelModel.MLE:
        scalars |= {"r2_w": result.r2.within, "r2_b": result.r2.between, "r2_o": result.r2.overall}
    if np.isfinite(result.df_residual):
        scalars["df_r"] = result.df_residual
    if not np.isnan(result.ll):
        scalars["ll"] = result.ll
    if result.model is not PanelModel.BE:
        scalars |= {"sigma_u": result.sigma_u, "sigma_e": result.sigma_e, "rho": result.rho}
    if result.model in (PanelModel.FE, PanelModel.RE):
        scalars["sigma"] = float(np.hypot(result.sigma_u, result.sigma_e))
    if result.model is PanelModel.FE:
        scalars["corr"] = result.corr
    if result.n_clusters:
        scalars["N_clust"] = float(result.n_clusters)
    macros = {
        "cmd": "xtreg",
        "cmdline": cmdline,
        "title": TITLES[result.model],
        "depvar": result.depvar,
        "ivar": result.panel,
        "model": "ml" if result.model is PanelModel.MLE else result.model.value,
        "vce": result.vce.value,
        "properties": "b V",
    }
    if test.name != "F":
        macros["chi2type"] = "Wald" if test.name.startswith("Wald") else "LR"
    if result.model is PanelModel.MLE:
        macros |= {"distrib": "Gaussian"} | ({"chi2_ct": "LR"} if result.effects_test is not None else {})
    if result.weighting is not None:
        kind, expression = result.weighting
        macros |= {"wtype": kind, "wexp": f"= {expression}"}
    if result.vce.is_robust:
        macros |= {"vcetype": "Robust", "clustvar": result.clustvar}
    return Stored(scalars | dict(result.figures), macros, _matrices(result))


def _matrices(result: XtregResult) -> dict[str, Matrix]:
    own = tuple(column.marked_name for column in result.columns)
    k, extra = len(own), len(result.theta_names)
    prefix = f"{result.depvar}:" if extra else ""
    names = (*(prefix + name for name in own), *(f"/:{name}" for name in result.theta_names))
    V = np.zeros((k + extra, k + extra))
    V[:k, :k], V[k:, k:] = result.vcov_beta, result.vcov_theta
    if extra:
        V[:k, k:], V[k:, :k] = result.cross, result.cross.T
    b = np.concatenate([result.beta, result.theta])
    found = {"b": Matrix(("y1",), names, b[None, :]), "V": Matrix(names, names, V)}
    if result.model_vcov is not None:
        found["V_modelbased"] = Matrix(names, names, result.model_vcov)
    if result.within_fit is not None:
        slopes, vcov = result.within_fit
        found |= {"bf": Matrix(("y1",), names, slopes[None, :]), "VCEf": Matrix(names, names, vcov)}
    return found
