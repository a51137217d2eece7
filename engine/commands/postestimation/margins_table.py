"""Margins and marginal effects as ``margins`` prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.postestimation.lincom import level_of
from engine.errors import StataError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from engine.commands.postestimation.margins_request import MarginsRequest
    from engine.commands.resampling.resample_saving import Target
    from engine.lang.command import Part
    from engine.postest.linear_tests import Combinations
    from engine.postest.margins import Averages
    from engine.postest.parameters import Parameters
    from engine.results.estimates import Estimates
    from engine.results.margins import MarginRow
    from engine.tables.margins import MarginsView
    from engine.tables.numbers import NumberFormats


def plain(
    averages: Averages, parameters: Parameters, active: Estimates, request: MarginsRequest, context: Context
) -> Effects:
    """Print margins or marginal effects."""
    from dataclasses import replace

    import numpy as np

    from engine.commands.postestimation.margins_average import head_of, placed
    from engine.commands.postestimation.margins_stored import posted, result_of, stored_of
    from engine.postest.linear_tests import combinations
    from engine.postest.margin_words import slopes_of
    from engine.tables.margins import (
        blank_where_unknown,
        discrete_note,
        head_blocks,
        margins_table,
        with_legend,
        without_errors,
    )

    target = _target(request.part, context)
    with placed(request.part.option(request.change)):
        slopes = slopes_of(request.slopes, averages.covariates) if request.slopes else ("",)
    if not slopes:
        raise StataError(198, f"{request.change}(): there is no variable whose effect could be computed")
    rows, weights, known = _rows_of(averages, request, slopes)
    padded = np.zeros((len(rows), len(parameters.b)))
    padded[:, : weights.shape[1]] = weights
    level = level_of(request.part, context)
    found = combinations(parameters, padded, level, df=request.df)
    if request.noestimcheck:
        known = np.ones(len(rows), dtype=np.bool_)
    found = blank_where_unknown(found, known)
    if request.part.has("nose"):
        found = without_errors(found)
    head = replace(head_of(active, averages, request, context), slopes=" ".join(slopes))
    view = _view(request, found, averages, context, heading=head.change if request.slopes else "Margin")
    table = margins_table(rows, found, known.tolist(), view)
    if view.legend:
        table = with_legend(table, {row.column.name: row.column.marked_name for row in rows})
    context.emit(*head_blocks(head), table, *discrete_note(rows, head.change))
    result = result_of(
        head, rows, found, padded @ parameters.V @ padded.T, averages, level_percent=level, terms=request.terms
    )
    stored = stored_of(result, found, head, active, context)
    if target is not None:
        from engine.commands.postestimation.margins_saving import save_margins

        save_margins(target, result, found, head, labels=value_labels(averages, context), context=context)
    return Effects(tables=(table.data,) if table.data else (), r=stored, **posted(result, stored, active, request))


def _target(part: Part, context: Context) -> Target | None:
    """Return the file of ``saving()``, checked before anything is computed."""
    if not part.has("saving"):
        return None
    from engine.commands.resampling.resample_saving import target_of

    return target_of(part, context)


def _rows_of(
    averages: Averages, request: MarginsRequest, slopes: tuple[str, ...]
) -> tuple[tuple[MarginRow, ...], npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Return every margin with its row of coefficients (m, k), and whether it is estimable."""
    from itertools import product

    import numpy as np

    from engine.commands.postestimation.margins_average import placed
    from engine.frame.columns import Column, ColumnPart
    from engine.postest.margin_words import factor_dimension
    from engine.postest.margins import AT
    from engine.results.margins import MarginRow

    covariates = averages.covariates
    factors = []
    for term in request.terms:
        with placed(term.span):
            factors.append([factor_dimension(factor.variable, factor.levels, covariates) for factor in term.factors])
    rows: list[MarginRow] = []
    weights, known = [], []
    for slope in slopes:
        for dimensions in (*factors, *(() if factors and not request.grand else ((),))):
            cells = averages.cells(dimensions, slope=slope)
            weights.append(cells.flat)
            known.append(cells.known.reshape(-1))
            for place in product(*(range(len(d.levels)) for d in cells.dimensions)):
                parts = tuple(p for d, at in zip(cells.dimensions, place, strict=True) for p in d.parts(at))
                number = next((p.level or 1 for p in parts if p.variable == AT), 1) - 1
                if not parts and slope:
                    base_level, _, name = slope.rpartition(".")
                    parts = (ColumnPart(name, int(base_level) if base_level else None),)
                at = averages.settings[number].values.items()
                own = tuple((p.variable, float(p.level or 0)) for p in parts if p.variable != AT)
                places = (*at, *own) if not slope or cells.dimensions else tuple(at)
                rows.append(MarginRow(Column(parts), slope, number, places))
    return tuple(rows), np.concatenate(weights), np.concatenate(known)


def _view(
    request: MarginsRequest, found: Combinations, averages: Averages, context: Context, *, heading: str
) -> MarginsView:
    from engine.tables.effects import EffectColumns
    from engine.tables.margins import MarginsView

    part = request.part
    errors = not part.has("nose")
    columns = EffectColumns(
        heading=heading,
        statistic=found.statistic,
        level=level_of(part, context),
        delta=True,
        errors=errors,
        tests=errors and not part.has("nopvalues"),
        limits=errors and not part.has("noci"),
    )
    return MarginsView(
        columns=columns,
        labels=value_labels(averages, context),
        formats=formats_of(part),
        linesize=context.settings.linesize,
        vsquish=part.has("vsquish"),
        nofvlabel=part.has("nofvlabel"),
        legend=part.has("coeflegend"),
        bases={name: averages.covariates.base(name) for name in averages.covariates.levels},
    )


def value_labels(averages: Averages, context: Context) -> dict[str, dict[float, str]]:
    """Return the value labels of factors and of the variables of ``over()``."""
    names = (*averages.covariates.levels, *averages.groups.variables)
    return {name: dict(context.dataset.labels_of(name)) for name in names}


def formats_of(part: Part) -> NumberFormats:
    """Return the number formats that the options ask for."""
    from engine.tables.numbers import NumberFormats

    usual = NumberFormats()
    given = {name: use.argument for name in ("cformat", "pformat", "sformat") if (use := part.option(name))}
    return NumberFormats(
        given.get("cformat") or usual.coefficient,
        given.get("pformat") or usual.p,
        given.get("sformat") or usual.statistic,
    )
