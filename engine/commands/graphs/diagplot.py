"""``diagplot``: diagnostic graphs of the last model, one word each. Not in Stata."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from engine.commands.graphs.graph_options import GRAPH_OPTIONS
from engine.commands.subcommand import only_options
from engine.errors import StataError
from engine.lang.abbrev import nearest
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, SubcommandDecl, VarlistRule

if TYPE_CHECKING:
    from engine.commands.base import Context, Effects
    from engine.lang.command import Command

RELEVEL = OptionDecl(
    name="relevel", minimum=5, kind=OptionKind.VARIABLE, page="model", label="Level variable",
    help="Draw the groups or the random effects of this level.",
)  # fmt: skip
EFFECT = OptionDecl(
    name="effect", minimum=3, kind=OptionKind.TEXT, page="model", label="Random effect",
    help="Draw this random effect only: a variable with random coefficients, or _cons.",
)  # fmt: skip
REPS = OptionDecl(
    name="reps", minimum=4, kind=OptionKind.INTEGER, low=0, high=9999, page="model", label="Simulated responses",
    help="Number of responses drawn from the model for the limits; 0 leaves the limits out. 99 for up to 50,000 "
    "observations is the default.",
)  # fmt: skip
SEED = OptionDecl(
    name="seed", minimum=4, kind=OptionKind.INTEGER, low=0, high=2**31 - 1, page="model", label="Random-number seed",
    help="Start the random numbers of the simulation here.",
)  # fmt: skip
TIME = OptionDecl(
    name="t", minimum=1, kind=OptionKind.VARIABLE, page="model", label="Time variable",
    help="Order and distance of the observations of a group; the order of the data is the default.",
)  # fmt: skip
LEVEL = OptionDecl(
    name="level", minimum=5, kind=OptionKind.REAL, low=10, high=99.99, default=95, page="model",
    label="Confidence level", help="Confidence level of intervals and limits, in percent.",
)  # fmt: skip
GROUPS = OptionDecl(
    name="groups", minimum=6, kind=OptionKind.INTEGER, low=1, high=25, default=12, page="model",
    label="Groups shown", help="Show this many groups: those with the most outlying predictions.",
)  # fmt: skip


class Kind(NamedTuple):
    """A graph: what it shows, its options, and how many variables stand behind its word."""

    name: str
    help: str
    options: tuple[OptionDecl, ...] = ()
    variables: bool = False


KINDS: tuple[Kind, ...] = (
    Kind("rvf", "residuals against fitted values, with a smoother"),
    Kind("rvxb", "residuals against the fixed part, with a smoother"),
    Kind("rvx", "residuals against predictors or other variables, with smoothers", (), variables=True),
    Kind("scaleloc", "spread of the residuals against fitted values"),
    Kind("resqq", "normal quantiles of the residuals, with simulated limits", (REPS, SEED, LEVEL)),
    Kind("reqq", "normal quantiles of the random effects, with simulated limits", (RELEVEL, EFFECT, REPS, SEED, LEVEL)),
    Kind("rehist", "histograms of the random effects", (RELEVEL, EFFECT)),
    Kind("caterpillar", "random effects in order, with intervals", (RELEVEL, EFFECT, LEVEL)),
    Kind("mdist", "Mahalanobis distances of the random effects", (RELEVEL,)),
    Kind("residgroup", "residuals by group", (RELEVEL,)),
    Kind("trellis", "observations and lines of some groups", (RELEVEL, GROUPS), variables=True),
    Kind("shrinkage", "own estimates of the groups and their predictions", (RELEVEL, EFFECT)),
    Kind("plane", "two random effects against each other, with ellipses", (RELEVEL,)),
    Kind("acf", "autocorrelation of the residuals within groups", (TIME, LEVEL)),
    Kind("variogram", "semivariogram of the residuals within groups", (TIME,)),
    Kind("corr", "correlations between times, observed and implied by the model", (TIME, REPS, SEED)),
    Kind("influence", "influence of the groups on the fixed effects", (RELEVEL,)),
)


LINEAR: dict[str, str] = {
    "rvf": "", "rvxb": "", "rvx": "", "scaleloc": "", "resqq": "", "influence": "",
    "reqq": "panels", "rehist": "panels", "residgroup": "panels", "acf": "panels", "variogram": "panels",
}  # fmt: skip
"""Kinds that go with a model of one linear predictor too; ``panels`` for those that need the effects of ``xtreg``."""

_NEEDS = {
    "caterpillar": "random effects with standard errors",
    "mdist": "random effects with a covariance matrix",
    "shrinkage": "random effects that are shrunk",
    "plane": "two random effects of the same groups",
    "trellis": "random effects of groups",
    "corr": "a model of the correlations within groups",
    "reqq": "effects of groups",
    "rehist": "effects of groups",
    "residgroup": "groups",
    "acf": "groups with an order",
    "variogram": "groups with an order",
    "influence": "Cook's distance, which only regress and mixed give",
}


def reason_after(kind: str, command: str) -> str:
    """Return why a kind is not available after a command that is not ``mixed``."""
    needs = _NEEDS.get(kind, "a mixed model")
    return f"diagplot {kind} is not available after {command}: it needs {needs}"


def _all_options() -> tuple[OptionDecl, ...]:
    return tuple({option.name: option for kind in KINDS for option in kind.options}.values())


DECLARATION = CommandDecl(
    name="diagplot",
    minimum=5,
    title="Diagnostic plot",
    help="Draws a diagnostic graph of the last model, those of residuals also after regress and xtreg (not in Stata): "
    + "; ".join(f"diagplot {kind.name}: {kind.help}" for kind in KINDS)
    + ".",
    menu=("Graphics", "Multilevel diagnostics"),
    varlist=VarlistRule.TEXT,
    options=(*_all_options(), *GRAPH_OPTIONS),
    subcommands=tuple(
        SubcommandDecl(
            name=kind.name,
            minimum=len(kind.name),
            help=kind.help,
            options=kind.options,
            mixed_only=kind.name not in LINEAR,
        )
        for kind in KINDS
    ),
    examples=("diagplot rvf", "diagplot reqq", "diagplot caterpillar", "diagplot rvx ses", "diagplot trellis ses"),
)


def run(command: Command, context: Context) -> Effects:
    """Draw the graph.

    Raises
    ------
    StataError
        r(198) for an unknown word or option, r(301) and r(321) without results of ``mixed`` or where the graph does not
        go with the model, r(459) when the sample is not in memory any more.
    """
    part = command.main
    word, _, rest = part.body.partition(" ")
    kind = next((kind for kind in KINDS if kind.name == word), None)
    if kind is None:
        names = [kind.name for kind in KINDS]
        meant = nearest(word, names) if word else None
        hint = f"did you mean {meant}?" if meant else f"there are {', '.join(names)}"
        raise StataError(198, f"diagplot {word} is not available; {hint}".replace("  ", " "), part.body_span)
    allowed = {option.name for option in (*kind.options, *GRAPH_OPTIONS)}
    only_options(part, allowed, f"diagplot {kind.name}")
    if rest and not kind.variables:
        raise StataError(198, f"{rest} is not expected after diagplot {kind.name}", part.body_span)
    from engine.results.estimates import MixedEstimates

    if context.estimates is not None and not isinstance(context.estimates, MixedEstimates):
        from engine.commands.graphs import diagplot_linear

        return diagplot_linear.draw(kind.name, rest.strip(), part, context, context.estimates)
    from engine.commands.graphs.diagplot_draw import draw

    return draw(kind.name, rest.strip(), part, context)
