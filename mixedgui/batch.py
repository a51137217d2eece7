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
    LogText,
    Session,
    StataError,
    dofile_path,
    dofile_text,
    read_dofile,
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
    log = LogText(lambda: session.settings.linesize, _write)
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


def _write(text: str) -> None:
    """Print lines; a reader that went away (a pager, ``head``) does not stop the script."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # stays open to the end of the process
