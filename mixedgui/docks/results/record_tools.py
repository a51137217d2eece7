"""The small buttons that float at the head of the record under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton

from mixedgui.docks.results.record import Record
from mixedgui.docks.results.record_menu import RecordActions
from mixedgui.docks.results.text_view import ResultsText
from mixedgui.theme import theme
from mixedgui.widgets.pane_head import icon_button


class RecordTools(QFrame):
    """Copy table, put into Command, run again, more; hidden while the record's head is out of sight."""

    def __init__(self, view: ResultsText, actions: RecordActions) -> None:
        super().__init__(view.viewport())
        self._view = view
        self._actions = actions
        self._record: Record | None = None
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme().unit, 0, 0, 0)
        row.setSpacing(0)
        self._details = self._button("warning", self.tr("Copy details for a report"))
        self._copy = self._button("copy", self.tr("Copy table"))
        self._edit = self._button("pencil-simple", self.tr("Put into Command"))
        self._again = self._button("arrow-clockwise", self.tr("Run again"))
        self._more = self._button("dots-three", self.tr("More for this result"))
        for button in (self._details, self._copy, self._edit, self._again, self._more):
            row.addWidget(button)
        self._details.clicked.connect(self._copy_details)
        self._copy.clicked.connect(self._copy_table)
        self._edit.clicked.connect(self._edit_command)
        self._again.clicked.connect(self._run_again)
        self._more.clicked.connect(self._open_menu)
        view.verticalScrollBar().valueChanged.connect(self.place)
        view.viewport().installEventFilter(self)
        self.hide()

    @Slot(object)
    def follow(self, record: Record | None) -> None:
        """Serve `record`."""
        self._record = record
        if record is None:
            self.hide()
            return
        error = record.outcome.error if record.outcome is not None else None
        self._details.setVisible(error is not None and bool(error.details))
        self._copy.setVisible(bool(record.tables))
        self._again.setEnabled(record.outcome is not None)
        self.adjustSize()
        self.place()

    @Slot()
    def place(self) -> None:
        """Stand at the right end of the record's first line."""
        record = self._record
        if record is None or record not in self._view.kept():
            self.hide()
            return
        head = self._view.head_rect(record)
        viewport = self._view.viewport().rect()
        top = head.top() + (head.height() - self.height()) // 2
        if not viewport.top() - self.height() // 2 <= top <= viewport.bottom():
            self.hide()
            return
        self.move(viewport.right() - self.width() - theme().unit, max(0, top))
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the right edge."""
        if event.type() == QEvent.Type.Resize:
            self.place()
        return super().eventFilter(watched, event)

    def _button(self, icon: str, name: str) -> QToolButton:
        return icon_button(icon, name, self)

    @Slot()
    def _copy_details(self) -> None:
        if self._record is not None:
            self._actions.copy_details(self._record)

    @Slot()
    def _copy_table(self) -> None:
        table = self._actions.table_at(self._record, None) if self._record is not None else None
        if table is not None:
            self._actions.copy(table)

    @Slot()
    def _edit_command(self) -> None:
        if self._record is not None:
            self._actions.edit_wanted.emit(self._record.command)

    @Slot()
    def _run_again(self) -> None:
        if self._record is not None:
            self._actions.run_wanted.emit(self._record.command)

    @Slot()
    def _open_menu(self) -> None:
        menu = self._actions.menu(self._record)
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))
