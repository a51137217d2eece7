"""What somebody meets who has never seen the window: empty panes, focus, marks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QToolButton

from mixedgui.models.variables import KIND_ROLE
from mixedgui.widgets.thumbnail_view import ThumbnailView


def _shown(window, name):
    button = window.findChild(QPushButton, name)
    return button if button.isVisible() else None


def test_empty_panes_say_so_and_offer_the_next_step(window, qtbot):
    write, opener = _shown(window, "history_list_empty"), _shown(window, "variables_list_empty")
    assert window.history.empty.label.text() == "No commands yet."
    assert window.variables.empty.label.text() == "No data yet."
    window.results.setFocus()
    qtbot.mouseClick(write, Qt.MouseButton.LeftButton)
    assert window.command_line.edit.hasFocus()
    asked = []
    window.variables.open_wanted.connect(lambda: asked.append(True))
    window.variables.open_wanted.disconnect(window.files.ask)
    qtbot.mouseClick(opener, Qt.MouseButton.LeftButton)
    assert asked


def test_empty_states_go_when_there_is_something_and_come_back_with_a_filter(window, run, qtbot):
    run("use hsb")
    assert _shown(window, "history_list_empty") is None
    assert _shown(window, "variables_list_empty") is None
    for pane in (window.history, window.variables):
        pane.filter.setText("nothing is called like this")
        assert "matches the filter" in pane.empty.label.text()
        assert pane.empty.isVisible()
        qtbot.mouseClick(pane.empty.button, Qt.MouseButton.LeftButton)
        assert pane.filter.text() == ""
        assert not pane.empty.isVisible()


def test_after_the_start_page_the_command_line_has_the_focus(window, qtbot):
    fit = window.findChild(QPushButton, "open_hsb")
    fit.setFocus()
    with qtbot.waitSignal(window.command_finished, timeout=20_000):
        qtbot.mouseClick(fit, Qt.MouseButton.LeftButton)
    assert window.command_line.edit.hasFocus()


def test_a_click_beside_the_command_line_goes_into_it(window, qtbot):
    window.results.setFocus()
    body = window.command_line.widget()
    qtbot.mouseClick(body, Qt.MouseButton.LeftButton, pos=body.rect().topRight() / 2)
    assert window.command_line.edit.hasFocus()


def test_levels_of_the_current_estimates_are_marked_among_the_variables(window, run):
    run("use hsb")
    index = window.variables.view.model().index(0, 0)
    assert (index.data(), index.data(KIND_ROLE)) == ("id", "number")
    run("mixed mathach ses || id:")
    assert index.data(KIND_ROLE) == "level"
    assert "groups" in index.data(Qt.ItemDataRole.ToolTipRole)


def test_rules_of_tables_recede_and_the_numbers_do_not(window, run):
    run("use hsb")
    run("mixed mathach ses || id:")
    view = window.results.text
    colors = {}
    block = view.document().firstBlock()
    while block.isValid():
        for stretch in block.textFormats():
            text = block.text()[stretch.start : stretch.start + stretch.length].strip()
            colors.setdefault(text, set()).add(stretch.format.foreground().color().name())
        block = block.next()
    from mixedgui.theme import theme

    assert colors["-" * 78] == {theme().color("control").name()}
    assert colors["|"] == {theme().color("control").name()}
    numbers = next(text for text in colors if "P>|z|" in text)
    assert colors[numbers] == {theme().color("text").name()}


@pytest.mark.parametrize("name", ["results_as_text", "results_as_tables"])
def test_the_two_views_of_results_exclude_each_other(window, run, qtbot, name):
    run("use hsb")
    buttons = [window.findChild(QToolButton, f"results_as_{view}") for view in ("text", "tables")]
    wanted = window.findChild(QToolButton, name)
    qtbot.mouseClick(wanted, Qt.MouseButton.LeftButton)
    assert [button.isChecked() for button in buttons] == [button is wanted for button in buttons]


def test_pictures_of_the_examples_are_made_on_another_thread(new_window, qtbot, monkeypatch):
    import threading

    from mixedgui.jobs import thumbnails

    makers, real = [], thumbnails.thumbnail_of

    def make(example):
        makers.append(threading.current_thread())
        return real(example)

    monkeypatch.setattr(thumbnails, "thumbnail_of", make)
    monkeypatch.setattr(thumbnails, "_made", {})
    window = new_window()
    views = window.findChildren(ThumbnailView)
    assert all(view.picture is None for view in views)
    qtbot.waitUntil(lambda: all(view.picture is not None for view in views), timeout=20_000)
    assert threading.main_thread() not in makers
    before = len(makers)
    again = new_window()
    views = again.findChildren(ThumbnailView)
    qtbot.waitUntil(lambda: all(view.picture is not None for view in views), timeout=20_000)
    assert len(makers) == before
