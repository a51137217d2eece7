"""The printed result of ``regress``: analysis of variance beside the fit, or the fit alone, and coefficients."""

from __future__ import annotations

import math

import numpy as np

from engine.results.regress import RegressResult
from engine.results.regress_stored import marked_names
from engine.results.resampling import Resampling
from engine.results.stored import DataRow, DataTable, Matrix
from engine.results.xtreg import ModelTest
from engine.spec.mixed import DisplayOptions
from engine.spec.regression import Vce
from engine.tables.coefficients import coefficient_data, coefficients_of, table_matrix
from engine.tables.document import Block, Cell, Column, Figure, Header, Lines, Row, RowKind, Table, TextLayout
from engine.tables.estimation import TableStyle, coefficient_table
from engine.tables.grid import SeSource
from engine.tables.labels import FactorLabels
from engine.tables.numbers import CHI2, COUNT, PROBABILITY, number_text
from engine.tables.resampled import SOURCES, replication_figures, replications_line, test_figures

SQUARES = "%11.0g"
ROOT = "%10.5g"
_WIDTH = 78
_LABELS = 17
_STUB = 12
_SOURCES = {
    Vce.ROBUST: SeSource.ROBUST,
    Vce.CLUSTER: SeSource.ROBUST,
    Vce.HC2: SeSource.HC2,
    Vce.HC3: SeSource.HC3,
}
_HEAD = f"{'Source':>12} |       SS           df       MS      "
_RULE = "-" * 13 + "+" + "-" * 34


def regress_blocks(
    result: RegressResult,
    display: DisplayOptions,
    *,
    level: float,
    labels: FactorLabels,
    linesize: int = 80,
    standardized: bool = False,
    table: bool = True,
) -> tuple[Block, ...]:
    """Return header and coefficient table; `standardized` shows standardized coefficients in place of limits."""
    blank = Lines(("",))
    blocks: list[Block] = []
    if not display.noheader:
        blocks += [blank, _head(result)]
    if not table:
        return tuple(blocks)
    how = result.resampling
    style = TableStyle(
        display=display,
        level=level,
        labels=labels,
        linesize=linesize,
        statistic="t" if math.isfinite(result.df_residual) else "z",
        source=_SOURCES.get(result.vce, SeSource.MODEL) if how is None else SOURCES[how.prefix],
        standardized=standardized,
    )
    coefficients = coefficients_of(result, level, standardized=result.standardized)
    shown = coefficient_table(result.depvar, coefficients, style)
    width = shown.layout.width
    line = cluster_line(result.n_clusters, result.clustvar, width) if how is None else replications_line(how, width)
    return (*blocks, blank, *line, shown)


def _head(result: RegressResult) -> Block:
    """Return the analysis of variance, or what holds without equal variances."""
    if result.resampling is not None:
        return resampled_header(result, result.resampling)
    return robust_header(result) if result.vce.is_robust else anova_table(result)


def resampled_header(result: RegressResult, how: Resampling) -> Header:
    """Return the header where standard errors come from replicates."""
    name = "F" if math.isfinite(how.df) else "Wald chi2"
    test = ModelTest(name=name, statistic=result.F, df=result.df_model, p=result.p, ddf=how.df)
    fit = fit_figures(result)[3:]
    figures = (*replication_figures(how, result.n_obs), *test_figures(test), *fit)
    width = max(_LABELS, *(len(figure.label) for figure in figures))
    return Header(("Linear regression",), figures, label_width=width, value_width=10)


def cluster_line(n_clusters: int, clustvar: str, width: int) -> tuple[Lines, ...]:
    """Return what standard errors are adjusted for, right-justified to `width`; nothing where not clustered."""
    if not n_clusters:
        return ()
    return (Lines((f"(Std. err. adjusted for {n_clusters:,} clusters in {clustvar})".rjust(width),)),)


