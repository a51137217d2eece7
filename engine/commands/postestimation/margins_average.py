"""What a ``margins`` command averages: observations, settings, groups, and what is said above its table."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from engine.errors import StataError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import numpy.typing as npt

    from engine.commands.base import Context
    from engine.commands.postestimation.margins_request import MarginsRequest
    from engine.errors import Span
    from engine.lang.command import OptionUse
    from engine.postest.covariates import Covariates
    from engine.postest.function_rows import FunctionRows
    from engine.postest.margins import Averages, Groups
    from engine.postest.parameters import Parameters
    from engine.results.estimates import Estimates
    from engine.tables.margins import MarginsHead


@contextmanager
def placed(where: OptionUse | Span | None) -> Iterator[None]:
    """Give errors without a place that of an option's argument, or the one given."""
    try:
        yield
    except StataError as error:
        span = where if where is None or isinstance(where, tuple) else where.argument_span
        error.span = error.span or span
        raise


def averages_of(
    active: Estimates, parameters: Parameters, request: MarginsRequest, context: Context
) -> tuple[Averages, Parameters]:
    """Return what the margins are averages of, and the parameters that their rows combine."""
    from engine.data.missing import is_missing
    from engine.frame.resolve import resolve_names
    from engine.postest.covariates import Covariates, check_names
    from engine.postest.function_rows import Change, linearised
    from engine.postest.margin_words import groups_of, settings_of
    from engine.postest.margins import Averages

    dataset = context.dataset
    columns = active.result.columns
    names = tuple(dict.fromkeys(part.variable for column in columns for part in column.parts))
    check_names(names, dataset)
    use = request.part.option("over")
    listed = " ".join(factor.variable for factor in request.over)
    over = resolve_names(listed, dataset, span=use.argument_span) if use is not None else ()
    rows = _rows(active, request, context)
    for name in (*names, *over):
        rows &= ~is_missing(dataset.numeric(name))
    if not rows.any():
        raise StataError(2000, "no observations")
    named = {factor.variable for term in request.terms for factor in (*term.factors, *term.within)}
    both = next((name for name in over if name in named), None)
    if both is not None:
        raise StataError(198, f"{both} cannot be in over() and among the margins", use.argument_span if use else None)
    weights = _weights(active, request, rows, context)
    rows[rows] &= weights > 0.0
    weights = weights[weights > 0.0]
    covariates = Covariates(dataset, columns, rows, weights)
    with placed(request.part.option("at")):
        settings = settings_of(request.at, covariates, atmeans=request.atmeans, asbalanced=request.asbalanced)
    with placed(use):
        groups = groups_of(over, covariates, [dataset.numeric(name)[rows] for name in over])
    change = Change(request.change)
    functions = _functions(request, covariates, groups, parameters, context)
    averages = Averages(covariates, settings, groups, change, functions)
    return averages, parameters if functions is None else linearised(parameters)


def _functions(
    request: MarginsRequest, covariates: Covariates, groups: Groups, parameters: Parameters, context: Context
) -> FunctionRows | None:
    """Return averages of what is not linear in the coefficients; None for predictions and their derivatives."""
    from engine.commands.postestimation.margins_expression import expressions
    from engine.postest.function_rows import Change, Elasticities, Observed

    change = Change(request.change)
    if change is Change.DYDX and request.expression is None:
        return None
    observed = Observed(
        covariates.columns, covariates.values, covariates.weights, groups.codes, len(groups.levels), parameters.b
    )
    if request.expression is not None:
        return expressions(request, observed, covariates, parameters, context)
    return Elasticities(observed, change)


def _rows(active: Estimates, request: MarginsRequest, context: Context) -> npt.NDArray[np.bool_]:
    """Return the observations that are averaged."""
    import numpy as np

    from engine.frame.prediction import sample_mask

    mask = context.selected(request.part)
    if request.subpop is not None:
        mask &= np.asarray(context.values(request.subpop) != 0.0)
    if request.noesample:
        return mask
    sample = sample_mask(context.dataset, active.result.sample_rows)
    if not sample.any():
        raise StataError(
            322, "e(sample) does not identify the estimation sample: its observations are not in memory; fit the model "
            "again, or add the option noesample"
        )  # fmt: skip
    return np.asarray(mask & sample)


def _weights(
    active: Estimates, request: MarginsRequest, rows: npt.NDArray[np.bool_], context: Context
) -> npt.NDArray[np.float64]:
    """Return the weights asked for, else those of the estimation; r(402) for negative ones."""
    import numpy as np

    from engine.data.missing import is_missing

    given = request.part.weight
    if given is None:
        return np.ones(int(rows.sum())) if request.part.has("noweights") else estimation_weights(active, rows, context)
    values = np.asarray(context.values(given.expression), dtype=np.float64)[rows]
    values = np.where(is_missing(values), 0.0, values)
    if np.any(values < 0.0):
        raise StataError(402, "negative weights encountered", given.span)
    if given.kind == "fweight" and np.any(values != np.floor(values)):
        raise StataError(401, "may not use noninteger frequency weights", given.span)
    if not np.any(values > 0.0):
        raise StataError(2000, "no observations", given.span)
    return values


def estimation_weights(active: Estimates, rows: npt.NDArray[np.bool_], context: Context) -> npt.NDArray[np.float64]:
    """Return the weights of the estimation on the rows, ones without."""
    import numpy as np

    from engine.lang.parse_expr import parse_expression

    text = active.e.macros.get("marginswexp") or active.e.macros.get("wexp") or ""
    if not text:
        return np.ones(int(rows.sum()))
    values = context.values(parse_expression(text.removeprefix("=").strip()))
    return np.asarray(values[rows], dtype=np.float64)


def head_of(active: Estimates, averages: Averages, request: MarginsRequest, context: Context) -> MarginsHead:
    """Return what stands above the table."""
    from engine.tables.margins import MarginsHead

    covariates = averages.covariates
    kind = active.e.macros.get("marginswtype", active.e.macros.get("wtype", ""))
    given = request.part.weight
    kind = given.kind if given is not None else "" if request.part.has("noweights") else kind
    counted = kind == "fweight"
    n = float(covariates.weights.sum()) if counted else float(covariates.rows.sum())
    robust = active.e.macros.get("vcetype") in ("Robust", "Bootstrap", "Jackknife")
    usual = {"regress": "OLS", "xtreg": "Conventional"}.get(active.command, "")
    portion = "Linear prediction, fixed portion" if active.command == "mixed" else "Linear prediction"
    fixed = averages.all_fixed([factor.variable for term in request.terms for factor in (*term.factors, *term.within)])
    if request.slopes:
        title = f"{'Conditional' if fixed else 'Average'} marginal effects"
    else:
        title = "Adjusted predictions" if fixed else "Predictive margins"
    return MarginsHead(
        title=title,
        n_obs=n,
        vce=active.e.macros["vcetype"] if robust else usual,
        expression=request.expression_text or f"{portion}, predict({request.predict})",
        change=averages.change.heading,
        over=" ".join(averages.groups.variables),
        at=() if request.noatlegend else averages.at_sets(),
        command=active.command,
    )
