"""``estat slopes``: simple slopes of an interaction and the region where they differ from zero. Not in Stata."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from engine.commands.base import Context, Effects
from engine.commands.subcommand import LEVEL, Subcommand, level_of
from engine.errors import StataError
from engine.lang.command import Part
from engine.lang.declaration import OptionDecl, OptionKind

if TYPE_CHECKING:
    from engine.frame.columns import ColumnPart
    from engine.frame.modelframe import BoolArray, FloatArray
    from engine.graphs.graphspec import GraphSpec
    from engine.results.estimates import Estimates
    from engine.tables.slopes import Slopes

    _Parts: TypeAlias = list[list[ColumnPart]]

_AT = OptionDecl(
    name="at", minimum=2, kind=OptionKind.NUMBERS, page="model", label="Values of the moderator",
    help="Slopes at these values; the mean and one standard deviation about it, or all levels, are the default.",
)  # fmt: skip
_GRAPH = OptionDecl(
    name="graph", minimum=5, page="model", label="Draw the slopes",
    help="Draw the slope with its interval along the moderator, and where it differs from zero.",
)  # fmt: skip


def _run(part: Part, context: Context, estimates: Estimates) -> Effects:
    """Show the slopes; r(111) and r(198) for variables that are not there or not in an interaction with each other."""
    from engine.inference.normal import critical_value
    from engine.inference.slopes import region_of_significance, slope_weights
    from engine.inference.student import t_critical
    from engine.tables.slopes import Slopes, slopes_blocks, slopes_data

    result = estimates.result
    focal, moderator = _variables(part, context)
    parts = [list(column.parts) for column in result.columns]
    categorical = any(p.variable == moderator and p.level is not None for column in parts for p in column)
    if not any({focal, moderator} <= {p.variable for p in column} for column in parts):
        raise StataError(198, f"the model has no interaction of {focal} and {moderator}", part.body_span)
    if any(p.variable == focal and p.level is not None for column in parts for p in column):
        raise StataError(
            198, f"{focal} is a factor in the model; slopes are those of a continuous predictor", part.body_span
        )
    level = level_of(part, context)
    rows = np.isin(context.dataset.row_ids, result.sample_rows)
    if int(rows.sum()) < len(result.sample_rows):
        raise StataError(459, "the estimation sample is no longer in memory; fit the model again first")
    others = _means(parts, moderator, context, rows)
    values = _values(part, moderator, context, rows, categorical=categorical)
    critical = t_critical(level, result.df_residual) if np.isfinite(result.df_residual) else critical_value(level)
    weights = np.array([slope_weights(result.columns, focal, moderator, value, others) for value in values])
    region = None
    if not categorical:
        zero, one, two = (slope_weights(result.columns, focal, moderator, v, others) for v in (0.0, 1.0, 2.0))
        if np.allclose(two - one, one - zero):
            region = region_of_significance(zero, one - zero, result.beta, result.vcov_beta, critical)
    found = Slopes(
        focal=focal,
        moderator=moderator,
        values=values,
        slopes=weights @ result.beta,
        se=np.sqrt(np.einsum("ij,jk,ik->i", weights, result.vcov_beta, weights)),
        df=result.df_residual,
        critical=critical,
        level=level,
        region=region,
        labels=dict(context.dataset.labels_of(moderator)) if categorical else {},
    )
    context.emit(*slopes_blocks(found))
    graph = _graph(found, estimates, others, context, rows) if part.has("graph") and not categorical else None
    return Effects(tables=(slopes_data(found),), graph=graph)


def _variables(part: Part, context: Context) -> tuple[str, str]:
    from engine.frame.resolve import resolve_name

    words = part.body.split()
    if len(words) != 2:
        raise StataError(198, "estat slopes takes two variables: the predictor and its moderator", part.body_span)
    first, second = (resolve_name(word, context.dataset, part.body_span) for word in words)
    return first, second


def _means(parts: _Parts, but: str, context: Context, rows: BoolArray) -> dict[str, float]:
    """Return the means over the sample of all variables and indicators in the model."""
    out: dict[str, float] = {}
    for part in (p for column in parts for p in column if p.variable != but and p.variable in context.dataset):
        values = context.dataset.numeric(part.variable)[rows]
        out[part.name] = float(np.mean(values if part.level is None else values == part.level))
    return out


def _values(part: Part, moderator: str, context: Context, rows: BoolArray, *, categorical: bool) -> FloatArray:
    from engine.lang.numlist import parse_numlist

    use = part.option("at")
    if use is not None and use.argument is not None:
        return np.array(parse_numlist(use.argument), dtype=np.float64)
    values = context.dataset.numeric(moderator)[rows]
    if categorical:
        return np.unique(values)
    return np.asarray(values.mean() + values.std(ddof=1) * np.array([-1.0, 0.0, 1.0]))


def _graph(
    found: Slopes, estimates: Estimates, others: dict[str, float], context: Context, rows: BoolArray
) -> GraphSpec:
    from engine.graphs.slopes import slopes_graph
    from engine.inference.slopes import slope_weights

    result = estimates.result
    values = context.dataset.numeric(found.moderator)[rows]
    along = np.linspace(float(values.min()), float(values.max()), 101)
    weights = np.array([slope_weights(result.columns, found.focal, found.moderator, v, others) for v in along])
    half = found.critical * np.sqrt(np.einsum("ij,jk,ik->i", weights, result.vcov_beta, weights))
    bounds = found.region.bounds if found.region is not None else ()
    return slopes_graph(
        along, weights @ result.beta, half, focal=found.focal, moderator=found.moderator, level=found.level,
        bounds=bounds,
        command=context.cmdline,
    )  # fmt: skip


SUBCOMMAND = Subcommand(
    name="slopes",
    minimum=5,
    help="simple slopes of an interaction and where they differ from zero: estat slopes x moderator (not in Stata)",
    options=(_AT, LEVEL, _GRAPH),
    run=_run,
)
