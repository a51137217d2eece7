"""Do-files without a window: the log on standard output, a report as JSON."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from engine.api import (
    CancelToken,
    Ended,
    Event,
    Printed,
    Session,
    Started,
    StataError,
    dofile_path,
    dofile_text,
    read_dofile,
    render_block,
)
from mixedgui.version import VERSION

EXIT_FAILED = 1
EXIT_USAGE = 2


def run_batch(script: str, json_path: Path | None) -> int:
    """Run `script` (``-`` for standard input), write the log, and the JSON report where asked for.

    Returns 0 when every command ran, 1 when one failed, 2 when the script or the report cannot be opened.
    """
    try:
        text = dofile_text(sys.stdin.buffer.read(), "-") if script == "-" else read_dofile(script)
    except StataError as problem:
        return _refuse(problem.message)
    if json_path is not None and not json_path.parent.is_dir():
        return _refuse(f"the folder {json_path.parent} for the report does not exist")
    if json_path is not None and script != "-" and json_path.exists() and json_path.samefile(dofile_path(script)):
        return _refuse(f"the report {json_path} would replace the do-file")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a log in an encoding without some letter is still a log
    session = Session()
    log = Log(session)
    outcomes = list(session.run_each(text, sink=log.hear, cancel=_stopped_by_the_keyboard()))
    if json_path is not None:
        report = {"mixedgui": VERSION, "commands": [outcome.to_json() for outcome in outcomes]}
        try:
            json_path.write_text(json.dumps(report, ensure_ascii=False, allow_nan=False, indent=1), encoding="utf-8")
        except OSError as problem:
            return _refuse(f"the report {json_path} could not be written: {problem.strerror}")
    return EXIT_FAILED if any(outcome.rc for outcome in outcomes) else 0


def _refuse(message: str) -> int:
    print(f"mixedgui: {message}", file=sys.stderr)
    return EXIT_USAGE


def _stopped_by_the_keyboard() -> CancelToken:
    """Return a token that Ctrl+C sets, so that the running command ends with --Break--; a second one ends at once."""
    token = CancelToken()

    def stop(_number: int, _frame: FrameType | None) -> None:
        token.cancel()
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, stop)
    return token


class Log:
    """The log on standard output, written as the commands run: echo, output, one blank line after each command."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._blanks = 0
        """Blank lines that are written only if more output of the command follows."""
        self._open: list[bool] = []
        """The commands that run, outermost first: whether each is inside a block, whose lines were echoed."""

    def hear(self, event: Event) -> None:
        """Write what `event` adds to the log."""
        match event:
            case Started(inside=True):
                self._open.append(True)
            case Started(command=command, lines=lines):
                self._open.append(False)
                first, *others = lines or (command,)
                self._write([f". {first}", *(f"> {line}" for line in others)])
            case Printed(block=block):
                self._add(render_block(block, self._session.settings.linesize))  # type: ignore[arg-type]
            case Ended() if self._open.pop():
                pass
            case Ended():
                self._blanks = 0
                self._write([""])

    def _add(self, lines: list[str]) -> None:
        kept = len(lines)
        while kept and not lines[kept - 1].strip():
            kept -= 1
        if kept:
            self._write(lines[:kept])
        self._blanks += len(lines) - kept

    def _write(self, lines: list[str]) -> None:
        """Print lines; a reader that went away (a pager, ``head``) does not stop the script."""
        text = "\n".join([""] * self._blanks + lines)
        self._blanks = 0
        try:
            print(text, flush=True)
        except BrokenPipeError:
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # stays open to the end of the process
