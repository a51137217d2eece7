"""The bar that searches a text: a field, how many places were found, next and previous."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPalette, QTextCursor, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from mixedgui.state.translation import tr
from mixedgui.theme import theme
from mixedgui.widgets.pane_head import icon_button
from mixedgui.widgets.search_field import SearchField

MARKED = 1000
"""No more places than this are coloured and counted."""


SLICE_SECONDS = 0.02
"""How long a search goes on before the window gets a chance to paint and to listen."""


def in_document(document: QTextDocument, wanted: str) -> list[QTextCursor]:
    """Return the places of a text in a document."""
    places: list[QTextCursor] = []
    cursor = QTextCursor(document)
    while wanted and len(places) < MARKED:
        cursor = document.find(wanted, cursor)
        if cursor.isNull():
            break
        places.append(QTextCursor(cursor))
    return places


class FindBar(QWidget):
    """Asks what to search and counts what was found; whoever shows the places colours them.

    Parameters
    ----------
    search
        Returns the places of a text, of whatever kind, and None where the search may pause; none for an empty text.
    hint
        What is searched, in words.

    Attributes
    ----------
    found
        All places and the one to go to (None when there is none).
    closed
        The user is done.
    """

    found = Signal(list, object)
    closed = Signal()

    def __init__(self, search: Callable[[str], Iterable[object]], hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = search
        self._places: list[object] = []
        self._at = -1
        self._coming: Iterator[object] = iter(())
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._gather)
        unit = theme().unit
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * unit, unit, 2 * unit, unit)
        row.setSpacing(2 * unit)
        self.field = SearchField(hint, self)
        self.field.setObjectName("find_text")
        self._count = QLabel(self)
        self._count.setMinimumWidth(self._count.fontMetrics().horizontalAdvance("0000 of 0000"))
        previous = icon_button("caret-up", self.tr("Previous place"), self)
        following = icon_button("caret-down", self.tr("Next place"), self)
        close = icon_button("x", self.tr("Close the find bar"), self)
        for widget in (self.field, self._count, previous, following, close):
            row.addWidget(widget)
        row.setStretch(0, 1)
        self.field.textChanged.connect(self._search)
        self.field.returnPressed.connect(self.next)
        previous.clicked.connect(self.previous)
        following.clicked.connect(self.next)
        close.clicked.connect(self.leave)

    def open(self, text: str = "") -> None:
        """Show the bar, search for `text` when there is some, and take the focus."""
        self.show()
        if text and "\u2029" not in text:
            self.field.setText(text)
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search()

    @Slot()
    def leave(self) -> None:
        """Hide the bar and forget the places."""
        self.hide()
        self._turn.stop()
        self._places, self._at = [], -1
        self.found.emit([], None)
        self.closed.emit()

    @Slot()
    def next(self) -> None:
        """Go to the next place, from the last to the first."""
        self._step(1)

    @Slot()
    def previous(self) -> None:
        """Go to the place before."""
        self._step(-1)

    def search_with(self, search: Callable[[str], Iterable[object]]) -> None:
        """Search elsewhere from now on; a bar that is open searches at once."""
        if self.isVisible():
            self.found.emit([], None)
        self._look = search
        if self.isVisible():
            self._search()

    @Slot()
    def _search(self) -> None:
        self._places, self._at = [], -1
        self._coming = iter(self._look(self.field.text()))
        self._gather()

    @property
    def searching(self) -> bool:
        """Whether the search still goes on."""
        return self._turn.isActive()

    @Slot()
    def _gather(self) -> None:
        """Take places until there are no more, or enough, or time is up at a pause."""
        until = time.perf_counter() + SLICE_SECONDS
        self._turn.stop()
        for place in self._coming:
            if place is not None:
                self._places.append(place)
                if len(self._places) == MARKED:
                    break
            elif time.perf_counter() > until:
                self._turn.start()
                self._count.setText(self.tr("searching…"))
                return
        self._at = len(self._places) - 1
        self._tell()

    def _step(self, by: int) -> None:
        if self.searching:
            return  # it goes to the last place when all are known
        if self._places:
            self._at = (self._at + by) % len(self._places)
            self._tell()
        else:
            self._search()

    def _tell(self) -> None:
        if not self.field.text():
            self._count.setText("")
        elif not self._places:
            self._count.setText(self.tr("not found"))
        else:
            more = "+" if len(self._places) == MARKED else ""
            self._count.setText(tr("{0} of {1}{more}").format(self._at + 1, len(self._places), more=more))
        self.found.emit(self._places, self._places[self._at] if self._places else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc, go back with Shift+Enter."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.previous()
        else:
            super().keyPressEvent(event)
