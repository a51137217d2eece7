"""``estat vif`` and ``vif``: variance inflation factors after ``regress`` ([R] regress postestimation)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.subcommand import Subcommand, no_more_words
from engine.errors import StataError
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl

if TYPE_CHECKING:
    from engine.results.estimates import Estimates

UNCENTERED = OptionDecl(
    name="uncentered",
    minimum=2,
    page="model",
    label="Uncentered VIFs",
    help="Take the constant as a regressor and sums of squares about zero.",
)

VIF = CommandDecl(
    name="vif",
    minimum=3,
    title="Variance inflation factors",
    help="Shows how much the other regressors inflate the variance of each coefficient of the last regression.",
    menu=("Statistics", "Postestimation", "Variance inflation factors"),
    options=(UNCENTERED,),
    after=("regress", "anova"),
    examples=("vif", "vif, uncentered"),
)


def run_vif(command: Command, context: Context) -> Effects:
    """Show the table; see `_run`."""
    from engine.results.estimates import needs_estimates

    return _run(command.main, context, needs_estimates(context.estimates))


def _run(part: Part, context: Context, estimates: Estimates) -> Effects:
    """Show the table; r(301) after another command than ``regress``, or centered without a constant."""
    from engine.postest.vif import inflation_factors
    from engine.results.regress import RegressEstimates
    from engine.results.stored import Stored
    from engine.tables.vif import vif_blocks, vif_data

    no_more_words(part, "vif")
    if not isinstance(estimates, RegressEstimates):
        raise StataError(
            321,
            f"vif is not available after {estimates.command}: fit the same model with regress to look at collinearity",
        )
    uncentered = part.has("uncentered")
    if not uncentered and not estimates.result.columns[-1].is_constant:
        raise StataError(301, "vif after regress, noconstant needs option uncentered")
    found = inflation_factors(estimates.result, uncentered=uncentered)
    if not found:
        raise StataError(301, "the model has no independent variables to compare")
    context.emit(*vif_blocks(found))
    scalars = {f"vif_{i}": each.vif for i, each in enumerate(found, 1)}
    names = {f"name_{i}": each.name for i, each in enumerate(found, 1)}
    return Effects(tables=(vif_data(found),), r=Stored(scalars, names))


SUBCOMMAND = Subcommand(
    name="vif", minimum=3, help="variance inflation factors", options=(UNCENTERED,), after=VIF.after, run=_run
)
COMMANDS = ((VIF, run_vif),)
