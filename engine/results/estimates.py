"""Estimation results as a session keeps them: what was asked, what came out, and what e() holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import StataError
from engine.results.linear import LinearResult
from engine.results.mixed import MixedResult
from engine.results.stored import Stored
from engine.spec.mixed import MixedSpec


@dataclass(frozen=True, slots=True, eq=False)
class Hypotheses:
    """Linear hypotheses R b = r on all elements of e(b): R (l, K), r (l,)."""

    R: npt.NDArray[np.float64]
    r: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.r)

    def only(self, i: int) -> Hypotheses:
        """Return the i-th hypothesis by itself."""
        return Hypotheses(self.R[i : i + 1], self.r[i : i + 1])

    @classmethod
    def joined(cls, parts: Sequence[Hypotheses]) -> Hypotheses:
        """Return all hypotheses of `parts`."""
        return cls(np.concatenate([each.R for each in parts]), np.concatenate([each.r for each in parts]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimates:
    """Results of an estimation command, active or under a name.

    Attributes
    ----------
    command
        The command's full name, e(cmd).
    result
        The estimates; commands that know more of them check for the class they need.
    cmdline
        The command as typed, without prefixes.
    e
        What e() holds.
    name
        Name they are stored under (``estimates store``), empty without.
    title, notes
        What the user wrote about them.
    tested
        Hypotheses of the last ``test``, which ``accumulate`` adds to.
    """

    command: str
    result: LinearResult
    cmdline: str
    e: Stored
    name: str = ""
    title: str = ""
    notes: tuple[str, ...] = ()
    tested: Hypotheses | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedEstimates(Estimates):
    """Results of ``mixed``, with the specification they come from."""

    result: MixedResult
    spec: MixedSpec


def needs_estimates(estimates: Estimates | None) -> Estimates:
    """Return the active estimates; StataError r(301) when there are none."""
    if estimates is None:
        raise StataError(301, "last estimates not found; fit a model first")
    return estimates


def needs_mixed(estimates: Estimates | None, asked: str) -> MixedEstimates:
    """Return the active estimates of a mixed model; `asked` is the command that needs one.

    Raises
    ------
    StataError
        r(301) without estimates, r(321) after another estimation command.
    """
    found = needs_estimates(estimates)
    if not isinstance(found, MixedEstimates):
        raise StataError(321, f"{asked} is not available after {found.command}; it needs the results of mixed")
    return found
