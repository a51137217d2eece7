"""Time-series operators in one canonical form: ``ld2ls12d`` is ``L2D3S12``."""

from __future__ import annotations

import re

_STEP = re.compile(r"([LFDSlfds])([0-9]*)")


def canonical(operators: str) -> str | None:
    """Return lags or leads, then differences, then seasonal differences; None when `operators` is no such operator.

    ``L0`` and ``D0`` do nothing and vanish, so the result may be empty.
    """
    lag = difference = position = 0
    seasonal: list[int] = []
    while position < len(operators):
        match = _STEP.match(operators, position)
        if match is None or len(match.group(2)) > 4:
            return None
        letter, number = match.group(1).upper(), int(match.group(2) or 1)
        if letter == "L":
            lag += number
        elif letter == "F":
            lag -= number
        elif letter == "D":
            difference += number
        elif number == 0:
            return None
        else:
            seasonal.append(number)
        position = match.end()
    steps = [_step("L" if lag > 0 else "F", abs(lag)), _step("D", difference)]
    return "".join(steps + [_step("S", number) for number in sorted(seasonal)])


def _step(letter: str, number: int) -> str:
    if number == 0:
        return ""
    return letter if number == 1 else f"{letter}{number}"
