"""Find in the rich view of results: cells, words around the tables, folded results, and the change of views."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QTableView, QWidget


@pytest.fixture
def tables(window, run, qtbot):
    """Give the rich view of three results, with the find bar open."""
    run("use sleepstudy")
    run("summarize reaction")
    run("mixed reaction days || subject:")
    window.results.show_tables()
    for record in window.results.tables.records():
        window.results.tables.card(record)
    window.results.find_action.trigger()
    return window.results.tables


@pytest.fixture
def field(window):
    return window.findChild(QWidget, "find_text")


def search(window, field, qtbot, text):
    """Type what to look for and wait until all is searched."""
    qtbot.keyClicks(field, text)
    qtbot.waitUntil(lambda: not field.parentWidget().searching)


def count(window):
    bar = window.findChild(QWidget, "find_text").parentWidget()
    return next(label.text() for label in bar.findChildren(QLabel))


def selected(tables):
    """Return the cells and the pieces of text that are marked."""
    cells = [view.currentIndex().data() for view in tables.findChildren(QTableView) if view.currentIndex().isValid()]
    return cells + [label.selectedText() for label in tables.findChildren(QLabel) if label.hasSelectedText()]


def test_find_stays_in_the_tables_and_goes_from_place_to_place(window, tables, field, qtbot):
    search(window, field, qtbot, "days")
    assert window.results.tables.isVisible()
    assert count(window).endswith(f"of {count(window).split()[2]}")
    assert int(count(window).split()[2]) >= 2
    seen = []
    for _ in range(int(count(window).split()[2])):
        qtbot.keyClick(field, Qt.Key.Key_Return)
        seen += selected(tables)
    assert len(seen) == int(count(window).split()[2])
    assert {text.lower() for text in seen} == {"days"}


def test_a_number_in_a_cell_is_found_and_scrolled_to(window, tables, field, qtbot):
    fixed = next(view for view in tables.findChildren(QTableView) if view.accessibleName() == "Fixed effects")
    number = fixed.model().index(0, 1).data()
    tables.verticalScrollBar().setValue(0)
    search(window, field, qtbot, number)
    assert selected(tables) == [number]
    cell = fixed.visualRect(fixed.currentIndex()).center()
    assert tables.viewport().rect().contains(fixed.viewport().mapTo(tables.viewport(), cell))
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert selected(tables) == []


def test_a_folded_result_opens_at_what_is_found_in_it(window, tables, field, qtbot):
    _record, card = tables.cards()[-1]
    card._fold.click()
    view = next(view for view in card.findChildren(QTableView) if view.accessibleName() == "Random effects")
    assert not view.isVisible()
    search(window, field, qtbot, "var(_cons)")
    assert view.isVisible()
    assert view.currentIndex().data() == "var(_cons)"


def test_what_is_not_there_is_said(window, tables, field, qtbot):
    search(window, field, qtbot, "no such word")
    assert count(window) == "not found"
    assert selected(tables) == []


def test_the_search_goes_along_with_the_view(window, tables, field, qtbot):
    search(window, field, qtbot, "subject")
    assert selected(tables)
    window.results.show_text()
    assert selected(tables) == []
    assert window.results.text.extraSelections() != []
    window.results.show_tables()
    qtbot.waitUntil(lambda: not field.parentWidget().searching)
    assert window.results.text.extraSelections() == []
    assert selected(tables)
