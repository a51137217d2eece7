"""Variable names offered under a field while one types; the field keeps the focus."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QStringListModel, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QListView

from mixedgui.state.translation import tr
from mixedgui.theme import theme
from mixedgui.widgets.keys import watch_keys

SHOWN_ROWS = 8

_WORD_BEFORE = re.compile(r"[^\W\d]\w*$")


class NameCompleter(QObject):
    """Completes the name before the cursor of a line edit.

    Nothing is chosen until Down is pressed or a name is clicked, so Enter and Tab keep their meaning while one types.

    Parameters
    ----------
    edit
        The field; it may live inside an editable list.
    """

    def __init__(self, edit: QLineEdit) -> None:
        super().__init__(edit)
        self._edit = edit
        self._names: tuple[str, ...] = ()
        self._model = QStringListModel(self)
        self._list: QListView | None = None
        edit.textEdited.connect(self._offer)
        watch_keys(edit, self)

    @property
    def names(self) -> tuple[str, ...]:
        """The names on offer."""
        return self._names

    def set_names(self, names: Sequence[str]) -> None:
        """Offer these names from now on."""
        self._names = tuple(names)

    @property
    def offered(self) -> list[str]:
        """The names shown now, empty while none are."""
        return self._model.stringList() if self._list is not None and self._list.isVisible() else []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list, take a name, or put the list away."""
        if self._list is None or not self._list.isVisible():
            return False
        if event.type() is QEvent.Type.FocusOut:
            self._list.hide()
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(self._list, Qt.Key(event.key()))
        return False

    def _key(self, view: QListView, key: Qt.Key) -> bool:
        chosen = view.currentIndex()
        match key:
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                step = 1 if key is Qt.Key.Key_Down else -1
                row = chosen.row() + step if chosen.isValid() else (0 if step > 0 else self._model.rowCount() - 1)
                view.setCurrentIndex(self._model.index(row % self._model.rowCount(), 0))
                return True
            case Qt.Key.Key_Escape:
                view.hide()
                return True
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Tab if chosen.isValid():
                self._take(chosen)
                return key is not Qt.Key.Key_Tab
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                view.hide()
        return False

    @Slot()
    def _offer(self) -> None:
        word = self._word()
        starts = [name for name in self._names if name.lower().startswith(word.lower())]
        inside = [name for name in self._names if word.lower() in name.lower() and name not in starts]
        found = [*starts, *inside]
        if not word or not found or word in self._names:
            if self._list is not None:
                self._list.hide()
            return
        self._model.setStringList(found)
        self._show()

    def _word(self) -> str:
        found = _WORD_BEFORE.search(self._edit.text()[: self._edit.cursorPosition()])
        return found.group() if found else ""

    def _show(self) -> None:
        window = self._edit.window()
        view = self._list
        if view is None or view.parentWidget() is not window:
            view = QListView(window)
            view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            view.setAccessibleName(tr("Variables"))
            view.setFrameShape(QFrame.Shape.Box)
            view.setUniformItemSizes(True)
            view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
            view.setModel(self._model)
            view.clicked.connect(self._take)
            self._list = view
        view.setCurrentIndex(QModelIndex())
        unit = theme().unit
        rows = min(self._model.rowCount(), SHOWN_ROWS)
        height = rows * max(view.sizeHintForRow(0), 4 * unit) + 2 * view.frameWidth()
        width = max(view.sizeHintForColumn(0) + 8 * unit, 30 * unit)
        below = self._edit.mapTo(window, QPoint(self._edit.cursorRect().left(), self._edit.height() + 1))
        if below.y() + height > window.height():
            below.setY(max(0, self._edit.mapTo(window, QPoint(0, 0)).y() - height - 1))
        below.setX(max(0, min(below.x(), window.width() - width)))
        view.setGeometry(below.x(), below.y(), width, height)
        view.show()
        view.raise_()

    @Slot(QModelIndex)
    def _take(self, index: QModelIndex) -> None:
        name = str(index.data())
        cursor = self._edit.cursorPosition()
        before = _WORD_BEFORE.sub("", self._edit.text()[:cursor])
        self._edit.setText(f"{before}{name}{self._edit.text()[cursor:]}")
        self._edit.setCursorPosition(len(before) + len(name))
        if self._list is not None:
            self._list.hide()
