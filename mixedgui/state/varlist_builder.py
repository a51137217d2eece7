"""The builder of a list of variables: one term being put together, and the list it is added to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from engine.api import Dataset, Problem, StataError, TermsPreview, preview_terms
from mixedgui.state.clauses import join
from mixedgui.state.field_checks import varlist_problems
from mixedgui.state.translation import counted, mark, tr
from mixedgui.state.undo import Undoable

MOST_VARIABLES = 6
"""How many variables an interaction of the builder may have."""

MOST_POWER = 5


class TermKind(Enum):
    """What kind of term is built."""

    FACTOR = "factor"
    POLYNOMIAL = "polynomial"
    PLAIN = "plain"
    TIME = "time"


class Effect(Enum):
    """How the variables of a factor term enter; the value stands between them in the command."""

    MAIN = ""
    INTERACTION = "#"
    FACTORIAL = "##"


BASES = (
    ("", mark("Default"), mark("The lowest level is the base.")),
    ("(first)", mark("First"), mark("The lowest level is the base.")),
    ("(last)", mark("Last"), mark("The highest level is the base.")),
    ("(freq)", mark("Most frequent"), mark("The level with the most observations is the base.")),
    ("#", mark("Value"), mark("The level of this value is the base.")),
    ("n", mark("None"), mark("No base: every level has a column of its own.")),
)
"""Word of the ``ib`` operator, label, help; ``#`` stands for a value."""

NO_TIME = mark("Time-series operators need a time variable that the data are set by, which is not available.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One variable of a term."""

    variable: str = ""
    base: str = ""
    value: str = ""
    continuous: bool = False

    def to_text(self) -> str:
        """Return the variable with its operator, nothing without a variable."""
        name = self.variable.strip()
        if not name:
            return ""
        if self.continuous:
            return f"c.{name}"
        base = self.value.strip() if self.base == "#" else self.base
        return f"ib{base}.{name}" if base else f"i.{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuilderForm:
    """What the builder holds."""

    kind: TermKind = TermKind.FACTOR
    effect: Effect = Effect.MAIN
    count: int = 2
    parts: tuple[Part, ...] = (Part(),) * MOST_VARIABLES
    power: int = 2
    varlist: str = ""

    @property
    def shown(self) -> tuple[Part, ...]:
        """The variables that take part."""
        crossed = self.kind is TermKind.FACTOR and self.effect is not Effect.MAIN
        return self.parts[: self.count if crossed else 1]

    def term(self) -> str:
        """Return the term as it will be added, nothing while a variable is missing."""
        names = [part.variable.strip() for part in self.shown]
        if not all(names):
            return ""
        if self.kind is TermKind.POLYNOMIAL:
            return "##".join([f"c.{names[0]}"] * self.power)
        if self.kind is not TermKind.FACTOR:
            return names[0]
        if self.effect is Effect.MAIN:
            return replace(self.shown[0], continuous=False).to_text()
        between = str(self.effect.value)
        return between.join(part.to_text() for part in self.shown)


class VarlistBuilder(Undoable[BuilderForm]):
    """What the builder's dialog holds; every change is one step."""

    def set(self, **changes: Any) -> None:
        """Change fields of the form; typing into one of them is one undo step."""
        names = ", ".join(sorted(changes))
        self.put(replace(self.form, **changes), tr("Change {names}").format(names=names), merge=names)

    def set_part(self, place: int, **changes: Any) -> None:
        """Change fields of one variable."""
        parts = list(self.form.parts)
        parts[place] = replace(parts[place], **changes)
        key = f"{place} {', '.join(sorted(changes))}"
        self.put(replace(self.form, parts=tuple(parts)), tr("Change variable {0}").format(place + 1), merge=key)

    def add(self) -> bool:
        """Add the term to the list and begin a new one; False while there is none."""
        term = self.form.term()
        if not term:
            return False
        empty = replace(self.form, parts=BuilderForm().parts, varlist=join(self.form.varlist, term))
        self.put(empty, tr("Add {term}").format(term=term))
        return True

    def whole(self) -> str:
        """Return the list with the term that is not added yet."""
        return join(self.form.varlist, self.form.term())

    def problems(self, dataset: Dataset) -> list[Problem]:
        """Return what is wrong with the term and the list."""
        found = varlist_problems(self.form.varlist, dataset, "varlist", factors=True)
        term = self.form.term()
        if term:
            found += [replace(p, span=None) for p in varlist_problems(term, dataset, "term", factors=True)]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class PreviewQuestion:
    """A list of variables on the rows of a condition."""

    text: str
    dataset: Dataset
    condition: str = ""

    def same(self, other: PreviewQuestion | None) -> bool:
        """Tell whether the answer to `other` is the answer to this."""
        return (
            other is not None
            and other.dataset is self.dataset
            and (other.text, other.condition) == (self.text, self.condition)
        )

    def answer(self) -> TermsPreview | StataError:
        """Return the columns, or why there are none."""
        try:
            return preview_terms(self.text, self.dataset, self.condition)
        except StataError as error:
            return error


def preview_words(preview: TermsPreview) -> tuple[str, str]:
    """Return what to say of a preview: how many columns of how many rows, and what to look at (or nothing)."""
    estimated = sum(not column.status for column in preview.columns)
    said = tr("{coefficients} from {observations}").format(
        coefficients=counted(estimated, "{n} coefficient", "{n} coefficients"),
        observations=counted(preview.n_obs, "{n} observation", "{n} observations"),
    )
    warnings = []
    if preview.empty:
        warnings.append(tr("{0} without observations: no coefficient.").format(_some(preview.empty)))
    if preview.collinear:
        is_are = "is" if len(preview.collinear) == 1 else "are"
        warnings.append(
            tr("{0} {is_are} made up by the columns before: omitted.").format(_some(preview.collinear), is_are=is_are)
        )
    if not preview.checked:
        warnings.append(tr("Too much data to look for collinear columns here; the fit does."))
    return said, " ".join(warnings)


def _some(names: tuple[str, ...]) -> str:
    first = ", ".join(names[:3])
    return first if len(names) <= 3 else tr("{names} and {n:,} more").format(names=first, n=len(names) - 3)
