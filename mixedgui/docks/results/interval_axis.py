"""Intervals on a shared scale: where a number stands, which numbers are written, how one interval is drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from mixedgui.models.estimates import Mark, Scale
from mixedgui.theme import theme

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class AxisMap:
    """A scale between two places on screen."""

    scale: Scale
    reach: tuple[float, float]
    left: float
    right: float

    def place(self, value: float) -> float:
        """Return where `value` stands, at the nearer end when it lies outside."""
        low, high = (self._linear(limit) for limit in self.reach)
        if high <= low:
            return (self.left + self.right) / 2
        share = (self._linear(value) - low) / (high - low)
        return self.left + min(1.0, max(0.0, share)) * (self.right - self.left)

    def _linear(self, value: float) -> float:
        if self.scale is Scale.LINEAR:
            return value
        return math.log(value) if value > 0 else -math.inf


def axis_ticks(axis: AxisMap, *, room: float) -> list[float]:
    """Return round numbers on the scale, each with `room` to itself."""
    count = max(1, int((axis.right - axis.left) // room))
    low, high = axis.reach
    if axis.scale is Scale.LINEAR:
        if high <= low:
            return [low]
        rough = (high - low) / count
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(power * s for s in _STEPS if power * s >= rough * (1 - 1e-9))
        first = math.ceil(low / step - 1e-9)
        return [step * k for k in range(first, math.floor(high / step + 1e-9) + 1)]
    base = 2.0 if high / low <= 4.0**count else 10.0
    powers = range(math.ceil(math.log(low, base) - 1e-9), math.floor(math.log(high, base) + 1e-9) + 1)
    every = max(1, math.ceil(len(powers) / count))
    return [base**k for k in powers if k % every == 0]


def paint_interval(painter: QPainter, cell: QRect, mark: Mark, axis: AxisMap, *, factor: float) -> None:
    """Draw estimate and limits in a cell, or say why they are not drawn."""
    look, unit = theme(), theme().unit
    middle = cell.center().y() + 0.5
    if axis.scale is Scale.LINEAR:
        painter.setPen(QPen(look.color("reference"), 1, Qt.PenStyle.DashLine))
        zero = axis.place(0.0)
        painter.drawLine(QLineF(zero, cell.top(), zero, cell.bottom()))
    if mark.off:
        painter.setFont(look.font(0.92 * factor))
        painter.setPen(look.color("text2"))
        left = cell.left() + 6 * unit
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(left, cell.top(), cell.right() - left, cell.height()), flags, mark.off)
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    blue = QColor(look.tokens.series[0])
    painter.setPen(QPen(blue, 2))
    low, high, height = axis.place(mark.low), axis.place(mark.high), 1.5 * unit
    painter.drawLine(QLineF(low, middle, high, middle))
    for end, limit in ((low, mark.low), (high, mark.high)):
        if axis.reach[0] * (1 - 1e-9) <= limit <= axis.reach[1] * (1 + 1e-9) or axis.scale is Scale.LINEAR:
            painter.drawLine(QLineF(end, middle - height, end, middle + height))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(blue)
    painter.drawEllipse(QPointF(axis.place(mark.estimate), middle), unit, unit)
