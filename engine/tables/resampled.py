"""The printed result of ``bootstrap`` and ``jackknife``: progress, header, legend, table, note."""

from __future__ import annotations

import numpy as np

from engine.postest.resampled import slopes_test
from engine.results.resampling import ResampledResult, Resampling
from engine.results.stored import DataTable
from engine.results.xtreg import ModelTest
from engine.spec.mixed import DisplayOptions
from engine.tables.coefficients import coefficient_data, coefficients_of
from engine.tables.document import Block, Figure, Header, Lines, Role
from engine.tables.estimation import TableStyle, coefficient_table
from engine.tables.grid import SeSource
from engine.tables.labels import FactorLabels
from engine.tables.numbers import CHI2, COUNT, PROBABILITY, number_text

RULER = "----+--- 1 ---+--- 2 ---+--- 3 ---+--- 4 ---+--- 5"
DOTS = 50
_LEGEND = 13
"""Columns for names in the legend of the expressions."""
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
        width = max(_LEGEND, *(len(name) for name, _ in result.legend))
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
    """Return title and figures, as wide as the longest of them."""
    how = result.resampling
    figures = replication_figures(how, result.n_obs)
    if not result.legend:
        figures += test_figures(slopes_test(result.columns, result.beta, result.vcov_beta, how.df))
    return Header((result.title,), tuple(figures), max(len(figure.label) for figure in figures))


def replication_figures(how: Resampling, n_obs: int) -> list[Figure]:
    """Return numbers of observations, of clusters left out in turn, and of replications."""
    figures = [Figure("Number of obs", number_text(n_obs, COUNT), n_obs)]
    if how.clustvar and np.isfinite(how.df):
        figures.append(Figure("Number of clusters", number_text(how.n_clusters, COUNT), how.n_clusters))
    return [*figures, Figure("Replications", number_text(how.replications, COUNT), how.replications)]


def test_figures(test: ModelTest) -> list[Figure]:
    """Return a test of the slopes with its p-value; nothing without slopes."""
    if not test.df:
        return []
    label, tail = (f"F({test.df}, {test.ddf:g})", "F") if test.name == "F" else (f"{test.name}({test.df})", "chi2")
    return [
        Figure(label, number_text(test.statistic, CHI2), test.statistic),
        Figure(f"Prob > {tail}", number_text(test.p, PROBABILITY), test.p),
    ]
