"""``anova``: analysis of variance and covariance ([R] anova)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.errors import StataError
from engine.lang.command import Command, OptionUse, Part
from engine.lang.declaration import ByRule, CommandDecl, OptionDecl, OptionKind, Picks, VarlistRule

if TYPE_CHECKING:
    from engine.frame.linearframe import LinearFrame
    from engine.postest.repeated import RepeatedRequest
    from engine.results.anova import AnovaLine, AnovaTable
    from engine.results.regress import RegressResult
    from engine.spec.anova import AnovaModel
    from engine.spec.regression import RegressionSpec

DECLARATION = CommandDecl(
    name="anova",
    minimum=4,
    title="Analysis of variance and covariance",
    help="anova depvar terms: terms are names joined by # (interaction), ## (with the terms inside) or | (nested in), "
    "all categorical; c. marks a continuous variable. / before a term makes it the error term of the terms before it. "
    "predict, test, margins and contrast follow; regress shows the coefficients.",
    menu=("Statistics", "Linear models and related", "ANOVA/MANOVA", "Analysis of variance and covariance"),
    varlist=VarlistRule.TEXT,
    picks=Picks.VARIABLES,
    text_label="Dependent variable and terms",
    allow_if=True,
    allow_in=True,
    weights=("aweight", "fweight"),
    by=ByRule.EACH,
    options=(
        OptionDecl(name="repeated", minimum=1, kind=OptionKind.VARIABLES, page="model", label="Repeated variables",
                   help="Variables of the terms that are repeated measures."),
        OptionDecl(name="partial", minimum=1, page="model", label="Partial sums of squares",
                   help="Sums of squares of each term given all the others. The default."),
        OptionDecl(name="sequential", minimum=3, page="model", label="Sequential sums of squares",
                   help="Sums of squares of each term given those before it."),
        OptionDecl(name="bse", minimum=3, kind=OptionKind.TEXT, page="model", label="Between-subjects error term",
                   help="Term that the subjects are, for repeated measures."),
        OptionDecl(name="bseunit", minimum=7, kind=OptionKind.VARIABLE, page="model", label="Lowest unit in it",
                   help="Variable that numbers the subjects in the between-subjects error term."),
        OptionDecl(name="grouping", minimum=5, kind=OptionKind.VARIABLES, page="model", label="Grouping variables",
                   help="Variables whose groups the covariance matrix of repeated measures is pooled over."),
        OptionDecl(name="noconstant", minimum=3, page="model", label="Suppress constant term",
                   refused="anova, noconstant is not available; use regress, noconstant and testparm.",
                   help="Fit the model without a constant."),
        OptionDecl(name="dropemptycells", minimum=4, page="model", label="Drop empty cells",
                   refused="anova, dropemptycells is not available: empty cells have no coefficients in any case.",
                   help="Leave empty cells out of the design matrix."),
    ),
    examples=(
        "anova score person drug, repeated(drug)",
        "anova weight id week",
        "anova mathach sector##female c.ses",
    ),
    results=(
        ("e(N), e(mss), e(df_m), e(rss), e(df_r), e(F), e(r2), e(r2_a), e(rmse)", "as after regress"),
        ("e(ss_#), e(df_#), e(F_#), e(ssdenom_#), e(dfdenom_#)", "sum of squares and test of term #"),
        ("e(term_#), e(errorterm_#)", "term #, and its error term"),
        ("e(hf#), e(gg#), e(box#), e(Srep#)", "epsilons and covariance matrix of repeated variable #"),
        ("e(N_bse), e(df_bse)", "levels and degrees of freedom of the between-subjects error term"),
    ),
)  # fmt: skip


def run(command: Command, context: Context) -> Effects:
    """Fit the model, or show the last table again.

    Raises
    ------
    StataError
        r(198) for what is no list of terms and for options that do not go together, r(301) for a redisplay without
        results of ``anova``, r(421) and r(422) where the subjects of repeated measures are not clear, and what
        `engine.frame.linearframe.bind_linear` finds.
    """
    part = command.main
    if not part.body and part.if_ is None and part.in_ is None and part.weight is None:
        return _replay(command, context)
    if part.has("partial") and part.has("sequential"):
        raise StataError(198, "options partial and sequential may not be combined", part.options[-1].span)
    return _fit(part, context)


def _fit(part: Part, context: Context) -> Effects:
    from engine.fit.regress import fit_regress
    from engine.frame.anovaframe import resolved
    from engine.frame.linearframe import bind_linear
    from engine.results.anova import AnovaEstimates, anova_stored
    from engine.results.regress_stored import regress_stored
    from engine.spec.anova import read_anova

    model = resolved(read_anova(part.body, part.body_span[0]), context.dataset)
    spec = _regression(model, part)
    request = _repeated(part, context)
    frame = bind_linear(spec, context.dataset, lookup=context.lookup, cancel=context.cancel)
    result = fit_regress(frame, spec.vce, context.dataset.row_ids[frame.e_sample])
    table = _table(model, frame, result, context, request=request, sequential=part.has("sequential"))
    stored = anova_stored(regress_stored(result, context.cmdline), result, table, context.cmdline)
    context.cancel.check()
    effects = _show(result, table, context)
    estimates = AnovaEstimates(
        command="anova", spec=spec, result=result, cmdline=context.cmdline, e=stored, table=table
    )
    return Effects(estimates=estimates, tables=effects.tables, e=stored)


def _regression(model: AnovaModel, part: Part) -> RegressionSpec:
    from engine.frame.anovaframe import regressors
    from engine.lang.parse_varlist import parse_varlist
    from engine.spec.regression import RegressionSpec, Vce

    return RegressionSpec(
        command="regress",
        depvar=model.depvar,
        depvar_span=model.depvar_span,
        indepvars=parse_varlist(regressors(model)),
        if_=part.if_,
        in_=part.in_,
        weight=part.weight,
        vce=Vce.OLS,
    )


def _table(
    model: AnovaModel,
    frame: LinearFrame,
    result: RegressResult,
    context: Context,
    *,
    request: RepeatedRequest | None,
    sequential: bool,
) -> AnovaTable:
    from engine.fit.anova import term_squares
    from engine.frame.anovaframe import term_values
    from engine.postest.repeated import repeated_measures
    from engine.results.anova import AnovaTable

    values = term_values(model.terms, context.dataset, frame.e_sample)
    w = None if frame.weights is None else frame.weights.values
    squares = term_squares(values, frame.y, w, sequential=sequential, cancel=context.cancel)
    tests = [(each.ss, each.df) for each in squares]
    lines = tuple(_line(i, model, tests, (result.rss, result.df_error)) for i in range(len(tests)))
    repeated = None
    if request is not None:
        factors = {name: codes for term in values for name, codes in term.factors.items()}
        repeated = repeated_measures(model, lines, request, factors, frame.y, residual=result.df_error)
    return AnovaTable(sequential=sequential, lines=lines, blocks=model.blocks, repeated=repeated)


def _line(i: int, model: AnovaModel, squares: list[tuple[float, int]], residual: tuple[float, int]) -> AnovaLine:
    """Return a term with its test against its error term; one that is an error term only has none."""
    from engine.inference.student import f_tail
    from engine.results.anova import AnovaLine

    nan = float("nan")
    (ss, df), name = squares[i], model.terms[i].name
    if i not in model.errors:
        return AnovaLine(name=name, ss=ss, df=df, F=nan, p=nan)
    error = model.errors[i]
    below, ddf = residual if error is None else squares[error]
    if not df or not ddf or below <= 0.0:
        return AnovaLine(name=name, ss=ss, df=df, F=nan, p=nan, error=error, ddf=float(ddf))
    ratio = (ss / df) / (below / ddf)
    return AnovaLine(name=name, ss=ss, df=df, F=ratio, p=f_tail(ratio, df, ddf), error=error, ddf=float(ddf))


def _repeated(part: Part, context: Context) -> RepeatedRequest | None:
    """Return what is asked of repeated measures; r(198) for their options without ``repeated()``."""
    from engine.frame.resolve import resolve_names
    from engine.postest.repeated import RepeatedRequest

    use = part.option("repeated")
    others = [each for each in part.options if each.decl.name in ("bse", "bseunit", "grouping")]
    if use is None:
        if others:
            raise StataError(198, f"option {others[0].decl.name}() needs repeated()", others[0].span)
        return None

    def names(each: OptionUse | None) -> tuple[str, ...]:
        return () if each is None else resolve_names(each.argument or "", context.dataset, span=each.argument_span)

    bse = part.option("bse")
    unit = names(part.option("bseunit"))
    return RepeatedRequest(
        variables=names(use),
        bse=(bse.argument or "").strip() if bse is not None else "",
        unit=unit[0] if unit else "",
        grouping=names(part.option("grouping")),
        span=use.span,
    )


def _replay(command: Command, context: Context) -> Effects:
    from engine.commands.estimation.showing import replayed
    from engine.results.anova import AnovaEstimates

    estimates = replayed(command, context, AnovaEstimates)
    return _show(estimates.result, estimates.table, context)


def _show(result: RegressResult, table: AnovaTable, context: Context) -> Effects:
    from engine.tables.anova import anova_blocks, anova_data, repeated_data

    context.emit(*anova_blocks(result, table))
    repeated = () if table.repeated is None else (repeated_data(table.repeated.effects),)
    return Effects(tables=(anova_data(result, table), *repeated))
