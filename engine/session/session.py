"""The session: the one writer of data, estimates and settings."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.commands import registry
from engine.commands.base import Context, Effects, Estimates, Settings
from engine.data.dataset import Dataset
from engine.errors import StataError
from engine.events import CancelToken, Ended, EventSink, Printed, Started, ignore_event
from engine.graphs.graphspec import GraphSpec
from engine.lang.dofile import SourceCommand, split_commands
from engine.lang.parse_command import parse_command, split_prefixes
from engine.results.stored import Stored
from engine.session.outcome import ErrorReport, Outcome
from engine.tables.document import Block, Document, Lines, Role

if TYPE_CHECKING:
    import pandas as pd

DEFECT_RC = 9
"""Return code of an error that is the program's, not the user's."""

BREAK_RC = 1
"""Return code of a cancelled command, which ``capture`` does not catch."""

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
        self.graph: GraphSpec | None = None
        self.constraints: Mapping[int, str] = {}
        self.r = Stored()
        self.e = Stored()
        self.last_rc = 0
        self.captured_rc = 0
        self.history: list[HistoryEntry] = []
        self._depth = 0

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

        Commands of a do-file started with ``do`` are yielded as they end, before the ``do`` itself.
        """
        token = cancel or CancelToken()
        try:
            sources = split_commands(text)
        except StataError as error:
            failed = self._failed(text.strip(), error)
            sink(Started(failed.command, tuple(failed.command.splitlines())))
            sink(Printed(failed.document.blocks[0]))
            sink(Ended(failed))
            yield failed
            return
        for source in sources:
            outcomes, stop = self._run_source(source, sink, token)
            yield from outcomes
            if stop or (outcomes and outcomes[-1].rc):
                return

    def _run_source(self, source: SourceCommand, sink: EventSink, cancel: CancelToken) -> tuple[list[Outcome], bool]:
        """Run one command; return the outcomes of the commands it ran (itself last) and whether the do-file ends."""
        sink(Started(source.text, source.lines))
        started = time.perf_counter()
        inner: list[Outcome] = []
        words: list[str] = []
        blocks: list[Block] = []
        effects = Effects()
        error: ErrorReport | None = None
        try:
            cancel.check()
            prefixes, offset = split_prefixes(source.text)
            words = [prefix.name for prefix in prefixes]
            quiet = _is_silent(words)
            command = parse_command(source.text, registry.find, registry.names())
            for prefix in prefixes:
                if prefix.name in {"by", "bysort"}:
                    raise StataError(199, f"the prefix {prefix.name} is not available in this version", prefix.span)
            context = self._context(ignore_event if quiet else sink, cancel)
            blocks = context.blocks
            context.cmdline = source.text[offset:].strip()
            context.run_file = lambda path, silently: self._run_file(
                path, sink=None if quiet or silently else sink, cancel=cancel, into=inner
            )
            effects = registry.runner(command.decl.name)(command, context)
            self._apply(effects)
        except StataError as failure:
            error = ErrorReport(failure.rc, failure.message, failure.span)
        except RecursionError:
            error = ErrorReport(DEFECT_RC, "the command is nested too deeply")
        except MemoryError:
            error = ErrorReport(950, "not enough memory for this command; the data and the estimates are unchanged")
        except Exception as defect:  # the last line of defence: a report, never a traceback
            message = (
                f"this is a defect of the program, not of your command ({type(defect).__name__}: {defect}); "
                "the data and the estimates are unchanged"
            )
            error = ErrorReport(DEFECT_RC, message, None, traceback.format_exc())
        self.last_rc = error.rc if error is not None else 0
        shown = [] if _is_silent(words) else list(blocks)
        captured = "capture" in words and self.last_rc != BREAK_RC
        if captured:
            self.captured_rc = self.last_rc
        if error is not None and not (captured and _is_silent(words)):
            report = _error_block(error)
            shown.append(report)
            sink(Printed(report))
        if captured:
            error = None
        outcome = Outcome(
            command=source.text,
            rc=0 if error is None else error.rc,
            error=error,
            seconds=time.perf_counter() - started,
            document=Document(tuple(shown)),
            all_tables=effects.tables,
            graph=effects.graph,
            verdict=effects.verdict,
            r=self.r,
            e=self.e,
            linesize=self.settings.linesize,
            echo=source.lines,
        )
        self.history.append(HistoryEntry(outcome.command, outcome.rc, outcome.seconds))
        sink(Ended(outcome))
        return [*inner, outcome], effects.stop

    def _run_file(self, path: str, *, sink: EventSink | None, cancel: CancelToken, into: list[Outcome]) -> None:
        """Run a do-file and append its outcomes to `into`; raise the error of the command that failed.

        Without a `sink` nothing is shown but what went wrong.
        """
        from engine.commands.do import read_dofile

        if self._depth >= MAX_DEPTH:
            raise StataError(1000, f"do-files call each other more than {MAX_DEPTH} deep")
        text = read_dofile(path)
        self._depth += 1
        try:
            for outcome in self.run_each(text, sink=sink or ignore_event, cancel=cancel):
                into.append(outcome if sink is not None else replace(outcome, document=Document()))
                if outcome.error is not None:
                    unseen = "" if sink is not None else f"{outcome.error.message}\n"
                    raise StataError(outcome.error.rc, f"{unseen}{path} stopped at: {outcome.command}")
        finally:
            self._depth -= 1

    def _context(self, sink: EventSink, cancel: CancelToken) -> Context:
        return Context(
            dataset=self.data,
            settings=self.settings,
            estimates=self.estimates,
            graph=self.graph,
            r=self.r,
            e=self.e,
            constraints=self.constraints,
            sink=sink,
            cancel=cancel,
            captured_rc=self.captured_rc,
        )

    def _apply(self, effects: Effects) -> None:
        if effects.dataset is not None:
            self.data = effects.dataset
        if effects.clear_estimates:
            self.estimates, self.e = None, Stored()
        if effects.estimates is not None:
            self.estimates = effects.estimates
        if effects.e is not None:
            self.e = effects.e
        if effects.r is not None:
            self.r = effects.r
        if effects.graph is not None:
            self.graph = effects.graph
        if effects.constraints is not None:
            self.constraints = effects.constraints
        if effects.settings is not None:
            self.settings = effects.settings

    def _failed(self, text: str, failure: StataError) -> Outcome:
        """Return the outcome of text that could not even be split into commands."""
        error = ErrorReport(failure.rc, failure.message, failure.span)
        self.last_rc = error.rc
        self.history.append(HistoryEntry(text, error.rc, 0.0))
        document = Document((_error_block(error),))
        return Outcome(
            text, rc=error.rc, error=error, document=document, r=self.r, e=self.e, linesize=self.settings.linesize
        )


def _is_silent(prefixes: list[str]) -> bool:
    """Tell whether output is suppressed: the innermost of quietly, capture and noisily decides."""
    for name in reversed(prefixes):
        if name == "noisily":
            return False
        if name in {"quietly", "capture"}:
            return True
    return False


def _error_block(error: ErrorReport) -> Lines:
    return Lines((*error.message.split("\n"), f"r({error.rc});"), Role.ERROR)
