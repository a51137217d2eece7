"""The key that closes every window beside the main one."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


def close_by_key(window: QWidget) -> None:
    """Let the platform's keys for closing (Ctrl+W) close a window."""
    shortcut = QShortcut(window)
    shortcut.setKeys(QKeySequence.StandardKey.Close)  # all of them, where the platform has several
    shortcut.activated.connect(window.close)
