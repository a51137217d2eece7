"""The Do-file editor."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QTextCursor


@pytest.fixture
def editor(window, run):
    assert run("doedit").rc == 0
    editor = window.findChild(object, "dofile_editor")
    assert editor.isVisible()
    return editor


def commands(window):
    return [entry.command for entry in window.session.history]


def go_to(edit, line):
    edit.setTextCursor(QTextCursor(edit.document().findBlockByNumber(line)))


def test_all_of_it_is_run_and_the_line_of_an_error_is_marked(editor, window, qtbot) -> None:
    edit = editor.sheet.edit
    edit.setPlainText("use sleepstudy\n\nmixed reaction days ///\n  || subject:\nmixed reaction dayz || subject:\n")
    with qtbot.waitSignal(window.command_finished, timeout=20_000):
        qtbot.keyClick(edit, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert commands(window)[-3:] == [
        "use sleepstudy", "mixed reaction days || subject:", "mixed reaction dayz || subject:",
    ]  # fmt: skip
    assert edit.error_line == 4
    assert editor.statusBar().currentMessage().startswith("Line 5: ")
    assert editor.statusBar().currentMessage().endswith("r(111)")
    qtbot.keyClicks(edit, " ")
    assert edit.error_line == -1


def test_the_statement_at_the_cursor_or_the_selected_lines_are_run(editor, window, qtbot) -> None:
    edit = editor.sheet.edit
    edit.setPlainText("display 1\ndisplay ///\n  2\ndisplay 3")
    go_to(edit, 2)
    with qtbot.waitSignal(window.command_finished, timeout=20_000):
        qtbot.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert commands(window)[-1] == "display 2"
    go_to(edit, 2)
    edit.moveCursor(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
    with qtbot.waitSignal(window.command_finished, timeout=20_000):
        editor.run_selection()
    assert edit.error_line == 2  # "2" alone is no command
    assert edit.toPlainText() == "display 1\ndisplay ///\n  2\ndisplay 3"


def test_an_error_in_a_block_is_told_with_its_own_line_and_message(editor, window, qtbot) -> None:
    edit = editor.sheet.edit
    edit.setPlainText("use sleepstudy\nforvalues i = 1/2 {\n    summarize dayz\n}\n")
    with qtbot.waitSignal(window.command_finished, timeout=20_000):
        editor.run_all()
    assert edit.error_line == 2
    assert "dayz" in editor.statusBar().currentMessage()
    edit._highlighter.rehighlight()  # as when the theme changes
    assert edit.error_line == 2


def test_the_text_has_the_colours_of_the_language(editor) -> None:
    edit = editor.sheet.edit
    edit.setPlainText("mixed y x || g:, reml\n/* two\nlines */ display 1\nmixed y x ///\n  || g:, reml ///\n  nolog")
    kinds = []
    for line in range(6):
        block = edit.document().findBlockByNumber(line)
        kinds.append({block.text()[f.start : f.start + f.length]: f.format.foreground().color().name()
                      for f in block.layout().formats()})  # fmt: skip
    command, option, comment = kinds[0]["mixed"], kinds[0]["reml"], kinds[1]["/* two"]
    assert len({command, option, comment}) == 3
    assert (kinds[2]["lines */"], kinds[2]["display"]) == (comment, command)
    assert (kinds[3]["mixed"], kinds[3]["///"]) == (command, comment)
    assert kinds[4]["reml"] == option
    assert kinds[5]["nolog"] == option
    edit.setPlainText("")


def test_saving_opening_and_recent_files(editor, window, run, tmp_path) -> None:
    path = tmp_path / "one.do"
    editor.sheet.edit.setPlainText("display 1\n")
    assert editor.isWindowModified()
    assert editor.unsaved == ["Untitled.do"]
    editor._save(editor.sheet, str(path))
    assert path.read_text() == "display 1\n"
    assert not editor.isWindowModified()
    assert window.preferences.recent_files()[0] == str(path)
    other = tmp_path / "two.do"
    other.write_text("display 2\n")
    run(f'doedit "{other}"')
    assert editor.sheets.count() == 2
    assert editor.sheet.edit.toPlainText() == "display 2\n"
    run(f'doedit "{path}"')
    assert editor.sheets.count() == 2
    assert editor.sheet.file.name == "one.do"


def test_a_file_that_is_not_there_is_said(editor, run) -> None:
    run("doedit nowhere")
    assert "nowhere.do could not be opened" in editor.statusBar().currentMessage()


def test_unsaved_text_is_asked_about_before_it_goes(editor, window) -> None:
    editor.sheet.edit.setPlainText("display 1")
    editor._close_sheet(0)
    box = editor.findChild(object, "confirm_dofile")
    assert "has changed" in box.text()
    box.reject()
    assert editor.sheet.edit.toPlainText() == "display 1"
    assert not window.close()
    asked = window.findChild(object, "confirm_dofiles")
    assert "Untitled.do" in asked.text()
    asked.reject()
    editor.sheet.edit.setPlainText("")


def test_finding(editor, qtbot) -> None:
    editor.sheet.edit.setPlainText("display 1\ndisplay 2")
    editor._find()
    editor.sheet.finder.field.setText("display")
    assert "of 2" in editor.sheet.finder._count.text()


def test_commands_come_from_the_history_and_from_the_menu(window, run) -> None:
    run("display 1")
    window.history.dofile_wanted.emit("display 1")
    editor = window.findChild(object, "dofile_editor")
    assert editor.sheet.edit.toPlainText() == "display 1\n"
    editor.sheet.edit.setPlainText("")
    editor.close()
    assert not editor.isVisible()
    window.findChild(QAction, "action_doedit").trigger()
    assert editor.isVisible()


def test_a_new_line_keeps_the_indentation(editor, qtbot) -> None:
    edit = editor.sheet.edit
    qtbot.keyClick(edit, Qt.Key.Key_Tab)
    qtbot.keyClicks(edit, "a")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    qtbot.keyClicks(edit, "b")
    assert edit.toPlainText() == "    a\n    b"
    edit.setPlainText("")
