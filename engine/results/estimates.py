"""Estimation results as a session keeps them: what was asked, what came out, and what e() holds."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import StataError
from engine.results.linear import LinearResult
from engine.results.mixed import MixedResult
from engine.results.stored import Stored
from engine.spec.mixed import MixedSpec


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
    """

    command: str
    result: LinearResult
    cmdline: str
    e: Stored


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
