"""``estimates replay``, ``estimates table`` and ``estimates stats``: stored results again, and side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.postestimation.estat_ic import OPTIONS, show
from engine.commands.postestimation.estimate_names import ACTIVE, listed
from engine.errors import StataError
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, Picks, VarlistRule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.lang.command import Command, OptionUse, Part
    from engine.results.estimates import Estimates
    from engine.results.stored import DataTable
    from engine.tables.estimates_compared import Compared, TableRequest

_USUAL = {"t": "%7.2f", "p": "%7.4f"}
"""Formats of statistics and p-values; standard errors follow the coefficients."""
_MENU = ("Statistics", "Postestimation", "Manage estimation results")

REPLAY = CommandDecl(
    name="estimates replay",
    minimum=1,
    title="Show estimation results again",
    help="Prints stored or active estimation results as their command did.",
    menu=(*_MENU, "Redisplay estimation output"),
    varlist=VarlistRule.TEXT,
    text_label="Names",
    picks=Picks.FITS,
    examples=("estimates replay", "estimates replay m1 m2"),
)


def _format(name: str, letters: int, label: str, what: str) -> OptionDecl:
    return OptionDecl(
        name=name, minimum=letters, kind=OptionKind.FORMAT, bare=True, label=label, page="model",
        help=f"Shows {what}; a format such as %9.3f may stand in brackets.",
    )  # fmt: skip


TABLE = CommandDecl(
    name="estimates table",
    minimum=1,
    title="Table of estimation results",
    help="Puts the coefficients of several estimation results side by side.",
    menu=(*_MENU, "Table of estimation results"),
    varlist=VarlistRule.TEXT,
    text_label="Models",
    picks=Picks.FITS,
    options=(
        _format("b", 1, "Coefficients", "coefficients, as always"),
        _format("se", 2, "Standard errors", "standard errors"),
        _format("t", 1, "t or z", "t or z statistics"),
        _format("p", 1, "p-values", "p-values"),
        OptionDecl(
            name="star", minimum=4, kind=OptionKind.NUMBERS, bare=True, label="Stars", page="model",
            help="Marks significant coefficients with *, **, ***; up to three levels in brackets, .05 .01 .001 else.",
        ),
        OptionDecl(
            name="stats", minimum=4, kind=OptionKind.TEXT, label="Statistics", page="model",
            help="Adds scalars of e() and aic, bic, rank below the coefficients, such as N ll aic bic.",
        ),
        OptionDecl(
            name="stfmt", minimum=5, kind=OptionKind.FORMAT, label="Format of the statistics", page="model",
            help="Format of the statistics.",
        ),
        OptionDecl(
            name="keep", minimum=1, kind=OptionKind.TEXT, label="Keep coefficients", page="model",
            picks=Picks.COEFFICIENTS,
            help="Shows only these coefficients, in this order; eq:name names one of an equation, eq: all of it.",
        ),
        OptionDecl(
            name="drop", minimum=2, kind=OptionKind.TEXT, label="Drop coefficients", page="model",
            picks=Picks.COEFFICIENTS,
            help="Leaves these coefficients out.",
        ),
        OptionDecl(
            name="eform", minimum=2, label="Exponentiated coefficients", page="model",
            help="Shows exp(b) of the fixed effects with standard errors by the delta method.",
        ),
        OptionDecl(
            name="label", minimum=1, label="Variable labels", page="model",
            help="Shows the labels of variables instead of their names.",
        ),
        OptionDecl(
            name="equations", minimum=2, kind=OptionKind.TEXT, label="Equations to match", page="model",
            help="equations(1) matches the first equations of the models, whatever their responses, under #1.",
        ),
        OptionDecl(
            name="varwidth", minimum=4, kind=OptionKind.INTEGER, low=5, high=60, label="Width of the names",
            page="model", help="Characters for the names of the coefficients.",
        ),
        OptionDecl(
            name="modelwidth", minimum=6, kind=OptionKind.INTEGER, low=5, high=60, label="Width of a model",
            page="model", help="Characters for the name of a model.",
        ),
        OptionDecl(
            name="style", minimum=3, kind=OptionKind.TEXT, label="Style of the lines", page="model",
            help="oneline (the default), noline or columns: which lines separate the columns.",
        ),
        OptionDecl(
            name="title", minimum=3, kind=OptionKind.STRING, label="Title", page="model",
            help="A line above the table.",
        ),
    ),
    examples=("estimates table m1 m2, b(%9.3f) se", "estimates table m1 m2, star stats(N ll aic bic)"),
)  # fmt: skip
STATS = CommandDecl(
    name="estimates stats",
    minimum=3,
    title="Information criteria of estimation results",
    help="Compares estimation results by their log likelihoods and information criteria.",
    menu=(*_MENU, "Table of fit statistics"),
    varlist=VarlistRule.TEXT,
    text_label="Models",
    picks=Picks.FITS,
    options=OPTIONS,
    examples=("estimates stats m1 m2", "estimates stats m1 ."),
)  # fmt: skip


def run_replay(command: Command, context: Context) -> Effects:
    """Print results again."""
    part = command.main
    return replay(listed(context, part.body, part.body_span), context)


def replay(found: Sequence[Estimates], context: Context) -> Effects:
    """Print results as their own command prints them, the active ones where none are named; those stay active."""
    from engine.commands import registry
    from engine.lang.parse_command import parse_command
    from engine.results.estimates import needs_estimates
    from engine.results.margins import PostedResult

    before = context.estimates
    tables: tuple[DataTable, ...] = ()
    r = None
    for each in found or (needs_estimates(before),):
        if found and each.name != ACTIVE:
            title = f"Model {each.name}" + (f" ({each.title})" if each.title else "")
            context.say("", "-" * context.settings.linesize, title, "-" * context.settings.linesize)
        if isinstance(each.result, PostedResult):
            tables = (*tables, _posted(each, context))
            continue
        context.estimates = each
        try:
            made = registry.runner(each.command)(parse_command(each.command, registry.find), context)
        finally:
            context.estimates = before
        tables, r = (*tables, *made.tables), made.r
    return Effects(tables=tables, r=r)


def _posted(estimates: Estimates, context: Context) -> DataTable:
    """Print the elements of e(b) of results that margins and others posted, with their tests."""
    import numpy as np

    from engine.postest.linear_tests import combinations
    from engine.postest.parameters import parameters_of
    from engine.tables.effects import EffectColumns
    from engine.tables.hypotheses import combination_data, combination_table

    parameters = parameters_of(estimates)
    level = context.settings.level
    found = combinations(parameters, np.eye(len(parameters.b)), level)
    columns = EffectColumns(heading="Coefficient", statistic=found.statistic, level=level)
    data = combination_data("fixed", estimates.result.depvar, parameters.names, found)
    context.say("")
    context.emit(combination_table(estimates.result.depvar, parameters.names, found, columns, data=data))
    return data


def run_stats(command: Command, context: Context) -> Effects:
    """Print the criteria, a row per result; r(111) and r(301) for results that are not there."""
    part = command.main
    models = listed(context, part.body, part.body_span)
    if not models:
        raise StataError(
            301, "no estimation results are stored; estimates store NAME keeps those of a model", part.body_span
        )
    return show(part, context, models)


def run_table(command: Command, context: Context) -> Effects:
    """Print the table; r(111) and r(301) for results that are not there."""
    from engine.results.stored import Stored
    from engine.tables.estimates_compared import compared, comparison_data, comparison_matrices
    from engine.tables.estimates_table import comparison_blocks

    part = command.main
    found = [each if each.name != ACTIVE else replace(each, name="Active") for each in _wanted(part, context)]
    request = _request(part)
    if part.has("label"):
        request = replace(request, labels={v.name: v.label for v in context.dataset.variables if v.label})
    models = compared(found, request)
    check_names(models, request, part)
    context.emit(*comparison_blocks(models, request))
    names = " ".join(each.name for each in found)
    r = Stored(macros={"names": names}, matrices=comparison_matrices(models, request))
    return Effects(tables=(comparison_data(models, request),), r=r)


def check_names(models: Sequence[Compared], request: TableRequest, part: Part) -> None:
    """Raise r(111) for a name in ``keep()`` or ``drop()`` that no model has."""
    from engine.tables.estimates_compared import unknown_names

    for option, names in (("keep", request.keep), ("drop", request.drop)):
        unknown = unknown_names(models, names)
        use = part.option(option)
        if unknown and use is not None:
            raise StataError(111, f"coefficient {unknown[0]} does not occur in any of the models", use.argument_span)


def _wanted(part: Part, context: Context) -> list[Estimates]:
    found = listed(context, part.body, part.body_span)
    if not found:
        raise StataError(301, "no estimation results are stored", part.body_span)
    return found


def _request(part: Part) -> TableRequest:
    from engine.tables.estimates_compared import TableRequest
    from engine.tables.estimates_table import BETA

    star = part.option("star")
    formats = {name: _chosen(part.option(name)) for name in ("b", "se", "t", "p") if part.has(name)}
    usual = formats.get("b") or BETA
    widths = {name: _whole(part.option(name)) for name in ("varwidth", "modelwidth")}
    style, title = part.option("style"), part.option("title")
    return TableRequest(
        formats={"b": usual}
        | {name: given or _USUAL.get(name, usual) for name, given in formats.items() if name != "b"},
        stars=_stars(star) if star is not None else (),
        stats=tuple(_words(part.option("stats"))),
        stats_format=_chosen(part.option("stfmt")) or "",
        keep=tuple(_words(part.option("keep"))),
        drop=tuple(_words(part.option("drop"))),
        eform=part.has("eform"),
        matched=_matched(part.option("equations")),
        stub=widths["varwidth"],
        width=widths["modelwidth"],
        lines=_style(style),
        title="" if title is None or title.argument is None else title.argument.strip('"'),
    )


def _matched(use: OptionUse | None) -> bool:
    """Tell whether first equations are matched: ``1``, or ``1:1:1`` for three models; r(198) for others."""
    words = (use.argument or "").split(":") if use is not None else ["1"]
    if any(word.strip() != "1" for word in words):
        raise StataError(
            198, "equations() matches the first equations of the models: write equations(1)", use.span if use else None
        )
    return use is not None


def _chosen(use: OptionUse | None) -> str | None:
    return None if use is None else use.argument


def _whole(use: OptionUse | None) -> int:
    return int(use.argument) if use is not None and use.argument else 0


def _words(use: OptionUse | None) -> list[str]:
    return (use.argument or "").replace(",", " ").split() if use is not None else []


def _style(use: OptionUse | None) -> str:
    word = (use.argument or "").strip() if use is not None else ""
    for name, minimum in (("oneline", 3), ("noline", 3), ("columns", 3)):
        if not word or (name.startswith(word) and len(word) >= minimum):
            return name
    raise StataError(
        198, "option style() incorrectly specified: write oneline, noline or columns", use.span if use else None
    )


def _stars(use: OptionUse) -> tuple[float, ...]:
    from engine.lang.numlist import parse_numlist

    if not use.argument:
        return (0.05, 0.01, 0.001)
    levels = tuple(sorted(parse_numlist(use.argument), reverse=True))
    if len(levels) > 3 or not all(0.0 < level < 1.0 for level in levels):
        raise StataError(198, "option star() incorrectly specified: up to three levels between 0 and 1", use.span)
    return levels


COMMANDS = ((REPLAY, run_replay), (TABLE, run_table), (STATS, run_stats))
