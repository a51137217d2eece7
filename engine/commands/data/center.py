"""``center``: contextual variables, group means and deviations from them (not in Stata).

A variable that varies between groups and within them is split into the mean of its group, a contextual variable, and
the deviation from it, which has mean zero in every group; the two sum to the variable itself.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects
from engine.data import groupstats
from engine.data.dataset import Dataset, Variable
from engine.data.missing import from_doubles, is_missing
from engine.errors import StataError
from engine.frame.groups import Codes, code_paths, code_variable
from engine.frame.resolve import check_new_name, resolve_names
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule
from engine.results.stored import DataRow, DataTable, Stored
from engine.tables.document import Cell, Column, Row, Table, TextLayout

DECLARATION = CommandDecl(
    name="center",
    minimum=6,
    title="Group means and deviations (contextual variables)",
    help="Makes, for each variable, the mean of its group (between) and the deviation from it (within). "
    "Without by() deviations from the mean of all. Not in Stata.",
    menu=("Data", "Create or change data", "Group means and deviations (contextual variables)"),
    varlist=VarlistRule.REQUIRED,
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(
            name="by",
            minimum=2,
            kind=OptionKind.VARIABLES,
            label="Groups",
            help="Variables that form the groups, such as the level variable of a model.",
            page="model",
        ),
        OptionDecl(
            name="between",
            minimum=3,
            kind=OptionKind.NAME,
            label="Prefix of group means",
            help="What stands before the name of a variable to name its group mean; b_ by default.",
            page="model",
        ),
        OptionDecl(
            name="within",
            minimum=3,
            kind=OptionKind.NAME,
            label="Prefix of deviations",
            help="What stands before the name of a variable to name its deviation; w_ by default.",
            page="model",
        ),
        OptionDecl(
            name="nested",
            minimum=4,
            label="Level by level",
            help="Split over the groups of by(), outermost first: the mean of the first, at each further level the "
            "deviation of its mean from that above, and the deviation from the mean of the last.",
            page="model",
        ),
        OptionDecl(name="nobetween", minimum=5, label="No group means", help="Make the deviations only.", page="model"),
        OptionDecl(name="nowithin", minimum=5, label="No deviations", help="Make the group means only.", page="model"),
    ),
    examples=("center ses, by(id)", "center ses female, by(id) between(mean_) within(dev_)"),
    results=(
        ("r(between)", "names of the group means"),
        ("r(within)", "names of the deviations"),
    ),
)

FloatArray = npt.NDArray[np.float64]


class _Place(NamedTuple):
    """Groups of a new variable: which of nested levels (-1 below all), and its number where there are several."""

    by: tuple[str, ...]
    level: int = -1
    number: str = ""


COLUMNS = ("mean", "sd_between", "sd_within")


def run(command: Command, context: Context) -> Effects:
    """Add the variables; r() holds their names."""
    part, dataset = command.main, context.dataset
    names = resolve_names(part.body, dataset, span=part.body_span)
    by = _groups(part, dataset)
    if part.has("nobetween") and part.has("nowithin"):
        raise StataError(184, "options nobetween and nowithin may not be combined")
    if part.has("nested") and not by:
        raise StataError(198, "option nested needs by(), outermost group first")
    levels = [by[: k + 1] for k in range(len(by))] if part.has("nested") else [by]
    mask = context.selected(part)
    new = dataset
    rows: list[DataRow] = []
    made: dict[str, list[str]] = {"between": [], "within": []}
    for name in names:
        if dataset.variable(name).is_string:
            raise StataError(109, f"type mismatch: {name} holds text", part.body_span)
        context.cancel.check()
        values = dataset.numeric(name)
        used = mask & ~is_missing(values)
        whole = np.where(used, values, np.nan)
        above = np.zeros(dataset.n_obs)
        for position, level in enumerate(levels):
            codes = _codes(dataset, level)
            means = groupstats.means(values[used], codes.values[used], codes.n_groups)
            spread = means[codes.values] if codes.n_groups else np.full(dataset.n_obs, np.nan)
            if by and not part.has("nobetween"):
                place = _Place(level, position, str(position + 1) if len(levels) > 1 else "")
                new = _added(new, part, name, np.where(mask, spread - above, np.nan), place)
                made["between"].append(new.names[-1])
            above = spread
        deviation = whole - above
        if not part.has("nowithin"):
            new = _added(new, part, name, deviation, _Place(by))
            made["within"].append(new.names[-1])
        rows.append(DataRow("", name, _spreads(values[used], above[used])))
    table = _table(rows, by)
    context.emit(table)
    context.say("", *(f"{word}: {' '.join(found)}" for word, found in made.items() if found))
    macros = {word: " ".join(found) for word, found in made.items() if found}
    return Effects(dataset=new, tables=(table.data,) if table.data is not None else (), r=Stored(macros=macros))


def _groups(part: Part, dataset: Dataset) -> tuple[str, ...]:
    use = part.option("by")
    if use is None or not use.argument:
        return ()
    return resolve_names(use.argument, dataset, span=use.argument_span)


def _codes(dataset: Dataset, names: tuple[str, ...]) -> Codes:
    if not names:
        return code_variable(dataset, "_all")
    return code_paths([code_variable(dataset, name) for name in names])[-1]


def _added(dataset: Dataset, part: Part, name: str, values: FloatArray, place: _Place) -> Dataset:
    """Return the data with a group mean or, below all levels, the deviation."""
    from engine.commands.data.egen_functions import missing_doubles

    option = "within" if place.level < 0 else "between"
    use = part.option(option)
    prefix = use.argument if use is not None and use.argument else f"{option[0]}_"
    if place.number:
        prefix = f"{prefix.rstrip('_')}{place.number}_" if prefix.endswith("_") else f"{prefix}{place.number}"
    new = check_new_name(f"{prefix}{name}", dataset, use.argument_span if use is not None else part.body_span)
    of = f" by {' '.join(place.by)}" if place.by else ""
    label = f"{name}, deviation from its mean{of}" if place.level < 0 else f"mean of {name}{of}"
    if place.level > 0:
        label += ", deviation from the mean above"
    variable = Variable(new, "double", "%10.0g", label[:80])
    return dataset.with_variable(variable, from_doubles(missing_doubles(values), "double"))


def _spreads(values: FloatArray, means: FloatArray) -> tuple[float, float, float]:
    """Return the mean, the standard deviation of the group means over observations, and that of the deviations."""
    if len(values) < 2:
        return (float(values.mean()) if len(values) else float("nan"), float("nan"), float("nan"))
    return float(values.mean()), float(means.std(ddof=1)), float((values - means).std(ddof=1))


def _table(rows: list[DataRow], by: tuple[str, ...]) -> Table:
    from engine.data.formats import format_value
    from engine.tables.data import shortened

    title = f"Between and within {' '.join(by)}" if by else "Deviations from the mean of all"
    drawn = ["", title, "", f"{'':>12} |{'':>11}{'Standard deviation':>26}"]
    drawn.append(f"{'Variable':>12} |{'Mean':>11}{'between':>13}{'within':>13}")
    drawn.append("-" * 13 + "+" + "-" * 37)
    shown = []
    for row in rows:
        texts = [format_value(value, "%9.0g") for value in row.values]
        drawn.append(f"{shortened(row.name, 12):>12} |{texts[0]:>11}{texts[1]:>13}{texts[2]:>13}")
        shown.append(Row(row.name, tuple(Cell(t, v) for t, v in zip(texts, row.values, strict=True)), name=row.name))
    columns = (Column("mean", "Mean"), Column("sd_between", "SD between"), Column("sd_within", "SD within"))
    data = DataTable("center", COLUMNS, tuple(rows))
    layout = TextLayout(width=51, stub=12, drawn=tuple(drawn))
    return Table("center", "Variable", columns, tuple(shown), layout, title=title, data=data)
