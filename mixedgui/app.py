"""Builds the application and its window."""

from __future__ import annotations

import mixedgui.collector

# isort: split
import sys
import traceback
from collections.abc import Callable, Sequence
from types import TracebackType

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

import mixedgui.imports  # noqa: F401  before the program's own, as the collector before everything: the start is shorter
from mixedgui.collector import Collector
from mixedgui.languages import install_language
from mixedgui.main_window import MainWindow
from mixedgui.preferences import Preferences
from mixedgui.theme import theme
from mixedgui.version import VERSION

SWITCH_SECONDS = 0.001
"""How long a computing thread may keep the interpreter before the window gets its turn."""


class _DefectDesk(QObject):
    """Takes errors to the window's thread; Qt calls a slot of the same thread at once, any other in its turn."""

    came = Signal(object, str)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.came.connect(window.report_defect)


def build(argv: Sequence[str]) -> tuple[QApplication, MainWindow]:
    """Return the application and its window, not yet shown, without entering the event loop.

    Parameters
    ----------
    argv
        Name of the program, then the data set or do-file to open, if any, or ``--example`` and the name of one.
    """
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(list(argv[:1]))
    sys.setswitchinterval(SWITCH_SECONDS)
    app.setApplicationName("mixedgui")
    app.setApplicationDisplayName("mixedgui")
    app.setApplicationVersion(VERSION)
    if existing is not app:
        install_language(app)
    preferences = Preferences()
    look = theme()
    if look.choice is not preferences.theme:
        look.choose(preferences.theme)
    window = MainWindow(preferences)
    Collector(window)
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = _report_to(window)
    match list(argv[1:]):
        case ["--example", name]:
            window.prepare_example(name)
        case [path, *_]:
            window.files.open(path)
    return app, window


def _report_to(window: MainWindow) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """Return a hook that shows an unexpected error in the window instead of writing it to the terminal.

    The hook is called in whatever thread the error was raised; the card is shown from the window's own.
    """
    desk = _DefectDesk(window)

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        try:
            desk.came.emit(error, details)
        except RuntimeError:  # the window is gone
            sys.__excepthook__(kind, error, trace)

    return hook
