"""What regression commands do alike: show their results, and show them again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from engine.errors import StataError

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.commands.base import Context, Effects
    from engine.lang.command import Command
    from engine.results.estimates import Estimates
    from engine.spec.mixed import DisplayOptions

    AnyEstimates = TypeVar("AnyEstimates", bound=Estimates)


def replayed(command: Command, context: Context, kind: type[AnyEstimates]) -> AnyEstimates:
    """Return the active results for a redisplay.

    Raises
    ------
    StataError
        r(301) where they are not of this `kind`, r(198) for an option that matters to estimation only.
    """
    estimates = context.estimates
    if not isinstance(estimates, kind):
        raise StataError(301, f"last estimates not found: the active results are not those of {command.decl.name}")
    for use in command.main.options:
        if not use.decl.replay:
            raise StataError(198, f"option {use.decl.name} not allowed when results are shown again", use.span)
    return estimates


def show(
    result: Any,
    display: DisplayOptions,
    context: Context,
    *,
    blocks: Callable[..., Any],
    data: Callable[..., Any],
    matrix: Callable[..., Any],
    **asked: bool,
) -> Effects:
    """Print what `blocks` gives, and return the tables of `data` and r(table) of `matrix`."""
    from engine.commands.base import Effects
    from engine.results.stored import Stored
    from engine.tables.labels import factor_labels

    level = display.level if display.level is not None else context.settings.level
    labels = factor_labels(result.columns, context.dataset)
    linesize = context.settings.linesize
    context.emit(*blocks(result, display, level=level, labels=labels, linesize=linesize, **asked))
    r = Stored(scalars={"level": level}, matrices={"table": matrix(result, level)})
    return Effects(tables=data(result, level), r=r)
