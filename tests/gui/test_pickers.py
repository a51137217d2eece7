"""Postestimation dialogs offer what the last fit and the stored ones hold; commands come out by clicks alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QTableView

from mixedgui.widgets.pick_edit import PickEdit


@pytest.fixture
def fitted(window, run, data_file):
    """Give a window with two stored fits."""
    run(f'use "{data_file("hsb")}"')
    run("mixed mathach ses || id:")
    run("estimates store small")
    run("mixed mathach i.female##c.ses i.sector || id:")
    run("estimates store large")
    return window


def _rows(view):
    return [str(view.model().index(row, 0).data()) for row in range(view.model().rowCount())]


def _pick(qtbot, view, text):
    """Click an entry, then double-click it as a user does."""
    index = view.model().index(_rows(view).index(text), 0)
    view.setCurrentIndex(index)
    view.scrollTo(index)
    place = view.visualRect(index).center()
    for click in (qtbot.mouseClick, qtbot.mouseDClick):  # a double click is both
        click(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def _tick(qtbot, view, text):
    index = view.model().index(_rows(view).index(text), 0)
    view.setFocus()
    view.setCurrentIndex(index)
    qtbot.keyClick(view, Qt.Key.Key_Space)


@pytest.mark.parametrize(
    ("command", "picks", "expected"),
    [
        ("test", ["1.female", "1.female#c.ses"], "test 1.female 1.female#c.ses"),
        ("testparm", ["i.female#c.ses"], "testparm i.female#c.ses"),
        ("nlcom", ["_b[ses]"], "nlcom _b[ses]"),
        ("contrast", ["female#c.ses"], "contrast female#c.ses"),
        ("pwcompare", ["sector"], "pwcompare sector"),
        ("margins", ["female#sector"], "margins female#sector"),
    ],
)
def test_pieces_of_the_last_fit_are_inserted_and_the_command_runs(fitted, qtbot, command, picks, expected):
    dialog = fitted.open_dialog(command)
    view = dialog.findChild(QTableView, f"{command}_picks")
    for pick in picks:
        _pick(qtbot, view, pick)
    assert dialog.preview.text() == expected
    with qtbot.waitSignal(fitted.command_finished, timeout=20_000) as done:
        dialog.footer.submit.click()
    assert done.args[0].rc == 0
    assert done.args[0].command == expected


def test_insert_puts_a_coefficient_at_the_cursor(fitted, qtbot):
    dialog = fitted.open_dialog("lincom")
    edit, view = dialog.control("text"), dialog.findChild(QTableView, "lincom_picks")
    qtbot.keyClicks(edit, "2*")
    view.setCurrentIndex(view.model().index(_rows(view).index("ses"), 0))
    dialog.findChild(QPushButton, "lincom_insert").click()
    qtbot.keyClicks(edit, "+ ")
    view.setCurrentIndex(view.model().index(_rows(view).index("_cons"), 0))
    dialog.findChild(QPushButton, "lincom_insert").click()
    assert fitted.run_command is not None
    with qtbot.waitSignal(fitted.command_finished, timeout=20_000) as done:
        dialog.footer.submit.click()
    b = {row.name: row.values[0] for row in fitted.session.run("mixed").tables["fixed"].rows}
    assert done.args[0].tables["lincom"].rows[0].values[0] == pytest.approx(2 * b["ses"] + b["_cons"])


def test_labels_and_estimates_stand_beside_coefficients(fitted):
    view = fitted.open_dialog("test").findChild(QTableView, "test_picks")
    about = {str(view.model().index(r, 0).data()): str(view.model().index(r, 1).data()) for r in range(4)}
    assert about["ses"].startswith("Socioeconomic status, ")
    assert "Student is female: 1" in about["1.female"]


def test_stored_results_are_ticked_in_the_order_of_the_clicks(fitted, qtbot):
    dialog = fitted.open_dialog("estimates table")
    view = dialog.findChild(QTableView, "estimates table_picks")
    assert _rows(view) == ["small", "large"]
    _tick(qtbot, view, "large")
    _tick(qtbot, view, "small")
    assert dialog.preview.text() == "estimates table large small"
    _tick(qtbot, view, "large")
    assert dialog.preview.text() == "estimates table small"
    dialog.load_command("estimates table small large, star")
    states = [view.model().index(row, 0).data(Qt.ItemDataRole.CheckStateRole) for row in range(2)]
    assert [Qt.CheckState(state) for state in states] == [Qt.CheckState.Checked] * 2


def test_one_stored_result_is_chosen_by_a_click(fitted, qtbot):
    dialog = fitted.open_dialog("estimates restore")
    view = dialog.findChild(QTableView, "estimates restore_picks")
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.model().index(0, 0)).center())
    assert dialog.preview.text() == "estimates restore small"


def test_two_fits_are_chosen_from_two_lists(fitted, qtbot):
    dialog = fitted.open_dialog("lrtest")
    first, second = (dialog.findChild(QComboBox, f"lrtest_{name}") for name in ("first", "second"))
    for box, name in ((first, "large"), (second, "small")):
        box.setCurrentIndex(box.findData(name))
        box.activated.emit(box.currentIndex())
    assert dialog.preview.text() == "lrtest large small"
    with qtbot.waitSignal(fitted.command_finished, timeout=20_000) as done:
        dialog.footer.submit.click()
    assert done.args[0].rc == 0
    dialog.load_command("lrtest small")
    assert first.currentData() == "small"
    assert second.currentText() == "the last fit"


def test_an_option_over_variables_of_the_fit_has_a_list(fitted):
    dialog = fitted.open_dialog("margins")
    edit = dialog.findChild(PickEdit, "margins_dydx")
    menu = edit.menu()
    names = [action.text().partition("\t")[0] for action in menu.actions()]
    assert names == ["female", "ses", "sector", "*"]
    menu.actions()[1].trigger()
    assert dialog.preview.text() == "margins, dydx(ses)"


def test_values_to_set_variables_to_are_offered(fitted, qtbot):
    dialog = fitted.open_dialog("margins")
    edit = dialog.findChild(PickEdit, "margins_at")
    entries = [action.text().partition("\t")[0] for action in edit.menu().actions()]
    assert "female=(0 1)" in entries
    assert "(mean) ses" in entries
    quartiles = next(action for action in edit.menu().actions() if action.text().startswith("ses=("))
    quartiles.trigger()
    with qtbot.waitSignal(fitted.command_finished, timeout=20_000) as done:
        dialog.footer.submit.click()
    assert done.args[0].rc == 0
    assert len(done.args[0].tables["margins"].rows) == 3


def test_without_a_fit_the_list_is_grey_and_says_why(window, run):
    dialog = window.open_dialog("test")
    view = dialog.findChild(QTableView, "test_picks")
    reason = dialog.findChild(QLabel, "test_pick_reason")
    assert not view.isEnabled()
    assert "Fit a model first" in reason.text()
    assert any(problem.rc == 301 for problem in dialog.problems())
    run("use sleepstudy")
    run("mixed reaction days || subject:")
    assert view.isEnabled()
    assert not reason.isVisible()
    assert _rows(view)[:2] == ["days", "_cons"]
    stored = window.open_dialog("estimates table").findChild(QLabel, "estimates table_pick_reason")
    assert "estimates store" in stored.text()


def test_factors_are_missed_where_the_fit_has_none(window, run):
    run("use sleepstudy")
    run("mixed reaction days || subject:")
    dialog = window.open_dialog("contrast")
    assert "no factor variables" in dialog.findChild(QLabel, "contrast_pick_reason").text()
