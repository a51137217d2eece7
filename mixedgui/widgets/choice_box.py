"""A list of words to choose from, some of which may be off for a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from engine.api import Choice
from mixedgui.state.translation import shown, tr


class ChoiceBox(QComboBox):
    """Shows labels, holds words; both choose an entry.

    Parameters
    ----------
    choices
        In the order shown.
    none
        Label of a first entry that stands for no word; empty for none such.
    """

    def __init__(self, choices: Sequence[Choice], parent: QWidget | None = None, *, none: str = "") -> None:
        super().__init__(parent)
        self._helps: list[str] = []
        if none:
            self._add(shown(none), "", "")
        for choice in choices:
            self._add(shown(choice.label) or choice.word, choice.word, shown(choice.help))

    def may_shrink(self) -> None:
        """Let the box be narrower than its longest entry, and as wide as there is room."""
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_reasons(self, reasons: Mapping[str, str]) -> None:
        """Switch off the words named, each with its reason."""
        model = self.model()
        for row, help_text in enumerate(self._helps):
            reason = reasons.get(str(self.itemData(row)), "")
            text = tr("Not available now: {reason}").format(reason=reason) if reason else help_text
            if isinstance(model, QStandardItemModel):
                model.item(row).setEnabled(not reason)
            for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
                self.setItemData(row, text, role)

    def unavailable(self, reasons: Mapping[str, str]) -> str:
        """Say which entries are off, and why; empty when all are on."""
        words = ((self.itemText(row), reasons.get(str(self.itemData(row)), "")) for row in range(self.count()))
        return "\n".join(f"{label}: {reason}" for label, reason in words if reason)

    def setCurrentText(self, text: str) -> None:
        """Choose the entry of this label or word."""
        row = self.findText(text)
        row = row if row >= 0 else self.findData(text)
        if row >= 0:
            self.setCurrentIndex(row)

    def _add(self, label: str, word: str, help_text: str) -> None:
        self.addItem(label, word)
        self._helps.append(help_text)
        self.setItemData(self.count() - 1, help_text, Qt.ItemDataRole.ToolTipRole)
