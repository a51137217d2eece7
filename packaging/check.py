"""Check style, types and layers: ruff, mypy and import-linter.

python3 packaging/check.py
"""

import os
import subprocess
import sys

import environment

CHECKS = (
    ("format", ("ruff", "format", "--check", ".")),
    ("lint", ("ruff", "check", ".")),
    ("types", ("mypy",)),
    ("layers", ("lint-imports", "--no-cache")),
)


def main():
    """Prepare the environment, run every check and report which failed."""
    python = environment.prepare(("test", "dev"))
    failed = []
    for name, (tool, *arguments) in CHECKS:
        print(f"== {name}", flush=True)
        program = os.path.join(os.path.dirname(python), tool)
        if subprocess.call([program, *arguments], cwd=environment.ROOT) != 0:
            failed.append(name)
    if failed:
        print("failed: " + ", ".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
