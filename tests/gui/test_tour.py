"""The tour: from the start page to a saved table, by its buttons and by hand."""

import pytest
from PySide6.QtWidgets import QFileDialog, QPushButton

from mixedgui.tour import Tour


@pytest.fixture
def tour(window):
    window.findChild(QPushButton, "start_tour").click()
    return window.findChild(Tour, "tour")


def _do(tour, window, qtbot):
    with qtbot.waitSignal(window.command_finished, timeout=30000):
        tour.act.click()


def test_six_clicks_end_with_a_fitted_model_and_a_saved_table(tour, window, qtbot, tmp_path):
    _do(tour, window, qtbot)
    assert len(window.session.data.variables) == 11
    tour.act.click()
    tour.act.click()
    assert tour.number == 3
    _do(tour, window, qtbot)
    assert window.session.mixed is not None
    _do(tour, window, qtbot)
    assert tour.number == 5
    tour.act.click()
    chooser = window.findChild(QFileDialog)
    target = tmp_path / "fixed.csv"
    chooser.fileSelected.emit(str(target))
    assert target.read_text().splitlines()[1].startswith("mathach,ses,2.39")
    chooser.reject()


def test_steps_done_by_hand_count_too(tour, window, run):
    run("use hsb")
    assert tour.number == 1
    tour.next.click()
    run("mixed mathach ses || id:")
    assert tour.number == 4
    tour.back.click()
    assert tour.number == 3


def test_a_failed_command_does_not_go_on(tour, window, run):
    run("use no_such_file")
    assert tour.number == 0


def test_the_tour_can_be_left_at_any_time(tour, window, qtbot, run):
    tour.end.click()
    assert not tour.isVisible()
    run("use hsb")
