"""``table``: frequencies and statistics by groups, in rows and columns ([R] table)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects
from engine.data.dataset import Dataset
from engine.data.formats import check_format, format_value
from engine.data.missing import is_missing
from engine.errors import Span, StataError
from engine.frame.groups import code_variable
from engine.frame.resolve import resolve_names
from engine.lang.command import Command, Part
from engine.lang.declaration import ByRule, CommandDecl, OptionDecl, OptionKind, PieceDecl, PieceKind, VarlistRule
from engine.results.stored import Stored
from engine.tables.document import Lines

if TYPE_CHECKING:
    from engine.tables.summary_grid import Dimension, Result


def _text(name: str, minimum: int, label: str, help_: str) -> OptionDecl:
    return OptionDecl(
        name=name, minimum=minimum, kind=OptionKind.TEXT, label=label, help=help_, page="model", repeatable=True
    )


def _flag(name: str, minimum: int, label: str, help_: str) -> OptionDecl:
    return OptionDecl(name=name, minimum=minimum, label=label, help=help_, page="model")


DECLARATION = CommandDecl(
    name="table",
    minimum=5,
    title="Tables of frequencies, summaries, and command results",
    help="table ROWVARS COLVARS shows frequencies, or the statistics asked for, of groups; brackets hold several "
    "variables together.",
    menu=("Statistics", "Summaries, tables, and tests", "Other tables", "Table of statistics"),
    varlist=VarlistRule.OPTIONAL,
    pieces=(
        PieceDecl(name="rows", kind=PieceKind.BRACKETS, label="Row variables", help="Variables that make the rows."),
        PieceDecl(
            name="columns", kind=PieceKind.BRACKETS, label="Column variables", help="Variables that make the columns."
        ),
    ),
    by=ByRule.EACH,
    allow_if=True,
    allow_in=True,
    weights=("aweight", "fweight", "iweight", "pweight"),
    options=(
        _text("statistic", 4, "Statistic", "A statistic and its variables, such as mean x y; may be repeated."),
        _text("contents", 1, "Contents", "The older form: freq mean x sd x."),
        _text("nformat", 4, "Number format", "Display format, and the statistics it is for."),
        _text("format", 6, "Format", "The older form: display format of all numbers."),
        _flag("nototals", 5, "No totals", "Leave the totals out."),
        _flag("missing", 1, "Missing values", "Treat missing values like other values."),
        _flag("row", 3, "Row total", "With contents(): add a row for all."),
        _flag("column", 3, "Column total", "With contents(): add a column for all."),
    ),
    examples=("table sector female", "table sector, statistic(mean mathach ses) statistic(sd mathach)"),
)

_GROUP = re.compile(r"\(([^()]*)\)|([^\s()]+)")
_MOST_CELLS = 200_000
WORDS = {
    "frequency": "Frequency", "percent": "Percent", "mean": "Mean", "sd": "Standard deviation", "sum": "Total",
    "total": "Total", "median": "Median", "count": "Number of nonmissing values", "min": "Minimum value",
    "max": "Maximum value", "range": "Range", "iqr": "Interquartile range", "variance": "Variance",
    "skewness": "Skewness", "kurtosis": "Kurtosis", "semean": "Standard error of mean", "rawsum": "Unweighted total",
    "sebinomial": "Standard error of mean, binomial", "sepoisson": "Standard error of mean, Poisson",
}  # fmt: skip
_ALIASES = {
    "freq": "frequency", "fvfrequency": "frequency", "n": "count", "minimum": "min", "maximum": "max", "q2": "median",
    "p50": "median", "q1": "p25", "q3": "p75", "med": "median", "stdev": "sd", "sumw": "sum", "perc": "percent",
}  # fmt: skip
_COUNTS = ("frequency", "percent")


class _Rows(NamedTuple):
    """The observations in the table: their numbers, weights, and the code of each in each dimension."""

    numbers: npt.NDArray[np.intp]
    codes: tuple[npt.NDArray[np.int64], ...]
    sizes: tuple[int, ...]
    kind: str
    weights: npt.NDArray[np.float64] | None


def run(command: Command, context: Context) -> Effects:
    """Show the table."""
    from engine.frame.rowweights import row_weights
    from engine.tables.summary_grid import Figures, grid_table

    part, dataset = command.main, context.dataset
    row_names, column_names = _dimensions(part, dataset)
    results = _results(part, dataset)
    mask = context.selected(part)
    names = (*row_names, *column_names)
    for name in names:
        mask &= part.has("missing") | ~_absent(dataset, name)
    weights = row_weights(part.weight, dataset, mask, context.lookup)
    if not mask.any():
        context.say("no observations")
        return Effects(r=Stored({"N": 0.0}))
    coded = [code_variable(dataset, name, mask) for name in names]
    sizes = tuple(codes.n_groups for codes in coded)
    if np.prod([size + 1.0 for size in sizes]) * len(results) > _MOST_CELLS:
        raise StataError(134, "too many values: the table would have more than 200,000 cells", part.body_span)
    numbers = np.flatnonzero(mask)
    kind, own = ("", None) if weights is None else (weights.kind, weights.values[numbers])
    rows = _Rows(numbers, tuple(codes.values for codes in coded), sizes, kind, own)
    dimensions = tuple(
        _dimension(dataset, name, numbers[codes.first_rows()]) for name, codes in zip(names, coded, strict=True)
    )
    count = _cells(rows, None, dataset, "frequency", context)
    figures = Figures(
        results=results,
        counts=count,
        values=tuple(_cells(rows, result.variable, dataset, result.statistic, context) for result in results),
        row_total=not part.has("nototals") if not part.has("contents") else part.has("row"),
        column_total=not part.has("nototals") if not part.has("contents") else part.has("column"),
    )
    k = len(row_names)
    table = grid_table(dimensions[:k], dimensions[k:], figures, context.settings.linesize)
    context.emit(Lines(("",)), table)
    tables = (table.data,) if table.data is not None else ()
    return Effects(tables=tables, r=Stored({"N": float(len(numbers))}))


def _dimensions(part: Part, dataset: Dataset) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the variables of the rows and of the columns; without brackets the second variable makes the columns."""
    groups: list[tuple[str, ...]] = []
    for match in _GROUP.finditer(part.body):
        text = match[1] if match[1] is not None else match[2]
        start = part.body_span[0] + match.start(1 if match[1] is not None else 2)
        groups.append(resolve_names(text, dataset, span=(start, start + len(text))))
    if not part.body:
        return (), ()
    bracketed = "(" in part.body
    if not bracketed and len(groups) == 1 and len(groups[0]) <= 2:
        groups = [(name,) for name in groups[0]]
    if len(groups) > 2:
        message = "too many variables specified: write table (ROWVARS) (COLVARS), with brackets around several"
        raise StataError(103, message, part.body_span)
    rows, columns = (*groups, (), ())[:2]
    if set(rows) & set(columns) or len(rows) + len(columns) > 6:
        raise StataError(198, "a variable stands in rows or columns once, and there are at most six", part.body_span)
    return rows, columns


