"""Work by keys alone: they are sent to what has the focus, as a keyboard does, not to a widget of the test's choice."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QWidget

from engine.api import Dataset, Variable
from mixedgui.docks.data_editor.editor import DataEditor
from mixedgui.finder import Finder
from mixedgui.plots.graph_window import GraphWindow
from mixedgui.size import open_at
from mixedgui.theme import theme
from mixedgui.widgets import completion_popup
from mixedgui.widgets.mnemonics import assign_menu_mnemonics
from mixedgui.widgets.name_completer import NameCompleter
from mixedgui.widgets.pane_head import PaneHead

CONTROL = Qt.KeyboardModifier.ControlModifier


def activate(window, qtbot):
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)


@pytest.fixture
def press(qtbot, window):
    """Give a function that presses a key, and one that types text, where the focus is."""

    def focus():
        return QApplication.focusWidget() or QApplication.activeWindow() or window

    def key(*keys, held=Qt.KeyboardModifier.NoModifier):
        for each in keys:
            qtbot.keyClick(focus(), each, held)

    key.text = lambda text: [qtbot.keyClick(focus(), letter) for letter in text]
    return key


@pytest.fixture
def pigs(run, data_file):
    run(f'use "{data_file("pig")}"')


@pytest.fixture
def dialog(window, pigs, qtbot):
    dialog = window.open_dialog("mixed")
    activate(dialog, qtbot)
    dialog.findChild(QComboBox, "mixed_depvar").setFocus()
    return dialog


def test_tab_leaves_a_field_with_suggestions_and_takes_them_away(dialog, press):
    press.text("wei")
    completer = dialog.findChild(QComboBox, "mixed_depvar").findChild(NameCompleter)
    assert completer.offered == ["weight"]
    press(Qt.Key.Key_Tab)
    assert completer.offered == []
    assert QApplication.focusWidget().objectName() == "mixed_indepvars"


def test_down_and_enter_take_a_suggestion_in_a_list_that_can_be_typed_into(dialog, press):
    press.text("we")
    press(Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert dialog.preview.text() == "mixed weight"


def test_undo_in_a_list_that_can_be_typed_into_is_the_dialogs(dialog, press):
    dialog.load_command("mixed weight week || id:")
    press.text("x")
    press(Qt.Key.Key_Z, held=CONTROL)
    press(Qt.Key.Key_Z, held=CONTROL)
    assert dialog.preview.text() == "mixed"


def test_every_entry_of_the_menus_has_a_letter_of_its_own(window):
    def check(menu):
        texts = [a.text().replace("&&", "") for a in menu.actions() if a.text() and not a.isSeparator()]
        letters = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
        assert len(letters) == len(set(letters)), texts
        for text in texts:
            assert "&" in text or {letter for letter in text.lower() if letter.isalpha()} <= set(letters), text
        for action in menu.actions():
            if isinstance(action.menu(), QMenu):
                check(action.menu())

    for action in window.menuBar().actions():
        check(action.menu())


def test_entries_keep_the_letters_they_were_given_and_ampersands_stay(qtbot):
    menu = QMenu()
    qtbot.addWidget(menu)
    for text in ("Salt && sugar", "&Save", "Sort"):
        menu.addAction(text)
    assign_menu_mnemonics(menu)
    assert [a.text() for a in menu.actions()] == ["S&alt && sugar", "&Save", "S&ort"]


@pytest.mark.parametrize("name", ["data editor", "graph"])
@pytest.mark.usefixtures("pigs")
def test_keys_lead_from_another_window_back_to_the_panes_and_close_it(window, run, press, qtbot, name):
    run("scatter weight week" if name == "graph" else "edit")
    kind = GraphWindow if name == "graph" else DataEditor
    other = next(w for w in window.findChildren(QWidget) if isinstance(w, kind))
    activate(other, qtbot)
    press(Qt.Key.Key_2, held=CONTROL)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is window.command_line.edit)
    activate(other, qtbot)
    press(Qt.Key.Key_W, held=CONTROL)
    qtbot.waitUntil(lambda: not other.isVisible())


def test_the_head_of_the_pane_with_the_focus_is_marked(window, pigs, press):
    window.layout_.go_to(window.history)
    heads = window.findChildren(PaneHead)
    assert [head for head in heads if head.current] == [window.history.head]
    press(Qt.Key.Key_1, held=CONTROL)
    assert [head for head in heads if head.current] == [window.results.head]


def test_a_command_that_failed_is_typed_over_and_a_variable_takes_the_place_of_the_wrong_word(window, pigs, run, press):
    edit = window.command_line.edit
    edit.put("")
    run("summarize weigth")
    assert edit.toPlainText() == "summarize weigth"
    edit.insert_names(["weight"])
    assert edit.toPlainText() == "summarize weight"
    edit.put("")
    run("summarize weigth")
    press.text("count")
    assert edit.toPlainText() == "count"


def test_a_do_file_that_fails_leaves_the_command_line_alone(window, run):
    run("display 1\nnonsense")
    assert window.command_line.edit.toPlainText() == ""


def test_several_lines_typed_in_the_command_line_come_back_from_the_one_that_failed(window, qtbot, press):
    window.command_line.put("display 1\nnonsense")
    with qtbot.waitSignal(window.command_finished):
        press(Qt.Key.Key_Return)
    assert window.command_line.edit.toPlainText() == "nonsense"


def test_escape_twice_leaves_the_finder_for_the_command_line(window, press):
    press(Qt.Key.Key_K, held=CONTROL)
    finder = window.findChild(Finder)
    assert QApplication.focusWidget() is finder
    press.text("likel")
    view = finder._list
    assert not view.horizontalScrollBar().isVisible(), "the bar would cover a list of one row"
    press(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is finder
    press(Qt.Key.Key_Escape)
    assert finder.text() == ""
    assert QApplication.focusWidget() is window.command_line.edit


def test_pages_of_suggestions_are_turned_without_recalling_commands(window, pigs, press):
    edit = window.command_line.edit
    edit.put("mixed weight week, ")
    press(Qt.Key.Key_Tab)
    popup = window.findChild(QWidget, "completion")
    first = popup.current_text()
    press(Qt.Key.Key_PageDown)
    assert popup.current_text() != first
    press(Qt.Key.Key_PageUp)
    assert popup.current_text() == first
    assert edit.toPlainText() == "mixed weight week, "


def test_the_window_leaves_room_for_its_frame_on_a_screen_of_its_size(window):
    open_at(window, 10_000, 10_000)
    assert window.height() <= window.screen().availableSize().height() - 8 * theme().unit


def test_terms_of_the_fit_are_completed_in_the_command_line(window, pigs, run, press):
    run("mixed weight week || id:")
    edit = window.command_line.edit
    edit.put("test we")
    press(Qt.Key.Key_Tab)
    assert edit.toPlainText() == "test week "


def test_of_thousands_of_suggestions_few_are_measured_for_the_width_of_the_list(window, press, monkeypatch):
    names = [f"variable_{i}" for i in range(3_000)]
    variables = tuple(Variable(name, "byte", "%8.0g", "label") for name in names)
    columns = dict.fromkeys(names, np.zeros(1, np.int8))
    window.session.data = Dataset(variables=variables, columns=columns, n_obs=1)
    measured = []
    metrics = completion_popup.QFontMetrics

    class Counting(metrics):
        def horizontalAdvance(self, text):
            measured.append(text)
            return super().horizontalAdvance(text)

    monkeypatch.setattr(completion_popup, "QFontMetrics", Counting)
    edit = window.command_line.edit
    edit.put("summarize ")
    press(Qt.Key.Key_Tab)
    popup = window.findChild(QWidget, "completion")
    assert len(popup.completion.suggestions) == 3_000
    assert len(measured) < 200
