"""What a running command tells the outside, and how the outside tells it to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.errors import Break


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IterationDetail:
    """What an iteration's log may show beside the value, on the scale of the log likelihood.

    Attributes
    ----------
    parameters, gradient, hessian
        In the metric of the search, shapes (K,), (K,), (K, K); the Hessian is None where it was not computed.
    names
        Names of the parameters, (K,).
    steps
        Trial steps: length and log likelihood of each.
    parameter_change, value_change, scaled_gradient
        The convergence criteria: mreldif of the parameters, relative change of the log likelihood, g inv(H) g'.
    """

    parameters: npt.NDArray[np.float64]
    gradient: npt.NDArray[np.float64]
    hessian: npt.NDArray[np.float64] | None
    steps: tuple[tuple[float, float], ...]
    parameter_change: float
    value_change: float
    scaled_gradient: float
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Iteration:
    """One step of an estimation.

    Attributes
    ----------
    stage
        ``"em"``, ``"gradient"``, ``"again"`` (a second search from elsewhere, as a check), ``"se"`` or ``"df"``; a
        stage's first event has ``number`` 0.
    number
        0-based iteration number within the stage.
    value
        Log likelihood (the sign a log shows), NaN where the stage has none.
    remark
        ``""``, ``"not concave"``, ``"backed up"``, or ``"restarted"`` where a second start ended higher.
    detail
        What options like trace show of a gradient-based iteration.
    edge
        Whether a parameter is at the edge of its range: a search that ends there is followed by a second one.
    """

    stage: str
    number: int
    value: float
    remark: str = ""
    detail: IterationDetail | None = None
    edge: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long task is; `total` is 0 while unknown."""

    label: str
    done: float
    total: float


@dataclass(frozen=True, slots=True)
class Printed:
    """A block of the running command's document, as soon as it exists (a `engine.tables.document.Block`)."""

    block: object


@dataclass(frozen=True, slots=True)
class Started:
    """A command begins; `lines` are its lines as typed, for the echo; `inside` a block they were shown with it.

    `prompts` stand before the lines; without any they are those of one command (`engine.lang.prompts`).
    """

    command: str
    lines: tuple[str, ...]
    inside: bool = False
    prompts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """The command begun last and not yet ended is over (`outcome` is an `engine.session.Outcome`)."""

    outcome: object


Event: TypeAlias = Iteration | Progress | Printed | Started | Ended
EventSink: TypeAlias = Callable[[Event], None]


def ignore_event(event: Event) -> None:
    """Discard `event`: the sink of callers who do not listen."""


class CancelToken:
    """A request to stop that crosses threads; long loops call :meth:`check` once per iteration or chunk."""

    def __init__(self) -> None:
        self._flag = threading.Event()

    def cancel(self) -> None:
        """Ask the running command to stop at its next check."""
        self._flag.set()

    @property
    def cancelled(self) -> bool:
        """Whether a stop was asked for."""
        return self._flag.is_set()

    def check(self) -> None:
        """Raise :class:`~engine.errors.Break` when a stop was asked for."""
        if self._flag.is_set():
            raise Break


NEVER = CancelToken()
"""The token of callers who do not cancel."""
