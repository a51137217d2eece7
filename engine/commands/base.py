"""What a command may see while it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from engine.commands.effects import (
    NEWEST_VERSION,
    Effects,
    Flow,
    LogChange,
    LogRequest,
    OpenLine,
    Preserving,
    Program,
    Settings,
    Timer,
    WindowRequest,
)
from engine.data.steps import DataSteps
from engine.events import CancelToken, EventSink, Printed, ignore_event
from engine.lang import expr
from engine.lang.macros import Macros
from engine.results.stored import Stored
from engine.tables.document import Block, Lines, Role

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from engine.data.dataset import Dataset
    from engine.data.matrix import Matrix
    from engine.frame.bygroups import ByGroups
    from engine.frame.evaluate import Found
    from engine.frame.function import Values
    from engine.graphs.graphspec import GraphSpec
    from engine.lang.command import Command, Part
    from engine.results.estimates import Estimates, MixedEstimates

__all__ = [
    "NEWEST_VERSION",
    "Context",
    "Effects",
    "Flow",
    "LogChange",
    "LogRequest",
    "OpenLine",
    "Preserving",
    "Program",
    "Run",
    "Settings",
    "Timer",
    "WindowRequest",
]


@dataclass(slots=True, kw_only=True)
class Context:
    """One command's view of the session while it runs."""

    dataset: Dataset
    settings: Settings
    estimates: Estimates | None = None
    stored: Mapping[str, Estimates] = field(default_factory=dict)
    """Estimates by the name they are stored under."""
    graph: GraphSpec | None = None
    """The graph drawn last."""
    graphs: Mapping[str, GraphSpec] = field(default_factory=dict)
    """Graphs by name; one drawn without a name is ``Graph``."""
    r: Stored = field(default_factory=Stored)
    e: Stored = field(default_factory=Stored)
    sink: EventSink = ignore_event
    cancel: CancelToken = field(default_factory=CancelToken)
    blocks: list[Block] = field(default_factory=list)
    constraints: Mapping[int, str] = field(default_factory=dict)
    """Constraints by number, as typed (``constraint``)."""
    macros: Macros = field(default_factory=Macros)
    scalars: Mapping[str, float | str] = field(default_factory=dict)
    matrices: Mapping[str, Matrix] = field(default_factory=dict)
    """Matrices that ``matrix`` made."""
    programs: Mapping[str, Program] = field(default_factory=dict)
    """Programs that ``program define`` made."""
    returning: Stored | None = None
    """What the program that runs has returned so far; None outside of one that returns results."""
    open_line: OpenLine = field(default_factory=OpenLine)
    """What ``display … _continue`` has shown of a line that is not finished."""
    timers: dict[int, Timer] = field(default_factory=dict)
    """The session's timers by number."""
    log_path: str | None = None
    """The log file that is open."""
    command_log_path: str | None = None
    """The log of commands that is open."""
    preserved: Dataset | None = None
    """The data that ``restore`` brings back."""
    steps: DataSteps = field(default_factory=DataSteps)
    """Changes of the data that can be taken back."""
    rng: np.random.Generator | None = None
    """Source of random numbers of the session."""
    new_name: Callable[[], str] = lambda: "__000000"
    """Gives a name that nothing has yet (``tempvar``, ``tempname``)."""
    captured_rc: int = 0
    """What ``_rc`` is: the return code of the last command under ``capture``."""
    groups: ByGroups | None = None
    """The groups of ``by``, for a command that counts within them."""
    spaced: bool = False
    """True when a blank line has to come before the first output (after the heading of a group)."""
    cmdline: str = ""
    """The command as typed, without prefixes."""
    has_window: bool = False
    """Whether a window is there to open dialogs and editors."""
    run_file: Callable[[str, bool, str | None], None] | None = None
    """Runs the do-file at a path, quietly or not, with these arguments; None runs it as part of the one that asks."""

    def lookup(self, node: expr.Stored | expr.Name) -> Found:
        """Give what expressions take from stored results; None for what there is not."""
        from engine.commands.programming.lookup import coefficient, in_sample, stored_value

        result = self.estimates.result if self.estimates else None
        if isinstance(node, expr.Name):
            return float(self.captured_rc) if node.name == "_rc" else self.scalars.get(node.name)
        if node.kind == "matrix":
            return self.matrix(node.name)
        if node.kind == "c":
            from engine.commands.programming.system_values import system_value

            return system_value(node.name, self)
        if node.kind == "e" and node.name == "sample":
            return in_sample(self.dataset, result)
        found = stored_value(node, self.r, self.e)
        return coefficient(node, result) if found is None else found

    def mixed(self, asked: str) -> MixedEstimates:
        """Return the active results of ``mixed`` for the command `asked`; r(301) without, r(321) after another one."""
        from engine.results.estimates import needs_mixed

        return needs_mixed(self.estimates, asked)

    def values(self, tree: expr.Expr, updated: tuple[str, Values] | None = None) -> Values:
        """Return the values of an expression, shape (n_obs,), counted within the groups of ``by``."""
        from engine.frame.evaluate import evaluate

        known = self.lookup
        return evaluate(tree, self.dataset, lookup=known, rng=self.rng, groups=self.groups, updated=updated)

    def selected(self, part: Part, updated: tuple[str, Values] | None = None) -> npt.NDArray[np.bool_]:
        """Return the mask, shape (n_obs,), of the observations that ``if`` and ``in`` leave."""
        from engine.frame.sample import select

        return select(
            self.dataset,
            part.if_,
            part.in_,
            lookup=self.lookup,
            rng=self.rng,
            groups=self.groups,
            updated=updated,
        )

    def matrix(self, name: str) -> Matrix | None:
        """Return a matrix by its name, which may be ``e(b)`` or ``r(table)``; None when there is none."""
        kind, bracket, inside = name.partition("(")
        if not bracket:
            return self.matrices.get(name)
        stored = {"r": self.r, "e": self.e}.get(kind)
        return None if stored is None else stored.matrices.get(inside.rstrip(")"))

    def emit(self, *blocks: Block) -> None:
        """Print `blocks` now."""
        for block in blocks if not self.open_line.text else self.open_line.before(blocks):
            if self.spaced:
                self.spaced = False
                if not (isinstance(block, Lines) and block.lines[:1] == ("",)):
                    self.say("")
            if self.settings.decimal_comma:
                from engine.tables.decimal_comma import with_commas

                block = with_commas(block)  # noqa: PLW2901
            self.blocks.append(block)
            self.sink(Printed(block))

    def say(self, *lines: str, role: Role = Role.TEXT) -> None:
        """Print plain lines now."""
        self.emit(Lines(tuple(lines), role))


Run: TypeAlias = "Callable[[Command, Context], Effects]"
"""A command's implementation: raise `StataError` or return its effects."""
