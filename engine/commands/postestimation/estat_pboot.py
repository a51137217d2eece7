"""``estat pboot``: standard errors and limits from refits of what is drawn from the fitted model. Not in Stata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.subcommand import LEVEL, Subcommand, level_of, no_more_words
from engine.lang.command import Part
from engine.lang.declaration import OptionDecl, OptionKind

if TYPE_CHECKING:
    from engine.results.estimates import Estimates

USUAL_REPLICATIONS = 200
LARGEST_SEED = 2**31 - 1

REPS = OptionDecl(
    name="reps", minimum=1, kind=OptionKind.INTEGER, low=2, high=1_000_000, default=USUAL_REPLICATIONS, page="model",
    label="Replications", help="Number of responses drawn from the model and fitted again.",
)  # fmt: skip
SEED = OptionDecl(
    name="seed", minimum=4, kind=OptionKind.INTEGER, low=0, high=LARGEST_SEED, page="model", label="Random-number seed",
    help="Start the random numbers here, so that the same command gives the same numbers.",
)  # fmt: skip


def seed_of(part: Part, context: Context) -> int:
    """Return the seed that ``seed()`` gives, else one from the session's random numbers."""
    use = part.option("seed")
    if use is not None and use.argument is not None:
        return int(use.argument)
    return 0 if context.rng is None else int(context.rng.integers(LARGEST_SEED))


def replications_of(part: Part) -> int:
    """Return what ``reps()`` gives."""
    use = part.option("reps")
    return USUAL_REPLICATIONS if use is None or use.argument is None else int(use.argument)


def _run(part: Part, context: Context, estimates: Estimates) -> Effects:
    """Draw, refit and show; r(321) after weights, r(459) when the sample is not in memory any more."""
    from engine.events import Progress
    from engine.frame.prediction import rebind
    from engine.postest.parametric import parameter_draws, parameters
    from engine.results.stored import Stored
    from engine.tables.pboot import pboot_blocks, pboot_data, summarized

    no_more_words(part, "pboot")
    mixed = context.mixed("estat pboot")
    level = level_of(part, context)
    result, seed = mixed.result, seed_of(part, context)
    frame = rebind(mixed.spec, context.dataset, result.sample_rows, result.columns, signed=result.signature).frame
    draws = parameter_draws(
        result,
        frame,
        mixed.spec.maximization,
        seed=seed,
        replications=replications_of(part),
        cancel=context.cancel,
        progress=lambda done, all_: context.sink(Progress("refitting drawn responses", done, all_)),
    )
    found = summarized(result, parameters(result), draws, level)
    context.emit(*pboot_blocks(found, draws, level, seed))
    return Effects(
        tables=(pboot_data(found),), r=Stored({"reps": float(len(draws)), "seed": float(seed), "level": level})
    )


SUBCOMMAND = Subcommand(
    name="pboot",
    minimum=5,
    help="parametric bootstrap: bias, standard errors and limits from refits of drawn responses (not in Stata)",
    options=(REPS, SEED, LEVEL),
    mixed_only=True,
    run=_run,
)
