"""Entry point: the window, or a do-file without one."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from mixedgui.version import VERSION

USAGE = """\
usage: mixedgui [FILE]                        open the window, with a data set or a do-file if given
       mixedgui --example NAME                open the window with an example and its first model ready to fit
       mixedgui -b SCRIPT.do [--json OUT]     run a do-file without a window (- reads standard input)
       mixedgui --version | --help
"""

EXIT_USAGE = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status: 0 when all ran, 1 when a command failed, 2 for wrong usage."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    misplaced = _misplaced_engine()
    if misplaced:
        print(misplaced, file=sys.stderr)
        return EXIT_USAGE
    # Small products gain nothing from several BLAS threads and lose much when two thread pools alternate.
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    if arguments in (["--version"], ["-V"]):
        print(f"mixedgui {VERSION}")
        return 0
    if arguments in (["--help"], ["-h"]):
        print(USAGE, end="")
        return 0
    if arguments and arguments[0] == "-b":
        return _batch(arguments[1:])
    example = len(arguments) == 2 and arguments[0] == "--example"
    if not example and (any(argument.startswith("-") for argument in arguments) or len(arguments) > 1):
        return _wrong_usage()
    from mixedgui.start import start_window

    return start_window(arguments)


def _batch(arguments: list[str]) -> int:
    json_path: Path | None = None
    if "--json" in arguments:
        place = arguments.index("--json")
        if place + 1 >= len(arguments):
            return _wrong_usage()
        json_path = Path(arguments[place + 1])
        del arguments[place : place + 2]
    if len(arguments) != 1 or (arguments[0].startswith("-") and arguments[0] != "-"):
        return _wrong_usage()
    from mixedgui.batch import run_batch

    return run_batch(arguments[0], json_path)


def _wrong_usage() -> int:
    print(USAGE, end="", file=sys.stderr)
    return EXIT_USAGE


def _misplaced_engine() -> str:
    """Return a sentence when another module called ``engine`` hides ours, as a stray engine.py can."""
    import engine

    ours = Path(__file__).resolve().parent.parent / "engine"
    found = Path(engine.__file__).resolve().parent if engine.__file__ else None
    if found == ours:
        return ""
    return (
        f"mixedgui: another module named engine was found at {engine.__file__} and hides the program's own.\n"
        "Start mixedgui from another folder, or rename that file."
    )


if __name__ == "__main__":
    sys.exit(main())
