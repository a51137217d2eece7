"""``tabulate``: frequencies of one variable or of two ([R] tabulate)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects
from engine.commands.subcommand import only_options
from engine.data.dataset import Dataset, Variable
from engine.data.formats import format_value
from engine.data.matrix import Matrix, unnamed
from engine.data.missing import MISSING, from_doubles, is_missing
from engine.errors import StataError
from engine.frame.resolve import check_new_name, resolve_names
from engine.lang.command import Command, Part
from engine.lang.declaration import ByRule, CommandDecl, OptionDecl, OptionKind, VarlistRule
from engine.results.stored import Stored
from engine.tables.document import Lines


def _flag(name: str, minimum: int, label: str, help_: str) -> OptionDecl:
    return OptionDecl(name=name, minimum=minimum, label=label, help=help_, page="model")


DECLARATION = CommandDecl(
    name="tabulate",
    minimum=2,
    title="One- and two-way tables",
    help="Shows how often each value of a variable, or each combination of two, occurs.",
    menu=("Statistics", "Summaries, tables, and tests", "Frequency tables", "One- and two-way tables"),
    varlist=VarlistRule.REQUIRED,
    by=ByRule.EACH,
    allow_if=True,
    allow_in=True,
    weights=("fweight",),
    options=(
        _flag("missing", 1, "Missing values", "Count missing values like other values."),
        _flag("nolabel", 3, "Values", "Show values in place of their labels."),
        _flag("sort", 3, "Most frequent first", "Order the rows of a one-way table by frequency."),
        _flag("row", 1, "Row percentages", "Show the percentage of each row's total."),
        _flag("column", 3, "Column percentages", "Show the percentage of each column's total."),
        _flag("cell", 2, "Percentages of the total", "Show the percentage of the table's total."),
        _flag("nofreq", 4, "No frequencies", "Leave the frequencies out."),
        _flag("expected", 1, "Expected frequencies", "Show what independence would lead one to expect."),
        _flag("chi2", 2, "Pearson's chi-squared", "Test whether the two variables are independent."),
        _flag("lrchi2", 2, "Likelihood-ratio chi-squared", "The same test by the likelihood ratio."),
        _flag("exact", 2, "Fisher's exact test", "The same test exactly, for tables of 2 by 2."),
        _flag("V", 1, "Cramér's V", "Show how strongly the variables go together."),
        _flag("gamma", 1, "Goodman and Kruskal's gamma", "Association of ordered variables."),
        _flag("taub", 1, "Kendall's tau-b", "Association of ordered variables, ties taken into account."),
        _flag("all", 2, "All measures", "The same as chi2 lrchi2 V gamma taub."),
        _flag("nokey", 3, "No key", "Leave out the box that says what stands in the cells."),
        _flag("wrap", 1, "Wide tables", "Does nothing here: lines are not broken."),
        OptionDecl(
            name="summarize",
            minimum=2,
            kind=OptionKind.VARIABLE,
            label="Summarize",
            page="summarize",
            help="Show mean, standard deviation and number of observations of this variable in each cell.",
        ),
        *(
            OptionDecl(name=name, minimum=len(name), label=label, help=help_, page="summarize")
            for name, label, help_ in (
                ("means", "Means only", "With summarize(): show means, and what else is asked for."),
                ("standard", "Standard deviations only", "With summarize(): show standard deviations."),
                ("freq", "Frequencies only", "With summarize(): show frequencies."),
                ("nomeans", "No means", "With summarize(): leave out the means."),
                ("nostandard", "No standard deviations", "With summarize(): leave out the standard deviations."),
            )
        ),
        OptionDecl(
            name="matcell",
            minimum=7,
            kind=OptionKind.NAME,
            label="Matrix of frequencies",
            page="model",
            help="Name of a matrix for the frequencies.",
        ),
        OptionDecl(
            name="matrow",
            minimum=6,
            kind=OptionKind.NAME,
            label="Matrix of row values",
            page="model",
            help="Name of a matrix for the values of the rows.",
        ),
        OptionDecl(
            name="matcol",
            minimum=6,
            kind=OptionKind.NAME,
            label="Matrix of column values",
            page="model",
            help="Name of a matrix for the values of the columns.",
        ),
        OptionDecl(
            name="generate",
            minimum=3,
            kind=OptionKind.NAME,
            label="Indicator variables",
            help="Make a variable for each value, named with this stub and 1, 2, ….",
            page="model",
        ),
    ),
    examples=("tabulate sector", "tabulate sector female, row chi2"),
    results=(
        ("r(N), r(r), r(c)", "numbers of observations, rows and columns"),
        ("r(chi2), r(p)", "Pearson's chi-squared and its p-value (chi2)"),
        ("r(chi2_lr), r(p_lr)", "likelihood-ratio chi-squared and its p-value (lrchi2)"),
        ("r(p_exact), r(p1_exact)", "Fisher's exact p-values, two-sided and one-sided (exact)"),
        ("r(CramersV), r(gamma), r(ase_gam), r(taub), r(ase_taub)", "measures of association"),
    ),
)

MOST_ROWS = 12_000
MOST_COLUMNS = 80
MEASURES = ("chi2", "lrchi2", "V", "gamma", "taub", "exact")
_SUMMARIES = ("means", "standard", "freq", "nomeans", "nostandard")
"""Options that say what of ``summarize()`` is shown."""
_TWO_WAY = ("row", "column", "cell", "expected", "all", "matcol", *MEASURES)


def run(command: Command, context: Context) -> Effects:
    """Show the table; r() holds N, r, c and, with chi2, the test."""
    from engine.frame.rowweights import row_weights

    part, dataset = command.main, context.dataset
    names = resolve_names(part.body, dataset, span=part.body_span, unique=False)
    if len(names) > 2:
        raise StataError(103, "too many variables specified: tabulate takes one or two", part.body_span)
    _check_options(part, len(names))
    mask = context.selected(part)
    for name in names:
        mask &= part.has("missing") | ~_absent(dataset, name)
    weights = row_weights(part.weight, dataset, mask, context.lookup)
    if weights is not None:
        mask &= weights.values != 0.0
    if part.has("summarize"):
        from engine.commands.summaries.tabulate_summarize import run_summarize

        return run_summarize(part, names, mask, context)
    if not mask.any():
        context.say("no observations")
        return Effects(r=Stored({"N": 0.0}))
    repeats = None if weights is None else weights.values[mask]
    coded = [_coded(dataset, name, mask, repeats, labels=not part.has("nolabel")) for name in names]
    return _one(part, names[0], coded[0], mask, context) if len(names) == 1 else _two(part, names, coded, context)


def _check_options(part: Part, n_variables: int) -> None:
    if part.has("summarize"):
        only_options(part, ("summarize", "missing", "nolabel", "wrap", "nofreq", *_SUMMARIES), "summarize()")
    forbidden = ("sort", "generate") if n_variables == 2 else _TWO_WAY
    for use in part.options:
        word = use.decl.name
        if word in forbidden:
            raise StataError(198, f"option {word} not allowed with {n_variables} variables", use.span)
        if word in _SUMMARIES and not part.has("summarize"):
            raise StataError(198, f"option {word} goes together with summarize()", use.span)


def _absent(dataset: Dataset, name: str) -> npt.NDArray[np.bool_]:
    if dataset.variable(name).is_string:
        return np.asarray(dataset.texts(name) == "", dtype=bool)
    return is_missing(dataset.numeric(name))


class _Coded(NamedTuple):
    """The code of each row, the shown and the plain text of each value, and how often a row counts (None: once)."""

    codes: npt.NDArray[np.int64]
    shown: list[str]
    plain: list[str]
    values: npt.NDArray[np.float64]
    """The values, missing for text."""
    repeats: npt.NDArray[np.float64] | None

    def counts(self, codes: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
        """Return how often each of `size` codes occurs."""
        return np.rint(np.bincount(codes, weights=self.repeats, minlength=size)).astype(np.int64)


def _coded(
    dataset: Dataset,
    name: str,
    mask: npt.NDArray[np.bool_],
    repeats: npt.NDArray[np.float64] | None,
    *,
    labels: bool,
) -> _Coded:
    """Code the values of a variable."""
    variable = dataset.variable(name)
    values = (dataset.texts(name) if variable.is_string else dataset.numeric(name))[mask]
    distinct, codes = np.unique(values, return_inverse=True)
    if len(distinct) > MOST_ROWS:
        raise StataError(134, f"too many values: {name} has {len(distinct):,}, a table holds {MOST_ROWS:,}")
    plain = [str(v) if variable.is_string else format_value(v, variable.format) for v in distinct.tolist()]
    words = dataset.labels_of(name) if labels and not variable.is_string else {}
    shown = [words.get(v, text) for v, text in zip(distinct.tolist(), plain, strict=True)]
    numbers = np.full(len(distinct), np.nan) if variable.is_string else distinct.astype(np.float64)
    return _Coded(codes.astype(np.int64), shown, plain, np.where(numbers < MISSING, numbers, np.nan), repeats)


def _one(
    part: Part,
    name: str,
    coded: _Coded,
    mask: npt.NDArray[np.bool_],
    context: Context,
) -> Effects:
    from engine.tables.crosstab import one_way

    labels, plain = coded.shown, coded.plain
    counts = coded.counts(coded.codes, len(labels))
    order = np.argsort(-counts, kind="stable") if part.has("sort") else np.arange(len(labels))
    title = context.dataset.variable(name).label or name
    table = one_way(title, [labels[k] for k in order], [plain[k] for k in order], counts[order])
    if not part.has("nofreq"):
        context.emit(Lines(("",)), table)
    dataset = _indicators(part, name, coded, mask, context)
    return Effects(
        tables=(table.data,) if table.data is not None else (),
        r=Stored({"N": float(counts.sum()), "r": float(len(labels))}),
        dataset=dataset,
        matrices=_matrices(part, coded.values[order], None, counts[order][:, np.newaxis]),
    )


def _matrices(
    part: Part,
    rows: npt.NDArray[np.float64],
    cols: npt.NDArray[np.float64] | None,
    counts: npt.NDArray[np.int64],
) -> dict[str, Matrix | None]:
    """Return the matrices that matcell(), matrow() and matcol() ask for."""
    wanted = {"matcell": counts.astype(np.float64), "matrow": rows[:, np.newaxis]}
    if cols is not None:
        wanted["matcol"] = cols[np.newaxis, :]
    found: dict[str, Matrix | None] = {}
    for word, values in wanted.items():
        use = part.option(word)
        if use is not None and use.argument:
            found[use.argument.strip()] = unnamed(values)
    return found


def _indicators(
    part: Part,
    name: str,
    coded: _Coded,
    mask: npt.NDArray[np.bool_],
    context: Context,
) -> Dataset | None:
    """Return the data with a variable for each value, None without generate()."""
    use = part.option("generate")
    if use is None or not use.argument:
        return None
    codes, plain = coded.codes, coded.plain
    dataset = context.dataset
    for k, text in enumerate(plain):
        new = check_new_name(f"{use.argument.strip()}{k + 1}", dataset, use.argument_span)
        values = np.full(dataset.n_obs, from_doubles(np.array([np.inf]), "byte")[0], dtype=np.int8)
        values[mask] = codes == k
        dataset = dataset.with_variable(Variable(new, "byte", "%8.0g", f"{name}=={text}"[:80]), values)
    return dataset


def _two(
    part: Part,
    names: tuple[str, ...],
    coded: list[_Coded],
    context: Context,
) -> Effects:
    from engine.tables.crosstab import two_way

    row_labels, column_labels = coded[0].shown, coded[1].shown
    if len(column_labels) > MOST_COLUMNS:
        message = f"too many values: {names[1]} has {len(column_labels)}, a table has room for {MOST_COLUMNS} columns"
        raise StataError(134, message, part.body_span)
    shape = len(row_labels), len(column_labels)
    counts = coded[0].counts(coded[0].codes * shape[1] + coded[1].codes, shape[0] * shape[1]).reshape(shape)
    asked = ["expected frequency"] if part.has("expected") else []
    asked += [f"{word} percentage" for word in ("row", "column", "cell") if part.has(word)]
    shown = asked if part.has("nofreq") and asked else ["frequency", *asked]
    titles = tuple(context.dataset.variable(name).label or name for name in names)
    table = two_way((titles[0], titles[1]), (row_labels, column_labels), counts, shown, key=not part.has("nokey"))
    if asked or not part.has("nofreq"):
        context.emit(Lines(("",)), table)
    scalars = {"N": float(counts.sum()), "r": float(shape[0]), "c": float(shape[1])}
    measures = [word for word in MEASURES if part.has(word) or (part.has("all") and word != "exact")]
    if measures:
        from engine.commands.summaries.tabulate_measures import association

        lines, found = association(counts, measures, part)
        scalars |= found
        context.say("", *lines)
    return Effects(
        tables=(table.data,) if table.data is not None else (),
        r=Stored(scalars),
        matrices=_matrices(part, coded[0].values, coded[1].values, counts),
    )
