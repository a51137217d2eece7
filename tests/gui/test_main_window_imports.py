"""What the window loads: in a process of its own, because other tests load much more."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import sys
from PySide6.QtCore import QEventLoop
from mixedgui.app import build
application, window = build(["mixedgui"])
window.show()
application.processEvents()
print("painted", *sorted(name for name in HEAVY if name in sys.modules))
loop = QEventLoop()
window.command_finished.connect(loop.quit)
for command in ("use hsb", "mixed mathach ses || id:"):
    window.run_command(command)
    loop.exec()
print("fitted", *sorted(name for name in HEAVY if name in sys.modules))
window.close()
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    heavy = ("matplotlib", "pandas", "pyqtgraph", "scipy.optimize", "scipy.stats", "statsmodels")
    done = subprocess.run(
        [sys.executable, "-c", f"HEAVY = {heavy!r}\n{SCRIPT}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert "Traceback" not in done.stderr
    assert "QThread" not in done.stderr
    return {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()}


def test_first_paint_needs_no_heavy_library(loaded):
    assert loaded["painted"] == []


def test_a_fit_needs_no_plotting_and_no_statistics_library(loaded):
    assert set(loaded["fitted"]) <= {"pandas"}
