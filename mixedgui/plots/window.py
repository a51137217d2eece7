"""Showing the graph of a command; the plotting library is loaded for the first graph only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from engine.api import fit_levels
from mixedgui.plots.names import PointNames
from mixedgui.state.grouping import grouping_by

if TYPE_CHECKING:
    from engine.api import GraphSpec, Outcome, Session
    from mixedgui.plots.graph_window import GraphWindow


def show_graph(window: QWidget, outcome: Outcome) -> GraphWindow | None:
    """Open a window with the graph that a command drew, beside those that are open; None when it drew none.

    Parameters
    ----------
    window
        The main window; it has a `session`.
    outcome
        What the command did.
    """
    if outcome.graph is None or outcome.graph.unseen:
        return None
    session: Session = window.session  # type: ignore[attr-defined]  # every main window has one
    from mixedgui.plots.graph_window import GraphWindow

    for waiting in window.findChildren(GraphWindow):
        if waiting.awaited == outcome.command:
            waiting.show_graph(outcome.graph, _names(outcome.graph, session))
            return waiting
    shown = open_graph(window, outcome.graph, session)
    selection = getattr(window, "selection", None)
    if selection is not None:
        shown.link(selection, lambda names: grouping_by(session.data, names))
    shown.edited.connect(window.run_command)  # type: ignore[attr-defined]  # as above
    return shown


def open_graph(parent: QWidget, graph: GraphSpec, session: Session) -> GraphWindow:
    """Open a window with `graph` whose points are named after the data of `session`."""
    from mixedgui.plots.graph_window import GraphWindow

    opened = [window for window in parent.findChildren(GraphWindow) if window.isVisible()]
    number = 1 + max((int(other.objectName().removeprefix("graph_")) for other in opened), default=0)
    shown = GraphWindow(graph, _names(graph, session), number, parent)
    before = next((other for other in opened if graph.name and other.graph.name == graph.name), None)
    if before is not None:
        shown.setGeometry(before.geometry())
        before.close()
    elif opened:
        step = 6 * parent.fontMetrics().height() // 4
        shown.move(opened[-1].pos().x() + step, opened[-1].pos().y() + step)
    shown.show()
    return shown


def _names(graph: GraphSpec, session: Session) -> PointNames:
    return PointNames(lambda: session.data, levels=fit_levels(session.estimates), per=graph.per)
