"""The printed result of ``mixed``, header to notes."""

from __future__ import annotations

from dataclasses import replace

from engine.results.mixed import MixedResult
from engine.spec.mixed import DisplayOptions, Metric
from engine.tables.document import Block, Lines
from engine.tables.estimation import TableStyle
from engine.tables.grid import SeSource
from engine.tables.labels import FactorLabels
from engine.tables.mixed_data import coefficient_matrix, data_tables, fixed_data, random_data
from engine.tables.mixed_equations import estimation_table, legend_table
from engine.tables.mixed_extras import extra_blocks, term_blocks
from engine.tables.mixed_fixed import fixed_table
from engine.tables.mixed_header import cluster_line, header_blocks
from engine.tables.mixed_notes import constraint_lines, ddf_lines, lr_lines, warning_lines
from engine.tables.mixed_random import random_footnotes, random_table
from engine.tables.resampled import SOURCES

__all__ = ["coefficient_matrix", "data_tables", "metric_of", "mixed_blocks"]


def metric_of(display: DisplayOptions, command: str = "mixed") -> Metric:
    """Return the metric of display: what was asked for, else variances (``xtmixed``: standard deviations)."""
    usual = Metric.STDDEVIATION if command == "xtmixed" else Metric.VARIANCE
    return display.metric or usual


def mixed_blocks(
    result: MixedResult,
    display: DisplayOptions,
    *,
    level: float,
    metric: Metric,
    labels: FactorLabels,
    linesize: int = 80,
) -> tuple[Block, ...]:
    """Return everything that is printed after the log, as `display` asks.

    Parameters
    ----------
    result, display
        What was estimated, and the options that choose what is shown of it.
    level
        Confidence level in percent where `display` sets none.
    metric
        See `metric_of`.
    labels
        Value labels of the factors, see `engine.tables.labels.factor_labels`.
    linesize
        Characters per line; the label column grows as far as it allows.
    """
    level = display.level if display.level is not None else level
    source = se_source(result)
    style = TableStyle(display=display, level=level, labels=labels, linesize=linesize, source=source)
    blank = Lines(("",))
    blocks: list[Block] = []
    if not display.noheader:
        blocks += [blank, *header_blocks(result, display)]
    if not display.nocnsreport and result.constraints is not None:
        blocks += [blank, constraint_lines(result.constraints)]
    elif not display.nofetable:
        blocks.append(blank)
    if display.estmetric or display.coeflegend:
        table = estimation_table(result, style) if display.estmetric else legend_table(result, style)
        adjusted = cluster_line(result, table.layout.width)
        return (*blocks, *adjusted, table, *_below(result, display))
    if not display.nofetable:
        table = replace(fixed_table(result, style), data=fixed_data(result, level))
        blocks += [*cluster_line(result, table.layout.width), table]
    if not display.noretable:
        table = replace(random_table(result, metric, style), data=random_data(result, level, metric))
        blocks += [blank, table, *random_footnotes(result)]
    return (*blocks, *_below(result, display))


def se_source(result: MixedResult) -> SeSource:
    """Return where the standard errors come from."""
    if result.resampling is not None:
        return SOURCES[result.resampling.prefix]
    return SeSource.MODEL if result.robust is None else SeSource.ROBUST


def _below(result: MixedResult, display: DisplayOptions) -> tuple[Block, ...]:
    """Return what follows the tables of the model: LR test, verdict, and extras that were asked for."""
    extras = extra_blocks(result) if display.extras else ()
    terms = term_blocks(result) if display.terms else ()
    return (*lr_lines(result, display), *ddf_lines(result), *warning_lines(result), *extras, *terms)
