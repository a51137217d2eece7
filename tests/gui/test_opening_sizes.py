"""Windows open as large as what they show, on the screen, with nothing of it out of reach sideways."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from engine.api import GroupTable
from mixedgui.docks.diagnostics.plot_page import PlotPage
from mixedgui.docks.diagnostics.tile import PlotTile
from mixedgui.models.group_table import GroupTableModel
from mixedgui.theme import theme

MODEL = "mixed weight week || id: week"


@pytest.fixture
def fitted(window, run):
    run("use pig")
    run(MODEL)
    return window


@pytest.mark.parametrize("name", ["regress", "merge", "margins", "predict", "collapse", "estat", "histogram"])
def test_a_page_never_has_to_be_scrolled_sideways_and_the_window_is_on_the_screen(fitted, qtbot, name):
    dialog = fitted.open_dialog(name)
    qtbot.waitExposed(dialog)
    scroll = dialog.tabs.widget(0)
    wide_enough = dialog.screen().availableSize().width() > 200 * theme().unit
    assert not wide_enough or scroll.horizontalScrollBar().maximum() == 0
    assert dialog.height() <= dialog.screen().availableSize().height()
    dialog.hide()


def test_a_dialog_with_few_fields_is_lower_than_one_with_many(fitted, qtbot):
    heights = {}
    for name in ("recode", "egen"):
        dialog = fitted.open_dialog(name)
        qtbot.waitExposed(dialog)
        heights[name] = dialog.height()
        dialog.hide()
    assert heights["recode"] < heights["egen"]


def test_options_that_do_not_go_with_a_statistic_leave_no_gap(fitted, qtbot):
    dialog = fitted.open_dialog("estat")
    qtbot.waitExposed(dialog)
    dialog.state.choose("ic")
    with_options = dialog.tabs.widget(0).widget().sizeHint().height()
    dialog.state.choose("assumptions")  # it has none
    heads = [label for label in dialog.findChildren(QLabel) if label.text().replace("&", "") == "Options"]
    assert heads
    assert not any(label.isVisible() for label in heads)
    assert dialog.options.sizeHint().height() <= 0
    assert dialog.tabs.widget(0).widget().sizeHint().height() < with_options
    dialog.hide()


def test_fields_of_both_parts_begin_at_the_same_place(fitted, qtbot):
    dialog = fitted.open_dialog("merge")
    qtbot.waitExposed(dialog)
    places = {
        dialog.control(name).mapTo(dialog, dialog.control(name).rect().topLeft()).x()
        for name in ("type", "keys", "keepusing")
        if dialog.control(name) is not None
    }
    assert len(places) == 1
    dialog.hide()


def test_no_entry_of_the_postestimation_selector_is_cut(fitted, qtbot):
    fitted.satellites.postest()
    selector = fitted.satellites._postest
    qtbot.waitExposed(selector)
    room = selector.screen().availableSize().width()
    assert selector.tree.sizeHintForColumn(0) <= selector.tree.viewport().width() or selector.width() >= room - 10
    selector.hide()


def test_graphs_of_a_page_stand_below_one_another_where_two_do_not_fit(fitted, qtbot):
    dashboard = fitted._menus.dashboard.show_dashboard()
    qtbot.waitExposed(dashboard)
    dashboard.pages.open(2)
    page = dashboard.pages.page
    assert isinstance(page, PlotPage)
    page.setParent(None)  # no layout gives it another size
    qtbot.addWidget(page)
    page.show()
    tiles = page.findChildren(PlotTile)
    for units, columns in ((260, 3), (190, 2), (120, 1), (190, 2)):
        page.resize(units * theme().unit, 100 * theme().unit)
        assert page.columns == columns
        assert all(tile.parent() is page.inner for tile in tiles)
    dashboard.close()


def test_numbers_of_a_column_have_the_same_decimals_and_counts_have_none():
    values = np.array([[12.0, 0.0784, np.nan], [9.0, -0.179, 1234.5]])
    table = GroupTable("id", ("id",), ("1", "2"), ("n", "BLUP", "mean"), values, np.arange(2), np.arange(2))
    model = GroupTableModel(table)
    shown = [[model.index(row, column).data() for column in range(1, 4)] for row in range(2)]
    assert shown == [["12", "0.0784", ""], ["9", "−0.1790", "1234"]]
