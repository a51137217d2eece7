"""One graph of the dashboard: drawn in the background, linked by the selection, opened or copied by a button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.api import GraphSpec, Session, StataError, prepare_graph
from mixedgui.jobs.computation import Computation, Failure
from mixedgui.plots.brush import Brush, BrushMode
from mixedgui.plots.highlight import Highlight
from mixedgui.plots.names import PointNames
from mixedgui.plots.view import GraphView
from mixedgui.state.grouping import Grouping
from mixedgui.state.selection import RowIds, Selection
from mixedgui.theme import theme
from mixedgui.widgets.icons import set_icon
from mixedgui.widgets.tinted_label import TintedLabel


class Linked(Protocol):
    """What a tile needs of the dashboard."""

    session: Session
    selection: Selection

    def grouping_of(self, path: tuple[str, ...]) -> Grouping | None:
        """Return the groups named by these variables, None where they are not known."""

    def run_command(self, text: str) -> object:
        """Run a command as if typed."""


class PlotTile(QFrame):
    """Attributes: `brushed` emits rows inside a shape and what to do with them; `drawn` when the graph is there."""

    brushed = Signal(object, object)
    drawn = Signal()

    def __init__(self, command: str, host: Linked, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.command, self._host = command, host
        self.setObjectName("tile_" + "_".join(command.replace(",", " ").split()[1:2]))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.view: GraphView | None = None
        self._highlight: Highlight | None = None
        self._brush: Brush | None = None
        self._mode = BrushMode.MOVE
        self._asked = False
        self._computation = Computation(self)
        self._computation.done.connect(self._take)
        self._words = TintedLabel("", "text2", self)
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._bar())
        column.addLayout(self._stack, 1)
        self.setMinimumSize(theme().unit * 85, theme().unit * 62)

    def _bar(self) -> QHBoxLayout:
        row = QHBoxLayout()
        unit = theme().unit
        row.setContentsMargins(3 * unit, unit, unit, 0)
        text = QLabel(self.command)
        text.setFont(theme().mono(0.92))
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setMinimumWidth(1)
        row.addWidget(text, 1)
        for name, icon, tip, slot in (
            ("copy", "copy", "Copy the command", self.copy_command),
            ("open", "arrow-square-out", "Run the command and open the graph in a window of its own", self.open_graph),
        ):
            row.addWidget(_button(name, icon, tip, slot))
        return row

    def ask(self) -> None:
        """Draw the graph unless that was asked for already."""
        if self._asked:
            return
        self._asked = True
        self._words.setText(self.tr("Drawing…"))
        try:
            self._computation.start(prepare_graph(self._host.session, self.command))
        except StataError as error:
            self._take(Failure(error.message))

    @Slot()
    def copy_command(self) -> None:
        """Put the command on the clipboard."""
        QApplication.clipboard().setText(self.command)

    @Slot()
    def open_graph(self) -> None:
        """Run the command as if typed."""
        self._host.run_command(self.command)

    def set_mode(self, mode: BrushMode) -> None:
        """Change what dragging does."""
        self._mode = mode
        if self._brush is not None:
            self._brush.set_mode(mode)

    @Slot()
    def refresh_selection(self) -> None:
        """Show what is selected now."""
        if self._highlight is not None:
            self._highlight.refresh()

    @property
    def brush(self) -> Brush | None:
        """What selects marks of the graph, None before it is drawn."""
        return self._brush

    @property
    def n_highlighted(self) -> int:
        """How many marks stand out."""
        return 0 if self._highlight is None else self._highlight.n_marks

    def release(self) -> None:
        """Let go of the graph before Qt deletes it."""
        self._computation.stop()
        if self._highlight is not None:
            self._highlight.release()
        if self.view is not None:
            self.view.release()
        self._highlight, self._brush, self.view = None, None, None

    @Slot(object)
    def _take(self, answer: object) -> None:
        if isinstance(answer, Failure):
            self._words.setText(answer.reason)
        elif isinstance(answer, GraphSpec):
            self._show(answer)
        self.drawn.emit()

    def _show(self, graph: GraphSpec) -> None:
        session = self._host.session
        estimates = session.mixed
        levels = tuple(level.name for level in estimates.result.levels if level.name != "_all") if estimates else ()
        self.view = GraphView(graph, PointNames(lambda: session.data, levels=levels, per=graph.per), self)
        self._highlight = Highlight(self.view, self._chosen)
        self._brush = Brush(self.view)
        self._brush.set_mode(self._mode)
        self._brush.brushed.connect(self._brushed)
        self._stack.addWidget(self.view)
        self._stack.setCurrentWidget(self.view)
        self._highlight.refresh()

    def _grouping(self) -> Grouping | None:
        return self._host.grouping_of(self.view.graph.per) if self.view is not None and self.view.graph.per else None

    def _chosen(self, rows: RowIds) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Tell which marks are selected: one that stands for a group is when any of its observations is."""
        selection, grouping = self._host.selection, self._grouping()
        if grouping is None:
            return selection.mask(rows)
        groups = grouping.groups_of(rows)
        touched = np.append(grouping.touched(selection.row_ids), False)
        return np.asarray(touched[groups])

    @Slot(object, object)
    def _brushed(self, rows: RowIds, effect: object) -> None:
        grouping = self._grouping()
        self.brushed.emit(rows if grouping is None else grouping.whole(rows), effect)


def _button(name: str, icon: str, tip: str, slot: Callable[[], None]) -> QToolButton:
    button = QToolButton()
    button.setObjectName(f"tile_{name}")
    button.setAutoRaise(True)
    set_icon(button, icon)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.clicked.connect(slot)
    return button
