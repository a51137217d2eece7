"""``estat group``: the groups of each level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.subcommand import Subcommand, no_more_words
from engine.errors import StataError
from engine.lang.command import Part
from engine.tables.document import Lines

if TYPE_CHECKING:
    from engine.results.estimates import Estimates


def _run(part: Part, context: Context, estimates: Estimates) -> Effects:
    from engine.tables.mixed_data import groups_data
    from engine.tables.mixed_header import grouping_table

    no_more_words(part, "group")
    result = context.mixed("estat group").result
    if not result.levels:
        raise StataError(321, "estat group needs a model with grouping levels; the last one has none")
    context.emit(Lines(("",)), grouping_table(result.levels))
    return Effects(tables=(groups_data(result),))


SUBCOMMAND = Subcommand(
    name="group", minimum=2, help="groups and observations per group of every level", mixed_only=True, run=_run
)
