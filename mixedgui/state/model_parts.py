"""Parts of a `mixed` model that several controls make together: residuals, degrees of freedom, errors, weights.

Each is a frozen value of texts as typed and choices as made; what a part hides it keeps but does not write.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.api import NEEDS_TIME, ORDERED, Prefix, Residuals, Weight, print_expression
from mixedgui.state.clauses import join, with_options

FULL = "Full"
"""The order of a structure that keeps all its lags."""

LAGGED = frozenset({"ar", "ma"})
"""Structures whose order is a number of lags, one unless said otherwise; other orders are Full unless said."""

APPROXIMATIONS = frozenset({"satterthwaite", "kroger"})
"""Methods for degrees of freedom that rest on an information matrix (R4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidualsState:
    """``residuals(kind [order] [, by() t()])``, in force while `on`."""

    on: bool = False
    kind: str = "independent"
    order: str = ""
    by: str = ""
    t: str = ""

    @classmethod
    def from_residuals(cls, residuals: Residuals | None) -> ResidualsState:
        """Return the state that prints as `residuals`."""
        if residuals is None:
            return cls()
        order = "" if residuals.order is None else str(residuals.order)
        return cls(on=True, kind=residuals.kind, order=order, by=residuals.by or "", t=residuals.t or "")

    @property
    def takes_order(self) -> bool:
        """Whether the structure has an order."""
        return self.kind in ORDERED

    @property
    def needs_time(self) -> bool:
        """Whether the structure needs t()."""
        return self.kind in NEEDS_TIME

    def to_text(self) -> str:
        """Return the option, nothing while it is off."""
        if not self.on:
            return ""
        order = self.order.strip() if self.takes_order and self.order.strip() != FULL else ""
        inner = [f"by({self.by.strip()})"] if self.by.strip() else []
        if self.needs_time and self.t.strip():
            inner.append(f"t({self.t.strip()})")
        return f"residuals({with_options(join(self.kind, order), inner)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class DfState:
    """``dfmethod(method[, oim])``, in force while `on`."""

    on: bool = False
    method: str = "residual"
    oim: bool = False

    @classmethod
    def from_argument(cls, argument: str | None) -> DfState:
        """Return the state that prints as ``dfmethod(argument)``, `argument` in full words."""
        if argument is None:
            return cls()
        method, _, information = argument.partition(",")
        return cls(on=True, method=method.strip(), oim=information.strip() == "oim")

    @property
    def approximate(self) -> bool:
        """Whether the method rests on an information matrix."""
        return self.method in APPROXIMATIONS

    def to_text(self) -> str:
        """Return the option, nothing while it is off."""
        if not self.on:
            return ""
        return f"dfmethod({self.method}{', oim' if self.oim and self.approximate else ''})"


@dataclass(frozen=True, slots=True, kw_only=True)
class VceState:
    """``vce(kind [cluster])``; an empty kind is the default, not written."""

    kind: str = ""
    cluster: str = ""

    @classmethod
    def from_argument(cls, argument: str | None) -> VceState:
        """Return the state that prints as ``vce(argument)``, `argument` in full words."""
        kind, _, cluster = (argument or "").partition(" ")
        return cls(kind=kind, cluster=cluster.strip())

    @property
    def clustered(self) -> bool:
        """Whether a cluster variable is needed."""
        return self.kind == "cluster"

    def to_text(self) -> str:
        """Return the option, nothing for the default."""
        return f"vce({join(self.kind, self.cluster if self.clustered else '')})" if self.kind else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightState:
    """``[kind=expression]``; an empty kind means no weights."""

    kind: str = ""
    expression: str = ""

    @classmethod
    def from_weight(cls, weight: Weight | None) -> WeightState:
        """Return the state that prints as `weight`."""
        return cls() if weight is None else cls(kind=weight.kind, expression=print_expression(weight.expression))

    def to_text(self) -> str:
        """Return the clause, nothing without weights or before an expression is there."""
        return f"[{self.kind}={self.expression.strip()}]" if self.kind and self.expression.strip() else ""


BY = frozenset({"by", "bysort"})
"""The prefixes that repeat a command by groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByState:
    """``by variables:`` before the command, which sorts first unless a command was loaded that does not."""

    variables: str = ""
    sort: bool = True

    @classmethod
    def from_prefix(cls, prefix: Prefix) -> ByState:
        """Return the state that prints as `prefix`."""
        variables, _, options = prefix.argument.partition(",")
        return cls(variables=variables.strip(), sort=prefix.name == "bysort" or "sort" in options.split())

    def to_text(self) -> str:
        """Return the prefix with its colon, nothing without variables."""
        return f"{'bysort' if self.sort else 'by'} {self.variables.strip()}:" if self.variables.strip() else ""


ALL_TOGETHER = ByState()
INDEPENDENT_RESIDUALS = ResidualsState()
LARGE_SAMPLE = DfState()
MODEL_BASED = VceState()
UNWEIGHTED = WeightState()
