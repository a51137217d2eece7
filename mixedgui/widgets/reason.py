"""Saying why a control is off: in a tooltip, to assistive technology, and on a button one can reach by Tab."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QToolButton, QToolTip, QWidget

from mixedgui.widgets.icons import set_icon


class ReasonButton(QToolButton):
    """An info button beside a control; it shows only while the control is off."""

    def __init__(self, control: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._control = control
        self._help = control.accessibleDescription()
        self._tip = control.toolTip()
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_icon(self, "info", "accent")
        self.clicked.connect(self._show)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.hide()

    def give(self, reason: str) -> None:
        """Switch the control off because of `reason`, or on again when there is none."""
        self._control.setEnabled(not reason)
        self._control.setAccessibleDescription(f"Not available now: {reason}" if reason else self._help)
        self._control.setToolTip(f"<b>Not available now</b><br>{reason}" if reason else self._tip)
        self.setToolTip(self._control.toolTip() if reason else "")
        name = self._control.accessibleName() or self._control.objectName()
        self.setAccessibleName(f"Why {name} is not available")
        self.setAccessibleDescription(reason)
        self.setVisible(bool(reason))

    def _show(self) -> None:
        QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), self.toolTip(), self)
