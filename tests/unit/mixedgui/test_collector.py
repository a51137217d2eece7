"""Where garbage is collected while there is a window."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref

import pytest
from PySide6.QtCore import QObject
from shiboken6 import isValid

from mixedgui.collector import ALLOCATIONS, Collector

START = """
import gc
watched = []
gc.callbacks.append(lambda phase, _details: watched.append(phase))
import mixedgui.collector
watched.clear()
import mixedgui.app
application, window = mixedgui.app.build(["mixedgui"])
window.show()
application.processEvents()
assert not watched, watched
"""
"""Collections before the first import of the program do not count."""


class Loop:
    """An object that only the collector can end."""

    ended_in: threading.Thread | None = None

    def __init__(self):
        self.itself = self
        weakref.finalize(self, Loop._note)

    @staticmethod
    def _note():
        Loop.ended_in = threading.current_thread()


@pytest.fixture
def owner(qapp):
    owner = QObject()
    gc.collect()
    yield owner
    if isValid(owner):
        owner.deleteLater()
    gc.enable()


def test_a_thread_that_makes_many_objects_ends_none_of_the_window(owner):
    collector = Collector(owner)
    Loop.ended_in = None
    Loop()
    kept = []
    thread = threading.Thread(target=lambda: kept.extend([[] for _ in range(4 * ALLOCATIONS)]))
    thread.start()
    thread.join()
    assert Loop.ended_in is None
    collector.look()
    assert Loop.ended_in is threading.current_thread()


def test_without_the_window_garbage_is_collected_as_ever(owner, qtbot):
    Collector(owner)
    assert not gc.isenabled()
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    qtbot.waitUntil(gc.isenabled)


def test_nothing_is_collected_between_the_first_import_and_the_first_paint():
    ended = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
