"""The header of ``mixed``: title, group counts, model test, log likelihood."""

from __future__ import annotations

from engine.results.mixed import LevelSummary, MixedResult
from engine.spec.mixed import DisplayOptions, Method
from engine.tables.document import Block, Cell, Column, Figure, Header, Lines, Role, Row, Table, TextLayout
from engine.tables.labels import abbreviate
from engine.tables.numbers import AVERAGE, CHI2, COUNT, LIKELIHOOD, PROBABILITY, number_text

GROUP_NAME = 14
"""Columns for the level variable in ``Group variable: id``."""
GROUPED_LABELS, PLAIN_LABELS = 16, 13
"""Width of the right-hand labels with and without the group lines."""

_GROUPS_STUB = 15
_GROUPS_WIDTH = 61
_GROUPS_ENDS = (28, 39, 50, 61)


def likelihood_label(method: Method) -> str:
    """Return what the criterion is called in log and header."""
    return "Log restricted-likelihood" if method is Method.REML else "Log likelihood"


def header_blocks(result: MixedResult, display: DisplayOptions) -> tuple[Block, ...]:
    """Return the header in the layout that the number of grouping levels asks for."""
    levels = () if display.nogroup or not _has_groups(result) else result.levels
    title = f"Mixed-effects {'REML' if result.method is Method.REML else 'ML'} regression"
    n_obs = _count("Number of obs", result.n_obs)
    test = _model_test(result)
    likelihood = f"{likelihood_label(result.method)} = {number_text(result.ll, LIKELIHOOD):>10}"
    if len(levels) == 1:
        level = levels[0]
        group = f"Group variable: {abbreviate(level.name, GROUP_NAME)}"
        left = (title, group, "", "", "", "", "", likelihood)
        return (Header(left, (n_obs, *_group_figures(level), *test), GROUPED_LABELS),)
    label_width = max(PLAIN_LABELS, len(test[0].label))
    value_width = max(len(figure.text) for figure in (n_obs, *test))
    if not levels:
        return (Header((title, "", likelihood), (n_obs, *test), label_width, value_width),)
    return (
        Header((title,), (n_obs,), label_width, value_width),
        Lines(("", f"{'':8}Grouping information"), Role.TITLE),
        grouping_table(levels, indent=8),
        Lines(("",)),
        Header(("", likelihood), test, label_width, value_width),
    )


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
    """Tell whether any equation has effects; without them the model is a linear regression."""
    return any(block.structure is not None for block in result.blocks)


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


def _model_test(result: MixedResult) -> tuple[Figure, Figure]:
    """Return the Wald test of the slopes; both values are missing when there is no slope."""
    return (
        Figure(f"Wald chi2({result.df_model})", number_text(result.chi2, CHI2), result.chi2),
        Figure("Prob > chi2", number_text(result.p_model, PROBABILITY), result.p_model),
    )
