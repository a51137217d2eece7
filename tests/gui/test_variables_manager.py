"""The Variables Manager: what it tells of variables, and that each change is a command."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QDialog, QLineEdit, QPlainTextEdit, QTableView, QWidget

from mixedgui.models.variable_properties import Field


@pytest.fixture
def manager(window, run, data_file, qtbot):
    data_file("hsb")
    run("use hsb")
    run("varmanage")
    manager = window.data_windows.editor.manager
    qtbot.waitUntil(lambda: not manager.table.missing_glances(), timeout=20_000)
    return manager


def history(window):
    return window.history_model.commands()


def text(manager, name, field):
    return manager.model.index(manager.model.row_of(name), field).data()


def commit(qtbot, window, act):
    with qtbot.waitSignal(window.command_finished, timeout=20_000) as done:
        act()
    return done.args[0]


def edit(qtbot, window, manager, change):
    """Type into a field as a user does."""
    name, field, new = change
    manager.go_to(name)
    index = manager.view.model().index(manager.view.currentIndex().row(), field)
    manager.view.setCurrentIndex(index)
    manager.view.edit(index)
    editor = manager.view.findChild(QWidget, "variables_manager_cell")
    if isinstance(editor, QComboBox):
        editor.setCurrentText(new)
    else:
        editor.setText(new)
    return commit(qtbot, window, lambda: QTest.keyClick(editor, Qt.Key.Key_Return))


def test_variables_are_listed_with_what_is_known(manager):
    assert text(manager, "ses", Field.LABEL) == "Socioeconomic status"
    assert text(manager, "ses", Field.TYPE) == "double"
    assert text(manager, "ses", Field.MISSING) == "0"
    assert text(manager, "id", Field.DISTINCT) == "160"
    assert text(manager, "mathach", Field.MEAN) == "12.748"
    assert text(manager, "mathach", Field.SD) == "6.878"
    assert text(manager, "ses", Field.DISTRIBUTION) == "\N{MINUS SIGN}3.758 to 2.692"


def test_the_groups_of_the_model_tell_what_is_constant_within_them(manager, run, qtbot):
    assert text(manager, "sector", Field.WITHIN) == ""
    run("mixed mathach ses || id:")
    qtbot.waitUntil(lambda: not manager.table.missing_glances(), timeout=20_000)
    assert text(manager, "sector", Field.WITHIN) == "constant"
    assert text(manager, "ses", Field.WITHIN) == "varies"
    assert text(manager, "id", Field.WITHIN) == "is the group"
    roles = [text(manager, name, Field.ROLE) for name in ("mathach", "id", "ses", "sector")]
    assert roles == ["outcome", "level 2 group", "level 1", "level 2"]
    heading = manager.model.headerData(Field.WITHIN, Qt.Orientation.Horizontal)
    assert heading == "Within id"


def test_groups_can_be_chosen_without_a_model(manager, qtbot):
    groups = manager.findChild(QComboBox, "variables_manager_groups")
    groups.setCurrentIndex(groups.findData("id"))
    groups.activated.emit(groups.currentIndex())
    qtbot.waitUntil(lambda: not manager.table.missing_glances(), timeout=20_000)
    assert text(manager, "size", Field.WITHIN) == "constant"


@pytest.mark.parametrize(
    ("change", "command"),
    [
        (("ses", Field.NAME, "status"), "rename ses status"),
        (("ses", Field.LABEL, 'So "called" $x'), 'label variable ses `"So "called" \\$x"\''),
        (("ses", Field.LABEL, ""), 'label variable ses ""'),
        (("ses", Field.FORMAT, "%9.2f"), "format ses %9.2f"),
        (("size", Field.TYPE, "double"), "recast double size"),
    ],
)
def test_fields_are_changed_by_commands(manager, window, qtbot, change, command):
    outcome = edit(qtbot, window, manager, change)
    assert (outcome.rc, history(window)[-1]) == (0, command)
    name = change[2] if change[1] is Field.NAME else change[0]
    assert text(manager, name, change[1]) == change[2]


def test_a_type_that_would_change_values_is_said_in_the_results(manager, window, qtbot):
    outcome = edit(qtbot, window, manager, ("ses", Field.TYPE, "byte"))
    assert "would be changed; not changed" in outcome.text
    assert text(manager, "ses", Field.TYPE) == "double"


def test_a_format_goes_to_all_selected_variables(manager, window, qtbot):
    manager.view.selectAll()
    index = manager.view.model().index(1, Field.FORMAT)
    manager.model.setData(manager.view.model().mapToSource(index), "%9.1f")
    qtbot.waitUntil(lambda: not window.busy)
    assert history(window)[-1].startswith("format id mathach ses female")
    assert {v.format for v in window.session.data.variables} == {"%9.1f"}


def test_value_labels_are_attached_and_taken_away(manager, window, run, qtbot):
    run('label define yesno 0 "No" 1 "Yes"')
    edit(qtbot, window, manager, ("minority", Field.VALUE_LABEL, "yesno"))
    assert history(window)[-1] == "label values minority yesno"
    edit(qtbot, window, manager, ("minority", Field.VALUE_LABEL, "none"))
    assert history(window)[-1] == "label values minority ."


def test_a_name_that_is_taken_is_said(manager, window, qtbot):
    outcome = edit(qtbot, window, manager, ("ses", Field.NAME, "size"))
    assert outcome.rc == 110
    assert "already defined" in window.data_windows.editor.value.hint.text()
    assert text(manager, "ses", Field.NAME) == "ses"


def test_the_filter_looks_at_names_labels_and_roles(manager, run, qtbot):
    field = manager.findChild(QLineEdit, "variables_manager_filter")
    field.setText("ses")
    names = [manager.view.model().index(row, 0).data() for row in range(manager.view.model().rowCount())]
    assert names == ["ses", "meanses"]
    run("mixed mathach ses || id:")
    qtbot.waitUntil(lambda: not manager.table.missing_glances(), timeout=20_000)
    field.setText("outcome")
    assert [manager.view.model().index(0, 0).data(), manager.view.model().rowCount()] == ["mathach", 1]


def test_rows_are_sorted_by_numbers_as_numbers(manager):
    manager.view.sortByColumn(Field.DISTINCT, Qt.SortOrder.DescendingOrder)
    assert manager.view.model().index(0, 0).data() == "mathach"
    manager.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert manager.view.model().index(0, 0).data() == "id"


def test_the_current_variable_comes_into_sight_in_the_data(manager, window):
    editor = window.data_windows.editor
    manager.go_to("pracad")
    assert editor.grid.current[1] == editor.view.column_of("pracad")


def test_value_labels_are_defined_in_their_dialog(manager, window, qtbot):
    manager.go_to("female")
    manager.findChild(QAbstractButton, "variables_manager_value_labels").click()
    dialog = manager.findChild(QDialog, "dialog_value_labels")
    assert dialog.findChild(QLineEdit, "value_labels_name").text() == "female"
    table = dialog.findChild(QTableView, "value_labels_table")
    assert [table.model().index(row, 0).data() for row in range(3)] == ["0", "1", ""]
    assert not dialog.findChild(QAbstractButton, "ok").isEnabled()
    table.model().setData(table.model().index(0, 1), "Male")
    table.model().setData(table.model().index(1, 1), "Female")
    commands = 'label define female 0 "Male" 1 "Female"\nlabel values female female'
    assert dialog.findChild(QPlainTextEdit, "command_preview").toPlainText() == commands
    commit(qtbot, window, dialog.findChild(QAbstractButton, "submit").click)
    qtbot.waitUntil(lambda: not window.busy)
    assert window.session.data.labels_of("female") == {0.0: "Male", 1.0: "Female"}
    table.model().setData(table.model().index(2, 0), ".a")
    table.model().setData(table.model().index(2, 1), "Refused")
    commit(qtbot, window, dialog.findChild(QAbstractButton, "submit").click)
    assert history(window)[-1] == 'label define female 0 "Male" 1 "Female" .a "Refused", replace'
    commit(qtbot, window, dialog.findChild(QAbstractButton, "value_labels_drop").click)
    qtbot.waitUntil(lambda: not window.busy)
    assert "female" not in window.session.data.value_labels
    assert window.session.data.variable("female").value_label == ""


def test_the_dialog_of_value_labels_opens_while_a_command_takes_its_variable_away(manager, window):
    manager.go_to("female")
    window.session.run("drop female")  # as in the middle of a do-file: the manager has not heard of it yet
    manager.findChild(QAbstractButton, "variables_manager_value_labels").click()
    dialog = manager.findChild(QDialog, "dialog_value_labels")
    assert dialog.isVisible()
    assert dialog.findChild(QLineEdit, "value_labels_name").text() == ""


def test_notes_are_written_changed_and_removed(manager, window, qtbot):
    manager.go_to("ses")
    manager.findChild(QAbstractButton, "variables_manager_notes").click()
    dialog = manager.findChild(QDialog, "dialog_notes")
    field = dialog.findChild(QPlainTextEdit, "notes_text")
    field.setPlainText("costs $5 // see http://x `y'")
    commit(qtbot, window, dialog.add.click)
    assert window.session.data.variable("ses").notes == ("costs $5 // see http://x `y'",)
    assert text(manager, "ses", Field.NOTES) == "1"
    dialog.list.setCurrentRow(0)
    field.setPlainText("changed")
    commit(qtbot, window, dialog.change.click)
    assert window.session.data.variable("ses").notes == ("changed",)
    dialog.list.setCurrentRow(0)
    commit(qtbot, window, dialog.drop.click)
    assert window.session.data.variable("ses").notes == ()
    dialog.owner.setCurrentIndex(0)
    field.setPlainText("on the data")
    commit(qtbot, window, dialog.add.click)
    assert window.session.data.notes[-1] == "on the data"
    assert history(window)[-1] == "notes: on the data"


def test_menu_entry_and_toolbar_button_open_it(window, run, qtbot, data_file):
    data_file("pig")
    run("use pig")
    commit(qtbot, window, window.findChild(QAction, "action_varmanage").trigger)
    editor = window.data_windows.editor
    assert editor.manager.isVisible()
    editor.actions_["variables"].trigger()
    assert not editor.manager.isVisible()


def test_without_data_it_is_empty(window, run):
    run("varmanage")
    manager = window.data_windows.editor.manager
    assert manager.model.rowCount() == 0
    manager.open_value_labels()
    manager.open_notes()
    window.data_windows.editor.grab()


def test_everything_that_takes_the_focus_has_a_name(manager):
    manager.open_value_labels()
    manager.open_notes()
    nameless = [
        (type(widget).__name__, widget.objectName())
        for widget in manager.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.isVisible()
        and not widget.accessibleName()
        and not (isinstance(widget, QAbstractButton) and widget.text())
        and not isinstance(widget.parentWidget(), QComboBox)
        and not widget.objectName().startswith("qt_")
    ]
    assert nameless == []
