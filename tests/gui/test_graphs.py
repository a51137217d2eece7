"""Graphs in the window: drawn, pointed at, zoomed, saved, copied, shown as a table; and the diagnostic menu."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QWidget

from engine.api import GraphSpec, Layer, Mark, Session, graph_appearance
from engine.render.figure import draw
from mixedgui.plots.diagnostics import Diagnostic
from mixedgui.plots.window import open_graph
from mixedgui.theme import ThemeChoice, theme

RNG = np.random.default_rng(21)
GROUPS = np.repeat(np.arange(10), 8)
X = RNG.normal(size=80)
FRAME = pd.DataFrame({"y": X + 2 * RNG.normal(size=10)[GROUPS] + RNG.normal(size=80), "x": X, "id": GROUPS + 101})


@pytest.fixture
def session():
    session = Session(data=FRAME)
    session.run("mixed y x || id:")
    return session


@pytest.fixture
def shown(qtbot, session):
    """Give a function that draws a command's graph in a window of its own; all are closed at the end."""
    host = QWidget()
    qtbot.addWidget(host)
    windows = []

    def show(command):
        graph = command if isinstance(command, GraphSpec) else session.run(command).graph
        window = open_graph(host, graph, session)
        qtbot.waitExposed(window)
        windows.append(window)
        return window

    yield show
    for window in windows:
        window.close()
    theme().choose(ThemeChoice.SYSTEM)
    QApplication.processEvents()


def scene_place(window, x, y):
    return window.view.plot.plotItem.vb.mapViewToScene(QPointF(x, y))


def items_of(window, kind):
    return [item for item in window.view.plot.plotItem.items if type(item).__name__ == kind]


