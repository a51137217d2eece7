"""The dashboard: a brush in one plot selects the same observations everywhere, and becomes commands."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QToolButton

from mixedgui.plots.brush import BrushEffect, BrushMode, inside
from mixedgui.state.grouping import Grouping
from mixedgui.state.selection_words import free_name, in_words, without

FIT = "mixed mathach ses || id: ses, cov(un)"


@pytest.fixture
def dashboard(window, run, qtbot):
    run("use hsb")
    run("keep if mod(id, 3) == 0")  # enough schools, and graphs of a third of the students
    run(FIT)
    shown = window._menus.dashboard.show_dashboard()
    qtbot.waitUntil(lambda: shown.groups.grouping is not None and bool(shown.assumptions.cards), timeout=20000)
    yield shown
    shown.close()


def _tile(dashboard, qtbot, command):
    tile = next(tile for tile in dashboard.tiles if tile.command == command)
    tile.ask()
    qtbot.waitUntil(lambda: tile.view is not None, timeout=20000)
    return tile


def _rows_of_school(window, school):
    return window.session.data.row_ids[window.session.data.numeric("id") == school]


def test_without_a_fit_the_entry_is_off_and_says_why(window):
    action = window.findChild(QAction, "action_diagnostics")
    assert not action.isEnabled()
    assert "Fit a model first" in action.toolTip()


def test_the_title_line_says_which_fit_it_is(dashboard, window):
    facts = dashboard.head.facts.text()
    likelihood = f"{window.session.e.scalars['ll']:,.3f}".replace("-", "−")
    data = window.session.data
    schools = len(np.unique(data.numeric("id")))
    assert (
        facts == f"{len(data.row_ids):,} observations  ·  {schools} groups of id  ·  ML  ·  log likelihood {likelihood}"
    )


def test_the_name_of_a_stored_fit_stands_in_the_title_line(window, run):
    run("use hsb")
    run("mixed mathach ses || id:, reml")
    run("estimates store means")
    shown = window._menus.dashboard.show_dashboard()
    assert shown.head.facts.text().startswith("means  ·  7,185 observations  ·  160 groups of id  ·  REML")
    assert "log restricted likelihood −" in shown.head.facts.text()
    shown.close()


def test_the_first_page_shows_six_graphs_side_by_side(dashboard, qtbot):
    dashboard.resize(1440, 900)
    QApplication.processEvents()
    tiles = dashboard.pages.in_front()
    assert [tile.command.split()[1].strip(",") for tile in tiles] == [
        "rvf", "resqq", "reqq", "caterpillar", "rvx", "shrinkage",
    ]  # fmt: skip
    assert dashboard.pages.page.columns == 3
    qtbot.waitUntil(lambda: all(tile.view is not None for tile in tiles), timeout=60000)
    assert tiles[0].title == "Residuals and fitted values"
    assert tiles[4].command == "diagplot rvx ses"


def test_a_graph_can_be_put_away_and_taken_back(dashboard, qtbot):
    tiles = dashboard.pages.in_front()
    qtbot.waitUntil(lambda: all(tile.view is not None for tile in tiles), timeout=60000)
    entries = dashboard.head.shown.menu().actions()
    assert [entry.text() for entry in entries] == [tile.title for tile in tiles]
    entries[1].trigger()
    assert tiles[1].isHidden()
    assert dashboard.pages.page.shown == [tiles[0], *tiles[2:]]
    dashboard.head.shown.menu().actions()[1].trigger()
    assert not tiles[1].isHidden()


def test_a_page_is_saved_as_one_drawing(dashboard, qtbot, tmp_path):
    tiles = dashboard.pages.in_front()
    qtbot.waitUntil(lambda: all(tile.view is not None for tile in tiles), timeout=60000)
    for tile in tiles[2:]:
        tile.put_away = True
    path = tmp_path / "page.svg"
    dashboard.pages.save(str(path))
    text = path.read_text(encoding="utf-8")
    assert "Residuals and fitted values" in text
    assert "Normal quantiles of the residuals" in text
    assert "Shrinkage" not in text


def test_the_condition_of_the_selection_can_be_copied(dashboard, window, qtbot):
    window.selection.set(_rows_of_school(window, 1224))
    dashboard.bar.findChild(QToolButton, "selection_copy").click()
    assert QApplication.clipboard().text() == "id == 1224"
    window.selection.clear()
    assert dashboard.bar.findChild(QToolButton, "selection_copy").isHidden()


def test_every_page_draws_its_graphs(dashboard, qtbot):
    for place in range(dashboard.pages.bar.count()):
        dashboard.pages.open(place)
    qtbot.waitUntil(lambda: all(tile.view is not None for tile in dashboard.tiles), timeout=60000)
    kinds = {tile.view.graph.kind for tile in dashboard.tiles}
    assert {"rvf", "scaleloc", "resqq", "caterpillar", "reqq", "plane", "influence", "trellis", "acf"} <= kinds


def test_a_brush_selects_the_same_observations_in_every_plot_and_table(dashboard, window, qtbot):
    scatter = _tile(dashboard, qtbot, "diagplot rvf")
    ranks = _tile(dashboard, qtbot, "diagplot caterpillar, relevel(id)")
    rows = _rows_of_school(window, 8367)[:3]
    scatter.brush.brushed.emit(rows, BrushEffect.REPLACE)
    np.testing.assert_array_equal(window.selection.row_ids, rows)
    assert scatter.n_highlighted == 3
    assert ranks.n_highlighted == 2, "one mark of the school in each panel"
    table = dashboard.groups.table
    chosen = [table.model().index(i.row(), 0).data() for i in table.selectionModel().selectedRows()]
    assert chosen == ["8367"]
    scatter.brush.brushed.emit(_rows_of_school(window, 1224), BrushEffect.ADD)
    scatter.brush.brushed.emit(rows, BrushEffect.REMOVE)
    np.testing.assert_array_equal(window.selection.row_ids, _rows_of_school(window, 1224))


def test_a_mark_that_stands_for_a_group_selects_all_of_it(dashboard, window, qtbot):
    ranks = _tile(dashboard, qtbot, "diagplot caterpillar, relevel(id)")
    first = ranks.view.graph.layers[1].rows[:1]
    ranks.brush.brushed.emit(first, BrushEffect.REPLACE)
    school = window.session.data.numeric("id")[np.isin(window.session.data.row_ids, first)][0]
    np.testing.assert_array_equal(window.selection.row_ids, _rows_of_school(window, school))


@pytest.mark.parametrize("mode", [BrushMode.RECTANGLE, BrushMode.LASSO])
def test_dragging_around_everything_selects_everything(dashboard, window, qtbot, mode):
    tile = _tile(dashboard, qtbot, "diagplot rvf")
    dashboard.pages.open(0)
    dashboard.head.mode_chosen.emit(mode)
    QApplication.processEvents()
    viewport = tile.view.plot.viewport()
    w, h = viewport.width() - 1, viewport.height() - 1
    corners = [QPoint(1, 1), QPoint(w, 1), QPoint(w, h), QPoint(1, h)]
    path = [QPoint(1, 1), QPoint(w, h)] if mode is BrushMode.RECTANGLE else corners
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=path[0])
    for point in path[1:]:
        qtbot.mouseMove(viewport, point)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=path[-1])
    assert len(window.selection) == len(window.session.data.row_ids)


def test_the_condition_selects_the_same_observations_when_it_is_run(dashboard, window, qtbot):
    rows = np.concatenate([_rows_of_school(window, 1224), _rows_of_school(window, 8367)])
    window.selection.set(rows)
    assert dashboard.bar.findChild(QLabel, "selection_words").text() == "2 groups of id selected, 61 observations"
    done = []
    window.command_finished.connect(done.append)
    dashboard.bar.buttons["indicator"].click()
    qtbot.waitUntil(lambda: bool(done), timeout=20000)
    assert done[-1].command == "generate byte selected = inlist(id, 1224, 8367)"
    marked = window.session.data.numeric("selected") == 1
    np.testing.assert_array_equal(np.sort(window.session.data.row_ids[marked]), np.sort(rows))


def test_fit_without_them_is_a_command(dashboard, window, qtbot):
    window.selection.set(_rows_of_school(window, 1224))
    done = []
    window.command_finished.connect(done.append)
    dashboard.bar.buttons["refit"].click()
    qtbot.waitUntil(lambda: bool(done), timeout=20000)
    assert done[-1].command == "mixed mathach ses if !(id==1224) || id: ses, covariance(unstructured)"
    assert done[-1].e.scalars["N"] == len(window.session.data.row_ids) - 47


def test_the_card_that_deserves_a_look_shows_its_plot(dashboard, qtbot):
    card = dashboard.assumptions.cards[2]
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    (shown,) = dashboard.pages.in_front()
    assert shown is dashboard.assumptions.tiles[card.finding.plot]
    qtbot.waitUntil(lambda: shown.view is not None, timeout=20000)
    assert all(each.accessibleName() for each in dashboard.assumptions.cards)


def test_buttons_are_off_with_a_reason_while_nothing_is_selected(dashboard, window):
    window.selection.clear()
    assert not dashboard.bar.buttons["refit"].isEnabled()
    assert dashboard.bar.buttons["refit"].toolTip() == "Nothing is selected"


def test_a_polygon_holds_the_points_inside():
    """A concave polygon, corner by corner, against its two rectangles."""
    x = np.array([0.0, 3.0, 3.0, 1.0, 1.0, 0.0])
    y = np.array([0.0, 0.0, 1.0, 1.0, 3.0, 3.0])
    points = np.array([(0.5, 0.5), (2.5, 0.5), (0.5, 2.5), (2.5, 2.5), (3.5, 0.5), (1.5, 1.5)])
    np.testing.assert_array_equal(inside(points[:, 0], points[:, 1], x, y), [True, True, True, False, False, False])


def test_groups_and_rows_lead_to_each_other():
    grouping = Grouping(np.array([5, 3, 9, 7]), np.array([0, 0, 1, 1]))
    np.testing.assert_array_equal(grouping.groups_of(np.array([3, 9, 4])), [0, 1, -1])
    np.testing.assert_array_equal(grouping.whole(np.array([9])), [7, 9])


def test_words_of_single_observations_and_own_conditions(window, run):
    run("use hsb")
    data = window.session.data
    words = in_words(data.row_ids[[0, 4]], data, None, ())
    assert words.condition == "inlist(_n, 1, 5)"
    assert free_name(data) == "selected"
    assert without("mixed y x if a < 3 || id:", "id == 4") == "mixed y x if a<3 & !(id==4) || id:"


def test_a_graph_window_shares_the_selection(window, run, qtbot):
    from mixedgui.plots.graph_window import GraphWindow

    run("use hsb")
    run(FIT)
    run("scatter mathach ses")
    run("diagplot caterpillar")
    scatter, ranks = sorted(window.findChildren(GraphWindow), key=lambda each: each.objectName())
    rows = _rows_of_school(window, 1224)
    scatter.links[0].brush.brushed.emit(rows, BrushEffect.REPLACE)
    np.testing.assert_array_equal(window.selection.row_ids, rows)
    assert scatter.links[0].highlight.n_marks == 47
    assert ranks.links[0].highlight.n_marks == 2
    scatter._select.setChecked(True)
    assert scatter.links[0].brush.mode is BrushMode.RECTANGLE
    for shown in (scatter, ranks):
        shown.close()
    window.selection.clear()
