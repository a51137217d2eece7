"""A choice between a few words as radio buttons; reads and writes like a list box."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QWidget

from engine.api import Choice
from mixedgui.state.translation import shown
from mixedgui.theme import theme
from mixedgui.widgets.option_control import describe


class RadioChoice(QWidget):
    """One radio button per word, named ``<name>_<word>`` (``_none`` for the empty word).

    Attributes
    ----------
    chosen
        The user chose a word.
    """

    chosen = Signal(str)
    currentTextChanged = Signal(str)

    def __init__(self, name: str, choices: Sequence[Choice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._words = [choice.word for choice in choices]
        self._group = QButtonGroup(self)
        self.buttons: list[QRadioButton] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4 * theme().unit)
        for place, choice in enumerate(choices):
            button = QRadioButton(shown(choice.label), self)
            button.setObjectName(f"{name}_{choice.word or 'none'}")
            describe(button, choice.label, choice.help)
            self._group.addButton(button, place)
            self.buttons.append(button)
            row.addWidget(button)
        row.addStretch()
        self.buttons[0].setChecked(True)
        self.setFocusProxy(self.buttons[0])
        self._group.idToggled.connect(self._toggled)

    def show_word(self, word: str) -> None:
        """Show a word without reporting it as chosen."""
        self._group.blockSignals(True)
        self.buttons[self._words.index(word) if word in self._words else 0].setChecked(True)
        self._group.blockSignals(False)

    def count(self) -> int:
        """Return the number of words."""
        return len(self._words)

    def itemText(self, index: int) -> str:
        """Return the label of one word."""
        return self.buttons[index].text().replace("&", "")

    def itemData(self, index: int) -> str:
        """Return one word."""
        return self._words[index]

    def findData(self, word: str) -> int:
        """Return the place of a word, -1 for none."""
        return self._words.index(word) if word in self._words else -1

    def findText(self, text: str) -> int:
        """Return the place of a label or word, -1 for none."""
        labels = [self.itemText(place).lower() for place in range(self.count())]
        return labels.index(text.lower()) if text.lower() in labels else self.findData(text)

    def currentIndex(self) -> int:
        """Return the place of the word chosen."""
        return self._group.checkedId()

    def currentText(self) -> str:
        """Return the label of the word chosen."""
        return self.itemText(self.currentIndex())

    def currentData(self) -> str:
        """Return the word chosen."""
        return self._words[self.currentIndex()]

    def setCurrentIndex(self, index: int) -> None:
        """Choose a word by its place."""
        if 0 <= index < self.count():
            self.buttons[index].setChecked(True)

    def setCurrentText(self, text: str) -> None:
        """Choose a word by its label, or itself."""
        self.setCurrentIndex(self.findText(text))

    def _toggled(self, place: int, on: bool) -> None:
        if on:
            self.chosen.emit(self._words[place])
            self.currentTextChanged.emit(self.itemText(place))
