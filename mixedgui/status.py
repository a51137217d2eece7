"""The status bar: file, size, estimates; what runs, how far it is, and Cancel."""

from __future__ import annotations

import math
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QPushButton, QStatusBar, QWidget

from engine.api import Iteration, Progress, Session
from mixedgui.models.history import duration
from mixedgui.state.translation import mark, tr
from mixedgui.theme import theme
from mixedgui.widgets.tinted_label import TintedLabel

STAGES = {
    "em": mark("EM iteration"),
    "gradient": mark("Iteration"),
    "again": mark("Second search as a check, step"),
    "se": mark("Standard errors"),
    "df": mark("Degrees of freedom"),
}


class StatusBar(QStatusBar):
    """Attributes: `cancel_wanted`."""

    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.setContentsMargins(2 * theme().unit, 0, 2 * theme().unit, 0)
        self._facts = [self._fact(name) for name in ("file", "observations", "variables", "estimates")]
        self._what = TintedLabel("", "text", self, factor=0.92, bold=True)
        self._what.setObjectName("status_progress")
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(30 * theme().unit)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._cancel = QPushButton(self.tr("Cancel"), self)
        self._cancel.setObjectName("cancel_command")
        self._cancel.setAccessibleName(self.tr("Cancel the running command"))
        self._cancel.setToolTip(self.tr("Stop the running command (Ctrl+.)"))
        self._cancel.setAutoDefault(False)
        self._cancel.clicked.connect(self.cancel_wanted)
        for widget in (self._what, self._bar, self._cancel):
            self.addPermanentWidget(widget)
            widget.hide()
        self._waiting = 0

    def show_session(self, session: Session) -> None:
        """Show what is in memory."""
        data = session.data
        names = [name for name in (Path(data.path).name if data.path else "", "") if name]
        file = names[0] if names else (self.tr("data in memory") if data.variables else self.tr("no data"))
        if data.changed and data.variables:
            file += self.tr(", changed")
        texts = [
            file,
            self.tr("{0} observations").format(f"{data.n_obs:,}"),
            self.tr("{0} variables").format(f"{len(data.variables):,}"),
            self.tr("current estimates: {0}").format(session.e.macros.get("cmd", "mixed"))
            if session.estimates is not None
            else self.tr("no estimates"),
        ]
        for label, text in zip(self._facts, texts, strict=True):
            label.setText(text)

    def show_progress(self, event: object, elapsed: float, time_left: str = "") -> None:
        """Show how far the running command is, and how long a fit will still take."""
        self._what.setText(progress_text(event, elapsed, time_left) + self._queue_text())
        fraction = event.done / event.total if isinstance(event, Progress) and event.total > 0 else None
        self._bar.setRange(0, 0 if fraction is None else 1000)
        if fraction is not None:
            self._bar.setValue(round(1000 * min(1.0, fraction)))
        for widget in (self._what, self._bar, self._cancel):
            widget.show()

    def set_waiting(self, number: int) -> None:
        """Tell how many commands wait."""
        self._waiting = number

    def finish(self) -> None:
        """Hide progress and Cancel."""
        for widget in (self._what, self._bar, self._cancel):
            widget.hide()

    @property
    def cancel_button(self) -> QPushButton:
        """The button that stops the running command."""
        return self._cancel

    def _queue_text(self) -> str:
        return self.tr(", {0} waiting").format(self._waiting) if self._waiting else ""

    def _fact(self, name: str) -> QLabel:
        label = TintedLabel("", "text2", self, factor=0.92)
        label.setObjectName(f"status_{name}")
        label.setContentsMargins(0, 0, theme().unit, 0)
        if name != "file":
            line = QFrame(self)
            line.setFrameShape(QFrame.Shape.VLine)
            line.setFrameShadow(QFrame.Shadow.Plain)
            line.setForegroundRole(QPalette.ColorRole.Light)
            self.addWidget(line)
        self.addWidget(label)
        return label


def progress_text(event: object, elapsed: float, time_left: str = "") -> str:
    """Return one line that says what runs, how far it is, and how long a fit will still take."""
    if isinstance(event, Progress):
        if event.total <= 0:
            return event.label
        text = f"{event.label}: {event.done / event.total:.0%}"
        if 0 < event.done < event.total and elapsed > 1:
            left = elapsed * (event.total - event.done) / event.done
            text = tr("{text}, about {time} left").format(text=text, time=duration(max(left, 1.0)))
        return text
    if isinstance(event, Iteration):
        text = tr(STAGES[event.stage]) if event.stage in STAGES else event.stage
        if event.stage not in {"se", "df"}:
            text += f" {event.number}"
        if not math.isnan(event.value):
            text = tr("{text}, log likelihood {0:,.4f}").format(event.value, text=text)
        return ", ".join(filter(None, (text, time_left)))
    return tr("Running for {elapsed:.0f} s").format(elapsed=elapsed) if elapsed >= 1 else tr("Running")
