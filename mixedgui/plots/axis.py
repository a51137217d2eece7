"""An axis with a true minus sign, major ticks only, and a title that never leaves the picture."""

from __future__ import annotations

import html
import math
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF

from engine.api import Axis, decades, format_value, graph_appearance, shown_numbers, tick_texts
from mixedgui.plots.place import Measure
from mixedgui.theme_tokens import Tokens

_LOG_DISPLAY = "%9.0g"


class GraphAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """One axis of a panel.

    Parameters
    ----------
    orientation, title
        ``bottom``, ``left`` or ``right``, and what is written along it.
    axis
        What the description says of it.
    measure
        How an axis at the right lies on that at the left.
    """

    def __init__(
        self, orientation: str, title: str, axis: Axis | None = None, *, measure: Measure | None = None
    ) -> None:
        self._measure = measure
        super().__init__(orientation, maxTickLength=5)
        self._title = title
        self._axis = axis or Axis()
        self._font = QFont()
        self.enableAutoSIPrefix(False)
        if self._axis.bare:
            self.setTicks([[]])
        elif self._axis.ticks:
            self.setTicks([[(self._on_axis(tick.value), _shown(tick.label)) for tick in self._axis.ticks]])
        if self._axis.grid:
            self.setGrid(60)

    def dress(self, tokens: Tokens, font: QFont) -> None:
        """Take the theme's colours and font."""
        self._font = font
        length = 0 if self._axis.categories else 5
        self.setPen(pg.mkPen(QColor(tokens.control), width=1))
        self.setTickPen(pg.mkPen(QColor(tokens.control), width=1))
        self.setTextPen(pg.mkPen(QColor(tokens.text2)))
        self.setStyle(
            tickFont=font,
            maxTickLevel=0,
            tickTextOffset=7,
            hideOverlappingLabels=False,
            tickLength=-length,
        )
        self.label.setFont(font)
        self.labelStyle = {"color": tokens.text2}
        if self._turned:
            self._make_room()
        self._elide()

    @property
    def _turned(self) -> bool:
        return bool(self._axis.angle % 180) and self.orientation == "bottom"

    def _on_axis(self, value: float) -> float:
        return math.log10(value) if self._axis.log and value > 0 else value

    def setRange(self, mn: float, mx: float) -> None:
        """Take the range of the view, in the units of this axis."""
        if self._measure is not None:
            mn, mx = self._measure.to_right(mn), self._measure.to_right(mx)
        super().setRange(mn, mx)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> Any:  # noqa: N803  # the library's names
        """Return round numbers of a logarithmic axis, else what the library chooses, as many as have room."""
        if self._axis.ticks or self._axis.bare:
            return super().tickValues(minVal, maxVal, size)
        if not self._axis.log:
            return self._thinned(super().tickValues(minVal, maxVal, size)[:1], abs(maxVal - minVal), size)
        low, high = sorted((minVal, maxVal))
        return [(1.0, [math.log10(value) for value in decades(10.0**low, 10.0**high)])]

    def _thinned(self, levels: Any, reach: float, size: float) -> Any:
        """Return the ticks whose labels do not touch: every second, third … one."""
        if self._turned or not levels or not reach > 0:
            return levels
        spacing, values = levels[0]
        metrics = QFontMetricsF(self._font)
        taken = metrics.height()
        if self.orientation == "bottom":
            texts = self.tickStrings(values, 1.0, spacing)
            taken = max((metrics.horizontalAdvance(text) for text in texts), default=0.0) + metrics.averageCharWidth()
        stride = math.ceil(taken / max(size * spacing / reach, 1e-9))
        if stride <= 1:
            return levels
        return [(spacing * stride, [value for value in values if round(value / spacing) % stride == 0])]

    def tickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
        """Return tick labels with U+2212 for the minus, in the format that was asked for."""
        if self._axis.log or self._axis.display:
            display = self._axis.display or _LOG_DISPLAY
            texts = [format_value(10.0**v if self._axis.log else v * scale, display).strip() for v in values]
        else:
            texts = tick_texts([float(value) * scale for value in values])
        return [shown_numbers(text).replace("-", "\N{MINUS SIGN}") for text in texts]

    def drawPicture(self, p: Any, *specs: Any) -> None:
        """Draw the axis, its labels turned where an angle was asked for."""
        if not self._turned:
            super().drawPicture(p, *specs)
            return
        *lines, texts = specs
        super().drawPicture(p, *lines, [])
        p.setFont(self._font)
        p.setPen(self.textPen())
        metrics = QFontMetricsF(self._font)
        for rect, _flags, text in texts:
            p.save()
            p.translate(QPointF(rect.center().x(), rect.top()))
            p.rotate(-self._axis.angle)
            wide = metrics.horizontalAdvance(text)
            upright = abs(self._axis.angle % 180 - 90) < 1
            p.drawText(QPointF(-wide, metrics.ascent() / 2 if upright else metrics.ascent()), text)
            p.restore()

    def _make_room(self) -> None:
        metrics = QFontMetricsF(self._font)
        texts = [tick.label for tick in self._axis.ticks] or ["0.0000"]
        widest = max(metrics.horizontalAdvance(text) for text in texts)
        turn = math.radians(self._axis.angle % 180)
        height = widest * math.sin(turn) + metrics.height() * abs(math.cos(turn))
        self.setHeight(height + 14 + (metrics.height() * 1.4 if self._title else 0))

    def resizeEvent(self, event: Any = None) -> None:
        """Keep the title inside the axis."""
        if hasattr(self, "_title"):
            self._elide()
        super().resizeEvent(event)

    def _elide(self) -> None:
        room = self.size().height() if self.orientation in {"left", "right"} else self.size().width()
        metrics = QFontMetricsF(self._font)
        lines = self._title.split("\n")
        shown = [metrics.elidedText(line, Qt.TextElideMode.ElideRight, max(room, 40.0)) for line in lines]
        escaped = "<br>".join(html.escape(line) for line in shown)
        if self.labelText != escaped:
            self.setLabel(escaped, **self.labelStyle)
            if not escaped:
                self.showLabel(False)


def _shown(label: str) -> str:
    """Return the label of a tick as it is drawn; a mark without width keeps the blanks at its end from being cut."""
    text: str = graph_appearance.tick_text(label)
    return f"{text}\N{ZERO WIDTH SPACE}" if text[-1:].isspace() else text
