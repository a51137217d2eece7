"""A card of the start page: one example and the way into it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from engine.api import Example
from mixedgui.opening import FileOpener
from mixedgui.theme import theme
from mixedgui.widgets.highlighter import coloured_html
from mixedgui.widgets.icons import set_icon
from mixedgui.widgets.thumbnail_view import ThumbnailView
from mixedgui.widgets.tinted_label import TintedLabel


class ExampleCard(QFrame):
    """One example: a picture of its data, what it is, its first model, and the way in."""

    def __init__(self, example: Example, files: FileOpener, *, first: bool) -> None:
        super().__init__()
        self._example, self._files = example, files
        self.picture = ThumbnailView(self)
        self.setObjectName(f"card_{example.name}")
        unit = theme().unit
        sheet = QVBoxLayout(self)
        sheet.setContentsMargins(1, 1, 1, 1)
        sheet.setSpacing(0)
        sheet.addWidget(self.picture)
        column = QVBoxLayout()
        column.setContentsMargins(4 * unit, 3 * unit, 4 * unit, 3 * unit)
        sheet.addLayout(column, 1)
        column.setSpacing(unit)
        column.addWidget(TintedLabel(example.title, "text", self, bold=True))
        about = TintedLabel(f"{example.rows} ({example.name})", "text2", self, factor=0.92)
        about.setWordWrap(True)
        about.setToolTip(example.description)
        column.addWidget(about)
        self._command = QLabel(self)
        self._command.setFont(theme().mono(0.95))
        self._command.setTextFormat(Qt.TextFormat.RichText)
        self._command.setWordWrap(True)
        column.addWidget(self._command)
        column.addStretch(1)
        column.addSpacing(unit)
        row = QHBoxLayout()
        row.setSpacing(2 * unit)
        fit = QPushButton(self.tr("Open and fit"), self)
        fit.setObjectName(f"fit_{example.name}")
        fit.setAccessibleName(self.tr("Open {0} and fit its first model").format(example.title))
        fit.setDefault(first)
        fit.clicked.connect(self._fit)
        set_icon(fit, "play", "on_accent" if first else "text2")
        data = QPushButton(self.tr("Open data"), self)
        data.setObjectName(f"open_{example.name}")
        data.setAccessibleName(self.tr("Open {0}").format(example.title))
        data.clicked.connect(self._open)
        for button in (fit, data):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        theme().changed.connect(self._recolour)
        self._recolour()

    @Slot()
    def _fit(self) -> None:
        self._files.open_example(self._example, fit=True)

    @Slot()
    def _open(self) -> None:
        self._files.open_example(self._example)

    @Slot()
    def _recolour(self) -> None:
        self._command.setText(coloured_html(self._example.command))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the sheet, the ground of the picture and the hairline around."""
        look = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 2.0 * look.unit, 2.0 * look.unit)
        painter.fillPath(outline, look.color("base"))
        painter.save()
        painter.setClipPath(outline)
        painter.fillRect(self.picture.geometry(), look.color("alt"))
        painter.restore()
        painter.setPen(QPen(look.color("line"), 1))
        painter.drawPath(outline)
