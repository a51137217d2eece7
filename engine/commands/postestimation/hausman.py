"""``hausman``: Hausman's specification test of two fits ([R] hausman)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.postestimation.estimate_names import ACTIVE, by_name
from engine.errors import StataError
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, Picks, VarlistRule

if TYPE_CHECKING:
    from engine.results.estimates import Estimates

DECLARATION = CommandDecl(
    name="hausman",
    minimum=7,
    title="Hausman specification test",
    help="Compares a fit that is consistent in any case with one that is efficient where its assumptions hold; give "
    "the consistent one first. A second name left out stands for the active results.",
    menu=("Statistics", "Postestimation", "Specification, diagnostic, and goodness-of-fit analysis",
          "Hausman specification test"),
    varlist=VarlistRule.TEXT,
    text_label="Models",
    picks=Picks.FIT_PAIR,
    options=(
        OptionDecl(name="constant", minimum=1, page="model", label="Include the constant",
                   help="Compare the constants too."),
        OptionDecl(name="sigmamore", minimum=9, page="model", label="Variance of the efficient fit",
                   help="Base both covariance matrices on the residual variance of the efficient fit."),
        OptionDecl(name="sigmaless", minimum=9, page="model", label="Variance of the consistent fit",
                   help="Base both covariance matrices on the residual variance of the consistent fit."),
        OptionDecl(name="df", minimum=2, kind=OptionKind.INTEGER, low=1, page="model", label="Degrees of freedom",
                   help="Degrees of freedom of the test in place of the rank of the difference of the matrices."),
        OptionDecl(name="force", minimum=5, page="model", label="Force the test",
                   help="Compute the test although its assumptions are not met, as with robust standard errors."),
        OptionDecl(name="equations", minimum=2, kind=OptionKind.TEXT, page="model", label="Equations to compare",
                   help="Which equations are compared; 1:1, the linear predictors, in any case."),
        OptionDecl(name="alleqs", minimum=5, page="model", label="All equations",
                   refused="alleqs is not available: hausman compares the coefficients of the linear predictors.",
                   help="Compare all equations."),
        OptionDecl(name="skipeqs", minimum=5, kind=OptionKind.TEXT, page="model", label="Equations to skip",
                   refused="skipeqs() is not available: hausman compares the coefficients of the linear predictors.",
                   help="Equations to leave out."),
        OptionDecl(name="tconsistent", minimum=5, kind=OptionKind.TEXT, page="reporting", label="Consistent heading",
                   help="Heading of the consistent estimates in place of their name."),
        OptionDecl(name="tefficient", minimum=4, kind=OptionKind.TEXT, page="reporting", label="Efficient heading",
                   help="Heading of the efficient estimates in place of their name."),
    ),
    examples=("hausman fixed random", "hausman fixed ., sigmamore"),
    results=(("r(chi2), r(df), r(p)", "statistic, degrees of freedom, p-value"),
             ("r(rank)", "rank of the difference of the covariance matrices")),
)  # fmt: skip


def run(command: Command, context: Context) -> Effects:
    """Compute the test.

    Raises
    ------
    StataError
        r(111) and r(301) for results that are not there, r(198) without a common coefficient or for robust fits,
        r(498) where a residual variance is not known.
    """
    from engine.inference.hausman import hausman
    from engine.results.stored import Stored
    from engine.tables.hausman import hausman_blocks, hausman_data

    part = command.main
    _check(part)
    one, other = _models(part, context)
    names, places, places_other = _common(one, other, constant=part.has("constant"))
    if not names:
        raise StataError(498, f"{one.name} and {other.name} have no coefficient in common to compare", part.body_span)
    factor, factor_other = _factors(one, other, part)
    first, second = one.result.beta[places], other.result.beta[places_other]
    vcov = factor * one.result.vcov_beta[places][:, places]
    vcov_other = factor_other * other.result.vcov_beta[places_other][:, places_other]
    asked = part.option("df")
    df = None if asked is None or asked.argument is None else int(asked.argument)
    test = hausman(first, vcov, second, vcov_other, df=df)
    heads = (_heading(part, "tconsistent", one.name), _heading(part, "tefficient", other.name))
    commands = (one.command, other.command)
    context.emit(*hausman_blocks(test, names, first, second, heads=heads, commands=commands))
    scalars = {"chi2": test.chi2, "df": float(test.df), "p": test.p, "rank": float(test.rank)}
    return Effects(tables=(hausman_data(test, names, first, second),), r=Stored(scalars=scalars))


def _check(part: Part) -> None:
    pairs = part.option("equations")
    if pairs is not None and (pairs.argument or "").replace(" ", "") != "1:1":
        message = "equations() takes 1:1 only: hausman compares the coefficients of the linear predictors"
        raise StataError(198, message, pairs.argument_span)


def _heading(part: Part, option: str, usual: str) -> str:
    use = part.option(option)
    return usual if use is None or not use.argument else use.argument.strip().strip('"')


def _models(part: Part, context: Context) -> tuple[Estimates, Estimates]:
    words = part.body.split()
    if not 1 <= len(words) <= 2:
        message = "hausman takes the names of the consistent and the efficient results, as in hausman fixed random"
        raise StataError(198, message, part.body_span)
    one, other = (by_name(context, word, part.body_span) for word in (*words, ACTIVE)[:2])
    for each in (one, other):
        robust = each.e.macros.get("vce", "") in ("robust", "cluster") or each.e.macros.get("wtype") == "pweight"
        if robust and not part.has("force"):
            raise StataError(
                198,
                f"hausman cannot be used with vce(robust), vce(cluster cvar), or p-weighted data, as in {each.name}",
                part.body_span,
            )
    return one, other


def _common(one: Estimates, other: Estimates, *, constant: bool) -> tuple[tuple[str, ...], list[int], list[int]]:
    """Return names of the coefficients that both have estimated, and their places in each."""
    from engine.frame.columns import ColumnState

    found = [
        {
            column.name: i
            for i, column in enumerate(each.result.columns)
            if column.state is ColumnState.ESTIMATED and (constant or not column.is_constant)
        }
        for each in (one, other)
    ]
    names = tuple(name for name in found[0] if name in found[1])
    return names, [found[0][name] for name in names], [found[1][name] for name in names]


def _factors(one: Estimates, other: Estimates, part: Part) -> tuple[float, float]:
    """Return what the covariance matrices are multiplied by to rest on one residual variance."""
    more, less = part.option("sigmamore"), part.option("sigmaless")
    if more is not None and less is not None:
        raise StataError(198, "options sigmamore and sigmaless may not be combined", less.span)
    if more is None and less is None:
        return 1.0, 1.0
    variances = []
    for each in (one, other):
        scalars = each.e.scalars
        sigma = scalars.get("rmse", scalars.get("sigma_e"))
        if sigma is None:
            use = more or less
            message = f"{each.name} has neither e(rmse) nor e(sigma_e), which this option needs"
            raise StataError(498, message, use.span if use is not None else None)
        if not sigma > 0.0:
            raise StataError(498, f"{each.name} leaves no residual variance to base the test on", part.body_span)
        variances.append(sigma**2)
    return (variances[1] / variances[0], 1.0) if more is not None else (1.0, variances[0] / variances[1])
