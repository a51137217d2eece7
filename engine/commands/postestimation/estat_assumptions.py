"""``estat assumptions``: how far the model keeps to its assumptions. Not in Stata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.subcommand import Subcommand, no_more_words
from engine.lang.command import Part

if TYPE_CHECKING:
    from engine.results.estimates import Estimates


def _run(part: Part, context: Context, estimates: Estimates) -> Effects:
    """Show a line per assumption; r(459) when the sample is not in memory any more."""
    from engine.postest.assumptions import findings
    from engine.postest.samplefit import sample_fit
    from engine.tables.assumptions import assumption_blocks, assumption_data

    no_more_words(part, "assumptions")
    mixed = context.mixed("estat assumptions")
    fit = sample_fit(mixed.spec, mixed.result, context.dataset, context.cancel)
    found = findings(fit, context.cancel)
    context.emit(*assumption_blocks(found))
    return Effects(tables=(assumption_data(found),))


SUBCOMMAND = Subcommand(
    name="assumptions",
    minimum=4,
    help="how far the model keeps to its assumptions, in numbers and words (not in Stata)",
    mixed_only=True,
    run=_run,
)
