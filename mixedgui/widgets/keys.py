"""Where the keys of a field arrive."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLineEdit


def watch_keys(edit: QLineEdit, watcher: QObject) -> None:
    """Let `watcher` filter the events of a field before the field sees them.

    The line of an editable list never has the focus: keys and the loss of the focus come to the list, which calls the
    line's handlers itself, past any filter of the line. So the list is watched too.
    """
    edit.installEventFilter(watcher)
    keeper = edit.focusProxy()
    if keeper is not None:
        keeper.installEventFilter(watcher)
