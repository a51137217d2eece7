"""Options of ``bootstrap``, ``jackknife`` and ``statsby``."""

from __future__ import annotations

from engine.commands.postestimation.estat_pboot import LARGEST_SEED
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
REJECT = OptionDecl(
    name="reject", minimum=3, kind=OptionKind.EXPRESSION, page="model", label="Reject replicates",
    help="Leaves out replicates for which this is true, as in reject(e(converged)==0).",
)  # fmt: skip
_SILENT = "is not available: replicates run silently, and only dots tell of them."
SILENT = tuple(
    OptionDecl(name=name, minimum=minimum, page="reporting", label=label, help=f"{label} of each replicate.",
               refused=f"{name} {_SILENT}")
    for name, minimum, label in (("noisily", 3, "Output"), ("trace", 2, "Trace"))
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
        help="Computes the acceleration by a jackknife, for the limits that estat bootstrap, bca shows.",
    ),
    REJECT,
    LEVEL,
    SAVING,
    *QUIET,
    *SILENT,
)  # fmt: skip
JACKKNIFE = (
    CLUSTER,
    OptionDecl(name="idcluster", minimum=3, kind=OptionKind.NEW_VARIABLES, page="model", label="New cluster variable",
               help="Name of a variable that numbers the clusters, for the command to use."),
    OptionDecl(name="eclass", minimum=1, page="model", label="Sample size in e(N)",
               help="Says that e(N) is the number of observations; what the command leaves tells in any case."),
    OptionDecl(name="rclass", minimum=1, page="model", label="Sample size in r(N)",
               help="Says that r(N) is the number of observations; what the command leaves tells in any case."),
    OptionDecl(name="n", minimum=1, kind=OptionKind.EXPRESSION, page="model", label="Sample size",
               refused="n() is not available: the number of observations is that of e(N) or r(N).",
               help="Expression of the number of observations."),
    OptionDecl(name="keep", minimum=4, page="model", label="Keep pseudovalues",
               help="Adds variables with the pseudovalues of each statistic, in the first observation of clusters."),
    REJECT,
    MSE,
    LEVEL,
    SAVING,
    *QUIET,
    *SILENT,
)  # fmt: skip
STATSBY = (
    OptionDecl(
        name="by", minimum=2, kind=OptionKind.VARIABLES, page="model", label="Groups",
        help="Variables whose groups the command runs on, one after the other.",
    ),
    OptionDecl(name="clear", minimum=5, page="model", label="Replace the data",
               help="Replaces the data in memory even where they have changed."),
    OptionDecl(name="total", minimum=5, page="model", label="Add results for all data",
               help="Adds an observation with the results of the whole data."),
    OptionDecl(name="subsets", minimum=3, page="model", label="Add results for all subsets of groups",
               help="Runs the command in the groups of each combination of the variables of by(), and on all data."),
    SAVING,
    OptionDecl(name="double", minimum=6, page="reporting", label="Double precision",
               help="Stores results in double precision, which they are in any case."),
    NODOTS,
    DOTS,
    _flag("nolegend", 5, "No legend", "Leaves out the legend of the expressions."),
    *SILENT,
)  # fmt: skip
