"""A dockable pane: a head, and one main widget that takes the focus."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QVBoxLayout, QWidget

from mixedgui.theme import theme
from mixedgui.widgets.pane_head import PaneHead


class Pane(QDockWidget):
    """A dock named `name` (its object name); the title comes with `setWindowTitle`."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._handing_on = False
        self.head = PaneHead("", self)
        self.setTitleBarWidget(self.head)
        self._body = QWidget(self)
        self.column = QVBoxLayout(self._body)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self._body.setAutoFillBackground(True)
        self._body.setBackgroundRole(self._body.palette().ColorRole.Base)
        self.setWidget(self._body)

    def setWindowTitle(self, title: str) -> None:
        """Set the title of the dock and of its head, and the accessible name."""
        super().setWindowTitle(title)
        self.setAccessibleName(title)
        self.head.set_title(title)

    def add_filter(self, field: QWidget) -> None:
        """Put a filter under the head, with the distance it needs."""
        unit = theme().unit
        frame = QHBoxLayout()
        frame.setContentsMargins(2 * unit, 2 * unit, 2 * unit, unit)
        frame.addWidget(field)
        self.column.addLayout(frame)

    def set_main(self, widget: QWidget) -> None:
        """Name the widget that gets the focus when the pane does."""
        self.setFocusProxy(widget)
        self._body.setFocusProxy(widget)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand keys that reach the frame to the main widget."""
        main = self.focusProxy()
        if main is None or self._handing_on:  # what the main widget does not want comes back here
            super().keyPressEvent(event)
            return
        self._handing_on = True
        QCoreApplication.sendEvent(main, event)
        self._handing_on = False
