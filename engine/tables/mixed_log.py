"""The estimation log of ``mixed``, line by line as the events arrive."""

from __future__ import annotations

from engine.events import Iteration
from engine.spec.mixed import Maximization, Method
from engine.tables.document import Lines, Role
from engine.tables.mixed_detail import detail_lines
from engine.tables.mixed_header import likelihood_label
from engine.tables.numbers import LIKELIHOOD, number_text

EM_LINE = "Performing EM optimization ..."
STARTING_LINE = "Obtaining starting values by EM ..."
GRADIENT_LINE = "Performing gradient-based optimization: "
SE_LINE = "Computing standard errors ..."
DF_LINE = "Computing degrees of freedom ..."

_STAGE_LINES = {"em": EM_LINE, "gradient": GRADIENT_LINE, "se": SE_LINE, "df": DF_LINE}
_DOTS = 50
"""Dots on a line of emdots."""
_TEXT_COLUMN = 14
"""Characters before ``Log likelihood`` in an iteration line."""


class MixedLog:
    """Turns iteration events into printed lines.

    Parameters
    ----------
    method
        Names the criterion.
    has_random
        False when the model has no random effects; then nothing is said of EM.
    nolog
        Print nothing.
    pseudo
        Standard errors are robust, so the criterion is a pseudolikelihood.
    starting
        EM gives starting values only: with weights or structured residual errors.
    maximization
        Options that add to the log: emlog, emdots, trace, gradient, hessian, showstep, showtolerance.
    """

    def __init__(
        self,
        method: Method,
        *,
        has_random: bool = True,
        nolog: bool = False,
        pseudo: bool = False,
        starting: bool = False,
        maximization: Maximization = Maximization(),
    ) -> None:
        self._label = likelihood_label(method, pseudo=pseudo)
        self._stages = _STAGE_LINES | {"em": STARTING_LINE if starting else EM_LINE}
        self._has_random = has_random
        self._nolog = nolog or maximization.nolog
        self._asked = maximization
        self._announced: set[str] = set()
        self._dots = 0

    def blocks(self, event: Iteration) -> list[Lines]:
        """Return what `event` adds to the log."""
        if self._nolog or event.stage == "again" or (event.stage == "em" and not self._has_random):
            return []
        lines: list[str] = []
        if event.stage not in self._announced:
            lines += self._dot_lines()
            self._announced.add(event.stage)
            lines += ["", self._stages[event.stage]]
        if event.stage == "em":
            lines += self._em_lines(event)
        if event.stage == "gradient":
            lines.append(self._iteration_line(event))
            if event.detail is not None:
                lines += detail_lines(event.detail, self._asked)
        return [Lines(tuple(lines), Role.LOG, foldable=True)] if lines else []

    def rest(self) -> list[Lines]:
        """Return what is still to print when no further event comes."""
        lines = self._dot_lines()
        return [Lines(tuple(lines), Role.LOG, foldable=True)] if lines else []

    def _em_lines(self, event: Iteration) -> list[str]:
        if self._asked.emdots:
            self._dots += event.number > 0
            return self._dot_lines() if self._dots == _DOTS else []
        return [self._iteration_line(event)] if self._asked.emlog or self._asked.emonly else []

    def _dot_lines(self) -> list[str]:
        dots, self._dots = self._dots, 0
        return ["." * dots] if dots else []

    def _iteration_line(self, event: Iteration) -> str:
        number = f"Iteration {event.number}: ".ljust(_TEXT_COLUMN)
        remark = f"({event.remark})" if event.remark else ""
        return f"{number}{self._label} = {number_text(event.value, LIKELIHOOD):>10}  {remark}"
