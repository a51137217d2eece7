"""The results as a column of cards: the same blocks as in the text, their tables set as tables."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QTimer, Signal, Slot
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from mixedgui.docks.results.record import Record
from mixedgui.docks.results.record_menu import RecordActions
from mixedgui.docks.results.tab_order import last_stop, put_after
from mixedgui.state.result_marks import ResultMarks
from mixedgui.theme import theme

if TYPE_CHECKING:
    from mixedgui.docks.results.result_card import ResultCard

SLICE_SECONDS = 0.008
"""How long parts of cards are made before the window gets a chance to lay them out, to paint and to listen."""

LINE_UNITS, HEAD_UNITS = 4.5, 12
MOST_LINES = 110
"""How high a line and a head are about, and how many lines a card may have: room for what is not made yet."""


class ResultsTables(QScrollArea):
    """Cards for the records of a log, made part by part between events: those in sight first, then those near it.

    The others are made when they are asked for or come near. What is at the top of the view stays there while the
    heights above it become known.

    Attributes
    ----------
    text_wanted
        A record is to be shown in the text view.
    """

    text_wanted = Signal(object)

    def __init__(
        self,
        records: Callable[[], Sequence[Record]],
        marks: ResultMarks,
        actions: RecordActions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("results_tables")
        self.setAccessibleName(self.tr("Results, tables"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._kept, self._marks, self._actions = records, marks, actions
        self._factor = 1.0
        self._order: list[Record] = []
        self._tops: list[int] = []
        self._cards: dict[Record, ResultCard] = {}
        self._gone: list[ResultCard] = []
        self._anchor: tuple[Record, int] | None = None
        self._placing = False
        self._page = _Page(self)
        self._page.asked.connect(self._place)
        self.setWidget(self._page)
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._work)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        theme().changed.connect(self._renew)

    def set_factor(self, factor: float) -> None:
        """Show text `factor` times as large as the interface's."""
        if factor != self._factor:
            self._factor = factor
            self._renew()

    # --- which records -----------------------------------------------------------------------------------------------

    @Slot()
    def sync(self) -> None:
        """Take up records that are complete, drop those that are gone, show their marks."""
        if not self.isVisible():
            return
        known, pinned = set(self._order), self._marks.form.pinned
        records = [record for record in self._kept() if record.outcome is not None]
        for record in self._cards.keys() - set(records):
            self._drop(self._cards.pop(record))
        newest = records[-1] if records and records[-1] not in known else None
        before = self._order
        self._order = sorted(records, key=lambda r: pinned.index(r.number) if r.number in pinned else len(pinned))
        if [record for record in before if record in self._cards] != [r for r in self._order if r in self._cards]:
            self._stack_anew()
        for record, card in self._cards.items():
            card.show_marks(*self.marks_of(record))
        self._place()
        if newest is not None:
            self.go_to(newest)
        self._turn.start()

    def records(self) -> Sequence[Record]:
        """Return the records from top to bottom."""
        return tuple(self._order)

    def marks_of(self, record: Record) -> tuple[str, str]:
        """Return the name and the note of a record."""
        return self._marks.name(record.number), self._marks.note(record.number)

    def cards(self) -> list[tuple[Record, ResultCard]]:
        """Return the records that have cards, with them, from top to bottom."""
        return [(record, self._cards[record]) for record in self._order if record in self._cards]

    def card(self, record: Record) -> ResultCard:
        """Return the whole card of a record, made now where it is not there."""
        for _ in self.make(record):
            pass
        self._place()
        return self._cards[record]

    def make(self, record: Record) -> Iterator[None]:
        """Make what is missing of a card, a part at each step."""
        while record in self._order and not self._is_made(record):
            self._grow(record)
            yield

    # --- making cards ------------------------------------------------------------------------------------------------

    @Slot()
    def _work(self) -> None:
        """Make the next parts, or end one card that is no longer shown."""
        if not self.isVisible():
            return
        until = time.perf_counter() + SLICE_SECONDS
        record = self._next()
        if record is None and self._gone:
            self._gone.pop().deleteLater()
        while record is not None:
            self._grow(record)
            record = self._next()
            if time.perf_counter() > until:
                break
        self._place()
        if record is not None or self._gone:
            self._turn.start()

    def _next(self) -> Record | None:
        """Return the record to work at: one in sight, else one below or above it as far as a page away."""
        if not self._order:
            return None
        value, page = self.verticalScrollBar().value(), self.viewport().height()
        first = self._place_at(value)
        lowest = min(self._place_at(value + 2 * page) + 1, len(self._order) - 1)
        highest = max(self._place_at(value - page) - 1, 0)
        places = (*range(first, lowest + 1), *range(first - 1, highest - 1, -1))
        return next((self._order[place] for place in places if not self._is_made(self._order[place])), None)

    def _is_made(self, record: Record) -> bool:
        return record in self._cards and self._cards[record].complete

    def _grow(self, record: Record) -> None:
        """Make a card's head or its next part."""
        card = self._cards.get(record)
        if card is not None:
            card.grow()
            if card.complete:
                put_after(card, self._before(record))
            return
        from mixedgui.docks.results.result_card import ResultCard  # the first view of results is the text

        card = ResultCard(record, self._actions, self._factor, self._marks, self._page)
        card.text_wanted.connect(self.text_wanted)
        card.show_marks(*self.marks_of(record))
        self._cards[record] = card
        after = next((self._cards[r] for r in self._order[self._order.index(record) + 1 :] if r in self._cards), None)
        if after is not None:
            card.stackUnder(after)  # children are read out in their order on the page
        card.show()

    def _before(self, record: Record) -> QWidget:
        """Return what Tab leaves for a record's card: the last stop in the card above it, else this view."""
        above = [self._cards[r] for r in self._order[: self._order.index(record)] if r in self._cards]
        return next((last_stop(card) for card in reversed(above) if card.complete), self)

    def _stack_anew(self) -> None:
        """Put all cards into their new order, for Tab and for who reads them out."""
        before: QWidget = self
        for _, card in self.cards():
            card.raise_()
            if card.complete:
                put_after(card, before)
                before = last_stop(card)

    def _drop(self, card: ResultCard) -> None:
        card.hide()
        self._gone.append(card)

    @Slot()
    def _renew(self) -> None:
        for card in self._cards.values():
            self._drop(card)
        self._cards.clear()
        self.sync()

    # --- where they are ----------------------------------------------------------------------------------------------

    @Slot()
    def _place(self) -> None:
        """Give each card its place below the one before; what was at the top of the view stays there."""
        if self._placing or not self.isVisible():
            return
        self._placing = True
        unit = theme().unit
        edge, gap = 3 * unit, 3 * unit
        width = self.viewport().width()
        widest = max((card.measure(width - 2 * edge)[1] for card in self._cards.values()), default=0)
        width = max(width, widest + 2 * edge)
        self._tops, top = [], edge
        for record in self._order:
            self._tops.append(top)
            card, height = self._cards.get(record), 0
            if card is not None:
                height, _ = card.measure(width - 2 * edge)
                card.setGeometry(edge, top, width - 2 * edge, height)
            top += gap + (height if card is not None and card.complete else max(height, self._guess(record)))
        self._page.resize(width, max(top - gap + edge, self.viewport().height()))
        if self._anchor is not None and self._anchor[0] in self._order:
            record, below = self._anchor
            self.verticalScrollBar().setValue(self._tops[self._order.index(record)] + below)
        self._placing = False

    def _guess(self, record: Record) -> int:
        """Return about how high the card of a record will be."""
        lines = min(record.last - record.first + 1, MOST_LINES)
        return round(theme().unit * (HEAD_UNITS + LINE_UNITS * lines * self._factor))

    def _place_at(self, height: int) -> int:
        """Return the number of the card at a height of the page."""
        return max(bisect_right(self._tops, height) - 1, 0)

    @Slot(int)
    def _scrolled(self, value: int) -> None:
        if not self._placing and self._order:
            place = self._place_at(value)
            self._anchor = (self._order[place], value - self._tops[place])
        self._turn.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make cards as wide as the view."""
        super().resizeEvent(event)
        self._place()
        self._turn.start()

    def bring_into_view(self, widget: QWidget, area: QRect) -> None:
        """Scroll until an area of a widget in a card is seen."""
        self._place()
        place = widget.mapTo(self._page, QPoint()) + area.center()
        margin = area.height() // 2 + 6 * theme().unit
        self.ensureVisible(place.x(), place.y(), 0, margin)

    def go_to(self, record: Record) -> None:
        """Bring a record's card to the top of the view."""
        if record in self._order:
            self._anchor = (record, -theme().unit)
            self._place()
            self._turn.start()


class _Page(QWidget):
    """The ground of the cards.

    Attributes
    ----------
    asked
        A card wants another height.
    """

    asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)

    def event(self, event: QEvent) -> bool:
        """Tell when a card's contents have changed."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.asked.emit()
        return super().event(event)
