"""Options of the smoother, on its own and over other plots."""

from __future__ import annotations

from engine.lang.declaration import OptionDecl, OptionKind

DEFAULT_BANDWIDTH = 0.8

LOWESS_OPTIONS = (
    OptionDecl(
        name="bwidth",
        minimum=2,
        kind=OptionKind.REAL,
        label="Bandwidth",
        help="Share of the data that each local fit uses, between 0 and 1; anything else stands for .8.",
        default=DEFAULT_BANDWIDTH,
        page="model",
    ),
    OptionDecl(
        name="mean",
        minimum=2,
        label="Local means instead of local lines",
        help="Smooths by weighted means of the neighbouring points instead of by straight lines.",
        page="model",
    ),
    OptionDecl(
        name="noweight",
        minimum=3,
        label="Same weight for all neighbours",
        help="Gives every neighbouring point the same weight instead of less weight to points further away.",
        page="model",
    ),
    OptionDecl(
        name="logit",
        minimum=3,
        label="Smooth as log odds",
        help="Shows the smoothed values of a 0/1 variable as logits.",
        page="model",
    ),
    OptionDecl(
        name="adjust",
        minimum=2,
        label="Mean as that of the data",
        help="Multiplies the smoothed values so that their mean is that of the variable.",
        page="model",
    ),
)
