"""``estat df``: degrees of freedom of the fixed effects by one method or several ([ME] estat df)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine.commands.base import Context, Effects
from engine.commands.subcommand import Subcommand, no_more_words
from engine.errors import StataError
from engine.lang.command import OptionUse, Part
from engine.lang.declaration import OptionDecl, OptionKind
from engine.lang.options import find_choice
from engine.results.stored import Matrix, Stored
from engine.spec.dfmethod import DfInformation, DfMethod, DfRequest
from engine.spec.mixed import Method
from engine.spec.mixed_declaration import DF_METHODS

if TYPE_CHECKING:
    from engine.frame.modelframe import ModelFrame
    from engine.results.estimates import Estimates, MixedEstimates
    from engine.results.mixed import MixedResult
    from engine.results.smallsample import DegreesOfFreedom

_METHOD = OptionDecl(
    name="method",
    minimum=3,
    kind=OptionKind.TEXT,
    choices=DF_METHODS,
    page="model",
    label="Methods",
    help="Methods to compute, in a list; left out, the one of dfmethod().",
)
_POST = OptionDecl(
    name="post",
    minimum=4,
    kind=OptionKind.TEXT,
    bare=True,
    choices=DF_METHODS,
    page="model",
    label="Post degrees of freedom",
    help="Keep the degrees of freedom with the estimation results; name the method where there are several.",
)
_EIM = OptionDecl(
    name="eim", minimum=3, page="model", label="Expected information matrix",
    help="Use the expected information for satterthwaite and kroger. The default.",
)  # fmt: skip
_OIM = OptionDecl(
    name="oim", minimum=3, page="model", label="Observed information matrix",
    help="Use the observed information for satterthwaite and kroger.",
)  # fmt: skip


def _run(part: Part, context: Context, estimates: Estimates) -> Effects:
    from engine.inference.ddf import degrees_of_freedom
    from engine.results.mixed_stored import mixed_stored
    from engine.tables.estat import df_blocks, df_data
    from engine.tables.labels import factor_labels

    no_more_words(part, "df")
    estimates = context.mixed("estat df")
    result = estimates.result
    requests = _requests(part, result)
    frame = _frame_of(context, estimates)
    found = [degrees_of_freedom(result, request, frame) for request in requests]
    posted = _posted(part, found)
    labels = factor_labels(result.columns, context.dataset)
    context.emit(*df_blocks(result, found, labels, context.settings.linesize))
    effects = Effects(tables=(df_data(result, found),), r=_returned(result, found))
    if posted is None:
        return effects
    result = replace(result, ddf=posted)
    stored = mixed_stored(result, estimates.cmdline, estimates.e.macros)
    return replace(effects, estimates=replace(estimates, result=result, e=stored), e=stored)


def _requests(part: Part, result: MixedResult) -> list[DfRequest]:
    """Return what to compute; r(198) where the model does not allow it."""
    if part.has("eim") and part.has("oim"):
        raise StataError(184, "options eim and oim may not be combined")
    use = part.option("method")
    if use is None:
        if result.ddf is None:
            raise StataError(198, "option method() is required: the model was fitted without dfmethod()")
        usual, methods = result.ddf.request.information, [result.ddf.request.method]
    else:
        usual, methods = DfInformation.EXPECTED, _methods(use)
    chosen = DfInformation.OBSERVED if part.has("oim") else DfInformation.EXPECTED if part.has("eim") else usual
    _check_model(result)
    for method in methods:
        _check(method, result, use)
    return [DfRequest(method, chosen if method.is_approximation else DfInformation.EXPECTED) for method in methods]


def _methods(use: OptionUse) -> list[DfMethod]:
    words = (use.argument or "").replace(",", " ").split()
    if not words:
        raise StataError(198, "option method() incorrectly specified: name one method or more", use.span)
    return list(dict.fromkeys(_method(use, word) for word in words))


def _method(use: OptionUse, word: str) -> DfMethod:
    full = find_choice(use.decl, word)
    if full is None:
        listed = ", ".join(method.value for method in DfMethod)
        message = f"option {use.decl.name}() incorrectly specified: {word} is none of {listed}"
        raise StataError(198, message, use.argument_span)
    return DfMethod(full)


def _check_model(result: MixedResult) -> None:
    if result.weights is not None:
        raise StataError(198, "estat df is not allowed after weights")
    if result.robust is not None:
        raise StataError(198, "estat df needs model-based standard errors: fit the model with vce(oim)")


def _check(method: DfMethod, result: MixedResult, use: OptionUse | None) -> None:
    span = None if use is None else use.argument_span
    if method.is_approximation and result.method is not Method.REML:
        raise StataError(198, f"method({method.value}) requires a model fitted with option reml", span)
    if method is DfMethod.REPEATED and len(result.levels) != 1:
        raise StataError(198, "method(repeated) needs a two-level model", span)


def _frame_of(context: Context, estimates: MixedEstimates) -> Callable[[], ModelFrame]:
    """Return what binds the estimation frame again, for the methods that look at rows."""
    from engine.frame.prediction import rebind

    def frame() -> ModelFrame:
        result = estimates.result
        return rebind(
            estimates.spec, context.dataset, result.sample_rows, result.columns, signed=result.signature
        ).frame

    return frame


def _posted(part: Part, found: list[DegreesOfFreedom]) -> DegreesOfFreedom | None:
    """Return the degrees of freedom to keep with the results; None without ``post``."""
    use = part.option("post")
    if use is None:
        return None
    if use.argument is None:
        if len(found) > 1:
            raise StataError(198, "post needs a method: post(method) names one of those computed", use.span)
        return found[0]
    method = _method(use, use.argument.strip())
    chosen = [each for each in found if each.request.method is method]
    if not chosen:
        raise StataError(198, f"post({method.value}) is not among the methods computed", use.argument_span)
    return chosen[0]


def _returned(result: MixedResult, found: list[DegreesOfFreedom]) -> Stored:
    names = tuple(f"{result.depvar}:{column.marked_name}" for column in result.columns)
    methods = tuple(each.request.method.value for each in found)
    matrices = {"df": Matrix(methods, names, np.array([each.df for each in found]))}
    for each in found:
        if each.request.method is DfMethod.KROGER:
            matrices["V_df"] = Matrix(names, names, each.vcov)
    return Stored(macros={"dfmethods": " ".join(methods)}, matrices=matrices)


SUBCOMMAND = Subcommand(
    name="df",
    minimum=2,
    help="degrees of freedom of the fixed effects",
    options=(_METHOD, _POST, _EIM, _OIM),
    mixed_only=True,
    run=_run,
)
