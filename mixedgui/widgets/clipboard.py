"""Putting something with several forms on the clipboard."""

from __future__ import annotations

import atexit

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

_KEPT_BY_QT = frozenset({"offscreen", "minimal", "linuxfb", "eglfs", "vnc"})
"""Platforms without a clipboard of their own: Qt keeps what is on it beyond the end of Python, and crashes."""


def put_on_clipboard(data: QMimeData) -> None:
    """Put `data` on the clipboard."""
    QGuiApplication.clipboard().setMimeData(data)
    if QGuiApplication.platformName() in _KEPT_BY_QT:
        atexit.unregister(_release)
        atexit.register(_release)


def _release() -> None:
    """Leave the plain text, which is not Python's."""
    if QGuiApplication.instance() is not None:
        clipboard = QGuiApplication.clipboard()
        clipboard.setText(clipboard.text())
