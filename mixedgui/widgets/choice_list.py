"""A list of words with a sentence each, one of which is chosen; those that are off say why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from engine.api import Choice
from mixedgui.state.translation import shown, tr
from mixedgui.theme import theme

WORD_ROLE = Qt.ItemDataRole.UserRole + 1

MOST_ROWS = 20


class ChoiceList(QListView):
    """Attributes: `chosen` tells the word that the user chose."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Sequence[Choice], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._choices = tuple(choices)
        self._model = QStandardItemModel(self)
        for choice in choices:
            item = QStandardItem(f"{shown(choice.label)}: {shown(choice.help)}" if choice.help else shown(choice.label))
            item.setData(choice.word, WORD_ROLE)
            self._model.appendRow(item)
        self.setModel(self._model)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSpacing(theme().unit // 2)
        row = self.sizeHintForRow(0) + theme().unit
        self.setFixedHeight(min(len(choices), MOST_ROWS) * row + 2 * self.frameWidth() + theme().unit)
        self.selectionModel().currentChanged.connect(self._changed)

    def sizeHint(self) -> QSize:
        """Ask for the width of the longest sentence."""
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(
            self.sizeHintForColumn(0) + bar + 2 * self.frameWidth() + theme().unit, super().sizeHint().height()
        )

    def word(self) -> str:
        """Return the word chosen."""
        return str(self.currentIndex().data(WORD_ROLE) or "")

    def show_word(self, word: str) -> None:
        """Show a word without reporting it as chosen."""
        row = next((row for row, choice in enumerate(self._choices) if choice.word == word), 0)
        if self.currentIndex().row() != row:
            self.selectionModel().blockSignals(True)
            self.setCurrentIndex(self._model.index(row, 0))
            self.selectionModel().blockSignals(False)
            self.viewport().update()

    def setCurrentText(self, text: str) -> None:
        """Choose a word."""
        row = next((row for row, choice in enumerate(self._choices) if choice.word == text), -1)
        if row >= 0:
            self.setCurrentIndex(self._model.index(row, 0))

    def set_reasons(self, reasons: Mapping[str, str]) -> None:
        """Grey the words named, each with its reason; they can still be looked at."""
        for row, choice in enumerate(self._choices):
            reason = reasons.get(choice.word, "")
            item = self._model.item(row)
            text = tr("Not available now: {reason}").format(reason=reason) if reason else shown(choice.help)
            item.setToolTip(text)
            item.setData(text, Qt.ItemDataRole.AccessibleDescriptionRole)
            item.setForeground(theme().color("disabled" if reason else "text"))

    @Slot(QModelIndex)
    def _changed(self, index: QModelIndex) -> None:
        if index.isValid():  # not when the list goes
            self.chosen.emit(str(index.data(WORD_ROLE)))
