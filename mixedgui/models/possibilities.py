"""What is possible after the last fit, as a tree model: headings, and under them commands and statistics."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QFont, QStandardItem, QStandardItemModel

from mixedgui.state.postestimation import Possibility
from mixedgui.state.translation import tr
from mixedgui.theme import theme

POSSIBILITY_ROLE = Qt.ItemDataRole.UserRole + 1


class PossibilityModel(QStandardItemModel):
    """A dozen headings at most; filled anew after each command that changes what is possible."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.row_height = 0
        self._shown: tuple[Possibility, ...] = ()

    def show_possibilities(self, entries: tuple[Possibility, ...]) -> bool:
        """Show other entries; return whether anything changed."""
        if entries == self._shown:
            return False
        self._shown = entries
        self.clear()
        for group, members in groupby(entries, lambda entry: entry.group):
            head = QStandardItem(group)
            head.setFont(theme().font(bold=True))
            head.setSizeHint(QSize(0, self.row_height))
            head.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            for entry in members:
                head.appendRow(_item(entry))
            self.appendRow(head)
        return True


def _item(entry: Possibility) -> QStandardItem:
    item = QStandardItem(entry.title)
    item.setData(entry, POSSIBILITY_ROLE)
    text = tr("Not available now: {0}").format(entry.reason) if entry.reason else entry.help
    item.setToolTip(text)
    item.setData(text, Qt.ItemDataRole.AccessibleDescriptionRole)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    if entry.reason:
        item.setForeground(theme().color("disabled"))
        font = QFont(theme().font())
        font.setItalic(True)
        item.setFont(font)
    return item
