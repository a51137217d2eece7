"""The set-up says which package is missing, and stops."""

from __future__ import annotations

import builtins
import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def environment():
    place = ROOT / "packaging" / "environment.py"
    spec = importlib.util.spec_from_file_location("environment_under_test", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux leaves Qt's libraries to the system")
def test_a_missing_system_library_is_named_with_its_package(environment, monkeypatch):
    monkeypatch.setattr(environment, "QT_LIBRARIES", (("libnowhere.so.7", "libnowhere7", "nowhere-libs"),))
    with pytest.raises(SystemExit) as stopped:
        environment.check_qt(desktop=False)
    message = str(stopped.value)
    assert "libnowhere.so.7" in message
    assert "sudo apt install libnowhere7" in message
    assert "sudo dnf install nowhere-libs" in message


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux leaves Qt's libraries to the system")
def test_a_desktop_needs_the_cursor_library_too(environment, monkeypatch):
    monkeypatch.setattr(environment, "QT_LIBRARIES", ())
    monkeypatch.setattr(environment, "X11_LIBRARIES", (("libnocursor.so.0", "libnocursor0", "nocursor"),))
    assert environment.missing_libraries(desktop=False) == []
    assert [row[1] for row in environment.missing_libraries(desktop=True)] == ["libnocursor0"]


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_its_own_parts_names_the_package(environment, monkeypatch, module):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name == module:
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(SystemExit) as stopped:
        environment.check_python()
    assert module in str(stopped.value)
    assert "apt install python3" in str(stopped.value)


def test_an_old_python_is_told_which_one_is_needed(environment, monkeypatch):
    monkeypatch.setattr(environment, "OLDEST", (99, 0))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed"):
        environment.check_python()


def test_an_environment_with_more_than_is_needed_is_used_as_it_is(environment, monkeypatch, tmp_path):
    calls = []
    monkeypatch.setattr(environment, "FOLDER", str(tmp_path))
    monkeypatch.setattr(environment, "STAMP", str(tmp_path / "made-from"))
    monkeypatch.setattr(environment, "python_of_environment", lambda: sys.executable)
    monkeypatch.setattr(environment, "_run", lambda command, failure: calls.append(command[-1].partition("[")[2]))
    environment.prepare(("test", "dev"))
    environment.prepare()
    environment.prepare(("test",))
    assert calls == ["dev,test]"]
    environment.prepare(("benchmark",))
    assert calls[1:] == ["benchmark,dev,test]"]


def test_constraints_hold_versions_and_no_addresses():
    lines = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    assert all("==" in line for line in pins)
    assert not any("://" in line or "@" in line for line in pins)
