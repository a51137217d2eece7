"""Modules are imported at Python's own pace, not at that of PySide's watch over them."""

from __future__ import annotations

import subprocess
import sys

LOOK = """
import inspect
import mixedgui.app
read = []
inspect.getsource = read.append
import wave
assert not read, read
"""
"""PySide reads the source of what is imported to see whether it uses PySide; `wave` stands for pandas and SciPy."""


def test_no_source_is_read_when_a_module_is_imported():
    ended = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
