"""The editor of value labels: numbers and the words shown for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from mixedgui.size import open_at
from mixedgui.state.translation import tr
from mixedgui.state.value_label_state import ValueLabelState
from mixedgui.state.variable_commands import drop_values
from mixedgui.theme import theme
from mixedgui.widgets.command_preview import CommandPreview
from mixedgui.widgets.tinted_label import TintedLabel

if TYPE_CHECKING:
    from mixedgui.docks.variables_manager.manager import ManagerHost

_Index = QModelIndex | QPersistentModelIndex


class _RowsModel(QAbstractTableModel):
    """Numbers and words, and an empty row to type on."""

    def __init__(self, state: ValueLabelState, parent: QObject) -> None:
        super().__init__(parent)
        self._state = state
        self._count = 1
        state.subscribe(self._follow)

    def _follow(self) -> None:
        self.beginResetModel()
        self._count = len(self._state.form.rows) + 1
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return one more than there are."""
        return 0 if parent is not None and parent.isValid() else self._count

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return 2."""
        return 0 if parent is not None and parent.isValid() else 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the headings."""
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return ("Value", "Label")[section]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what was typed."""
        rows = self._state.form.rows
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return rows[index.row()][index.column()] if index.row() < len(rows) else ""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            shown = rows[index.row()][index.column()] if index.row() < len(rows) else ""
            return f"{('Value', 'Label')[index.column()]}: {shown or 'empty'}"
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """All can be edited."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take what was typed."""
        if role != Qt.ItemDataRole.EditRole:
            return False
        row, text = index.row(), str(value)
        if text == self.data(index):
            return True
        if index.column() == 0:
            self._state.set_row(row, number=text)
        else:
            self._state.set_row(row, word=text)
        return True


