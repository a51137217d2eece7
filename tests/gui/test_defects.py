"""An error of the program itself is shown in the window, whatever thread it was raised in."""

import sys
import threading

import shiboken6
from PySide6.QtWidgets import QMainWindow, QMessageBox

from mixedgui.app import _report_to


def _raise_into(hook):
    try:
        raise ValueError("this must not happen")
    except ValueError:
        hook(*sys.exc_info())


def test_an_error_in_another_thread_is_shown_by_the_window_in_its_own(window, qtbot, monkeypatch):
    threads = []
    show = window.report_defect
    monkeypatch.setattr(
        type(window), "report_defect", lambda _self, *given: (threads.append(threading.current_thread()), show(*given))
    )
    hook = _report_to(window)
    worker = threading.Thread(target=_raise_into, args=(hook,))
    worker.start()
    worker.join()
    qtbot.waitUntil(lambda: bool(threads))
    assert threads == [threading.main_thread()]
    (card,) = window.findChildren(QMessageBox)
    assert "this must not happen" in card.informativeText()
    card.close()


def test_an_error_after_the_window_is_gone_goes_to_the_terminal(qapp, capsys):
    window = QMainWindow()
    window.report_defect = lambda *_: None
    hook = _report_to(window)
    shiboken6.delete(window)
    _raise_into(hook)
    assert "this must not happen" in capsys.readouterr().err
