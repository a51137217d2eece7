"""Runs text: macros replaced, blocks walked through, one outcome per executed command."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from engine.commands import registry
from engine.commands.base import Context, Effects, Flow, OpenLine, Program
from engine.commands.programming.version_ import read_version
from engine.data.formats import USUAL_FORMATS, use_decimal_comma
from engine.errors import StataError
from engine.events import CancelToken, Ended, EventSink, Printed, Started, ignore_event
from engine.frame.resolve import ABBREVIATED
from engine.lang.blocks import Choice, Definition, Loop, Node, Simple
from engine.lang.command import Command
from engine.lang.dofile import SourceCommand
from engine.lang.macros import Expanded, expand
from engine.lang.parse_command import flag_words, parse_command, split_prefixes
from engine.session.by import read_by, run_by, sorted_for
from engine.session.failures import error_block, report_of
from engine.session.loops import Names, condition_end, holds, loop_values
from engine.session.macros import MacroServices
from engine.session.outcome import ErrorReport, Outcome
from engine.tables.document import Block, Document, Lines

if TYPE_CHECKING:
    from engine.session.session import Session

_PROGRAM_NAME = re.compile(r"[^\W\d]\w*")

BREAK_RC = 1
"""Return code of a cancelled command, which ``capture`` does not catch."""


class End(Enum):
    """How a stretch of commands ended."""

    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"
    CONTINUED = "continued"
    BROKEN = "broken"


Running: TypeAlias = Generator[Outcome, None, End]

_WEIGHTS = {"fweight": "frequency", "pweight": "sampling", "aweight": "analytic", "iweight": "importance"}
"""Kinds of weights, as the note names the one that ``[weight=exp]`` stands for."""

_FLOWS = {Flow.EXIT: End.STOPPED, Flow.CONTINUE: End.CONTINUED, Flow.BREAK: End.BROKEN}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the blocks around a command say about it."""

    silent: bool = False
    captured: bool = False
    inside: bool = False
    """True in a block, whose lines the log has shown already."""
    looping: bool = False

    def within(self, prefixes: Sequence[str], *, looping: bool) -> Surroundings:
        """Return the surroundings of a block with these prefixes."""
        return Surroundings(
            silent=is_silent(prefixes, self.silent),
            captured=self.captured or "capture" in prefixes,
            inside=True,
            looping=self.looping or looping,
        )


@dataclass(slots=True)
class _Work:
    """One command while it runs."""

    source: SourceCommand
    text: Expanded
    started: float = field(default_factory=time.perf_counter)
    words: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    inner: list[Outcome] = field(default_factory=list)
    effects: Effects = field(default_factory=Effects)


