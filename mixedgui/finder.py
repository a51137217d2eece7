"""The field in the toolbar that finds a command, a variable or a setting by words of its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Slot
from PySide6.QtGui import QAction, QKeyEvent, QShortcut, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QMenu, QSizePolicy, QToolBar, QWidget

from engine.api import find_command
from mixedgui.shortcuts import plain
from mixedgui.state.finder import Found, Kind, search
from mixedgui.theme import theme
from mixedgui.widgets.icons import icon
from mixedgui.widgets.search_field import SearchField

if TYPE_CHECKING:
    from mixedgui.main_window import MainWindow

FOUND_ROLE = Qt.ItemDataRole.UserRole + 1
ICONS = {Kind.COMMAND: "list-dashes", Kind.VARIABLE: "hash", Kind.SETTING: "sliders-horizontal"}
KEYS = "Ctrl+K"


class Finder(SearchField):
    """What is found is listed below; Enter opens the entry chosen, or the first."""

    def __init__(self, window: MainWindow, parent: QWidget) -> None:
        super().__init__(self.tr("Find a command, variable or setting"), parent)
        self.setObjectName("finder")
        self.setToolTip(f"{self.accessibleName()} ({KEYS})")
        self._window = window
        self._entries: tuple[Found, ...] = ()
        self._model = QStandardItemModel(self)
        self._list: QListView | None = None
        self.setMinimumWidth(45 * theme().unit)
        self.setMaximumWidth(78 * theme().unit)
        self.textEdited.connect(self._offer)
        self.returnPressed.connect(self._open_current)
        shortcut = QShortcut(KEYS, window)
        shortcut.activated.connect(self._come)
        self.installEventFilter(self)

    @property
    def found(self) -> list[Found]:
        """What is listed now."""
        rows = range(self._model.rowCount())
        return [self._model.item(row).data(FOUND_ROLE) for row in rows]

    @Slot()
    def _come(self) -> None:
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    # --- what there is -----------------------------------------------------------------------------------------------

    def _gather(self) -> Iterator[Found]:
        window = self._window
        for variable in window.session.data.variables:
            yield Found(Kind.VARIABLE, variable.name, variable.label or variable.storage, variable.name)
        for action in window.findChildren(QAction):
            name = action.objectName()
            if name.startswith("action_") and action.menu() is None and action.text():
                yield self._action_entry(action)
        for label in window.satellites.settings:
            yield Found(Kind.SETTING, plain(label), self.tr("Preferences"), plain(label))

    @staticmethod
    def _action_entry(action: QAction) -> Found:
        name = action.objectName()
        decl = find_command(name.removeprefix("action_"))
        menus = [each for each in action.associatedObjects() if isinstance(each, QMenu) and each.title()]
        where = " > ".join(decl.menu[:-1]) if decl is not None else plain(menus[0].title()) if menus else ""
        words = f"{decl.name} {decl.title} {decl.help}" if decl is not None else ""
        title = plain(action.text())
        return Found(Kind.COMMAND, f"{title} ({decl.name})" if decl is not None else title, where, name, words)

    # --- the list ----------------------------------------------------------------------------------------------------

    @Slot(str)
    def _offer(self, text: str) -> None:
        if not self._entries or not text.strip():
            self._entries = tuple(self._gather())
        found = search(text, self._entries)
        self._model.clear()
        for each in found:
            item = QStandardItem(icon(ICONS[each.kind]), f"{each.title}    {each.where}")
            item.setData(each, FOUND_ROLE)
            item.setEditable(False)
            self._model.appendRow(item)
        if found:
            self._show()
        elif self._list is not None:
            self._list.hide()

    def _show(self) -> None:
        window, view = self.window(), self._list
        if view is None:
            view = self._list = QListView(window)
            view.setObjectName("finder_list")
            view.setAccessibleName(self.tr("Found"))
            view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            view.setFrameShape(QFrame.Shape.Box)
            view.setUniformItemSizes(True)
            view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
            view.setModel(self._model)
            view.clicked.connect(self._open)
        unit = theme().unit
        height = self._model.rowCount() * max(view.sizeHintForRow(0), 4 * unit) + 2 * view.frameWidth()
        width = min(max(view.sizeHintForColumn(0) + 6 * unit, self.width()), window.width() // 2)
        corner = self.mapTo(window, QPoint(self.width() - width, self.height() + 1))
        view.setGeometry(max(corner.x(), 0), corner.y(), width, height)
        view.setCurrentIndex(self._model.index(0, 0))
        view.show()
        view.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list, or put it away; Escape without a list goes back to the Command pane."""
        view = self._list
        if view is None or not view.isVisible():
            if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._leave() if event.key() == Qt.Key.Key_Escape else False
            return False
        if event.type() is QEvent.Type.FocusOut:
            view.hide()
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step:
                row = (view.currentIndex().row() + step) % self._model.rowCount()
                view.setCurrentIndex(self._model.index(row, 0))
                return True
            if event.key() == Qt.Key.Key_Escape:
                view.hide()
                return True
        return False

    def _leave(self) -> bool:
        self.clear()
        self._window.layout_.go_to(self._window.command_line)
        return True

    # --- opening -----------------------------------------------------------------------------------------------------

    @Slot()
    def _open_current(self) -> None:
        view = self._list
        if view is not None and view.isVisible():
            self._open(view.currentIndex())

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        found = index.data(FOUND_ROLE)
        if self._list is not None:
            self._list.hide()
        if not isinstance(found, Found):
            return
        self._entries = ()
        self.clear()
        self.open(found)

    def open(self, found: Found) -> None:
        """Go where an entry leads: open the dialog, put the variable into Command, show the setting."""
        window = self._window
        if found.kind is Kind.VARIABLE:
            window.command_line.edit.insert_names([found.key])
            window.command_line.edit.setFocus()
        elif found.kind is Kind.SETTING:
            window.satellites.preferences().search.setText(found.key)
        else:
            action = window.findChild(QAction, found.key)
            if isinstance(action, QAction) and action.isEnabled():
                action.trigger()
            else:
                window.say(self.tr("{0} is not available now").format(found.title))


def add_finder(bar: QToolBar, window: MainWindow) -> Finder:
    """Put the field at the right end of a toolbar."""
    gap = QWidget(bar)
    gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    finder = Finder(window, bar)
    for widget in (gap, finder):
        bar.addWidget(widget).setText(finder.accessibleName())
    return finder
