"""The fits of a session as rows: figures, what changed from the one before in words, and the commands that compare."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mixedgui.state.observable import Observable
from mixedgui.state.translation import counted, tr

if TYPE_CHECKING:
    from engine.api import Estimates, FitFigures


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class FitRow:
    """One fit.

    Attributes
    ----------
    number
        Counts the fits of the session from 1.
    name
        The name it is stored under; empty while it is not.
    changes
        What is different from the fit before, or what the first one is.
    """

    number: int
    estimates: Estimates
    figures: FitFigures
    name: str = ""
    changes: str = ""
    ticked: bool = False

    @property
    def title(self) -> str:
        """The name, else its number."""
        return self.name or f"fit {self.number}"

    @property
    def restricted(self) -> bool:
        """Whether the likelihood is restricted."""
        from engine.api import Method, MixedEstimates

        return isinstance(self.estimates, MixedEstimates) and self.estimates.spec.method is Method.REML

    @property
    def line(self) -> str:
        """The second line of figures."""
        parts = [] if math.isnan(self.figures.ll) else [tr("log lik. {0}").format(_minus(f"{self.figures.ll:,.2f}"))]
        parts += [] if math.isnan(self.figures.icc) else [f"ICC {self.figures.icc:.3f}".replace("0.", ".", 1)]
        parts += [] if math.isnan(self.figures.bic) else [f"BIC {_minus(f'{self.figures.bic:,.2f}')}"]
        return " · ".join(parts)

    @property
    def aic(self) -> str:
        """Akaike's criterion as shown."""
        return "" if math.isnan(self.figures.aic) else _minus(f"{self.figures.aic:,.2f}")


