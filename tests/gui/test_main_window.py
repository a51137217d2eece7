"""Commands from the command line to the results, menus, and what assistive technology meets."""

import io
from contextlib import redirect_stdout

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QDialog, QDockWidget, QLabel, QMenu, QTableView, QToolButton, QWidget

from mixedgui.batch import run_batch


def batch_log(tmp_path, text):
    script = tmp_path / "script.do"
    script.write_text(text)
    with redirect_stdout(io.StringIO()) as log:
        run_batch(str(script), None)
    return log.getvalue()


def type_command(qtbot, window, text):
    qtbot.keyClicks(window.command_line.edit, text)
    with qtbot.waitSignal(window.command_finished, timeout=20_000) as done:
        qtbot.keyClick(window.command_line.edit, Qt.Key.Key_Return)
    return done.args[0]


def test_typed_command_runs_and_its_text_is_the_log_of_batch_mode(window, qtbot, tmp_path, data_file):
    data_file("pig")
    commands = ["use pig", "describe", "mixed weight week || id:", "mixed weigth week || id:", "count"]
    for command in commands:
        type_command(qtbot, window, command)
        window.command_line.put("")
    # batch stops at the error, so the last command is compared with a log of its own
    expected = batch_log(tmp_path, "\n".join(commands[:-1])) + ". count\n" + f"{window.session.data.n_obs:>5}\n\n"
    assert window.results_text().splitlines()[:-3] == expected.splitlines()[:-3]
    assert window.results_text().startswith(batch_log(tmp_path, "\n".join(commands[:-1])))


def test_outcome_text_stands_under_the_echoed_command(window, run, data_file):
    data_file("pig")
    run("use pig")
    outcome = run("mixed weight week || id: week, covariance(unstructured)")
    assert outcome.rc == 0
    assert f". {outcome.command}\n{outcome.text}" in window.results_text()


def test_several_lines_finish_once_and_stop_at_the_first_error(window, run, data_file):
    data_file("pig")
    ended = []
    window.command_ended.connect(ended.append)
    outcome = run("use pig\nsummarize nonsense\ncount")
    assert outcome.rc == 111
    assert [o.command for o in ended] == ["use pig", "summarize nonsense"]
    assert ". count" not in window.results_text()


def test_error_shows_message_and_code_and_gives_the_text_back_underlined(window, qtbot, data_file, capfd):
    data_file("pig")
    type_command(qtbot, window, "use pig")
    outcome = type_command(qtbot, window, "mixed weigth week || id:")
    assert outcome.rc == 111
    assert "variable weigth not found" in window.results_text()
    assert "r(111);" in window.results_text()
    edit = window.command_line.edit
    assert edit.toPlainText() == "mixed weigth week || id:"
    assert [s.cursor.selectedText() for s in edit.extraSelections()] == ["weigth"]
    assert "Traceback" not in capfd.readouterr().err


def test_what_the_user_types_meanwhile_is_not_overwritten_by_a_failed_command(window, qtbot):
    with qtbot.waitSignal(window.command_finished):
        window.run_command("nonsense")
        window.command_line.put("describe")
    assert window.command_line.edit.toPlainText() == "describe"


def test_page_up_recalls_and_page_down_returns_to_the_draft(window, qtbot, run):
    run("count")
    run("describe")
    edit = window.command_line.edit
    edit.put("draft")
    qtbot.keyClick(edit, Qt.Key.Key_PageUp)
    assert edit.toPlainText() == "describe"
    qtbot.keyClick(edit, Qt.Key.Key_PageUp)
    qtbot.keyClick(edit, Qt.Key.Key_PageUp)
    assert edit.toPlainText() == "count"
    qtbot.keyClick(edit, Qt.Key.Key_PageDown)
    qtbot.keyClick(edit, Qt.Key.Key_PageDown)
    assert edit.toPlainText() == "draft"


def test_shift_enter_adds_a_line_instead_of_running(window, qtbot):
    edit = window.command_line.edit
    qtbot.keyClicks(edit, "mixed weight week")
    qtbot.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert edit.toPlainText() == "mixed weight week\n"
    assert not window.busy


