"""Opening files by menu, start page and drop; recent files; layout kept between sessions."""

import shutil

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QDialog, QMessageBox, QPushButton, QWidget


@pytest.fixture
def pig(data_file, tmp_path):
    path = tmp_path / "my pig.dta"
    shutil.copy(data_file("pig"), path)
    return path


def drop(window, *paths):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(300, 300), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)
    return event.isAccepted()


def test_dropped_data_set_is_opened_and_listed(window, qtbot, pig):
    with qtbot.waitSignal(window.command_finished):
        assert drop(window, pig)
    assert window.session.data.n_obs == 432
    assert window.variables.view.model().rowCount() == 3
    assert "432" in window.properties.text()
    assert "my pig.dta" in window.windowTitle()


def test_drop_of_another_kind_of_file_is_refused(window, tmp_path):
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"")
    event_accepted = drop(window, picture)
    assert not window.busy
    assert not event_accepted or window.results_text() == ""


def test_recent_files_are_listed_latest_first_and_missing_ones_marked(new_window, qtbot, pig, tmp_path):
    window = new_window()
    other = tmp_path / "other.dta"
    shutil.copy(pig, other)
    for path in (pig, other):
        with qtbot.waitSignal(window.command_finished):
            window.files.open(str(path))
    other.unlink()
    menu = new_window()._menus.recent
    texts = [action.text().replace("&", "") for action in menu.actions() if not action.isSeparator()]
    assert texts[:2] == ["other.dta (not found)", "my pig.dta"]
    assert [action.isEnabled() for action in menu.actions()[:2]] == [False, True]


def test_changed_data_are_given_up_only_after_asking(window, run, qtbot, pig):
    run(f'use "{pig}"')
    run("generate twice = 2*weight")
    window.files.open(str(pig))
    assert not window.busy
    box = window.findChild(QMessageBox, "confirm_replace_data")
    button = next(b for b in box.buttons() if box.buttonRole(b) == QMessageBox.ButtonRole.DestructiveRole)
    with qtbot.waitSignal(window.command_finished):
        button.click()
    assert "twice" not in window.session.data


def test_data_set_and_do_file_given_at_the_start_are_opened(new_window, qtbot, pig, tmp_path):
    script = tmp_path / "first.do"
    script.write_text(f'use "{pig}"\ncount\n')
    window = new_window(script)
    qtbot.waitUntil(lambda: not window.busy, timeout=10_000)
    assert window.session.data.n_obs == 432
    assert ". count" in window.results_text()
    assert new_window(pig).busy


def test_file_that_vanished_is_reported_with_its_code(window, run, tmp_path):
    outcome = run(f'use "{tmp_path / "gone.dta"}"')
    assert outcome.rc == 601
    assert "r(601);" in window.results_text()


def test_start_page_opens_an_example_and_fits_its_first_model(window, qtbot):
    page = window.findChild(QWidget, "start_page")
    assert page.isVisible()
    finished = []
    window.command_finished.connect(finished.append)
    window.findChild(QPushButton, "fit_hsb").click()
    qtbot.waitUntil(lambda: len(finished) == 2 and not window.busy, timeout=30_000)
    assert [outcome.rc for outcome in finished] == [0, 0]
    assert not page.isVisible()
    assert "Mixed-effects ML regression" in window.results_text()


def test_examples_are_offered_in_the_file_menu(window, qtbot):
    with qtbot.waitSignal(window.command_finished):
        window.findChild(QAction, "example_hsb").trigger()
    assert window.session.data.n_obs == 7185


def test_layout_is_kept_and_can_be_reset(new_window):
    first = new_window()
    first.history.hide()
    first.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, first.properties)
    first.results.larger()
    first.close()
    second = new_window()
    assert not second.history.isVisible()
    assert second.dockWidgetArea(second.properties) == Qt.DockWidgetArea.LeftDockWidgetArea
    assert second.results.text.zoom == first.results.text.zoom == 1
    second.layout_.reset()
    assert second.history.isVisible()
    assert second.dockWidgetArea(second.properties) == Qt.DockWidgetArea.RightDockWidgetArea


