"""``bootstrap`` and ``jackknife``: standard errors from replicates of a command ([R] bootstrap, [R] jackknife)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.resampling.resample_options import BOOTSTRAP as BOOTSTRAP_OPTIONS
from engine.commands.resampling.resample_options import JACKKNIFE as JACKKNIFE_OPTIONS
from engine.lang.declaration import CommandDecl, VarlistRule

if TYPE_CHECKING:
    from engine.lang.command import Command

_RESULTS = (
    ("e(N)", "number of observations"),
    ("e(N_reps), e(N_misreps)", "complete replications, and those that failed"),
    ("e(N_clust), e(clustvar)", "clusters"),
    ("e(prefix), e(vce), e(vcetype)", "bootstrap or jackknife"),
    ("e(b), e(V)", "observed values, and the covariance matrix of the replicates"),
    ("e(se), e(bias), e(reps)", "standard errors, bias, nonmissing replicates"),
    ("e(ci_normal)", "confidence limits"),
)

BOOTSTRAP = CommandDecl(
    name="bootstrap",
    minimum=9,
    synonyms=(("bs", 2), ("bstrap", 6)),
    title="Bootstrap sampling and estimation",
    help="bootstrap exp_list, options: command runs the command on samples drawn with replacement. Without exp_list "
    "it takes the coefficients; expressions have names, as in ratio=(_b[week]/_b[_cons]) or mean=r(mean). Replicates "
    "run on all cores.",
    menu=("Statistics", "Resampling", "Bootstrap estimation"),
    varlist=VarlistRule.TEXT,
    text_label="Command",
    prefix=True,
    options=BOOTSTRAP_OPTIONS,
    examples=(
        "bootstrap, reps(50) cluster(id) seed(1): mixed weight week || id:",
        "bootstrap ratio=(_b[week]/_b[_cons]), reps(100) seed(1): regress weight week",
        "bootstrap mean=r(mean), reps(100) seed(1): summarize weight",
    ),
    results=(*_RESULTS, ("e(b_bs), e(z0)", "means of the replicates, median bias"),
             ("e(ci_percentile), e(ci_bc)", "further confidence limits")),
)  # fmt: skip
JACKKNIFE = CommandDecl(
    name="jackknife",
    minimum=9,
    synonyms=(("jknife", 6),),
    title="Jackknife estimation",
    help="jackknife exp_list, options: command runs the command with each observation, or cluster, left out in turn.",
    menu=("Statistics", "Resampling", "Jackknife estimation"),
    varlist=VarlistRule.TEXT,
    text_label="Command",
    prefix=True,
    options=JACKKNIFE_OPTIONS,
    examples=("jackknife, cluster(id): mixed weight week || id:", "jackknife sd=r(sd): summarize weight"),
    results=(*_RESULTS, ("e(b_jk)", "means of the replicates")),
)


def run(command: Command, context: Context) -> Effects:
    """Run the replicates and show the results, or show the last ones again.

    Raises
    ------
    StataError
        What the command raises on the observed sample; r(101) with weights, r(198) for options, r(301) for a
        redisplay without results, r(459) with a single cluster, r(2000) without observations or replicates.
    """
    from engine.commands.resampling.resample_run import run as repeat  # what it needs is loaded with the first use

    return repeat(command, context)


COMMANDS = ((BOOTSTRAP, run), (JACKKNIFE, run))
