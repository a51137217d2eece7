"""Where the keys of a field arrive, and the key that every window beside the main one has."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QWidget


def watch_keys(edit: QLineEdit, watcher: QObject) -> None:
    """Let `watcher` filter the events of a field before the field sees them.

    The line of an editable list never has the focus: keys and the loss of the focus come to the list, which calls the
    line's handlers itself, past any filter of the line. So the list is watched too.
    """
    edit.installEventFilter(watcher)
    keeper = edit.focusProxy()
    if keeper is not None:
        keeper.installEventFilter(watcher)


def close_by_key(window: QWidget) -> None:
    """Let the platform's keys for closing (Ctrl+W) close a window."""
    shortcut = QShortcut(window)
    shortcut.setKeys(QKeySequence.StandardKey.Close)  # all of them, where the platform has several
    shortcut.activated.connect(window.close)
