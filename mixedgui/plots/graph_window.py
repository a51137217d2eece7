"""A window that holds one graph: save, copy, show as table, reset the zoom."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QPalette
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from engine.api import GraphSpec, StataError, save_figure
from mixedgui.closing import close_by_key
from mixedgui.plots.combined import view_of
from mixedgui.plots.figure_files import ask_figure_name
from mixedgui.plots.names import PointNames
from mixedgui.plots.table import GraphTable
from mixedgui.plots.view_menu import ViewMenu
from mixedgui.size import open_at
from mixedgui.state.translation import tr
from mixedgui.theme import theme

if TYPE_CHECKING:
    from mixedgui.plots.bandwidth import Trial
    from mixedgui.plots.editor import PlotEditor
    from mixedgui.plots.link import FindGroups, LinkedView
    from mixedgui.state.selection import Selection


class GraphWindow(QWidget):
    """One graph, non-modal; any number of them may be open.

    Attributes
    ----------
    edited
        Emitted with the changed command that the plot editor asks for; its graph is then drawn in this window.
    awaited
        That command while its graph is not there yet, empty otherwise.
    """

    edited = Signal(str)

    def __init__(self, graph: GraphSpec, names: PointNames, number: int, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName(f"graph_{number}")
        self.setWindowTitle(tr("Graph {0}: {1}").format(graph.name or number, graph.command or graph.title))
        self.graph = graph
        self.view = view_of(graph, names, self)
        self._names = names
        self._status = QLabel()
        self._said = graph.command
        self._number = number
        self._editor: PlotEditor | None = None
        self._links: list[LinkedView] = []
        self._share: tuple[Selection, FindGroups] | None = None
        self._select = self._select_button()
        self._shows = ViewMenu(self)
        self.awaited = ""
        self._body = QHBoxLayout()
        self._lay_out()
        self.view.pointed.connect(self._tell)
        close_by_key(self)
        open_at(self, 176, 128)

    def save_to(self, path: str | Path) -> bool:
        """Save the graph, light as on paper; tell where, or why not."""
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            save_figure(self.view.pinned_graph, path)
        except StataError as error:
            self._tell(tr("Not saved: {0}.").format(error.message))
            return False
        finally:
            QApplication.restoreOverrideCursor()
        self._tell(tr("Saved to {path}").format(path=path))
        return True

    @Slot()
    def save(self) -> None:
        """Ask for a name and save."""
        path = ask_figure_name(self, tr("Save graph as"), self.graph.command or self.graph.kind)
        if path:
            self.save_to(path)

    @Slot()
    def copy(self) -> None:
        """Put the picture as it is on the screen on the clipboard, and as a drawing for programs that take one."""
        from mixedgui.plots.clipboard import both_pictures

        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            QApplication.clipboard().setMimeData(both_pictures(self.view.grab().toImage(), self.view.pinned_graph))
        finally:
            QApplication.restoreOverrideCursor()
        self._tell(tr("The picture is on the clipboard, as pixels and as a drawing."))

    @Slot()
    def show_table(self) -> GraphTable:
        """Open the numbers of the graph as a table."""
        table = GraphTable(self.graph, self._names, self)
        table.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        table.show()
        return table

    @Slot()
    def edit(self) -> None:
        """Open the plot editor beside the graph, or close it."""
        if self._editor is not None:
            open_at(self, (self.width() - self._editor.width()) // theme().unit, self.height() // theme().unit)
            self._editor.setParent(None)
            self._editor.deleteLater()
            self._editor = None
            return
        from mixedgui.plots.editor import PlotEditor

        try:
            self._editor = PlotEditor(self.graph, self)
        except StataError:
            self._tell(tr("The plot editor changes graphs that a command has drawn."))
            return
        usual = self.fontMetrics().averageCharWidth() * 54
        width = max(usual, self._editor.minimumSizeHint().width())
        self._editor.setFixedWidth(width)
        self._editor.asked.connect(self._ask)
        self._body.addWidget(self._editor)
        open_at(
            self, (self.width() + width) // theme().unit, max(self.height() // theme().unit, 150)
        )  # beside the graph

    @Slot(str)
    def _ask(self, command: str) -> None:
        self.awaited = command
        self.edited.emit(command)

    def show_graph(self, graph: GraphSpec, names: PointNames) -> None:
        """Show another graph in this window: the one that the plot editor asked for."""
        self.awaited = ""
        self.graph, self._names, self._said = graph, names, graph.command
        view = view_of(graph, names, self)
        self._unlink()
        old, self.view = self.view, view
        self._body.replaceWidget(old, view)
        old.release()
        old.deleteLater()
        view.pointed.connect(self._tell)
        self._shows.apply()
        self._link_view()
        self.setWindowTitle(tr("Graph {0}: {1}").format(graph.name or self._number, graph.command or graph.title))
        self._elide()

    def smooth_with(self, trial: Trial) -> None:
        """Add a slider for the bandwidth where the graph is a smoother; `trial` draws while it is moved."""
        from mixedgui.plots.bandwidth import BandwidthSlider, has_bandwidth

        if not has_bandwidth(self.graph) or self.findChild(BandwidthSlider) is not None:
            return
        slider = BandwidthSlider(self.graph, self)
        slider.tried.connect(trial.start)
        slider.chosen.connect(trial.stop)
        slider.chosen.connect(self._ask)
        trial.drawn.connect(lambda graph: self.show_graph(graph, self._names))
        self._below.insertWidget(1, slider)

    def link(self, selection: Selection, find_groups: FindGroups) -> None:
        """Share a selection with other graphs and tables: the Select button lets marks be brushed."""
        self._share = (selection, find_groups)
        self._link_view()

    def _link_view(self) -> None:
        from mixedgui.plots.link import LinkedView

        if self._share is not None:
            self._links = [LinkedView(view, *self._share) for view in self.view.views]
            self._select.setVisible(True)
            self._brush(self._select.isChecked())

    @Slot(bool)
    def _brush(self, on: bool) -> None:
        """Let dragging select marks instead of moving the plot."""
        from mixedgui.plots.brush import BrushMode

        for link in self._links:
            link.brush.set_mode(BrushMode.RECTANGLE if on else BrushMode.MOVE)

    @property
    def names(self) -> PointNames:
        """What the marks are called."""
        return self._names

    @property
    def links(self) -> tuple[LinkedView, ...]:
        """What links the graphs of the window to the shared selection."""
        return tuple(self._links)

    def _unlink(self) -> None:
        for link in self._links:
            link.release()
        self._links = []

    @Slot()
    def reset_zoom(self) -> None:
        """Show all of the data."""
        self.view.reset_zoom()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let go of the plot before Qt deletes it."""
        self._unlink()
        self.view.release()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        unit = theme().unit
        bar = QFrame(self)
        bar.setAutoFillBackground(True)
        bar.setBackgroundRole(QPalette.ColorRole.Window)
        row = QHBoxLayout(bar)
        row.setContentsMargins(2 * unit, unit, 2 * unit, unit)
        row.setSpacing(unit)
        self._status.setTextFormat(Qt.TextFormat.PlainText)
        self._status.setObjectName("graph_status")
        self._status.setAccessibleName(tr("What is pointed at"))
        self._status.setMinimumWidth(1)
        self._status.installEventFilter(self)
        row.addWidget(self._status, 1)
        row.addWidget(self._select)
        row.addWidget(self._shows)
        reset = QKeySequence("Ctrl+0")
        for name, text, tip, keys, slot in (
            (
                "save",
                tr("&Save as…"),
                tr("Save as PNG, SVG, PDF or TIFF"),
                QKeySequence(QKeySequence.StandardKey.Save),
                self.save,
            ),
            (
                "copy",
                tr("&Copy"),
                tr("Copy the picture, as pixels and as SVG"),
                QKeySequence(QKeySequence.StandardKey.Copy),
                self.copy,
            ),
            (
                "table",
                tr("Show as &table"),
                tr("Show the numbers of the graph"),
                QKeySequence("Ctrl+T"),
                self.show_table,
            ),
            ("edit", tr("&Edit"), tr("Change titles, axes, colours and markers"), QKeySequence("Ctrl+E"), self.edit),
            ("reset", tr("&Reset zoom"), tr("Show all of the data again"), reset, self.reset_zoom),
        ):
            row.addWidget(_button(name, text, tip, keys, slot))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._body.setSpacing(0)
        self._body.addWidget(self.view, 1)
        layout.addLayout(self._body, 1)
        self._below = layout
        layout.addWidget(bar)

    def _select_button(self) -> QToolButton:
        tip = tr("Drag a rectangle around marks to select their observations; Shift adds, Alt removes")
        button = _button("select", tr("Se&lect"), tip, QKeySequence("Ctrl+L"), lambda: None)
        button.setCheckable(True)
        button.setVisible(False)
        button.toggled.connect(self._brush)
        return button

    @Slot(str)
    def _tell(self, text: str) -> None:
        self._said = text or self.graph.command
        self._status.setToolTip(self._said)
        self._elide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit the status line to the width that the buttons leave it."""
        if watched is self._status and event.type() is QEvent.Type.Resize:
            self._elide()
        return super().eventFilter(watched, event)

    def _elide(self) -> None:
        room = max(0, self._status.width() - self._status.indent())
        self._status.setText(self.fontMetrics().elidedText(self._said, Qt.TextElideMode.ElideRight, room))


def _button(name: str, text: str, tip: str, keys: QKeySequence, slot: Callable[[], object]) -> QToolButton:
    button = QToolButton()
    button.setObjectName(f"graph_{name}")
    button.setText(text)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setToolTip(f"{tip} ({keys.toString(QKeySequence.SequenceFormat.NativeText)})")
    button.setShortcut(keys)
    button.setAccessibleName(text.replace("&", ""))
    button.setAccessibleDescription(tip)
    button.clicked.connect(slot)
    return button
