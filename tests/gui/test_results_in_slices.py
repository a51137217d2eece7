"""Cards of results are made between events: those in sight first; nothing is lost that is not made yet."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QTableView, QWidget

from mixedgui.docks.results import tables_view

MANY = 70
LOOP = f'forvalues i = 1/{MANY} {{\n display "number `i\' of many"\n}}'


@pytest.fixture
def tables(window, run, monkeypatch):
    """Give the rich view of many results, not yet shown; one part of a card is made at a turn."""
    monkeypatch.setattr(tables_view, "SLICE_SECONDS", 0.0)
    run("use sleepstudy")
    run("summarize reaction")
    run("mixed reaction days || subject:")
    run(LOOP)
    run("regress reaction days")
    return window.results.tables


def settle(tables, qtbot):
    """Let the window make what it wants to make."""
    qtbot.waitUntil(lambda: not tables._turn.isActive(), timeout=20_000)


def top_of(tables, card):
    """Return where a card begins below the top of the view."""
    return card.mapTo(tables.viewport(), QPoint()).y()


def words(card):
    return [label.text() for label in card.findChildren(QLabel)]


def test_what_is_in_sight_is_made_first_and_what_is_far_away_when_it_comes_near(window, tables, qtbot):
    window.results.show_tables()
    assert len(tables.records()) == MANY + 5
    assert tables.cards() == []
    qtbot.waitUntil(lambda: len(tables.cards()) == 1)
    _, card = tables.cards()[0]
    assert card.visibleRegion().boundingRect().isValid()
    settle(tables, qtbot)
    assert 1 < len(tables.cards()) < MANY
    newest, card = tables.cards()[-1]
    assert newest.command == "regress reaction days"
    assert card.visibleRegion().boundingRect().isValid()
    assert all(made.complete for _, made in tables.cards())
    assert "Linear regression for reaction" in words(card)
    tables.verticalScrollBar().setValue(0)
    settle(tables, qtbot)
    first, card = tables.cards()[0]
    assert first.command == "use sleepstudy"
    assert card.complete


def test_one_turn_makes_one_part_when_time_is_up(window, tables, qtbot, monkeypatch):
    turns = []
    grow = tables._grow
    monkeypatch.setattr(tables, "_grow", lambda record: (turns[-1].append(record), grow(record)))
    work = tables._work
    tables._turn.timeout.disconnect()
    tables._turn.timeout.connect(lambda: (turns.append([]), work()))
    window.results.show_tables()
    settle(tables, qtbot)
    assert max(map(len, turns)) == 1
    assert len(turns) > len(tables.cards())


def test_a_jump_leads_to_a_result_that_has_no_card_yet(window, tables, qtbot):
    window.results.show_tables()
    settle(tables, qtbot)
    jumps = window.results.findChild(QComboBox, "results_go_to")
    place = jumps.findText("mixed reaction days || subject:")
    record = jumps.itemData(place)
    assert record not in dict(tables.cards())
    jumps.activated.emit(place)
    settle(tables, qtbot)
    card = dict(tables.cards())[record]
    assert 0 <= top_of(tables, card) <= 2 * tables_view.theme().unit
    assert [view.accessibleName() for view in card.findChildren(QTableView)] == ["Fixed effects", "Random effects"]


def test_find_goes_to_what_is_in_no_card_yet(window, tables, qtbot):
    window.results.show_tables()
    window.results.find_action.trigger()
    field = window.findChild(QWidget, "find_text")
    for wanted, command in (
        ("number 47 of", "display"),
        ("Linear mixed model", "mixed"),
        ("var(_cons)", "mixed"),
    ):
        field.setText(wanted)
        qtbot.waitUntil(lambda: not field.parentWidget().searching, timeout=20_000)
        place = field.parentWidget()._places[-1]
        assert place.record.command.startswith(command)
        card = dict(tables.cards())[place.record]
        assert card.complete
        assert tables.viewport().rect().intersects(card.rect().translated(card.mapTo(tables.viewport(), QPoint())))
    assert len(tables.cards()) < MANY, "what cannot have the words is not made for the search"


def test_the_search_can_be_left_before_it_ends(window, tables, qtbot, monkeypatch):
    from mixedgui.widgets import find_bar

    monkeypatch.setattr(find_bar, "SLICE_SECONDS", 0.0)
    window.results.show_tables()
    window.results.find_action.trigger()
    field = window.findChild(QWidget, "find_text")
    bar = field.parentWidget()
    field.setText("_cons")
    assert bar.searching
    assert bar._count.text() == "searching…"
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not bar.searching
    window.results.find_action.trigger()
    qtbot.waitUntil(lambda: not bar.searching, timeout=20_000)
    assert bar._count.text().startswith("3 of 3")  # in both tables of mixed and in that of regress


def test_the_view_can_be_changed_and_changed_back_before_all_is_made(window, tables, qtbot):
    window.results.show_tables()
    qtbot.waitUntil(lambda: len(tables.cards()) == 1)
    window.results.show_text()
    QApplication.processEvents()
    made = len(tables.cards())
    for _ in range(20):
        QApplication.processEvents()
    assert len(tables.cards()) == made, "nothing is made that nobody sees"
    window.results.show_tables()
    settle(tables, qtbot)
    assert len(tables.records()) == MANY + 5
    for record in tables.records():
        card = tables.card(record)
        assert card.complete
        assert card.accessibleName() == record.command
    numbers = [text for _, card in tables.cards() for text in words(card) if "of many" in text and "number" in text]
    assert len([text for text in numbers if "display" not in text]) == MANY


def test_the_window_closes_before_all_is_made(new_window, qtbot):
    window = new_window()
    for command in ("use sleepstudy", "mixed reaction days || subject:"):
        with qtbot.waitSignal(window.command_finished, timeout=20_000):
            window.run_command(command)
    window.results.show_tables()
    assert window.results.tables._turn.isActive()
    window.session.data = type(window.session.data)()
    window.close()
    for _ in range(20):
        QApplication.processEvents()


def test_what_is_seen_stays_where_it_is_while_cards_above_it_get_their_heights(window, tables, qtbot):
    window.results.show_tables()
    settle(tables, qtbot)
    record = tables.records()[40]
    tables.go_to(record)
    settle(tables, qtbot)
    before = top_of(tables, dict(tables.cards())[record])
    for above in tables.records()[:40]:
        tables.card(above)
    assert top_of(tables, dict(tables.cards())[record]) == before
    window.results.larger()
    settle(tables, qtbot)
    assert dict(tables.cards())[record].isVisible(), "another size of text leaves the place"
    assert abs(top_of(tables, dict(tables.cards())[record]) - before) <= 1


def test_results_without_a_card_are_pinned_and_deleted(window, tables, qtbot):
    window.results.show_tables()
    settle(tables, qtbot)
    record = next(r for r in tables.records() if r.command.startswith("mixed"))
    window.results.actions_.marks.toggle_pin(record)
    assert tables.records()[0] is record
    window.results.actions_.marks.delete(tables.records()[1])
    assert len(tables.records()) == MANY + 4
    tables.verticalScrollBar().setValue(0)
    settle(tables, qtbot)
    assert [r.command.split()[0] for r, _ in tables.cards()[:2]] == ["mixed", "summarize"]


def test_a_folded_result_stays_folded_in_the_other_view_and_back(window, tables, qtbot):
    window.results.show_tables()
    settle(tables, qtbot)
    record = tables.records()[-1]
    card = dict(tables.cards())[record]
    full = card.height()
    card._fold.click()
    qtbot.waitUntil(lambda: card.height() < full // 2)
    window.results.show_text()
    window.results.show_tables()
    settle(tables, qtbot)
    assert dict(tables.cards())[record] is card
    assert card.height() < full // 2


def test_tab_and_screen_readers_go_from_card_to_card_in_their_order(window, tables, qtbot):
    window.results.show_tables()
    settle(tables, qtbot)
    tables.verticalScrollBar().setValue(0)
    settle(tables, qtbot)
    order = [card for _, card in tables.cards()]
    children = [child for child in tables.widget().children() if child in order]
    assert children == order
    window.activateWindow()
    tables.setFocus()
    seen = []
    for _ in range(30):
        tables.focusNextPrevChild(True)
        focus = window.focusWidget()
        card = next((card for card in order if card.isAncestorOf(focus)), None)
        if card is not None and (not seen or seen[-1] is not card):
            seen.append(card)
    assert len(seen) >= 3
    assert seen == order[: len(seen)]
