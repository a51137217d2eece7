"""What ``predict`` does after commands that fit a linear predictor without random coefficients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects
from engine.commands.data.new_names import read_new_names
from engine.commands.postestimation.predict_mixed import say_missing, with_prediction
from engine.data.dataset import Variable
from engine.data.formats import default_format
from engine.errors import Span, StataError
from engine.frame.resolve import check_new_name
from engine.frame.sample import select
from engine.lang.command import Command
from engine.postest.linear import LinearRows, RegressRows
from engine.postest.panel import XtregRows
from engine.results.estimates import Estimates
from engine.results.regress import RegressEstimates
from engine.results.xtreg import XtregEstimates
from engine.spec.regression import PanelModel

_Array: TypeAlias = npt.NDArray[np.float64]
_Mask: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class LinearStatistic:
    """A prediction: label of the new variable, and its values."""

    label: str
    values: Callable[[], _Array]


Statistics: TypeAlias = dict[str, LinearStatistic]


def run(command: Command, context: Context, estimates: Estimates) -> Effects:
    """Create the variable.

    Raises
    ------
    StataError
        r(198) for a statistic that the estimates do not have, r(184) for two at once, r(110) and r(198) for the name,
        r(111) when the data no longer have what the model needs.
    """
    part = command.main
    asked = list(dict.fromkeys(use.decl.name for use in part.options))
    rows = select(context.dataset, part.if_, part.in_, lookup=context.lookup)
    known = statistics(estimates, context, rows)
    for use in part.options:
        if use.decl.name not in known:
            listed = ", ".join(known)
            message = f"option {use.decl.name} not allowed after {estimates.command}; there are {listed}"
            raise StataError(198, message, use.span)
    if len(asked) > 1:
        raise StataError(184, f"options {asked[0]} and {asked[1]} may not be combined", part.options[-1].span)
    names = read_new_names(part.body, part.body_span)
    word = asked[0] if asked else "xb"
    (new,) = names.take(1, f"{word} is one variable")
    check_new_name(new, context.dataset, names.span)
    chosen = known[word]
    asked_of = part.option("dfbeta")
    if asked_of is not None and isinstance(estimates, RegressEstimates):
        of, span = (asked_of.argument or "").strip(), asked_of.argument_span or asked_of.span
        rows_of = RegressRows(estimates.result, context.dataset, rows)
        chosen = LinearStatistic(f"DFBETA {of}", partial(_dfbeta, rows_of, of, span))
    if not asked:
        context.say("(option xb assumed; fitted values)")
    variable = Variable(new, names.storage, default_format(names.storage), chosen.label)
    dataset = with_prediction(context.dataset, variable, chosen.values(), rows)
    say_missing(dataset, new, context)
    return Effects(dataset=dataset)


def statistics(estimates: Estimates, context: Context, rows: _Mask) -> Statistics:
    """Return what can be predicted on `rows` after `estimates`, by option."""
    if isinstance(estimates, RegressEstimates):
        model = RegressRows(estimates.result, context.dataset, rows)
        return _after_regress(model)
    if isinstance(estimates, XtregEstimates):
        return _after_xtreg(XtregRows(estimates.result, context.dataset, rows))
    linear = LinearRows(estimates.result, context.dataset, rows)
    return {
        "xb": LinearStatistic("Linear prediction", lambda: linear.xb),
        "stdp": LinearStatistic("S.E. of the prediction", linear.stdp),
        "residuals": LinearStatistic("Residuals", lambda: linear.residuals),
    }


def _after_xtreg(model: XtregRows) -> Statistics:
    """Return what there is after ``xtreg``; effects of panels only where the model has them."""
    known = {
        "xb": LinearStatistic("Linear prediction", lambda: model.xb),
        "stdp": LinearStatistic("S.E. of the prediction", model.stdp),
        "ue": LinearStatistic("u[i] + e[i,t]", lambda: model.residuals),
    }
    if model.result.model is PanelModel.BE:
        return known
    return known | {
        "xbu": LinearStatistic("Xb + u[i]", lambda: model.xb + model.u),
        "u": LinearStatistic("u[i]", lambda: model.u),
        "e": LinearStatistic("e[i,t]", lambda: model.residuals - model.u),
    }


def _after_regress(model: RegressRows) -> Statistics:
    return {
        "xb": LinearStatistic("Fitted values", lambda: model.xb),
        "residuals": LinearStatistic("Residuals", lambda: model.residuals),
        "stdp": LinearStatistic("S.E. of the prediction", model.stdp),
        "stdf": LinearStatistic("S.E. of the forecast", model.stdf),
        "stdr": LinearStatistic("S.E. of the residuals", model.stdr),
        "rstandard": LinearStatistic("Standardized residuals", model.rstandard),
        "rstudent": LinearStatistic("Studentized residuals", model.rstudent),
        "leverage": LinearStatistic("Leverage", lambda: model.leverage),
        "hat": LinearStatistic("Leverage", lambda: model.leverage),
        "cooksd": LinearStatistic("Cook's distance", model.cooksd),
        "dfits": LinearStatistic("Dfits", model.dfits),
        "welsch": LinearStatistic("Welsch distance", model.welsch),
        "covratio": LinearStatistic("Covratio", model.covratio),
        "scores": LinearStatistic("Equation-level score from regress", lambda: model.residuals),
        "dfbeta": LinearStatistic("DFBETA", partial(_dfbeta, model, "", None)),
    }


def _dfbeta(model: RegressRows, name: str, span: Span | None) -> _Array:
    """Return DFBETA of a coefficient; r(111) for one that the fit does not have."""
    estimated = [model.result.columns[i] for i in model.index]
    for place, column in enumerate(estimated):
        if name.replace(" ", "") in (column.name, column.marked_name) and not column.is_constant:
            return model.dfbeta(place)
    listed = ", ".join(column.name for column in estimated if not column.is_constant)
    raise StataError(111, f"{name or 'dfbeta()'} is no coefficient of the last fit; there are {listed}", span)
