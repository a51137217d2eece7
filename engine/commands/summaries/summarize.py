"""``summarize``: number of observations, mean, standard deviation and extremes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from engine.commands.base import Context, Effects
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.frame.resolve import resolve_names
from engine.lang.command import Command
from engine.lang.declaration import ByRule, CommandDecl, OptionDecl, OptionKind, VarlistRule
from engine.results.stored import Stored
from engine.tables.document import Lines

if TYPE_CHECKING:
    from engine.data.summary import Summary

DECLARATION = CommandDecl(
    name="summarize",
    minimum=2,
    title="Summary statistics",
    help="Shows the number of observations, mean, standard deviation, minimum and maximum of variables.",
    menu=("Statistics", "Summaries, tables, and tests", "Summary and descriptive statistics", "Summary statistics"),
    varlist=VarlistRule.OPTIONAL,
    by=ByRule.EACH,
    allow_if=True,
    allow_in=True,
    weights=("aweight", "fweight", "iweight"),
    options=(
        OptionDecl(
            name="detail",
            minimum=1,
            label="Additional statistics",
            help="Show percentiles, the smallest and largest values, skewness and kurtosis.",
            page="model",
        ),
        OptionDecl(
            name="meanonly",
            minimum=4,
            label="Only store the mean",
            help="Print nothing and store the number of observations, mean, sum and extremes.",
            page="model",
        ),
        OptionDecl(
            name="format",
            minimum=1,
            label="Variables' own formats",
            help="Show numbers in the display formats of the variables.",
            page="model",
        ),
        OptionDecl(
            name="separator",
            minimum=3,
            kind=OptionKind.INTEGER,
            label="Line after every",
            help="Draw a line after every # variables; 0 draws none.",
            low=0,
            default=5,
            page="model",
        ),
    ),
    examples=("summarize", "summarize mathach ses if female", "summarize mathach, detail"),
    results=(
        ("r(N)", "number of observations"),
        ("r(sum_w)", "sum of weights"),
        ("r(mean)", "mean"),
        ("r(sd)", "standard deviation"),
        ("r(Var)", "variance"),
        ("r(min)", "minimum"),
        ("r(max)", "maximum"),
        ("r(sum)", "sum"),
        ("r(p50)", "percentiles p1 p5 p10 p25 p50 p75 p90 p95 p99 (detail)"),
        ("r(skewness)", "skewness (detail)"),
        ("r(kurtosis)", "kurtosis (detail)"),
    ),
)


def run(command: Command, context: Context) -> Effects:
    """Print the table and store the statistics of the last variable in r()."""
    from engine.data.summary import summarize_values
    from engine.frame.rowweights import row_weights
    from engine.tables.data import detail_blocks, summarize_data, summarize_table

    part, dataset = command.main, context.dataset
    detail, mean_only = part.has("detail"), part.has("meanonly")
    if detail and mean_only:
        raise StataError(184, "options detail and meanonly may not be combined")
    names = resolve_names(part.body, dataset, span=part.body_span, time_series=True) if part.body else dataset.names
    mask = context.selected(part)
    weights = row_weights(part.weight, dataset, mask, context.lookup)
    if weights is not None:
        if detail and weights.kind == "iweight":
            raise StataError(101, "iweights not allowed with option detail")
        mask &= weights.values != 0.0
    summaries: list[Summary] = []
    for name in names:
        context.cancel.check()
        variable = dataset.variable(name)
        values = np.empty(0) if variable.is_string else dataset.numeric(name)[mask]
        present = ~is_missing(values)
        summaries.append(
            summarize_values(
                values[present],
                name=name,
                label=variable.label,
                fmt=variable.format,
                detail=detail,
                weights=None if weights is None or variable.is_string else weights.values[mask][present],
                counting=weights is not None and weights.kind != "aweight",
            )
        )
    if not summaries:
        return Effects()
    formatted = part.has("format")
    if detail:
        for summary in summaries:
            context.emit(Lines(("",)), *detail_blocks(summary, formatted=formatted))
    elif not mean_only:
        use = part.option("separator")
        weighted = weights is not None and weights.kind != "fweight"
        every = int(use.argument) if use is not None and use.argument else 5
        context.emit(Lines(("",)), summarize_table(summaries, formatted=formatted, separator=every, weighted=weighted))
    return Effects(tables=(summarize_data(summaries),), r=_stored(summaries[-1], mean_only=mean_only))


def _stored(summary: Summary, *, mean_only: bool) -> Stored:
    scalars = {"N": float(summary.n), "sum_w": summary.weight, "sum": summary.total}
    if summary.n:
        scalars |= {"mean": summary.mean, "min": summary.minimum, "max": summary.maximum}
        if not mean_only and not math.isnan(summary.sd):
            scalars |= {"Var": summary.sd**2, "sd": summary.sd}
    if summary.percentiles:
        scalars |= {"skewness": summary.skewness, "kurtosis": summary.kurtosis}
        scalars |= {f"p{percent}": value for percent, value in summary.percentiles.items()}
    return Stored(scalars)
