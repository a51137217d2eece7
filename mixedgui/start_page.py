"""What the Results pane shows before the first command: open, recent files, examples with a first model."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mixedgui.jobs.thumbnails import Thumbnails
from mixedgui.models.thumbnail import Thumbnail
from mixedgui.opening import FileOpener, available_examples
from mixedgui.preferences import Preferences
from mixedgui.theme import theme
from mixedgui.widgets.example_card import ExampleCard
from mixedgui.widgets.icons import set_icon
from mixedgui.widgets.tinted_label import TintedLabel

CARD_UNITS = 70
"""Least width of a card, in units of the theme."""

FIRST_CARDS = 6
"""Cards made at the start; the others wait until they are asked for."""

SHOWN_RECENT = 5

PICTURES_MS = 300
"""The first paint and the first wish of the user go before."""


class StartPage(QScrollArea):
    """A way in for each first step; every button ends in a command. Attribute: `tour_wanted`."""

    tour_wanted = Signal()

    def __init__(self, files: FileOpener, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("start_page")
        self.setAccessibleName(self.tr("Start page"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._files = files
        self._preferences = preferences
        self._columns = 0
        unit = theme().unit
        page = QWidget(self)
        page.setAutoFillBackground(True)
        page.setBackgroundRole(QPalette.ColorRole.Base)
        column = QVBoxLayout(page)
        column.setContentsMargins(6 * unit, 6 * unit, 6 * unit, 6 * unit)
        column.setSpacing(4 * unit)
        column.addLayout(self._welcome())
        self._recent = QVBoxLayout()
        self._recent.setSpacing(unit)
        column.addLayout(self._recent)
        self._examples = available_examples()
        self._cards: list[ExampleCard] = []
        self._pictures = Thumbnails(self)
        self._pictures.made.connect(self._show_picture)
        self._drawn = 0
        self._add_cards(FIRST_CARDS)
        self._grid = QGridLayout()
        self._grid.setSpacing(4 * unit)
        if self._cards:
            heading = QHBoxLayout()
            heading.addWidget(_text(self.tr("Examples"), 1.3))
            heading.addWidget(_quiet(self.tr("real data, first model ready")), 1)
            if len(self._examples) > FIRST_CARDS:
                more = QPushButton(self.tr("All {0} examples").format(len(self._examples)), self)
                more.setObjectName("start_all_examples")
                more.setFlat(True)
                more.clicked.connect(self._show_all)
                more.clicked.connect(more.hide)
                heading.addWidget(more)
            column.addLayout(heading)
            column.addLayout(self._grid)
        column.addStretch(1)
        self.setWidget(page)
        files.remembered.connect(self._list_recent)
        self._list_recent()

    def _welcome(self) -> QHBoxLayout:
        unit = theme().unit
        words = QVBoxLayout()
        words.setSpacing(unit)
        words.addWidget(_text("mixedgui", 1.85))
        words.addWidget(TintedLabel(self.tr("Linear mixed-effects models, by clicks and by command"), "text2"))
        open_button = QPushButton(self.tr("Open a data file…"), self)
        open_button.setObjectName("start_open")
        open_button.setDefault(True)
        open_button.clicked.connect(self._files.ask)
        set_icon(open_button, "folder-open", "on_accent")
        tour_button = QPushButton(self.tr("Tour in six steps"), self)
        tour_button.setObjectName("start_tour")
        tour_button.clicked.connect(self.tour_wanted)
        set_icon(tour_button, "compass")
        words.addSpacing(2 * unit)
        buttons = QHBoxLayout()
        buttons.addWidget(open_button)
        buttons.addWidget(tour_button)
        buttons.addStretch(1)
        words.addLayout(buttons)
        words.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(6 * unit)
        row.addLayout(words)
        row.addWidget(_DropZone(), 1)
        return row

    def _add_cards(self, number: int) -> None:
        """Make the cards up to `number`."""
        for example in self._examples[len(self._cards) : number]:
            self._cards.append(ExampleCard(example, self._files, first=not self._cards))

    @Slot()
    def _show_all(self) -> None:
        self._add_cards(len(self._examples))
        self._draw_cards()
        self._place_cards(self._columns)

    @Slot()
    def _draw_cards(self) -> None:
        """Have the pictures made that are not there yet, unless the page has gone already."""
        if not self.isVisible():
            return
        self._pictures.ask(self._examples[self._drawn : len(self._cards)])
        self._drawn = len(self._cards)

    @Slot(str, object)
    def _show_picture(self, name: str, picture: Thumbnail | None) -> None:
        for example, card in zip(self._examples, self._cards, strict=False):
            if example.name == name:
                card.picture.show_picture(picture)

    def _place_cards(self, columns: int) -> None:
        self._columns = columns
        for number, card in enumerate(self._cards):
            self._grid.addWidget(card, number // columns, number % columns)
        for index in range(columns):
            self._grid.setColumnStretch(index, 1)

    @Slot()
    def _list_recent(self) -> None:
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        paths = [path for path in self._preferences.recent_files() if Path(path).is_file()][:SHOWN_RECENT]
        if not paths:
            return
        self._recent.addWidget(_text(self.tr("Recent"), 1.0))
        for path in paths:
            button = QPushButton(f"{Path(path).name}   {Path(path).parent}".replace("&", "&&"), self)
            button.setFlat(True)
            button.setAccessibleName(self.tr("Open {0}").format(path))
            button.clicked.connect(lambda _checked=False, chosen=path: self._files.open(chosen))
            set_icon(button, "table" if not path.endswith(".do") else "file-text")
            self._recent.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)

    def showEvent(self, event: QShowEvent) -> None:
        """Draw the pictures once the page is on screen."""
        super().showEvent(event)
        QTimer.singleShot(PICTURES_MS, self, self._draw_cards)

    def hideEvent(self, event: QHideEvent) -> None:
        """Draw no more pictures that nobody sees."""
        super().hideEvent(event)
        self._pictures.stop()
        self._drawn = 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put as many cards side by side as fit."""
        super().resizeEvent(event)
        room = self.viewport().width() - 12 * theme().unit
        columns = max(1, room // (CARD_UNITS * theme().unit))
        if columns != self._columns and self._cards:
            self._place_cards(columns)


class _DropZone(QWidget):
    """Shows that files may be dropped; the window takes them wherever they fall."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(self.tr("Drop a data set or a do-file anywhere in the window"))

    def sizeHint(self) -> QSize:
        """Wide enough for its sentence."""
        return QSize(50 * theme().unit, 22 * theme().unit)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dashed frame and its two lines."""
        look, unit = theme(), theme().unit
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.color("control"), 1.2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), 2.0 * unit, 2.0 * unit)
        middle = self.rect().center().y()
        for text, font, token, place in (
            (self.tr("Drop a file here"), look.font(bold=True), "text", middle - 5 * unit),
            (self.tr("data of any program, or a do-file (.do)"), look.font(0.92), "text2", middle),
        ):
            painter.setFont(font)
            painter.setPen(look.color(token))
            room = QRect(2 * unit, place, self.width() - 4 * unit, self.height() - place)
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(room, flags, text)


def _text(words: str, factor: float) -> TintedLabel:
    return TintedLabel(words, "text", factor=factor, bold=True)


def _quiet(words: str) -> TintedLabel:
    label = TintedLabel(words, "text2", factor=0.92)
    label.setWordWrap(True)
    return label
