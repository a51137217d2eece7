"""What ``lrtest`` prints."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import numpy as np

from engine.frame.modelframe import FloatArray
from engine.inference.lrtest import LikelihoodRatio
from engine.results.stored import DataRow, DataTable
from engine.tables.document import Block, Lines, Role
from engine.tables.labels import abbreviate
from engine.tables.numbers import CHI2, PROBABILITY, number_text

NAME_WIDTH = 14
_LABEL = 11
_WIDTH = 76
_HANG = 6
BOUNDARY = (
    "Note: The reported degrees of freedom assumes the null hypothesis is not on the boundary of the parameter space. "
    "If this is not true, then the reported test is conservative."
)
RESTRICTED = (
    "Note: LR tests based on REML are valid only when the fixed-effects specification is identical for both models."
)
HIGHER = (
    "Note: {restricted} has the higher log likelihood, which a model nested within {full} cannot have at its maximum; "
    "the statistic is set to 0. Look at the convergence of both."
)


@dataclass(frozen=True, slots=True)
class BootstrapRatio:
    """P-value of the parametric bootstrap, how many replications it rests on, and how many failed."""

    p: float
    replications: int
    failed: int

    @classmethod
    def of(cls, chi2: float, draws: FloatArray) -> BootstrapRatio:
        """Compare a statistic with those drawn under the smaller model; NaN marks a failed replication.

        p = (1 + number at least as large) / (1 + R) (Davison and Hinkley 1997, section 4.2).
        """
        known = draws[np.isfinite(draws)]
        larger = int(np.count_nonzero(known >= chi2 - 1e-8 * (1.0 + abs(chi2))))
        return cls((1 + larger) / (1 + len(known)), len(known), len(draws) - len(known))


@dataclass(frozen=True, slots=True, kw_only=True)
class LrTest:
    """The test, the names of the models, and what has to be said.

    `boundary_p` is the p-value of the half-and-half mixture of chi2(df-1) and chi2(df), NaN where it is not known.
    """

    full: str
    restricted: str
    test: LikelihoodRatio
    on_boundary: bool = False
    boundary_p: float = float("nan")
    reml: bool = False
    higher: bool = False
    bootstrap: BootstrapRatio | None = None


def lrtest_blocks(found: LrTest) -> tuple[Block, ...]:
    """Return title, assumption, statistic and notes."""
    full, restricted = (
        name if name.startswith("(") else abbreviate(name, NAME_WIDTH) for name in (found.full, found.restricted)
    )
    label = f"LR chi2({found.test.df})"
    width = max(_LABEL, len(label))
    values = number_text(found.test.chi2, CHI2), number_text(found.test.p, PROBABILITY)
    value = max(len(text) for text in values)
    blocks: list[Block] = [
        Lines(("", "Likelihood-ratio test"), Role.TITLE),
        Lines(
            (
                f"Assumption: {restricted} nested within {full}",
                "",
                f"{label:>{width}} = {values[0]:>{value}}",
                f"{'Prob > chi2':>{width}} = {values[1]:>{value}}",
            )
        ),
    ]
    if found.boundary_p == found.boundary_p:
        p = number_text(found.boundary_p, PROBABILITY)
        df = found.test.df
        line = f"Boundary-corrected (not in Stata): Prob = {p}, half chi2({df - 1}) and half chi2({df})"
        blocks.append(Lines((line,)))
    if found.bootstrap is not None:
        p, n = number_text(found.bootstrap.p, PROBABILITY), found.bootstrap.replications
        failed = f", {found.bootstrap.failed:,} failed" if found.bootstrap.failed else ""
        blocks.append(Lines((f"Parametric bootstrap (not in Stata): Prob = {p}, {n:,} replications{failed}",)))
    notes = [BOUNDARY] if found.on_boundary else []
    notes += [RESTRICTED] if found.reml else []
    notes += [HIGHER.format(full=full, restricted=restricted)] if found.higher else []
    for note in notes:
        lines = textwrap.wrap(note, _WIDTH, subsequent_indent=" " * _HANG, break_on_hyphens=False)
        blocks.append(Lines(("", *lines)))
    return tuple(blocks)


def lrtest_data(found: LrTest) -> DataTable:
    """Return statistic, degrees of freedom and p-value."""
    row = DataRow("", f"chi2({found.test.df})", (found.test.chi2, float(found.test.df), found.test.p))
    return DataTable("lrtest", ("chi2", "df", "p"), (row,))
