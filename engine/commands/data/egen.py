"""``egen``: new variables from statistics of groups, ranks, groups of values and rows ([D] egen)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine.commands.base import Context, Effects
from engine.commands.data.storage import SHORTEST_STRINGS, fit, read_storage, stored, text_storage
from engine.commands.subcommand import only_options
from engine.data.dataset import Dataset, ValueLabel, Variable
from engine.data.formats import default_format, format_value
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.frame.groups import Codes, code_paths, code_variable
from engine.frame.resolve import check_new_name, resolve_names
from engine.lang.abbrev import nearest
from engine.lang.command import Command, Part
from engine.lang.declaration import ByRule, CommandDecl, OptionDecl, OptionKind, Picks, VarlistRule
from engine.lang.numlist import parse_numlist

if TYPE_CHECKING:
    from engine.commands.data.egen_request import FloatArray, Request, StringArray


def _flag(name: str, minimum: int, label: str, help_: str) -> OptionDecl:
    return OptionDecl(name=name, minimum=minimum, label=label, help=help_, page="model")


def _value(name: str, minimum: int, kind: OptionKind, label: str, help_: str) -> OptionDecl:
    return OptionDecl(name=name, minimum=minimum, kind=kind, label=label, help=help_, page="model")


DECLARATION = CommandDecl(
    name="egen",
    minimum=4,
    title="Create new variable (extended)",
    help="egen newvar = function(argument) makes a variable from statistics of groups, ranks or rows of variables.",
    menu=("Data", "Create or change data", "Create new variable (extended)"),
    varlist=VarlistRule.TEXT,
    picks=Picks.EXPRESSION,
    by=ByRule.WITHIN,
    allow_if=True,
    allow_in=True,
    options=(
        _value("by", 2, OptionKind.VARIABLES, "Groups", "Compute within the groups of these variables."),
        _value("p", 1, OptionKind.REAL, "Percentile", "Which percentile pctile() gives."),
        _value("at", 2, OptionKind.NUMBERS, "Ends of intervals", "Where cut() divides."),
        _value("group", 1, OptionKind.INTEGER, "Number of groups", "Into how many groups of like size cut() divides."),
        _flag("icodes", 1, "Number the intervals", "Let cut() give 0, 1, … in place of the left ends."),
        _value("values", 1, OptionKind.NUMBERS, "Values", "What anycount() and anymatch() look for."),
        _value("mean", 1, OptionKind.REAL, "Mean", "Mean of the result of std(); 0 by default."),
        OptionDecl(
            name="sd",
            minimum=2,
            kind=OptionKind.REAL,
            label="Standard deviation",
            help="Standard deviation of the result of std(); 1 by default.",
            page="model",
        ),
        _value("from", 1, OptionKind.INTEGER, "From", "Where seq() begins."),
        _value("to", 1, OptionKind.INTEGER, "To", "Where seq() ends and begins anew."),
        OptionDecl(
            name="block",
            minimum=1,
            kind=OptionKind.INTEGER,
            label="Block",
            help="How often seq() repeats each number.",
            low=1,
            page="model",
        ),
        _flag("missing", 1, "Missing values", "Treat missing values as a group, or total without values as missing."),
        _flag(
            "label",
            1,
            "Label the groups",
            "Label the groups of group() by their values, those of cut() by their left ends.",
        ),
        _flag("field", 3, "Field ranks", "rank(): 1 is the largest, ties share the best rank."),
        _flag("track", 2, "Track ranks", "rank(): 1 is the smallest, ties share the best rank."),
        _flag("unique", 2, "Unique ranks", "rank(): ties are ranked in the order of the data."),
        _value("punct", 1, OptionKind.TEXT, "Between", "What concat() puts between, and where ends() cuts."),
        _value("format", 1, OptionKind.FORMAT, "Format", "How concat() writes numbers."),
        _flag("decode", 1, "Labels", "concat(): words of value labels in place of numbers."),
        _flag("head", 4, "First word", "ends(): what comes before the first blank, as without options."),
        _flag("tail", 4, "All but the first", "ends(): what comes after the first blank."),
        _flag("last", 4, "Last word", "ends(): what comes after the last blank."),
        _flag("trim", 4, "Trim", "ends(): without blanks around."),
        _flag("minmode", 3, "Smallest mode", "mode(): the smallest of several."),
        _flag("maxmode", 3, "Largest mode", "mode(): the largest of several."),
        _value("nummode", 3, OptionKind.INTEGER, "Which mode", "mode(): which of several, the smallest being 1."),
        _flag("prop", 4, "Proportions", "pc(): proportions in place of percentages."),
    ),
    examples=("egen m = mean(mathach), by(id)", "bysort id: egen s = sd(ses)", "egen first = tag(id)"),
)

_MEANT = {"avg": "mean", "average": "mean", "stdev": "sd", "stddev": "sd", "variance": "sd", "percentile": "pctile",
          "minimum": "min", "maximum": "max", "n": "count", "standardize": "std", "id": "group"}  # fmt: skip
"""Words of other programs for functions."""

_CALL = re.compile(r"(?:(?P<type>\w+)\s+)?(?P<name>\w+)\s*=\s*(?P<function>\w+)\s*\((?P<argument>.*)\)\s*", re.DOTALL)


def run(command: Command, context: Context) -> Effects:
    """Add the variable."""
    from engine.commands.data.egen_functions import EGEN, missing_doubles
    from engine.commands.data.egen_request import Request

    part, dataset = command.main, context.dataset
    begin = part.body_span[0]
    match = _CALL.fullmatch(part.body)
    if match is None:
        raise StataError(198, "write egen newvar = function(argument)", part.body_span)
    name = check_new_name(match["name"], dataset, (begin + match.start("name"), begin + match.end("name")))
    function = EGEN.get(match["function"])
    if function is None:
        meant = _MEANT.get(match["function"]) or nearest(match["function"], EGEN)
        hint = f"; did you mean {meant}()?" if meant else ""
        span = (begin + match.start("function"), begin + match.end("function"))
        raise StataError(133, f"unknown egen function {match['function']}(){hint}", span)
    only_options(part, ("by", *function.options), f"{match['function']}()")
    if (context.groups is not None or part.has("by")) and not function.byable:
        raise StataError(190, f"egen ... {match['function']}() may not be combined with by")
    if not match["argument"].strip() and not function.bare:
        raise StataError(198, f"{match['function']}() needs an argument", part.body_span)
    span = (begin + match.start("argument"), begin + match.end("argument"))
    request = Request(match["argument"], span, part, context, context.selected(part), _codes(part, context))
    found = function.run(request)
    if found.dtype == object:
        return _text(dataset, request, match["type"] or "", name, found)
    values = missing_doubles(found)
    outside = 0.0 if match["function"] == "tag" else missing_doubles(np.array(np.nan))
    if not request.sample.all():
        values = np.where(request.sample, values, outside)
    usual = context.settings.storage if function.storage == "float" else function.storage
    storage = read_storage(match["type"], part.body_span) if match["type"] else usual
    if storage.startswith("str"):
        raise StataError(109, f"type mismatch: {match['function']}() gives numbers", part.body_span)
    return _added(dataset, request, Variable(name, storage, default_format(storage)), values)


def _text(dataset: Dataset, request: Request, asked: str, name: str, values: StringArray) -> Effects:
    """Return the data with a new variable of text."""
    if asked and not read_storage(asked, request.part.body_span).startswith("str"):
        raise StataError(109, f"type mismatch: the result is text, but {name} would be {asked}", request.part.body_span)
    column = np.where(request.sample, values, "").astype(object)
    storage = text_storage(column) if asked in {"", *SHORTEST_STRINGS} else asked
    column = fit(column, storage)
    absent = int(sum(text == "" for text in column))
    if absent:
        request.context.say(f"({absent:,} missing value{'' if absent == 1 else 's'} generated)")
    return Effects(dataset=dataset.with_variable(Variable(name, storage, default_format(storage)), column))


def _codes(part: Part, context: Context) -> Codes:
    """Return the group of every observation: that of the prefix or of by(), otherwise one for all."""
    n = context.dataset.n_obs
    use = part.option("by")
    if use is not None and use.argument:
        if context.groups is not None:
            raise StataError(190, "option by() may not be combined with the prefix by", use.span)
        names = resolve_names(use.argument, context.dataset, span=use.argument_span)
        return code_paths([code_variable(context.dataset, name) for name in names])[-1]
    if context.groups is not None:
        return Codes(context.groups.of_row, len(context.groups.starts))
    return Codes(np.zeros(n, dtype=np.int64), min(n, 1))


def _added(dataset: Dataset, request: Request, variable: Variable, values: FloatArray) -> Effects:
    """Return the data with the new variable, and say how many values are missing."""
    column, absent = stored(values, variable.storage)
    if absent:
        request.context.say(f"({absent:,} missing value{'' if absent == 1 else 's'} generated)")
    if request.part.has("label"):
        cut = request.part.has("at") or request.part.has("group")
        words = _left_ends(request, values) if cut else _paths(request, values)
        labels = {**dataset.value_labels, variable.name: ValueLabel(variable.name, words)}
        dataset = replace(dataset, value_labels=labels)
        variable = replace(variable, value_label=variable.name)
    return Effects(dataset=dataset.with_variable(variable, column))


def _left_ends(request: Request, values: FloatArray) -> dict[float, str]:
    """Return the words of cut(): where each interval begins, in group() its smallest value."""
    used, at = ~is_missing(values), request.part.option("at")
    if at is not None:
        ends = parse_numlist(at.argument or "")
        return {float(code): f"{format_value(end, '%9.0g').strip()}-" for code, end in enumerate(ends[:-1])}
    codes, place = np.unique(values[used], return_inverse=True)
    smallest = np.full(len(codes), np.inf)
    np.minimum.at(smallest, place, request.context.dataset.numeric(request.names()[0])[used])
    texts = (f"{format_value(float(value), '%9.0g').strip()}-" for value in smallest)
    return dict(zip(codes.tolist(), texts, strict=True))


def _paths(request: Request, values: FloatArray) -> dict[float, str]:
    """Return the words of group(): the values that form each group."""
    data = request.context.dataset
    used = np.flatnonzero(~is_missing(values))
    codes, first = np.unique(values[used], return_index=True)
    texts: dict[float, str] = {}
    for code, row in zip(codes.tolist(), used[first], strict=True):
        words = []
        for source in request.names():
            variable = data.variable(source)
            if variable.is_string:
                words.append(str(data.texts(source)[row]))
                continue
            value = float(data.numeric(source)[row])
            words.append(data.labels_of(source).get(value) or format_value(value, variable.format))
        texts[code] = " ".join(words)
    return texts
