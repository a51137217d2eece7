"""Results named, annotated, pinned, deleted and brought back, as text and as tables."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QLabel, QMenu


@pytest.fixture
def results(window, run):
    run("use sleepstudy")
    run("summarize reaction")
    run("mixed reaction days || subject:")
    return window.results


def cards(results):
    """Return the cards from top to bottom."""
    results.show_tables()
    return [results.tables.card(record) for record in results.tables.records()]


def jumps(results):
    box = results.findChild(object, "results_go_to")
    return [box.itemText(place) for place in range(box.count())]


def test_a_deleted_result_is_gone_everywhere_and_comes_back(results) -> None:
    marks, whole = results.actions_.marks, results.log()
    record = results.text.records[1]
    marks.delete(record)
    assert ". summarize reaction" not in results.log()
    assert ". mixed reaction days || subject:" in results.log()
    assert jumps(results) == ["use sleepstudy", "mixed reaction days || subject:"]
    assert not results.text.document().findBlockByNumber(record.first).isVisible()
    assert len(cards(results)) == 2
    marks.undo.trigger()
    assert results.log() == whole
    assert len(cards(results)) == 3
    marks.redo.trigger()
    marks.bin.aboutToShow.emit()
    marks.bin.actions()[0].trigger()
    assert results.log() == whole


def test_what_is_printed_after_a_deletion_stands_in_its_place(results, run) -> None:
    results.actions_.marks.delete(results.text.records[2])
    run("display 1+1")
    assert results.log().endswith(". display 1+1\n2\n\n")
    assert "mixed reaction" not in results.log()
    assert jumps(results)[-1] == "display 1+1"


def test_a_theme_change_keeps_what_is_deleted_hidden(results) -> None:
    record = results.text.records[1]
    results.actions_.marks.delete(record)
    results.text.redraw()
    assert not results.text.document().findBlockByNumber(record.first).isVisible()


def test_a_pinned_result_is_on_top(results) -> None:
    results.actions_.marks.toggle_pin(results.text.records[2])
    assert jumps(results)[0] == "Pinned: mixed reaction days || subject:"
    assert cards(results)[0].accessibleName() == "mixed reaction days || subject:"
    assert results.text.mark_at(results.text.records[2].first) == "push-pin"
    results.actions_.marks.toggle_pin(results.text.records[2])
    assert cards(results)[0].accessibleName() == "use sleepstudy"


def test_a_name_and_a_note_are_asked_for_and_shown(results, window, qtbot) -> None:
    marks, record = results.actions_.marks, results.text.records[2]
    marks.ask_name(record)
    box = window.findChild(object, "results_name")
    box.setTextValue("Random intercept")
    box.accept()
    marks.ask_note(record)
    box = window.findChild(object, "results_note")
    box.setTextValue("for the appendix")
    box.accept()
    assert jumps(results)[2] == "Random intercept"
    texts = [label.text() for label in cards(results)[2].findChildren(QLabel) if not label.isHidden()]
    assert {"Random intercept", "for the appendix"} <= set(texts)
    assert results.text.mark_at(record.first) == "note-pencil"


def test_the_card_opens_the_dialog_of_its_command(results, window) -> None:
    card = cards(results)[2]
    card._buttons["sliders-horizontal"].click()
    dialog = window.findChild(object, "dialog_mixed")
    assert dialog.isVisible()
    assert dialog.preview.text() == "mixed reaction days || subject:"
    card._buttons["trash"].click()
    assert len(cards(results)) == 2


def test_clearing_forgets_the_bin(results) -> None:
    results.actions_.marks.delete(results.text.records[1])
    results.clear_action.trigger()
    assert results.log() == ""
    assert not results.actions_.marks.undo.isEnabled()


def press(qtbot, widget, keys):
    widget.setFocus()
    qtbot.keyClick(widget, Qt.Key.Key_Z, keys)


def test_the_undo_key_takes_back_what_was_done_where_one_is(results, window, run, qtbot) -> None:
    run("generate twice = 2*reaction")
    marks, log = results.text.marks, results.text
    results.actions_.marks.delete(log.records[1])
    press(qtbot, log, Qt.KeyboardModifier.ControlModifier)
    assert not marks.form.deleted
    assert "twice" in window.session.data.names
    press(qtbot, log, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert marks.form.deleted
    with qtbot.waitSignal(window.command_finished):
        press(qtbot, window.variables.findChild(QAbstractItemView), Qt.KeyboardModifier.ControlModifier)
    assert "twice" not in window.session.data.names
    assert marks.form.deleted


def test_the_edit_menu_names_what_undo_takes_back(results, window, run) -> None:
    undo, redo = (window.findChild(QAction, f"action_edit_{name}") for name in ("undo", "redo"))
    menu = next(each for each in undo.associatedObjects() if isinstance(each, QMenu))
    window.variables.findChild(QAbstractItemView).setFocus()
    menu.aboutToShow.emit()
    assert (undo.text(), redo.text()) == ("&Undo", "&Redo")
    run("drop if days > 5 & days < 7")
    menu.aboutToShow.emit()
    assert undo.text() == "&Undo: drop if days > 5 && days < 7"
    results.actions_.marks.delete(results.text.records[1])
    results.text.setFocus()
    menu.aboutToShow.emit()
    assert undo.text() == "&Undo: Delete result 2"
    window.command_line.edit.setFocus()
    window.command_line.edit.insertPlainText("list")
    menu.aboutToShow.emit()
    assert undo.text() == "&Undo: Typing"
    undo.trigger()
    assert window.command_line.edit.toPlainText() == ""


def test_keys_show_the_fit_again_copy_it_as_latex_and_walk_through_the_results(results, window, qtbot) -> None:
    with qtbot.waitSignal(window.command_finished) as done:
        qtbot.keyClick(window.results.text, Qt.Key.Key_F5)
    assert (done.args[0].rc, done.args[0].command) == (0, "estimates replay")
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window.results.text, Qt.Key.Key_L, both)
    assert QGuiApplication.clipboard().text().startswith("\\begin{tabular}")
    box = results.findChild(QComboBox, "results_go_to")
    last = box.currentIndex()
    window.findChild(QAction, "action_previous_result").trigger()
    assert box.currentIndex() == last - 1
    window.findChild(QAction, "action_next_result").trigger()
    window.findChild(QAction, "action_next_result").trigger()
    assert box.currentIndex() == 0
