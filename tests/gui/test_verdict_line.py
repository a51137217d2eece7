"""The verdict over the tables of a fit is one line in the window's usual size."""

import pytest
from PySide6.QtWidgets import QLabel, QToolButton, QWidget


@pytest.mark.parametrize("command", ["mixed mathach ses || id: ses, covariance(unstructured)", "mixed mathach || id:"])
def test_the_verdict_and_how_it_was_checked_stand_in_one_line(window, run, qtbot, command):
    run("use hsb")
    run(command)
    assert window.width() == 1440
    window.results.show_tables()
    qtbot.waitUntil(lambda: window.findChild(QWidget, "fit_verdict") is not None, timeout=20_000)
    strip = window.findChild(QWidget, "fit_verdict")
    label = next(each for each in strip.findChildren(QLabel) if each.text().startswith("Converged:"))
    assert label.text().endswith("The estimates can be trusted."), "the whole truth"
    qtbot.waitUntil(lambda: label.height() < 2 * label.fontMetrics().height())
    assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width()
    how = strip.findChild(QToolButton, "fit_checks")
    assert how.width() > how.fontMetrics().horizontalAdvance(how.text())
    assert label.geometry().right() < how.geometry().left()