def _results(part: Part, dataset: Dataset) -> tuple[Result, ...]:
    """Return the statistics asked for, frequencies without any."""
    found: list[Result] = []
    for use in part.options:
        if use.decl.name not in ("statistic", "contents") or not use.argument:
            continue
        span = use.argument_span
        if use.decl.name == "contents":
            found += _older(use.argument, dataset, span)
        else:
            word, _, rest = use.argument.partition(" ")
            word = _statistic(word, span)
            if word in _COUNTS:
                found.append(_result(word, None, dataset))
                continue
            sources = resolve_names(rest.partition(",")[0], dataset, span=span)
            if not sources:
                raise StataError(100, f"statistic({word}) needs variables", span)
            found += [_result(word, name, dataset, span) for name in sources]
    return _formatted(tuple(found) or (_result("frequency", None, dataset),), part)


def _older(text: str, dataset: Dataset, span: Span | None) -> Iterator[Result]:
    """Read ``freq mean x sd x``."""
    words = text.split()
    at = 0
    while at < len(words):
        word = _statistic(words[at], span)
        if word in _COUNTS:
            yield _result(word, None, dataset)
            at += 1
            continue
        if at + 1 == len(words):
            raise StataError(198, f"contents(): {words[at]} needs a variable behind it", span)
        yield _result(word, resolve_names(words[at + 1], dataset, span=span)[0], dataset, span)
        at += 2


