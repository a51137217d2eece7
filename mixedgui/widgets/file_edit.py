"""The name of a file, typed or chosen."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QToolButton, QWidget

from mixedgui.state.translation import tr
from mixedgui.theme import theme
from mixedgui.widgets.option_control import describe


class FileEdit(QWidget):
    """Attributes: `edit`, the line that holds the name; a button beside it opens the system's dialog.

    With `saving` the file is one to be written.
    """

    def __init__(self, parent: QWidget, name: str, *, saving: bool = False) -> None:
        super().__init__(parent)
        self._saving = saving
        self.edit = QLineEdit(self)
        self.edit.setObjectName(name)
        where = (
            tr("Path of the file to write.")
            if saving
            else tr("Path of a data file, or the name of one in the data folders.")
        )
        describe(self.edit, tr("File"), where)
        self.setFocusProxy(self.edit)
        browse = QToolButton(self)
        browse.setObjectName(f"{name}_browse")
        browse.setText(tr("Browse…"))
        browse.setAccessibleName(tr("Choose a file"))
        browse.clicked.connect(self._browse)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * theme().unit)
        row.addWidget(self.edit, 1)
        row.addWidget(browse)

    @Slot()
    def _browse(self) -> None:
        if self._saving:
            path, _ = QFileDialog.getSaveFileName(self, tr("Choose where to write"), self.edit.text())
        else:
            path, _ = QFileDialog.getOpenFileName(self, tr("Choose a data file"), self.edit.text())
        if path:
            self.edit.setText(path)
