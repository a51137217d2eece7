"""The wheel carries the program, its resources, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    pytest.importorskip("hatchling", reason="the wheel is built with hatchling, a development tool")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_wheel_holds_both_packages_and_the_resources(names):
    assert "engine/api.py" in names
    assert "mixedgui/__main__.py" in names
    assert "mixedgui/_resources/datasets/hsb.dta" in names
    assert any(name.startswith("mixedgui/_resources/qss/") for name in names)


def test_the_wheel_holds_every_module(names):
    modules = {
        str(path.relative_to(ROOT)) for folder in ("engine", "mixedgui") for path in (ROOT / folder).rglob("*.py")
    }
    assert {name.replace("\\", "/") for name in modules} <= set(names)


def test_the_wheel_holds_no_tests_and_no_reference_data(names):
    assert not [name for name in names if name.startswith("tests/") or "__pycache__" in name or "pig.dta" in name]
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"engine", "mixedgui"}
