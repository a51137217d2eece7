"""The results as a column of cards: the same blocks as in the text, their tables set as tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QTimer, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from mixedgui.docks.results.record import Record
from mixedgui.docks.results.record_menu import RecordActions
from mixedgui.state.result_marks import ResultMarks
from mixedgui.theme import theme

if TYPE_CHECKING:
    from mixedgui.docks.results.result_card import ResultCard

SETTLING_MS = 300


class ResultsTables(QScrollArea):
    """Cards for the records of a log; they are made when the view is seen.

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
        self.setWidgetResizable(True)
        self._kept, self._marks, self._actions = records, marks, actions
        self._factor = 1.0
        self._cards: dict[Record, ResultCard] = {}
        page = self._page = QWidget(self)
        page.setAutoFillBackground(True)
        page.setBackgroundRole(QPalette.ColorRole.Window)
        self._column = QVBoxLayout(page)
        unit = theme().unit
        self._column.setContentsMargins(3 * unit, 3 * unit, 3 * unit, 3 * unit)
        self._column.setSpacing(3 * unit)
        self._column.addStretch(1)
        self.setWidget(page)
        self._followed: Record | None = None
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLING_MS)
        self._settled.timeout.connect(self._stop_following)
        self.verticalScrollBar().rangeChanged.connect(self._follow)
        theme().changed.connect(self._renew)

    def set_factor(self, factor: float) -> None:
        """Show text `factor` times as large as the interface's."""
        if factor != self._factor:
            self._factor = factor
            self._renew()

    @Slot()
    def sync(self) -> None:
        """Make cards for records that are complete and have none, drop those of records that are gone."""
        if not self.isVisible():
            return
        from mixedgui.docks.results.result_card import ResultCard  # the first view of results is the text

        records = list(self._kept())
        for record in [record for record in self._cards if record not in records]:
            self._cards.pop(record).deleteLater()
        added = False
        for record in records:
            if record.outcome is not None and record not in self._cards:
                card = ResultCard(record, self._actions, self._factor, self._marks)
                card.text_wanted.connect(self.text_wanted)
                self._cards[record] = card
                self._column.insertWidget(self._column.count() - 1, card)
                added = True
        self._arrange(records)
        for record, card in self._cards.items():
            card.show_marks(self._marks.name(record.number), self._marks.note(record.number))
        if added:
            # the cards get their heights one by one: the last is followed until they have settled
            self._followed = records[-1]
            self._settled.start()
            self._follow()

    def _arrange(self, records: Sequence[Record]) -> None:
        """Put the cards into their order: pinned ones on top, then as they came."""
        pinned = self._marks.form.pinned
        shown = [record for record in records if record in self._cards]
        shown.sort(key=lambda record: pinned.index(record.number) if record.number in pinned else len(pinned))
        for place, record in enumerate(shown):
            card = self._cards[record]
            if self._column.indexOf(card) != place:
                self._column.removeWidget(card)
                self._column.insertWidget(place, card)

    def cards(self) -> list[tuple[Record, ResultCard]]:
        """Return the records with their cards, from top to bottom."""
        return sorted(self._cards.items(), key=lambda item: self._column.indexOf(item[1]))

    def bring_into_view(self, widget: QWidget, area: QRect) -> None:
        """Scroll until an area of a widget in a card is seen."""
        self._stop_following()
        self._column.activate()
        place = widget.mapTo(self._page, QPoint()) + area.center()
        margin = area.height() // 2 + 6 * theme().unit
        self.ensureVisible(place.x(), place.y(), 0, margin)

    def go_to(self, record: Record) -> None:
        """Bring a record's card into view."""
        card = self._cards.get(record)
        if card is not None:
            self.verticalScrollBar().setValue(card.y() - theme().unit)

    @Slot()
    def _follow(self) -> None:
        if self._followed is not None:
            self.go_to(self._followed)

    @Slot()
    def _stop_following(self) -> None:
        self._follow()
        self._followed = None

    @Slot()
    def _renew(self) -> None:
        for card in self._cards.values():
            card.deleteLater()
        self._cards.clear()
        self.sync()
