"""Options of ``bootstrap``, ``jackknife`` and ``statsby``."""

from __future__ import annotations

from engine.commands.estat_pboot import LARGEST_SEED
from engine.lang.declaration import OptionDecl, OptionKind

USUAL_REPLICATIONS = 50

CLUSTER = OptionDecl(
    name="cluster", minimum=2, kind=OptionKind.VARIABLES, page="model", label="Clusters",
    help="Variables whose groups are taken as a whole.",
)  # fmt: skip
IDCLUSTER = OptionDecl(
    name="idcluster", minimum=3, kind=OptionKind.NEW_VARIABLES, page="model", label="New cluster variable",
    help="Name of a variable that numbers the clusters drawn, so that one drawn twice counts as two. Where the "
    "command does not use it, the variable of cluster() itself is numbered anew.",
)  # fmt: skip
LEVEL = OptionDecl(
    name="level", minimum=1, kind=OptionKind.REAL, low=10, high=99.99, default=95, page="reporting",
    label="Confidence level", help="Confidence level of the intervals, in percent.",
)  # fmt: skip
SAVING = OptionDecl(
    name="saving", minimum=3, kind=OptionKind.TEXT, page="reporting", label="Save replicates in a file",
    help="File for the statistics of each replicate: saving(file, replace) overwrites it.",
)  # fmt: skip
DOTS = OptionDecl(
    name="dots", minimum=4, kind=OptionKind.INTEGER, low=1, high=1_000_000, page="reporting",
    label="Dots", help="Shows a dot every so many replicates.",
)  # fmt: skip


def _flag(name: str, minimum: int, label: str, help_: str) -> OptionDecl:
    return OptionDecl(name=name, minimum=minimum, page="reporting", label=label, help=help_)


NODOTS = _flag("nodots", 5, "No dots", "Shows no dots.")
QUIET = (
    NODOTS,
    DOTS,
    _flag("noheader", 5, "No header", "Leaves out the header."),
    _flag("nolegend", 5, "No legend", "Leaves out the legend of the expressions."),
    _flag("notable", 5, "No table", "Leaves out the table of coefficients."),
    _flag("nowarn", 4, "No warnings", "Leaves out the note on replicates that failed."),
)
MSE = OptionDecl(
    name="mse", minimum=3, page="model", label="Deviations from the observed",
    help="Takes deviations from the observed values in place of the mean of the replicates.",
)  # fmt: skip
BOOTSTRAP = (
    OptionDecl(
        name="reps", minimum=1, kind=OptionKind.INTEGER, low=2, high=1_000_000, default=USUAL_REPLICATIONS,
        page="model", label="Replications", help="Number of samples drawn.",
    ),
    OptionDecl(
        name="strata", minimum=3, kind=OptionKind.VARIABLES, page="model", label="Strata",
        help="Variables within whose groups samples are drawn.",
    ),
    OptionDecl(
        name="size", minimum=2, kind=OptionKind.INTEGER, low=1, high=1_000_000_000, page="model",
        label="Sample size", help="Units drawn per sample; as many as there are by default.",
    ),
    CLUSTER,
    IDCLUSTER,
    OptionDecl(
        name="seed", minimum=4, kind=OptionKind.INTEGER, low=0, high=LARGEST_SEED, page="model",
        label="Random-number seed", help="Start the random numbers here, so that the same command gives the same.",
    ),
    MSE,
    OptionDecl(
        name="bca", minimum=3, page="model", label="Acceleration",
        refused="bca limits are not available; estat bootstrap shows percentile and bias-corrected ones.",
        help="Bias-corrected and accelerated limits.",
    ),
    LEVEL,
    SAVING,
    *QUIET,
)  # fmt: skip
JACKKNIFE = (CLUSTER, MSE, LEVEL, SAVING, *QUIET)
STATSBY = (
    OptionDecl(
        name="by", minimum=2, kind=OptionKind.VARIABLES, page="model", label="Groups",
        help="Variables whose groups the command runs on, one after the other.",
    ),
    OptionDecl(name="clear", minimum=5, page="model", label="Replace the data",
               help="Replaces the data in memory even where they have changed."),
    SAVING,
    NODOTS,
    DOTS,
)  # fmt: skip
