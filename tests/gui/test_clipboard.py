"""What is on the clipboard when the program ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication
from mixedgui.widgets.clipboard import put_on_clipboard

application = QApplication([])
data = QMimeData()
data.setText("table")
data.setHtml("<b>table</b>")
put_on_clipboard(data)
assert application.clipboard().mimeData().html() == "<b>table</b>"
"""


def test_the_program_ends_well_with_a_table_on_the_clipboard():
    done = subprocess.run([sys.executable, "-P", "-c", PROGRAM], cwd=ROOT, env=None, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
