"""Looking at the last fit without running a command: graphs, findings and groups, computed from the session as it is.

Each function takes what it needs of the session now and returns what computes the answer, which may run in another
thread while commands change the session.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from engine.commands import registry
from engine.errors import StataError
from engine.events import NEVER, CancelToken, ignore_event
from engine.lang.parse_command import parse_command

if TYPE_CHECKING:
    import numpy.typing as npt

    from engine.data.dataset import Dataset
    from engine.graphs.graphspec import GraphSpec
    from engine.postest.assumptions import Finding
    from engine.results.estimates import Estimates
    from engine.results.xtreg import XtregEstimates
    from engine.session.session import Session

    FloatArray: TypeAlias = npt.NDArray[np.float64]
    IntArray: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class GroupTable:
    """The G groups of a level.

    Attributes
    ----------
    level, path
        The level variable, and the variables that name a group, top first.
    names
        What the groups are called.
    columns, values
        Names of the numbers and (G, len(columns)) the numbers; NaN where one is not known.
    sample_rows, codes
        `Dataset.row_ids` of the estimation sample and the group of each.
    """

    level: str
    path: tuple[str, ...]
    names: tuple[str, ...]
    columns: tuple[str, ...]
    values: FloatArray
    sample_rows: IntArray
    codes: IntArray


def prepare_graph(session: Session, text: str) -> Callable[[CancelToken], GraphSpec]:
    """Return what draws a graph command on the session as it is now.

    Raises
    ------
    StataError
        The command cannot be read; what is returned raises whatever running it would.
    """
    command = parse_command(text, registry.find)
    context = session.context(ignore_event, NEVER)
    context.cmdline = text
    context.rng = np.random.default_rng(0)  # the session's random numbers stay where they are

    def draw(cancel: CancelToken) -> GraphSpec:
        context.cancel = cancel
        graph = registry.runner(command.decl.name)(command, context).graph
        if graph is None:
            raise StataError(198, f"{text} draws no graph")
        return graph

    return draw


def prepare_findings(session: Session) -> Callable[[CancelToken], tuple[Finding, ...]]:
    """Return what looks at the assumptions of the last fit; r(301) without one."""
    from engine.results.estimates import MixedEstimates, needs_estimates

    estimates, dataset = needs_estimates(session.estimates), session.data

    def look(cancel: CancelToken) -> tuple[Finding, ...]:
        from engine.postest.assumptions import findings, linear_findings
        from engine.postest.linearsample import linear_sample
        from engine.postest.samplefit import sample_fit

        if not isinstance(estimates, MixedEstimates):
            return linear_findings(linear_sample(estimates, dataset), cancel)
        return findings(sample_fit(estimates.spec, estimates.result, dataset, cancel), cancel)

    return look


def prepare_groups(session: Session, level: str) -> Callable[[CancelToken], GroupTable]:
    """Return what summarises the groups of a level of the last fit; r(301) and r(321) where it has none."""
    from engine.results.estimates import needs_mixed
    from engine.results.xtreg import XtregEstimates

    if isinstance(session.estimates, XtregEstimates):
        return _panels_of(session.estimates, session.data)
    estimates, dataset = needs_mixed(session.estimates, "the group table"), session.data

    def summarise(cancel: CancelToken) -> GroupTable:
        from engine.frame.grouplabels import group_labels
        from engine.frame.prediction import rebind
        from engine.postest.groupsummary import group_summary

        result = estimates.result
        depth = [each.name for each in result.levels].index(level)
        path = tuple(each.name for each in result.levels[: depth + 1] if each.name != "_all")
        found = group_summary(estimates.spec, result, dataset, depth)
        cancel.check()
        bound = rebind(estimates.spec, dataset, result.sample_rows, result.columns, signed=result.signature)
        numbers = [("n", found.n_rows), ("mean", found.mean)]
        for k, name in enumerate(found.effects):
            numbers += [(f"BLUP {name}", found.blup[:, k]), (f"se {name}", found.se[:, k])]
        if found.df:
            numbers.append(("distance", found.distance))
        if found.influence is not None:
            numbers += [
                ("Cook's D", found.influence.cooksd),
                ("largest change (SE)", _largest(found.influence.dfbetas)),
            ]
        return GroupTable(
            level=level,
            path=path,
            names=tuple(group_labels(dataset, path, found.positions)),
            columns=tuple(name for name, _ in numbers),
            values=np.column_stack([np.asarray(values, dtype=np.float64) for _, values in numbers]),
            sample_rows=dataset.row_ids[bound.e_sample],
            codes=bound.frame.levels[depth].codes,
        )

    return summarise


def fit_levels(estimates: Estimates | None) -> tuple[str, ...]:
    """Return the level variables of a fit, top first: those of ``mixed``, the panels of ``xtreg``, else none."""
    if estimates is None:
        return ()
    from engine.results.estimates import MixedEstimates
    from engine.results.xtreg import XtregEstimates

    if isinstance(estimates, MixedEstimates):
        return tuple(level.name for level in estimates.result.levels if level.name != "_all")
    return (estimates.result.panel,) if isinstance(estimates, XtregEstimates) else ()


def missing_graphs(estimates: Estimates) -> tuple[str, ...]:
    """Return in sentences which diagnostic graphs do not go with a fit, and why; nothing after ``mixed``."""
    from engine.commands.graphs.diagplot import KINDS, LINEAR, reason_after
    from engine.results.estimates import MixedEstimates
    from engine.results.regress import RegressEstimates
    from engine.results.xtreg import XtregEstimates
    from engine.spec.regression import PanelModel

    if isinstance(estimates, MixedEstimates):
        return ()
    panels = isinstance(estimates, XtregEstimates) and estimates.result.model is not PanelModel.BE
    shown = {kind for kind, needs in LINEAR.items() if not needs or panels}
    if not isinstance(estimates, RegressEstimates):
        shown.discard("influence")
    return tuple(f"{reason_after(kind.name, estimates.command)}." for kind in KINDS if kind.name not in shown)


def _panels_of(estimates: XtregEstimates, dataset: Dataset) -> Callable[[CancelToken], GroupTable]:
    """Return what summarises the panels of ``xtreg``: size, mean of the response, effect."""

    def summarise(cancel: CancelToken) -> GroupTable:
        from engine.frame.grouplabels import group_labels
        from engine.postest.linearsample import linear_sample

        sample = linear_sample(estimates, dataset)
        panels = sample.panels
        if panels is None:
            raise StataError(321, "the group table is not available after xtreg, be: the panels have no effects")
        cancel.check()
        path = (panels.name,)
        sizes = np.bincount(panels.codes).astype(np.float64)
        means = np.bincount(panels.codes, weights=sample.y) / sizes
        return GroupTable(
            level=panels.name,
            path=path,
            names=tuple(group_labels(dataset, path, np.flatnonzero(sample.mask)[panels.first])),
            columns=("n", "mean", "u"),
            values=np.column_stack([sizes, means, panels.u]),
            sample_rows=sample.rows,
            codes=panels.codes,
        )

    return summarise


def _largest(dfbetas: FloatArray) -> FloatArray:
    """Return the largest change of a coefficient of each group; NaN where none is known."""
    sizes = np.abs(np.nan_to_num(dfbetas, nan=-1.0))
    largest = np.where(np.isnan(dfbetas), -1.0, sizes).max(axis=1, initial=-1.0)
    return np.where(largest < 0.0, np.nan, largest)
