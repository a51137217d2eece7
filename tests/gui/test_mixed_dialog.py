"""The mixed dialog from the menu to the results, and the nesting strip."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QDialog, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from engine.api import Session
from mixedgui.app import build
from mixedgui.dialogs.mixed.dialog import MixedDialog
from mixedgui.main_window import MainWindow


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    _, window = build(["mixedgui"])
    window.show()
    yield window
    window.close()
    window.deleteLater()


def run(qtbot: QtBot, window: MainWindow, text: str) -> None:
    with qtbot.waitSignal(window.command_finished, timeout=20_000):
        window.run_command(text)


def open_mixed(window: MainWindow) -> MixedDialog:
    window.findChild(QAction, "action_mixed").trigger()
    dialog = window.findChild(QDialog, "dialog_mixed")
    assert isinstance(dialog, MixedDialog)
    return dialog


def find(parent: QWidget, name: str, kind: type = QWidget):
    found = parent.findChild(kind, name)
    assert found is not None, name
    return found


def test_the_pig_model_by_clicks_prints_what_the_command_prints(
    qtbot: QtBot, window: MainWindow, data_file: Callable[[str], Path]
) -> None:
    path = data_file("pig")
    run(qtbot, window, f'use "{path}"')
    dialog = open_mixed(window)
    assert dialog.isVisible()
    assert not dialog.isModal()
    find(dialog, "mixed_depvar", QComboBox).setCurrentText("weight")
    qtbot.keyClicks(find(dialog, "mixed_indepvars", QLineEdit), "week")
    qtbot.mouseClick(find(dialog, "mixed_equations_create"), Qt.MouseButton.LeftButton)
    sub = find(dialog, "dialog_mixed_equation", QDialog)
    assert sub.isVisible()
    find(sub, "mixed_equation_level", QComboBox).setCurrentText("id")
    qtbot.mouseClick(find(sub, "ok"), Qt.MouseButton.LeftButton)
    assert not sub.isVisible()
    assert dialog.state.to_command() == "mixed weight week || id:"
    assert find(dialog, "command_preview").toPlainText() == "mixed weight week || id:"
    with qtbot.waitSignal(window.command_finished, timeout=20_000) as finished:
        qtbot.mouseClick(find(dialog, "submit"), Qt.MouseButton.LeftButton)
    outcome = finished.args[0]
    assert outcome.rc == 0
    assert dialog.isVisible()
    session = Session()
    session.run(f'use "{path}"')
    expected = session.run("mixed weight week || id:").text
    assert outcome.text == expected
    assert expected.strip() in window.results_text()
    qtbot.waitUntil(lambda: find(dialog, "submit").text() == "Submit")


def test_ok_runs_and_closes_and_the_content_stays_for_the_next_time(
    qtbot: QtBot, window: MainWindow, data_file: Callable[[str], Path]
) -> None:
    run(qtbot, window, f'use "{data_file("pig")}"')
    dialog = open_mixed(window)
    dialog.state.load_command("mixed weight week || id: week, cov(un)")
    with qtbot.waitSignal(window.command_finished, timeout=20_000) as finished:
        qtbot.mouseClick(find(dialog, "ok"), Qt.MouseButton.LeftButton)
    assert finished.args[0].command == "mixed weight week || id: week, covariance(unstructured)"
    assert not dialog.isVisible()
    assert open_mixed(window) is dialog
    assert find(dialog, "command_preview").text() == "mixed weight week || id: week, covariance(unstructured)"


def test_reversed_nesting_is_said_and_swapped(
    qtbot: QtBot, window: MainWindow, data_file: Callable[[str], Path]
) -> None:
    run(qtbot, window, f'use "{data_file("tutoring")}"')
    dialog = open_mixed(window)
    dialog.state.load_command("mixed perform tutoring || student_id: || teach_id: || school_id: || dist_id:")
    strip = find(dialog, "mixed_nesting")
    qtbot.waitUntil(lambda: strip.isVisible() and "inside out" in strip.text())
    assert "Each student_id lies in one teach_id" in strip.text()
    swap = find(dialog, "mixed_nesting_swap", QPushButton)
    assert swap.text().replace("&", "") == "Swap to dist › school › teach › student"
    assert find(dialog, "problems").text() == "1 warning"
    rows = find(dialog, "mixed_equations").model()
    assert rows.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "2 teach_id › intercept, 2,000 groups of 40"
    qtbot.mouseClick(swap, Qt.MouseButton.LeftButton)
    assert dialog.state.to_command() == ("mixed perform tutoring || dist_id: || school_id: || teach_id: || student_id:")
    qtbot.waitUntil(lambda: "2,000 teach_id within 250 school_id within 50 dist_id" in strip.text())
    assert not swap.isVisible()
    assert not find(dialog, "problems").isVisible()


@pytest.fixture
def recurring(qtbot: QtBot, window: MainWindow, data_file: Callable[[str], Path]) -> MixedDialog:
    """Give the dialog with classes whose numbers recur in each school."""
    run(qtbot, window, f'use "{data_file("tutoring")}"')
    run(qtbot, window, "generate room = mod(teach_id, 8) + 1")
    dialog = open_mixed(window)
    dialog.state.load_command("mixed perform tutoring || school_id: || room:")
    qtbot.waitUntil(lambda: find(dialog, "mixed_nesting_anew").isVisible())
    return dialog


def test_codes_that_recur_are_kept_nested_when_they_are_numbered_anew(qtbot: QtBot, recurring: MixedDialog) -> None:
    strip = find(recurring, "mixed_nesting")
    assert "Codes of room recur" in strip.text()
    command = recurring.state.to_command()
    qtbot.mouseClick(find(recurring, "mixed_nesting_anew"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: strip.text() == "2,000 room within 250 school_id")
    assert recurring.state.to_command() == command
    assert not find(recurring, "problems").isVisible()
    recurring.state.load_command("mixed perform || school_id: || room:")  # asked once
    assert not find(recurring, "mixed_nesting_anew").isVisible()


def test_codes_that_recur_are_crossed_when_they_are_the_same(qtbot: QtBot, recurring: MixedDialog) -> None:
    button = find(recurring, "mixed_nesting_crossed")
    assert "|| _all: R.room" in button.accessibleDescription()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert recurring.state.to_command() == "mixed perform tutoring || _all: R.room || school_id:"
    qtbot.waitUntil(lambda: find(recurring, "mixed_nesting").text() == "250 groups of school_id")
    assert not button.isVisible()


def test_a_condition_changes_the_groups_that_are_counted(
    qtbot: QtBot, window: MainWindow, data_file: Callable[[str], Path]
) -> None:
    run(qtbot, window, f'use "{data_file("pig")}"')
    dialog = open_mixed(window)
    dialog.state.load_command("mixed weight week || id:")
    rows = find(dialog, "mixed_equations").model()
    assert "48 groups of 9" in rows.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    find(dialog, "mixed_if", QLineEdit).setText("id <= 10 & week > 3")
    qtbot.waitUntil(lambda: "10 groups of 6" in rows.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole))


def test_the_dialog_offers_the_variables_of_the_data_in_memory(
    qtbot: QtBot, window: MainWindow, data_file: Callable[[str], Path]
) -> None:
    dialog = open_mixed(window)
    depvar = find(dialog, "mixed_depvar", QComboBox)
    assert depvar.count() == 0
    depvar.setCurrentText("weight")
    run(qtbot, window, f'use "{data_file("pig")}"')
    assert [depvar.itemText(i) for i in range(depvar.count())] == ["id", "week", "weight"]
    assert depvar.currentText() == "weight"
    run(qtbot, window, "generate str3 name = string(week)")
    assert [depvar.itemText(i) for i in range(depvar.count())] == ["id", "week", "weight"]


def test_a_missing_response_stops_submit_and_takes_the_focus(
    qtbot: QtBot, window: MainWindow, data_file: Callable[[str], Path]
) -> None:
    run(qtbot, window, f'use "{data_file("pig")}"')
    dialog = open_mixed(window)
    dialog.tabs.setCurrentIndex(2)
    finished = []
    window.command_finished.connect(finished.append)
    qtbot.mouseClick(find(dialog, "submit"), Qt.MouseButton.LeftButton)
    assert not finished
    assert not window.busy
    assert dialog.tabs.currentIndex() == 0
    assert find(dialog, "mixed_depvar_note").text() == "Choose a dependent variable"
    assert find(dialog, "problems").text() == "1 error"


def test_an_unknown_variable_is_said_under_its_field_and_marks_the_tab(
    qtbot: QtBot, window: MainWindow, data_file: Callable[[str], Path]
) -> None:
    run(qtbot, window, f'use "{data_file("pig")}"')
    dialog = open_mixed(window)
    dialog.state.set(depvar="weight")
    find(dialog, "mixed_indepvars", QLineEdit).setText("weak")
    assert find(dialog, "mixed_indepvars_note").text() == "Variable weak not found; did you mean week?"
    assert not dialog.tabs.tabIcon(0).isNull()
    find(dialog, "mixed_indepvars", QLineEdit).setText("week")
    assert find(dialog, "mixed_indepvars_note").isHidden()
    assert dialog.tabs.tabIcon(0).isNull()


def test_options_pages_write_options(qtbot: QtBot, window: MainWindow, data_file: Callable[[str], Path]) -> None:
    run(qtbot, window, f'use "{data_file("pig")}"')
    dialog = open_mixed(window)
    dialog.state.load_command("mixed weight week || id:")
    find(dialog, "mixed_reml").click()
    find(dialog, "mixed_level").setValue(90)
    find(dialog, "mixed_stddeviations").click()
    find(dialog, "mixed_noheader", QCheckBox).click()
    find(dialog, "mixed_emiterate").setValue(5)
    find(dialog, "mixed_in_from").setText("1")
    find(dialog, "mixed_in_to").setText("400")
    assert dialog.state.to_command() == (
        "mixed weight week in 1/400 || id:, reml level(90) stddeviations noheader emiterate(5)"
    )
    find(dialog, "mixed_mle").click()
    find(dialog, "mixed_variance").click()
    find(dialog, "mixed_level").setValue(95)
    assert dialog.state.to_command() == "mixed weight week in 1/400 || id:, noheader emiterate(5)"
    find(dialog, "mixed_nonrtolerance").click()
    tolerance = find(dialog, "mixed_nrtolerance")
    assert not tolerance.isEnabled()
    assert "nonrtolerance is on" in tolerance.accessibleDescription()
    find(dialog, "reset").click()
    assert dialog.state.to_command() == "mixed"
    find(dialog, "undo").click()
    assert "nonrtolerance" in dialog.state.to_command()


def test_the_equation_list_by_buttons_and_keys(
    qtbot: QtBot, window: MainWindow, data_file: Callable[[str], Path]
) -> None:
    run(qtbot, window, f'use "{data_file("productivity")}"')
    dialog = open_mixed(window)
    dialog.state.load_command("mixed gsp emp || region: || state:")
    view = find(dialog, "mixed_equations")
    view.setFocus()
    view.setCurrentIndex(view.model().index(1, 0))
    qtbot.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert dialog.state.to_command() == "mixed gsp emp || state: || region:"
    assert view.currentIndex().row() == 0
    assert not find(dialog, "mixed_equations_up").isEnabled()
    find(dialog, "mixed_equations_down").click()
    assert dialog.state.to_command() == "mixed gsp emp || region: || state:"
    find(dialog, "mixed_equations_enable").click()
    assert dialog.state.to_command() == "mixed gsp emp || region:"
    qtbot.keyClick(view, Qt.Key.Key_Space)
    find(dialog, "mixed_equations_duplicate").click()
    assert dialog.state.to_command() == "mixed gsp emp || region: || state: || state:"
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    find(dialog, "mixed_equations_edit").click()
    sub = find(dialog, "dialog_mixed_equation", QDialog)
    assert "equation 2: state" in sub.windowTitle()
    find(sub, "mixed_equation_indepvars", QLineEdit).setText("hwy")
    find(sub, "mixed_equation_covariance").setCurrentText("unstructured")
    find(sub, "mixed_equation_noconstant", QCheckBox).setChecked(True)
    assert find(sub, "mixed_equation_preview").text() == "|| state: hwy, noconstant covariance(unstructured)"
    find(sub, "reset").click()
    assert find(sub, "mixed_equation_preview").text() == "|| _all:"
    find(sub, "cancel").click()
    assert dialog.state.to_command() == "mixed gsp emp || region: || state:"


def test_dropping_a_row_moves_its_equation(qtbot: QtBot, window: MainWindow, data_file: Callable[[str], Path]) -> None:
    run(qtbot, window, f'use "{data_file("productivity")}"')
    dialog = open_mixed(window)
    dialog.state.load_command("mixed gsp emp || a: || b: || c:")
    rows = find(dialog, "mixed_equations").model()
    dragged = rows.mimeData([rows.index(0, 0)])
    rows.dropMimeData(dragged, Qt.DropAction.MoveAction, 3, 0, rows.index(-1, -1))
    assert dialog.state.to_command() == "mixed gsp emp || b: || c: || a:"


def test_the_sub_dialog_says_what_the_equation_means(
    qtbot: QtBot, window: MainWindow, data_file: Callable[[str], Path]
) -> None:
    run(qtbot, window, f'use "{data_file("pig")}"')
    dialog = open_mixed(window)
    dialog.state.load_command("mixed weight week || id: week, cov(un)")
    dialog.edit_equation(0)
    sub = find(dialog, "dialog_mixed_equation", QDialog)
    assert find(sub, "mixed_equation_sentence").text() == (
        "Each id has its own intercept and its own slope of week, and the two may be correlated. "
        "Three parameters to estimate from 48 groups."
    )
    texts = [label.text() for label in sub.findChildren(QLabel)]
    assert "48 groups of 9 rows. week varies within id, so a random slope can be estimated." in texts
    card = find(sub, "mixed_equation_covariance_identity")
    card.setFocus()
    qtbot.keyClick(card, Qt.Key.Key_Space)
    assert find(sub, "mixed_equation_preview").text() == "|| id: week, covariance(identity)"
    assert "Crossed" in find(sub, "mixed_equation_crossed").text().replace("&", "")
    if not find(sub, "mixed_equation_crossed").isEnabled():
        assert "Not available now" in find(sub, "mixed_equation_crossed").accessibleDescription()
    find(sub, "mixed_equation_indepvars", QLineEdit).setText("id2")
    assert find(sub, "problems").text() == "1 error"


def test_copying_keys_and_help(qtbot: QtBot, window: MainWindow, data_file: Callable[[str], Path]) -> None:
    run(qtbot, window, f'use "{data_file("pig")}"')
    dialog = open_mixed(window)
    dialog.activateWindow()
    dialog.state.load_command("mixed weight week || id:")
    find(dialog, "copy_command").click()
    assert QGuiApplication.clipboard().text() == "mixed weight week || id:"
    find(dialog, "mixed_depvar").setFocus()
    find(dialog, "help").click()
    assert "numeric variable that the model explains" in find(dialog, "help_text").text()
    with qtbot.waitSignal(window.command_finished, timeout=20_000):
        qtbot.keyClick(find(dialog, "mixed_indepvars"), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.isVisible()
    with qtbot.waitSignal(window.command_finished, timeout=20_000):
        qtbot.keyClick(find(dialog, "mixed_indepvars"), Qt.Key.Key_Return)
    assert not dialog.isVisible()
    open_mixed(window)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_submit_becomes_cancel_while_the_command_runs(
    qtbot: QtBot, window: MainWindow, data_file: Callable[[str], Path]
) -> None:
    run(qtbot, window, f'use "{data_file("tutoring")}"')
    dialog = open_mixed(window)
    dialog.state.load_command("mixed perform tutoring || student_id: || teach_id: || school_id: || dist_id:")
    submit = find(dialog, "submit")
    with qtbot.waitSignal(window.command_finished, timeout=30_000) as finished:
        submit.click()
        assert submit.text() == "Cancel"
        submit.click()
    assert finished.args[0].rc == 1
    qtbot.waitUntil(lambda: submit.text() == "Submit")


def test_the_page_scrolls_on_a_small_screen_and_the_buttons_stay(
    qtbot: QtBot, window: MainWindow, data_file: Callable[[str], Path]
) -> None:
    run(qtbot, window, f'use "{data_file("tutoring")}"')
    dialog = open_mixed(window)
    dialog.state.load_command("mixed perform tutoring || student_id: || teach_id: || school_id: || dist_id:")
    dialog.resize(840, 410)
    QApplication.processEvents()
    assert (dialog.width(), dialog.height()) == (840, 410)
    page = find(dialog, "mixed_page_model")
    assert page.horizontalScrollBar().maximum() == 0
    for name in ("ok", "submit", "cancel", "command_preview"):
        control = find(dialog, name)
        corner = control.mapTo(dialog, control.rect().bottomRight())
        assert dialog.rect().contains(corner)
