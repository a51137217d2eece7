"""``estat icc``: intraclass correlations ([ME] estat icc)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.commands.base import Context, Effects
from engine.commands.subcommand import LEVEL, Subcommand, level_of, no_more_words
from engine.lang.command import Part
from engine.results.stored import Matrix, Stored

if TYPE_CHECKING:
    from engine.postest.icc import IntraclassCorrelation
    from engine.results.estimates import Estimates


def _run(part: Part, context: Context, estimates: Estimates) -> Effects:
    from engine.postest.icc import intraclass_correlations
    from engine.tables.estat import icc_blocks, icc_data

    no_more_words(part, "icc")
    level = level_of(part, context)
    result = context.mixed("estat icc").result
    found = intraclass_correlations(result, level)
    context.emit(*icc_blocks(result, found, level))
    return Effects(tables=(icc_data(found),), r=_returned(found, level))


def _returned(found: tuple[IntraclassCorrelation, ...], level: float) -> Stored:
    """Return r(icc#), r(se#), r(ci#) and r(label#), # counting levels from the observations up."""
    scalars, macros, matrices = {"level": level}, {}, {}
    for offset, each in enumerate(found):
        number = len(found) + 1 - offset
        scalars[f"icc{number}"], scalars[f"se{number}"] = each.icc, each.se
        macros[f"label{number}"] = each.level
        matrices[f"ci{number}"] = Matrix((f"icc{number}",), ("ll", "ul"), np.array([[each.ll, each.ul]]))
    return Stored(scalars, macros, matrices)


SUBCOMMAND = Subcommand(
    name="icc", minimum=3, help="intraclass correlations", options=(LEVEL,), mixed_only=True, run=_run
)
