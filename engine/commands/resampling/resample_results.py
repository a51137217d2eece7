"""Results of ``bootstrap`` and ``jackknife``: what is stored, and what is shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects
from engine.commands.resampling.replicates import Replicate
from engine.commands.resampling.resample_regressions import resampled, show_regression
from engine.commands.subcommand import level_of
from engine.errors import StataError
from engine.frame.columns import Column, ColumnPart
from engine.inference.coefficients import coefficient_tests
from engine.inference.wald import wald_test
from engine.lang.command import Command, Part
from engine.lang.repeating import Collected
from engine.postest.resampled import (
    bias,
    bias_corrected_limits,
    covariance,
    percentile_limits,
    with_standard_errors,
)
from engine.results.estimates import Estimates, MixedEstimates
from engine.results.linear import LinearResult
from engine.results.mixed import MixedResult
from engine.results.mixed_stored import mixed_stored
from engine.results.regress import RegressEstimates
from engine.results.resampling import ResampledResult, Resampling
from engine.results.stored import Matrix, Stored
from engine.results.xtreg import XtregEstimates
from engine.tables.coefficients import table_matrix
from engine.tables.labels import factor_labels
from engine.tables.resampled import failure_note, resampled_blocks, resampled_data

FloatArray: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """What the replicates gave: `draws` (R, k), `shown` (R, 2 m) the variance parameters as displayed."""

    prefix: str
    how: Resampling
    collected: tuple[Collected, ...]
    observed: Replicate
    draws: FloatArray
    shown: FloatArray
    effects: Effects
    text: str
    inner: Command
    n_obs: int
    seed: int
    mse: bool
    acceleration: FloatArray | None = None
    """Of each statistic, for ``estat bootstrap, bca``."""

    @property
    def implicit(self) -> bool:
        """Whether the coefficients are what is collected."""
        return len(self.collected) == 1 and self.collected[0].name == "_b"


def effects_of(found: Found, part: Part, context: Context, level: float) -> Effects:
    """Show the results and return them."""
    jackknife = found.prefix == "jackknife"
    centre = found.observed.values if found.mse else None
    vcov = covariance(found.draws, jackknife=jackknife, centre=centre)
    base = found.effects.estimates if found.implicit else None
    estimates: Estimates
    if isinstance(base, MixedEstimates):
        result = _mixed_result(base.result, found, vcov)
        own_e = mixed_stored(result, base.cmdline, base.e.macros)
        estimates = replace(base, result=result, e=_stored(found, vcov, level, own_e))
    elif isinstance(base, (RegressEstimates, XtregEstimates)):
        changed = resampled(base, found.how, vcov)
        estimates = replace(changed, e=_stored(found, vcov, level, changed.e))
    else:
        own = _generic_result(found, vcov, base.result if base is not None else None)
        before = found.effects.e if base is not None and found.effects.e is not None else Stored()
        e = _stored(found, vcov, level, before)
        name = base.command if base is not None else found.prefix
        cmdline = base.cmdline if base is not None else context.cmdline
        estimates = Estimates(command=name, result=own, cmdline=cmdline, e=e)
    shown = _show(estimates, part, context, level)
    return replace(shown, estimates=estimates, e=estimates.e, verdict=found.effects.verdict)


def show_again(command: Command, context: Context) -> Effects:
    """Show the last results of the prefix; r(301) where there are none."""
    estimates = context.estimates
    if estimates is None or estimates.e.macros.get("prefix") != command.decl.name:
        raise StataError(301, f"last estimates not found: the active results are not those of {command.decl.name}")
    return _show(estimates, command.main, context, level_of(command.main, context))


def _show(estimates: Estimates, part: Part, context: Context, level: float) -> Effects:
    result = estimates.result
    if isinstance(estimates, (RegressEstimates, XtregEstimates)):
        shown = show_regression(estimates, part, context, level)
        how = estimates.result.resampling
        if how is not None and not part.has("nowarn"):
            context.emit(*failure_note(how))
        return shown
    if isinstance(estimates, MixedEstimates):
        from engine.tables.mixed import coefficient_matrix, data_tables, metric_of, mixed_blocks

        mixed = estimates.result
        display = replace(
            estimates.spec.display,
            noheader=part.has("noheader") or estimates.spec.display.noheader,
            nofetable=part.has("notable") or estimates.spec.display.nofetable,
            noretable=part.has("notable") or estimates.spec.display.noretable,
            level=level,
        )
        metric = metric_of(display, estimates.spec.command)
        labels = factor_labels(result.columns, context.dataset)
        width = context.settings.linesize
        context.emit(*mixed_blocks(mixed, display, level=level, metric=metric, labels=labels, linesize=width))
        tables = data_tables(mixed, level, metric)
        matrix = coefficient_matrix(mixed, level)
        how = mixed.resampling
    else:
        assert isinstance(result, ResampledResult)
        how = result.resampling
        context.emit(
            *resampled_blocks(
                result,
                level=level,
                labels=factor_labels(result.columns, context.dataset),
                linesize=context.settings.linesize,
                header=not part.has("noheader"),
                legend=not part.has("nolegend"),
                table=not part.has("notable"),
            )
        )
        tables = (resampled_data(result, level),)
        b, vcov = estimates.e.matrices["b"], estimates.e.matrices["V"].values
        df = np.full(len(b.cols), how.df)
        statistic = "t" if np.isfinite(how.df) else "z"
        matrix = table_matrix(b.cols, b.values[0], np.diag(vcov), level, df, statistic=statistic)
    if how is not None and not part.has("nowarn"):
        context.emit(*failure_note(how))
    return Effects(tables=tables, r=Stored(scalars={"level": level}, matrices={"table": matrix}))


def _mixed_result(result: MixedResult, found: Found, vcov: FloatArray) -> MixedResult:
    """Return a mixed model with the standard errors, tests and limits of the replicates."""
    k = len(result.columns)
    slopes = [
        i for i, column in enumerate(result.columns) if not column.is_constant and vcov[i, i] > 0.0
    ]  # those not estimated never vary
    test = wald_test(result.beta[slopes], vcov[np.ix_(slopes, slopes)])
    return replace(
        result,
        vcov_beta=vcov[:k, :k],
        vcov_theta=vcov[k:, k:],
        parameters=with_standard_errors(result, vcov[k:, k:], found.shown, jackknife=found.prefix == "jackknife"),
        chi2=test.chi2,
        df_model=test.df,
        p_model=test.p,
        rank=int(np.linalg.matrix_rank(vcov)),
        robust=None,
        ddf=None,
        uncertainty=None,
        resampling=found.how,
    )


def _generic_result(found: Found, vcov: FloatArray, fitted: LinearResult | None) -> ResampledResult:
    """Return coefficients, or the expressions as coefficients without equation."""
    if fitted is not None:
        columns, k = tuple(fitted.columns), len(fitted.columns)
        legend: tuple[tuple[str, str], ...] = ()
        title = _title(found)
    else:
        names = found.observed.names
        columns, k = tuple(Column((ColumnPart(name),)) for name in names), len(names)
        legend = tuple((each.name, each.text) for each in found.collected)
        title = f"{found.prefix.capitalize()} results"
    values = found.observed.values
    return ResampledResult(
        depvar=fitted.depvar if fitted is not None else "",
        columns=columns,
        beta=values[:k],
        vcov_beta=vcov[:k, :k],
        theta_names=fitted.theta_names if fitted is not None else (),
        theta=values[k:],
        vcov_theta=vcov[k:, k:],
        df_residual=found.how.df,
        n_obs=fitted.n_obs if fitted is not None else found.n_obs,
        rank=int(np.linalg.matrix_rank(vcov)),
        ll=fitted.ll if fitted is not None else float("nan"),
        sample_rows=fitted.sample_rows if fitted is not None else np.empty(0, dtype=np.int64),
        resampling=found.how,
        title=title,
        command=found.text,
        legend=legend,
    )


def _title(found: Found) -> str:
    """Return the heading of a fit: its own title."""
    e = found.effects.e
    title = e.macros.get("title", "") if e is not None else ""
    return title or found.inner.decl.title


def _stored(found: Found, vcov: FloatArray, level: float, before: Stored) -> Stored:
    """Return e(): what the command left, with what the replicates add or change."""
    how, b = found.how, found.observed.values
    jackknife = found.prefix == "jackknife"
    names = before.matrices["b"].cols if "b" in before.matrices else found.observed.names
    matrices = {
        "b": Matrix(("y1",), names, b[None, :]),
        "V": Matrix(names, names, vcov),
        **{name: Matrix(rows, names, values) for name, (rows, values) in _summaries(found, vcov, level).items()},
    }
    scalars = {
        "N": float(before.scalars.get("N", found.n_obs)),
        "N_reps": float(how.replications),
        "N_misreps": float(how.failed),
        "k_exp": float(len(found.collected)),
        "level": level,
        "rank": float(np.linalg.matrix_rank(vcov)),
    }
    if not jackknife:
        scalars["seed"] = float(found.seed)
    else:
        scalars["df_r"] = how.df
    if how.clustvar:
        scalars["N_clust"] = float(how.n_clusters)
    macros = {
        "prefix": found.prefix,
        "vce": found.prefix,
        "vcetype": found.prefix.capitalize(),
        "cluster": how.clustvar,
        "clustvar": how.clustvar,
        "command": found.text,
        "mse": "mse" if found.mse else "",
        **{f"exp{k}": each.text for k, each in enumerate(found.collected, 1)},
    }
    if "cmd" not in before.macros:
        macros |= {"cmd": found.prefix, "cmdname": found.inner.decl.name}
    return Stored(
        scalars=dict(before.scalars) | scalars,
        macros=dict(before.macros) | {name: text for name, text in macros.items() if text},
        matrices=dict(before.matrices) | matrices,
    )


def _summaries(found: Found, vcov: FloatArray, level: float) -> dict[str, tuple[tuple[str, ...], FloatArray]]:
    """Return the matrices that describe the replicates: name -> row names and values."""
    b, draws, how = found.observed.values, found.draws, found.how
    jackknife = found.prefix == "jackknife"
    tests = coefficient_tests(b, np.diag(vcov), level, np.full(len(b), how.df))
    limits = ("ll", "ul")
    out: dict[str, tuple[tuple[str, ...], FloatArray]] = {
        "se": (("se",), np.sqrt(np.diag(vcov))[None, :]),
        "bias": (("bias",), bias(draws, b, jackknife=jackknife)[None, :]),
        "reps": (("reps",), np.full((1, len(b)), float(len(draws)))),
        "b_jk" if jackknife else "b_bs": (("y1",), draws.mean(axis=0)[None, :]),
        "ci_normal": (limits, np.stack((tests.ll, tests.ul))),
    }
    if not jackknife:
        corrected, z0 = bias_corrected_limits(draws, b, level)
        out |= {"ci_percentile": (limits, percentile_limits(draws, level)), "ci_bc": (limits, corrected)}
        out["z0"] = (("z0",), z0[None, :])
        if found.acceleration is not None:
            accelerated, _ = bias_corrected_limits(draws, b, level, found.acceleration)
            out |= {"ci_bca": (limits, accelerated), "accel": (("accel",), found.acceleration[None, :])}
    return out
