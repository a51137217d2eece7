"""Twenty thousand clicks and keys at random all over the program: nothing raises, crashes, or warns of a defect."""

from __future__ import annotations

import random

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


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_five_thousand_events_do_no_harm(window, qtbot, monkeypatch, tmp_path, seed):
    monkeypatch.chdir(tmp_path)
    for ask in ("getOpenFileName", "getSaveFileName", "getOpenFileNames"):
        monkeypatch.setattr(QFileDialog, ask, staticmethod(lambda *_, **__: ("", "")))
    defects = []
    monkeypatch.setattr("mixedgui.main_window.show_defect", lambda *given: defects.append(given))
    closer = QTimer(window)
    closer.timeout.connect(_close_what_waits)
    closer.start(30)
    monkey = Monkey(window, seed)
    for number in range(5_000):
        monkey.step()
        if number % PER_STEP == 0:
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        if not window.isVisible():  # it was closed by its own keys or menu
            window.show()
        assert defects == [], monkey.trail[-5:]
    closer.stop()
    window.cancel_command()
    for job in list(window.runner.waiting):
        window.runner.withdraw(job)
    qtbot.waitUntil(lambda: not window.busy, timeout=60_000)
    for box in window.findChildren(QMessageBox):
        box.close()
    assert "defect" not in window.results_text()
