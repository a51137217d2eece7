"""``merge``: variables from a second data set, matched by key variables ([D] merge)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects
from engine.commands.data.second_data import label_tables, read_second, same_kind, taken, united
from engine.data.dataset import Dataset, ValueLabel, Variable, new_row_ids
from engine.data.missing import from_doubles, is_missing
from engine.errors import StataError
from engine.frame.resolve import check_new_name, resolve_names
from engine.lang.abbrev import matches
from engine.lang.command import Command, Part
from engine.lang.declaration import Choice, CommandDecl, OptionDecl, OptionKind, PieceDecl, PieceKind, VarlistRule
from engine.results.stored import DataRow, DataTable
from engine.tables.document import Cell, Column, Row, Table, TextLayout

if TYPE_CHECKING:
    from engine.frame.matching import Keys


def _flag(name: str, minimum: int, label: str, help_: str) -> OptionDecl:
    return OptionDecl(name=name, minimum=minimum, label=label, help=help_, page="model")


def _text(name: str, minimum: int, kind: OptionKind, label: str, help_: str) -> OptionDecl:
    return OptionDecl(name=name, minimum=minimum, kind=kind, label=label, help=help_, page="model")


DECLARATION = CommandDecl(
    name="merge",
    minimum=3,
    title="Merge two datasets",
    help="merge 1:1, m:1, 1:m or m:m keys using FILE adds the variables of another data set, matched by key variables.",
    menu=("Data", "Combine datasets", "Merge two datasets"),
    varlist=VarlistRule.TEXT,
    using=True,
    pieces=(
        PieceDecl(
            name="kind",
            kind=PieceKind.CHOICE,
            label="Type of merge",
            help="How many rows with the same keys there are in memory and in the file.",
            choices=(
                Choice("1:1", 3, "One-to-one on key variables", "Keys identify rows in both."),
                Choice("m:1", 3, "Many-to-one on key variables", "Keys identify rows in the file, such as schools."),
                Choice("1:m", 3, "One-to-many on key variables", "Keys identify rows in memory."),
                Choice("m:m", 3, "Many-to-many on key variables", "In the order of the rows; rarely what is meant."),
            ),
        ),
        PieceDecl(
            name="keys",
            kind=PieceKind.VARIABLES,
            label="Key variables",
            help="Variables that are in both and tell which rows belong together; _n matches row by row.",
            required=True,
            also=("_n",),
        ),
    ),
    options=(
        _text("keepusing", 7, OptionKind.TEXT, "Variables to add", "Variables of the using data to add; all others."),
        _text("generate", 3, OptionKind.NAME, "Name of the result", "Variable that tells how rows matched; _merge."),
        _flag("nogenerate", 5, "No result variable", "Do not create _merge."),
        _text("keep", 4, OptionKind.TEXT, "Keep", "Results to keep: master, using, match, or 1, 2, 3."),
        _text("assert", 6, OptionKind.TEXT, "Require", "Results that may occur: master, using, match, or 1, 2, 3."),
        _flag("update", 3, "Fill missing values", "Take values of the using data where those in memory are missing."),
        _flag("replace", 3, "Replace values", "With update: take nonmissing values of the using data."),
        _flag("nolabel", 3, "No value labels", "Do not add value labels of the using data."),
        _flag("nonotes", 6, "No notes", "Do not add notes of the using data."),
        _flag("noreport", 5, "No table", "Do not show the table of results."),
        _flag("force", 5, "Text and numbers", "Let a variable be text in one data set and numbers in the other."),
        _flag("sorted", 6, "Sorted already", "Both data sets are in the order of the keys (found out anyway)."),
    ),
    examples=("merge m:1 id using schools", "merge 1:1 id year using wages, keep(match master) nogenerate"),
)

_BODY = re.compile(r"(1\s*:\s*1|1\s*:\s*m|m\s*:\s*1|m\s*:\s*m)\s+(.+)", re.DOTALL)
RESULTS = {
    1: ("master", 3, "from master", "Master only (1)"),
    2: ("using", 2, "from using", "Using only (2)"),
    3: ("match", 3, "", "Matched (3)"),
    4: ("match_update", 7, "missing updated", "Missing updated (4)"),
    5: ("match_conflict", 7, "nonmissing conflict", "Nonmissing conflict (5)"),
}
"""Value of ``_merge``: word, shortest form, line of the table, value label."""


class _Match(NamedTuple):
    """Two data sets and the rows that each row of the result takes from them."""

    master: Dataset
    using: Dataset
    keys: tuple[str, ...]
    rows: npt.NDArray[np.int64]
    others: npt.NDArray[np.int64]

    @property
    def result(self) -> npt.NDArray[np.int64]:
        """1 for rows of the master data alone, 2 of the using data alone, 3 of both."""
        return np.where(self.rows < 0, 2, np.where(self.others < 0, 1, 3))


def run(command: Command, context: Context) -> Effects:
    """Add the variables; r(459) when keys are not unique where they have to be, r(9) when assert() fails."""
    from engine.frame.matching import matched_keys, numbered_keys, pairs

    part, master = command.main, context.dataset
    body = _BODY.fullmatch(part.body)
    if body is None or part.using is None:
        raise StataError(198, "write merge 1:1 KEYS using FILE, or m:1, 1:m, m:m", part.body_span)
    start = part.body_span[0] + body.start(2)
    span = (start, start + len(body[2]))
    kind = re.sub(r"\s", "", body[1])
    by_number = body[2].strip() == "_n"
    if by_number and kind != "1:1":
        raise StataError(198, "_n matches observations by their number and needs 1:1", span)
    keys = () if by_number else resolve_names(body[2], master, span=span)
    name = _result_name(part, master)
    if part.has("replace") and not part.has("update"):
        raise StataError(198, "option replace needs update")
    allowed = {word: _results(part, word) for word in ("keep", "assert")}
    using = _chosen(read_second(part.using, part.using_span, context), keys, part)
    if by_number:
        coded = numbered_keys(master.n_obs, using.n_obs)
    else:
        for key in keys:
            _check_key(master.variable(key), using, span)
        coded = matched_keys(master, using, keys)
        _check_unique(coded, kind, keys, span)
    rows, others = pairs(coded)
    context.cancel.check()
    match = _Match(master, using, keys, rows, others)
    merged, result = _merged(match, part, context)
    wrong = sorted(set(np.unique(result).tolist()) - allowed["assert"])
    if wrong:
        counts = ", ".join(f"{int((result == k).sum()):,} {RESULTS[k][3]}" for k in wrong)
        raise StataError(9, f"after merge, not all observations are as assert() says: {counts}; the data are unchanged")
    kept = np.isin(result, list(allowed["keep"]))
    merged = merged if kept.all() else merged.take(kept)
    table = _report(result[kept], part, silent=name == "")
    if not part.has("noreport"):
        context.emit(table)
    if name:
        merged = _with_result(merged, name, result[kept])
    tables = (table.data,) if table.data is not None else ()
    return Effects(dataset=merged, tables=tables)


def _result_name(part: Part, master: Dataset) -> str:
    """Return the name of the result variable, empty for none."""
    use = part.option("generate")
    if part.has("nogenerate"):
        if use is not None:
            raise StataError(184, "options generate() and nogenerate may not be combined", use.span)
        return ""
    if use is not None and use.argument:
        return check_new_name(use.argument, master, use.argument_span)
    return check_new_name("_merge", master)


def _results(part: Part, option: str) -> set[int]:
    """Return the results named in keep() or assert(); all without it."""
    use = part.option(option)
    if use is None or not use.argument:
        return set(RESULTS)
    found: set[int] = set()
    for word in re.split(r"[\s,]+", use.argument.strip()):
        singular = {"matched": "match", "matches": "match", "masters": "master"}.get(word, word)
        hits = [k for k, entry in RESULTS.items() if singular == str(k) or matches(singular, entry[0], entry[1])]
        if not hits:
            message = f"{option}({word}) incorrectly specified: the results are master, using and match, or 1, 2 and 3"
            raise StataError(198, message, use.argument_span)
        found.update(hits[:1])
    return found


def _chosen(using: Dataset, keys: tuple[str, ...], part: Part) -> Dataset:
    """Return the using data with the keys and the variables of keepusing()."""
    use = part.option("keepusing")
    if use is None or not use.argument:
        return using
    return using.keep_variables({*resolve_names(use.argument, using, span=use.argument_span), *keys})


def _check_key(variable: Variable, using: Dataset, span: tuple[int, int]) -> None:
    if variable.name not in using:
        raise StataError(111, f"variable {variable.name} not found in the using data", span)
    other = using.variable(variable.name)
    if other.is_string != variable.is_string:
        message = (
            f"key variable {variable.name} is {variable.storage} in master but {other.storage} in using data; "
            "a key has to hold numbers in both or text in both"
        )
        raise StataError(106, message, span)


def _check_unique(keys: Keys, kind: str, names: tuple[str, ...], span: tuple[int, int]) -> None:
    """Raise r(459) where ``1`` is asked for and a key occurs several times."""
    for side, count, word in zip(kind.split(":"), keys.counts(), ("master", "using"), strict=True):
        if side == "1" and (count > 1).any():
            subject = f"variable {names[0]} does" if len(names) == 1 else f"variables {' '.join(names)} do"
            raise StataError(459, f"{subject} not uniquely identify observations in the {word} data", span)


def _merged(match: _Match, part: Part, context: Context) -> tuple[Dataset, npt.NDArray[np.int64]]:
    """Return the data of both, and the result of each row."""
    master, using = match.master, match.using
    result = match.result
    columns, variables = {}, []
    only_using = result == 2
    for variable in master.variables:
        if variable.name not in using:
            variables.append(variable)
            columns[variable.name] = taken(master, variable.name, match.rows, variable.storage)
            continue
        other = using.variable(variable.name)
        if variable.is_string != other.is_string and part.has("force"):
            variables.append(variable)
            columns[variable.name] = taken(master, variable.name, match.rows, variable.storage)
            continue
        same_kind(variable, other, part.using_span)
        both = united(variable, replace(other, value_label="" if part.has("nolabel") else other.value_label))
        values = taken(master, variable.name, match.rows, both.storage)
        offered = taken(using, variable.name, match.others, both.storage)
        take = only_using
        if part.has("update") and variable.name not in match.keys:
            take = take | _update(match, variable.name, result, replacing=part.has("replace"))
        variables.append(both)
        columns[variable.name] = np.where(take, offered, values)
    for variable in using.variables:
        if variable.name not in master:
            label = "" if part.has("nolabel") else variable.value_label
            notes = () if part.has("nonotes") else variable.notes
            variables.append(replace(variable, value_label=label, notes=notes))
            columns[variable.name] = taken(using, variable.name, match.others, variable.storage)
    row_ids = _row_ids(match)
    labels = label_tables(master, tuple(using.value_labels.values()), context, nolabel=part.has("nolabel"))
    notes = master.notes if part.has("nonotes") else (*master.notes, *using.notes)
    ordered = match.keys if not only_using.any() else ()
    new = replace(
        master, variables=tuple(variables), columns=columns, n_obs=len(row_ids), row_ids=row_ids, value_labels=labels,
        notes=notes, sorted_by=ordered, changed=True,
    )  # fmt: skip
    return new, result


def _row_ids(match: _Match) -> npt.NDArray[np.int64]:
    """Return the numbers of the rows: those of the master data, new ones for added and repeated rows."""
    first = np.zeros(len(match.rows), dtype=bool)
    there = match.rows >= 0
    _, where = np.unique(match.rows[there], return_index=True)
    first[np.flatnonzero(there)[where]] = True
    row_ids = np.empty(len(match.rows), dtype=np.int64)
    row_ids[first] = match.master.row_ids[match.rows[first]]
    row_ids[~first] = new_row_ids(int((~first).sum()))
    return row_ids


def _update(match: _Match, name: str, result: npt.NDArray[np.int64], *, replacing: bool) -> npt.NDArray[np.bool_]:
    """Mark in `result` what update does to matched rows, and return where the using data's value is taken."""
    paired = np.flatnonzero((match.rows >= 0) & (match.others >= 0))
    if match.master.variable(name).is_string:
        old, new = match.master.texts(name)[match.rows[paired]], match.using.texts(name)[match.others[paired]]
        gone, there = np.asarray(old == "", dtype=bool), np.asarray(new != "", dtype=bool)
    else:
        old, new = match.master.numeric(name)[match.rows[paired]], match.using.numeric(name)[match.others[paired]]
        gone, there = is_missing(old), ~is_missing(new)
    filled, conflict = gone & there, ~gone & there & np.asarray(old != new, dtype=bool)
    result[paired[filled & (result[paired] == 3)]] = 4
    result[paired[conflict]] = 5
    take = np.zeros(len(match.rows), dtype=bool)
    take[paired[filled | conflict if replacing else filled]] = True
    return take


