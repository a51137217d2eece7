"""The session: the one writer of data, estimates and settings."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from engine.commands.base import Context, Effects, LogChange, LogRequest, OpenLine, Preserving, Program, Settings, Timer
from engine.data.dataset import Dataset
from engine.data.formats import use_decimal_comma
from engine.data.steps import DataSteps
from engine.errors import StataError
from engine.events import CancelToken, Ended, Event, EventSink, Printed, Started, ignore_event
from engine.frame.random_numbers import FIRST_SEED, random_numbers
from engine.lang.blocks import read_blocks
from engine.lang.dofile import split_commands
from engine.lang.macros import Macros
from engine.results.stored import Stored
from engine.session.failures import error_block
from engine.session.logtext import CommandLogFile, LogFile
from engine.session.outcome import ErrorReport, Outcome
from engine.tables.document import Document

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from engine.data.matrix import Matrix
    from engine.graphs.graphspec import GraphSpec
    from engine.results.estimates import Estimates, MixedEstimates

V = TypeVar("V")

MAX_DEPTH = 64
"""How deep do-files may call each other, as in Stata."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One executed command."""

    command: str
    rc: int
    seconds: float


class Session:
    """Data in memory, active estimates, stored results and settings.

    Parameters
    ----------
    data
        A `Dataset` or a pandas data frame to start with.
    """

    def __init__(self, data: Dataset | pd.DataFrame | None = None) -> None:
        if data is not None and not isinstance(data, Dataset):
            data = Dataset.from_pandas(data)
        self.data: Dataset = data if data is not None else Dataset()
        self.settings = Settings()
        self.estimates: Estimates | None = None
        self.stored: Mapping[str, Estimates] = {}
        self.graph: GraphSpec | None = None
        self.graphs: dict[str, GraphSpec] = {}
        self.constraints: Mapping[int, str] = {}
        self.r = Stored()
        self.e = Stored()
        self.last_rc = 0
        self.captured_rc = 0
        self.history: list[HistoryEntry] = []
        self.macros = Macros()
        self.scalars: dict[str, float | str] = {}
        self.matrices: dict[str, Matrix] = {}
        self.programs: dict[str, Program] = {}
        self.open_line = OpenLine()
        self.timers: dict[int, Timer] = {}
        self._returning: Stored | None = None
        self._rng: np.random.Generator | None = None
        self.steps = DataSteps()
        self._texts = 0
        self.has_window = False
        """Set by a window that opens what commands ask for."""
        self._temporary: list[str] = []
        self._preserved: Dataset | None = None
        self._log: LogFile | None = None
        self._command_log: CommandLogFile | None = None
        self._names = 0
        self._depth = 0

    @property
    def rng(self) -> np.random.Generator:
        """Source of random numbers, started with the first command."""
        if self._rng is None:
            self._rng = random_numbers(FIRST_SEED)
        return self._rng

    @property
    def mixed(self) -> MixedEstimates | None:
        """The active estimates if they are those of ``mixed``."""
        if self.estimates is None:  # a window asks before there are any, and need not load what they are made of
            return None
        from engine.results.estimates import MixedEstimates

        return self.estimates if isinstance(self.estimates, MixedEstimates) else None

    def run(self, text: str, *, sink: EventSink = ignore_event, cancel: CancelToken | None = None) -> Outcome:
        """Run one command, or several lines up to the first that fails, and return the last outcome."""
        outcome = Outcome(command=text.strip(), r=self.r, e=self.e)
        for outcome in self.run_each(text, sink=sink, cancel=cancel):  # noqa: B007
            pass
        return outcome

    def run_each(
        self, text: str, *, sink: EventSink = ignore_event, cancel: CancelToken | None = None
    ) -> Iterator[Outcome]:
        """Run the commands of `text` one by one and yield each outcome; stop after the first that fails.

        Commands of a do-file, a loop or another block are yielded as they end, before the ``do`` or the block itself.
        """
        from engine.session.runner import Runner, Surroundings

        heard = self._with_log(sink) if self._depth == 0 else sink
        try:
            nodes = read_blocks(split_commands(text))
        except StataError as error:
            failed = self._failed(text.strip(), error)
            heard(Started(failed.command, tuple(failed.command.splitlines())))
            heard(Printed(failed.document.blocks[0]))
            heard(Ended(failed))
            yield failed
            return
        yield from Runner(self, heard, cancel or CancelToken()).nodes(nodes, Surroundings())

    def _with_log(self, sink: EventSink) -> EventSink:
        """Return a sink that also writes the log file."""

        def listen(event: Event) -> None:
            sink(event)
            if self._log is not None:
                self._log.hear(event)
            if self._command_log is not None:
                self._command_log.hear(event)

        return listen

    def run_file(
        self, path: str, arguments: str | None, *, sink: EventSink | None, cancel: CancelToken, into: list[Outcome]
    ) -> None:
        """Run a do-file and append its outcomes to `into`; raise the error of the command that failed.

        Its local macros 1, 2, … and 0 are the `arguments`; without those it has the macros of its caller. Without a
        `sink` nothing is shown but what went wrong.
        """
        from engine.commands.programming.do import argument_macros, read_dofile

        with self._called(None if arguments is None else argument_macros(arguments), f"{path} calls"):
            for outcome in self.run_each(read_dofile(path), sink=sink or ignore_event, cancel=cancel):
                into.append(outcome if sink is not None else replace(outcome, document=Document()))
                if outcome.error is not None:
                    unseen = "" if sink is not None else f"{outcome.error.message}\n"
                    raise StataError(outcome.error.rc, f"{unseen}{path} stopped at: {outcome.command}\nend of do-file")

    def run_program(
        self,
        program: Program,
        arguments: str,
        *,
        sink: EventSink | None,
        cancel: CancelToken,
        into: list[Outcome],
        captured: bool = False,
    ) -> None:
        """Run a program as `run_file` runs a do-file; one that returns results leaves them in r()."""
        from engine.commands.programming.do import argument_macros
        from engine.session.runner import Runner, Surroundings

        returning, self._returning = self._returning, Stored() if program.returning else None
        self.last_rc = 0
        try:
            with self._called(argument_macros(arguments), f"program {program.name} calls"):
                around = Surroundings(inside=True, silent=sink is None, captured=captured)
                for outcome in Runner(self, sink or ignore_event, cancel).nodes(program.body, around):
                    into.append(outcome if sink is not None else replace(outcome, document=Document()))
                    if outcome.error is not None:
                        unseen = "" if sink is not None else f"{outcome.error.message}\n"
                        where = f"program {program.name} stopped at: {outcome.command}"
                        raise StataError(outcome.error.rc, f"{unseen}{where}")
                if captured and self.last_rc:
                    raise StataError(self.last_rc, f"program {program.name} stopped")
            if self._returning is not None:
                self.r = self._returning
        finally:
            self._returning = returning

    @contextlib.contextmanager
    def _called(self, arguments: dict[str, str] | None, caller: str) -> Iterator[None]:
        """Surround what a do-file or program runs: it has its own local macros, temporary names and ``preserve``.

        Without `arguments` it has those of its caller.
        """
        if self._depth >= MAX_DEPTH:
            raise StataError(1000, f"system limit exceeded: {caller} others more than {MAX_DEPTH} deep")
        self._depth += 1
        if arguments is None:
            try:
                yield
            finally:
                self._depth -= 1
            return
        macros, self.macros = self.macros, Macros(arguments, self.macros.globals)
        version = self.settings.version
        made, self._temporary = self._temporary, []
        kept, self._preserved = self._preserved, None
        steps, self.steps = self.steps, DataSteps()
        try:
            yield
        finally:
            self._depth -= 1
            self.macros = macros
            self._bring_back()
            self.steps = steps
            self.settings = replace(self.settings, version=version)
            self._preserved = kept
            self._drop_temporary()
            self._temporary = made

    def context(self, sink: EventSink, cancel: CancelToken) -> Context:
        """Return the view that a command has of the session now."""
        return Context(
            dataset=self.data,
            settings=self.settings,
            estimates=self.estimates,
            stored=self.stored,
            graph=self.graph,
            graphs=dict(self.graphs),
            r=self.r,
            e=self.e,
            constraints=self.constraints,
            sink=sink,
            cancel=cancel,
            macros=self.macros,
            scalars=self.scalars,
            matrices=self.matrices,
            programs=self.programs,
            returning=self._returning,
            open_line=self.open_line,
            timers=self.timers,
            log_path=None if self._log is None else str(self._log.path),
            command_log_path=None if self._command_log is None else str(self._command_log.path),
            preserved=self._preserved,
            steps=self.steps,
            rng=self.rng,
            new_name=self._new_name,
            captured_rc=self.captured_rc,
            has_window=self.has_window,
        )

    def apply(self, effects: Effects) -> None:
        """Change the session as a command asks."""
        if effects.log is not None:
            self._change_log(effects.log)
        if effects.preserving is Preserving.KEEP:
            self._preserved = self.data
        elif effects.preserving is Preserving.FORGET:
            self._preserved = None
        if effects.dataset is not None:
            self.data = effects.dataset
        if effects.steps is not None:
            self.steps = effects.steps
        if effects.clear_estimates:
            self.estimates, self.e, self.stored = None, Stored(), {}
        if effects.estimates is not None:
            self.estimates = effects.estimates
        if effects.stored is not None:
            self.stored = effects.stored
        if effects.e is not None:
            self.e = effects.e
        if effects.r is not None:
            self.r = effects.r
        if effects.graph is not None:
            self.graph = effects.graph
            self.graphs[effects.graph.name or "Graph"] = effects.graph
        _update(self.graphs, effects.graphs)
        if effects.constraints is not None:
            self.constraints = effects.constraints
        if effects.settings is not None:
            self.settings = effects.settings
            use_decimal_comma(self.settings.decimal_comma)
        if effects.seed is not None:
            self._rng = random_numbers(effects.seed)
        self._temporary += effects.temporary
        _update(self.macros.locals, effects.locals)
        _update(self.macros.globals, effects.globals)
        _update(self.scalars, effects.scalars)
        _update(self.matrices, effects.matrices)
        _update(self.programs, effects.programs)
        if effects.returning is not None:
            self._returning = effects.returning

    def new_text(self) -> int:
        """Return a number for a text that begins to run."""
        self._texts += 1
        return self._texts

    def note_step(self, before: Dataset, steps: DataSteps, command: str, text: int) -> None:
        """Keep the data as they were before a command, unless it went along the steps itself."""
        if self.data is not before and self.steps is steps:
            self.steps = steps.noted(before, self.data, command, text)

    def note(self, outcome: Outcome) -> None:
        """Add an executed command to the history."""
        self.history.append(HistoryEntry(outcome.command, outcome.rc, outcome.seconds))

    def _new_name(self) -> str:
        self._names += 1
        return f"__{self._names:06d}"

    def _change_log(self, request: LogRequest) -> None:
        """Open, close or suspend a log file."""
        if request.commands:
            if request.path is not None:
                self._command_log = CommandLogFile(request.path, append=request.change is LogChange.APPEND)
            elif self._command_log is not None and request.change is LogChange.CLOSE:
                self._command_log = None
            elif self._command_log is not None:
                self._command_log.on = request.change is LogChange.ON
        elif request.path is not None:
            append = request.change is LogChange.APPEND
            self._log = LogFile(request.path, request.header, lambda: self.settings.linesize, append=append)
        elif self._log is not None and request.change is LogChange.CLOSE:
            self._log = None
        elif self._log is not None:
            self._log.on = request.change is LogChange.ON

    def _bring_back(self) -> None:
        """Restore what the do-file that ends has preserved."""
        if self._preserved is not None:
            self.data = self._preserved

    def _drop_temporary(self) -> None:
        """Drop the variables and files whose names the do-file that ends has made (``tempvar``, ``tempfile``)."""
        for name in self._temporary:
            if os.sep in name:
                with contextlib.suppress(OSError):
                    os.unlink(name)
            self.scalars.pop(name, None)
            self.matrices.pop(name, None)
        kept = [name for name in self.data.names if name not in self._temporary]
        if len(kept) < len(self.data.names):
            self.data = self.data.keep_variables(kept) if kept else Dataset()

    def _failed(self, text: str, failure: StataError) -> Outcome:
        """Return the outcome of text that could not even be split into commands."""
        span = failure.span or (0, len(text))
        error = ErrorReport(failure.rc, failure.message, span, typed_span=span)
        self.last_rc = error.rc
        self.history.append(HistoryEntry(text, error.rc, 0.0))
        document = Document((error_block(error),))
        return Outcome(
            text,
            rc=error.rc,
            error=error,
            document=document,
            r=self.r,
            e=self.e,
            linesize=self.settings.linesize,
            typed=text,
        )


def _update(table: MutableMapping[str, V], changes: Mapping[str, V | None]) -> None:
    """Set what has a value, and drop what has none."""
    for name, value in changes.items():
        if value is None:
            table.pop(name, None)
        else:
            table[name] = value
