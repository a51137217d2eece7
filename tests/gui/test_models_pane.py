"""The Models pane in the window."""

import pytest
from PySide6.QtCore import Qt

from mixedgui.models.fits import FIT_ROLE


@pytest.fixture
def fitted(window, run, data_file):
    run(f'use "{data_file("pig")}"')
    run("mixed weight week || id:")
    run("estimates store randint")
    run("mixed weight week || id: week")
    return window.models


def test_rows_follow_the_fits(fitted) -> None:
    model = fitted.view.model()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["randint", "fit 2"]
    assert fitted.head._count.text() == "2, 1 stored"
    spoken = model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("fit 2, active: + random slope of week; AIC 1,748.08")


def test_two_ticked_rows_are_compared_by_a_command(fitted, window, qtbot) -> None:
    assert not fitted.test.isVisible()
    fitted.view.setCurrentIndex(fitted.view.model().index(0, 0))
    qtbot.keyClick(fitted.view, Qt.Key.Key_Space)
    fitted.view.setCurrentIndex(fitted.view.model().index(1, 0))
    qtbot.keyClick(fitted.view, Qt.Key.Key_Space)
    assert fitted.test.isVisible()
    with qtbot.waitSignal(window.command_finished, timeout=20_000):
        fitted.test.click()
    commands = [entry.command for entry in window.session.history]
    assert commands[-2:] == ["estimates store fit2", "lrtest fit2 randint"]
    assert "291.78" in window.results_text()  # LR chi2(1) of [ME] mixed, example 2 against example 1


def test_enter_makes_a_fit_active_and_the_menu_stores_one(fitted, window, qtbot) -> None:
    fitted.view.setCurrentIndex(fitted.view.model().index(0, 0))
    with qtbot.waitSignal(window.command_finished, timeout=20_000):
        qtbot.keyClick(fitted.view, Qt.Key.Key_Return)
    assert window.session.estimates.name == "randint"
    row = fitted.view.model().index(1, 0).data(FIT_ROLE)
    store = next(action for action in fitted.menu(row).actions() if "Store" in action.text())
    store.trigger()
    box = window.findChild(object, "models_name")
    box.setTextValue("slopes")
    with qtbot.waitSignal(window.command_finished, timeout=20_000):
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert set(window.session.stored) == {"randint", "slopes"}


def test_an_empty_list_offers_the_model_dialog(window, qtbot) -> None:
    window.models.empty.button.click()
    assert window.findChild(object, "dialog_mixed").isVisible()
