"""``estat sd``: variance components as standard deviations and correlations ([ME] estat sd)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.commands.base import Context, Effects
from engine.commands.postestimation import estat_df, estat_icc
from engine.commands.subcommand import Subcommand, no_more_words, shared_option
from engine.errors import StataError
from engine.lang.command import Part
from engine.lang.declaration import OptionDecl

if TYPE_CHECKING:
    from engine.results.estimates import Estimates
    from engine.results.mixed import MixedResult
    from engine.results.stored import Stored
    from engine.spec.mixed import Metric

_VARIANCE = OptionDecl(
    name="variance", minimum=3, label="Variances and covariances", page="model",
    help="Shows variances and covariances instead.",
)  # fmt: skip
_VERBOSE = OptionDecl(
    name="verbose", minimum=4, label="Fixed effects too", page="model", help="Shows the fixed effects too.",
)  # fmt: skip


def _run(part: Part, context: Context, estimates: Estimates) -> Effects:
    """Print the table."""
    from dataclasses import replace

    from engine.results.estimates import needs_mixed
    from engine.spec.mixed import Metric
    from engine.tables.document import Lines
    from engine.tables.estimation import TableStyle
    from engine.tables.grid import SeSource
    from engine.tables.labels import factor_labels
    from engine.tables.mixed_data import fixed_data, random_data
    from engine.tables.mixed_fixed import fixed_table
    from engine.tables.mixed_random import random_footnotes, random_table

    no_more_words(part, "sd")
    mixed = needs_mixed(estimates, "estat sd")
    result = mixed.result
    use, post = part.option("level"), part.option("post")
    if post is not None and post.argument is not None:
        raise StataError(198, "post takes no argument with estat sd", post.span)
    level = context.settings.level if use is None or use.argument is None else float(use.argument)
    metric = Metric.VARIANCE if part.has("variance") else Metric.STDDEVIATION
    style = TableStyle(
        level=level,
        labels=factor_labels(result.columns, context.dataset),
        linesize=context.settings.linesize,
        source=SeSource.MODEL if result.robust is None else SeSource.ROBUST,
    )
    tables = []
    context.emit(Lines(("",)))
    if part.has("verbose"):
        tables.append(fixed_data(result, level))
        context.emit(replace(fixed_table(result, style), data=tables[-1]), Lines(("",)))
    tables.append(random_data(result, level, metric))
    context.emit(replace(random_table(result, metric, style), data=tables[-1]), *random_footnotes(result))
    stored = _returned(result, metric, level, verbose=part.has("verbose"))
    return Effects(tables=tuple(tables), r=stored, **_posted(result, stored, estimates, posting=post is not None))


def _returned(result: MixedResult, metric: Metric, level: float, *, verbose: bool) -> Stored:
    """Return r(b), r(V) and r(table), equations named after the levels."""
    import numpy as np

    from engine.inference.coefficients import coefficient_tests
    from engine.postest.random_parameters import displayed, parameter_covariance
    from engine.results.stored import Matrix, Stored
    from engine.tables.mixed_random import random_row

    estimates, se = displayed(result.parameters, metric)
    shown = [random_row(p, metric, level) for p in result.parameters]
    equations = [result.blocks[p.block].level_name if p.block >= 0 else "Residual" for p in result.parameters]
    names = tuple(_stored_name(equation, row.name) for equation, row in zip(equations, shown, strict=True))
    covariance = parameter_covariance(result, metric)
    table = np.stack((estimates, se, np.array([r.ll for r in shown]), np.array([r.ul for r in shown])))
    if verbose:
        own = tuple(f"{result.depvar}:{column.marked_name}" for column in result.columns)
        tests = coefficient_tests(result.beta, np.diag(result.vcov_beta), level)
        fixed = np.stack((result.beta, tests.se, tests.ll, tests.ul))
        names, table = (*own, *names), np.hstack((fixed, table))
        whole = np.zeros((len(names), len(names)))
        k = len(own)
        whole[:k, :k], whole[k:, k:] = result.vcov_beta, covariance
        covariance = whole
    matrices = {
        "b": Matrix(("y1",), names, table[:1]),
        "V": Matrix(names, names, covariance),
        "table": Matrix(("b", "se", "ll", "ul"), names, table),
    }
    return Stored(scalars={"level": level}, macros={"cmd": "estat sd"}, matrices=matrices)


def _stored_name(equation: str, name: str) -> str:
    """Return the name of a column of r(b): ``id:sd(week)``, with by() ``Residual_1:sd(e)``."""
    group, sign, own = name.rpartition(": ")
    return f"{equation}_{group}:{own}" if sign else f"{equation}:{name}"


def _posted(result: MixedResult, stored: Stored, estimates: Estimates, *, posting: bool) -> dict[str, Any]:
    if not posting:
        return {}
    import numpy as np

    from engine.results.estimates import Estimates
    from engine.results.margins import PostedResult
    from engine.results.stored import Stored

    b, covariance = stored.matrices["b"], stored.matrices["V"]
    k = len(b.cols) - len(result.parameters)
    posted = PostedResult(
        depvar=result.depvar if k else "",
        columns=result.columns[:k],
        beta=b.values[0, :k],
        vcov_beta=covariance.values[:k, :k],
        theta_names=b.cols[k:],
        theta=b.values[0, k:],
        vcov_theta=covariance.values[k:, k:],
        n_obs=result.n_obs,
        rank=int(np.linalg.matrix_rank(covariance.values)),
        sample_rows=result.sample_rows,
    )
    e = Stored({"N": float(result.n_obs)}, {"cmd": "estat sd", "properties": "b V"}, {"b": b, "V": covariance})
    return {"estimates": Estimates(command="estat sd", result=posted, cmdline=estimates.cmdline, e=e), "e": e}


SUBCOMMAND = Subcommand(
    name="sd",
    minimum=2,
    help="random-effects parameters as standard deviations and correlations",
    options=(
        _VARIANCE,
        _VERBOSE,
        shared_option(estat_df.SUBCOMMAND, "post"),
        shared_option(estat_icc.SUBCOMMAND, "level"),
    ),
    mixed_only=True,
    run=_run,
)
