"""``per()``: one point for each group."""

from __future__ import annotations

from engine.lang.declaration import OptionDecl, OptionKind

PER = OptionDecl(
    name="per",
    minimum=3,
    kind=OptionKind.VARIABLES,
    label="One point per group of",
    help="Draws one point for each group instead of one for each observation; the plotted variables must be the same "
    "throughout a group, as predicted random effects are.",
    page="model",
)
