"""One do-file in the editor: its text, find bar, file, and the run that is under way."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mixedgui.docks.dofile.code_edit import CodeEdit
from mixedgui.state.dofile import Dofile, RunWatch, lines_to_run
from mixedgui.widgets.find_bar import FindBar, in_document


class Sheet(QWidget):
    """Attributes: `renamed` tells that name or dirtiness of the file may have changed."""

    renamed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.file = Dofile()
        self.watch: RunWatch | None = None
        self.edit = CodeEdit(self)
        self.finder = FindBar(partial(in_document, self.edit.document()), self.tr("Find in the do-file"), self)
        self.finder.hide()
        self.finder.found.connect(self._show_found)
        self.finder.closed.connect(self.edit.setFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.edit, 1)
        column.addWidget(self.finder)
        self.setFocusProxy(self.edit)
        self.edit.textChanged.connect(self.renamed)

    @property
    def changed(self) -> bool:
        """Whether the text differs from the file."""
        return self.file.is_changed(self.edit.toPlainText())

    @property
    def blank(self) -> bool:
        """Whether nothing was ever written here."""
        return not self.file.path and not self.edit.toPlainText()

    def load(self, path: str) -> None:
        """Show a file."""
        self.edit.setPlainText(self.file.load(path))
        self.renamed.emit()

    def save(self, path: str = "") -> None:
        """Write the file."""
        self.file.save(self.edit.toPlainText(), path)
        self.renamed.emit()

    def all_lines(self) -> str:
        """Return the whole text for a run."""
        text = self.edit.toPlainText()
        self.watch = RunWatch(text, 0)
        return text

    def chosen_lines(self) -> str:
        """Return the selected lines, else the statement at the cursor, for a run."""
        first, last, selected = self.edit.selected_lines()
        text = self.edit.toPlainText()
        first, last = lines_to_run(text, first, last, selected=selected)
        chosen = "\n".join(text.split("\n")[first : last + 1])
        self.watch = RunWatch(chosen, first)
        return chosen

    @Slot(list, object)
    def _show_found(self, places: list[QTextCursor], at: QTextCursor | None) -> None:
        self.edit.mark_matches(places, at)
        if at is not None:
            cursor = QTextCursor(at)
            cursor.clearSelection()
            self.edit.setTextCursor(cursor)
            self.edit.ensureCursorVisible()