def test_tab_completes_the_only_candidate_and_lists_several(window, qtbot, run, data_file):
    data_file("pig")
    run("use pig")
    edit = window.command_line.edit
    edit.put("")
    qtbot.keyClicks(edit, "mixed weig")
    qtbot.keyClick(edit, Qt.Key.Key_Tab)
    assert edit.toPlainText() == "mixed weight "
    qtbot.keyClicks(edit, "week || id: week, cov")
    qtbot.keyClick(edit, Qt.Key.Key_Tab)
    assert edit.toPlainText().endswith("covariance(")
    popup = window.findChild(QWidget, "completion")
    assert popup.isVisible()
    first = popup.current_text()
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert edit.toPlainText() == f"mixed weight week || id: week, {first} "
    assert first.startswith("covariance(")
    assert not popup.isVisible()


def test_keys_sent_to_the_pane_reach_its_editor(window, qtbot):
    pane = window.findChild(QDockWidget, "command_line")
    qtbot.keyClicks(pane, "count")
    assert window.command_line.edit.toPlainText() == "count"


def test_linear_regression_opens_the_dialog_of_mixed(window):
    action = window.findChild(QAction, "action_mixed")
    action.trigger()
    dialog = window.findChild(QDialog, "dialog_mixed")
    assert dialog.isVisible()
    titles = [menu.title().replace("&", "") for menu in window.menuBar().findChildren(QMenu)]
    assert "Multilevel mixed-effects models" in titles


def test_menu_bar_is_arranged_as_in_stata(window):
    shown = [a.text().replace("&", "") for a in window.menuBar().actions() if a.isVisible()]
    assert shown == ["File", "Edit", "Data", "Graphics", "Statistics", "Window", "Help"]


def test_five_panes_carry_their_names(window):
    for name in ("results", "command_line", "history", "variables", "properties"):
        pane = window.findChild(QWidget, name)
        assert pane is not None
        assert pane.isVisible()
        assert pane.accessibleName()


def test_every_focusable_widget_has_an_accessible_name(window, run, data_file):
    data_file("pig")
    run("use pig")
    run("mixed weight week || id:")
    window.satellites.show_commands()
    nameless = []
    for widget in window.findChildren(QWidget):
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or isinstance(widget, QDialog):
            continue
        if widget.focusProxy() is not None or widget.objectName().startswith("qt_"):
            continue
        text = widget.text() if isinstance(widget, QAbstractButton) else ""
        if not (widget.accessibleName() or text):
            nameless.append((type(widget).__name__, widget.objectName(), type(widget.parent()).__name__))
    assert nameless == []


def test_every_action_has_a_text(window):
    for action in window.findChildren(QAction):
        assert action.isSeparator() or action.text() or action.menu() is not None, action.objectName()


def test_shortcuts_do_not_collide(window):
    seen = {}
    for action in window.findChildren(QAction):
        if action.shortcutContext() == Qt.ShortcutContext.WidgetShortcut:
            continue
        for key in action.shortcuts():
            text = key.toString()
            assert seen.setdefault(text, action) is action, (text, action.text(), seen[text].text())


def test_table_is_copied_in_three_forms(window, run, data_file):
    data_file("pig")
    run("use pig")
    run("mixed weight week || id:")
    window.results.actions_.copy_table.trigger()
    mime = QGuiApplication.clipboard().mimeData()
    assert "week |   6.209896" in mime.text()
    assert "<table" in mime.html()
    tsv = bytes(mime.data("text/tab-separated-values").data()).decode()
    assert next(line for line in tsv.splitlines() if line.startswith("week\t")).split("\t")[:2] == ["week", "6.209896"]


def test_the_active_fit_is_shown_with_small_sample_inference_by_a_click(window, run, data_file, qtbot):
    """[ME] mixed types `mixed, small` after a fit with dfmethod()."""
    run(f'use "{data_file("pig")}"')

    def entry():
        record = next(record for record in reversed(window.results.text.records) if "|| id" in record.command)
        return [a for a in window.results.actions_.menu(record).actions() if "Small" in a.text().replace("&", "")]

    run("mixed weight week || id:")
    assert not entry()
    run("mixed weight week || id:, reml dfmethod(residual)")
    (show,) = entry()
    with qtbot.waitSignal(window.command_finished, timeout=20_000) as finished:
        show.trigger()
    assert finished.args[0].command == "mixed, small"
    assert "P>|t|" in finished.args[0].text
    qtbot.waitUntil(lambda: not window.busy)
    run("mixed weight || id:")
    assert not entry()


