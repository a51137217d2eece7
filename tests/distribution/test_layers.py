"""The house keeps its layers, and what must stay light stays light."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("pandas", "scipy", "matplotlib", "pyqtgraph", "statsmodels")


@pytest.mark.parametrize("module", ["engine.api", "mixedgui.__main__", "mixedgui.batch"])
def test_heavy_libraries_wait_until_they_are_needed(module):
    program = f"import sys, {module}; print(*sorted({set(HEAVY)!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )
    assert done.stdout.split() == []


def test_engine_never_mentions_the_window_library():
    mentions = [
        path
        for path in (ROOT / "engine").rglob("*.py")
        if "PySide6" in path.read_text(encoding="utf-8") or "mixedgui" in _imports(path)
    ]
    assert mentions == []


def test_window_reaches_the_engine_only_through_its_door():
    strangers = [
        (path.name, line)
        for path in (ROOT / "mixedgui").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith(("from engine", "import engine"))
        and "engine.api" not in line
        and path.name != "__main__.py"
    ]
    assert strangers == []


def test_packaging_folder_is_no_python_package():
    assert not (ROOT / "packaging" / "__init__.py").exists()


def _imports(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if line.lstrip().startswith(("import ", "from ")))
