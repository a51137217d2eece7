"""The printed result of ``bootstrap`` and ``jackknife``: progress, header, legend, table, note."""

from __future__ import annotations

import numpy as np

from engine.frame.columns import ColumnState
from engine.inference.normal import chi2_tail
from engine.inference.student import f_tail
from engine.inference.wald import wald_test
from engine.results.resampling import ResampledResult, Resampling
from engine.results.stored import DataTable
from engine.spec.mixed import DisplayOptions
from engine.tables.coefficients import coefficient_data, coefficients_of
from engine.tables.document import Block, Figure, Header, Lines, Role
from engine.tables.estimation import TableStyle, coefficient_table
from engine.tables.grid import SeSource
from engine.tables.labels import FactorLabels
from engine.tables.numbers import CHI2, COUNT, PROBABILITY, number_text

RULER = "----+--- 1 ---+--- 2 ---+--- 3 ---+--- 4 ---+--- 5"
DOTS = 50
SOURCES = {"bootstrap": SeSource.BOOTSTRAP, "jackknife": SeSource.JACKKNIFE}


def replications_line(how: Resampling, width: int) -> tuple[Lines, ...]:
    """Return what was resampled, right-justified to `width`; nothing where observations were."""
    if not how.clustvar:
        return ()
    return (Lines((f"(Replications based on {how.n_clusters:,} clusters in {how.clustvar})".rjust(width),)),)


def resampled_blocks(
    result: ResampledResult,
    *,
    level: float,
    labels: FactorLabels,
    linesize: int,
    header: bool = True,
    legend: bool = True,
    table: bool = True,
) -> tuple[Block, ...]:
    """Return header, legend of the expressions, and coefficient table."""
    how, blank = result.resampling, Lines(("",))
    blocks: list[Block] = []
    if header:
        blocks += [blank, _header(result)]
    if legend and result.legend:
        width = max(len("Command"), *(len(name) for name, _ in result.legend))
        width = max(12, width)
        told = [f"{'Command':>{width}}: {result.command}"]
        told += [f"{name:>{width}}: {text}" for name, text in result.legend]
        blocks += [blank, Lines(tuple(told))]
    if table:
        small = np.isfinite(how.df)
        style = TableStyle(
            display=DisplayOptions(),
            level=level,
            labels=labels,
            linesize=linesize,
            statistic="t" if small else "z",
            source=SOURCES[how.prefix],
        )
        shown = coefficient_table(result.depvar, coefficients_of(result, level), style)
        blocks += [blank, *replications_line(how, shown.layout.width), shown]
    return tuple(blocks)


def failure_note(how: Resampling) -> tuple[Lines, ...]:
    """Return the note on replicates that failed; nothing where none did."""
    if not how.failed:
        return ()
    lines = (
        f"Note: One or more parameters could not be estimated in {how.failed:,} {how.prefix} "
        f"replicate{'s' if how.failed > 1 else ''};",
        "      standard-error estimates include only complete replications.",
    )
    return (Lines(lines, Role.NOTE),)


def resampled_data(result: ResampledResult, level: float) -> DataTable:
    """Return the table ``fixed``."""
    return coefficient_data(result.depvar, coefficients_of(result, level))


def _header(result: ResampledResult) -> Header:
    how = result.resampling
    figures = [Figure("Number of obs", number_text(result.n_obs, COUNT), result.n_obs)]
    if how.clustvar and np.isfinite(how.df):
        figures.append(Figure("Number of clusters", number_text(how.n_clusters, COUNT), how.n_clusters))
    figures.append(Figure("Replications", number_text(how.replications, COUNT), how.replications))
    if not result.legend:
        figures += model_test(result)
    width = max(len(figure.label) for figure in figures)
    return Header((result.title,), tuple(figures), max(17, width), 10)


def model_test(result: ResampledResult) -> list[Figure]:
    """Return the test of the slopes: chi-squared, or F with the degrees of freedom of the jackknife."""
    slopes = [i for i, c in enumerate(result.columns) if not c.is_constant and c.state is ColumnState.ESTIMATED]
    if not slopes:
        return []
    found = wald_test(result.beta[slopes], result.vcov_beta[np.ix_(slopes, slopes)])
    if not found.df:
        return []
    df = result.resampling.df
    if np.isfinite(df):
        F = found.chi2 / found.df
        p = f_tail(F, found.df, df)
        return [
            Figure(f"F({found.df}, {df:g})", number_text(F, CHI2), F),
            Figure("Prob > F", number_text(p, PROBABILITY), p),
        ]
    p = chi2_tail(found.chi2, found.df)
    return [
        Figure(f"Wald chi2({found.df})", number_text(found.chi2, CHI2), found.chi2),
        Figure("Prob > chi2", number_text(p, PROBABILITY), p),
    ]
