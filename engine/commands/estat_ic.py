"""``estat ic``: Akaike's and the Bayesian information criterion."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.subcommand import Subcommand, no_more_words
from engine.errors import StataError
from engine.lang.command import Part
from engine.lang.declaration import OptionDecl, OptionKind
from engine.results.stored import Matrix, Stored

if TYPE_CHECKING:
    from engine.results.estimates import Estimates

_N = OptionDecl(
    name="n",
    minimum=1,
    kind=OptionKind.REAL,
    low=1,
    page="model",
    label="Number of observations in BIC",
    help="Use this number instead of the number of observations in the Bayesian information criterion.",
)


def _run(part: Part, context: Context, estimates: Estimates) -> Effects:
    from engine.inference.criteria import information_criteria
    from engine.tables.estat import ic_blocks, ic_data

    no_more_words(part, "ic")
    if math.isnan(estimates.result.ll):
        message = f"likelihood information not found in last estimation results: {estimates.command} gave none"
        raise StataError(321, message, part.body_span)
    use = part.option("n")
    n = None if use is None or use.argument is None else float(use.argument)
    null = estimates.e.scalars.get("ll_0", float("nan"))
    name = estimates.name or "."
    found = information_criteria(estimates.result, n, ll_null=null)
    models = ((name, found),)
    context.emit(*ic_blocks(models, given=n is not None))
    row = Matrix((name,), ("N", "ll0", "ll", "df", "AIC", "BIC"), found.row[None, :])
    return Effects(tables=(ic_data(models),), r=Stored(matrices={"S": row}))


SUBCOMMAND = Subcommand(name="ic", minimum=2, help="information criteria", options=(_N,), run=_run)
