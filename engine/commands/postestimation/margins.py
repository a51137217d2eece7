"""``margins``: averages of the linear prediction and its derivatives, their contrasts and differences ([R] margins)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.commands.base import Context, Effects
from engine.commands.postestimation.lincom import LEVEL
from engine.commands.postestimation.test_ import DF
from engine.errors import StataError
from engine.lang.declaration import Choice, CommandDecl, OptionDecl, OptionKind, Picks, VarlistRule

if TYPE_CHECKING:
    from engine.lang.command import Command, Part


def _flag(name: str, minimum: int, label: str, text: str, *, page: str = "model", refused: str = "") -> OptionDecl:
    return OptionDecl(name=name, minimum=minimum, label=label, help=text, page=page, refused=refused)


def _text(name: str, minimum: int, label: str, text: str, **more: Any) -> OptionDecl:
    return OptionDecl(name=name, minimum=minimum, kind=OptionKind.TEXT, label=label, help=text, page="model", **more)


MCOMPARE = OptionDecl(
    name="mcompare", minimum=5, kind=OptionKind.CHOICE, label="Multiple comparisons", page="model",
    choices=(
        Choice("noadjust", 5, "No adjustment"),
        Choice("bonferroni", 3, "Bonferroni"),
        Choice("sidak", 2, "Sidak"),
        Choice("scheffe", 2, "Scheffe"),
        Choice("tukey", 3, "Tukey", "Pairwise comparisons after regress."),
        Choice("snk", 3, "Student-Newman-Keuls", "Pairwise comparisons after regress."),
        Choice("duncan", 3, "Duncan", "Pairwise comparisons after regress."),
        Choice("dunnett", 5, "Dunnett", "Comparisons with the first margin after regress."),
    ),
    help="Adjusts p-values and limits for the number of comparisons of a term.",
)  # fmt: skip
DISPLAY = (
    LEVEL,
    _flag("nopvalues", 5, "No p-values", "Leaves out statistics and p-values.", page="reporting"),
    _flag("noci", 4, "No limits", "Leaves out confidence limits.", page="reporting"),
    _flag("vsquish", 7, "No blank lines", "Leaves out the blank lines between terms.", page="reporting"),
    _flag("nofvlabel", 7, "No value labels", "Shows the levels of factors as numbers.", page="reporting"),
    OptionDecl(name="cformat", minimum=5, kind=OptionKind.FORMAT, high=9, label="Format of estimates",
               help="Format of estimates, standard errors and limits.", page="reporting"),
    OptionDecl(name="pformat", minimum=5, kind=OptionKind.FORMAT, high=5, label="Format of p-values",
               help="Format of p-values.", page="reporting"),
    OptionDecl(name="sformat", minimum=5, kind=OptionKind.FORMAT, high=8, label="Format of statistics",
               help="Format of z or t.", page="reporting"),
)  # fmt: skip

DECLARATION = CommandDecl(
    name="margins",
    minimum=7,
    title="Marginal means, predictive margins, and marginal effects",
    help="Averages the linear prediction of the fixed portion over the estimation sample, at the levels of factors and "
    "at values of covariates; with dydx() the effects of variables.",
    menu=(
        "Statistics",
        "Postestimation",
        "Marginal analysis",
        "Marginal means and marginal effects, fundamental analyses",
    ),
    varlist=VarlistRule.TEXT,
    text_label="Terms",
    picks=Picks.MARGINS,
    factor_variables=True,
    allow_if=True,
    allow_in=True,
    weights=("fweight", "aweight", "iweight", "pweight"),
    options=(
        _text("at", 2, "At values", "Sets covariates to values or statistics: at(ses=(-1 0 1) (mean) age). May be "
              "given several times.", repeatable=True, picks=Picks.AT),
        _flag("atmeans", 7, "All covariates at their means", "Sets all covariates to their means."),
        _flag("asbalanced", 5, "Factors balanced", "Gives all levels of a factor the same weight."),
        _text("over", 4, "Over groups", "Averages within the groups of these variables; r.x contrasts its groups."),
        _text("dydx", 4, "Marginal effects of", "Effects of these variables instead of predictions; * for all.",
              picks=Picks.COVARIATES),
        _text("eyex", 4, "Elasticities of", "Elasticities: d(ln y)/d(ln x) of these variables instead of predictions.",
              picks=Picks.COVARIATES),
        _text("dyex", 4, "Semielasticities d(y)/d(ln x) of", "Change of the prediction with the logarithm of these.",
              picks=Picks.COVARIATES),
        _text("eydx", 4, "Semielasticities d(ln y)/d(x) of", "Change of the logarithm of the prediction with these.",
              picks=Picks.COVARIATES),
        _flag("continuous", 4, "Factors as continuous", "Treats factors as continuous variables.",
              refused="continuous is not available: the effect of a factor is the change from its base level."),
        _flag("grand", 5, "Overall margin too", "Adds the overall margin."),
        _text("predict", 4, "Prediction", "What is averaged; only the linear prediction, xb, is available."),
        _text("expression", 3, "Expression", "Averages an expression of predict(xb), coefficients _b[x] and variables "
              "instead of the prediction: expression(exp(predict(xb)))."),
        _text("subpop", 6, "Subpopulation", "Averages over the observations where the expression is true."),
        _flag("noesample", 6, "All observations", "Averages over all observations with the covariates, not only those "
              "of the estimation sample."),
        _flag("noweights", 8, "No weights", "Counts each observation once, whatever weights the estimation used."),
        _flag("noestimcheck", 8, "No check of estimability", "Shows margins that the data do not determine."),
        _text("vce", 3, "Standard errors", "delta, the only method available."),
        _text("contrast", 4, "Contrasts", "Contrasts between the margins: contrast(effects nowald) chooses the tables.",
              bare=True),
        _text("pwcompare", 6, "Pairwise comparisons", "Differences between all pairs of margins: pwcompare(effects).",
              bare=True),
        MCOMPARE,
        _text("within", 6, "Within", "Nests the levels of factors within these.",
              refused="within() is not available: margins nests no factors; name the cells there are as a term, as in "
              "margins a#b, or average within groups with over()."),
        _flag("nose", 4, "No standard errors", "Shows the margins alone; nothing else is computed."),
        _text("saving", 6, "Save in a file", "Keeps the margins as a data set: saving(file, replace) overwrites it."),
        _flag("post", 4, "Post the margins", "Makes the margins the active estimation results."),
        _flag("noatlegend", 6, "No legend", "Leaves out what at() sets.", page="reporting"),
        _flag("coeflegend", 6, "Names of the margins", "Shows the name of each margin in e(b).", page="reporting"),
        DF,
        *DISPLAY,
    ),
    examples=("margins", "margins sector, at(ses=(-1 0 1))", "margins, dydx(ses)", "margins r.sector"),
)  # fmt: skip


def run(command: Command, context: Context) -> Effects:
    """Compute and print the margins.

    Raises
    ------
    StataError
        r(301) without results, r(322) for what is no covariate and where the estimation sample is gone, r(198) for
        what is not available.
    """
    from engine.commands.postestimation.margins_average import averages_of, head_of
    from engine.commands.postestimation.margins_request import read_request
    from engine.postest.parameters import parameters_of
    from engine.results.estimates import needs_estimates
    from engine.results.margins import needs_coefficients

    part = command.main
    active = needs_estimates(context.estimates)
    if active.command == "margins":
        raise StataError(
            322, "margins cannot work with its own posted results; restore those of a model first", part.body_span
        )
    needs_coefficients(active.result, "margins")
    request = read_request(part, context)
    averages, parameters = averages_of(active, parameters_of(active), request, context)
    _check_alone(part, compared=request.pairwise is not None or request.contrast is not None)
    if request.pairwise is not None or request.contrast is not None:
        from engine.commands.postestimation.margins_contrasts import compared

        return compared(averages, parameters, request, head_of(active, averages, request, context), context)
    from engine.commands.postestimation.margins_table import plain

    return plain(averages, parameters, active, request, context)


def _check_alone(part: Part, *, compared: bool) -> None:
    """Raise r(198) for options that do not go together."""
    for name in ("nose", "saving"):
        use = part.option(name)
        if use is not None and compared:
            raise StataError(198, f"{name} may not be combined with contrasts or pairwise comparisons", use.span)
    use = part.option("nose")
    if use is not None and part.has("post"):
        raise StataError(198, "options nose and post may not be combined: post keeps the standard errors", use.span)
