"""Do-files without a window: the log on standard output, a report as JSON."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from engine.api import Outcome, Session, StataError, read_dofile
from mixedgui.version import VERSION

EXIT_FAILED = 1
EXIT_USAGE = 2


def run_batch(script: str, json_path: Path | None) -> int:
    """Run `script` (``-`` for standard input), write the log, and the JSON report where asked for.

    Returns 0 when every command ran, 1 when one failed, 2 when the script or the report cannot be opened.
    """
    try:
        text = sys.stdin.read() if script == "-" else read_dofile(script)
    except StataError as problem:
        print(f"mixedgui: {problem.message}", file=sys.stderr)
        return EXIT_USAGE
    if json_path is not None and not json_path.parent.is_dir():
        print(f"mixedgui: the folder {json_path.parent} for the report does not exist", file=sys.stderr)
        return EXIT_USAGE
    outcomes: list[Outcome] = []
    for outcome in Session().run_each(text):
        _print_log(log_entry(outcome))
        outcomes.append(outcome)
    if json_path is not None:
        report = {"mixedgui": VERSION, "commands": [outcome.to_json() for outcome in outcomes]}
        try:
            json_path.write_text(json.dumps(report, ensure_ascii=False, allow_nan=False, indent=1), encoding="utf-8")
        except OSError as problem:
            print(f"mixedgui: the report {json_path} could not be written: {problem.strerror}", file=sys.stderr)
            return EXIT_USAGE
    return EXIT_FAILED if any(outcome.rc for outcome in outcomes) else 0


def _print_log(text: str) -> None:
    """Write to the log; a reader that went away (a pager, ``head``) does not stop the script."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # stays open to the end of the process


def log_entry(outcome: Outcome) -> str:
    """Return what the log shows of one command: its echo, its output and a blank line."""
    output = outcome.text.rstrip("\n")
    return f"{outcome.echo_text}\n{output}\n" if output else f"{outcome.echo_text}\n"