class ModelList(Observable):
    """Keeps the rows, first fit first."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[FitRow, ...] = ()
        self.active: Estimates | None = None
        self._count = 0

    def take(self, active: Estimates | None, stored: Mapping[str, Estimates], figures: FitFigures | None) -> None:
        """Take note of what a command has left behind; `figures` are those of the active results if they are new."""
        rows = [replace(row, name=_name_of(row.estimates, stored)) for row in self.rows]
        if active is not None and figures is not None and not any(_same(row.estimates, active) for row in rows):
            from mixedgui.state.model_changes import changed

            self._count += 1
            changes = changed(rows[-1].estimates if rows else None, active)
            name = _name_of(active, stored)
            row = FitRow(number=self._count, estimates=active, figures=figures, name=name, changes=changes)
            rows.append(row)
        before = [(row.number, row.name) for row in self.rows]
        moved = (self.active is None) != (active is None) or (
            active is not None and self.active is not None and not _same(self.active, active)
        )
        self.active = active
        self.rows = tuple(rows)
        if moved or before != [(row.number, row.name) for row in rows]:
            self.changed()

    def knows(self, estimates: Estimates) -> bool:
        """Tell whether there is a row for these results."""
        return any(_same(row.estimates, estimates) for row in self.rows)

    def is_active(self, row: FitRow) -> bool:
        """Tell whether a row's results are the active ones."""
        return self.active is not None and _same(row.estimates, self.active)

    def tick(self, number: int, on: bool) -> None:
        """Tick a row; with a third one ticked, the first of them is not any more."""
        ticked = [row.number for row in self.rows if row.ticked and row.number != number]
        kept = {*ticked[-1:], number} if on else set(ticked)
        self.rows = tuple(replace(row, ticked=row.number in kept) for row in self.rows)
        self.changed()

    def remove(self, number: int) -> None:
        """Take a row off the list; results stored under a name stay stored."""
        self.rows = tuple(row for row in self.rows if row.number != number)
        self.changed()

    def clear(self) -> None:
        """Forget all rows."""
        self.rows = ()
        self.changed()

    @property
    def ticked(self) -> tuple[FitRow, ...]:
        """The rows that are ticked."""
        return tuple(row for row in self.rows if row.ticked)

    # ---- commands

    def restore_command(self, row: FitRow) -> str:
        """Return what makes a row's results active: from memory where they are stored, else by fitting again."""
        return f"estimates restore {row.name}" if row.name else row.estimates.cmdline

    def store_command(self, row: FitRow, name: str) -> str:
        """Return what stores a row under a name; one that is not active is fitted again first, quietly."""
        store = f"estimates store {name}"
        return store if self.is_active(row) else f"quietly {self.restore_command(row)}\n{store}"

    def comparison(self, command: str) -> str:
        """Return what compares the two ticked rows by `command`, the larger one first; unstored ones are stored before.

        The results that were active are so again afterwards.
        """
        pair = sorted(self.ticked, key=lambda row: (-row.figures.df, row.number))
        lines: list[str] = []
        names: list[str] = []
        for row in pair:
            name = row.name or self._free_name(row, names)
            if not row.name:
                lines.append(self.store_command(row, name))
            names.append(name)
        moved = [row for row in pair if not row.name and not self.is_active(row)]
        before = next((row for row in self.rows if self.is_active(row)), None)
        lines.append(f"{command} {' '.join(names)}")
        if moved and before is not None:
            name = before.name or dict(zip([row.number for row in pair], names, strict=True)).get(before.number, "")
            lines += [f"quietly estimates restore {name}"] if name else [f"quietly {before.estimates.cmdline}"]
        return "\n".join(lines)

    def why_no_test(self) -> str:
        """Return why the two ticked rows have no likelihood-ratio test, nothing when they do."""
        if len(self.ticked) != 2:
            return tr("Tick two models.")
        one, two = self.ticked
        if math.isnan(one.figures.ll) or math.isnan(two.figures.ll):
            return tr("One of the two has no likelihood.")
        if one.figures.pseudo or two.figures.pseudo:
            return tr("Robust standard errors and sampling weights leave no likelihood to compare.")
        if one.restricted != two.restricted:
            return tr("One is fitted by REML, the other by maximum likelihood.")
        if one.figures.n_obs != two.figures.n_obs:
            return tr("They are fitted to different numbers of observations.")
        if one.restricted and _fixed(one.estimates) != _fixed(two.estimates):
            return tr("Restricted likelihoods compare only models with the same fixed effects.")
        return "" if one.figures.df != two.figures.df else tr("Both have the same number of parameters.")

    def summary(self) -> str:
        """Say how the two ticked rows differ: in words, by their likelihoods, by AIC."""
        if len(self.ticked) != 2:
            return ""
        from engine.api import likelihood_ratio, surely_nested

        small, large = sorted(self.ticked, key=lambda row: (row.figures.df, row.number))
        more = counted(large.figures.df - small.figures.df, "{n} parameter", "{n} parameters")
        difference = large.figures.aic - small.figures.aic
        better = large if difference < 0 else small
        words = tr("{0} has {more} more than {1}. AIC prefers {2} by {3:,.2f}.").format(
            large.title, small.title, better.title, abs(difference), more=more
        )
        from mixedgui.state.model_changes import changed

        what = changed(small.estimates, large.estimates)
        lines = [tr("{0} against {1}: {2}").format(large.title, small.title, what)]
        if not self.why_no_test() and surely_nested(large.estimates.result, small.estimates.result):
            found = likelihood_ratio(large.figures, small.figures)
            p = "p < 0.0001" if found.p < 0.00005 else f"p = {found.p:.4f}"
            lines.append(f"LR χ²({found.df}) = {found.chi2:,.2f}, {p}")
        return "\n".join([*lines, words])

    def _free_name(self, row: FitRow, others: Sequence[str]) -> str:
        taken = {each.name for each in self.rows} | set(others)
        number = row.number
        while f"fit{number}" in taken:
            number += 1
        return f"fit{number}"


def _fixed(estimates: Estimates) -> tuple[str, ...]:
    return tuple(sorted(column.name for column in estimates.result.columns if not column.state.value))


def _same(one: Estimates, other: Estimates) -> bool:
    """Tell whether two are the same fit: storing makes a copy under a name of the same result."""
    return one.result is other.result


def _name_of(estimates: Estimates, stored: Mapping[str, Estimates]) -> str:
    return next((name for name, each in stored.items() if _same(each, estimates)), "")


def _minus(text: str) -> str:
    return text.replace("-", "−")
