"""A main window with settings of its own, and a way to wait for its commands."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSettings


@pytest.fixture(autouse=True)
def _own_settings(tmp_path):
    """Keep settings in this test's folder."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))


@pytest.fixture
def new_window(qtbot, qapp):
    """Give a function that builds a window with some arguments; all are closed at the end."""
    from mixedgui.app import build
    from mixedgui.preferences import Preferences

    windows = []

    def make(*arguments):
        settings_before = Preferences().layout() is not None
        _, window = build(["mixedgui", *map(str, arguments)])
        windows.append(window)
        window.resize(1440, 900)
        if not settings_before:
            window.layout_.reset()
        window.show()
        qtbot.waitExposed(window)
        return window

    yield make
    for window in windows:
        window.session.data = type(window.session.data)()  # nothing to save, so nothing is asked
        window.close()
        window.deleteLater()
    qapp.processEvents()


@pytest.fixture
def window(new_window):
    return new_window()


@pytest.fixture
def run(window, qtbot):
    """Give a function that runs a command in the window and returns its outcome."""

    def execute(text):
        with qtbot.waitSignal(window.command_finished, timeout=20_000) as done:
            window.run_command(text)
        return done.args[0]

    return execute
