"""``estat hettest`` and ``estat ovtest``: tests of a regression's assumptions ([R] regress postestimation)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.subcommand import Subcommand, no_more_words
from engine.errors import StataError
from engine.lang.command import Part
from engine.lang.declaration import OptionDecl

if TYPE_CHECKING:
    from engine.postest.linear import RegressRows
    from engine.postest.specification import SpecificationTest
    from engine.results.estimates import Estimates
    from engine.results.regress import RegressEstimates

RHS = OptionDecl(name="rhs", minimum=3, page="model", label="Right-hand-side variables",
                 help="Uses the independent variables in place of the fitted values.")  # fmt: skip
_ASSUMED = (
    OptionDecl(name="normal", minimum=1, page="model", label="Normal errors",
               help="Assumes normal errors: half the explained sum of squares. The default."),
    OptionDecl(name="iid", minimum=3, page="model", label="Errors of one distribution",
               help="Assumes errors of one distribution: N times R-squared."),
    OptionDecl(name="fstat", minimum=5, page="model", label="F statistic",
               help="Assumes errors of one distribution and gives an F statistic."),
)  # fmt: skip


def _needs_regress(estimates: Estimates, word: str, part: Part) -> RegressEstimates:
    from engine.results.regress import RegressEstimates

    if not isinstance(estimates, RegressEstimates):
        message = f"estat {word} is not available after {estimates.command}: it needs the results of regress"
        raise StataError(321, message, part.body_span)
    kind = estimates.result.weighting.kind if estimates.result.weighting is not None else ""
    if kind not in ("", "fweight"):
        raise StataError(404, f"estat {word} is not available with {kind}s", part.body_span)
    if not estimates.result.sigma2 > 0.0:
        raise StataError(498, f"estat {word} is not available: the regression leaves no residual variance")
    return estimates


def _rows(estimates: RegressEstimates, context: Context) -> RegressRows:
    from engine.frame.prediction import sample_mask
    from engine.postest.linear import RegressRows

    sample = sample_mask(context.dataset, estimates.result.sample_rows)
    if int(sample.sum()) != len(estimates.result.sample_rows):
        raise StataError(459, "the estimation sample is no longer in memory; fit the model again")
    return RegressRows(estimates.result, context.dataset, sample)


def _hettest(part: Part, context: Context, estimates: Estimates) -> Effects:
    """Test equal variances; r(198) for options that do not go together, r(404) with weights other than frequencies."""
    import numpy as np

    from engine.data.missing import is_missing
    from engine.frame.resolve import resolve_names
    from engine.postest.specification import ErrorTerms, equal_variances

    fitted = _needs_regress(estimates, "hettest", part)
    asked = [use for use in part.options if use.decl.name != "rhs"]
    if len({use.decl.name for use in asked}) > 1:
        raise StataError(198, "only one of normal, iid and fstat may be given", asked[-1].span)
    assumed = ErrorTerms(asked[0].decl.name) if asked else ErrorTerms.NORMAL
    rows = _rows(fitted, context)
    names = resolve_names(part.body, context.dataset, span=part.body_span) if part.body else ()
    own = np.array([context.dataset.numeric(name)[rows.rows] for name in names]).T
    if part.has("rhs"):
        slopes = rows.X[:, :-1] if fitted.result.columns[-1].is_constant else rows.X
        causes, told = np.column_stack([slopes, own]) if names else slopes, "Variables: All independent variables"
    elif names:
        causes, told = own, f"Variable{'s' if len(names) > 1 else ''}: {' '.join(names)}"
    else:
        causes, told = rows.xb[:, None], f"Variable: Fitted values of {fitted.result.depvar}"
    known = ~is_missing(own).any(axis=1) if names else np.ones(len(causes), dtype=bool)
    counts = None if rows.counts is None else rows.counts[known]
    test = equal_variances(rows.residuals[known], causes[known], counts, assumed)
    errors = "Normal error terms" if assumed is ErrorTerms.NORMAL else "i.i.d. error terms"
    head = ("Breusch–Pagan/Cook–Weisberg test for heteroskedasticity", f"Assumption: {errors}", told)
    return _show("hettest", head, "H0: Constant variance", test, context)


def _ovtest(part: Part, context: Context, estimates: Estimates) -> Effects:
    """Test for powers left out; r(404) with weights other than frequencies, r(301) without a constant."""
    from engine.postest.specification import powers_left_out

    no_more_words(part, "ovtest")
    fitted = _needs_regress(estimates, "ovtest", part)
    if not fitted.result.columns[-1].is_constant:
        raise StataError(301, "estat ovtest needs a regression with a constant", part.body_span)
    rows = _rows(fitted, context)
    y = rows.residuals + rows.xb
    bases = rows.X[:, :-1] if part.has("rhs") else rows.xb[:, None]
    test = powers_left_out(y, rows.X, bases, rows.counts)
    omitted = "independent variables" if part.has("rhs") else f"fitted values of {fitted.result.depvar}"
    head = ("Ramsey RESET test for omitted variables", f"Omitted: Powers of {omitted}")
    return _show("ovtest", head, "H0: Model has no omitted variables", test, context)


def _show(name: str, head: tuple[str, ...], null: str, test: SpecificationTest, context: Context) -> Effects:
    import math

    from engine.results.stored import DataRow, DataTable, Stored
    from engine.tables.numbers import CHI2, PROBABILITY, number_text

    is_f = math.isfinite(test.ddf)
    label = f"F({test.df}, {test.ddf:.0f})" if is_f else f"chi2({test.df})"
    tail = f"Prob > {'F' if is_f else 'chi2'}"
    values = (number_text(test.statistic, CHI2), number_text(test.p, PROBABILITY))
    width, room = max(len(label), len(tail)), max(len(value) for value in values)
    lines = (f"{left:>{width}} = {value:>{room}}" for left, value in zip((label, tail), values, strict=True))
    context.say("", *head, "", null, "", *lines)
    scalars = {"F" if is_f else "chi2": test.statistic, "df": float(test.df), "p": test.p}
    if is_f:
        scalars["df_r"] = test.ddf
    row = DataRow("", name, (test.statistic, float(test.df), test.ddf, test.p))
    return Effects(tables=(DataTable(name, ("statistic", "df", "ddf", "p"), (row,)),), r=Stored(scalars=scalars))


HETTEST = Subcommand(
    name="hettest",
    minimum=4,
    help="Breusch-Pagan test of equal variances after regress; variables may follow",
    options=(RHS, *_ASSUMED),
    after=("regress", "anova"),
    run=_hettest,
)
OVTEST = Subcommand(
    name="ovtest",
    minimum=3,
    help="Ramsey's test of powers left out after regress",
    options=(RHS,),
    after=("regress", "anova"),
    run=_ovtest,
)
