"""Saying why a control is off: in a tooltip, to assistive technology, and on a button one can reach by Tab."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QToolButton, QToolTip, QWidget

from mixedgui.state.translation import tr
from mixedgui.widgets.icons import set_icon


class ReasonButton(QToolButton):
    """An info button beside a control; it shows only while the control, or a part of it, is off.

    Parameters
    ----------
    keep_room
        Whether its place stays empty while it is hidden.
    """

    def __init__(self, control: QWidget, parent: QWidget | None = None, *, keep_room: bool = True) -> None:
        super().__init__(parent)
        self._control = control
        self._help = control.accessibleDescription()
        self._tip = control.toolTip()
        self._parts = [(part, part.accessibleDescription(), part.toolTip()) for part in getattr(control, "buttons", ())]
        self._reason = self._note = ""
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._dressed = False
        self.keep_room(keep_room)
        self._refresh()

    def keep_room(self, keep: bool) -> None:
        """Keep the place free while the button is hidden, or give it to others."""
        policy = self.sizePolicy()
        if policy.retainSizeWhenHidden() != keep:
            policy.setRetainSizeWhenHidden(keep)
            self.setSizePolicy(policy)

    def give(self, reason: str) -> None:
        """Switch the control off because of `reason`, or on again when there is none."""
        self._control.setEnabled(not reason)
        self._reason = reason
        self._refresh()

    def note(self, text: str) -> None:
        """Say what part of the control is not available (some of its choices); the control itself stays on."""
        self._note = text
        self._refresh()

    def _refresh(self) -> None:
        reason, note = self._reason, self._note
        off = (
            _sentence(reason)
            if reason
            else tr("{0} Not available now: {note}").format(self._help, note=note)
            if note
            else ""
        )
        self._control.setAccessibleDescription(off or self._help)
        tip = tr("<b>Not available now</b><br>{0}").format((reason or note).replace(chr(10), "<br>"))
        self._control.setToolTip(tip if reason else self._tip)
        for part, help_text, part_tip in self._parts:  # what the pointer and the screen reader find is one of them
            part.setAccessibleDescription(off if reason else help_text)
            part.setToolTip(tip if reason else part_tip)
        self.setToolTip(tip if reason or note else "")
        name = self._control.accessibleName() or self._control.objectName()
        self.setAccessibleName(
            tr("Why {name} is not available").format(name=name)
            if reason
            else tr("What {name} does not offer").format(name=name)
        )
        self.setAccessibleDescription(reason or note)
        if (reason or note) and not self._dressed:  # most never show
            self._dressed = True
            set_icon(self, "info", "accent")
            self.clicked.connect(self._show)
        self.setVisible(bool(reason or note))

    def _show(self) -> None:
        QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), self.toolTip(), self)


def _sentence(reason: str) -> str:
    """Begin a reason with what it is about, unless it does."""
    return reason if reason.startswith("Not available") else tr("Not available now: {reason}").format(reason=reason)
