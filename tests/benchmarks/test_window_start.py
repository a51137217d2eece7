"""From a cold process to the first painted window: what is imported, and how long it takes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import sys, time
started = time.perf_counter()
from mixedgui.app import build
application, window = build(["mixedgui"])
window.show()
application.processEvents()
print("first-paint", time.perf_counter() - started)
print("loaded", *sorted({name.split(".")[0] for name in sys.modules} | ({"scipy.stats"} & set(sys.modules))))
sys.stdout.flush()
window.close()
"""


def _start(*options):
    done = subprocess.run(
        [sys.executable, "-P", *options, "-c", PROGRAM],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
    )
    assert done.returncode == 0, done.stderr
    return done


def test_nothing_heavy_is_imported_before_the_first_graph():
    loaded = next(line for line in _start().stdout.splitlines() if line.startswith("loaded")).split()[1:]
    assert {"matplotlib", "pyqtgraph", "scipy.stats", "statsmodels"}.isdisjoint(loaded)


@pytest.mark.benchmark(group="window")
def test_first_paint(benchmark):
    """The time of a whole process; ``python -X importtime`` on the same program says where it goes."""
    benchmark.pedantic(_start, rounds=5, warmup_rounds=1)


@pytest.mark.slow
def test_import_times_are_listed_for_the_curious(capsys):
    """Print the ten slowest imports on the way to the first paint."""
    log = _start("-X", "importtime").stderr
    rows = [line.split("|") for line in log.splitlines() if line.startswith("import time:") and "self" not in line]
    slowest = sorted(((int(row[1]), row[2].strip()) for row in rows), reverse=True)[:10]
    with capsys.disabled():
        print("\n".join(f"{micros / 1000:8.1f} ms  {name}" for micros, name in slowest))
    assert slowest
