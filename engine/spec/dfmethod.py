"""Degrees of freedom as asked for: ``dfmethod(method[, eim|oim])``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from engine.spec.mixed import MixedSpec


class DfMethod(Enum):
    """Methods for degrees of freedom; the value is Stata's word."""

    RESIDUAL = "residual"
    REPEATED = "repeated"
    ANOVA = "anova"
    SATTERTHWAITE = "satterthwaite"
    KROGER = "kroger"

    @property
    def title(self) -> str:
        """The name in headers and tables."""
        return _TITLES[self]

    @property
    def is_approximation(self) -> bool:
        """Whether the method rests on the covariance of the variance parameters, which needs REML."""
        return self in (DfMethod.SATTERTHWAITE, DfMethod.KROGER)


_TITLES = {
    DfMethod.RESIDUAL: "Residual",
    DfMethod.REPEATED: "Repeated",
    DfMethod.ANOVA: "ANOVA",
    DfMethod.SATTERTHWAITE: "Satterthwaite",
    DfMethod.KROGER: "Kenward–Roger",
}


class DfInformation(Enum):
    """Which information matrix gives the covariance of the variance parameters; the value is Stata's word."""

    EXPECTED = "eim"
    OBSERVED = "oim"


@dataclass(frozen=True, slots=True)
class DfRequest:
    """A method, and for the approximations the information they use."""

    method: DfMethod
    information: DfInformation = DfInformation.EXPECTED


def df_request(spec: MixedSpec) -> DfRequest | None:
    """Return what ``dfmethod()`` asks for, None without it."""
    text = next((argument for name, argument in spec.others if name == "dfmethod"), None)
    if text is None:
        return None
    method, _, information = text.partition(", ")
    return DfRequest(DfMethod(method), DfInformation(information or "eim"))
