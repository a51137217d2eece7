"""*Live*: whether a change of the dialog is worth a fit now, a redisplay, or nothing; without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from engine.api import MixedReplay, MixedSpec, print_mixed
from mixedgui.state.equation_estimates import same_model
from mixedgui.state.translation import tr

QUICK_SECONDS = 0.3
"""A fit that took longer is not repeated unasked."""

FIRST_SECONDS = 3.0
"""The same for the first fit, most of which may be the loading of what fits need."""


class Step(Enum):
    """What Live does about a change."""

    NOTHING = "nothing"
    SHOW = "show"
    """Only the display changed: the results are shown again."""
    FIT = "fit"
    WAIT = "wait"
    """The last fit took too long, or there was none: Submit decides."""


@dataclass(frozen=True, slots=True)
class Done:
    """The last fit that was asked for: what, how long it took, whether it ended well, whether it was the first."""

    spec: MixedSpec
    seconds: float
    well: bool = True
    first: bool = False

    @property
    def quick(self) -> bool:
        """Whether another one may be fitted unasked."""
        return self.seconds < (FIRST_SECONDS if self.first else QUICK_SECONDS)


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do, and the command that does it."""

    step: Step
    command: str = ""


def decide(spec: MixedSpec | None, done: Done | None, command: str) -> Decision:
    """Return what Live does now that the dialog stands for `spec`, which `command` would fit.

    Parameters
    ----------
    spec
        None while something is wrong or missing.
    done
        The last fit; None before the first.
    command
        What Submit would run.
    """
    if spec is None or (done is not None and spec == done.spec):
        return Decision(Step.NOTHING)
    if done is None:
        return Decision(Step.WAIT)
    if done.well and same_model(spec, done.spec):
        return Decision(Step.SHOW, print_mixed(MixedReplay(display=spec.display, command=spec.command)))
    if not done.quick:
        return Decision(Step.WAIT)
    return Decision(Step.FIT, command)


def explain(decision: Decision, done: Done | None) -> str:
    """Say in a few words how Live stands."""
    if decision.step is Step.WAIT and done is not None:
        return tr("Live waits: the last fit took {0:.1f} s. Submit fits.").format(done.seconds)
    if done is None:
        return tr("Live begins after the first Submit.")
    return tr("Live: changes are fitted at once.")