class Runner:
    """Runs the nodes of one text in a session."""

    def __init__(self, session: Session, sink: EventSink, cancel: CancelToken) -> None:
        self.session = session
        self.sink = sink
        self.cancel = cancel
        self.number = session.new_text()

    def nodes(self, nodes: Sequence[Node], around: Surroundings) -> Running:
        """Run nodes one after the other up to the first that does not end well."""
        for node in nodes:
            before, steps = self.session.data, self.session.steps
            if isinstance(node, Simple):
                end = yield from self.command(node.source, around)
            elif isinstance(node, Definition):
                end = yield from self.block(node.source, (), around, partial(self.definition, node))
            elif isinstance(node, Loop):
                end = yield from self.block(node.source, node.prefixes, around, partial(self.loop, node))
            else:
                end = yield from self.block(node.source, (), around, partial(self.choice, node))
            if not around.inside:
                self.session.note_step(before, steps, node.source.text, self.number)
            if end is not End.DONE:
                return end
        return End.DONE

    def block(
        self,
        source: SourceCommand,
        prefixes: Sequence[str],
        around: Surroundings,
        run: Callable[[Surroundings], Running],
    ) -> Running:
        """Run a block between its own events; its outcome follows those of its commands."""
        work = _Work(source, text=Expanded(source.text), words=list(prefixes))
        self.sink(Started(source.text, source.lines, inside=around.inside, prompts=source.prompts))
        error: ErrorReport | None = None
        shown: list[Block] = []
        try:
            end = yield from run(around.within(prefixes, looping=False))
            if end is End.FAILED:
                rc = self.session.last_rc
                whole = (0, len(source.text))
                error = ErrorReport(rc, f"the block stopped with r({rc})", whole, typed_span=whole)
        except Exception as failure:
            end = End.FAILED
            error = report_of(failure, work.source, work.text)
            quiet = is_silent(prefixes, around.silent) and ("capture" in prefixes or around.captured)
            if not quiet:
                shown.append(error_block(error))
                self.sink(Printed(shown[-1]))
        if not around.inside:
            shown += self.unfinished_line(self.sink)
        outcome, end = self.finished(work, error, shown, around, end)
        yield outcome
        return end

    def unfinished_line(self, sink: EventSink) -> list[Block]:
        """Show what ``display … _continue`` has left when a command ends that was typed on its own."""
        text = self.session.open_line.take()
        if not text:
            return []
        line = Lines((text,))
        sink(Printed(line))
        return [line]

    def definition(self, node: Definition, around: Surroundings) -> Running:
        """Keep a program."""
        from engine.commands.programming.program_ import defined

        self.session.apply(defined(node, self.session.context(ignore_event, self.cancel)))
        yield from ()
        return End.DONE

    def loop(self, node: Loop, around: Surroundings) -> Running:
        """Run the body of a loop once per value."""
        inside = replace(around, looping=around.looping or bool(node.kind))
        if not node.kind:
            return (yield from self.nodes(node.body, inside))
        if node.kind == "while":
            return (yield from self.while_(node, inside))
        head = self.expanded(node.source, node.head)
        names: Names = loop_values(node.kind, head.text, self.session.context(ignore_event, self.cancel))
        macros = self.session.macros.locals
        end = End.DONE
        try:
            for value in names.values:
                self.cancel.check()
                macros[names.macro] = value
                end = yield from self.nodes(node.body, inside)
                if end not in (End.DONE, End.CONTINUED):
                    break
        finally:
            macros.pop(names.macro, None)
        return End.DONE if end in (End.CONTINUED, End.BROKEN) else end

    def while_(self, node: Loop, around: Surroundings) -> Running:
        """Run the body of ``while`` as long as its condition, with macros replaced each time, holds."""
        while True:
            self.cancel.check()
            condition = self.expanded(node.source, node.head)
            if not holds(condition.text, 0, self.session.context(ignore_event, self.cancel)):
                return End.DONE
            end = yield from self.nodes(node.body, around)
            if end not in (End.DONE, End.CONTINUED):
                return End.DONE if end is End.BROKEN else end

    def choice(self, node: Choice, around: Surroundings) -> Running:
        """Run the first branch whose condition holds."""
        for branch in node.branches:
            head = self.expanded(branch.source, branch.head)
            text = head.text
            end = 0
            if branch.conditional:
                end = len(text) if branch.body is not None else condition_end(text)
                if not holds(text[:end], 0, self.session.context(ignore_event, self.cancel)):
                    continue
            if branch.body is not None:
                return (yield from self.nodes(branch.body, around))
            rest = text[end:].strip()
            if not rest:
                raise StataError(198, "a command is missing after the condition")
            command = SourceCommand(rest, branch.source.line, (rest,))
            return (yield from self.command(command, around, expanded=True))
        return End.DONE

    def expanded(self, source: SourceCommand, text: str) -> Expanded:
        """Return `text` with its macros replaced."""
        context = self.session.context(ignore_event, self.cancel)
        return expand(text, self.session.macros, MacroServices(context))

    def command(self, source: SourceCommand, around: Surroundings, *, expanded: bool = False) -> Running:
        """Run one command."""
        work = _Work(source, text=Expanded(source.text))
        failure: Exception | None = None
        if around.inside:  # what a block runs is shown as executed
            failure = self.expand_into(work, expanded)
            lines = (work.text.text,)
            self.sink(Started(work.text.text, lines, inside=True))
            work.source = replace(source, text=work.text.text, lines=lines)
            if failure is None:
                work.text = Expanded(work.text.text)
        else:
            self.sink(Started(source.text, source.lines))
            failure = self.expand_into(work, expanded)
        end = End.DONE
        error: ErrorReport | None = None
        try:
            if failure is not None:
                raise failure
            end = self.execute(work, around)
        except Exception as problem:
            error, end = report_of(problem, work.source, work.text), End.FAILED
        silent = is_silent(work.words, around.silent)
        shown = [] if silent else list(work.blocks)
        if not around.inside or error is not None:
            shown += self.unfinished_line(self.sink)
        captured = "capture" in work.words or around.captured
        if error is not None and not (captured and silent and error.rc != BREAK_RC):
            shown.append(error_block(error))
            self.sink(Printed(shown[-1]))
        yield from work.inner
        outcome, end = self.finished(work, error, shown, around, end)
        yield outcome
        return end

    def expand_into(self, work: _Work, expanded: bool) -> Exception | None:
        """Replace the macros of the command; return what went wrong."""
        try:
            self.cancel.check()
            if not expanded:
                work.text = self.expanded(work.source, work.source.text)
        except Exception as problem:
            return problem
        return None

    def execute(self, work: _Work, around: Surroundings) -> End:
        """Parse and run the command and apply its effects."""
        text = work.text.text
        if not text.strip():
            return End.DONE
        work.words = flag_words(text)  # capture holds for a wrong prefix after it too
        prefixes, offset = split_prefixes(text)
        work.words = [prefix.name for prefix in prefixes]
        silent = is_silent(work.words, around.silent)
        called = self.called_program(text[offset:])
        if called is not None:
            if "by" in work.words or "bysort" in work.words:
                raise StataError(190, f"{called[0].name} may not be combined with by")
            sink = None if silent else self.sink
            captured = around.captured or "capture" in work.words
            self.session.run_program(*called, sink=sink, cancel=self.cancel, into=work.inner, captured=captured)
            return End.DONE
        ABBREVIATED.set(self.session.settings.varabbrev)
        USUAL_FORMATS.set(self.session.settings.formats)
        use_decimal_comma(self.session.settings.decimal_comma)
        command = parse_command(text, registry.find, registry.names(), expanded=True)
        context = self.session.context(ignore_event if silent else self.sink, self.cancel)
        if silent:
            context.open_line = OpenLine()
        work.blocks = context.blocks
        context.cmdline = text[offset:].strip()
        context.run_file = lambda path, quietly, arguments: self.session.run_file(
            path, arguments, sink=None if silent or quietly else self.sink, cancel=self.cancel, into=work.inner
        )
        work.effects = self.carried_out(command, context)
        if work.effects.flow in (Flow.CONTINUE, Flow.BREAK) and not around.looping:
            raise StataError(198, f"{command.word} is only possible in a loop", (offset, len(text)))
        self.session.apply(work.effects)
        return _FLOWS.get(work.effects.flow, End.DONE)

    def called_program(self, text: str) -> tuple[Program, str] | None:
        """Return the program that a command names, with its arguments; None for a command of ours."""
        match = _PROGRAM_NAME.match(text)
        program = self.session.programs.get(match.group()) if match is not None else None
        if match is None or program is None:
            return None
        return program, text[match.end() :].strip()

    def carried_out(self, command: Command, context: Context) -> Effects:
        """Run the command as its prefixes say."""
        run = registry.runner(command.decl.name)
        if command.main.weight is not None and command.main.weight.assumed:
            context.say(f"({_WEIGHTS[command.main.weight.kind]} weights assumed)")
        asked = next((prefix for prefix in command.prefixes if prefix.name == "version"), None)
        if asked is not None:
            context.settings = replace(context.settings, version=read_version(asked.argument, asked.span))
        prefix = next((prefix for prefix in command.prefixes if prefix.name in ("by", "bysort")), None)
        if prefix is None:
            return run(command, context)
        request = read_by(prefix, command.text, context.dataset)
        before = context.dataset
        context.dataset = sorted_for(request, before, prefix)
        effects = run_by(command, context, run, request)
        if effects.dataset is None and context.dataset is not before:
            return replace(effects, dataset=context.dataset)
        return effects

    def finished(
        self, work: _Work, error: ErrorReport | None, shown: list[Block], around: Surroundings, end: End
    ) -> tuple[Outcome, End]:
        """Note the return code, and return the outcome and how the surroundings go on."""
        session = self.session
        session.last_rc = error.rc if error is not None else 0
        own = "capture" in work.words
        if own and session.last_rc != BREAK_RC:
            session.captured_rc = session.last_rc
            end = End.DONE if end is End.FAILED else end
        if (own or around.captured) and session.last_rc != BREAK_RC:
            error = None
        outcome = Outcome(
            command=work.text.text,
            rc=0 if error is None else error.rc,
            error=error,
            seconds=time.perf_counter() - work.started,
            document=Document(tuple(shown)),
            all_tables=work.effects.tables,
            graph=work.effects.graph,
            verdict=work.effects.verdict,
            estimates=session.estimates,
            opens=work.effects.opens,
            r=session.r,
            e=session.e,
            linesize=session.settings.linesize,
            echo=work.source.lines,
            prompts=work.source.prompts,
            typed=work.source.text,
        )
        session.note(outcome)
        self.sink(Ended(outcome))
        return outcome, end


def is_silent(prefixes: Sequence[str], around: bool = False) -> bool:
    """Tell whether output is suppressed: the innermost of quietly, capture and noisily decides."""
    for name in reversed(prefixes):
        if name == "noisily":
            return False
        if name in {"quietly", "capture"}:
            return True
    return around
