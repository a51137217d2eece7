"""A slider below a lowess graph: the smoother follows while it is moved, and the command is run when it is let go."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from engine.api import GraphSpec
from mixedgui.plots.edit_command import option_of, repeatable, with_option
from mixedgui.state.translation import tr
from mixedgui.theme import theme

LIVE_POINTS = 20_000
"""With more points the smoother waits until the slider is let go."""

_USUAL = 0.8
_WAIT_MS = 500


def has_bandwidth(graph: GraphSpec) -> bool:
    """Tell whether a graph is drawn by ``lowess``."""
    return graph.kind == "lowess" and bool(graph.command)


class BandwidthSlider(QWidget):
    """Attributes: `tried` emits a command while the slider moves, `chosen` the one it was let go at."""

    tried = Signal(str)
    chosen = Signal(str)

    def __init__(self, graph: GraphSpec, parent: QWidget) -> None:
        super().__init__(parent)
        self._command, self._live = graph.command, graph.n_points <= LIVE_POINTS
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_WAIT_MS)
        self._wait.timeout.connect(self._choose)
        self._words = QLabel(self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName("graph_bandwidth")
        self.slider.setRange(2, 99)
        self.slider.setValue(round(100 * _bandwidth(graph.command)))
        self.slider.setAccessibleName(tr("Bandwidth of the smoother"))
        self.slider.setToolTip(tr("Share of the observations that each smoothed value is computed from"))
        self._last = self.slider.value()
        unit = theme().unit
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * unit, unit, 3 * unit, unit)
        row.addWidget(self._words)
        row.addWidget(self.slider, 1)
        self._say()
        self.slider.valueChanged.connect(self._moved)
        self.slider.sliderReleased.connect(self._choose)

    @property
    def command(self) -> str:
        """The command with the bandwidth of the slider."""
        return repeatable(with_option(self._command, "bwidth", f"{self.slider.value() / 100:g}".lstrip("0")))

    def _say(self) -> None:
        self._words.setText(tr("Bandwidth {0:.2f}").format(self.slider.value() / 100))

    @Slot()
    def _moved(self) -> None:
        self._say()
        if self._live:
            self.tried.emit(self.command)
        if not self.slider.isSliderDown():
            self._wait.start()

    @Slot()
    def _choose(self) -> None:
        self._wait.stop()
        if self.slider.value() != self._last:
            self._last = self.slider.value()
            self.chosen.emit(self.command)


class Trial(Protocol):
    """Draws commands that are tried."""

    drawn: SignalInstance

    def start(self, command: str) -> None:
        """Draw a command; another that is being drawn is given up."""

    def stop(self) -> None:
        """Draw nothing any more."""


def _bandwidth(command: str) -> float:
    """Return the bandwidth of a command; what is no share of the observations means the usual one."""
    try:
        given = float(option_of(command, "bwidth") or _USUAL)
    except ValueError:
        return _USUAL
    return given if 0 < given < 1 else _USUAL
