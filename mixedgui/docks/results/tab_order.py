"""The order in which Tab goes through widgets that were made in another order."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def put_after(group: QWidget, last: QWidget) -> None:
    """Let Tab go from `last` to the stops in `group`, in the order they are in there."""
    for stop in _stops(group):
        QWidget.setTabOrder(last, stop)
        last = stop


def last_stop(group: QWidget) -> QWidget:
    """Return where Tab stops last in a group."""
    return next(reversed(_stops(group)), group)


def _stops(group: QWidget) -> list[QWidget]:
    return [inside for inside in group.findChildren(QWidget) if inside.focusPolicy() & Qt.FocusPolicy.TabFocus]
