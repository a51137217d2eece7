"""The header of ``mixed``: title, group counts, model test, log likelihood."""

from __future__ import annotations

import math
from dataclasses import replace

from engine.inference.student import f_tail
from engine.results.mixed import LevelSummary, MixedResult
from engine.results.mixed_stored import title
from engine.spec.mixed import DisplayOptions, Method
from engine.tables.document import Block, Cell, Column, Figure, Header, Lines, Role, Row, Table, TextLayout
from engine.tables.labels import abbreviate
from engine.tables.numbers import (
    AVERAGE,
    CHI2,
    COUNT,
    DEGREES_SUMMARY,
    DENOMINATOR,
    LIKELIHOOD,
    PROBABILITY,
    number_text,
)
from engine.tables.resampled import replications_line

GROUP_NAME = 14
"""Columns for the level variable in ``Group variable: id``."""
GROUPED_LABELS, PLAIN_LABELS = 16, 13
"""Width of the right-hand labels with and without the group lines."""

_GROUPS_STUB = 15
_GROUPS_WIDTH = 61
_GROUPS_ENDS = (28, 39, 50, 61)


def likelihood_label(method: Method, *, pseudo: bool = False) -> str:
    """Return what the criterion is called in log and header; with robust standard errors it is a pseudolikelihood."""
    if pseudo:
        return "Log pseudolikelihood"
    return "Log restricted-likelihood" if method is Method.REML else "Log likelihood"


def header_blocks(result: MixedResult, display: DisplayOptions) -> tuple[Block, ...]:
    """Return the header in the layout that the number of grouping levels asks for."""
    levels = () if display.nogroup or not _has_groups(result) else result.levels
    heading = title(result)
    n_obs = _count("Number of obs", result.n_obs)
    df, df_method = _df_figures(result)
    test = _model_test(result)
    label = likelihood_label(result.method, pseudo=result.robust is not None)
    likelihood = f"{label} = {number_text(result.ll, LIKELIHOOD):>10}"
    if len(levels) == 1:
        level = levels[0]
        group = f"Group variable: {abbreviate(level.name, GROUP_NAME)}"
        left = (heading, group, "", "", "", "", *df_method, "", likelihood)
        label_width = max(GROUPED_LABELS, len(test[0].label))
        return (Header(left, (n_obs, *_group_figures(level), *df, *test), label_width),)
    label_width = max(GROUPED_LABELS if df else PLAIN_LABELS, len(test[0].label))
    value_width = max(len(figure.text) for figure in (n_obs, *df, *test))
    if not levels:
        left = (heading, *df_method, "", likelihood)
        return (Header(left, (n_obs, *df, *test), label_width, value_width),)
    return (
        Header((heading,), (n_obs,), label_width, value_width),
        Lines(("", f"{'':8}Grouping information"), Role.TITLE),
        grouping_table(levels, indent=8),
        Lines(("",)),
        Header((*df_method, "", likelihood), (*df, *test), label_width, value_width),
    )


def cluster_line(result: MixedResult, width: int) -> tuple[Lines, ...]:
    """Return what robust standard errors are adjusted for, right-justified to `width`; nothing where not clustered."""
    if result.resampling is not None:
        return replications_line(result.resampling, width)
    robust = result.robust
    if robust is None or not robust.clustvar:
        return ()
    text = f"(Std. err. adjusted for {robust.n_clusters:,} clusters in {robust.clustvar})"
    return (Lines((text.rjust(width),)),)


def grouping_table(levels: tuple[LevelSummary, ...], *, indent: int = 0) -> Table:
    """Return the table of groups and observations per group, top level first."""
    head = (
        f"{'':{_GROUPS_STUB}} |     No. of       Observations per group",
        f"{'Group variable':>{_GROUPS_STUB}} |     groups    Minimum    Average    Maximum",
    )
    headings = ("No. of groups", "Minimum", "Average", "Maximum")
    keys = ("groups", "min", "avg", "max")
    columns = tuple(Column(key, text, end) for key, text, end in zip(keys, headings, _GROUPS_ENDS, strict=True))
    return Table(
        id="groups",
        stub="Group variable",
        columns=columns,
        rows=tuple(_grouping_row(level) for level in levels),
        layout=TextLayout(width=_GROUPS_WIDTH, stub=_GROUPS_STUB, head=head, indent=indent),
    )


def _grouping_row(level: LevelSummary) -> Row:
    label = abbreviate(level.name, 12)
    cells = (
        Cell(number_text(level.n_groups, COUNT), level.n_groups),
        Cell(number_text(level.smallest, COUNT), level.smallest),
        Cell(number_text(level.average, AVERAGE), level.average),
        Cell(number_text(level.largest, COUNT), level.largest),
    )
    return Row(label, cells, name=level.name, full=level.name if label != level.name else "")


def _has_groups(result: MixedResult) -> bool:
    """Tell whether groups matter; without effects and correlated residuals the model is a linear regression."""
    return result.residual is not None or any(block.structure is not None for block in result.blocks)


def _count(label: str, value: int, *, inner: bool = False) -> Figure:
    return Figure(label, number_text(value, COUNT), value, inner=inner)


def _group_figures(level: LevelSummary) -> tuple[Figure, ...]:
    return (
        _count("Number of groups", level.n_groups),
        Figure("Obs per group:"),
        _count("min", level.smallest, inner=True),
        Figure("avg", number_text(level.average, AVERAGE), level.average, inner=True),
        _count("max", level.largest, inner=True),
    )


def _df_figures(result: MixedResult) -> tuple[tuple[Figure, ...], tuple[str, ...]]:
    """Return the summary of the degrees of freedom and the lines to its left, both empty without ``dfmethod()``."""
    if result.ddf is None:
        return (), ()
    smallest, average, largest = (Figure("", number_text(v, DEGREES_SUMMARY), v) for v in result.ddf.summary)
    figures = (
        replace(smallest, label=f"DF:{'min':>{GROUPED_LABELS - 3}}"),
        replace(average, label="avg", inner=True),
        replace(largest, label="max", inner=True),
    )
    return figures, (f"DF method: {result.ddf.request.method.title}", "", "")


def _model_test(result: MixedResult) -> tuple[Figure, Figure]:
    """Return the test of the slopes, both values missing when there is no slope.

    It is an F test where ``dfmethod()`` defines denominator degrees of freedom for it, else the Wald test.
    """
    ddf = result.ddf
    if ddf is not None and math.isfinite(ddf.ddf_model):
        return (
            Figure(f"F({result.df_model}, {number_text(ddf.ddf_model, DENOMINATOR)})", number_text(ddf.F, CHI2), ddf.F),
            Figure("Prob > F", number_text(ddf.p_model, PROBABILITY), ddf.p_model),
        )
    how = result.resampling
    if how is not None and math.isfinite(how.df) and result.df_model:
        F = result.chi2 / result.df_model
        p = f_tail(F, result.df_model, how.df)
        return (
            Figure(f"F({result.df_model}, {how.df:g})", number_text(F, CHI2), F),
            Figure("Prob > F", number_text(p, PROBABILITY), p),
        )
    return (
        Figure(f"Wald chi2({result.df_model})", number_text(result.chi2, CHI2), result.chi2),
        Figure("Prob > chi2", number_text(result.p_model, PROBABILITY), result.p_model),
    )
