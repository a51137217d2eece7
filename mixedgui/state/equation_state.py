"""One random-effects equation as the dialog holds it: texts as typed, valid or not yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from engine.api import CovarianceKind, RandomEquation, print_varlist
from mixedgui.state.clauses import with_options
from mixedgui.state.translation import tr
from mixedgui.state.undo import Undoable

ALL = "_all"
"""The level that puts every observation into one group."""

DEFAULT_COVARIANCE = CovarianceKind.INDEPENDENT
DEFAULT_FACTOR_COVARIANCE = CovarianceKind.IDENTITY

FACTOR_COVARIANCES = (CovarianceKind.IDENTITY, CovarianceKind.EXCHANGEABLE)
"""The structures that a crossed factor (``R.``) allows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EquationState:
    """The content of the equation sub-dialog.

    Attributes
    ----------
    level
        Level variable; empty for ``_all``.
    crossed
        True for ``R.factor``, False for coefficients of `indepvars`; the text of the other field is kept but not used.
    covariance
        None while the structure is left at its default.
    weighting
        Which weights the dialog shows: ``fweight``, ``pweight`` or nothing.
    enabled
        False for a row that stays in the list but not in the command.
    """

    level: str = ""
    crossed: bool = False
    indepvars: str = ""
    factor: str = ""
    noconstant: bool = False
    covariance: CovarianceKind | None = None
    collinear: bool = False
    fweight: str = ""
    pweight: str = ""
    weighting: str = ""
    enabled: bool = True

    @classmethod
    def from_equation(cls, equation: RandomEquation) -> EquationState:
        """Return the state that prints as `equation`."""
        return cls(
            level="" if equation.level == ALL else equation.level,
            crossed=equation.factor is not None,
            indepvars=print_varlist(equation.terms),
            factor=equation.factor or "",
            noconstant=equation.noconstant,
            covariance=equation.covariance,
            collinear=equation.collinear,
            fweight=equation.fweight or "",
            pweight=equation.pweight or "",
            weighting="pweight" if equation.pweight else "fweight" if equation.fweight else "",
        )

    @property
    def level_name(self) -> str:
        """The level as the command names it."""
        return self.level.strip() or ALL

    @property
    def structure(self) -> CovarianceKind:
        """The covariance structure in force."""
        if self.covariance is not None:
            return self.covariance
        return DEFAULT_FACTOR_COVARIANCE if self.crossed else DEFAULT_COVARIANCE

    @property
    def weight(self) -> str:
        """The weight of the kind shown."""
        return {"fweight": self.fweight, "pweight": self.pweight}.get(self.weighting, "")

    def terms_text(self) -> str:
        """Return what stands behind the colon."""
        return f"R.{self.factor.strip()}" if self.crossed else self.indepvars.strip()

    def option_texts(self) -> tuple[str, ...]:
        """Return the equation's options as written in a command."""
        options: list[str] = []
        if self.noconstant and not self.crossed:
            options.append("noconstant")
        if self.covariance is not None:
            options.append(f"covariance({self.covariance.value})")
        if self.collinear:
            options.append("collinear")
        options += [
            f"{name}({text.strip()})"
            for name, text in (("fweight", self.fweight), ("pweight", self.pweight))
            if text.strip()
        ]
        return tuple(options)

    def body(self) -> str:
        """Return ``level: terms``."""
        return f"{self.level_name}: {self.terms_text()}".rstrip()

    def to_text(self) -> str:
        """Return the equation as it adds to the command, with its bars."""
        return with_options(f"|| {self.body()}", self.option_texts())


class EquationDraft(Undoable[EquationState]):
    """An equation being edited; the list sees it when the sub-dialog is accepted."""

    def reset(self) -> None:
        """Set every control to its default, as a step that can be undone."""
        self.put(EquationState(enabled=self.form.enabled), tr("Reset"))

    def set(self, **changes: Any) -> None:
        """Change fields; the text of one field is one undo step."""
        if changes.get("crossed") is True and self.form.structure not in FACTOR_COVARIANCES:
            changes.setdefault("covariance", None)
        names = ",".join(sorted(changes))
        self.put(replace(self.form, **changes), tr("Change {names}").format(names=names), merge=names)

    def set_structure(self, structure: CovarianceKind) -> None:
        """Choose a covariance structure; the default one is not written out."""
        default = DEFAULT_FACTOR_COVARIANCE if self.form.crossed else DEFAULT_COVARIANCE
        self.set(covariance=None if structure is default else structure)

    def set_weighting(self, kind: str) -> None:
        """Choose ``fweight``, ``pweight`` or none (empty); what was typed goes along, except to none."""
        text = self.form.fweight or self.form.pweight
        self.put(_weighted(self.form, kind, text), tr("Change weights"))

    def set_weight(self, kind: str, text: str) -> None:
        """Enter a weight; the other kind is given up, the two exclude each other."""
        self.put(_weighted(self.form, kind, text), tr("Change {kind}").format(kind=kind), merge=kind)


def _weighted(equation: EquationState, kind: str, text: str) -> EquationState:
    fweight, pweight = (text if kind == name else "" for name in ("fweight", "pweight"))
    return replace(equation, weighting=kind, fweight=fweight, pweight=pweight)
