"""Clicks and keys at random all over the program, twenty thousand for each kind of data, also while models are fitted.

Nothing raises, nothing crashes, Qt warns of nothing, and whatever changed data or results stands in the History. The
longest times in which the window did not listen are printed (``-s``).
"""

from __future__ import annotations

import random
import time

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLineEdit,
    QMenu,
    QMenuBar,
    QMessageBox,
    QPlainTextEdit,
    QWidget,
)
from shiboken6 import isValid

from mixedgui.dialogs.registry import available

KEYS = (
    Qt.Key.Key_Return,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
    Qt.Key.Key_Escape,
    Qt.Key.Key_Space,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_Delete,
    Qt.Key.Key_Backspace,
    Qt.Key.Key_F1,
    Qt.Key.Key_F2,
)
WORDS = (
    "weight",
    "week",
    "id",
    " ",
    ", ",
    "||",
    "i.",
    "(",
    ")",
    "1",
    "-1",
    ".5",
    "if ",
    "week^2",
    '"',
    "cov(un)",
    "\\",
)
COMMANDS = (
    "use pig, clear",
    "mixed weight week || id:",
    "mixed weight week || id: week, cov(un) reml dfmethod(satterthwaite)",
    "edit",
    "varmanage",
    "doedit",
    "scatter weight week",
    "postest",
    "clear",
    "help mixed",
    "margins, at(week=(1 5 9))",
    "marginsplot",
    *(f"db {name}" for name in available()),
)
WINDOWS_AT_MOST = 12
PER_STEP = 20


class Monkey:
    """Does something at random in whatever window there is."""

    def __init__(self, window, seed):
        self.window, self.chance = window, random.Random(seed)
        self.trail = []

    def step(self):
        tops = [top for top in QApplication.topLevelWidgets() if isValid(top) and top.isVisible()]
        for extra in [top for top in tops if top is not self.window][WINDOWS_AT_MOST:]:
            extra.close()
        top = self.chance.choice(tops or [self.window])
        widgets = [w for w in top.findChildren(QWidget) if w.isVisible() and w.window() is top] or [top]
        widget = self.chance.choice(widgets)
        self.trail.append((type(top).__name__, type(widget).__name__, widget.objectName()))
        dice = self.chance.random()
        if dice < 0.45 and not isinstance(widget, QMenuBar | QMenu):
            self._click(widget)
        elif dice < 0.7 and widget.isEnabled():
            QTest.keyClick(widget, self.chance.choice(KEYS))
        elif dice < 0.9 and isinstance(widget, QLineEdit | QPlainTextEdit) and widget.isEnabled():
            QTest.keyClicks(widget, self.chance.choice(WORDS))
        elif dice < 0.93:
            self.window.run_command(self.chance.choice(COMMANDS))
        elif dice < 0.935 and top is not self.window:
            top.close()

    def _click(self, widget):
        button = Qt.MouseButton.LeftButton if self.chance.random() < 0.9 else Qt.MouseButton.RightButton
        place = QPoint(self.chance.randrange(max(widget.width(), 1)), self.chance.randrange(max(widget.height(), 1)))
        if self.chance.random() < 0.1:
            QTest.mouseDClick(widget, button, pos=place)
        else:
            QTest.mouseClick(widget, button, pos=place)


def _close_what_waits():
    for shown in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
        if shown is not None:
            shown.close()


VARIANTS = {
    "no data": (),
    "tiny data": ("use pig", "keep in 1/3"),
    "wide data": ("use pig", *(f"generate v{number} = week + {number}" for number in range(300))),
    "fits run": (
        "use insteval",
        "mixed y service || _all: R.s || _all: R.d, reml",
    ),
}
"""Commands that come before."""

EVENTS, SEEDS = 5_000, 4
LISTED = 5
WAIT_MS = 300_000


class Ledger:
    """Holds data and results against the History."""

    def __init__(self, window):
        self._window = window
        self._seen = self._look()

    def _look(self):
        session = self._window.session
        return session.data, session.estimates, self._window.history_model.rowCount()

    def check(self, trail):
        """Fail when data or results are others and the History has not grown."""
        if self._window.busy:
            return
        (data, estimates, entries), self._seen = self._seen, self._look()
        if self._seen[0] is not data or self._seen[1] is not estimates:
            assert self._seen[2] > entries, trail[-PER_STEP:]


def _settle(window, qtbot):
    window.cancel_command()
    for job in list(window.runner.waiting):
        window.runner.withdraw(job)
    qtbot.waitUntil(lambda: not window.busy, timeout=WAIT_MS)


@pytest.fixture
def defects(monkeypatch, tmp_path):
    """Give the list of errors that were shown; dialogs for files answer nothing."""
    monkeypatch.chdir(tmp_path)
    for ask in ("getOpenFileName", "getSaveFileName", "getOpenFileNames"):
        monkeypatch.setattr(QFileDialog, ask, staticmethod(lambda *_, **__: ("", "")))
    shown = []
    monkeypatch.setattr("mixedgui.main_window.show_defect", lambda *given: shown.append(given))
    return shown


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("variant", VARIANTS)
def test_clicks_and_keys_at_random_do_no_harm(window, qtbot, defects, *, variant, seed):
    *before, last = VARIANTS[variant] or ("clear",)
    window.run_command("\n".join(before))
    qtbot.waitUntil(lambda: not window.busy, timeout=WAIT_MS)
    ledger = Ledger(window)
    window.run_command(last)
    closer = QTimer(window)
    closer.timeout.connect(_close_what_waits)
    closer.start(30)
    monkey, deaf = Monkey(window, seed), []
    for number in range(EVENTS):
        began, worked = time.perf_counter(), time.thread_time()
        monkey.step()
        if number % PER_STEP == 0:
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            if variant == "fits run" and not window.busy:
                window.run_command(last)
        deaf.append((time.thread_time() - worked, time.perf_counter() - began, monkey.trail[-1]))
        if not window.isVisible():  # it was closed by its own keys or menu
            window.show()
        assert defects == [], monkey.trail[-5:]
        if number % PER_STEP == 0:
            ledger.check(monkey.trail)
    closer.stop()
    _settle(window, qtbot)
    for box in window.findChildren(QMessageBox):
        box.close()
    assert "defect" not in window.results_text()
    print(f"\n{variant}, seed {seed}: longest without listening")
    for worked, passed, (top, widget, name) in sorted(deaf, reverse=True)[:LISTED]:
        print(f"  {1000 * worked:5.0f} ms of the processor, {1000 * passed:5.0f} on the clock: {top} {widget} {name}")
