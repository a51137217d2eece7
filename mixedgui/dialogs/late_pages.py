"""Pages that are made after the dialog is on screen, so that one with many pages opens as fast as one with a single."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QScrollArea, QWidget

from mixedgui.dialogs.pages import Pages
from mixedgui.widgets.section import Section

PAUSE_MS = 15
"""Between two pages the window paints and listens."""


class LatePages(QObject):
    """Makes pages when they come to the front, when something on them is looked for, or else in idle moments.

    Parameters
    ----------
    tabs
        Where the pages stand.
    made
        Called with each page once it is in its place.
    """

    def __init__(self, tabs: Pages, made: Callable[[QScrollArea, Section], None], parent: QObject) -> None:
        super().__init__(parent)
        self._tabs = tabs
        self._made = made
        self._makers: dict[QScrollArea, Callable[[QWidget], Section]] = {}
        self._idle = QTimer(self)
        self._idle.setInterval(PAUSE_MS)
        self._idle.timeout.connect(self._make_next)
        tabs.currentChanged.connect(self._came_to_front)

    def add(self, name: str, title: str, make: Callable[[QWidget], Section]) -> None:
        """Open a tab for a page that `make` makes later, in the parent it is given."""
        self._makers[self._tabs.open_page(name, title)] = make

    @property
    def waiting(self) -> bool:
        """Whether a page is still to be made."""
        return bool(self._makers)

    def begin(self) -> None:
        """Make the pages one by one from now on, between events."""
        if self._makers:
            self._idle.start()

    def make_all(self) -> None:
        """Make all pages now."""
        while self._makers:
            self._make(next(iter(self._makers)))

    @Slot()
    def _make_next(self) -> None:
        if self._makers:
            self._make(next(iter(self._makers)))
        if not self._makers:
            self._idle.stop()

    @Slot(int)
    def _came_to_front(self, place: int) -> None:
        scroll = self._tabs.widget(place)
        if isinstance(scroll, QScrollArea) and scroll in self._makers:
            self._make(scroll)

    def _make(self, scroll: QScrollArea) -> None:
        page = self._makers.pop(scroll)(scroll.viewport())
        self._tabs.fill_page(scroll, page)
        self._made(scroll, page)