class ValueLabelsDialog(QDialog):
    """One value label at a time; OK and Apply run the command that is shown."""

    def __init__(self, host: ManagerHost, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = host
        self.setObjectName("dialog_value_labels")
        self.setWindowTitle(self.tr("Value labels"))
        self.state = ValueLabelState(host.session.data)
        self.choice = QComboBox(self)
        self.choice.setObjectName("value_labels_choice")
        self.name = QLineEdit(self)
        self.name.setObjectName("value_labels_name")
        self.name.setMaxLength(32)
        self.rows = _RowsModel(self.state, self)
        self.table = QTableView(self)
        self.table.setObjectName("value_labels_table")
        self.table.setModel(self.rows)
        self.note = TintedLabel("", "text2", self)
        self.note.setWordWrap(True)
        self.note.setObjectName("value_labels_note")
        self.preview = CommandPreview(self)
        self.preview.setObjectName("command_preview")
        self.preview.setAccessibleName(self.tr("The commands that OK runs"))
        self._lay_out()
        self.choice.activated.connect(self._choose)
        self.name.textEdited.connect(self.state.set_name)
        self.state.subscribe(self._refresh)
        host.command_finished.connect(self._command_finished)
        for keys, call in (
            (QKeySequence.StandardKey.Undo, self.state.undo),
            (QKeySequence.StandardKey.Redo, self.state.redo),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(call)
        QShortcut(QKeySequence(Qt.Key.Key_Delete), self.table).activated.connect(self._remove_row)
        self._refresh()

    def open_for(self, name: str) -> None:
        """Show the label of a variable, or begin one for it; the first label there is when no variable is meant.

        The variable is looked for in the data as they are now: a command that still runs may have replaced those that
        the manager shows.
        """
        data = self.state.dataset = self._host.session.data
        variable = data.variable(name) if name in data else None
        if variable is None or variable.is_string:
            self.state.load(next(iter(data.value_labels), ""))
        elif variable.value_label:
            self.state.load(variable.value_label, (variable.name,))
        else:
            self.state.start(variable)
        self._offer()
        self.show()
        self.raise_()
        self.activateWindow()
        self.table.setFocus()

    def _lay_out(self) -> None:
        unit = theme().unit
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * unit, 4 * unit, 4 * unit, 4 * unit)
        column.setSpacing(2 * unit)
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * unit)
        grid.setVerticalSpacing(2 * unit)
        for row, (text, widget) in enumerate(((self.tr("&Show"), self.choice), (self.tr("&Name"), self.name))):
            label = QLabel(text, self)
            label.setBuddy(widget)
            widget.setAccessibleName(text.replace("&", ""))
            grid.addWidget(label, row, 0)
            grid.addWidget(widget, row, 1)
        column.addLayout(grid)
        self.table.setAccessibleName(self.tr("Values and their labels"))
        self.table.setAccessibleDescription(self.tr("Type in the last row to add one, Delete removes a row"))
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setHighlightSections(False)
        column.addWidget(self.table, 1)
        column.addWidget(self.note)
        column.addWidget(self.preview)
        row_of_buttons = QHBoxLayout()
        self.drop = self._button("value_labels_drop", self.tr("&Delete this label"), self._drop)
        self.cancel = self._button("cancel", self.tr("Cancel"), self.hide)
        self.apply = self._button("submit", self.tr("&Apply"), self.submit)
        self.ok = self._button("ok", self.tr("OK"), self.accept)
        row_of_buttons.addWidget(self.drop)
        row_of_buttons.addStretch(1)
        for button in (self.cancel, self.apply, self.ok):
            row_of_buttons.addWidget(button)
        column.addLayout(row_of_buttons)
        open_at(self, 110, 110)

    def _button(self, name: str, text: str, call: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAutoDefault(name == "ok")
        button.setDefault(name == "ok")
        button.clicked.connect(call)
        return button

    def _offer(self) -> None:
        self.choice.clear()
        self.choice.addItem(self.tr("a new value label"), "")
        for name in self.state.dataset.value_labels:
            self.choice.addItem(name, name)
        self.choice.setCurrentIndex(max(self.choice.findData(self.state.form.name), 0))

    @Slot(int)
    def _choose(self, row: int) -> None:
        self.state.load(str(self.choice.itemData(row) or ""), self.state.form.attach)

    def _refresh(self) -> None:
        if self.name.text() != self.state.form.name:
            self.name.setText(self.state.form.name)
        problems, lines = self.state.problems(), self.state.to_commands()
        self.preview.setText("\n".join(lines))
        users = self.state.users()
        self.note.tint("error" if problems else "text2")
        if problems:
            self.note.setText(problems[0])
        elif users:
            self.note.setText(self.tr("Attached to {0}").format(", ".join(users)))
        else:
            self.note.setText(self.tr("Not attached to a variable yet"))
        for button in (self.ok, self.apply):
            button.setEnabled(not problems)
            button.setAccessibleDescription(tr("Not available: {0}").format(problems[0]) if problems else "")
        exists = self.state.form.name in self.state.dataset.value_labels
        self.drop.setEnabled(exists)
        self.drop.setAccessibleDescription("" if exists else self.tr("Not available: there is no such label yet"))

    @Slot(object)
    def _command_finished(self, _outcome: object) -> None:
        if self.isVisible():
            self.state.dataset = self._host.session.data
            self._offer()
            self._refresh()

    @Slot()
    def _remove_row(self) -> None:
        row = self.table.currentIndex().row()
        if 0 <= row < len(self.state.form.rows):
            self.state.remove_row(row)

    @Slot()
    def submit(self) -> bool:
        """Run the commands and stay."""
        lines = self.state.to_commands()
        if lines:
            self._host.run_command("\n".join(lines))
        return not self.state.problems()

    def accept(self) -> None:
        """Run the commands and close."""
        if self.submit():
            self.hide()

    @Slot()
    def _drop(self) -> None:
        name = self.state.form.name
        users = self.state.users()
        lines = [f"label values {' '.join(users)} ."] if users else []
        self._host.run_command("\n".join([*lines, drop_values(name)]))
