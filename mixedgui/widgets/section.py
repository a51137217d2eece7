"""A part of a dialog's page that knows what ties its controls to the state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QAbstractButton, QFrame, QLabel, QWidget

from mixedgui.theme import theme
from mixedgui.widgets.binding import Binding
from mixedgui.widgets.reason import ReasonButton


class Section(QWidget):
    """Controls with their bindings.

    Attributes
    ----------
    bindings, refreshers
        What shows the state.
    reasons
        Option -> the button that says why its control is off.
    labels
        What carries a mnemonic.
    focus_order
        The controls in the order of Tab.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bindings: list[Binding[Any]] = []
        self.refreshers: list[Callable[[], None]] = []
        self.reasons: dict[str, ReasonButton] = {}
        self.labels: list[QLabel | QAbstractButton] = []
        self.focus_order: list[QWidget] = []

    def absorb(self, *parts: Section) -> None:
        """Take over what belongs to parts of this one, in this order."""
        for part in parts:
            self.bindings += part.bindings
            self.refreshers += part.refreshers
            self.reasons |= part.reasons
            self.labels += part.labels
            self.focus_order += part.focus_order


def rule(parent: QWidget) -> QFrame:
    """Return a hairline between sections."""
    line = QFrame(parent)
    line.setFrameShape(QFrame.Shape.HLine)
    line.setForegroundRole(parent.palette().ColorRole.Light)
    line.setFrameShadow(QFrame.Shadow.Plain)
    return line


def label_width(widget: QWidget, longest: str) -> int:
    """Return the width of a column of labels of which `longest` is the longest; an underlined letter adds a little."""
    return widget.fontMetrics().horizontalAdvance(longest) + theme().unit
