"""Icon fonts as icons: each glyph is drawn from its outline in one colour, at any size.

The fonts are those of QtAwesome. Its own module is not imported: it would load Qt modules that the window does not use,
which takes longer than everything else at the start together.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPainterPath, QPixmap, QRawFont

_FONTS = {"ph": "phosphor", "mdi6": "materialdesignicons6"}
"""Prefix of a name -> how the files of the font begin."""


@cache
def _fonts_folder() -> Path:
    spec = find_spec("qtawesome")
    if spec is None or not spec.submodule_search_locations:
        message = "QtAwesome, which brings the icon fonts, is not installed"
        raise RuntimeError(message)
    return Path(next(iter(spec.submodule_search_locations))) / "fonts"


@cache
def _family(prefix: str) -> str:
    path = next(_fonts_folder().glob(f"{_FONTS[prefix]}*.ttf"))
    families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(path)))
    if not families:
        message = f"the icon font {path.name} cannot be loaded"
        raise RuntimeError(message)
    return families[0]


@cache
def _codes(prefix: str) -> dict[str, str]:
    path = next(_fonts_folder().glob(f"{_FONTS[prefix]}*charmap*.json"))
    codes: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return codes


@cache
def _outline(prefix: str, name: str) -> QPainterPath:
    """Return a glyph's outline in a square of side 1, the font's em.

    Raises
    ------
    KeyError
        The font has no icon of this name.
    """
    character = chr(int(_codes(prefix)[name], 16))
    font = QFont(_family(prefix))
    font.setPixelSize(1000)
    raw = QRawFont.fromFont(font)
    glyph = raw.glyphIndexesForString(character)[0]
    path = raw.pathForGlyph(glyph)
    box = path.boundingRect()
    path.translate(QPointF(500, 500) - box.center())
    return path


class _GlyphEngine(QIconEngine):
    """Draws one outline, in another colour when disabled."""

    def __init__(self, outline: QPainterPath, color: str, disabled: str) -> None:
        super().__init__()
        self._outline, self._color, self._disabled = outline, color, disabled

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Fill the outline, centred in `rect`."""
        side = min(rect.width(), rect.height())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2)
        painter.scale(side / 1000, side / 1000)
        painter.fillPath(self._outline, QColor(self._disabled if mode == QIcon.Mode.Disabled else self._color))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return the icon as a picture of `size` device pixels."""
        picture = QPixmap(size)
        if picture.isNull():  # a widget squeezed to nothing asks for no picture
            return picture
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        """Return an engine that draws the same."""
        return _GlyphEngine(self._outline, self._color, self._disabled)


def glyph_icon(name: str, color: str, disabled: str) -> QIcon:
    """Return the icon `prefix.name`, Phosphor's when there is no prefix.

    Raises
    ------
    KeyError
        There is no such font or icon.
    """
    prefix, _, bare = name.rpartition(".")
    return QIcon(_GlyphEngine(_outline(prefix or "ph", bare), color, disabled))
