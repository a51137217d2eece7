"""``mixed``: fit a linear mixed model, or show the last one again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.spec.mixed_declaration import MIXED

if TYPE_CHECKING:
    from engine.commands.base import Context, Effects
    from engine.lang.command import Command

DECLARATION = MIXED


def run(command: Command, context: Context) -> Effects:
    """Fit the model of `command`, or redisplay the active results; raises what `mixed_fit` does."""
    from engine.commands.estimation.mixed_fit import run as fit_or_show  # the estimator is loaded with the first fit

    return fit_or_show(command, context)
