"""``estat ic``: Akaike's and the Bayesian information criterion ([R] estat ic)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.subcommand import Subcommand, no_more_words
from engine.errors import StataError
from engine.lang.command import Part
from engine.lang.declaration import OptionDecl, OptionKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.results.estimates import Estimates

_KINDS = {"aiccorrected": "CORRECTED", "aicconsistent": "CONSISTENT", "all": "ALL"}
OPTIONS = (
    OptionDecl(
        name="n", minimum=1, kind=OptionKind.REAL, low=1, page="model", label="Number of observations",
        help="Use this number instead of the number of observations in the criteria that depend on it.",
    ),
    OptionDecl(
        name="df", minimum=2, kind=OptionKind.INTEGER, low=0, page="model", label="Number of parameters",
        help="Use this number instead of the rank of e(V), as after REML to count the variance parameters alone.",
    ),
    OptionDecl(
        name="aiccorrected", minimum=4, page="model", label="Corrected AIC",
        help="Shows AICc, for small samples, instead of AIC.",
    ),
    OptionDecl(
        name="aicconsistent", minimum=6, page="model", label="Consistent AIC", help="Shows CAIC instead of AIC.",
    ),
    OptionDecl(
        name="all", minimum=3, page="model", label="All criteria", help="Shows AIC, BIC, AICc and CAIC.",
    ),
)  # fmt: skip


def show(part: Part, context: Context, models: Sequence[Estimates]) -> Effects:
    """Print the criteria of models; r(198) for two options that choose them, r(321) without a likelihood."""
    from engine.inference.criteria import information_criteria
    from engine.results.stored import Stored
    from engine.tables.criteria import Criteria, ic_blocks, ic_data, ic_matrix

    asked = [name for name in _KINDS if part.has(name)]
    if len(asked) > 1:
        raise StataError(198, f"options {asked[0]} and {asked[1]} may not be combined", part.body_span)
    criteria = Criteria[_KINDS[asked[0]]] if asked else Criteria.USUAL
    n, df = (_number(part, name) for name in ("n", "df"))
    found = [
        (
            each.name or ".",
            information_criteria(
                each.result, n, df=None if df is None else int(df), ll_null=each.e.scalars.get("ll_0", float("nan"))
            ),
        )
        for each in models
    ]
    context.emit(*ic_blocks(found, n_given=n is not None, df_given=df is not None, criteria=criteria))
    return Effects(tables=(ic_data(found, criteria),), r=Stored(matrices={"S": ic_matrix(found, criteria)}))


def _number(part: Part, name: str) -> float | None:
    use = part.option(name)
    return None if use is None or use.argument is None else float(use.argument)


def _run(part: Part, context: Context, estimates: Estimates) -> Effects:
    no_more_words(part, "ic")
    if math.isnan(estimates.result.ll):
        message = f"likelihood information not found in last estimation results: {estimates.command} gave none"
        raise StataError(321, message, part.body_span)
    return show(part, context, (estimates,))


SUBCOMMAND = Subcommand(name="ic", minimum=2, help="information criteria", options=OPTIONS, run=_run)