def pixels(image):
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return raw[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


def test_the_screen_draws_the_arrays_that_the_export_draws(shown):
    window = shown("lowess y x")
    points, smoother = window.graph.layers
    scatter = next(item for item in items_of(window, "ScatterPlotItem") if len(item.getData()[0]) == 80)
    (line,) = items_of(window, "PlotDataItem")
    (axes,) = draw(window.graph, width_mm=85, dark=False).axes
    for (on_screen, exported), layer in zip(
        ((scatter.getData(), axes.lines[0]), (line.getOriginalDataset(), axes.lines[1])),
        (points, smoother),
        strict=True,
    ):
        np.testing.assert_array_equal(on_screen[0], layer.x)
        np.testing.assert_array_equal(on_screen[1], layer.y)
        np.testing.assert_array_equal(exported.get_xdata(), layer.x)
        np.testing.assert_array_equal(exported.get_ydata(), layer.y)


def test_bars_on_the_screen_have_the_heights_of_the_description(shown):
    window = shown("histogram y, normal")
    (bars,) = items_of(window, "BarGraphItem")
    np.testing.assert_array_equal(bars.opts["height"], window.graph.layers[0].y)
    assert bars.opts["width"] == window.graph.layers[0].width


def test_titles_note_and_words_are_there(shown):
    window = shown("lowess y x")
    texts = {label.text() for label in window.findChildren(QLabel)}
    assert {"Lowess smoother", "80 observations, bandwidth 0.8", "bandwidth = .8"} <= texts
    plot = window.view.plot
    assert plot.accessibleName() == "Lowess smoother: y against x"
    assert window.graph.summary in plot.accessibleDescription()
    assert plot.focusPolicy() is not Qt.FocusPolicy.NoFocus


def test_hovering_finds_the_nearest_point_and_names_it(shown, session):
    window = shown("scatter y x")
    hit = window.view.point_at(scene_place(window, FRAME.x[37], FRAME.y[37]) + QPointF(2, -1))
    assert hit.index == 37
    lines = window.view.hint.split("\n")
    assert lines[0] == "id 105, observation 38"
    assert lines[1] == f"x: {FRAME.x[37]:.9g}".replace("-", "\N{MINUS SIGN}")
    session.run("drop in 38")
    window.view.point_at(scene_place(window, FRAME.x[37], FRAME.y[37]))
    assert window.view.hint.startswith("Observation no longer in the data")
    assert window.view.point_at(scene_place(window, 99, 99)) is None
    assert window.view.hint == ""


def test_hovering_a_level_two_point_names_the_group(shown, session):
    session.run("predict double u, reffects")
    window = shown("qnorm u, per(id)")
    points = window.graph.layers[0]
    window.view.point_at(scene_place(window, points.x[3], points.y[3]))
    group = session.data.numeric("id")[np.searchsorted(session.data.row_ids, points.rows[3])]
    assert window.view.hint.startswith(f"id {group:.0f}\nInverse Normal: ")


def test_hovering_a_bar_tells_its_bounds(shown):
    window = shown("histogram y, bin(4) frequency")
    bars = window.graph.layers[0]
    window.view.point_at(scene_place(window, bars.x[2], bars.y[2] / 2))
    assert " to " in window.view.hint
    assert window.view.hint.endswith(f"Frequency: {bars.y[2]:g}")


def test_arrow_keys_walk_through_the_points(shown, qtbot):
    window = shown("scatter y x")
    order = np.argsort(FRAME.x.to_numpy())
    for rank in (0, 1, 2):
        qtbot.keyClick(window.view.plot, Qt.Key.Key_Right)
        assert f"observation {order[rank] + 1}" in window.view.hint
    qtbot.keyClick(window.view.plot, Qt.Key.Key_Left)
    assert f"observation {order[1] + 1}" in window.view.hint


def test_zoom_and_reset(shown, qtbot):
    window = shown("scatter y x")
    box = window.view.plot.plotItem.vb
    whole = np.array(box.viewRange())
    area = graph_appearance.extent(window.graph)
    np.testing.assert_allclose(whole, [area.x, area.y])
    qtbot.keyClick(window.view.plot, Qt.Key.Key_Plus)
    assert np.ptp(box.viewRange()[0]) < np.ptp(whole[0])
    qtbot.mouseClick(window.findChild(QToolButton, "graph_reset"), Qt.MouseButton.LeftButton)
    np.testing.assert_allclose(box.viewRange(), whole)


def test_points_are_painted_where_they_belong(shown):
    graph = GraphSpec(
        kind="scatter",
        title="Two",
        x_title="x",
        y_title="y",
        layers=(Layer(mark=Mark.POINT, x=np.array([0.0, 1.0]), y=np.array([0.0, 1.0])),),
    )
    theme().choose(ThemeChoice.LIGHT)
    window = shown(graph)
    plot = window.view.plot
    image = plot.grab().toImage()
    shot, ratio = pixels(image), image.devicePixelRatio()
    for x, blue in ((0.0, True), (1.0, True), (0.5, False)):
        place = plot.mapFromScene(scene_place(window, x, x if blue else 0.3))
        red, _, colour = shot[round(place.y() * ratio), round(place.x() * ratio)]
        assert (colour > red + 50) == blue


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_an_open_graph_follows_the_theme_and_keeps_its_zoom(shown, choice):
    window = shown("rvfplot, yline(0)")
    window.view.zoom(0.5)
    before = np.array(window.view.plot.plotItem.vb.viewRange())
    theme().choose(choice)
    QApplication.processEvents()
    np.testing.assert_allclose(window.view.plot.plotItem.vb.viewRange(), before)
    corner = pixels(window.view.plot.grab().toImage())[2, 2]
    assert tuple(corner) == theme().color("base").getRgb()[:3]


def test_the_series_have_the_colours_of_the_export():
    from mixedgui.theme_tokens import DARK, LIGHT

    for tokens, colours in ((LIGHT, graph_appearance.LIGHT), (DARK, graph_appearance.DARK)):
        assert tokens.series == colours.series
        assert tokens.reference == colours.reference
        assert (tokens.base, tokens.text, tokens.text2) == (colours.background, colours.text, colours.text2)


def test_very_many_points_are_a_raster_until_one_comes_close(shown, qtbot):
    n = graph_appearance.RASTER_LIMIT + 1
    layer = Layer(mark=Mark.POINT, x=RNG.normal(size=n), y=RNG.normal(size=n))
    window = shown(GraphSpec(kind="scatter", title="Many", x_title="x", y_title="y", layers=(layer,)))
    assert len(items_of(window, "ImageItem")) == 1
    hit = window.view.point_at(scene_place(window, layer.x[5], layer.y[5]))
    assert (hit.x, hit.y) == (layer.x[hit.index], layer.y[hit.index])
    window.view.plot.plotItem.vb.setRange(xRange=(0, 0.1), yRange=(0, 0.1), padding=0)
    qtbot.waitUntil(lambda: not items_of(window, "ImageItem"))
    inside = (layer.x >= 0) & (layer.x <= 0.1) & (layer.y >= 0) & (layer.y <= 0.1)
    drawn = max(len(item.getData()[0]) for item in items_of(window, "ScatterPlotItem"))
    assert drawn == inside.sum()


@pytest.mark.parametrize(("name", "magic"), [("g.png", b"\x89PNG"), ("g.svg", b"<?xml"), ("g.pdf", b"%PDF")])
def test_a_graph_is_saved(shown, tmp_path, name, magic):
    window = shown("qnorm y")
    assert window.save_to(tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(magic)
    assert "Saved to" in window.findChild(QLabel, "graph_status").toolTip()


def test_a_failed_save_says_why(shown, tmp_path):
    window = shown("qnorm y")
    assert not window.save_to(tmp_path / "none" / "g.png")
    assert "could not be opened" in window.findChild(QLabel, "graph_status").toolTip()


def test_save_asks_for_a_name_and_adds_the_ending(shown, tmp_path, monkeypatch):
    window = shown("qnorm y")
    monkeypatch.setattr(
        "mixedgui.plots.figure_files.QFileDialog.getSaveFileName",
        lambda *_: (str(tmp_path / "picture"), "SVG drawing (*.svg)"),
    )
    window.findChild(QToolButton, "graph_save").click()
    assert (tmp_path / "picture.svg").is_file()


def test_copy_puts_the_picture_on_the_clipboard(shown):
    window = shown("qnorm y")
    window.findChild(QToolButton, "graph_copy").click()
    image = QGuiApplication.clipboard().image()
    assert image.width() >= window.view.width()


def test_the_table_shows_and_copies_the_numbers(shown):
    window = shown("lowess y x")
    table = window.show_table()
    model = table.view.model()
    assert model.rowCount() == 160
    assert model.data(model.index(37, 0)) == "point"
    assert model.data(model.index(37, 1)) == "id 105"
    assert model.data(model.index(37, 2)) == "observation 38"
    assert model.data(model.index(100, 0)) == "smoother"
    table.copy()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0] == "Part\tGroup\tObservation\tx\ty"
    assert lines[38].split("\t")[3:] == [f"{FRAME.x[37]:.9g}", f"{FRAME.y[37]:.9g}"]


def test_several_graphs_stay_open_under_different_names(shown):
    first, second = shown("qnorm y"), shown("scatter y x")
    assert first.isVisible()
    assert (first.objectName(), second.objectName()) == ("graph_1", "graph_2")
    assert second.windowTitle() == "Graph 2: scatter y x"


def test_every_control_has_a_name_for_assistive_technology(shown):
    window = shown("qnorm y")
    for widget in window.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            assert widget.accessibleName(), widget


def graph_windows(window):
    return [child for child in window.findChildren(QWidget) if type(child).__name__ == "GraphWindow"]


def test_a_graph_command_in_the_window_opens_a_graph(window, run, data_file):
    run(f'use "{data_file("pig")}"')
    run("qnorm weight")
    (graph,) = graph_windows(window)
    assert graph.isVisible()
    run("qnorm nonsense")
    assert graph_windows(window) == [graph]
    graph.close()


@pytest.mark.parametrize("kind", [Diagnostic.RESIDUAL_QUANTILES, Diagnostic.RESIDUALS_FITTED])
def test_the_menu_draws_diagnostics_of_the_last_fit(window, run, qtbot, data_file, kind):
    action = window.findChild(QAction, f"action_diagnostic_{kind.value}")
    assert not action.isEnabled()
    assert "There is no fit yet" in action.toolTip()
    run(f'use "{data_file("pig")}"')
    run("mixed weight week || id:")
    assert action.isEnabled()
    with qtbot.waitSignal(window.command_finished, timeout=20_000) as done:
        action.trigger()
    assert done.args[0].rc == 0
    (graph,) = graph_windows(window)
    assert f". {done.args[0].command}" in window.results_text()
    graph.close()


def test_the_menu_lists_predictors_and_random_effects(window, run, qtbot, data_file):
    run(f'use "{data_file("pig")}"')
    run("mixed weight week || id: week")
    for kind, labels in (
        (Diagnostic.RESIDUALS_PREDICTOR, ["week"]),
        (Diagnostic.EFFECT_QUANTILES, ["week of id", "intercept of id"]),
    ):
        menu = window.findChild(QAction, f"action_diagnostic_{kind.value}").menu()
        assert [action.text() for action in menu.actions()] == labels
        with qtbot.waitSignal(window.command_finished, timeout=20_000) as done:
            menu.actions()[0].trigger()
        assert done.args[0].rc == 0
    lowess, effects = graph_windows(window)
    assert lowess.graph.kind == "lowess"
    assert effects.graph.n_points == 48
    for graph in (lowess, effects):
        graph.close()


def test_the_drawing_library_is_loaded_with_the_first_graph_only():
    code = (
        "import sys\n"
        "from mixedgui.app import build\n"
        "application, window = build(['mixedgui'])\n"
        "loaded = {'pyqtgraph', 'matplotlib', 'scipy.stats'} & set(sys.modules)\n"
        "window.close()\n"
        "sys.exit(', '.join(loaded) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
