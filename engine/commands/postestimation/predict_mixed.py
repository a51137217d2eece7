"""What ``predict`` does after ``mixed``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects
from engine.commands.data.new_names import NewNames, read_new_names
from engine.data.dataset import Dataset, Variable
from engine.data.formats import default_format
from engine.data.missing import MISSING, from_doubles
from engine.errors import StataError
from engine.frame.resolve import check_new_name, resolve_name
from engine.frame.sample import select
from engine.lang.command import Command, OptionUse, Part
from engine.postest import predict as predictions
from engine.postest.predict import EffectColumn, Fitted

_Array: TypeAlias = npt.NDArray[np.float64]
_Mask: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Statistic:
    """A statistic that makes one variable: its label and how it is computed from model, rows and relevel()."""

    label: str
    compute: Callable[[Fitted, _Mask, int | None], _Array]
    by_level: bool = False


_STATISTICS = {
    "xb": _Statistic(
        "Linear prediction, fixed portion", lambda model, rows, _: predictions.linear_prediction(model, rows)
    ),
    "stdp": _Statistic(
        "S.E. of the linear prediction, fixed portion", lambda model, rows, _: predictions.standard_error(model, rows)
    ),
    "fitted": _Statistic(
        "Fitted values: xb + Zu",
        lambda model, rows, level: predictions.fitted_values(model, rows, relevel=level),
        by_level=True,
    ),
    "residuals": _Statistic(
        "Residuals",
        lambda model, rows, level: predictions.residuals(model, rows, relevel=level),
        by_level=True,
    ),
    "rstandard": _Statistic(
        "Standardized residuals", lambda model, rows, _: predictions.standardized_residuals(model, rows)
    ),
}


def run(command: Command, context: Context) -> Effects:
    """Create the variables.

    Raises
    ------
    StataError
        r(301) without results, r(110) and r(198) for the new names, r(102) and r(103) for too few or too many, r(184)
        for two statistics at once, r(111) and r(459) when the data no longer have what the model needs.
    """
    part = command.main
    estimates = context.mixed("predict")
    for use in part.options:
        if use.decl.page == "regression":
            raise StataError(198, f"option {use.decl.name} not allowed after mixed", use.span)
    asked = [use for use in part.options if use.decl.name in (*_STATISTICS, "reffects", "scores")]
    if len({use.decl.name for use in asked}) > 1:
        first, second = asked[0].decl.name, asked[1].decl.name
        raise StataError(184, f"options {first} and {second} may not be combined", asked[1].span)
    model = Fitted(estimates.spec, estimates.result, context.dataset, context.cancel)
    names = read_new_names(part.body, part.body_span)
    rows = select(context.dataset, part.if_, part.in_, lookup=context.lookup)
    reses = part.option("reses")
    if part.has("scores"):
        return _scores(model, names, rows, part, context)
    if reses is not None or part.has("reffects"):
        return _random_effects(model, names, rows, part, context)
    return _statistic(model, names, rows, part, context)


def _statistic(model: Fitted, names: NewNames, rows: _Mask, part: Part, context: Context) -> Effects:
    name = next((use.decl.name for use in part.options if use.decl.name in _STATISTICS), None)
    statistic = _STATISTICS[name or "xb"]
    (new,) = names.take(1, f"{name or 'xb'} is one variable")
    level = _relevel(model, part)
    if level is not None and not statistic.by_level:
        use = part.option("relevel")
        raise StataError(198, "relevel() goes with fitted, residuals and reffects", use.span if use else None)
    check_new_name(new, model.dataset, names.span)
    if name is None:
        context.say("(option xb assumed)")
    variable = Variable(new, names.storage, default_format(names.storage), statistic.label)
    values = statistic.compute(model, rows, level)
    context.cancel.check()
    dataset = with_prediction(model.dataset, variable, values, rows)
    context.cancel.check()
    say_missing(dataset, new, context)
    return Effects(dataset=dataset)


def _random_effects(model: Fitted, names: NewNames, rows: _Mask, part: Part, context: Context) -> Effects:
    reses = part.option("reses")
    wants_effects = part.has("reffects")
    _check_reses(reses, part, wants_effects=wants_effects)
    level = _relevel(model, part)
    effects, errors = predictions.random_effects(model, rows, relevel=level)
    if not effects:
        raise StataError(321, "the model has no random effects to predict")
    jobs: list[tuple[NewNames, str, tuple[EffectColumn, ...]]] = []
    if wants_effects:
        jobs.append((names, "BLUP r.e. for", effects))
    if reses is not None:
        given = reses.argument is not None
        error_names = read_new_names(reses.argument or "", reses.argument_span or reses.span) if given else names
        jobs.append((error_names, "BLUP r.e. std. err. for", errors))
    dataset, created = model.dataset, list[str]()
    for new_names, words, columns in jobs:
        context.cancel.check()
        counted = "there is 1 random effect" if len(columns) == 1 else f"there are {len(columns)} random effects"
        for new, column in zip(new_names.take(len(columns), counted), columns, strict=True):
            check_new_name(new, dataset, new_names.span)
            label = f"{words} {column.level_name}: {column.name}"
            storage = new_names.storage if new_names.typed else names.storage
            dataset = with_prediction(
                dataset, Variable(new, storage, default_format(storage), label), column.values, rows
            )
            created.append(new)
    for new in created:
        say_missing(dataset, new, context)
    return Effects(dataset=dataset)


def _scores(model: Fitted, names: NewNames, rows: _Mask, part: Part, context: Context) -> Effects:
    for name in ("reses", "relevel"):
        use = part.option(name)
        if use is not None:
            raise StataError(184, f"options scores and {name} may not be combined", use.span)
    columns = predictions.score_columns(model, rows)
    dataset = model.dataset
    created = list(names.take(len(columns), f"there are {len(columns)} elements of e(b)"))
    for new, column in zip(created, columns, strict=True):
        context.cancel.check()
        check_new_name(new, dataset, names.span)
        label = f"Score for [{column.level_name}]{column.name}"
        variable = Variable(new, names.storage, default_format(names.storage), label)
        dataset = with_prediction(dataset, variable, column.values, rows)
    for new in created:
        say_missing(dataset, new, context)
    return Effects(dataset=dataset)


def _check_reses(reses: OptionUse | None, part: Part, *, wants_effects: bool) -> None:
    if reses is None:
        return
    statistic = next((use for use in part.options if use.decl.name in _STATISTICS), None)
    if statistic is not None:
        raise StataError(184, f"options {statistic.decl.name} and reses may not be combined", reses.span)
    if wants_effects and reses.argument is None:
        raise StataError(198, "reses() needs names for the standard errors, as in reses(se*)", reses.span)
    if not wants_effects and reses.argument is not None:
        raise StataError(198, "reses() with names goes together with reffects", reses.span)


def _relevel(model: Fitted, part: Part) -> int | None:
    use = part.option("relevel")
    if use is None:
        return None
    word = (use.argument or "").strip()
    levels = [level.name for level in model.result.levels]
    name = word if word in levels else resolve_name(word, model.dataset, use.argument_span)
    try:
        return predictions.level_index(model, name)
    except StataError as error:
        raise StataError(error.rc, error.message, use.argument_span) from None


def with_prediction(dataset: Dataset, variable: Variable, values: _Array, rows: _Mask) -> Dataset:
    """Return the data with a new variable of `values` on `rows`, missing where they are NaN and elsewhere."""
    column = np.full(dataset.n_obs, MISSING)
    column[rows] = np.where(np.isnan(values), MISSING, values)
    return dataset.with_variable(variable, from_doubles(column, variable.storage))


def say_missing(dataset: Dataset, name: str, context: Context) -> None:
    """Tell how many values of a new variable are missing."""
    n_missing = int(np.count_nonzero(dataset.numeric(name) >= MISSING))
    if n_missing:
        plural = "" if n_missing == 1 else "s"
        context.say(f"({n_missing:,} missing value{plural} generated)")
