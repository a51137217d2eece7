"""One graph of the dashboard: drawn in the background, linked by the selection, opened or copied by a button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.api import GraphSpec, Session, StataError, fit_levels, prepare_graph
from mixedgui.jobs.computation import Computation, Failure
from mixedgui.plots.brush import Brush, BrushMode
from mixedgui.plots.link import LinkedView
from mixedgui.plots.names import PointNames
from mixedgui.plots.table import GraphTable
from mixedgui.plots.view import GraphView
from mixedgui.state.grouping import Grouping
from mixedgui.state.selection import Selection
from mixedgui.state.translation import tr
from mixedgui.theme import theme
from mixedgui.widgets.elided_label import ElidedLabel
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
    """A card with one graph.

    Attributes
    ----------
    drawn
        The graph, or the reason why there is none, is there.
    put_away_changed
        It was put away, or taken back.
    """

    drawn = Signal()
    put_away_changed = Signal()

    def __init__(self, command: str, host: Linked, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.command, self._host = command, host
        self.setObjectName("tile_" + "_".join(command.replace(",", " ").split()[1:2]))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._put_away = False
        self.view: GraphView | None = None
        self._names: PointNames | None = None
        self._link: LinkedView | None = None
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
        unit = theme().unit
        column.setContentsMargins(unit, 0, unit, unit)  # the corners are round
        column.setSpacing(0)
        column.addLayout(self._bar())
        column.addLayout(self._stack, 1)
        self.setMinimumSize(unit * 80, unit * 80)

    @property
    def title(self) -> str:
        """What the graph is called; its command until it is drawn."""
        return self._title.text()

    @property
    def put_away(self) -> bool:
        """Whether the graph is not shown on its page."""
        return self._put_away

    @put_away.setter
    def put_away(self, away: bool) -> None:
        if away != self._put_away:
            self._put_away = away
            self.put_away_changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card and its hairline."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().color("line"), 1))
        painter.setBrush(theme().color("base"))
        radius = 2.0 * theme().unit
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)

    def hasHeightForWidth(self) -> bool:
        """The graph takes the height there is; what its words would like does not make the page longer."""
        return False

    def sizeHint(self) -> QSize:
        """As small as can be read: pages share out the room there is."""
        return self.minimumSize()

    def _bar(self) -> QHBoxLayout:
        row = QHBoxLayout()
        unit = theme().unit
        row.setContentsMargins(3 * unit, 2 * unit, unit, 0)
        row.setSpacing(0)
        self._title = ElidedLabel(self.command, "text", self, bold=True)
        self._title.setObjectName("tile_title")
        self._title.setAccessibleDescription(self.command)
        row.addWidget(self._title, 1)
        for name, icon, tip, slot in (
            ("table", "table", tr("Show the numbers of the graph"), self.show_table),
            ("copy", "copy", tr("Copy the command: {command}").format(command=self.command), self.copy_command),
            (
                "open",
                "arrow-square-out",
                tr("Run the command and open the graph in a window of its own"),
                self.open_graph,
            ),
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
    def show_table(self) -> GraphTable | None:
        """Open the numbers of the graph as a table; None while it is not drawn."""
        if self.view is None or self._names is None:
            return None
        table = GraphTable(self.view.graph, self._names, self)
        table.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        table.show()
        return table

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
        if self._link is not None:
            self._link.brush.set_mode(mode)

    def refresh_selection(self) -> None:
        """Show what is selected now: groups have become known."""
        if self._link is not None:
            self._link.highlight.refresh()

    @property
    def brush(self) -> Brush | None:
        """What selects marks of the graph, None before it is drawn."""
        return None if self._link is None else self._link.brush

    @property
    def n_highlighted(self) -> int:
        """How many marks stand out."""
        return 0 if self._link is None else self._link.highlight.n_marks

    def release(self) -> None:
        """Let go of the graph before Qt deletes it."""
        self._computation.stop()
        if self._link is not None:
            self._link.release()
        if self.view is not None:
            self.view.release()
        self._link, self.view = None, None

    @Slot(object)
    def _take(self, answer: object) -> None:
        if isinstance(answer, Failure):
            self._words.setText(answer.reason)
        elif isinstance(answer, GraphSpec):
            self._show(answer)
        self.drawn.emit()

    def _show(self, graph: GraphSpec) -> None:
        session = self._host.session
        self._names = PointNames(lambda: session.data, levels=fit_levels(session.estimates), per=graph.per)
        self.view = GraphView(graph, self._names, self)
        self._link = LinkedView(self.view, self._host.selection, self._host.grouping_of)
        self._link.brush.set_mode(self._mode)
        self._title.setText(self.view.take_title())
        self._stack.addWidget(self.view)
        self._stack.setCurrentWidget(self.view)


def _button(name: str, icon: str, tip: str, slot: Callable[[], object]) -> QToolButton:
    button = QToolButton()
    button.setObjectName(f"tile_{name}")
    button.setAutoRaise(True)
    set_icon(button, icon)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.clicked.connect(slot)
    return button