def test_eighty_columns_fit_at_the_usual_window_size(window, run, data_file):
    data_file("pig")
    run("use pig")
    run("mixed weight week || id:")
    assert not window.results.text.horizontalScrollBar().isVisible()


def test_double_click_on_a_variable_inserts_its_name(window, run, pig, qtbot):
    run(f'use "{pig}"')
    window.command_line.put("summarize")
    view = window.variables.view
    view.doubleClicked.emit(view.model().index(1, 0))
    assert window.command_line.edit.toPlainText() == "summarize week "


def test_filter_of_variables_looks_at_names_and_labels(window, run, data_file):
    data_file("hsb")
    run("use hsb")
    window.variables.filter.setText("ses")
    names = [
        window.variables.view.model().index(row, 0).data() for row in range(window.variables.view.model().rowCount())
    ]
    assert "ses" in names
    assert len(names) < len(window.session.data.variables)


def test_properties_describe_the_current_variable(window, run, pig):
    run(f'use "{pig}"')
    window.variables.view.selectRow(1)
    text = window.properties.text()
    assert "Variable week" in text
    assert "Range: 1 to 9, none missing" in text
    assert "Observations: 432" in text


def test_history_shows_codes_and_a_click_puts_the_command_back(window, run, qtbot, tmp_path):
    run("count")
    run("nonsense")
    view = window.history.view
    rows = [view.model().index(row, 0) for row in range(view.model().rowCount())]
    assert [row.data() for row in rows] == ["count", "nonsense"]
    assert "r(199)" in rows[1].data(Qt.ItemDataRole.AccessibleTextRole)
    view.clicked.emit(rows[0])
    assert window.command_line.edit.toPlainText() == "count"
    with qtbot.waitSignal(window.command_finished):
        view.doubleClicked.emit(rows[0])
    assert view.model().rowCount() == 3
    target = tmp_path / "saved.do"
    window.history.write_dofile(window.history._all(), str(target))
    assert target.read_text().splitlines() == ["count", "* nonsense", "count"]


def test_buttons_that_float_over_results_have_names(window, run):
    run("count")
    tools = [button for button in window.results.text.viewport().findChildren(QAbstractButton)]
    assert tools
    assert all(button.accessibleName() for button in tools)


def test_window_with_changed_data_closes_only_after_asking(window, run, pig):
    run(f'use "{pig}"')
    run("generate twice = 2*weight")
    window.close()
    assert window.isVisible()
    box = window.findChild(QMessageBox, "confirm_leave")
    next(b for b in box.buttons() if box.buttonRole(b) == QMessageBox.ButtonRole.DestructiveRole).click()
    assert not window.isVisible()


def test_file_dragged_over_the_command_line_is_left_to_the_window(window, pig):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(pig))])
    mime.setText(str(pig))
    assert not window.command_line.edit.canInsertFromMimeData(mime)
    names = QMimeData()
    names.setText("weight week")
    assert window.command_line.edit.canInsertFromMimeData(names)


def test_data_are_saved_under_the_name_given(window, run, qtbot, pig, tmp_path):
    run(f'use "{pig}"')
    run("generate twice = 2*weight")
    target = tmp_path / "changed pig.dta"
    with qtbot.waitSignal(window.command_finished) as done:
        window.files._save(str(target))
    assert done.args[0].rc == 0
    assert target.is_file()
    assert not window.session.data.changed


def test_example_given_at_the_start_is_opened_with_its_model_in_the_dialog(new_window, qtbot):
    window = new_window("--example", "hsb")
    qtbot.waitUntil(lambda: window.findChild(QDialog, "dialog_mixed") is not None)
    dialog = window.findChild(QDialog, "dialog_mixed")
    assert dialog.isVisible()
    assert dialog.state.to_command() == "mixed mathach ses || id:"
    with qtbot.waitSignal(window.command_finished, timeout=20_000) as done:
        dialog.findChild(QAbstractButton, "submit").click()
    assert done.args[0].rc == 0
