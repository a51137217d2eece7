"""``collapse`` and ``contract``: data of statistics or of frequencies in place of the observations ([D] collapse)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects, Run
from engine.commands.data.storage import fit
from engine.data.dataset import Column, Dataset, Variable, new_row_ids
from engine.data.formats import default_format
from engine.data.missing import from_doubles, is_missing, none_missing
from engine.data.names import is_legal
from engine.errors import Span, StataError
from engine.frame.groups import Codes, code_paths, code_variable
from engine.frame.resolve import resolve_names
from engine.lang.command import Command, Part
from engine.lang.declaration import (
    Choice,
    CommandDecl,
    OptionDecl,
    OptionKind,
    Picks,
    PieceDecl,
    PieceKind,
    VarlistRule,
)

if TYPE_CHECKING:
    from engine.commands.data.collapse_statistics import FloatArray, Sample
    from engine.frame.rowweights import RowWeights

COLLAPSE = CommandDecl(
    name="collapse",
    minimum=8,
    title="Make dataset of means, medians, etc.",
    help="collapse (stat) variables, by(groups) puts statistics of groups in place of the observations.",
    menu=("Data", "Create or change data", "Make dataset of means, medians, etc."),
    varlist=VarlistRule.TEXT,
    picks=Picks.VARIABLES,
    allow_if=True,
    allow_in=True,
    weights=("aweight", "fweight", "iweight", "pweight"),
    pieces=(
        PieceDecl(
            name="statistics",
            kind=PieceKind.STATISTICS,
            label="Statistics to collapse",
            help="Each statistic, the name of a new variable (the old one otherwise), and the variables.",
            choices=tuple(
                Choice(word, len(word), label)
                for word, label in (
                    ("mean", "Mean"),
                    ("median", "Median"),
                    ("sd", "Standard deviation"),
                    ("sum", "Sum"),
                    ("rawsum", "Unweighted sum"),
                    ("count", "Number of nonmissing values"),
                    ("min", "Minimum"),
                    ("max", "Maximum"),
                    ("iqr", "Interquartile range"),
                    ("p1", "1st percentile"),
                    ("p5", "5th percentile"),
                    ("p10", "10th percentile"),
                    ("p25", "25th percentile"),
                    ("p75", "75th percentile"),
                    ("p90", "90th percentile"),
                    ("p95", "95th percentile"),
                    ("p99", "99th percentile"),
                    ("first", "First value"),
                    ("last", "Last value"),
                    ("firstnm", "First nonmissing value"),
                    ("lastnm", "Last nonmissing value"),
                    ("semean", "Standard error of the mean"),
                )
            ),
            required=True,
        ),
    ),
    options=(
        OptionDecl(
            name="by",
            minimum=2,
            kind=OptionKind.VARIABLES,
            label="Groups",
            help="One observation for each combination of values of these variables; one in all otherwise.",
            page="model",
        ),
        OptionDecl(
            name="cw",
            minimum=2,
            label="Complete cases",
            help="Use only observations in which no variable is missing.",
            page="model",
        ),
        OptionDecl(
            name="fast", minimum=4, label="Fast", help="Do not keep the data for a Break (they always are kept)."
        ),
    ),
    examples=("collapse mathach ses, by(id)", "collapse (mean) m=mathach (sd) s=mathach (count) n=mathach, by(id)"),
)
CONTRACT = CommandDecl(
    name="contract",
    minimum=8,
    title="Make dataset of frequencies",
    help="contract variables puts each combination of values with its frequency in place of the observations.",
    menu=("Data", "Create or change data", "Make dataset of frequencies and percentages"),
    varlist=VarlistRule.REQUIRED,
    allow_if=True,
    allow_in=True,
    weights=("fweight",),
    options=(
        *(
            OptionDecl(name=name, minimum=least, kind=OptionKind.NAME, label=label, help=help_, page="model")
            for name, least, label, help_ in (
                ("freq", 1, "Frequency", "Name of the variable with the frequencies; _freq by default."),
                ("cfreq", 2, "Cumulated frequency", "Name of a variable with cumulated frequencies."),
                ("percent", 1, "Percentage", "Name of a variable with percentages."),
                ("cpercent", 2, "Cumulated percentage", "Name of a variable with cumulated percentages."),
            )
        ),
        OptionDecl(
            name="zero", minimum=1, label="Empty combinations", help="Include combinations that do not occur.",
            page="model",
        ),
        OptionDecl(
            name="nomiss", minimum=4, label="No missing values", help="Leave out observations with missing values.",
            page="model",
        ),
    ),
    examples=("contract sector female", "contract id, freq(n)"),
)  # fmt: skip

POSITIONS = ("first", "last", "firstnm", "lastnm")
"""Statistics that are values of an observation."""

_STATISTIC = re.compile(r"\(\s*(\w+)\s*\)")
_TARGET = re.compile(r"([^\W\d]\w*)\s*=\s*([^\W\d]\w*)")
_KEEPS_TYPE = {"min", "max", *POSITIONS}
_MOST_CELLS = 10_000_000


class Target(NamedTuple):
    """One new variable: its name, the variable it comes from and the statistic."""

    name: str
    source: str
    statistic: str


def read_targets(part: Part, dataset: Dataset) -> tuple[Target, ...]:
    """Read ``[(stat)] [target=]variables …``; r(110) for a name given twice."""
    from engine.commands.data.collapse_statistics import find_statistic

    targets: list[Target] = []
    statistic = "mean"
    pieces = _STATISTIC.split(part.body)
    for position, piece in enumerate(pieces):
        if position % 2:
            find_statistic(piece, part.body_span, POSITIONS)
            statistic = piece
            continue
        start = part.body_span[0] + part.body.find(piece)
        targets += _named(piece, statistic, dataset, (start, start + len(piece)))
    if not targets:
        raise StataError(198, "collapse needs variables, such as: collapse (mean) x, by(id)", part.body_span)
    names = [target.name for target in targets]
    for name in names:
        if names.count(name) > 1:
            message = f"name conflict: {name} would be made twice; write newname=variable before one of them"
            raise StataError(198, message, part.body_span)
    return tuple(targets)


def _named(piece: str, statistic: str, dataset: Dataset, span: Span) -> list[Target]:
    """Return the targets of one statistic."""
    targets: list[Target] = []
    at = 0
    for match in _TARGET.finditer(piece):
        before = piece[at : match.start()]
        targets += [Target(name, name, statistic) for name in resolve_names(before, dataset, span=span)]
        if not is_legal(match[1]):
            raise StataError(198, f"{match[1]} invalid name", span)
        targets.append(Target(match[1], resolve_names(match[2], dataset, span=span)[0], statistic))
        at = match.end()
    return [*targets, *(Target(name, name, statistic) for name in resolve_names(piece[at:], dataset, span=span))]


def _option_names(part: Part, option: str, dataset: Dataset) -> tuple[str, ...]:
    use = part.option(option)
    if use is None or not use.argument:
        return ()
    return resolve_names(use.argument, dataset, span=use.argument_span)


def run_collapse(command: Command, context: Context) -> Effects:
    """Put statistics of groups in place of the data."""
    from engine.frame.rowweights import row_weights

    part, dataset = command.main, context.dataset
    targets = read_targets(part, dataset)
    by = _option_names(part, "by", dataset)
    for target in targets:
        if target.name in by:
            raise StataError(198, f"{target.name} is in by() and cannot be made as well", part.body_span)
        text = dataset.variable(target.source).is_string
        if text and target.statistic not in (*POSITIONS, "count"):
            raise StataError(109, f"type mismatch: {target.source} holds text", part.body_span)
    mask = context.selected(part)
    weights = row_weights(part.weight, dataset, mask, context.lookup)
    if weights is not None:
        mask &= weights.values != 0.0
    if part.has("cw"):
        for target in targets:
            mask &= ~_absent(dataset, target.source)
    if not mask.any():
        raise StataError(2000, "no observations")
    codes = _codes(dataset, by, mask)
    rows = np.flatnonzero(mask)
    first = rows[codes.first_rows()]
    variables = [dataset.variable(name) for name in by]
    columns: dict[str, Column] = {name: dataset.columns[name][first] for name in by}
    for target in targets:
        context.cancel.check()
        variable, column = _collapsed(target, dataset, rows, codes, weights)
        variables.append(variable)
        columns[target.name] = column
    return Effects(dataset=_small(dataset, variables, columns, codes.n_groups, by))


def _codes(dataset: Dataset, names: tuple[str, ...], mask: npt.NDArray[np.bool_]) -> Codes:
    if not names:
        return code_variable(dataset, "_all", mask)
    return code_paths([code_variable(dataset, name, mask) for name in names])[-1]


def _absent(dataset: Dataset, name: str) -> npt.NDArray[np.bool_]:
    if dataset.variable(name).is_string:
        return np.asarray(dataset.texts(name) == "", dtype=bool)
    return is_missing(dataset.numeric(name))


def _small(
    dataset: Dataset, variables: list[Variable], columns: dict[str, Column], n_obs: int, sorted_by: tuple[str, ...]
) -> Dataset:
    """Return the data that take the place of the old ones; value labels that are still used stay."""
    used = {variable.value_label for variable in variables}
    labels = {name: entry for name, entry in dataset.value_labels.items() if name in used}
    return Dataset(
        variables=tuple(variables), columns=columns, n_obs=n_obs, row_ids=new_row_ids(n_obs), value_labels=labels,
        label=dataset.label, notes=dataset.notes, sorted_by=sorted_by, changed=True,
    )  # fmt: skip


def _collapsed(
    target: Target, dataset: Dataset, rows: npt.NDArray[np.intp], codes: Codes, weights: RowWeights | None
) -> tuple[Variable, Column]:
    """Return one new variable."""
    from engine.commands.data.collapse_statistics import Sample, find_statistic
    from engine.commands.data.egen_functions import missing_doubles

    source = dataset.variable(target.source)
    label = f"({target.statistic}) {source.label or source.name}"[:80]
    whole = None if source.is_string else dataset.shared(source.name)
    complete = whole is not None and len(rows) == dataset.n_obs and none_missing(whole)
    present = np.ones(len(rows), dtype=bool) if complete else ~_absent(dataset, target.source)[rows]
    if target.statistic in POSITIONS:
        chosen = _positions(target.statistic, present, codes)
        column = _values_at(dataset, source, rows, chosen)
        return replace(source, name=target.name, label=label), column
    own, kind = (None, "") if weights is None else (weights.values, weights.kind)
    if whole is None:
        sample = Sample(np.zeros(int(present.sum())), codes.values[present], codes.n_groups)
    elif complete:
        sample = Sample(whole, codes.values, codes.n_groups, kind, own)
    else:
        kept = rows[present]
        sample = Sample(whole[kept], codes.values[present], codes.n_groups, kind, None if own is None else own[kept])
    compute: Callable[[Sample], FloatArray] | None = find_statistic(target.statistic, None)
    assert compute is not None  # the positions were dealt with above
    values = missing_doubles(compute(sample))
    storage, fmt = _storage(target.statistic, source, values)
    kept_label = source.value_label if target.statistic in _KEEPS_TYPE else ""
    column = from_doubles(fit(values, storage), storage)
    return Variable(target.name, storage, fmt, label, kept_label), column


def _storage(statistic: str, source: Variable, values: FloatArray) -> tuple[str, str]:
    """Return storage type and format: those of the source for extremes, long for counts, otherwise float or double."""
    from engine.commands.data.collapse_statistics import SYNONYMS

    name = SYNONYMS.get(statistic, statistic)
    if name in _KEEPS_TYPE:
        return source.storage, source.format
    if name == "count":
        numbers = values[~is_missing(values)]
        whole = not len(numbers) or (bool((numbers == np.floor(numbers)).all()) and float(numbers.max()) < 2e9)
        return ("long", "%12.0g") if whole else ("double", "%10.0g")
    storage = "double" if name in ("sum", "rawsum") or source.storage in ("double", "long") else "float"
    fmt = source.format if not source.is_string and not source.format.startswith(("%t", "%d")) else ""
    return storage, fmt or default_format(storage)


def _positions(statistic: str, present: npt.NDArray[np.bool_], codes: Codes) -> npt.NDArray[np.int64]:
    """Return the row (within the sample) that each group's first or last value stands in, -1 where there is none."""
    usable = np.flatnonzero(present) if statistic.endswith("nm") else np.arange(len(present))
    chosen = np.full(codes.n_groups, -1, dtype=np.int64)
    ordered = usable if statistic.startswith("last") else usable[::-1]
    chosen[codes.values[ordered]] = ordered
    return chosen


