"""A field that takes names from a list: typed with completion, or picked from a menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from engine.api import Picks
from mixedgui.state.translation import tr
from mixedgui.widgets.edge_buttons import EdgeButtons
from mixedgui.widgets.marked_edit import MarkedEdit

MOST_ENTRIES = 40


class PickEdit(MarkedEdit):
    """The mark at its right end, or Alt+Down, opens the list.

    Attributes
    ----------
    picks
        What the list holds.
    """

    def __init__(self, picks: Picks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picks = picks
        self._source: Callable[[], Sequence[tuple[str, str]]] = tuple
        self._reason = ""
        self._edges = EdgeButtons(self)
        self._open = self._edges.add_button("caret-down", tr("Choose from a list"))
        self._open.clicked.connect(self.open_list)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the mark at the end."""
        super().resizeEvent(event)
        self._edges.place()

    def set_source(self, source: Callable[[], Sequence[tuple[str, str]]], reason: str) -> None:
        """Offer texts with their explanations, looked up when they are wanted; `reason` says why there are none."""
        self._source, self._reason = source, reason
        self._open.setToolTip(
            tr("Not available now: {reason}").format(reason=reason) if reason else tr("Choose from a list (Alt+Down)")
        )

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Know the names that can be completed."""
        super().focusInEvent(event)
        self.set_names([text for text, _ in self._source()])

    @Slot()
    def open_list(self) -> None:
        """Show the list below the field."""
        menu = self.menu()
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def menu(self) -> QMenu:
        """Return the list as a menu."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        entries = list(self._source())[:MOST_ENTRIES]
        for text, help_text in entries:
            action = menu.addAction(f"{text}\t{help_text}" if help_text else text)
            action.triggered.connect(lambda _checked=False, word=text: self._take(word))
        if not entries:
            menu.addAction(self._reason or tr("There is nothing to choose from.")).setEnabled(False)
        return menu

    def _take(self, text: str) -> None:
        self.insert_word(text)
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list on Alt+Down."""
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_list()
            return
        super().keyPressEvent(event)
