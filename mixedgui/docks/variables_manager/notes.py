"""The notes on a variable or on the data: read, add, change, remove; each is a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mixedgui.size import open_at
from mixedgui.state import variable_commands as commands
from mixedgui.state.variable_commands import NotWritable
from mixedgui.theme import theme
from mixedgui.widgets.tinted_label import TintedLabel

if TYPE_CHECKING:
    from mixedgui.docks.variables_manager.manager import ManagerHost


class NotesDialog(QDialog):
    """A list of notes, and a field for one."""

    def __init__(self, host: ManagerHost, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = host
        self.setObjectName("dialog_notes")
        self.setWindowTitle(self.tr("Notes"))
        self.owner = QComboBox(self)
        self.owner.setObjectName("notes_owner")
        self.list = QListWidget(self)
        self.list.setObjectName("notes_list")
        self.list.setWordWrap(True)
        self.list.setAccessibleName(self.tr("Notes"))
        self.text = QPlainTextEdit(self)
        self.text.setObjectName("notes_text")
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("Text of the note"))
        self.add = self._button("notes_add", self.tr("&Add"), self._add)
        self.change = self._button("notes_change", self.tr("&Change"), self._change)
        self.drop = self._button("notes_drop", self.tr("&Remove"), self._drop)
        self.close_ = self._button("notes_close", self.tr("C&lose"), self.hide)
        self.problem = TintedLabel("", "error", self)
        self.problem.setWordWrap(True)
        self.problem.hide()
        self._lay_out()
        self.owner.setAccessibleName(self.tr("Notes on"))
        self.owner.currentIndexChanged.connect(self._show)
        self.list.currentRowChanged.connect(self._show_note)
        self.text.textChanged.connect(self._enable)
        host.command_finished.connect(self._refresh)

    def open_for(self, owner: str) -> None:
        """Show the notes of a variable, or of the data (``_dta``)."""
        self._offer(owner)
        self.show()
        self.raise_()
        self.activateWindow()
        self.text.setFocus()

    def _button(self, name: str, text: str, call: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(call)
        return button

    def _lay_out(self) -> None:
        unit = theme().unit
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * unit, 4 * unit, 4 * unit, 4 * unit)
        column.setSpacing(2 * unit)
        for text, widget in (
            (self.tr("Notes &on"), self.owner),
            (self.tr("&Notes"), self.list),
            (self.tr("&Text"), self.text),
        ):
            label = QLabel(text, self)
            label.setBuddy(widget)
            column.addWidget(label)
            column.addWidget(widget)
        self.text.setFixedHeight(20 * unit)
        column.addWidget(self.problem)
        row = QHBoxLayout()
        for button in (self.add, self.change, self.drop):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.close_)
        column.addLayout(row)
        open_at(self, 110, 100)

    def _offer(self, owner: str) -> None:
        names = (commands.DATA, *self._host.session.data.names)
        self.owner.blockSignals(True)
        self.owner.clear()
        for name in names:
            self.owner.addItem(self.tr("the data") if name == commands.DATA else name, name)
        self.owner.setCurrentIndex(max(self.owner.findData(owner), 0))
        self.owner.blockSignals(False)
        self._show()

    @property
    def _owner(self) -> str:
        return str(self.owner.currentData() or commands.DATA)

    def _notes(self) -> tuple[str, ...]:
        data, owner = self._host.session.data, self._owner
        if owner == commands.DATA:
            return data.notes
        return data.variable(owner).notes if owner in data else ()

    @Slot()
    def _show(self) -> None:
        self.list.clear()
        for number, note in enumerate(self._notes(), start=1):
            item = QListWidgetItem(f"{number}. {note}")
            item.setData(Qt.ItemDataRole.UserRole, note)
            self.list.addItem(item)
        self._enable()

    @Slot(object)
    def _refresh(self, _outcome: object) -> None:
        if self.isVisible():
            self._offer(self._owner)

    @Slot(int)
    def _show_note(self, row: int) -> None:
        item = self.list.item(row)
        if item is not None:
            self.text.setPlainText(str(item.data(Qt.ItemDataRole.UserRole)))
        self._enable()

    @Slot()
    def _enable(self) -> None:
        self._say("")
        written, chosen = bool(self.text.toPlainText().strip()), self.list.currentRow() >= 0
        reasons = (
            (self.add, written, self.tr("Not available: write a text first")),
            (self.change, written and chosen, self.tr("Not available: choose a note of the list and write its text")),
            (self.drop, chosen, self.tr("Not available: choose a note of the list")),
        )
        for button, on, reason in reasons:
            button.setEnabled(on)
            button.setToolTip("" if on else reason)
            button.setAccessibleDescription("" if on else reason)

    @Slot()
    def _add(self) -> None:
        try:
            command = commands.add_note(self._owner, self.text.toPlainText())
        except NotWritable as problem:
            self._say(str(problem))
            return
        self._host.run_command(command)
        self.text.clear()

    @Slot()
    def _change(self) -> None:
        self._host.run_command(commands.replace_note(self._owner, self.list.currentRow() + 1, self.text.toPlainText()))

    def _say(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    @Slot()
    def _drop(self) -> None:
        self._host.run_command(commands.drop_note(self._owner, self.list.currentRow() + 1))
        self.text.clear()
