"""Whether estimates can be trusted: what was checked, and one plain sentence about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Trust(Enum):
    """How far the estimates can be trusted."""

    YES = "yes"
    CAREFUL = "careful"
    """They stand, but something about them must be known."""
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """What was checked at the estimates.

    Attributes
    ----------
    decrement
        Newton decrement g' H^-1 g of -2 log L, zero at a maximum.
    boundary_slope
        Smallest relative slope of -2 log L from the edge of the parameter space inwards, negative where the maximum
        lies inside; NaN where no estimate stands at the edge.
    eigenvalues
        Smallest and largest eigenvalue of the Hessian of -2 log L, scaled to unit diagonal, over the parameters
        inside their range; NaN where there is none.
    starts
        Log likelihoods at which the search ended from different starting points; one where it went smoothly.
    """

    decrement: float
    boundary_slope: float
    eigenvalues: tuple[float, float]
    starts: tuple[float, ...]

    @property
    def starts_agree(self) -> bool | None:
        """Whether the starting points end at one maximum; None where only one was needed."""
        if len(self.starts) < 2:
            return None
        low, high = min(self.starts), max(self.starts)
        return high - low <= 1e-6 + 1e-9 * abs(high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The conclusion: `sentence` says what is so and what to do next."""

    trust: Trust
    sentence: str
    checks: Checks
    at_boundary: tuple[str, ...] = ()


CONVERGED = "Converged: the log likelihood is at a maximum and curves down in every direction.  The estimates can be "
CONVERGED += "trusted."
EM_SETTLED = (
    "Fitted by EM alone: the log likelihood has settled.  Standard errors of the random-effects parameters are not "
    "computed."
)
EM_UNSETTLED = (
    "convergence not achieved; estimates are based on iterated EM.  Allow more iterations with emiterate(), or drop "
    "emonly."
)


def not_converged(iterations: int) -> str:
    """Say that the search was stopped before the top."""
    return (
        f"convergence not achieved after {iterations} iterations; the log likelihood may still rise.  Do not report "
        "these numbers.  Allow more iterations, rescale variables of very different size, or choose a simpler "
        "covariance structure."
    )


def starts_differ(starts: tuple[float, ...]) -> str:
    """Say that the search ends at different maxima."""
    shown = ", ".join(f"{value:.8g}" for value in sorted(starts, reverse=True))
    return (
        f"starting points ended at different maxima (log likelihoods {shown}); the highest is shown.  There may be a "
        "higher one.  Choose a simpler covariance structure, or compare with options difficult and matlog."
    )


def flat(names: tuple[str, ...]) -> str:
    """Say that the data leave a combination of parameters open."""
    return (
        "standard-error calculation failed; the log likelihood is flat in some direction, because the data do not tell "
        f"{listed(names)} apart.  Coefficients and log likelihood stand; drop one of these levels or effects."
    )


def boundary(names: tuple[str, ...]) -> str:
    """Say which parameters lie at the edge of their range and what to do about it."""
    variances = tuple(name for name in names if name.startswith("var("))
    others = tuple(name for name in names if not name.startswith("var("))
    sentences = []
    if len(variances) == 1:
        sentences.append(
            f"{variances[0]} is estimated as zero and has no standard error.  "
            "Drop the random effect or report its variance as zero; the rest stands."
        )
    elif variances:
        sentences.append(
            f"{listed(variances)} are estimated as zero and have no standard errors.  "
            "Drop these random effects or report their variances as zero; the rest stands."
        )
    if others:
        sentences.append(
            f"{listed(others)} {'stands' if len(others) == 1 else 'stand'} at the edge of what is possible: the "
            "estimated covariance matrix is singular.  The data do not tell these random effects apart; choose a "
            "simpler covariance structure."
        )
    return "  ".join(sentences)


def listed(names: tuple[str, ...]) -> str:
    """Join names as prose does."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
