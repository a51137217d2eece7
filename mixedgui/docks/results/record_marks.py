"""Naming, annotating, pinning and deleting results; each can be taken back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from mixedgui.docks.results.record import Record
from mixedgui.state.result_marks import ResultMarks
from mixedgui.widgets.icons import set_icon


class MarkActions(QObject):
    """Entries for menus, and the two actions that go back and forth.

    Parameters
    ----------
    records
        Returns all records of the log, the deleted ones too.
    """

    def __init__(self, marks: ResultMarks, records: Callable[[], list[Record]], parent: QWidget) -> None:
        super().__init__(parent)
        self._marks, self._records, self._parent = marks, records, parent
        self.undo = QAction(self.tr("&Undo"), self)
        self.undo.setObjectName("action_results_undo")
        self.undo.triggered.connect(marks.undo)
        set_icon(self.undo, "arrow-u-up-left")
        self.redo = QAction(self.tr("&Redo"), self)
        self.redo.setObjectName("action_results_redo")
        self.redo.triggered.connect(marks.redo)
        set_icon(self.redo, "arrow-u-up-right")
        self.bin = QMenu(self.tr("Deleted Results"), parent)
        self.bin.aboutToShow.connect(self._fill_bin)
        marks.subscribe(self._refresh)
        self._refresh()

    def add_entries(self, menu: QMenu, record: Record) -> None:
        """Add what one can do with a record to its menu."""
        pinned = self._marks.is_pinned(record.number)
        entries = (
            (self.tr("Re&name…"), "tag", lambda: self.ask_name(record)),
            (self.tr("&Note…"), "note-pencil", lambda: self.ask_note(record)),
            (self.tr("Unp&in") if pinned else self.tr("P&in on Top"), "push-pin", lambda: self.toggle_pin(record)),
            (self.tr("&Delete Result"), "trash", lambda: self.delete(record)),
        )
        for text, icon, call in entries:
            action = menu.addAction(text)
            set_icon(action, icon)
            action.triggered.connect(lambda _checked=False, run=call: run())
            if icon == "trash":
                action.setEnabled(record.outcome is not None)
        menu.addAction(self.undo)

    def toggle_pin(self, record: Record) -> None:
        """Keep a record on top, or not any more."""
        self._marks.pin(record.number, not self._marks.is_pinned(record.number))

    def delete(self, record: Record) -> None:
        """Put a record into the bin."""
        if record.outcome is not None:
            self._marks.delete(record.number)

    def ask_name(self, record: Record) -> None:
        """Ask for the name of a result."""
        box = self._box("results_name", self.tr("Rename result"), self.tr("Name; empty for none"))
        box.setTextValue(self._marks.name(record.number))
        box.textValueSelected.connect(lambda text: self._marks.rename(record.number, text))
        box.open()

    def ask_note(self, record: Record) -> None:
        """Ask for the note at a result."""
        box = self._box("results_note", self.tr("Note at this result"), self.tr("Note; empty for none"))
        box.setOption(QInputDialog.InputDialogOption.UsePlainTextEditForTextInput)
        box.setTextValue(self._marks.note(record.number))
        box.textValueSelected.connect(lambda text: self._marks.annotate(record.number, text))
        box.open()

    def _box(self, name: str, title: str, label: str) -> QInputDialog:
        box = QInputDialog(self._parent.window())
        box.setObjectName(name)
        box.setWindowTitle(title)
        box.setLabelText(label)
        box.finished.connect(box.deleteLater)
        return box

    def _refresh(self) -> None:
        for action, word, step in (
            (self.undo, self.tr("&Undo"), self._marks.undo_text),
            (self.redo, self.tr("&Redo"), self._marks.redo_text),
        ):
            action.setText(f"{word}: {step}" if step else self.tr("{0} in Results").format(word))
            action.setEnabled(bool(step))
        self.bin.menuAction().setEnabled(bool(self._marks.form.deleted))

    @Slot()
    def _fill_bin(self) -> None:
        self.bin.clear()
        for record in self._records():
            if record.number in self._marks.form.deleted:
                text = self.tr("Restore {0}").format(" ".join(record.command.split())[:60]).replace("&", "&&")
                action = self.bin.addAction(text)
                action.triggered.connect(lambda _checked=False, number=record.number: self._marks.restore(number))
