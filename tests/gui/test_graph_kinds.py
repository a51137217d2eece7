"""Every kind of graph in the window: the arrays of the export, panels that move together, pages, legend, categories."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QWidget
from shiboken6 import isValid

from engine.api import GraphSpec, Session
from engine.render.figure import draw
from mixedgui.plots.graph_window import GraphWindow
from mixedgui.plots.window import open_graph
from mixedgui.theme import ThemeChoice, theme

N = 90
RNG = np.random.default_rng(5)
FRAME = pd.DataFrame(
    {
        "y": RNG.normal(10, 2, size=N),
        "x": RNG.uniform(1, 100, size=N),
        "t": np.tile(np.arange(15.0), 6),
        "g": np.repeat(np.arange(6), 15),
        "many": np.arange(N) % 30,
    }
)
KINDS = (
    "scatter y x || lfitci y x || lowess y x, legend(position(3))",
    "scatter y x || lfit y x, legend(ring(0) position(11))",
    "line y t, connect(L) by(g) scheme(s1mono)",
    "histogram y, normal kdensity by(g, total)",
    "graph box y x, over(g)",
    "graph hbox y, over(g)",
    "graph bar (mean) y (median) y, over(g) blabel(bar)",
    "graph dot y, over(g)",
    "graph matrix y x t",
    "gladder x",
    "kdensity y, normal",
    "scatter y x, xscale(log) yscale(reverse) xlabel(, angle(45) grid) mlabel(g)",
    "twoway (bar y t if g == 0) (rcap y x t if g == 0) (area x t if g == 1) (dropline y t if g == 2)",
)


@pytest.fixture
def session() -> Session:
    return Session(data=FRAME)


@pytest.fixture
def shown(qtbot, session: Session) -> Iterator[Callable[..., GraphWindow]]:
    host = QWidget()
    qtbot.addWidget(host)
    windows = []

    def show(command: str) -> GraphWindow:
        outcome = session.run(command)
        assert outcome.rc == 0, outcome.text
        assert isinstance(outcome.graph, GraphSpec)
        window = open_graph(host, outcome.graph, session)
        window.resize(900, 640)
        QApplication.processEvents()
        windows.append(window)
        return window

    yield show
    for window in windows:
        if isValid(window):
            window.close()
    theme().choose(ThemeChoice.SYSTEM)
    QApplication.processEvents()


def pixels(widget) -> np.ndarray:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return raw[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
@pytest.mark.parametrize("command", KINDS)
def test_every_kind_is_painted_in_both_themes(shown, command, choice):
    theme().choose(choice)
    window = shown(command)
    shot = pixels(window.view.plot)
    ground = np.array(theme().color("base").getRgb()[:3])
    assert (np.abs(shot - ground).max(axis=2) > 40).mean() > 0.004
    assert len(window.view.panels) == max(1, len(window.graph.panels))


def lines_of(panel):
    return [item for item in panel.item.items if type(item).__name__ == "PlotDataItem"]


def test_lines_and_points_have_the_arrays_of_the_export_in_every_panel(shown):
    window = shown("twoway connected y t, by(g)")
    exported = draw(window.graph).axes
    for panel, axes in zip(window.view.panels, exported, strict=True):
        line, points = axes.lines
        (on_screen,) = lines_of(panel)
        for ours, theirs in zip(on_screen.getOriginalDataset(), line.get_data(), strict=True):
            np.testing.assert_array_equal(ours, theirs)
        scatter = next(i for i in panel.item.items if type(i).__name__ == "ScatterPlotItem" and i is not panel.ring)
        for ours, theirs in zip(scatter.getData(), points.get_data(), strict=True):
            np.testing.assert_array_equal(ours, theirs)


def test_bars_and_boxes_lie_where_the_export_puts_them(shown):
    for command in ("graph box y, over(g)", "graph hbox y, over(g)", "graph bar (mean) y (sd) y, over(g) stack"):
        window = shown(command)
        (panel,) = window.view.panels
        drawn = [item for item in panel.item.items if type(item).__name__ == "BarGraphItem"]
        ours = sorted(
            (round(rect.left(), 9), round(rect.width(), 9), round(rect.height(), 9))
            for item in drawn
            for rect in item._rectarray.instances()
        )
        patches = draw(window.graph).axes[0].patches
        theirs = sorted((round(p.get_x(), 9), round(p.get_width(), 9), round(p.get_height(), 9)) for p in patches)
        np.testing.assert_allclose(np.abs(ours), np.abs(theirs), atol=1e-8)


def test_panels_with_common_axes_move_together_and_are_equally_large(shown):
    window = shown("scatter y x, by(g)")
    sizes = [panel.item.vb.size() for panel in window.view.panels]
    assert max(s.width() for s in sizes) - min(s.width() for s in sizes) <= 3
    first, *others = window.view.panels
    first.item.vb.setRange(xRange=(20, 40), yRange=(8, 9), padding=0)
    QApplication.processEvents()
    for panel in others:
        np.testing.assert_allclose(panel.item.vb.viewRange(), first.item.vb.viewRange(), atol=0.2)
    window.findChild(QToolButton, "graph_reset").click()
    assert first.item.vb.viewRange()[0][0] < 5


def test_free_axes_have_their_own_ranges(shown):
    window = shown("gladder x")
    ranges = {tuple(np.round(panel.item.vb.viewRange()[0], 6)) for panel in window.view.panels}
    assert len(ranges) == 9


def test_many_panels_are_turned_page_by_page(shown):
    window = shown("scatter y t, by(many)")
    assert len(window.view.panels) == 25
    window.findChild(QToolButton, "graph_page_next").click()
    assert len(window.view.panels) == 5
    assert window.findChild(QLabel, "graph_page").text() == "Page 2 of 2"
    window.findChild(QToolButton, "graph_page_previous").click()
    assert window.view.panels[0].panel.title == "0"


def test_the_legend_names_the_series_and_keeps_its_place(shown):
    window = shown("scatter y x || lfit y x")
    legend = window.findChild(QWidget, "graph_legend")
    assert legend.accessibleName() == "Legend: y; Fitted values"
    assert legend.y() > window.view.plot.y()
    assert shown("scatter y x").findChild(QWidget, "graph_legend") is None
    assert shown("scatter y x || lfit y x, legend(off)").findChild(QWidget, "graph_legend") is None


def test_pointing_tells_category_quartiles_panel_and_exact_values_on_logarithmic_axes(shown):
    window = shown("graph box y, over(g)")
    (panel,) = window.view.panels
    box = next(layer for layer in window.graph.layers if layer.mark.value == "box")
    window.view.point_at(panel.item.vb.mapViewToScene(QPointF(box.x[2], box.y[2])))
    assert window.view.hint.startswith("g: 2\n")
    assert "quartiles:" in window.view.hint
    window = shown("scatter y x, xscale(log)")
    (panel,) = window.view.panels
    hit = window.view.point_at(panel.item.vb.mapViewToScene(QPointF(np.log10(FRAME.x[7]), FRAME.y[7])))
    assert (hit.x, hit.y) == (FRAME.x[7], FRAME.y[7])
    window = shown("scatter y t, by(g)")
    panel = window.view.panels[3]
    layer = panel.layers[0]
    window.view.point_at(panel.item.vb.mapViewToScene(QPointF(layer.x[4], layer.y[4])))
    assert window.view.hint.split("\n")[0] == "3"


def test_arrow_keys_go_on_into_the_next_panel(shown, qtbot):
    window = shown("scatter y t, by(g)")
    for _ in range(16):
        qtbot.keyClick(window.view.plot, Qt.Key.Key_Right)
    assert window.view.hint.split("\n")[0] == "1"


def test_a_reference_line_crosses_the_whole_plot(shown):
    window = shown("scatter y x, yline(10)")
    (panel,) = window.view.panels
    (line,) = [item for item in panel.item.items if type(item).__name__ == "InfiniteLine"]
    assert (line.value(), line.angle) == (10.0, 0)


def test_a_named_graph_is_drawn_in_the_window_that_has_its_name(shown, session):
    first = shown("scatter y x, name(fig)")
    host = first.parent()
    again = session.run("scatter y t, name(fig, replace)").graph
    second = open_graph(host, again, session)
    assert not first.isVisible()
    assert second.windowTitle().startswith("Graph fig")
    second.close()
