"""``estimates save``, ``estimates use`` and ``estimates esample``: results in a file, and the sample they belong to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.commands.base import Context, Effects
from engine.commands.files.file_names import naming_a_file, read_file_name
from engine.errors import StataError
from engine.lang.declaration import CommandDecl, OptionDecl, VarlistRule

if TYPE_CHECKING:
    from pathlib import Path

    from engine.lang.command import Command, Part
    from engine.results.estimates import Estimates
    from engine.results.linear import LinearResult

ENDING = ".ster"
_MENU = ("Statistics", "Postestimation", "Manage estimation results")

SAVE = CommandDecl(
    name="estimates save",
    minimum=2,
    title="Save estimation results",
    help="Writes the active estimation results to a file. The file is this program's own; Stata does not read it.",
    menu=(*_MENU, "Save to disk"),
    varlist=VarlistRule.TEXT,
    options=(
        OptionDecl(name="replace", minimum=7, label="Replace an existing file", page="model",
                   help="Overwrites the file if it is there."),
    ),
    examples=("estimates save pigs, replace",),
)  # fmt: skip
USE = CommandDecl(
    name="estimates use",
    minimum=3,
    title="Load estimation results",
    help="Makes estimation results from a file the active ones. estimates esample: says which observations of the data "
    "in memory they come from.",
    menu=(*_MENU, "Load from disk"),
    varlist=VarlistRule.TEXT,
    examples=("estimates use pigs",),
)
ESAMPLE = CommandDecl(
    name="estimates esample",
    minimum=3,
    title="Estimation sample",
    help="estimates esample: varlist if exp sets the estimation sample of results from a file; without a colon it is "
    "described.",
    varlist=VarlistRule.TEXT,
    allow_if=True,
    allow_in=True,
    examples=("estimates esample: weight week",),
)


def run_save(command: Command, context: Context) -> Effects:
    """Write the file; r(301) without results, r(602) when it exists and replace was not given."""
    from engine.data.files import exists, write_atomically
    from engine.results.archive import to_bytes
    from engine.results.estimates import needs_estimates

    part = command.main
    active = needs_estimates(context.estimates)
    path = _path(part)
    if exists(path) and not part.has("replace"):
        raise StataError(602, f"file {path} already exists; add the option replace to overwrite it", part.body_span)
    content = to_bytes(_lasting(active))
    with naming_a_file(part.body_span):
        write_atomically(path, content)
    context.say(f"file {path} saved")
    return Effects()


def run_use(command: Command, context: Context) -> Effects:
    """Read the file; r(601) when it is not there, r(610) when it holds something else."""
    from engine.data.files import read_bytes
    from engine.results.archive import from_bytes
    from engine.results.estimates import Estimates

    part = command.main
    with naming_a_file(part.body_span):
        found = from_bytes(read_bytes(_path(part)))
    if not isinstance(found, Estimates):
        raise StataError(610, "the file does not hold estimation results of this program", part.body_span)
    return Effects(estimates=found, e=found.e)


def run_esample(command: Command, context: Context) -> Effects:
    """Set the estimation sample, or say how large it is."""
    import numpy as np

    from engine.data.missing import is_missing
    from engine.frame.resolve import resolve_names
    from engine.results.estimates import MixedEstimates, needs_estimates

    part = command.main
    active = needs_estimates(context.estimates)
    if not part.body:
        n = int(np.isin(context.dataset.row_ids, active.result.sample_rows).sum())
        context.say(f"e(sample) set by {active.command}; {n:,} observations of the data in memory")
        return Effects()
    if not part.body.startswith(":"):
        raise StataError(198, "estimates esample is followed by a colon and variables", part.body_span)
    mask = context.selected(part)
    offset = part.body_span[0] + 1
    for name in resolve_names(part.body[1:], context.dataset, span=(offset, part.body_span[1])):
        variable = context.dataset.variable(name)
        known = context.dataset.texts(name) != "" if variable.is_string else ~is_missing(context.dataset.numeric(name))
        mask &= known
    rows = context.dataset.row_ids[mask]
    unsigned = {"signature": ""} if isinstance(active, MixedEstimates) else {}  # the user answers for the values
    return Effects(estimates=replace(active, result=_with(active, sample_rows=rows, **unsigned)))


def _path(part: Part) -> Path:
    from engine.data.files import local_path

    path = local_path(read_file_name(part.body, part.body_span))
    return path if path.suffix else path.with_name(f"{path.name}{ENDING}")


def _with(estimates: Estimates, **changes: object) -> LinearResult:
    """Return the result, a data class of its command, with some fields changed."""
    result: Any = estimates.result
    changed: LinearResult = replace(result, **changes)
    return changed


def _lasting(estimates: Estimates) -> Estimates:
    """Return the results without what only lives in memory: the sample's row numbers, computations not done yet."""
    import numpy as np

    from engine.results.archive import KnownBoundary
    from engine.results.mixed import MixedResult

    changes: dict[str, object] = {"sample_rows": np.empty(0, dtype=np.int64)}
    result = estimates.result
    cone = result.null_cone if isinstance(result, MixedResult) else None
    if isinstance(result, MixedResult) and cone is not None:
        chi2 = result.chi2_linear
        changes["null_cone"] = KnownBoundary(cone.simulated, chi2, cone.p_value(chi2))
    e = replace(estimates.e, scalars=dict(estimates.e.scalars))
    return replace(estimates, result=_with(estimates, **changes), e=e, tested=None)


COMMANDS = ((SAVE, run_save), (USE, run_use), (ESAMPLE, run_esample))
