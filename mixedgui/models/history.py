"""The commands of the session as a list model, those that wait included."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.api import Outcome

NUMBER_ROLE = Qt.ItemDataRole.UserRole + 1
ENTRY_ROLE = Qt.ItemDataRole.UserRole + 2

_Index = QModelIndex | QPersistentModelIndex


class EntryState(Enum):
    """What became of a command."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(slots=True, eq=False)
class HistoryRow:
    """One command; `job` is the number of the job it waits or runs for."""

    command: str
    state: EntryState
    job: int = 0
    rc: int = 0
    seconds: float = 0.0

    @property
    def remark(self) -> str:
        """The word at the right: time taken, return code, or state."""
        if self.state is EntryState.FAILED:
            return "Break" if self.rc == 1 else f"r({self.rc})"
        if self.state is EntryState.DONE:
            return duration(self.seconds)
        return str(self.state.value)


def duration(seconds: float) -> str:
    """Return a time in the unit it is read in; empty when it was too short to notice."""
    if seconds < 0.0005:
        return ""
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


class HistoryModel(QAbstractListModel):
    """Rows in the order in which commands were given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[HistoryRow] = []
        self._running: list[HistoryRow] = []

    def wait(self, job: int, text: str) -> None:
        """List a command that waits."""
        self._append(HistoryRow(text, EntryState.WAITING, job))

    def withdraw(self, job: int) -> None:
        """Take a waiting command off the list."""
        row = self._waiting_row(job)
        if row is not None:
            self._remove(row)

    def start(self, job: int, command: str) -> None:
        """Mark a command as running: the job's waiting row becomes its first command, later ones come after it."""
        row = self._waiting_row(job)
        if row is None:
            entry = HistoryRow(command, EntryState.RUNNING, job)
            self._insert(self._end_of_past(), entry)
        else:
            entry = self._rows[row]
            entry.command, entry.state = command, EntryState.RUNNING
            self._changed(entry)
        self._running.append(entry)

    def end(self, outcome: Outcome) -> None:
        """Note how the command that started last went."""
        if not self._running:
            return
        entry = self._running.pop()
        entry.state = EntryState.FAILED if outcome.rc else EntryState.DONE
        entry.rc, entry.seconds = outcome.rc, outcome.seconds
        self._changed(entry)

    def commands(self) -> list[str]:
        """Return the commands given, oldest first, without those that wait."""
        return [row.command for row in self._rows if row.state is not EntryState.WAITING]

    def entries(self, indexes: Iterable[_Index]) -> list[HistoryRow]:
        """Return the rows of some indexes, in order."""
        return [self._rows[row] for row in sorted({index.row() for index in indexes})]

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many commands are listed."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a view or a screen reader asks for."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        entry = self._rows[index.row()]
        one_line = " ".join(entry.command.split())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return one_line
            case Qt.ItemDataRole.ToolTipRole:
                return f"{entry.command}\n{entry.remark}".rstrip()
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{index.row() + 1} {one_line} {entry.remark}".rstrip()
            case _ if role == NUMBER_ROLE:
                return index.row() + 1
            case _ if role == ENTRY_ROLE:
                return entry
        return None

    def _end_of_past(self) -> int:
        for row, entry in enumerate(self._rows):
            if entry.state is EntryState.WAITING:
                return row
        return len(self._rows)

    def _waiting_row(self, job: int) -> int | None:
        for row, entry in enumerate(self._rows):
            if entry.job == job and entry.state is EntryState.WAITING:
                return row
        return None

    def _append(self, entry: HistoryRow) -> None:
        self._insert(len(self._rows), entry)

    def _insert(self, row: int, entry: HistoryRow) -> None:
        self.beginInsertRows(QModelIndex(), row, row)
        self._rows.insert(row, entry)
        self.endInsertRows()

    def _remove(self, row: int) -> None:
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._rows[row]
        self.endRemoveRows()

    def _changed(self, entry: HistoryRow) -> None:
        index = self.index(self._rows.index(entry))
        self.dataChanged.emit(index, index)
