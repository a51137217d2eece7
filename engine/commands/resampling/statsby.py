"""``statsby``: statistics of a command, group by group, as a data set ([D] statsby)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.resampling.resample_options import STATSBY
from engine.errors import StataError
from engine.lang.declaration import CommandDecl, VarlistRule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.commands.resampling.replicates import Replicate
    from engine.commands.resampling.resample_dots import Dots
    from engine.commands.resampling.resamples import Resamples
    from engine.data.dataset import Dataset
    from engine.lang.command import Command, Part
    from engine.lang.repeating import Collected

DECLARATION = CommandDecl(
    name="statsby",
    minimum=7,
    title="Collect statistics for a command across a by list",
    help="statsby exp_list, by(group): command runs the command in each group and puts what it gives in place of the "
    "data, one observation per group: coefficients as _b_x, or expressions under their names.",
    menu=("Statistics", "Resampling", "Collect statistics for a command across a by list"),
    varlist=VarlistRule.TEXT,
    text_label="Command",
    prefix=True,
    options=STATSBY,
    examples=(
        "statsby, by(id) clear: regress weight week",
        "statsby mean=r(mean) sd=r(sd), by(id) clear: summarize weight",
    ),
)


def run(command: Command, context: Context) -> Effects:
    """Collect; r(198) without by(), r(4) where the data would be lost, r(301) where a command gives nothing."""
    import os
    import time

    import numpy as np

    from engine.commands.resampling.replicates import WORTH_PROCESSES, Job, collect, read_repeated, repeated, run_all
    from engine.commands.resampling.resample_dots import Dots
    from engine.commands.resampling.resample_run import names_of
    from engine.commands.resampling.resample_saving import dataset_of, target_of, write
    from engine.lang.repeating import read_collected

    part, asked = command.parts
    dataset, cancel = context.dataset, context.cancel
    if not part.body:
        raise StataError(100, "a command is missing: statsby, by(group): command")
    names = names_of(part, "by", dataset)
    if not names:
        raise StataError(198, "option by() required: the variables whose groups the command runs on", part.body_span)
    target = target_of(part, context)
    if target is None and dataset.changed and not part.has("clear"):
        raise StataError(4, "no; data in memory would be lost: add the option clear, or saving()", part.body_span)
    try:
        inner = read_repeated(part.body, "statsby")
        started = time.perf_counter()
        ran, effects = repeated(part.body, context)
        collected = read_collected(asked, "_stat_") or _usual(effects, part)
        whole = collect(collected, effects, context, ran)
    except StataError as error:
        raise error.shifted(part.body_span[0]) from None
    seconds = time.perf_counter() - started
    dataset = dataset.take(context.selected(inner.main))
    if not dataset.n_obs:
        raise StataError(2000, "no observations", part.body_span)
    subsets = _subsets(names, part)
    _announce(collected, part, names, context)
    runs = [_groups(dataset, subset) for subset in subsets]
    total = sum(each.n_units for each in runs)
    dots = Dots.of(part, context, "Statsby groups", total)
    found: list[Replicate | None] = []
    for groups in runs:
        job = Job(
            dataset=dataset, resamples=groups, text=part.body, collected=collected, settings=context.settings,
            constraints=dict(context.constraints), scalars=dict(context.scalars),
        )  # fmt: skip
        n, before = groups.n_units, len(found)
        processes = min(os.cpu_count() or 1, n) if seconds > WORTH_PROCESSES else 1
        heard = partial(_heard, dots, before)
        found += run_all(job, n, processes=processes, cancel=cancel, heard=heard)
    dots.end()
    columns = _all_names(whole, found)
    values = np.full((len(found), len(columns)), np.nan)
    for row, each in enumerate(found):
        if each is not None:
            values[row, [columns.index(name) for name in each.names]] = each.values
    labels = {each.name: each.text for each in collected if each.tree is not None}
    keys = _keys(dataset, names, list(zip(subsets, runs, strict=True)))
    made = _with_groups(keys, dataset_of(columns, values, labels), names if len(subsets) == 1 else ())
    made = replace(made, label=f"statsby: {ran.decl.name}")
    if target is not None:
        write(target, made, context)
        return Effects()
    return Effects(dataset=made)


def _heard(dots: Dots, before: int, number: int, each: Replicate | None) -> None:
    dots.tell(before + number, done=each is not None)


def _subsets(names: tuple[str, ...], part: Part) -> tuple[tuple[str, ...], ...]:
    """Return the lists of variables whose groups the command runs in; the empty one stands for all data."""
    if part.has("subsets"):
        sizes = range(len(names), -1, -1)
        return tuple(chosen for size in sizes for chosen in combinations(names, size))
    return (names, ()) if part.has("total") else (names,)


def _groups(dataset: Dataset, names: tuple[str, ...]) -> Resamples:
    import numpy as np

    from engine.commands.resampling.resample_run import group_codes
    from engine.commands.resampling.resamples import Resamples, Way

    codes = group_codes(dataset, names)
    n = int(codes.max(initial=-1)) + 1
    return Resamples(way=Way.ONE, units=codes, strata=np.zeros(n, dtype=np.int64))


def _keys(dataset: Dataset, names: tuple[str, ...], runs: list[tuple[tuple[str, ...], Resamples]]) -> Dataset:
    """Return the variables of by() in the order of the groups, missing where a run went over all their values."""
    import numpy as np

    from engine.data.missing import MISSING

    rows = [np.unique(groups.units, return_index=True)[1] for _, groups in runs]
    taken = dataset.take(np.concatenate(rows)).keep_variables(names)
    taken = replace(taken, variables=tuple(taken.variable(name) for name in names))
    for name in names:
        absent = np.concatenate(
            [np.full(len(r), name not in subset) for r, (subset, _) in zip(rows, runs, strict=True)]
        )
        if not absent.any():
            continue
        if taken.variable(name).is_string:
            taken = taken.with_variable(taken.variable(name), np.where(absent, "", taken.texts(name)).astype(object))
        else:
            values = np.where(absent, MISSING, taken.numeric(name))
            taken = taken.with_variable(replace(taken.variable(name), storage="double"), values)
    return taken


def _usual(effects: Effects, part: Part) -> tuple[Collected, ...]:
    """Return what is collected where nothing is named: the coefficients, else every scalar of r()."""
    from engine.lang.parse_expr import parse_expression
    from engine.lang.repeating import Collected

    if effects.e is not None and "b" in effects.e.matrices:
        return (Collected("_b", "_b"),)
    scalars = effects.r.scalars if effects.r is not None else {}
    if not scalars:
        raise StataError(301, "the command leaves nothing to collect", (0, len(part.body)))
    return tuple(Collected(name, f"r({name})", parse_expression(f"r({name})")) for name in scalars)


def _announce(collected: tuple[Collected, ...], part: Part, names: tuple[str, ...], context: Context) -> None:
    if part.has("nolegend"):
        return
    lines = ["", f"{'Command':>13}: {part.body}"]
    lines += [f"{each.name:>13}: {each.text}" for each in collected if each.tree is not None]
    context.say(*lines, f"{'By':>13}: {' '.join(names)}")


def _all_names(whole: Replicate, found: Sequence[Replicate | None]) -> tuple[str, ...]:
    """Return the names of all statistics, those of the whole data first."""
    names = dict.fromkeys(whole.names)
    for each in found:
        names |= dict.fromkeys(each.names if each is not None else ())
    return tuple(names)


def _with_groups(keys: Dataset, statistics: Dataset, sorted_by: tuple[str, ...]) -> Dataset:
    """Return the statistics behind the variables that name the groups."""
    from engine.data.names import why_illegal

    variables, columns = list(keys.variables), dict(keys.columns)
    for variable in statistics.variables:
        if variable.name in columns or why_illegal(variable.name):
            raise StataError(110, f"variable {variable.name} already defined: name the statistic otherwise")
        variables.append(variable)
        columns[variable.name] = statistics.columns[variable.name]
    labels = {v.value_label for v in keys.variables}
    return replace(
        statistics, variables=tuple(variables), columns=columns,
        value_labels={k: v for k, v in keys.value_labels.items() if k in labels},
        sorted_by=sorted_by if statistics.n_obs else (),
    )  # fmt: skip
