"""In the window: a second axis, jitter, graphs side by side, and a brush over marks of every kind."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QToolButton

from mixedgui.plots.brush import BrushEffect, rows_inside
from mixedgui.plots.combined import CombinedView
from mixedgui.plots.graph_window import GraphWindow
from mixedgui.plots.highlight import selected_places


@pytest.fixture
def draw(window, run, data_file):
    """Give a function that draws a graph of the pigs and returns its window."""
    run(f'use "{data_file("pig")}"')

    def execute(command):
        before = set(window.findChildren(GraphWindow))
        outcome = run(command)
        assert outcome.rc == 0, outcome.text
        (shown,) = set(window.findChildren(GraphWindow)) - before
        QApplication.processEvents()
        return shown

    yield execute
    for shown in window.findChildren(GraphWindow):
        shown.close()
    window.selection.clear()


def polygon(panel, corners):
    return [panel.item.vb.mapViewToScene(QPointF(x, y)) for x, y in corners]


def box(panel, left, bottom, right, top):
    return polygon(panel, [(left, bottom), (right, bottom), (right, top), (left, top)])


def test_both_axes_move_together_and_hovering_tells_values_of_the_right_one(draw):
    shown = draw(
        "twoway (scatter weight week if id==1) (connected id week if id==2, yaxis(2)), ytitle(Number, axis(2))"
    )
    panel = shown.view.panels[0]
    right = panel.axes["right"]
    area = [2 - 0.05 * 2, 2 + 0.05 * 2]  # one value only: five per cent of it on each side
    assert list(right.range) == pytest.approx(area)
    middle = panel.item.vb.mapViewToScene(QPointF(3.0, panel.place.right.to_left(np.array([2.0]))[0]))
    hit = shown.view.point_at(middle)
    assert (hit.x, hit.y) == (3.0, 2.0)
    assert shown.view.hint.splitlines()[-1].endswith(": 2")
    low, high = panel.item.vb.viewRange()[1]
    panel.item.vb.setYRange(low, (low + high) / 2, padding=0)
    assert right.range[1] == pytest.approx(sum(area) / 2)


def test_a_jittered_point_is_pointed_at_where_it_lies_and_tells_its_values(draw):
    shown = draw("scatter weight week, jitter(20)")
    layer = shown.graph.layers[0]
    place = shown.view.panels[0].item.vb.mapViewToScene(QPointF(layer.x[7], layer.y[7]))
    hit = shown.view.point_at(place)
    assert (hit.x, hit.y) == (layer.true_x[hit.index], layer.true_y[hit.index])
    assert hit.x == round(hit.x)
    table = shown.show_table()
    assert table.view.model().index(7, 3).data() == f"{layer.true_x[7]:g}"
    table.close()


def test_graphs_side_by_side_share_the_selection_and_are_one_picture(draw, run, window, tmp_path):
    run("histogram weight, name(h) nodraw")
    run("scatter weight week, name(s) nodraw")
    assert not window.findChildren(GraphWindow), "nodraw opens no window"
    shown = draw('graph combine h s, title("Both")')
    assert isinstance(shown.view, CombinedView)
    assert [view.graph.kind for view in shown.view.views] == ["histogram", "scatter"]
    rows = window.session.data.row_ids[:5]
    shown.links[1].brush.brushed.emit(rows, BrushEffect.REPLACE)
    np.testing.assert_array_equal(window.selection.row_ids, rows)
    assert shown.links[1].highlight.n_marks == 5
    weights = window.session.data.numeric("weight")[:5]
    bars = shown.view.views[0].graph.layers[0]
    touched = {int(np.argmin(np.abs(bars.x - weight))) for weight in weights}
    assert shown.links[0].highlight.n_marks == len(touched)
    texts = [shown.show_table().view.model().index(row, 0).data() for row in (0, 200)]
    assert texts == ["bar, h", "point, s"]
    assert shown.save_to(tmp_path / "both.png")
    assert len(np.unique(np.frombuffer(bytes(shown.view.grab().toImage().constBits()), dtype=np.uint8))) > 20


def test_a_rectangle_over_bars_selects_the_values_in_them(draw, window):
    shown = draw("histogram weight, bin(5)")
    panel, bars = shown.view.panels[0], shown.graph.layers[0]
    height = bars.y[2] / 2
    found = rows_inside(panel, box(panel, bars.x[1], height / 3, bars.x[2], height))
    expected = np.isin(bars.member_of, [1, 2])
    np.testing.assert_array_equal(np.sort(found), np.sort(bars.members[expected]))
    lasso = polygon(panel, [(bars.x[0] - 1, 0), (bars.x[0] + 1, 0), (bars.x[0], bars.y[0] / 3)])
    np.testing.assert_array_equal(np.sort(rows_inside(panel, lasso)), np.sort(bars.members[bars.member_of == 0]))


def test_a_box_selects_its_group_and_a_line_its_observations(draw, window):
    shown = draw("graph box weight, over(week)")
    panel = shown.view.panels[0]
    boxes = next(layer for layer in shown.graph.layers if layer.mark.value == "box")
    place = panel.item.vb.mapViewToScene(QPointF(boxes.x[3], boxes.y[3]))
    at = shown.view.plot.mapFromScene(place)
    shown.links[0].brush.select([QPoint(at)], BrushEffect.REPLACE)
    weeks = window.session.data.numeric("week")[np.isin(window.session.data.row_ids, window.selection.row_ids)]
    assert set(weeks) == {4.0}
    lines = draw("line weight week, connect(L)")
    panel = lines.view.panels[0]
    found = rows_inside(panel, box(panel, 0.5, 0, 1.5, 100))
    first = window.session.data.row_ids[window.session.data.numeric("week") == 1]
    np.testing.assert_array_equal(np.sort(found), np.sort(first))
    across, _ = selected_places(panel, window.selection.mask)
    assert set(across) == {4.0}


@pytest.mark.parametrize("ratio", [(0.2, 0.8), (0.4, 0.6)])
def test_a_selection_reaches_the_data_and_the_condition_finds_it_again(draw, run, window, ratio):
    shown = draw("scatter weight week")
    panel = shown.view.panels[0]
    shown._select.setChecked(True)
    viewport = shown.view.plot.viewport()
    area = panel.item.vb.sceneBoundingRect()
    ends = [shown.view.plot.mapFromScene(area.topLeft() + QPointF(r * area.width(), r * area.height())) for r in ratio]
    from PySide6.QtTest import QTest

    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=ends[0])
    QTest.mouseMove(viewport, ends[1])
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=ends[1])
    chosen = window.selection.row_ids
    assert len(chosen)
    from mixedgui.state.selection_words import in_words, indicator

    words = in_words(chosen, window.session.data, None, ())
    assert run(indicator("mine", words.condition)).rc == 0
    data = window.session.data
    np.testing.assert_array_equal(np.sort(data.row_ids[data.numeric("mine") == 1]), chosen)


ROUND_TRIP = ("histogram weight", "lowess weight week", "graph box weight, over(week)", "qnorm weight")
EDITED = (
    "histogram weight",
    "kdensity weight",
    "qnorm weight",
    "pnorm weight",
    "quantile weight",
    "lowess weight week",
    "graph box weight, over(week)",
    "graph bar weight, over(week)",
    "graph dot weight, over(week)",
    "graph matrix weight week id",
    "gladder weight",
    "twoway (scatter weight week) (lfitci weight week, yaxis(2))",
)


@pytest.mark.parametrize("command", [*ROUND_TRIP, "twoway (scatter weight week) (lfitci weight week, yaxis(2))"])
def test_what_the_editor_writes_draws_the_picture_again(draw, run, window, qtbot, command):
    shown = draw(command)
    shown.findChild(QToolButton, "graph_edit").click()
    title = shown.findChild(QLineEdit, "plot_editor_title")
    title.setText("")
    qtbot.keyClicks(title, "New")
    with qtbot.waitSignal(window.command_finished, timeout=20_000):
        shown.findChild(QPushButton, "plot_editor_apply").click()
    qtbot.waitUntil(lambda: not window.busy)
    drawn = shown.graph
    assert drawn.title == "New"
    again = run(drawn.command).graph
    assert again.title == drawn.title
    for one, other in zip(drawn.layers, again.layers, strict=True):
        np.testing.assert_array_equal(one.x, other.x)
        np.testing.assert_array_equal(one.y, other.y)


def test_the_editor_greys_what_a_kind_of_graph_does_not_have(draw, run):
    run("scatter weight week, name(a) nodraw")
    shown = draw("graph combine a a")
    shown.findChild(QToolButton, "graph_edit").click()
    assert shown.findChild(QLineEdit, "plot_editor_title").isEnabled()
    assert not shown.findChild(QLineEdit, "plot_editor_xtitle").isEnabled()


def test_every_graph_has_words_and_a_table_for_those_who_cannot_see_it(draw):
    for command in EDITED:
        shown = draw(command)
        assert len(shown.graph.summary) > 30, command
        assert shown.graph.summary in shown.view.plot.accessibleDescription()
        table = shown.show_table()
        assert table.view.model().rowCount() == sum(len(layer.x) for layer in shown.graph.layers)
        table.close()
        shown.close()
