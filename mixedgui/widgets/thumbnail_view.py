"""Shows a thumbnail: drawn once for a size and theme, then copied."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from mixedgui.models.thumbnail import Thumbnail
from mixedgui.theme import theme

HEIGHT_UNITS = 27


class ThumbnailView(QWidget):
    """A band with a picture of data, plain until there is one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Thumbnail | None = None
        self._pixmap: QPixmap | None = None
        self.setFixedHeight(HEIGHT_UNITS * theme().unit)
        theme().changed.connect(self._forget)

    @property
    def picture(self) -> Thumbnail | None:
        """What is shown."""
        return self._picture

    def show_picture(self, picture: Thumbnail | None) -> None:
        """Show another picture."""
        self._picture = picture
        self._forget()

    def _forget(self) -> None:
        self._pixmap = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the drawing, made anew when size or theme are others."""
        if self._picture is None:
            return
        ratio = self.devicePixelRatioF()
        size = (self.size().toSizeF() * ratio).toSize()
        if self._pixmap is None or self._pixmap.size() != size:
            self._pixmap = QPixmap(size)
            self._pixmap.setDevicePixelRatio(ratio)
            self._pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw(painter, self._picture)
            painter.end()
        QPainter(self).drawPixmap(0, 0, self._pixmap)

    def _draw(self, painter: QPainter, picture: Thumbnail) -> None:
        look, unit = theme(), theme().unit
        area = QRectF(self.rect()).adjusted(4 * unit, 3 * unit, -4 * unit, -2 * unit)
        series = QColor(look.tokens.series[0])
        few = len(picture.points) <= 200
        series.setAlphaF(0.65 if few else 0.4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(series)
        radius = unit * (0.6 if few else 0.42)
        dots = QPainterPath()
        for point in _placed(picture.points, area):
            dots.addEllipse(point, radius, radius)
        dots.setFillRule(Qt.FillRule.WindingFill)
        painter.drawPath(dots)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for lines, color, width in (
            (picture.lines, series, 1.0),
            (picture.accents, QColor(look.tokens.brushed), unit / 2),
        ):
            painter.setPen(QPen(color, width))
            for line in lines:
                painter.drawPolyline(QPolygonF(_placed(line, area)))


def _placed(points: np.ndarray, area: QRectF) -> list[QPointF]:
    x = area.left() + points[:, 0] * area.width()
    y = area.bottom() - points[:, 1] * area.height()
    return [QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