def fit_figures(result: RegressResult) -> tuple[Figure, ...]:
    """Return number of observations, F test, R-squared, adjusted R-squared and root mean squared error."""
    df = number_text(result.df_residual, "%12.0g")
    return (
        Figure("Number of obs", number_text(result.n_obs, COUNT), result.n_obs),
        Figure(f"F({result.df_model}, {df})", number_text(result.F, CHI2), result.F),
        Figure("Prob > F", number_text(result.p, PROBABILITY), result.p),
        Figure("R-squared", number_text(result.r2, PROBABILITY), result.r2),
        Figure("Adj R-squared", number_text(result.r2_adjusted, PROBABILITY), result.r2_adjusted),
        Figure("Root MSE", number_text(result.rmse, ROOT), result.rmse),
    )


def robust_header(result: RegressResult) -> Header:
    """Return the header without analysis of variance, which holds for equal variances only."""
    n_obs, F, p, r2, _, rmse = fit_figures(result)
    return Header(("Linear regression",), (n_obs, F, p, r2, rmse), label_width=_LABELS, value_width=10)


def anova_rows(result: RegressResult) -> tuple[tuple[str, float, float, float], ...]:
    """Return source, sum of squares, degrees of freedom and mean square of model, residual and total."""
    total = float(result.n_obs - result.constant)
    parts = (
        ("Model", result.mss, float(result.df_model)),
        ("Residual", result.rss, float(result.df_error)),
        ("Total", result.tss, total),
    )
    return tuple((name, ss, df, ss / df if df > 0 else math.nan) for name, ss, df in parts)


def anova_table(result: RegressResult) -> Table:
    """Return the analysis of variance, with the figures of the fit to its right in text."""
    rows = anova_rows(result)
    texts = [
        f"{name:>{_STUB}} | {number_text(ss, SQUARES):>11}{number_text(df, '%9.0f'):>10} {number_text(ms, SQUARES):>11}"
        for name, ss, df, ms in rows
    ]
    left = (_HEAD, _RULE, texts[0], texts[1], _RULE, texts[2])
    right = tuple(_figure(figure) for figure in fit_figures(result))
    drawn = tuple(f"{a:<51}{b}" for a, b in zip(left, right, strict=True))
    cells = tuple(
        Row(
            name,
            (
                Cell(number_text(ss, SQUARES), ss),
                Cell(number_text(df, "%9.0f"), df),
                Cell(number_text(ms, SQUARES), ms),
            ),
            name=name,
        )
        for name, ss, df, ms in rows
    )
    figures = tuple(Row(f.label, (Cell(f.text, f.value),), name=f.label) for f in fit_figures(result))
    columns = (Column("ss", "SS", 26), Column("df", "df", 36), Column("ms", "MS", 48))
    return Table(
        id="anova",
        stub="Source",
        columns=columns,
        rows=(*cells, Row(kind=RowKind.RULE), *figures),
        layout=TextLayout(width=_WIDTH, stub=_STUB, drawn=drawn),
        data=anova_data(result),
    )


def _figure(figure: Figure) -> str:
    """Return a figure on 27 columns; a long label takes room from its number."""
    room = max(16, len(figure.label) + 1)
    return f"{figure.label:<{room}}={figure.text:>{26 - room}}"


def anova_data(result: RegressResult) -> DataTable:
    """Return the analysis of variance as data."""
    rows = tuple(DataRow("", name, (ss, df, ms)) for name, ss, df, ms in anova_rows(result))
    return DataTable("anova", ("ss", "df", "ms"), rows)


def regress_data(result: RegressResult, level: float) -> tuple[DataTable, ...]:
    """Return ``fixed`` and, where it is printed, ``anova``."""
    fixed = coefficient_data(result.depvar, coefficients_of(result, level))
    plain = not result.vce.is_robust and result.resampling is None
    return (fixed, anova_data(result)) if plain else (fixed,)


def regress_matrix(result: RegressResult, level: float) -> Matrix:
    """Return r(table)."""
    df = np.full(len(result.beta), result.df_residual)
    statistic = "t" if math.isfinite(result.df_residual) else "z"
    variances = np.diag(result.vcov_beta)
    return table_matrix(marked_names(result), result.beta, variances, level, df, statistic=statistic)
