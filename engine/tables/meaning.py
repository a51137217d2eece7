"""What the numbers of tables mean: entries that hover cards and help pages are made from.

An entry belongs to columns of tables, or to a figure with a label (``Number of obs = 432``). Which entry holds for a
number is found by the table, the name of its row, its column and the command; the first that fits is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

FORMULA = "Formula: {0}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One kind of number.

    Attributes
    ----------
    title, what
        Its name, and what it is, in a sentence.
    formula
        How it is computed, in a line.
    reading
        How to read it, with places for the numbers of the row (``{estimate}``); left out where one of them is
        missing. `read` is the same for a reader without a table before them.
    tables, columns
        Ids of tables and keys of columns it holds for; no column means the one number of the row.
    row
        Pattern of the row's whole name; empty for every row.
    commands
        Commands it holds for; empty for all.
    label
        Pattern of the label of a figure, for entries without tables.
    """

    title: str
    what: str
    formula: str = ""
    reading: str = ""
    read: str = ""
    tables: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    row: str = ""
    commands: tuple[str, ...] = ()
    label: str = ""

    @property
    def in_words(self) -> str:
        """What it is, its formula and how it is read, without a number before the reader."""
        return self.told()

    @property
    def sentences(self) -> tuple[str, ...]:
        """All its texts, as a translator sees them."""
        return tuple(text for text in (self.title, self.what, self.formula, self.reading, self.read) if text)

    def told(self, translate: Callable[[str], str] = str) -> str:
        """Return `in_words` in the language of `translate`."""
        what, formula, read = (translate(text) if text else "" for text in (self.what, self.formula, self.read))
        shown = translate(FORMULA).replace("{0}", formula) if formula and "{" not in formula else ""
        return " ".join(part for part in (what, shown, read) if part and "{" not in part)

    def fits(self, row: str, command: str) -> bool:
        """Tell whether the entry holds for a row of what a command printed."""
        named = not self.row or re.fullmatch(self.row, row) is not None
        return named and (not self.commands or command in self.commands)


@cache
def meanings() -> tuple[Meaning, ...]:
    """Return all entries, in the order in which they are tried."""
    from engine.tables.meanings_coefficients import COEFFICIENTS
    from engine.tables.meanings_data import DATA
    from engine.tables.meanings_figures import FIGURES
    from engine.tables.meanings_tests import TESTS
    from engine.tables.meanings_variances import VARIANCES

    return (*VARIANCES, *COEFFICIENTS, *TESTS, *DATA, *FIGURES)


def find_cell(table: str, column: str, *, row: str = "", command: str = "") -> Meaning | None:
    """Return the entry of a table's cell, None where there is none."""
    for entry in meanings():
        if table in entry.tables and column in entry.columns and entry.fits(row, command):
            return entry
    return None


def find_figure(label: str, *, command: str = "") -> Meaning | None:
    """Return the entry of a figure by its label (``Wald chi2(1)``), None where there is none."""
    label = " ".join(label.split())
    for entry in meanings():
        if entry.label and re.fullmatch(entry.label, label) and entry.fits("", command):
            return entry
    return None


def of_command(command: str) -> Iterator[Meaning]:
    """Yield the entries that help to read what a command prints, each title once."""
    tables, labels = TABLES_OF.get(command, ()), FIGURES_OF.get(command, ())
    seen: set[str] = set()
    for entry in meanings():
        if entry.commands and command not in entry.commands:
            continue
        named = any(table in entry.tables for table in tables)
        labelled = bool(entry.label) and any(re.fullmatch(entry.label, label) for label in labels)
        if (named or labelled) and entry.title not in seen:
            seen.add(entry.title)
            yield entry


_HEADER = ("Number of obs", "Number of groups", "min", "Wald chi2(1)", "Prob > chi2", "Log likelihood")

TABLES_OF = {
    "mixed": ("fixed", "random", "groups", "lrtest"),
    "xtreg": ("fixed",),
    "regress": ("fixed", "anova"),
    "anova": ("anova",),
    "estat": ("icc", "ic", "groups", "recovariance", "ranova", "influence", "df", "profile", "slopes", "bootstrap"),
    "test": ("test",),
    "testparm": ("test",),
    "lincom": ("lincom",),
    "nlcom": ("nlcom",),
    "margins": ("margins",),
    "contrast": ("contrast", "effects"),
    "pwcompare": ("pwcompare",),
    "lrtest": ("lrtest",),
    "hausman": ("hausman",),
    "vif": ("vif",),
    "estimates stats": ("ic",),
    "estimates table": ("estimates",),
    "summarize": ("summarize", "detail"),
    "tabulate": ("tabulate",),
    "correlate": ("correlate",),
    "sktest": ("sktest",),
    "ladder": ("ladder",),
    "xtsum": ("xtsum",),
    "center": ("center",),
}
"""Command -> ids of the tables it prints, for its help."""

FIGURES_OF = {
    "mixed": (*_HEADER, "LR test vs. linear model: chi2(2)"),
    "xtreg": (*_HEADER, "Within", "Between", "Overall", "sigma_u", "sigma_e", "rho", "F(1, 10)", "corr(u_i, Xb)"),
    "regress": ("Number of obs", "F(1, 10)", "Prob > F", "R-squared", "Adj R-squared", "Root MSE"),
}
"""Command -> labels of the figures it prints beside its tables, for its help."""
