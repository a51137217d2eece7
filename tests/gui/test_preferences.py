"""Preferences: changed keys hold at once and in the next window, collisions are refused, search finds."""

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFormLayout

from mixedgui.shortcuts import plain


@pytest.fixture
def dialog(window):
    shown = window.satellites.preferences()
    yield shown
    shown.close()


def _select(dialog, text):
    row = next(i for i in range(dialog.keys.rowCount()) if dialog.keys.item(i, 0).text() == text)
    dialog.keys.selectRow(row)
    return row


def _press(dialog, keys):
    dialog.field.setKeySequence(QKeySequence(keys))
    dialog.field.editingFinished.emit()


def test_the_menu_opens_them(window):
    window.findChild(QAction, "action_preferences").trigger()
    assert window.satellites.preferences().isVisible()


def test_changed_keys_hold_at_once_and_in_the_next_window(dialog, window, new_window):
    row = _select(dialog, "Multilevel mixed-effects models: Linear regression")
    _press(dialog, "Ctrl+M")
    action = window.findChild(QAction, "action_mixed")
    assert action.shortcut() == QKeySequence("Ctrl+M")
    assert dialog.keys.item(row, 1).text() == "Ctrl+M"
    other = new_window()
    assert other.findChild(QAction, "action_mixed").shortcut() == QKeySequence("Ctrl+M")
    dialog.usual.click()
    assert action.shortcut().isEmpty()
    assert new_window().findChild(QAction, "action_mixed").shortcut().isEmpty()


def test_keys_that_another_action_has_are_refused_with_its_name(dialog, window):
    _select(dialog, "Multilevel mixed-effects models: Linear regression")
    _press(dialog, "Ctrl+Q")
    assert "taken by Exit" in dialog.words.text()
    assert window.findChild(QAction, "action_mixed").shortcut().isEmpty()


def test_search_finds_settings_and_actions(dialog):
    dialog.search.setText("confidence level")
    form = dialog.findChild(QFormLayout)
    assert [form.isRowVisible(row) for row in range(form.rowCount())] == [False, False, True, False]
    assert dialog.keys.rowCount() == 0
    dialog.search.setText("ctrl+q")
    assert [dialog.keys.item(i, 0).text() for i in range(dialog.keys.rowCount())] == ["Exit"]


def test_the_confidence_level_is_a_command_and_stays(dialog, window, new_window, qtbot):
    dialog.level.setValue(90)
    with qtbot.waitSignal(window.command_finished, timeout=20000) as done:
        dialog.level.editingFinished.emit()
    assert done.args[0].command == "set level 90"
    assert new_window().session.settings.level == 90


def test_texts_are_shown_without_mnemonics():
    assert plain("&Save && Go…") == "Save & Go"
