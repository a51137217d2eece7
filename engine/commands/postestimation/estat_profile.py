"""``estat profile``: confidence limits from the profile likelihood. Not in Stata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.subcommand import LEVEL, Subcommand, level_of, no_more_words
from engine.lang.command import Part
from engine.lang.declaration import OptionDecl

if TYPE_CHECKING:
    from engine.graphs.graphspec import GraphSpec
    from engine.postest.profile import ParameterProfile
    from engine.results.estimates import Estimates

_GRAPH = OptionDecl(
    name="graph", minimum=5, page="model", label="Draw the profiles",
    help="Draw each profile: straight where the likelihood is quadratic, bent where Wald limits mislead.",
)  # fmt: skip


def _run(part: Part, context: Context, estimates: Estimates) -> Effects:
    """Follow the profiles and show the limits; r(321) for models without one likelihood, r(459) for other data."""
    from engine.events import Progress
    from engine.frame.prediction import rebind
    from engine.postest.profile import profiles
    from engine.results.stored import Stored
    from engine.spec.mixed import Method
    from engine.tables.profile import profile_blocks, profile_data

    no_more_words(part, "profile")
    mixed = context.mixed("estat profile")
    level = level_of(part, context)
    frame = rebind(
        mixed.spec, context.dataset, mixed.result.sample_rows, mixed.result.columns, signed=mixed.result.signature
    ).frame
    found = profiles(
        mixed.result,
        frame,
        level=level,
        cancel=context.cancel,
        progress=lambda done, all_: context.sink(Progress("profiling", done, all_)),
    )
    context.emit(*profile_blocks(found, level, reml=mixed.result.method is Method.REML))
    graph = _graph(found, level, context.cmdline) if part.has("graph") else None
    return Effects(tables=(profile_data(found),), r=Stored({"level": level}), graph=graph)


def _graph(found: tuple[ParameterProfile, ...], level: float, command: str) -> GraphSpec:
    from engine.graphs.profile import Curve, profile_graph
    from engine.inference.normal import critical_value

    z = critical_value(level)
    curves = [Curve(f"{p.eq}: {p.name}", p.points, p.estimate, (p.wald_ul - p.wald_ll) / (2.0 * z)) for p in found]
    return profile_graph(curves, z=z, level=level, command=command)


SUBCOMMAND = Subcommand(
    name="profile",
    minimum=4,
    help="confidence limits from the profile likelihood (not in Stata)",
    options=(LEVEL, _GRAPH),
    mixed_only=True,
    run=_run,
)
