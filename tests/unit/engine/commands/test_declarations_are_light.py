"""The window reads all declarations before its first paint: they must not load what only running needs."""

import subprocess
import sys

PROGRAM = """
import sys
from engine.commands.registry import declarations
assert declarations()
print(*sorted(name for name in sys.modules if name.startswith(("engine.", "pandas", "scipy", "matplotlib"))))
"""
RUNNING = (
    "engine.design",
    "engine.fit",
    "engine.frame.bind",
    "engine.frame.evaluate",
    "engine.graphs",
    "engine.inference",
    "engine.lang.linear",
    "engine.postest",
    "engine.render.figure",
    "engine.results.mixed",
    "engine.tables.listing",
    "engine.tables.summary_grid",
    "matplotlib",
    "pandas",
    "scipy",
)


def test_reading_the_declarations_loads_nothing_that_only_running_needs():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    loaded = [name for name in done.stdout.split() if name.startswith(RUNNING)]
    assert loaded == []
