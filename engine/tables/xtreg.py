"""The printed result of ``xtreg``: header, coefficients with the two standard deviations, test of the effects."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from engine.inference.normal import critical_value
from engine.results.stored import DataRow, DataTable, Matrix
from engine.results.xtreg import ModelTest, XtregResult
from engine.results.xtreg_stored import TITLES
from engine.spec.mixed import DisplayOptions
from engine.spec.regression import PanelModel
from engine.tables.coefficients import coefficient_data, coefficients_of, table_matrix
from engine.tables.document import Block, Cell, Figure, Header, Lines, Row, RowKind
from engine.tables.estimation import TableStyle, coefficient_table
from engine.tables.grid import ESTIMATE_WIDTH, SeSource
from engine.tables.labels import FactorLabels, abbreviate
from engine.tables.mixed_header import GROUP_NAME
from engine.tables.numbers import AVERAGE, CHI2, COUNT, LIKELIHOOD, PROBABILITY, NumberFormats, number_cell, number_text
from engine.tables.regress import cluster_line
from engine.tables.resampled import SOURCES, replications_line

_LABELS, _VALUES, _WIDTH = 17, 10, 78
_LIKELIHOOD_LABELS = 16
_SIGMA_WIDTH = 10
_THETA_WIDTHS = (6, 9, 11, 11, 9)


def xtreg_blocks(
    result: XtregResult,
    display: DisplayOptions,
    *,
    level: float,
    labels: FactorLabels,
    linesize: int = 80,
    theta: bool = False,
    table: bool = True,
) -> tuple[Block, ...]:
    """Return header, coefficient table and test; `theta` shows the share of the means that GLS takes off.

    Without `table` there is the header only.
    """
    blank = Lines(("",))
    style = TableStyle(
        display=display,
        level=level,
        labels=labels,
        linesize=linesize,
        statistic=_statistic(result),
        source=_source(result),
    )
    head: tuple[Block, ...] = () if display.noheader else (blank, _header(result), *_theta(result, asked=theta))
    if not table:
        return head
    shown = coefficient_table(result.depvar, coefficients_of(result, level), style)
    shown = replace(shown, rows=(*shown.rows, *_sigma_rows(result, style)))
    how, width = result.resampling, shown.layout.width
    line = cluster_line(result.n_clusters, result.clustvar, width) if how is None else replications_line(how, width)
    return (*head, blank, *line, shown, *_effects_line(result))


def _source(result: XtregResult) -> SeSource:
    if result.resampling is not None:
        return SOURCES[result.resampling.prefix]
    return SeSource.ROBUST if result.vce.is_robust else SeSource.MODEL


def _statistic(result: XtregResult) -> str:
    return "t" if np.isfinite(result.df_residual) else "z"


def _header(result: XtregResult) -> Header:
    if result.model is PanelModel.MLE:
        return _likelihood_header(result)
    groups, r2 = result.groups, result.r2
    shares = (("Within ", r2.within), ("Between", r2.between), ("Overall", r2.overall))
    left = (
        TITLES[result.model],
        f"Group variable: {abbreviate(groups.name, GROUP_NAME)}",
        "",
        "R-squared:",
        *(f"     {name} = {number_text(value, PROBABILITY):>6}" for name, value in shares),
        "",
        "",
        _assumption(result),
    )
    n_obs, n_groups, heading, smallest, average, largest, *test = _figures(result)
    right = (n_obs, n_groups, None, heading, smallest, average, largest, None, *test)
    return Header(left, right, label_width=_LABELS, value_width=_VALUES)


def _likelihood_header(result: XtregResult) -> Header:
    """Return the header of the maximum likelihood model, as wide as its longest number."""
    what = "pseudolikelihood" if result.vce.is_robust else "likelihood"
    left = (
        TITLES[result.model],
        f"Group variable: {abbreviate(result.groups.name, GROUP_NAME)}",
        "",
        "Random effects u_i ~ Gaussian",
        *("",) * 4,
        "",
        f"Log {what} = {number_text(result.ll, LIKELIHOOD)}",
    )
    n_obs, n_groups, heading, smallest, average, largest, *test = _figures(result)
    right = (n_obs, n_groups, None, heading, smallest, average, largest, None, *test)
    return Header(left, right, label_width=max(_LIKELIHOOD_LABELS, len(test[0].label)))


def _figures(result: XtregResult) -> tuple[Figure, ...]:
    groups = result.groups
    return (
        Figure("Number of obs", number_text(result.n_obs, COUNT), result.n_obs),
        Figure("Number of groups", number_text(groups.n_groups, COUNT), groups.n_groups),
        Figure("Obs per group:"),
        Figure("min", number_text(groups.smallest, COUNT), groups.smallest, inner=True),
        Figure("avg", number_text(groups.average, AVERAGE), groups.average, inner=True),
        Figure("max", number_text(groups.largest, COUNT), groups.largest, inner=True),
        *_test_figures(result.test),
    )


def _assumption(result: XtregResult) -> str:
    if result.model is PanelModel.FE:
        return f"corr(u_i, Xb) = {number_text(result.corr, '%7.4f')}"
    if result.model is PanelModel.RE:
        return "corr(u_i, X) = 0 (assumed)"
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
        return (Lines((f"theta        = {number_text(float(result.theta_i[0]), '%9.0g')}",)),)
    values = [number_text(result.figures["thta_" + name], PROBABILITY) for name in ("min", "5", "50", "95", "max")]
    drawn = "".join(f"{value:>{width}}" for value, width in zip(values, _THETA_WIDTHS, strict=True))
    return (Lines(("", "-" * 19 + " theta " + "-" * 20, "  min      5%       median        95%      max", drawn)),)


def _sigma_rows(result: XtregResult, style: TableStyle) -> tuple[Row, ...]:
    """Return the standard deviations and the share of the effects' variance, below the coefficients."""
    if result.model is PanelModel.BE:
        return ()
    if result.theta_names:
        return (Row(kind=RowKind.RULE), *_estimated_sigmas(result, style))
    fmt = style.display.cformat or "%10.0g"
    rows = (("sigma_u", result.sigma_u), ("sigma_e", result.sigma_e), ("rho", result.rho))
    drawn = tuple(
        Row(
            name,
            (number_cell(value, fmt, _SIGMA_WIDTH),),
            name=name,
            note=" (fraction of variance due to u_i)" if name == "rho" else "",
        )
        for name, value in rows
    )
    return (Row(kind=RowKind.RULE), *drawn)


