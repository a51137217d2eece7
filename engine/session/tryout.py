"""Trying an expression without running a command: what it gives in the data as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.data.formats import format_value
from engine.data.missing import is_missing
from engine.events import NEVER, ignore_event
from engine.lang.parse_expr import parse_expression

if TYPE_CHECKING:
    from engine.session.session import Session

SHOWN = 3
"""How many of the values are shown."""


@dataclass(frozen=True, slots=True)
class Tryout:
    """What an expression gives: the first values as text, rows in which it is true, and rows in which it is missing."""

    first: tuple[str, ...]
    n_obs: int
    n_true: int
    n_missing: int
    text: bool


def try_expression(session: Session, text: str) -> Tryout:
    """Evaluate an expression on the data in memory, with what earlier commands have stored.

    Raises
    ------
    StataError
        The expression cannot be read or evaluated.
    """
    context = session.context(ignore_event, NEVER)
    rng = context.rng
    context.rng = None if rng is None else np.random.Generator(type(rng.bit_generator)())  # the session's stays put
    values = np.broadcast_to(np.asarray(context.values(parse_expression(text))), (session.data.n_obs,))
    if values.dtype.kind not in "fiub":
        shown = tuple(f'"{value}"' for value in values[:SHOWN].tolist())
        return Tryout(shown, len(values), 0, int(np.count_nonzero(values == "")), text=True)
    numbers = values.astype(np.float64)
    missing = is_missing(numbers)
    shown = tuple(format_value(value, "%9.0g").strip() for value in numbers[:SHOWN].tolist())
    return Tryout(shown, len(numbers), int(np.count_nonzero(numbers != 0)), int(np.count_nonzero(missing)), text=False)
