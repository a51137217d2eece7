"""Searching the cards of the rich view: the cells of their tables and the words around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape

from PySide6.QtCore import QModelIndex, QPoint, QRect
from PySide6.QtGui import Qt, QTextCursor, QTextDocument
from PySide6.QtWidgets import QLabel, QTableView, QWidget

from mixedgui.docks.results.record import Record
from mixedgui.docks.results.tables_view import ResultsTables
from mixedgui.widgets.find_bar import in_document

_TAGS = re.compile(r"<style>.*?</style>|<[^>]*>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CardPlace:
    """Where something was found: in which widget of a record's card, from and to.

    Attributes
    ----------
    widget
        Its number among the labels and tables of the card: cards are made anew at any time.
    start, end
        Row and column in a table; in a label the characters.
    """

    record: Record
    widget: int
    start: int
    end: int


class TablesFinder:
    """Finds and shows places in the cards of `tables`; `text` returns a record as printed."""

    def __init__(self, tables: ResultsTables, text: Callable[[Record], str]) -> None:
        self._tables, self._text = tables, text
        self._at: CardPlace | None = None

    def search(self, wanted: str) -> Iterator[CardPlace | None]:
        """Yield the places of a text, from the top card to the bottom, and None where it may pause.

        Cards that are not there yet are made on the way, those without tables only where the text has it.
        """
        for record in self._tables.records() if wanted else ():
            if not record.tables and wanted.casefold() not in self._words(record):
                yield None
                continue
            for _ in self._tables.make(record):
                yield None
            card = dict(self._tables.cards()).get(record)
            for number, widget in enumerate(_searched(card) if card is not None else ()):
                if card is not None and card.may_show(widget):
                    yield from (CardPlace(record, number, *place) for place in _places(widget, wanted))
            yield None

    def _words(self, record: Record) -> str:
        """Return what the card of a record without tables says: its text, and its name and note."""
        return "\n".join((self._text(record), *self._tables.marks_of(record))).casefold()

    def show(self, place: CardPlace | None) -> None:
        """Mark a place and bring it into view; None takes the mark away."""
        if self._at is not None:
            self._mark(self._at, on=False)
        self._at = place
        if place is not None:
            self._mark(place, on=True)

    def _mark(self, place: CardPlace, *, on: bool) -> None:
        card = self._tables.card(place.record) if place.record in self._tables.records() else None
        widget = next((w for n, w in enumerate(_searched(card)) if n == place.widget), None) if card else None
        if card is None or widget is None:
            return
        if on:
            card.unfold()
        if isinstance(widget, QTableView):
            widget.clearSelection()
            widget.setCurrentIndex(widget.model().index(place.start, place.end) if on else QModelIndex())
            area = widget.visualRect(widget.currentIndex())
            area.translate(widget.viewport().pos())
        else:
            assert isinstance(widget, QLabel)
            if widget.hasSelectedText() or on:
                widget.setSelection(place.start if on else 0, place.end - place.start if on else 0)
            area = _line(widget, place.start)
        if on:
            self._tables.bring_into_view(widget, area)


def _searched(card: QWidget) -> Iterator[QWidget]:
    """Yield what bears words, in the order it was made: head, marks, then the parts of the result."""
    return (widget for widget in card.findChildren(QWidget) if isinstance(widget, QLabel | QTableView))


def _places(widget: QWidget, wanted: str) -> Iterator[tuple[int, int]]:
    if isinstance(widget, QTableView):
        model = widget.model()
        for row in range(model.rowCount()):
            for column in range(model.columnCount()):
                if wanted.casefold() in str(model.index(row, column).data() or "").casefold():
                    yield row, column
    elif isinstance(widget, QLabel) and wanted.casefold() in unescape(_TAGS.sub("", widget.text())).casefold():
        document = _document(widget)  # its cursors live no longer than it does
        for cursor in in_document(document, wanted):
            yield cursor.selectionStart(), cursor.selectionEnd()


def _document(label: QLabel) -> QTextDocument:
    """Return a document that counts characters as the label does."""
    document = QTextDocument()
    document.setDefaultFont(label.font())
    if Qt.mightBeRichText(label.text()) or label.textFormat() is Qt.TextFormat.RichText:
        document.setHtml(label.text())
    else:
        document.setPlainText(label.text())
    return document


def _line(label: QLabel, position: int) -> QRect:
    """Return the block of a character within its label."""
    document = _document(label)
    document.setTextWidth(label.width())
    cursor = QTextCursor(document)
    cursor.setPosition(min(position, document.characterCount() - 1))
    block = document.documentLayout().blockBoundingRect(cursor.block()).toRect()
    return QRect(QPoint(0, block.top()), block.size()) & label.rect()