def _estimated_sigmas(result: XtregResult, style: TableStyle) -> tuple[Row, ...]:
    """Return the same with standard errors and limits, those of ln sigma and logit rho transformed."""
    fmt, display = NumberFormats.of(style.display).coefficient, style.display
    blank = () if display.nopvalues else (Cell(), Cell())
    rows = []
    for name, value, se, (ll, ul) in sigma_estimates(result, style.level):
        limits = () if display.noci else tuple(number_cell(each, fmt, ESTIMATE_WIDTH) for each in (ll, ul))
        estimates = tuple(number_cell(each, fmt, ESTIMATE_WIDTH) for each in (value, se))
        rows.append(Row(name, (*estimates, *blank, *limits), name=name))
    return tuple(rows)


def sigma_estimates(result: XtregResult, level: float) -> tuple[tuple[str, float, float, tuple[float, float]], ...]:
    """Return name, estimate, standard error and limits of sigma_u, sigma_e and rho of the likelihood model."""
    z = critical_value(level)
    se_u, se_e = np.sqrt(np.maximum(np.diag(result.vcov_theta), 0.0))
    found = []
    for name, value, se in (("/sigma_u", result.sigma_u, se_u), ("/sigma_e", result.sigma_e, se_e)):
        if value > 0.0 and se > 0.0:
            grown = math.exp(z * se / value)
            found.append((name, value, float(se), (value / grown, value * grown)))
        else:
            found.append((name, value, math.nan, (math.nan, math.nan)))
    rho, se = result.rho, result.rho_se
    limits = (math.nan, math.nan)
    if 0.0 < rho < 1.0 and math.isfinite(se):
        odds, grown = rho / (1.0 - rho), math.exp(z * se / (rho * (1.0 - rho)))
        limits = (odds / grown / (1.0 + odds / grown), odds * grown / (1.0 + odds * grown))
    return (*found, ("rho", rho, se, limits))


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
    """Return the table ``fixed``, and ``sigma`` with the standard deviations and rho."""
    fixed = coefficient_data(result.depvar, coefficients_of(result, level))
    if result.model is PanelModel.BE:
        return (fixed,)
    if result.theta_names:
        rows = tuple(
            DataRow("", name.lstrip("/"), (value, se, *limits))
            for name, value, se, limits in sigma_estimates(result, level)
        )
        return (fixed, DataTable("sigma", ("estimate", "se", "ll", "ul"), rows))
    values = (("sigma_u", result.sigma_u), ("sigma_e", result.sigma_e), ("rho", result.rho))
    return (fixed, DataTable("sigma", ("estimate",), tuple(DataRow("", name, (value,)) for name, value in values)))


def xtreg_matrix(result: XtregResult, level: float) -> Matrix:
    """Return r(table)."""
    names = tuple(column.marked_name for column in result.columns)
    b, variances = result.beta, np.diag(result.vcov_beta)
    if result.theta_names:
        names = (*(f"{result.depvar}:{name}" for name in names), *(f"/:{name}" for name in result.theta_names))
        b, variances = np.append(b, result.theta), np.append(variances, np.diag(result.vcov_theta))
    df = np.full(len(b), result.df_residual)
    return table_matrix(names, b, variances, level, df, statistic=_statistic(result))
