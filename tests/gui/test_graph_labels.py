"""Labels pinned to marks of a graph, the slider of a smoother, the copy as a drawing, and the greyscale preview."""

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QSlider, QToolButton, QWidget

from engine.api import Session
from mixedgui.jobs.trial import Trial
from mixedgui.plots.brush import BrushMode
from mixedgui.plots.link import LinkedView
from mixedgui.plots.window import open_graph
from mixedgui.state.selection import Selection

RNG = np.random.default_rng(5)
FRAME = pd.DataFrame(
    {"y": RNG.normal(size=40), "x": RNG.normal(size=40), "site": np.repeat(["Bern", "Oslo"], 20), "half": [0, 1] * 20}
)


@pytest.fixture
def shown(qtbot):
    session = Session(data=FRAME)
    host = QWidget()
    qtbot.addWidget(host)
    windows = []

    def show(command):
        window = open_graph(host, session.run(command).graph, session)
        window.smooth_with(Trial(session, window))
        qtbot.waitExposed(window)
        QApplication.processEvents()
        windows.append(window)
        return window

    yield show
    for window in windows:
        window.close()
    QApplication.processEvents()


def spot(window, i):
    """Return where observation i (from 0) lies in pixels of the plot."""
    plot = window.view.plot
    return plot.mapFromScene(plot.plotItem.vb.mapViewToScene(QPointF(FRAME.x[i], FRAME.y[i])))


def click(qtbot, window, i, modifier=Qt.KeyboardModifier.NoModifier):
    viewport = window.view.plot.viewport()
    qtbot.mouseMove(viewport, spot(window, i))
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, modifier, pos=spot(window, i))
    QApplication.processEvents()


def test_a_click_pins_the_label_of_a_mark_and_another_takes_it_away(shown, qtbot):
    window = shown("scatter y x")
    click(qtbot, window, 7)
    assert window.view.pins.texts == ("observation 8",)
    window.view.reset_zoom()
    assert window.view.pins.texts == ("observation 8",)
    window.view.pins.toggle(window.view.point_at(window.view.plot.mapToScene(spot(window, 7))))
    assert window.view.pins.texts == ()


def test_labels_and_pointing_show_the_variable_that_is_chosen(shown, qtbot):
    window = shown("scatter y x")
    click(qtbot, window, 25)
    button = window.findChild(QToolButton, "graph_view")
    button.menu().aboutToShow.emit()
    by = next(action.menu() for action in button.menu().actions() if action.menu() is not None)
    assert [action.text() for action in by.actions()] == ["Group and observation", "y", "x", "site", "half"]
    next(action for action in by.actions() if action.text() == "site").trigger()
    assert window.view.pins.texts == ("Oslo",)
    window.view.point_at(window.view.plot.mapToScene(spot(window, 3)))
    assert window.view.hint.endswith("site: Bern")


def test_enter_labels_the_mark_that_the_arrow_keys_point_at(shown, qtbot):
    window = shown("scatter y x")
    qtbot.keyClick(window.view.plot, Qt.Key.Key_Right)
    qtbot.keyClick(window.view.plot, Qt.Key.Key_Return)
    assert window.view.pins.texts == (f"observation {int(FRAME.x.argmin()) + 1}",)


def test_while_selecting_a_click_selects_and_with_ctrl_it_labels(shown, qtbot):
    window = shown("scatter y x")
    selection = Selection()
    link = LinkedView(window.view, selection, lambda _path: None)
    link.brush.set_mode(BrushMode.RECTANGLE)
    click(qtbot, window, 4)
    assert (len(selection), window.view.pins.texts) == (1, ())
    click(qtbot, window, 9, Qt.KeyboardModifier.ControlModifier)
    assert (len(selection), window.view.pins.texts) == (1, ("observation 10",))
    link.release()


def test_a_saved_and_a_copied_drawing_hold_the_labels(shown, qtbot, tmp_path):
    window = shown("scatter y x")
    click(qtbot, window, 11)
    assert window.save_to(tmp_path / "g.svg")
    assert "observation 12" in (tmp_path / "g.svg").read_text()
    window.copy()
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasImage()
    drawing = bytes(data.data("image/svg+xml")).decode()
    assert "<svg" in drawing
    assert "observation 12" in drawing


def test_labels_stay_with_their_panel(shown, qtbot):
    window = shown("scatter y x, by(half)")
    panel = window.view.panels[1]
    hit = panel.marks.at_rank(0)
    window.view.pins.toggle(hit)
    graph = window.view.pinned_graph
    assert graph.layers[-1].panel == panel.panel.key
    assert graph.layers[-1].texts == window.view.pins.texts


def test_the_greyscale_preview_has_no_colour_and_goes_away(shown):
    window = shown("scatter y x, mcolor(red)")
    action = window.findChild(QToolButton, "graph_view").grey

    def colourful():
        image = window.view.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        raw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        rgb = raw[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)
        return int((rgb.max(axis=2) - rgb.min(axis=2)).max())

    assert colourful() > 100
    action.setChecked(True)
    assert colourful() <= 4
    action.setChecked(False)
    assert colourful() > 100


def test_the_slider_of_a_smoother_draws_while_it_moves_and_runs_the_command_when_let_go(shown, qtbot):
    window = shown("lowess y x, bwidth(.5)")
    slider = window.findChild(QSlider, "graph_bandwidth")
    assert slider.value() == 50
    asked = []
    window.edited.connect(asked.append)
    slider.setSliderDown(True)
    slider.setValue(30)
    expected = Session(data=FRAME).run("lowess y x, bwidth(.3)").graph.layers[1].y
    qtbot.waitUntil(lambda: "bwidth(.3)" in window.graph.command.replace(" ", ""), timeout=5000)
    np.testing.assert_allclose(window.graph.layers[1].y, expected)
    assert asked == []
    slider.setSliderDown(False)
    assert [command.replace(" ", "") for command in asked] == ["lowessyx,bwidth(.3)"]
    assert shown("scatter y x").findChild(QSlider, "graph_bandwidth") is None


def test_in_the_window_the_slider_runs_the_command_and_the_graph_stays_where_it_is(window, run, qtbot):
    run("use pig")
    run("lowess weight week")
    (graph,) = (child for child in window.findChildren(QWidget) if type(child).__name__ == "GraphWindow")
    slider = graph.findChild(QSlider, "graph_bandwidth")
    done = []
    window.command_finished.connect(done.append)
    slider.setSliderDown(True)
    slider.setValue(25)
    slider.setSliderDown(False)
    qtbot.waitUntil(lambda: bool(done), timeout=20000)
    assert done[-1].command.replace(" ", "") == "lowessweightweek,bwidth(.25)"
    assert [c for c in window.findChildren(QWidget) if type(c).__name__ == "GraphWindow"] == [graph]
    assert "bandwidth = .25" in graph.graph.note
    assert graph.findChildren(QSlider, "graph_bandwidth") == [slider]
