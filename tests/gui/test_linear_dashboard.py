"""The dashboard after regress and xtreg: what applies is drawn, what does not says why."""

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QWidget

from mixedgui.plots.brush import BrushEffect


@pytest.fixture
def opened(window, run, qtbot):
    """Give a function that fits and opens the dashboard, with every graph asked for."""

    def fit(*commands):
        run("use hsb")
        run("keep if mod(id, 5) == 0")  # enough schools, and graphs of a fifth of the students
        for command in commands:
            assert run(command).rc == 0
        shown = window._menus.dashboard.show_dashboard()
        qtbot.waitUntil(lambda: bool(shown.assumptions.cards), timeout=20_000)
        for place in range(shown.pages.bar.count()):
            shown.pages.open(place)
        qtbot.waitUntil(lambda: all(tile.view is not None for tile in shown.tiles), timeout=60_000)
        return shown

    return fit


def _kinds(shown):
    return {tile.view.graph.kind for tile in shown.tiles}


def _reasons(shown):
    page = shown.findChild(QWidget, "diagnostics_absent")
    return " ".join(label.text() for label in page.findChildren(QLabel))


def test_after_regress_residual_plots_open_and_the_rest_says_why(opened):
    shown = opened("regress mathach ses female")
    assert _kinds(shown) >= {"rvf", "scaleloc", "resqq", "rvx", "influence"}
    for tile in shown.tiles:
        table = tile.show_table()
        assert table.view.model().rowCount() == sum(len(layer.x) for layer in tile.view.graph.layers)
        assert tile.view.graph.summary == table.view.accessibleDescription()
        table.close()
    assert "diagplot shrinkage is not available after regress: it needs random effects that are shrunk." in _reasons(
        shown
    )
    assert {card.finding.key for card in shown.assumptions.cards} == {
        "linearity", "spread", "residuals", "influence", "collinearity",
    }  # fmt: skip
    shown.close()


def test_after_xtreg_the_effects_of_panels_are_drawn_and_listed(opened, window, qtbot):
    shown = opened("xtset id", "xtreg mathach ses, re")
    assert _kinds(shown) >= {"rvf", "scaleloc", "resqq", "rvx", "reqq", "rehist", "residgroup", "acf", "variogram"}
    qtbot.waitUntil(lambda: shown.groups.grouping is not None, timeout=20_000)
    assert shown.groups.table.model().rowCount() == len(np.unique(window.session.data.numeric("id")))
    assert "caterpillar" in _reasons(shown)
    shown.close()


def test_a_brush_after_regress_selects_everywhere_and_refits_without(opened, window, qtbot):
    shown = opened("regress mathach ses if sector==1")
    scatter = next(tile for tile in shown.tiles if tile.command == "diagplot rvf")
    rows = scatter.view.graph.layers[0].rows[[0, 5, 9]]
    scatter.brush.brushed.emit(rows, BrushEffect.REPLACE)
    assert all(tile.n_highlighted == 3 for tile in shown.tiles if tile.command in ("diagplot rvf", "diagplot resqq"))
    done = []
    window.command_finished.connect(done.append)
    shown.bar.buttons["refit"].click()
    qtbot.waitUntil(lambda: bool(done), timeout=20_000)
    positions = np.flatnonzero(np.isin(window.session.data.row_ids, rows)) + 1
    listed = ", ".join(str(place) for place in positions)
    assert done[-1].command == f"regress mathach ses if sector==1 & !inlist(_n, {listed})"
    assert done[-1].e.scalars["N"] == np.sum(window.session.data.numeric("sector") == 1) - 3
    shown.close()
