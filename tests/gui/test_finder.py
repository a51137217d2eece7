"""The field in the toolbar leads to dialogs, variables and settings."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from mixedgui.finder import Finder
from mixedgui.state.finder import Found, Kind, search


@pytest.fixture
def finder(window):
    return window.findChild(Finder)


def _titles(finder):
    return [each.title for each in finder.found]


def test_a_command_is_found_by_words_of_its_menu_or_its_name_and_opened_by_enter(window, finder, qtbot):
    qtbot.keyClicks(finder, "likelihood-ratio")
    assert any("lrtest" in title for title in _titles(finder))
    finder.clear()
    qtbot.keyClicks(finder, "mixed")
    assert finder.found[0].key == "action_mixed"
    qtbot.keyClick(finder, Qt.Key.Key_Return)
    assert window.findChild(object, "dialog_mixed").isVisible()
    assert finder.text() == ""


def test_a_variable_is_put_into_the_command(window, run, finder, qtbot):
    run("use hsb")
    qtbot.keyClicks(finder, "socio")
    assert finder.found[0].title == "ses"
    qtbot.keyClick(finder, Qt.Key.Key_Return)
    assert window.command_line.edit.toPlainText().strip() == "ses"


def test_a_setting_opens_the_preferences_at_it(window, finder, qtbot):
    qtbot.keyClicks(finder, "confidence level at")
    qtbot.keyClick(finder, Qt.Key.Key_Return)
    field = window.satellites.preferences().findChild(QLineEdit, "preferences_search")
    assert field.text() == "Confidence level at the start"


def test_keys_move_in_the_list_and_escape_puts_it_away(finder, qtbot):
    qtbot.keyClicks(finder, "graph")
    view = finder._list
    assert view.currentIndex().row() == 0
    qtbot.keyClick(finder, Qt.Key.Key_Down)
    assert view.currentIndex().row() == 1
    qtbot.keyClick(finder, Qt.Key.Key_Escape)
    assert not view.isVisible()


def test_names_come_before_words_inside_and_all_words_are_needed():
    entries = (
        Found(Kind.COMMAND, "Contrasts of margins (contrast)", "Statistics", "a", "contrast"),
        Found(Kind.COMMAND, "Marginal means (margins)", "Statistics", "b", "margins of contrasts"),
        Found(Kind.VARIABLE, "margin", "a variable", "c"),
    )
    assert [each.key for each in search("margin", entries)] == ["c", "b", "a"]
    assert search("margins", entries)[0].key == "b"
    assert [each.key for each in search("means marg", entries)] == ["b"]
    assert search("  ", entries) == ()