def test_table_is_saved_as_csv_with_all_digits(window, run, data_file, tmp_path):
    data_file("pig")
    run("use pig")
    outcome = run("mixed weight week || id:")
    record = window.results.text.records[-1]
    menu = window.results.actions_.menu(record)
    assert any("&Save Table" in action.text() for action in menu.actions())
    path = tmp_path / "fixed.csv"
    table = record.tables[0]
    window.results.actions_.write_table(table, table.data, str(path))
    week = next(line for line in path.read_text().splitlines() if ",week," in line or line.startswith("week"))
    assert repr(outcome.tables["fixed"].rows[0].values[0]) in week


def test_graphs_are_handed_to_the_plot_window(window, run, data_file):
    data_file("pig")
    run("use pig")
    outcome = run("scatter weight week")
    assert outcome.rc == 0
    assert outcome.graph is not None
    assert window.findChildren(QWidget, "graph_1")


def test_choosing_dark_recolours_the_log_and_keeps_its_text(window, run, data_file, qapp):
    data_file("pig")
    run("use pig")
    run("mixed weight week || id:")
    before = window.results_text()
    window.results.text.toggle_fold(window.results.text.records[0].first)
    try:
        window.findChild(QAction, "action_theme_dark").trigger()
        assert window.results_text() == before
        word = window.results.text.document().findBlockByNumber(0).begin().fragment()
        assert word.charFormat().foreground().color().lightnessF() > 0.5
        assert window.preferences.theme.value == "dark"
    finally:
        window.findChild(QAction, "action_theme_system").trigger()


@pytest.mark.parametrize("name", ["qnorm", "lowess", "predict", "mixed"])
def test_menu_entries_exist_for_commands_with_a_dialog(window, name):
    assert window.findChild(QAction, f"action_{name}") is not None


def test_tables_view_shows_each_result_as_a_card_with_the_log_folded(window, run, qtbot, data_file):
    data_file("pig")
    run("use pig")
    run("mixed weight week || id:")
    window.findChild(QAbstractButton, "results_as_tables").click()
    view = window.results.tables
    assert view.isVisible()
    card = view.card(view.records()[-1])
    fixed = next(table for table in card.findChildren(QTableView) if table.accessibleName() == "Fixed effects")
    assert fixed.model().index(0, 1).data() == "6.2099"
    log = next(b for b in card.findChildren(QToolButton) if b.text().startswith("Iteration log"))
    qtbot.waitUntil(log.isVisible)
    assert not any("Performing EM" in label.text() for label in card.findChildren(QLabel))
    log.click()
    unfolded = next(label for label in card.findChildren(QLabel) if "Performing EM" in label.text())
    assert unfolded.isVisible()
    log.click()
    assert not unfolded.isVisible()
    run("count")
    view.card(view.records()[-1])
    assert any("count" in label.text() for label in view.findChildren(QLabel))
    assert ". count" in window.results_text()


def test_result_can_be_opened_in_its_dialog(window, run, data_file):
    data_file("pig")
    run("use pig")
    run("mixed weight week || id:, reml")
    record = window.results.text.records[-1]
    entry = next(a for a in window.results.actions_.menu(record).actions() if "Dialog" in a.text())
    entry.trigger()
    dialog = window.findChild(QDialog, "dialog_mixed")
    assert dialog.isVisible()
    assert dialog.state.to_command() == "mixed weight week || id:, reml"


def test_find_bar_counts_and_marks_places(window, run, qtbot):
    run("count")
    run("count")
    window.results.find_action.trigger()
    bar = window.findChild(QWidget, "find_text")
    qtbot.keyClicks(bar, "count")
    assert len(window.results.text.extraSelections()) == 2
    qtbot.keyClick(bar, Qt.Key.Key_Escape)
    assert window.results.text.extraSelections() == []


def test_folded_lines_stay_in_the_text_of_the_results(window, run, data_file):
    data_file("pig")
    run("use pig")
    run("mixed weight week || id:")
    view = window.results.text
    before = window.results_text()
    record = view.records[-1]
    log = next(p.first for p in record.pieces if view.foldable(p.first))
    view.toggle_fold(log)
    assert not view.document().findBlockByNumber(log + 1).isVisible()
    assert view.document().findBlockByNumber(log).isVisible()
    assert window.results_text() == before
    view.toggle_fold(log)
    assert view.document().findBlockByNumber(log + 1).isVisible()


def test_no_letter_is_used_twice_in_a_menu(window):
    menus = [window.menuBar(), *window.menuBar().findChildren(QMenu)]
    for menu in menus:
        texts = [action.text() for action in menu.actions() if action.isVisible()]
        letters = [text[text.index("&") + 1].lower() for text in texts if "&" in text.replace("&&", "")]
        assert len(letters) == len(set(letters)), texts
