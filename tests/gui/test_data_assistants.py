"""The wide-long assistant and the split into within and between, in the window."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QTableView


@pytest.fixture
def pig(run, data_file):
    data_file("pig")
    run("use pig")


def words(dialog, name):
    return dialog.findChild(QLabel, f"{name}_preview_words").text()


def test_reshape_begins_with_a_guess_and_shows_the_result(window, run, pig, qtbot):
    dialog = window.open_dialog("reshape")
    assert dialog.preview.text() == "reshape wide weight, i(id) j(week)"
    dialog.trial.try_now()
    assert words(dialog, "reshape") == "432 rows, 3 variables  →  48 rows, 10 variables"
    table = dialog.findChild(QTableView, "reshape_preview_table")
    assert [table.model().headerData(c, table.horizontalHeader().orientation()) for c in (0, 9)] == ["id", "weight9"]
    with qtbot.waitSignal(window.command_finished, timeout=20_000):
        dialog.findChild(QAbstractButton, "submit").click()
    assert window.session.data.n_obs == 48
    qtbot.waitUntil(lambda: dialog.preview.text() == "reshape long weight, i(id) j(week)")


def test_reshape_names_its_fields_after_the_direction(window, pig):
    dialog = window.open_dialog("reshape")
    assert dialog.findChild(QLineEdit, "reshape_stubs").accessibleName() == "Variables that vary"
    assert not dialog.findChild(QLineEdit, "reshape_values").isEnabled()
    dialog.findChild(QAbstractButton, "reshape_direction_long").click()
    assert dialog.findChild(QLineEdit, "reshape_stubs").accessibleName() == "Stubs"
    assert dialog.findChild(QLineEdit, "reshape_values").isEnabled()


def test_reshape_that_cannot_work_says_why_before_it_is_run(window, run, pig):
    run("replace week = 1 in 2")
    dialog = window.open_dialog("reshape")
    dialog.state.load_command("reshape wide weight, i(id) j(week)")
    dialog.trial.try_now()
    assert "unique" in words(dialog, "reshape")
    assert not dialog.findChild(QTableView, "reshape_preview_table").isVisible()


def test_within_and_between_begins_with_the_groups_of_the_model(window, run, data_file, qtbot):
    data_file("hsb")
    run("use hsb")
    run("mixed mathach ses || id:")
    dialog = window.open_dialog("center")
    dialog.findChild(QLineEdit, "center_varlist").setText("ses")
    assert dialog.preview.text() == "center ses, by(id)"
    dialog.trial.try_now()
    table = dialog.findChild(QTableView, "center_preview_table")
    names = [table.model().variable(c).name for c in range(table.model().columnCount())]
    assert names == ["id", "ses", "b_ses", "w_ses"]
    with qtbot.waitSignal(window.command_finished, timeout=20_000) as done:
        dialog.findChild(QAbstractButton, "submit").click()
    assert done.args[0].rc == 0
    assert "w_ses" in window.session.data


def test_the_data_editor_offers_both(window, run, pig):
    run("edit")
    editor = window.data_windows.editor
    for name in ("reshape", "center"):
        editor.actions_[name].trigger()
        assert window.findChild(QLineEdit, "reshape_i" if name == "reshape" else "center_varlist").window().isVisible()
