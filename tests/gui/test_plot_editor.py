"""The plot editor: what is changed in the form becomes the graph's command and its picture, in the same window."""

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from mixedgui.plots.graph_window import GraphWindow


@pytest.fixture
def graph(window, run, data_file):
    run(f'use "{data_file("pig")}"')
    run("scatter weight week || lfit weight week, name(fig)")
    (shown,) = window.findChildren(GraphWindow)
    shown.findChild(QToolButton, "graph_edit").click()
    yield shown
    shown.close()


def control(graph, kind, name):
    found = graph.findChild(kind, f"plot_editor_{name}")
    assert found is not None, name
    return found


def apply(graph, window, qtbot):
    with qtbot.waitSignal(window.command_finished, timeout=20_000):
        control(graph, QPushButton, "apply").click()
    qtbot.waitUntil(lambda: not window.busy)


def test_changes_appear_in_the_command_and_in_the_same_window(graph, window, qtbot):
    title = control(graph, QLineEdit, "title")
    assert title.text() == "weight against week"
    title.setText("")
    qtbot.keyClicks(title, "Growth")
    control(graph, QCheckBox, "ylog").setChecked(True)
    control(graph, QComboBox, "scheme").setCurrentText("s1mono")
    control(graph, QComboBox, "series").setCurrentIndex(1)
    assert not control(graph, QComboBox, "msymbol").isEnabled()
    control(graph, QComboBox, "lcolor").setCurrentText("maroon")
    command = graph.findChild(QLabel, "plot_editor_command").text()
    assert command == (
        'scatter weight week || lfit weight week, name(fig) title("Growth") yscale(log) scheme(s1mono) lcolor(maroon)'
    )
    apply(graph, window, qtbot)
    assert graph.isVisible()
    assert len([w for w in window.findChildren(GraphWindow) if w.isVisible()]) == 1
    drawn = graph.graph
    assert (drawn.title, drawn.scheme, drawn.y_axis.log, drawn.name) == ("Growth", "s1mono", True, "fig")
    assert drawn.layers[1].look.colour == "#90353B"
    assert "name(fig, replace)" in drawn.command
    assert window.session.graph is drawn
    assert window.session.history[-1].command == drawn.command
    assert graph.view.graph is drawn


def test_a_change_that_cannot_be_drawn_leaves_the_graph(graph, window, qtbot):
    before = graph.graph
    field = control(graph, QLineEdit, "xlabel")
    qtbot.keyClicks(field, "nonsense")
    apply(graph, window, qtbot)
    assert graph.graph is before
    assert "r(121)" in window.results_text()


def test_a_style_is_copied_to_another_graph(graph, window, run, qtbot):
    control(graph, QComboBox, "scheme").setCurrentText("s2color")
    control(graph, QPushButton, "copy_style").click()
    run("qnorm weight")
    other = next(w for w in window.findChildren(GraphWindow) if w is not graph)
    other.findChild(QToolButton, "graph_edit").click()
    with qtbot.waitSignal(window.command_finished, timeout=20_000):
        control(other, QPushButton, "paste_style").click()
    qtbot.waitUntil(lambda: other.graph.scheme == "s2color")
    other.close()


def test_the_editor_closes_and_every_control_has_a_name(graph):
    editor = graph.findChild(QWidget, "plot_editor")
    for kind in (QLineEdit, QComboBox):
        for field in editor.findChildren(kind):
            if not isinstance(field.parent(), QComboBox):
                assert field.accessibleName(), field.objectName()
    graph.findChild(QToolButton, "graph_edit").click()
    assert graph.findChild(QWidget, "plot_editor") is None


@pytest.mark.parametrize("typed", ['"open', "(((", "`x"])
def test_what_cannot_be_read_is_told_and_not_taken_over(graph, qtbot, typed):
    command = graph.findChild(QLabel, "plot_editor_command")
    before = command.text()
    qtbot.keyClicks(control(graph, QLineEdit, "xlabel"), typed)
    assert command.text() != before
    for name in ("copy_style", "paste_style"):
        control(graph, QPushButton, name).click()
    qtbot.keyClicks(control(graph, QLineEdit, "title"), " now")
    assert "xlabel" not in command.text() or typed not in command.text()
    assert " now" in command.text()
