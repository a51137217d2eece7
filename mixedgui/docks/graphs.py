"""The Graphs pane: the graphs in memory; each thing one does with them is a command."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QInputDialog, QListView, QMenu, QWidget

from engine.api import Session
from mixedgui.models.graphs import GraphModel
from mixedgui.widgets.empty_state import EmptyState
from mixedgui.widgets.icons import set_icon
from mixedgui.widgets.pane import Pane


class GraphsPane(Pane):
    """The list of graphs.

    Attributes
    ----------
    run_wanted
        A command is to be run.
    draw_wanted
        There is no graph yet, and the dialog of one is wanted.
    """

    run_wanted = Signal(str)
    draw_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("graphs", parent)
        self.setWindowTitle(self.tr("Graphs"))
        self.model = GraphModel(self)
        self.view = _GraphView(self)
        self.view.setModel(self.model)
        self.empty = EmptyState(self.view, self.tr("No graph yet."), self.tr("Draw a histogram"))
        self.empty.wanted.connect(self.draw_wanted)
        self.column.addWidget(self.view, 1)
        self.set_main(self.view)
        self.view.show_key.connect(self.show_chosen)
        self.view.drop_key.connect(self.drop_chosen)
        self.view.doubleClicked.connect(self.show_chosen)
        self.view.customContextMenuRequested.connect(self._open_menu)

    def show_session(self, session: Session) -> None:
        """List the graphs that a session holds."""
        self.model.show_graphs(session.graphs)
        self.head.set_count(f"{self.model.rowCount() or ''}")

    @property
    def chosen(self) -> tuple[str, ...]:
        """Names of the graphs that are selected, in the order of the list; the current one where none is."""
        current = self.view.currentIndex()
        found = sorted(self.view.selectedIndexes()) or ([current] if current.isValid() else [])
        return tuple(self.model.name(index.row()) for index in found)

    @Slot()
    def show_chosen(self) -> None:
        """Show the selected graphs in windows."""
        self._run("graph display {0}", self.chosen)

    @Slot()
    def drop_chosen(self) -> None:
        """Forget the selected graphs."""
        if self.chosen:
            self.run_wanted.emit(f"graph drop {' '.join(self.chosen)}")

    def combine_chosen(self) -> None:
        """Draw the selected graphs side by side."""
        self.run_wanted.emit(f"graph combine {' '.join(self.chosen)}")

    def menu(self) -> QMenu:
        """Return what one can do with the selected graphs."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        chosen = self.chosen
        entries = (
            (self.tr("&Show"), "eye", self.show_chosen, bool(chosen)),
            (self.tr("&Rename…"), "pencil-simple", self._ask_name, len(chosen) == 1),
            (self.tr("&Combine Side by Side"), "intersect", self.combine_chosen, len(chosen) > 1),
            (self.tr("&Drop"), "trash", self.drop_chosen, bool(chosen)),
        )
        for text, name, call, possible in entries:
            action = menu.addAction(text)
            action.setEnabled(possible)
            action.triggered.connect(call)
            set_icon(action, name)
        return menu

    @Slot(QPoint)
    def _open_menu(self, place: QPoint) -> None:
        if self.chosen:
            self.menu().popup(self.view.viewport().mapToGlobal(place))

    @Slot()
    def _ask_name(self) -> None:
        (before,) = self.chosen
        box = QInputDialog(self.window())
        box.setObjectName("graphs_name")
        box.setWindowTitle(self.tr("Rename graph"))
        box.setLabelText(self.tr("New name of {0}").format(before))
        box.setTextValue(before)
        box.textValueSelected.connect(lambda name: self._rename(before, name.strip()))
        box.finished.connect(box.deleteLater)
        box.open()

    def _rename(self, before: str, name: str) -> None:
        if name and name != before:
            self.run_wanted.emit(f"graph rename {before} {name}")

    def _run(self, command: str, names: tuple[str, ...]) -> None:
        if names:
            self.run_wanted.emit("\n".join(command.format(name) for name in names))


class _GraphView(QListView):
    """Attributes: `show_key` (Enter) and `drop_key` (Del)."""

    show_key = Signal(QModelIndex)
    drop_key = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("graphs_list")
        self.setAccessibleName(self.tr("Graphs in memory"))
        self.setAccessibleDescription(self.tr("Enter shows a graph, Del forgets it; the menu combines selected ones"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter and Del."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.show_key.emit(self.currentIndex())
        elif event.key() == Qt.Key.Key_Delete:
            self.drop_key.emit()
        else:
            super().keyPressEvent(event)