def _values_at(dataset: Dataset, source: Variable, rows: npt.NDArray[np.intp], chosen: npt.NDArray[np.int64]) -> Column:
    from engine.commands.data.second_data import taken

    return taken(dataset, source.name, np.where(chosen < 0, -1, rows[np.maximum(chosen, 0)]), source.storage)


def run_contract(command: Command, context: Context) -> Effects:
    """Put each combination of values with its frequency in place of the data."""
    from engine.frame.rowweights import row_weights

    part, dataset = command.main, context.dataset
    names = resolve_names(part.body, dataset, span=part.body_span)
    made = {}
    for option in ("freq", "cfreq", "percent", "cpercent"):
        use = part.option(option)
        if use is not None and use.argument:
            made[option] = use.argument
    made.setdefault("freq", "_freq")
    for name in made.values():
        if name in names or not is_legal(name):
            raise StataError(110, f"variable {name} already defined", part.body_span)
    mask = context.selected(part)
    weights = row_weights(part.weight, dataset, mask, context.lookup)
    if part.has("nomiss"):
        for name in names:
            mask &= ~_absent(dataset, name)
    if not mask.any():
        raise StataError(2000, "no observations")
    rows = np.flatnonzero(mask)
    codes = _codes(dataset, names, mask)
    own = None if weights is None else weights.values[rows]
    frequency = np.bincount(codes.values, weights=own, minlength=codes.n_groups).astype(np.float64)
    first = rows[codes.first_rows()]
    columns: dict[str, Column] = {name: dataset.columns[name][first] for name in names}
    if part.has("zero"):
        columns, frequency = _all_cells(dataset, names, mask, columns, frequency)
    variables = [dataset.variable(name) for name in names]
    share = 100.0 * frequency / max(frequency.sum(), 1.0)
    values = {"freq": frequency, "cfreq": np.cumsum(frequency), "percent": share, "cpercent": np.cumsum(share)}
    words = {
        "freq": "Frequency",
        "cfreq": "Cumulative frequency",
        "percent": "Percentage",
        "cpercent": "Cumulative percentage",
    }
    for option, name in sorted(made.items(), key=lambda entry: list(words).index(entry[0])):
        storage, fmt = ("long", "%12.0g") if option.endswith("freq") else ("float", "%8.2f")
        variables.append(Variable(name, storage, fmt, words[option]))
        columns[name] = from_doubles(fit(values[option], storage), storage)
    return Effects(dataset=_small(dataset, variables, columns, len(frequency), names))


def _all_cells(
    dataset: Dataset,
    names: tuple[str, ...],
    mask: npt.NDArray[np.bool_],
    found: dict[str, Column],
    frequency: FloatArray,
) -> tuple[dict[str, Column], FloatArray]:
    """Return every combination of the values that occur, with 0 where it does not."""
    levels = [code_variable(dataset, name, mask) for name in names]
    rows = np.flatnonzero(mask)
    shape = tuple(level.n_groups for level in levels)
    total = int(np.prod([float(size) for size in shape]))
    if total > _MOST_CELLS:
        raise StataError(900, f"that would be {total:,} combinations")
    cells = np.indices(shape).reshape(len(shape), -1)
    columns = {
        name: dataset.columns[name][rows[level.first_rows()]][cell]
        for name, level, cell in zip(names, levels, cells, strict=True)
    }
    whole = np.zeros(total)
    place = np.ravel_multi_index(tuple(level.values for level in levels), shape)
    joint = code_paths(levels)[-1]
    where = np.empty(joint.n_groups, dtype=np.int64)
    where[joint.values] = place
    whole[where] = frequency
    return columns, whole


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = ((COLLAPSE, run_collapse), (CONTRACT, run_contract))
