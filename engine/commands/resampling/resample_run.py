"""What ``bootstrap`` and ``jackknife`` do: observe, repeat, summarise, show."""

from __future__ import annotations

import math
import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.commands.base import Context, Effects
from engine.commands.postestimation.estat_pboot import seed_of
from engine.commands.resampling.replicates import (
    WORTH_PROCESSES,
    Job,
    Replicate,
    collect,
    read_repeated,
    repeated,
    run_all,
)
from engine.commands.resampling.resample_dots import Dots
from engine.commands.resampling.resample_options import USUAL_REPLICATIONS
from engine.commands.resampling.resample_pseudovalues import check_names, with_pseudovalues
from engine.commands.resampling.resample_results import Found, effects_of, show_again
from engine.commands.resampling.resample_saving import Target, dataset_of, target_of, write
from engine.commands.resampling.resamples import Resamples, Way, numbered
from engine.commands.subcommand import level_of
from engine.data.dataset import Dataset
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.frame.groups import code_values, code_variable
from engine.frame.resolve import check_new_name, resolve_names
from engine.lang.command import Command, Part
from engine.lang.expr import Expr
from engine.lang.parse_expr import parse_expression
from engine.lang.repeating import Collected, read_collected
from engine.postest.resampled import FloatArray, acceleration_of
from engine.results.resampling import Resampling
from engine.tables.document import Role


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is resampled: the names of clusters and strata, and the variables that number what is drawn."""

    clusters: tuple[str, ...]
    strata: tuple[str, ...]
    numbered: tuple[str, ...]
    fresh: tuple[str, ...]
    """Variables that the data do not have, copies of the clusters in the observed run."""


def run(command: Command, context: Context) -> Effects:
    """Run ``bootstrap`` or ``jackknife``."""
    part, asked = command.parts
    if not part.body:
        return show_again(command, context)
    prefix = command.decl.name
    jackknife = prefix == "jackknife"
    try:
        inner = read_repeated(part.body, prefix)
    except StataError as error:
        raise error.shifted(part.body_span[0]) from None
    _refuse_weights(inner, part, prefix)
    plan = _plan(part, context.dataset)
    target = target_of(part, context)
    collected = read_collected(asked, "_jk_" if jackknife else "_bs_") or (Collected("_b", "_b"),)
    dataset = _with_ids(context.dataset, plan.fresh, plan.clusters)
    context.say(f"(running {inner.decl.name} on estimation sample)")
    started = time.perf_counter()
    try:
        ran, effects = repeated(part.body, replace(context, dataset=dataset))
        observed = collect(collected, effects, context, ran)
    except StataError as error:
        raise error.shifted(part.body_span[0]) from None
    seconds = time.perf_counter() - started
    if not np.all(np.isfinite(observed.values)):
        raise StataError(322, "a statistic has no value in the observed sample", asked.body_span)
    dataset = _sample(dataset, inner, effects, plan, context, part)
    resamples = _resamples(dataset, plan, part, context, jackknife=jackknife)
    n = resamples.n_units if jackknife else _number(part, "reps", USUAL_REPLICATIONS)
    job = Job(
        dataset=dataset,
        resamples=resamples,
        text=part.body,
        collected=collected,
        settings=context.settings,
        constraints=dict(context.constraints),
        scalars=dict(context.scalars),
        reject=_rejected(part),
    )
    if effects.estimates is None and not part.has("nowarn"):
        _say_all_observations(inner.decl.name, prefix, context)
    if part.has("keep"):
        check_names(context.dataset, observed)
    acceleration = None
    if part.has("bca"):
        acceleration = _acceleration(job, part, context, observed, seconds=seconds)
    draws = _replicates(job, n, part, context, observed, seconds=seconds, title=f"{prefix.capitalize()} replications")
    kept = [each for each in draws if each is not None and _complete(each, observed)]
    if len(kept) < 2:
        message = f"insufficient observations to compute {prefix} standard errors; no results will be saved"
        raise StataError(2000, message, part.body_span)
    how = Resampling(
        prefix=prefix,
        replications=len(kept),
        failed=n - len(kept),
        clustvar=" ".join(plan.clusters),
        n_clusters=resamples.n_units if plan.clusters else 0,
        df=float(len(kept) - 1) if jackknife else math.inf,
    )
    if target is not None:
        _save(target, draws, observed, collected, context)
    found = Found(
        prefix=prefix,
        how=how,
        collected=collected,
        observed=observed,
        draws=np.array([each.values for each in kept]),
        shown=np.array([each.shown for each in kept]),
        effects=effects,
        text=part.body,
        inner=ran,
        n_obs=dataset.n_obs,
        seed=resamples.seed,
        mse=part.has("mse"),
        acceleration=acceleration,
    )
    done = effects_of(found, part, context, level_of(part, context))
    if jackknife and part.has("keep"):
        values = [each.values if each is not None and _complete(each, observed) else None for each in draws]
        units = dataset.row_ids[np.unique(resamples.units, return_index=True)[1]]
        return replace(done, dataset=with_pseudovalues(context.dataset, observed, values, units))
    return done


def _rejected(part: Part) -> Expr | None:
    use = part.option("reject")
    if use is None:
        return None
    return parse_expression(use.argument or "", use.argument_span[0] if use.argument_span else 0)


def _say_all_observations(command: str, prefix: str, context: Context) -> None:
    """Say that the command does not tell which observations it uses."""
    text = (
        f"warning: {command} does not set e(sample), so no observations will be excluded from the resampling because "
        "of missing values or other reasons. To exclude observations, press Break, save the data, drop any "
        f"observations that are to be excluded, and rerun {prefix}."
    )
    context.say("", text, role=Role.NOTE)


def _acceleration(job: Job, part: Part, context: Context, observed: Replicate, *, seconds: float) -> FloatArray:
    """Return the acceleration of each statistic, from its values without one unit each."""
    left_out = replace(job, resamples=replace(job.resamples, way=Way.LEAVE_OUT))
    n = job.resamples.n_units
    draws = _replicates(left_out, n, part, context, observed, seconds=seconds, title="Jackknife replications")
    kept = [each.values for each in draws if each is not None and _complete(each, observed)]
    if len(kept) < 2:
        raise StataError(2000, "insufficient observations to compute the acceleration", part.body_span)
    return acceleration_of(np.array(kept))


def _complete(each: Replicate, observed: Replicate) -> bool:
    return each.names == observed.names and bool(np.all(np.isfinite(each.values)))


def _refuse_weights(inner: Command, part: Part, prefix: str) -> None:
    weighted = any(one.weight is not None or one.has("fweight") or one.has("pweight") for one in inner.parts)
    if weighted:
        raise StataError(101, f"weights not allowed with {prefix}", part.body_span)


def _number(part: Part, name: str, usual: int) -> int:
    use = part.option(name)
    return usual if use is None or use.argument is None else int(use.argument)


def names_of(part: Part, option: str, dataset: Dataset) -> tuple[str, ...]:
    """Return the variables that an option names."""
    use = part.option(option)
    return () if use is None else resolve_names(use.argument or "", dataset, span=use.argument_span)


def _plan(part: Part, dataset: Dataset) -> _Plan:
    clusters, strata = names_of(part, "cluster", dataset), names_of(part, "strata", dataset)
    use = part.option("idcluster")
    if use is None:
        return _Plan(clusters, strata, (), ())
    if not clusters:
        raise StataError(198, "idcluster() requires cluster()", use.span)
    name = check_new_name((use.argument or "").strip(), dataset, use.argument_span)
    if re.search(rf"\b{re.escape(name)}\b", part.body):
        return _Plan(clusters, strata, (name,), (name,))
    return _Plan(clusters, strata, (name, clusters[-1]), (name,))


def _with_ids(dataset: Dataset, names: Sequence[str], clusters: tuple[str, ...]) -> Dataset:
    """Return the data with variables that number the clusters as they are."""
    if not names:
        return dataset
    return numbered(dataset, tuple(names), group_codes(dataset, clusters))


def group_codes(dataset: Dataset, names: tuple[str, ...]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the group of each row by all of `names`."""
    codes = np.zeros(dataset.n_obs, dtype=np.int64)
    for name in names:
        own = code_variable(dataset, name)
        codes = code_values(codes * own.n_groups + own.values).values
    return codes


