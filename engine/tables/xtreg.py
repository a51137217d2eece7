"""The printed result of ``xtreg``: header, coefficients with the two standard deviations, test of the effects."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.results.stored import DataTable, Matrix
from engine.results.xtreg import ModelTest, XtregResult
from engine.results.xtreg_stored import TITLES
from engine.spec.mixed import DisplayOptions
from engine.spec.regression import PanelModel
from engine.tables.coefficients import coefficient_data, coefficients_of, table_matrix
from engine.tables.document import Block, Figure, Header, Lines, Row, RowKind
from engine.tables.estimation import TableStyle, coefficient_table
from engine.tables.grid import ESTIMATE_WIDTH, SeSource
from engine.tables.labels import FactorLabels, abbreviate
from engine.tables.mixed_header import GROUP_NAME
from engine.tables.numbers import AVERAGE, CHI2, COUNT, PROBABILITY, NumberFormats, number_cell, number_text
from engine.tables.regress import cluster_line

_LABELS, _VALUES, _WIDTH = 17, 10, 78


def xtreg_blocks(
    result: XtregResult,
    display: DisplayOptions,
    *,
    level: float,
    labels: FactorLabels,
    linesize: int = 80,
    theta: bool = False,
) -> tuple[Block, ...]:
    """Return header, coefficient table and test; `theta` shows the share of the means that GLS takes off."""
    blank = Lines(("",))
    style = TableStyle(
        display=display,
        level=level,
        labels=labels,
        linesize=linesize,
        statistic=_statistic(result),
        source=SeSource.ROBUST if result.vce.is_robust else SeSource.MODEL,
    )
    table = coefficient_table(result.depvar, coefficients_of(result, level), style)
    table = replace(table, rows=(*table.rows, *_sigma_rows(result, NumberFormats.of(display).coefficient)))
    head: tuple[Block, ...] = () if display.noheader else (blank, _header(result), *_theta(result, asked=theta))
    clusters = cluster_line(result.n_clusters, result.clustvar, table.layout.width)
    return (*head, blank, *clusters, table, *_effects_line(result))


def _statistic(result: XtregResult) -> str:
    return "t" if np.isfinite(result.df_residual) else "z"


def _header(result: XtregResult) -> Header:
    groups, r2 = result.groups, result.r2
    shares = (
        "R-squared:",
        *(
            f"     {name} = {number_text(value, PROBABILITY)}"
            for name, value in _shares(r2.within, r2.between, r2.overall)
        ),
    )
    ml = result.model is PanelModel.MLE
    left = (
        TITLES[result.model],
        f"Group variable: {abbreviate(groups.name, GROUP_NAME)}",
        "",
        *(("Random effects u_i ~ Gaussian", "", "", "") if ml else shares),
        "",
        "",
        _assumption(result),
    )
    right = (
        Figure("Number of obs", number_text(result.n_obs, COUNT), result.n_obs),
        Figure("Number of groups", number_text(groups.n_groups, COUNT), groups.n_groups),
        None,
        Figure("Obs per group:"),
        Figure("min", number_text(groups.smallest, COUNT), groups.smallest, inner=True),
        Figure("avg", number_text(groups.average, AVERAGE), groups.average, inner=True),
        Figure("max", number_text(groups.largest, COUNT), groups.largest, inner=True),
        None,
        *_test_figures(result.test),
    )
    return Header(left, right, label_width=_LABELS, value_width=_VALUES)


def _shares(within: float, between: float, overall: float) -> tuple[tuple[str, float], ...]:
    return (("Within ", within), ("Between", between), ("Overall", overall))


def _assumption(result: XtregResult) -> str:
    if result.model is PanelModel.FE:
        return f"corr(u_i, Xb) = {number_text(result.corr, PROBABILITY)}"
    if result.model is PanelModel.RE:
        return "corr(u_i, X) = 0 (assumed)"
    if result.model is PanelModel.MLE:
        return f"Log likelihood = {number_text(result.ll, '%10.0g')}"
    return f"sd(u_i + avg(e_i.)) = {number_text(result.figures['rmse'], '%9.0g')}"


def _test_figures(test: ModelTest) -> tuple[Figure, Figure]:
    if test.name == "F":
        label, tail = f"F({test.df}, {number_text(test.ddf, '%12.0g')})", "Prob > F"
    else:
        label, tail = f"{test.name}({test.df})", "Prob > chi2"
    return (
        Figure(label, number_text(test.statistic, CHI2), test.statistic),
        Figure(tail, number_text(test.p, PROBABILITY), test.p),
    )


def _theta(result: XtregResult, *, asked: bool) -> tuple[Lines, ...]:
    """Return theta, or its quantiles where panels differ in size."""
    if not asked or not len(result.theta_i):
        return ()
    if result.groups.smallest == result.groups.largest:
        return (Lines((f"theta          = {number_text(float(result.theta_i[0]), '%9.0g')}",)),)
    values = [number_text(result.figures["thta_" + name], PROBABILITY) for name in ("min", "5", "50", "95", "max")]
    heads = ("min", "5%", "median", "95%", "max")
    names = "".join(f"{name:>10}" for name in heads)
    return (Lines(("", "-" * 19 + " theta " + "-" * 24, names, "".join(f"{value:>10}" for value in values))),)


def _sigma_rows(result: XtregResult, fmt: str) -> tuple[Row, ...]:
    if result.model is PanelModel.BE:
        return ()
    slash = "/" if result.theta_names else ""
    rows = ((slash + "sigma_u", result.sigma_u), (slash + "sigma_e", result.sigma_e), ("rho", result.rho))
    drawn = tuple(
        Row(
            name,
            (number_cell(value, fmt, ESTIMATE_WIDTH),),
            name=name,
            note=" (fraction of variance due to u_i)" if name == "rho" else "",
        )
        for name, value in rows
    )
    return (Row(kind=RowKind.RULE), *drawn)


def _effects_line(result: XtregResult) -> tuple[Lines, ...]:
    test = result.effects_test
    if test is None:
        return ()
    if test.name == "F":
        left = f"F test that all u_i=0: F({test.df}, {number_text(test.ddf, '%12.0g')}) = {test.statistic:.2f}"
        right = f"Prob > F = {number_text(test.p, PROBABILITY)}"
    else:
        left = f"LR test of sigma_u=0: chibar2(01) = {test.statistic:.2f}"
        right = f"Prob >= chibar2 = {test.p:.3f}"
    return (Lines((left + right.rjust(_WIDTH - len(left)),)),)


def xtreg_data(result: XtregResult, level: float) -> tuple[DataTable, ...]:
    """Return the table ``fixed``."""
    return (coefficient_data(result.depvar, coefficients_of(result, level)),)


def xtreg_matrix(result: XtregResult, level: float) -> Matrix:
    """Return r(table)."""
    names = tuple(column.marked_name for column in result.columns)
    df = np.full(len(result.beta), result.df_residual)
    return table_matrix(names, result.beta, np.diag(result.vcov_beta), level, df, statistic=_statistic(result))
