"""``tabstat``: statistics of several variables in one table ([R] tabstat)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from engine.commands.base import Context, Effects
from engine.errors import StataError
from engine.lang.abbrev import nearest
from engine.lang.command import Command, Part
from engine.lang.declaration import ByRule, Choice, CommandDecl, OptionDecl, OptionKind, VarlistRule
from engine.results.stored import Stored

if TYPE_CHECKING:
    from engine.commands.data.collapse_statistics import FloatArray, IntArray, Sample

DECLARATION = CommandDecl(
    name="tabstat",
    minimum=7,
    title="Compact table of summary statistics",
    help="Shows statistics of several variables in one table, also by the values of another.",
    menu=("Statistics", "Summaries, tables, and tests", "Other tables", "Compact table of summary statistics"),
    varlist=VarlistRule.REQUIRED,
    by=ByRule.EACH,
    allow_if=True,
    allow_in=True,
    weights=("aweight", "fweight"),
    options=(
        OptionDecl(
            name="statistics", minimum=1, kind=OptionKind.TEXT, label="Statistics", page="model",
            help="mean n sum max min range sd variance cv semean skewness kurtosis median p1 … p99 iqr q.",
        ),
        OptionDecl(name="stats", minimum=5, kind=OptionKind.TEXT, label="Statistics", older=True,
                   help="The same as statistics()."),
        OptionDecl(
            name="by", minimum=2, kind=OptionKind.VARIABLE, label="Group by", page="model",
            help="Show the statistics for each value of this variable.",
        ),
        OptionDecl(
            name="columns", minimum=1, kind=OptionKind.CHOICE, label="Columns", page="options",
            help="What the columns are: variables, unless there is one, or statistics.",
            choices=(Choice("variables", 1, "Variables"), Choice("statistics", 1, "Statistics")),
        ),
        OptionDecl(
            name="format", minimum=1, kind=OptionKind.FORMAT, label="Format", bare=True, page="options",
            help="Display format; without one, that of each variable.",
        ),
        OptionDecl(name="nototal", minimum=5, label="No total", help="Leave out the whole.", page="options"),
        OptionDecl(name="missing", minimum=1, label="Missing groups", page="options",
                   help="Show missing values of the group variable too."),
        OptionDecl(name="casewise", minimum=2, label="Complete observations", page="options",
                   help="Leave out observations with a missing value in any variable."),
        OptionDecl(name="longstub", minimum=1, label="Wide stub", page="options",
                   help="Name variable or statistic in each row."),
        OptionDecl(name="noseparator", minimum=3, label="No lines", help="No lines between groups.", page="options"),
        OptionDecl(name="save", minimum=4, label="Keep results", help="Leave the numbers in r().", page="options"),
    ),
    examples=("tabstat mathach ses", "tabstat mathach ses, by(sector) statistics(mean sd n)"),
    results=(("r(StatTotal)", "statistics of all (save)"), ("r(Stat1), r(name1), …", "those of each group (save)")),
)  # fmt: skip

_LABELS = {
    "mean": "Mean", "count": "N", "sum": "Sum", "max": "Max", "min": "Min", "range": "Range", "sd": "SD",
    "variance": "Variance", "cv": "CV", "semean": "SE(Mean)", "skewness": "Skewness", "kurtosis": "Kurtosis",
    "p50": "p50", "iqr": "IQR",
}  # fmt: skip
_WORDS = {
    "n": "count", "count": "count", "mean": "mean", "mea": "mean", "me": "mean", "sum": "sum", "su": "sum",
    "max": "max", "ma": "max", "min": "min", "mi": "min", "range": "range", "r": "range", "sd": "sd", "var": "variance",
    "variance": "variance", "cv": "cv", "semean": "semean", "sem": "semean", "skewness": "skewness", "sk": "skewness",
    "skew": "skewness", "kurtosis": "kurtosis", "k": "kurtosis", "kurt": "kurtosis", "median": "p50", "med": "p50",
    "iqr": "iqr",
}  # fmt: skip
_CELL = 10


class _Group(NamedTuple):
    """One group: its label, and its numbers, shape (statistics, variables)."""

    label: str
    values: FloatArray


class _Shape(NamedTuple):
    """What the table shows, and how."""

    names: tuple[str, ...]
    statistics: tuple[str, ...]
    formats: tuple[str, ...]
    by: str
    by_statistic: bool
    """Whether statistics stand in the columns."""
    long: bool
    lines: bool


def run(command: Command, context: Context) -> Effects:
    """Show the table."""
    import numpy as np

    from engine.data.missing import is_missing
    from engine.frame.groups import code_variable
    from engine.frame.resolve import resolve_names
    from engine.frame.rowweights import row_weights

    part, dataset = command.main, context.dataset
    names = resolve_names(part.body, dataset, span=part.body_span)
    for name in names:
        if dataset.variable(name).is_string:
            raise StataError(109, f"type mismatch: {name} holds text", part.body_span)
    shape = _shape(part, names, context)
    mask = context.selected(part)
    if part.has("casewise"):
        for name in names:
            mask &= ~is_missing(dataset.numeric(name))
    if shape.by and not part.has("missing"):
        text = dataset.variable(shape.by).is_string
        mask &= dataset.texts(shape.by) != "" if text else ~is_missing(dataset.numeric(shape.by))
    weights = row_weights(part.weight, dataset, mask, context.lookup)
    if not mask.any():
        raise StataError(2000, "no observations")
    rows = np.flatnonzero(mask)
    own = None if weights is None else weights.values[rows]
    kind = "" if weights is None else weights.kind
    columns = [dataset.numeric(name)[rows] for name in names]
    groups: list[_Group] = []
    if shape.by:
        codes = code_variable(dataset, shape.by, mask)
        labels = _group_labels(shape.by, rows[codes.first_rows()].tolist(), context)
        found = _numbers(columns, (codes.values, codes.n_groups), shape.statistics, (kind, own))
        groups = [_Group(label, found[g]) for g, label in enumerate(labels)]
    if not shape.by or not part.has("nototal"):
        whole = (np.zeros(len(rows), dtype=np.int64), 1)
        groups.append(_Group("Total", _numbers(columns, whole, shape.statistics, (kind, own))[0]))
    return _show(shape, groups, part, context)


def _shape(part: Part, names: tuple[str, ...], context: Context) -> _Shape:
    from engine.frame.resolve import resolve_names

    words = _statistics(part)
    by_option = part.option("by")
    by = ""
    if by_option is not None:
        found = resolve_names((by_option.argument or "").strip(), context.dataset, span=by_option.argument_span)
        if len(found) != 1:
            raise StataError(103, "by() takes one variable", by_option.argument_span)
        by = found[0]
    columns = part.option("columns")
    asked = (columns.argument or "") if columns is not None else ""
    by_statistic = asked.startswith("s") or (not asked and len(names) == 1)
    fmt = part.option("format")
    own = [context.dataset.variable(name).format for name in names] if fmt is not None else ["%9.0g"] * len(names)
    formats = [fmt.argument or one for one in own] if fmt is not None else own
    return _Shape(names, words, tuple(formats), by, by_statistic, part.has("longstub"), not part.has("noseparator"))


def _statistics(part: Part) -> tuple[str, ...]:
    """Return the statistics asked for under their own names; r(198) for one that there is not."""
    from engine.commands.data.collapse_statistics import find_statistic

    use = part.option("statistics") or part.option("stats")
    if use is None:
        return ("mean",)
    found: list[str] = []
    for word in (use.argument or "").replace(",", " ").split():
        name = _WORDS.get(word.lower(), word.lower())
        if name == "q":
            found += ["p25", "p50", "p75"]
            continue
        if name not in _LABELS:
            if not (name[:1] == "p" and name[1:].isdecimal()):
                meant = nearest(word, _LABELS)
                hint = f"; did you mean {meant}?" if meant else ""
                raise StataError(198, f"unknown statistic: {word}{hint}", use.argument_span)
            find_statistic(name, use.argument_span)
        found.append(name)
    if not found:
        raise StataError(198, "statistics() needs at least one statistic", use.span)
    return tuple(found)


def _numbers(
    columns: list[FloatArray],
    groups: tuple[IntArray, int],
    statistics: tuple[str, ...],
    weights: tuple[str, FloatArray | None],
) -> FloatArray:
    """Return the statistics, shape (groups, statistics, variables); nan where there is none."""
    import numpy as np

    from engine.commands.data.collapse_statistics import Sample
    from engine.data.missing import is_missing

    codes, n_groups = groups
    kind, own = weights
    found = np.full((n_groups, len(statistics), len(columns)), np.nan)
    for j, values in enumerate(columns):
        there = ~is_missing(values)
        if own is not None:
            there &= own > 0.0
        sample = Sample(
            values[there], codes[there].astype(np.int64), n_groups, kind, None if own is None else own[there]
        )
        for i, word in enumerate(statistics):
            found[:, i, j] = _statistic(word, sample)
    return found


def _statistic(word: str, sample: Sample) -> FloatArray:
    import numpy as np

    from engine.commands.data.collapse_statistics import find_statistic

    if word == "cv":
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(_statistic("sd", sample) / _statistic("mean", sample))
    compute = find_statistic(word, None)
    assert compute is not None
    return compute(sample)


def _group_labels(name: str, rows: list[int], context: Context) -> list[str]:
    from engine.data.formats import format_value

    variable = context.dataset.variable(name)
    if variable.is_string:
        texts = context.dataset.texts(name)
        return [str(texts[row]) for row in rows]
    words = context.dataset.labels_of(name)
    numbers = context.dataset.numeric(name)
    return [words.get(float(numbers[row])) or format_value(float(numbers[row]), variable.format) for row in rows]


def _show(shape: _Shape, groups: list[_Group], part: Part, context: Context) -> Effects:
    """Print the table and keep its numbers."""
    from engine.results.stored import DataRow, DataTable
    from engine.tables.document import Lines, Table, TextLayout

    lines = _lines(shape, groups)
    rows = tuple(
        DataRow(group.label, name, tuple(float(x) for x in group.values[:, j]))
        for group in groups
        for j, name in enumerate(shape.names)
    )
    data = DataTable("tabstat", shape.statistics, rows)
    context.say("", *_heading(shape, context))
    context.emit(
        Lines(("",)) if shape.by else Lines(()),
        Table("tabstat", shape.by, (), (), TextLayout(width=len(lines[0]), stub=8, drawn=tuple(lines)), data=data),
    )
    return Effects(tables=(data,), r=_stored(shape, groups) if part.has("save") else Stored())


def _heading(shape: _Shape, context: Context) -> list[str]:
    if not shape.by:
        return []
    label = context.dataset.variable(shape.by).label
    words = ", ".join(_LABELS.get(word, word) for word in shape.statistics)
    first = f"Summary for variables: {' '.join(shape.names)}" if shape.by_statistic else f"Summary statistics: {words}"
    return [first, f"Group variable: {shape.by}" + (f" ({label})" if label else "")]


def _lines(shape: _Shape, groups: list[_Group]) -> list[str]:
    statistics = [_LABELS.get(word, word) for word in shape.statistics]
    heads, inner = (statistics, list(shape.names)) if shape.by_statistic else (list(shape.names), statistics)
    own_stub = not shape.by or shape.long or (shape.by_statistic and len(inner) > 1)
    width = max([8, *(len(name) for name in inner)]) if own_stub else 0
    width = min(max(width, 12) if shape.by_statistic and own_stub and not shape.by else width, 16)
    by_width = min(max(8, len(shape.by), *(len(group.label) for group in groups)), 16) if shape.by else 0
    word = ("Variable" if shape.by_statistic else "Stats") if own_stub else ""
    between = "  " if shape.by and own_stub else ""
    stub = by_width + len(between) + width
    cell = max(_CELL, *(len(head) + 1 for head in heads if len(head) < 16))
    lines = [f"{shape.by[:16]:>{by_width}}{between}{word:>{width}} |" + "".join(f"{_cut(h):>{cell}}" for h in heads)]
    rule = "-" * (stub + 1) + "+" + "-" * (cell * len(heads))
    for k, group in enumerate(groups):
        if k == 0 or group.label == "Total" or (shape.lines and len(inner) > 1):
            lines.append(rule)
        for i, name in enumerate(inner):
            label = f"{group.label[:by_width] if shape.by and i == 0 else '':>{by_width}}"
            label += between + (f"{name[:16]:>{width}}" if own_stub else "")
            lines.append(f"{label} |" + "".join(f"{text:>{cell}}" for text in _cells(shape, group, i)))
    lines.append("-" * len(rule))
    return lines


def _cut(text: str) -> str:
    return text if len(text) < 16 else f"{text[:13]}~{text[-1]}"


def _cells(shape: _Shape, group: _Group, inner: int) -> list[str]:
    """Return the texts of one line."""
    import numpy as np

    from engine.data.formats import format_value
    from engine.data.missing import MISSING

    pairs = (
        [(i, inner) for i in range(len(shape.statistics))]
        if shape.by_statistic
        else [(inner, j) for j in range(len(shape.names))]
    )
    texts = []
    for i, j in pairs:
        value = float(group.values[i, j])
        fmt = "%9.0g" if shape.statistics[i] == "count" else shape.formats[j]
        texts.append(format_value(value if np.isfinite(value) else MISSING, fmt).strip())
    return texts


def _stored(shape: _Shape, groups: list[_Group]) -> Stored:
    """Return a matrix for each group, and its name."""
    from engine.data.matrix import Matrix

    rows = tuple(_LABELS.get(word, word) for word in shape.statistics)
    matrices: dict[str, Matrix] = {}
    macros: dict[str, str] = {}
    for k, group in enumerate(groups, start=1):
        name = "StatTotal" if group.label == "Total" and k == len(groups) else f"Stat{k}"
        matrices[name] = Matrix(rows, shape.names, group.values)
        if name != "StatTotal":
            macros[f"name{k}"] = group.label
    return Stored({}, macros, matrices)
