"""The Graphs pane: what it lists, and that what one does there is a command."""

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QDialog, QInputDialog

from mixedgui.plots.graph_window import GraphWindow


@pytest.fixture
def pane(window, run):
    run("use sleepstudy")
    run("histogram reaction, name(first)")
    run("qnorm reaction, name(second)")
    return window.graphs


def listed(pane):
    return [pane.model.index(row, 0).data() for row in range(pane.model.rowCount())]


def choose(pane, *rows):
    pane.view.clearSelection()
    for row in rows:
        flag = QItemSelectionModel.SelectionFlag.Select
        pane.view.selectionModel().setCurrentIndex(pane.model.index(row, 0), flag)


def trigger(pane, text):
    next(action for action in pane.menu().actions() if text in action.text().replace("&", "")).trigger()


def test_graphs_in_memory_are_listed_the_last_one_first(pane, run) -> None:
    assert listed(pane) == ["second: qnorm reaction, name(second)", "first: histogram reaction, name(first)"]
    run("graph drop second")
    assert listed(pane) == ["first: histogram reaction, name(first)"]
    run("graph drop _all")
    assert listed(pane) == []


def test_enter_shows_a_graph_that_was_closed(pane, window, qtbot) -> None:
    for shown in window.findChildren(GraphWindow):
        shown.close()
    window.graphs.show()
    window.layout_.go_to(pane)
    pane.view.setCurrentIndex(pane.model.index(1, 0))
    pane.view.clearSelection()  # as after Ctrl+G: the row is current, and nothing selected
    with qtbot.waitSignal(window.command_finished) as done:
        qtbot.keyClick(pane.view, Qt.Key.Key_Return)
    assert done.args[0].command == "graph display first"
    assert any(shown.isVisible() and shown.graph.name == "first" for shown in window.findChildren(GraphWindow))


def test_selected_graphs_are_combined_renamed_and_dropped_by_commands(pane, window, qtbot) -> None:
    choose(pane, 0, 1)
    with qtbot.waitSignal(window.command_finished) as done:
        trigger(pane, "Combine")
    assert (done.args[0].rc, done.args[0].command) == (0, "graph combine second first")
    row = next(row for row in range(pane.model.rowCount()) if pane.model.name(row) == "first")
    choose(pane, row)
    trigger(pane, "Rename")
    box = window.findChild(QInputDialog, "graphs_name")
    box.setTextValue("third")
    with qtbot.waitSignal(window.command_finished):
        box.accept()
    assert "third" in window.session.graphs
    row = next(row for row in range(pane.model.rowCount()) if pane.model.name(row) == "third")
    choose(pane, row)
    with qtbot.waitSignal(window.command_finished) as done:
        qtbot.keyClick(pane.view, Qt.Key.Key_Delete)
    assert done.args[0].command == "graph drop third"
    assert "third" not in window.session.graphs


def test_the_pane_is_in_the_window_menu_and_offers_a_first_graph(window, qtbot) -> None:
    assert not window.graphs.isVisible()
    window.findChild(QAction, "action_show_graphs").trigger()
    qtbot.waitUntil(window.graphs.isVisible)
    button = window.graphs.findChild(QAbstractButton, "graphs_list_empty")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.findChild(QDialog, "dialog_histogram").isVisible()
