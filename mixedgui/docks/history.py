"""The History pane: what was run, how it went, and a way to run it again."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from mixedgui.models.history import ENTRY_ROLE, NUMBER_ROLE, EntryState, HistoryModel, HistoryRow
from mixedgui.theme import theme
from mixedgui.widgets.empty_state import EmptyState
from mixedgui.widgets.icons import set_icon
from mixedgui.widgets.pane import Pane
from mixedgui.widgets.search_field import SearchField

_Index = QModelIndex | QPersistentModelIndex


class HistoryPane(Pane):
    """The list of commands.

    Attributes
    ----------
    edit_wanted, run_wanted
        A command is to be put into the Command pane, or to be run again.
    withdraw_wanted
        The job of this number is not to run after all.
    writing_wanted
        There are no commands, and one is to be written.
    message
        A sentence for the status bar.
    dofile_wanted
        Commands are to be put into the Do-file editor.
    """

    edit_wanted = Signal(str)
    run_wanted = Signal(str)
    withdraw_wanted = Signal(int)
    message = Signal(str)
    dofile_wanted = Signal(str)
    writing_wanted = Signal()

    def __init__(self, model: HistoryModel, parent: QWidget | None = None) -> None:
        super().__init__("history", parent)
        self.setWindowTitle(self.tr("History"))
        self._model = model
        self._proxy = QSortFilterProxyModel(self)
        self._proxy.setSourceModel(model)
        self._proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.filter = SearchField(self.tr("Filter history"), self)
        self.filter.setObjectName("history_filter")
        self.filter.textChanged.connect(self._filter)
        self.view = _HistoryView(self)
        self.view.setModel(self._proxy)
        self.view.setItemDelegate(_HistoryDelegate(self.view))
        self.empty = EmptyState(self.view, self.tr("No commands yet."), self.tr("Write a command"))
        self.empty.wanted.connect(self._leave_empty)
        self.add_filter(self.filter)
        self.column.addWidget(self.view)
        self.set_main(self.view)
        self.view.clicked.connect(self._edit)
        self.view.doubleClicked.connect(self._run)
        self.view.edit_key.connect(self._edit)
        self.view.run_key.connect(self._run)
        self.view.customContextMenuRequested.connect(self._open_menu)
        menu = QMenu(self)
        save = menu.addAction(self.tr("Save as &Do-file…"))
        save.triggered.connect(self._save_all)
        set_icon(save, "floppy-disk")
        copy = menu.addAction(self.tr("&Copy All"))
        copy.triggered.connect(self._copy_all)
        set_icon(copy, "copy")
        self.head.add_menu(menu, self.tr("More for History"))
        model.rowsInserted.connect(self._grown)
        model.rowsRemoved.connect(self._count)

    @Slot(str)
    def _filter(self, text: str) -> None:
        self._proxy.setFilterFixedString(text)
        if text:
            self.empty.say(self.tr("No command matches the filter."), self.tr("Show all"))
        else:
            self.empty.say(self.tr("No commands yet."), self.tr("Write a command"))

    @Slot()
    def _leave_empty(self) -> None:
        if self.filter.text():
            self.filter.clear()
        else:
            self.writing_wanted.emit()

    @Slot()
    def _grown(self) -> None:
        self._count()
        self.view.scrollToBottom()

    @Slot()
    def _count(self) -> None:
        rows = self._model.rowCount()
        self.head.set_count(str(rows) if rows else "")

    @Slot(QModelIndex)
    def _edit(self, index: QModelIndex) -> None:
        self.edit_wanted.emit(_row(index).command)

    @Slot(QModelIndex)
    def _run(self, index: QModelIndex) -> None:
        self.run_wanted.emit(_row(index).command)

    @Slot(QPoint)
    def _open_menu(self, place: QPoint) -> None:
        rows = self._selected()
        if not rows:
            return
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        text = "\n".join(row.command for row in rows)
        edit = menu.addAction(self.tr("&Put into Command"))
        edit.triggered.connect(lambda: self.edit_wanted.emit(text))
        again = menu.addAction(self.tr("&Run Again"))
        again.triggered.connect(lambda: self.run_wanted.emit(text))
        send = menu.addAction(self.tr("Send to Do-file &Editor"))
        send.triggered.connect(lambda: self.dofile_wanted.emit(text))
        copy = menu.addAction(self.tr("&Copy"))
        copy.triggered.connect(lambda: self._copy(rows))
        save = menu.addAction(self.tr("Save as &Do-file…"))
        save.triggered.connect(lambda: self._ask_name(rows))
        for action, name in (
            (edit, "pencil-simple"),
            (again, "arrow-clockwise"),
            (send, "file-text"),
            (copy, "copy"),
            (save, "floppy-disk"),
        ):
            set_icon(action, name)
        waiting = [row for row in rows if row.state is EntryState.WAITING]
        if waiting:
            drop = menu.addAction(self.tr("Remove from &Queue"))
            drop.triggered.connect(lambda: self._withdraw(waiting))
            set_icon(drop, "x")
        menu.popup(self.view.viewport().mapToGlobal(place))

    def _withdraw(self, rows: list[HistoryRow]) -> None:
        for row in rows:
            self.withdraw_wanted.emit(row.job)

    def _selected(self) -> list[HistoryRow]:
        indexes = [self._proxy.mapToSource(index) for index in self.view.selectionModel().selectedIndexes()]
        return self._model.entries(indexes)

    def _all(self) -> list[HistoryRow]:
        indexes = [self._model.index(row) for row in range(self._model.rowCount())]
        return self._model.entries(indexes)

    @Slot()
    def _copy_all(self) -> None:
        self._copy(self._all())

    @Slot()
    def _save_all(self) -> None:
        self._ask_name(self._all())

    def _copy(self, rows: list[HistoryRow]) -> None:
        QGuiApplication.clipboard().setText("".join(f"{row.command}\n" for row in rows))
        self.message.emit(self.tr("Commands copied"))

    def _ask_name(self, rows: list[HistoryRow]) -> None:
        dialog = QFileDialog(self.window(), self.tr("Save commands as do-file"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("Do-files (*.do)"))
        dialog.setDefaultSuffix("do")
        dialog.selectFile("commands.do")
        dialog.finished.connect(dialog.deleteLater)
        dialog.fileSelected.connect(lambda path: self.write_dofile(rows, path))
        dialog.open()

    def write_dofile(self, rows: list[HistoryRow], path: str) -> None:
        """Write the commands of `rows` to a do-file; those that failed are kept as comments."""
        lines = [f"* {line}" if row.rc else line for row in rows for line in row.command.split("\n")]
        try:
            Path(path).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        except OSError as problem:
            self.message.emit(self.tr("{0} could not be written: {1}").format(path, problem.strerror))
        else:
            self.message.emit(self.tr("Saved {0}").format(path))


def _row(index: _Index) -> HistoryRow:
    row = index.data(ENTRY_ROLE)
    assert isinstance(row, HistoryRow)
    return row


class _HistoryView(QListView):
    """Attributes: `edit_key` (Enter) and `run_key` (Ctrl+Enter), with the current index."""

    edit_key = Signal(QModelIndex)
    run_key = Signal(QModelIndex)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("history_list")
        self.setAccessibleName(self.tr("Commands run"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter and Ctrl+Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            (self.run_key if ctrl else self.edit_key).emit(self.currentIndex())
            return
        super().keyPressEvent(event)


class _HistoryDelegate(QStyledItemDelegate):
    """Number in grey, command in fixed pitch, remark at the right; failed ones in red."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """One line and some air."""
        return QSize(10, round(6.25 * theme().unit))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one row."""
        look, unit = theme(), theme().unit
        entry = _row(index)
        painter.save()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        palette: QPalette = option.palette
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, palette.highlight())
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, look.color("alt"))
        failed = entry.state is EntryState.FAILED
        ink = look.color("error") if failed else palette.color(QPalette.ColorRole.Text)
        mono, small = look.mono(0.95), look.font(0.92)
        inner = rect.adjusted(2 * unit, 0, -2 * unit, 0)
        number_width = max(2, len(str(index.model().rowCount()))) * QFontMetrics(mono).horizontalAdvance("0")
        self._text(painter, inner, str(index.data(NUMBER_ROLE)), small, look.color("text2"), width=number_width)
        remark = entry.remark
        remark_width = QFontMetrics(small).horizontalAdvance(remark)
        colors = {EntryState.FAILED: "error", EntryState.RUNNING: "accent", EntryState.WAITING: "warn"}
        painter.setFont(look.font(0.92, bold=failed))
        painter.setPen(look.color(colors.get(entry.state, "text2")))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, flags, remark)
        left = inner.left() + number_width + 2 * unit
        room = inner.right() - left - (remark_width + 3 * unit if remark else 0)
        text = QFontMetrics(mono).elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room)
        painter.setFont(mono)
        painter.setPen(ink)
        area = QRect(left, inner.top(), room, inner.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(look.color("accent"))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        painter.restore()

    def _text(self, painter: QPainter, area: QRect, text: str, font: QFont, ink: QColor, *, width: int) -> None:
        painter.setFont(font)
        painter.setPen(ink)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(area.left(), area.top(), width, area.height()), flags, text)
