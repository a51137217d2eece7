"""``mixed``: fit a linear mixed model, or show the last one again."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.base import Context, Effects, Estimates
from engine.errors import StataError
from engine.events import Event, Iteration
from engine.fit.estimate import estimate
from engine.frame.bind import bind
from engine.frame.nesting import advice, examine
from engine.lang.command import Command
from engine.results.mixed_stored import mixed_stored
from engine.spec.mixed import DisplayOptions, MixedReplay, MixedSpec
from engine.spec.mixed_declaration import MIXED
from engine.spec.mixed_reader import read_mixed
from engine.spec.problems import problems_of
from engine.tables.document import Lines, Role
from engine.tables.mixed import data_tables, mixed_blocks
from engine.tables.mixed_log import MixedLog

DECLARATION = MIXED


def run(command: Command, context: Context) -> Effects:
    """Fit the model of `command`, or redisplay the active results."""
    spec = read_mixed(command)
    for problem in problems_of(spec):
        if not problem.warning:
            raise problem.to_error()
    if isinstance(spec, MixedReplay):
        return _replay(spec, context)
    return _fit(spec, context)