def _statistic(word: str, span: Span | None) -> str:
    """Return a statistic's own name; r(198) when there is none such."""
    from engine.commands.data.collapse_statistics import find_statistic

    name = _ALIASES.get(word.lower(), word.lower())
    if name not in _COUNTS:
        find_statistic(name, span)
    return name


def _result(word: str, name: str | None, dataset: Dataset, span: Span | None = None) -> Result:
    from engine.tables.summary_grid import Result

    if name is not None and dataset.variable(name).is_string and word != "count":
        raise StataError(109, f"type mismatch: {name} holds text", span)
    label = WORDS.get(word) or f"{word[1:]}{_ordinal(int(word[1:]))} percentile"
    fmt = {"frequency": "%12.0gc", "count": "%12.0gc", "percent": "%9.2f"}.get(word, "%9.0g")
    title = "" if name is None else dataset.variable(name).label or name
    return Result(word, name, label, title, fmt)


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _formatted(results: tuple[Result, ...], part: Part) -> tuple[Result, ...]:
    """Return the statistics with the formats of nformat() and format()."""
    for use in part.options:
        if use.decl.name not in ("nformat", "format") or not use.argument:
            continue
        fmt, _, words = use.argument.partition(" ")
        try:
            check_format(fmt, text=False)
        except StataError as error:
            raise StataError(error.rc, error.message, use.argument_span) from None
        chosen = {_statistic(word, use.argument_span) for word in words.split()}
        results = tuple(
            result.with_format(fmt) if not chosen or result.statistic in chosen else result for result in results
        )
    return results


def _absent(dataset: Dataset, name: str) -> npt.NDArray[np.bool_]:
    if dataset.variable(name).is_string:
        return np.asarray(dataset.texts(name) == "", dtype=bool)
    return is_missing(dataset.numeric(name))


def _dimension(dataset: Dataset, name: str, firsts: npt.NDArray[np.intp]) -> Dimension:
    """Return a variable's title and the texts of its values, `firsts` being a row with each."""
    from engine.tables.summary_grid import Dimension

    variable = dataset.variable(name)
    if variable.is_string:
        texts = tuple(str(text) for text in dataset.texts(name)[firsts])
        return Dimension(name, variable.label or name, texts, texts)
    values = dataset.numeric(name)[firsts].tolist()
    plain = tuple(format_value(value, variable.format) for value in values)
    labels = dataset.labels_of(name)
    shown = tuple(labels.get(value, text) for value, text in zip(values, plain, strict=True))
    return Dimension(name, variable.label or name, shown, plain)


def _cells(
    rows: _Rows, name: str | None, dataset: Dataset, statistic: str, context: Context
) -> npt.NDArray[np.float64]:
    """Return a statistic of every cell, shape (size + 1, …), the last of each dimension being its total."""
    from engine.commands.data.collapse_statistics import Sample, find_statistic

    values = np.zeros(len(rows.numbers))
    present = np.ones(len(values), dtype=bool)
    if name is not None:
        present = ~_absent(dataset, name)[rows.numbers]
        if not dataset.variable(name).is_string:
            values = dataset.numeric(name)[rows.numbers]
    weights = None if rows.weights is None else rows.weights[present]
    codes = [code[present] for code in rows.codes]
    compute = find_statistic("count" if statistic in _COUNTS else statistic, None)
    assert compute is not None  # only `collapse` has statistics of its own
    d = len(codes)
    result = np.full(tuple(size + 1 for size in rows.sizes), np.nan)
    for kept in chain.from_iterable(combinations(range(d), k) for k in range(d + 1)):
        context.cancel.check()
        shape = tuple(rows.sizes[k] for k in kept)
        n_groups = int(np.prod(shape, dtype=np.int64))
        joint = np.zeros(int(present.sum()), dtype=np.int64)
        if kept:
            joint = np.ravel_multi_index(tuple(codes[k] for k in kept), shape).astype(np.int64)
        found = compute(Sample(values[present], joint, n_groups, rows.kind, weights))
        place = tuple(slice(0, rows.sizes[k]) if k in kept else rows.sizes[k] for k in range(d))
        result[place] = found.reshape(shape)
    if statistic == "percent":
        return np.asarray(100.0 * result / result[tuple(rows.sizes)], dtype=np.float64)
    return result
