"""``estat ranova``: likelihood-ratio tests of the random effects, each left out in turn. Not in Stata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.subcommand import Subcommand, no_more_words
from engine.lang.command import Part

if TYPE_CHECKING:
    from engine.results.estimates import Estimates


def _run(part: Part, context: Context, estimates: Estimates) -> Effects:
    """Refit and show; r(321) where likelihoods cannot be compared, r(459) when the sample is not in memory any more."""
    from engine.events import Progress
    from engine.frame.prediction import rebind
    from engine.postest.leftout import without_each
    from engine.tables.ranova import ranova_blocks, ranova_data

    no_more_words(part, "ranova")
    mixed = context.mixed("estat ranova")
    result = mixed.result
    frame = rebind(mixed.spec, context.dataset, result.sample_rows, result.columns, signed=result.signature).frame
    found = without_each(
        result,
        frame,
        mixed.spec.maximization,
        cancel=context.cancel,
        progress=lambda done, all_: context.sink(Progress("refitting", done, all_)),
    )
    context.emit(*ranova_blocks(result, found))
    return Effects(tables=(ranova_data(found),))


SUBCOMMAND = Subcommand(
    name="ranova",
    minimum=6,
    help="likelihood-ratio tests of the random effects, each left out in turn; refits the model (not in Stata)",
    mixed_only=True,
    run=_run,
)