def _sample(  # noqa: PLR0917
    dataset: Dataset, inner: Command, effects: Effects, plan: _Plan, context: Context, part: Part
) -> Dataset:
    """Return the estimation sample; without one the observations that if and in select."""
    if effects.estimates is not None and effects.e is not None:
        rows = np.isin(dataset.row_ids, effects.estimates.result.sample_rows)
    else:
        rows = replace(context, dataset=dataset).selected(inner.main).copy()
    for name in (*plan.clusters, *plan.strata):
        if not dataset.variable(name).is_string:
            rows &= ~is_missing(dataset.numeric(name))
    if not rows.any():
        raise StataError(2000, "no observations", part.body_span)
    return dataset.take(rows)


def _resamples(dataset: Dataset, plan: _Plan, part: Part, context: Context, *, jackknife: bool) -> Resamples:
    units = group_codes(dataset, plan.clusters) if plan.clusters else np.arange(dataset.n_obs, dtype=np.int64)
    n_units = int(units.max()) + 1
    if n_units < 2:
        use = part.option("cluster")
        raise StataError(459, "there is only one cluster: nothing can be resampled", use.span if use else None)
    of_row = group_codes(dataset, plan.strata)
    strata = np.zeros(n_units, dtype=np.int64)
    strata[units] = of_row
    if (strata[units] != of_row).any():
        use = part.option("strata")
        raise StataError(459, "clusters are not nested in the strata", use.span if use else None)
    size = _number(part, "size", 0)
    if size > np.bincount(strata).min():
        use = part.option("size")
        message = f"size() may not exceed the number of {'clusters' if plan.clusters else 'observations'} per stratum"
        raise StataError(198, message, use.span if use else None)
    return Resamples(
        way=Way.LEAVE_OUT if jackknife else Way.DRAW,
        units=units,
        strata=strata,
        seed=0 if jackknife else seed_of(part, context),
        size=size,
        numbered=plan.numbered,
    )


def _replicates(
    job: Job, n: int, part: Part, context: Context, observed: Replicate, *, seconds: float, title: str
) -> tuple[Replicate | None, ...]:
    """Run the replicates with dots, in processes where that pays."""
    dots = Dots.of(part, context, f"{title} ({n:,})", n)
    cores = os.cpu_count() or 1
    processes = min(cores, n) if seconds * n > WORTH_PROCESSES else 1
    found = run_all(
        job,
        n,
        processes=processes,
        cancel=context.cancel,
        heard=lambda k, each: dots.tell(k, done=each is not None and _complete(each, observed)),
    )
    dots.end()
    return found


def _save(
    target: Target,
    draws: Sequence[Replicate | None],
    observed: Replicate,
    collected: tuple[Collected, ...],
    context: Context,
) -> None:
    none = np.full(len(observed.values), np.nan)
    values = np.array([each.values if each is not None and _complete(each, observed) else none for each in draws])
    labels = {each.name: each.text for each in collected if each.tree is not None}
    write(target, dataset_of(observed.names, values, labels), context)