def _with_result(dataset: Dataset, name: str, result: npt.NDArray[np.int64]) -> Dataset:
    """Add the variable that tells how each row matched."""
    labels = {**dataset.value_labels, "_merge": ValueLabel("_merge", {float(k): v[3] for k, v in RESULTS.items()})}
    variable = Variable(name, "byte", "%23.0g", "Matching result from merge", "_merge")
    new = dataset.with_variable(variable, from_doubles(result.astype(np.float64), "byte"))
    return replace(new, value_labels=labels)


def _report(result: npt.NDArray[np.int64], part: Part, *, silent: bool) -> Table:
    """Return the table of results; without a result variable its values are not named."""
    counts = {k: int((result == k).sum()) for k in RESULTS}
    updating = part.has("update")

    def line(words: str, count: int, code: int = 0) -> str:
        named = f"  (_merge=={code})" if code and not silent else ""
        return f"    {words:<24}{count:>17,}{named}"

    use = part.option("generate")
    unmatched, matched = counts[1] + counts[2], counts[3] + counts[4] + counts[5]
    rule = "    " + "-" * 41
    drawn = ["", "    Result                      Number of obs", rule, line("Not matched", unmatched)]
    if unmatched:
        drawn += [line(f"    {RESULTS[k][2]}", counts[k], k) for k in (1, 2)]
    drawn.append("")
    if updating:
        drawn.append(line("Matched", matched))
        drawn += [line(f"    {RESULTS[k][2] or 'not updated'}", counts[k], k) for k in (3, 4, 5)]
    else:
        drawn.append(line("Matched", matched, 3))
    drawn.append(rule)
    if use is not None and use.argument:
        drawn = [text.replace("(_merge==", f"({use.argument}==") for text in drawn]
    shown = (1, 2, 3, 4, 5) if updating else (1, 2, 3)
    data = DataTable("merge", ("N",), tuple(DataRow("", RESULTS[k][0], (float(counts[k]),)) for k in shown))
    rows = tuple(Row(RESULTS[k][3], (Cell(f"{counts[k]:,}", counts[k]),), name=RESULTS[k][0], left=True) for k in shown)
    layout = TextLayout(width=45, stub=28, drawn=tuple(drawn))
    return Table("merge", "Result", (Column("N", "Number of obs"),), rows, layout, data=data)
