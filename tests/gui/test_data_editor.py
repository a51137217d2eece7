"""The data editor: what it shows, and that each change is a command that can be taken back."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLineEdit, QWidget

from mixedgui.models.data_table import CellKind
from mixedgui.shortcuts import plain

DATA = """clear
set obs 6
generate byte id = cond(_n < 4, 1, 2)
generate y = _n/3
generate str6 s = "t" + string(_n)
generate int d = 20000 + _n
format d %td
label define sex 0 "Male" 1 "Female"
generate byte sex = mod(_n, 2)
label values sex sex
replace y = .b in 4
label variable y "Outcome"
"""


@pytest.fixture
def editor(window, run):
    run(DATA)
    run("edit")
    return window.data_windows.editor


def history(window):
    return window.history_model.commands()


def column(editor, name):
    return editor.view.column_of(name)


def shown(editor, name):
    place = column(editor, name)
    return [editor.grid.model.cell(row, place).text for row in range(editor.grid.model.rowCount())]


def commit(qtbot, window, act):
    with qtbot.waitSignal(window.command_finished, timeout=20_000) as done:
        act()
    return done.args[0]


@pytest.fixture
def type_cell(qtbot, window, editor):
    """Give a function that types into a cell as a user does: go there, press a key, Enter."""

    def execute(row, name, text):
        editor.grid.go_to(row, column(editor, name))
        table = editor.grid.pinned if name in editor.view.pinned else editor.grid.table
        QTest.keyClick(table, Qt.Key.Key_F2)
        field = table.findChild(QLineEdit, "data_editor_cell")
        field.setText(text)
        return commit(qtbot, window, lambda: QTest.keyClick(field, Qt.Key.Key_Return))

    return execute


def test_values_are_shown_in_their_formats_with_labels_and_missing_codes(editor):
    assert shown(editor, "y")[:4] == [".3333333", ".6666667", "1", ".b"]
    assert shown(editor, "sex")[:2] == ["Female", "Male"]
    assert shown(editor, "d")[0] == "05oct2014"
    assert shown(editor, "s") == ["t1", "t2", "t3", "t4", "t5", "t6"]
    model = editor.grid.model
    assert model.cell(3, column(editor, "y")).kind is CellKind.MISSING
    assert model.cell(0, column(editor, "sex")).kind is CellKind.LABEL


def test_codes_in_place_of_labels(editor):
    editor.findChild(QAbstractButton, "data_editor_codes").click()
    assert shown(editor, "sex")[:2] == ["1", "0"]
    editor.findChild(QAbstractButton, "data_editor_labels").click()
    assert shown(editor, "sex")[:2] == ["Female", "Male"]


def test_headings_tell_type_and_label(editor):
    model = editor.grid.model
    tip = model.headerData(column(editor, "y"), Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert tip.splitlines()[:2] == ["y: Outcome", "float, %9.0g"]
    text = model.headerData(column(editor, "sex"), Qt.Orientation.Horizontal, Qt.ItemDataRole.AccessibleTextRole)
    assert text == "sex, byte, labelled"


def test_typing_into_a_cell_is_a_command_and_can_be_taken_back(editor, window, qtbot, type_cell):
    outcome = type_cell(4, "y", "3")
    assert (outcome.rc, history(window)[-1]) == (0, "replace y = 3 in 5")
    assert shown(editor, "y")[4] == "3"
    assert editor.grid.current == (5, column(editor, "y")), "Enter goes down"
    commit(qtbot, window, editor.actions_["undo"].trigger)
    assert history(window)[-1] == "undo"
    assert shown(editor, "y")[4] == "1.666667"
    commit(qtbot, window, editor.actions_["redo"].trigger)
    assert shown(editor, "y")[4] == "3"


@pytest.mark.parametrize(
    ("name", "typed", "command"),
    [
        ("y", ".a", "replace y = .a in 1"),
        ("y", "=y*2", "replace y = y*2 in 1"),
        ("s", 'say "$x"', 'replace s = `"say "\\$x""\' in 1'),
        ("sex", "Male", "replace sex = 0 in 1"),
        ("sex", "5", "replace sex = 5 in 1"),
        ("d", "2020-03-12", "replace d = td(12mar2020) in 1"),
    ],
)
def test_each_kind_of_value_can_be_typed(window, type_cell, name, typed, command):
    outcome = type_cell(0, name, typed)
    assert outcome.rc == 0
    assert history(window)[-1].startswith(command.split(" = ")[0])
    if '"' not in typed:
        assert history(window)[-1] == command


def test_text_that_is_no_number_runs_nothing_and_is_explained(editor, window, qtbot):
    before = history(window)
    editor.grid.go_to(0, column(editor, "y"))
    editor.value.field.setText("abc")
    QTest.keyClick(editor.value.field, Qt.Key.Key_Return)
    assert history(window) == before
    assert "holds numbers" in editor.value.hint.text()
    assert editor.value.field.text() == "abc", "what was typed is not lost"


def test_the_line_above_shows_the_whole_value_and_takes_another(editor, window, qtbot):
    editor.grid.go_to(1, column(editor, "y"))
    assert editor.value.field.text() == "0.6666667"
    assert (editor.value.name.text(), editor.value.place.text()) == ("y", "row 2")
    editor.value.field.setText("7.25")
    commit(qtbot, window, lambda: QTest.keyClick(editor.value.field, Qt.Key.Key_Return))
    assert history(window)[-1] == "replace y = 7.25 in 2"


def test_what_is_being_typed_survives_rows_that_come_and_go(editor, window, run):
    editor.grid.go_to(4, column(editor, "y"))
    QTest.keyClick(editor.grid.table, Qt.Key.Key_F2)
    editor.grid.table.findChild(QLineEdit, "data_editor_cell").setText("12.5")
    run("drop in 1")
    fields = [f for f in editor.grid.table.findChildren(QLineEdit, "data_editor_cell") if f.isVisible()]
    assert [field.text() for field in fields] == ["12.5"]
    assert editor.grid.current == (3, column(editor, "y"))


def test_nothing_runs_when_a_cell_is_left_as_it_was(editor, window, qtbot):
    before = history(window)
    editor.grid.go_to(1, column(editor, "y"))
    QTest.keyClick(editor.grid.table, Qt.Key.Key_F2)
    field = editor.grid.table.findChild(QLineEdit, "data_editor_cell")
    QTest.keyClick(field, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert history(window) == before


def test_browsing_changes_nothing(editor, window, run):
    run("browse")
    assert not editor.editable
    before = history(window)
    editor.grid.go_to(0, 0)
    QTest.keyClick(editor.grid.table, Qt.Key.Key_F2)
    QTest.keyClick(editor.grid.table, Qt.Key.Key_5)
    QTest.keyClick(editor.grid.table, Qt.Key.Key_Delete)
    QApplication.clipboard().setText("9")
    editor.actions_["paste"].trigger()
    editor.edits.paste()
    assert editor.grid.table.findChild(QLineEdit, "data_editor_cell") is None
    assert editor.value.field.isReadOnly()
    assert history(window) == before
    assert "only shows" in editor.value.hint.text()


def test_filter_shows_rows_and_keeps_their_numbers(editor, window, type_cell):
    field = editor.findChild(QLineEdit, "data_editor_filter")
    field.setText("id == 2 & sex == 1")
    QTest.keyClick(field, Qt.Key.Key_Return)
    model = editor.grid.model
    numbers = [model.headerData(row, Qt.Orientation.Vertical) for row in range(model.rowCount())]
    assert numbers == ["5"]
    assert "1 of 6 rows" in editor.filter.count.text()
    type_cell(0, "y", "0")
    assert history(window)[-1] == "replace y = 0 in 5"
    field.setText("nothere == 1")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert "not found" in editor.filter.count.text()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert model.rowCount() == 6


def test_filter_becomes_a_keep_command_or_a_condition(editor, window, qtbot):
    field = editor.findChild(QLineEdit, "data_editor_filter")
    field.setText("id == 2")
    QTest.keyClick(field, Qt.Key.Key_Return)
    editor.filter.use.click()
    assert window.command_line.edit.toPlainText() == "if id == 2"
    window.open_dialog("summarize").show()
    editor.filter.use.click()
    assert window.findChild(QLineEdit, "summarize_if").text() == "id == 2"
    commit(qtbot, window, editor.filter.keep.click)
    assert history(window)[-1] == "keep if id == 2"
    assert window.session.data.n_obs == 3


def test_sorting_the_view_leaves_the_data_alone(editor, window):
    header = editor.grid.headers[1]
    header.sort_wanted.emit(column(editor, "y"))
    assert [editor.view.position(row) for row in range(6)] == [0, 1, 2, 4, 5, 3]
    header.sort_wanted.emit(column(editor, "y"))
    assert [editor.view.position(row) for row in (0, 5)] == [5, 3]  # missing values last, as with gsort
    assert history(window)[-1] == "edit"
    assert window.session.data.sorted_by == ()
    header.sort_wanted.emit(column(editor, "y"))
    assert editor.view.rows is None


def test_the_data_can_be_sorted_as_they_are_shown(editor, window, qtbot):
    editor.view.sort_by(("y", True))
    commit(qtbot, window, editor.actions_["sort_data"].trigger)
    assert history(window)[-1] == "gsort -y"


def test_pinned_columns_stay_at_the_left_and_keys_cross_the_border(editor):
    editor.grid.go_to(0, column(editor, "d"))
    editor.actions_["pin"].trigger()
    assert [v.name for v in editor.view.columns][:2] == ["d", "id"]
    assert not editor.grid.pinned.isColumnHidden(0)
    assert editor.grid.table.isColumnHidden(0)
    editor.grid.go_to(0, 1)
    editor.grid.table.setFocus()
    QTest.keyClick(editor.grid.table, Qt.Key.Key_Left)
    assert editor.grid.current == (0, 0)
    assert editor.grid.pinned.hasFocus()
    QTest.keyClick(editor.grid.pinned, Qt.Key.Key_Right)
    assert editor.grid.current == (0, 1)
    assert editor.grid.table.hasFocus()


def test_a_block_is_copied_with_tabs_and_pasted_as_commands(editor, window, qtbot):
    editor.grid.select_cells(range(2), range(column(editor, "id"), column(editor, "y") + 1))
    editor.actions_["copy_names"].trigger()
    assert QApplication.clipboard().text() == "id\ty\n1\t0.33333334\n1\t0.6666667"
    QApplication.clipboard().setText("5\t1\n6\t.z\n7\t4\n")
    editor.grid.go_to(3, 0)
    commit(qtbot, window, editor.actions_["paste"].trigger)
    qtbot.waitUntil(lambda: not window.busy)
    assert window.session.data.columns["id"].tolist() == [1, 1, 1, 5, 6, 7]
    assert shown(editor, "y")[3:] == ["1", ".z", "4"]
    assert history(window)[-6:-3] == ["replace id = 5 in 4", "replace id = 6 in 5", "replace id = 7 in 6"]
    commit(qtbot, window, editor.actions_["undo"].trigger)
    assert history(window)[-1] == "undo 6", "one paste is taken back at once"
    assert window.session.data.columns["id"].tolist() == [1, 1, 1, 2, 2, 2]


def test_the_usual_keys_copy_paste_and_undo(editor, window, qtbot):
    control = Qt.KeyboardModifier.ControlModifier
    editor.activateWindow()
    qtbot.waitUntil(editor.isActiveWindow)
    editor.grid.go_to(0, column(editor, "s"))
    editor.grid.table.setFocus()
    QTest.keyClick(editor.grid.table, Qt.Key.Key_C, control)
    assert QApplication.clipboard().text() == "t1"
    editor.grid.go_to(1, column(editor, "s"))
    commit(qtbot, window, lambda: QTest.keyClick(editor.grid.table, Qt.Key.Key_V, control))
    assert history(window)[-1] == 'replace s = "t1" in 2'
    commit(qtbot, window, lambda: QTest.keyClick(editor.grid.table, Qt.Key.Key_Z, control))
    assert shown(editor, "s")[1] == "t2"
    shift = Qt.KeyboardModifier.ShiftModifier
    commit(qtbot, window, lambda: QTest.keyClick(editor.grid.table, Qt.Key.Key_Z, control | shift))
    assert shown(editor, "s")[1] == "t1"


def test_escape_leaves_a_cell_as_it_was(editor, window):
    before = history(window)
    editor.grid.go_to(0, column(editor, "y"))
    QTest.keyClick(editor.grid.table, Qt.Key.Key_7)
    field = editor.grid.table.findChild(QLineEdit, "data_editor_cell")
    assert field.text() == "7"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert history(window) == before
    assert shown(editor, "y")[0] == ".3333333"


def test_a_block_that_reaches_below_the_data_adds_rows(editor, window, qtbot):
    QApplication.clipboard().setText("8\n9")
    editor.grid.go_to(5, 0)
    commit(qtbot, window, editor.actions_["paste"].trigger)
    qtbot.waitUntil(lambda: not window.busy)
    assert window.session.data.n_obs == 7
    assert window.session.data.columns["id"].tolist()[-2:] == [8, 9]


def test_a_block_that_does_not_fit_changes_nothing(editor, window):
    before = history(window)
    QApplication.clipboard().setText("1\nx")
    editor.grid.go_to(0, column(editor, "y"))
    editor.actions_["paste"].trigger()
    assert "Nothing was pasted" in editor.value.hint.text()
    QApplication.clipboard().setText("1\t2\t3\t4\t5\t6\t7")
    editor.actions_["paste"].trigger()
    assert "columns wider" in editor.value.hint.text()
    assert history(window) == before


def test_delete_makes_cells_missing(editor, window, qtbot):
    editor.grid.select_cells(range(1, 3), range(column(editor, "y"), column(editor, "s") + 1))
    commit(qtbot, window, lambda: QTest.keyClick(editor.grid.table, Qt.Key.Key_Delete))
    qtbot.waitUntil(lambda: not window.busy)
    assert history(window)[-2:] == ["replace y = . in 2/3", 'replace s = "" in 2/3']


def test_rows_and_variables_are_dropped_added_and_renamed_by_commands(editor, window, qtbot):
    editor.grid.select_cells(range(1, 3), range(1))
    commit(qtbot, window, editor.actions_["drop_rows"].trigger)
    assert history(window)[-1] == "drop in 2/3"
    commit(qtbot, window, editor.actions_["add_row"].trigger)
    assert history(window)[-1] == "set obs 5"
    editor.grid.headers[1].rename_wanted.emit(column(editor, "s"))
    field = editor.findChild(QLineEdit, "data_editor_rename")
    field.setText("words")
    commit(qtbot, window, lambda: QTest.keyClick(field, Qt.Key.Key_Return))
    assert history(window)[-1] == "rename s words"
    editor.grid.select_cells(range(1), range(column(editor, "words"), column(editor, "words") + 1))
    commit(qtbot, window, editor.actions_["drop_columns"].trigger)
    assert history(window)[-1] == "drop words"
    assert "words" not in window.session.data


def test_the_menu_of_a_heading_changes_the_storage_type_and_undo_takes_it_back(editor, window, qtbot):
    place = column(editor, "y")
    before = window.session.data.variable("y").storage
    editor.grid.go_to(0, place)
    types = next(a.menu() for a in editor.actions_.menu_of_column(place).actions() if "Type" in a.text())
    assert [action.text() for action in types.actions() if action.isChecked()] == [before]
    double = next(action for action in types.actions() if action.text() == "double")
    commit(qtbot, window, double.trigger)
    assert history(window)[-1] == "recast double y"
    assert editor.grid.model.variable(place).storage == "double"
    commit(qtbot, window, editor.actions_["undo"].trigger)
    assert window.session.data.variable("y").storage == before


def convert_menu(editor, name):
    place = column(editor, name)
    editor.grid.go_to(0, place)
    return next(a.menu() for a in editor.actions_.menu_of_column(place).actions() if "Convert" in plain(a.text()))


def test_the_menu_of_a_heading_turns_text_into_numbers_through_a_dialog(editor, window, run, qtbot):
    run('generate str5 score = cond(_n == 1, "1,5", "-2,75")')
    numbers = next(a for a in convert_menu(editor, "score").actions() if "Numbers" in plain(a.text()))
    numbers.trigger()
    dialog = window.findChild(QDialog, "dialog_destring")
    assert dialog.state.to_command() == "destring score, replace dpcomma"
    commit(qtbot, window, dialog.findChild(QAbstractButton, "ok").click)
    assert shown(editor, "score")[:2] == ["1.5", "−2.75"]


@pytest.mark.parametrize(
    ("name", "words", "command"),
    [
        ("s", "Categories with labels", "encode s, generate(s_code)"),
        ("y", "Text", "tostring y, replace"),
        ("sex", "Text of the labels", "decode sex, generate(sex_text)"),
    ],
)
def test_the_menu_of_a_heading_offers_what_a_variable_can_become(editor, window, name, words, command):
    action = next(a for a in convert_menu(editor, name).actions() if plain(a.text()) == words)
    action.trigger()
    dialog = window.findChild(QDialog, f"dialog_{command.split()[0]}")
    assert dialog.isVisible()
    assert dialog.state.to_command() == command


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("sex", "replace sex = . if sex == 1"),
        ("s", 'replace s = "" if s == "t1"'),
    ],
)
def test_a_value_that_stands_for_missing_becomes_missing_everywhere(editor, window, qtbot, name, command):
    editor.grid.go_to(0, column(editor, name))
    commit(qtbot, window, editor.actions_["missing_everywhere"].trigger)
    assert history(window)[-1] == command


def test_a_command_that_fails_is_said_in_the_editor(editor, window, qtbot):
    editor.edits.rename(column(editor, "s"), "y")
    qtbot.waitUntil(lambda: not window.busy)
    assert "already defined" in editor.value.hint.text()


def test_rows_picked_by_their_numbers_are_selected_everywhere(editor, window, qtbot):
    header = editor.grid.row_header
    height = header.defaultSectionSize()
    with qtbot.waitSignal(editor.rows_selected) as told:
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, height + 5))
    ids = window.session.data.row_ids
    assert told.args[0].tolist() == [ids[1]]
    QTest.mouseClick(
        header.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, QPoint(20, 3 * height + 5)
    )
    assert window.selection.row_ids.tolist() == ids[1:4].tolist()
    QTest.mouseClick(
        header.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, QPoint(20, 2 * height + 5)
    )
    assert window.selection.row_ids.tolist() == ids[[1, 3]].tolist()


def test_rows_selected_in_a_plot_are_marked_here(editor, window):
    ids = window.session.data.row_ids
    window.selection.set(ids[[0, 4]], label="Two of them")
    assert [editor.grid.brushed(row) for row in range(6)] == [True, False, False, False, True, False]
    assert "Two of them" in editor.foot._selected.text()
    editor.view.sort_by(("y", True))
    assert sum(editor.grid.brushed(row) for row in range(6)) == 2
    editor.set_selected_rows(ids[:1])
    assert window.selection.row_ids.tolist() == [ids[0]]
    editor.actions_["clear_selection"].trigger()
    assert not len(window.selection)


def test_keys_select_rows_and_columns(editor, window):
    editor.grid.go_to(2, 1)
    editor.grid.table.setFocus()
    QTest.keyClick(editor.grid.table, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert editor.grid.cells() == (range(6), range(1, 2))
    editor.grid.go_to(2, 1)
    QTest.keyClick(editor.grid.table, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert window.selection.row_ids.tolist() == [window.session.data.row_ids[2]]


def test_one_value_can_be_shown_alone(editor):
    for name, condition in (("s", 's == "t2"'), ("sex", "sex == 0"), ("y", "y == float(0.6666667)")):
        editor.grid.go_to(1, column(editor, name))
        editor.actions_["filter_cell"].trigger()
        assert editor.filter.field.text() == condition
        assert editor.view.problem is None
        assert editor.view.n_rows in {1, 3}
        editor.filter.reset()


def test_browse_shows_what_its_command_says(window, run):
    run(DATA)
    run("browse y s if y < 1 in 1/5, nolabel")
    editor = window.data_windows.editor
    assert [v.name for v in editor.view.columns] == ["y", "s"]
    assert editor.grid.model.rowCount() == 2
    assert not editor.view.labels
    run("browse")
    assert len(editor.view.columns) == 5


def test_menu_entries_run_the_commands(window, run, qtbot):
    run(DATA)
    for name, command in (("action_edit", "edit"), ("action_browse", "browse")):
        commit(qtbot, window, window.findChild(QAction, name).trigger)
        assert history(window)[-1] == command
    assert window.findChild(QWidget, "data_editor").isVisible()


def test_without_data_the_editor_is_empty_and_says_so(window, run):
    run("edit")
    editor = window.data_windows.editor
    assert editor.grid.model.rowCount() == 0
    editor.grab()
    for action in editor.actions_.values():
        if action.objectName() != "action_data_editor_new_variable":
            action.trigger()
    assert "No data yet" in editor.foot._facts.text()
    assert editor.empty.isVisible()
    assert editor.empty.label.text() == "No data yet."
    assert not editor.value.field.isEnabled()


def test_a_filter_that_no_row_matches_can_be_left_by_a_button(editor):
    editor.view.set_filter("y > 1000 & y < .")
    assert (editor.empty.isVisible(), editor.grid.model.rowCount()) == (True, 0)
    editor.empty.button.click()
    assert (editor.empty.isVisible(), editor.grid.model.rowCount()) == (False, 6)


def test_the_menu_takes_changes_of_the_data_back(editor, window, run, qtbot):
    run("drop in 1/5")
    for name, n_obs in (("action_undo_data", 6), ("action_redo_data", 1)):
        commit(qtbot, window, window.findChild(QAction, name).trigger)
        assert window.session.data.n_obs == n_obs


def test_the_place_stays_when_rows_come_and_go(editor, window, run):
    editor.grid.go_to(4, column(editor, "s"))
    run("drop in 1/2")
    assert editor.grid.current == (2, column(editor, "s"))
    run("drop y")
    assert editor.grid.current == (2, column(editor, "s"))


def test_long_text_is_shown_whole_above_the_table(editor, run):
    run(f'generate strL words = "{300 * "ab c"}" in 1')
    editor.grid.go_to(0, column(editor, "words"))
    assert len(editor.value.field.text()) == 1200


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_that_takes_the_focus_has_a_name(editor, scheme):
    nameless = [
        (type(widget).__name__, widget.objectName())
        for widget in editor.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.isVisible()
        and not widget.accessibleName()
        and not (isinstance(widget, QAbstractButton) and widget.text())
        and not widget.objectName().startswith("qt_")
    ]
    assert nameless == []


def test_a_cell_of_data_given_up_while_the_editor_was_closed_is_forgotten(editor, run):
    editor.grid.go_to(3, column(editor, "sex"))
    editor.close()
    run("use pig, clear")
    outcome = run("edit")
    assert outcome.rc == 0
    assert editor.grid.model.columnCount() == 3
    assert editor.isVisible()
