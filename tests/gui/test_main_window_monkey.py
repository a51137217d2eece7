"""Every menu entry is triggered, and keys are typed at random: nothing may raise, hang or warn."""

import random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget
from shiboken6 import isValid

LEFT_ALONE = {"E&xit"}


def leaves(menu):
    for action in menu.actions():
        if action.menu() is not None:
            yield from leaves(action.menu())
        elif not action.isSeparator():
            yield action


def close_what_opened(window):
    for dialog in window.findChildren(QDialog):
        if dialog.isVisible():
            dialog.close()


FIT = "use pig\nmixed weight week || id:"
WALKS = [
    pytest.param(("", slice(0, None, 3)), id="none"),
    pytest.param(("use pig", slice(1, None, 3)), id="data"),
    *(pytest.param((FIT, slice(k, None, 3)), id=f"fit, {k + 1} of 3") for k in range(3)),
]
"""What has been run before, and the entries triggered: all after a fit, a third where less is possible."""


@pytest.mark.parametrize("walk", WALKS)
def test_every_menu_entry_can_be_triggered(window, run, qtbot, data_file, walk):
    data_file("pig")
    data, entries = walk
    if data:
        run(data)
    actions = list(leaves_of(window))[entries]
    for action in actions:
        if not isValid(action):  # its menu has listed other things meanwhile
            continue
        if action.text() not in LEFT_ALONE and not action.objectName().startswith("example_"):
            action.trigger()
            QApplication.processEvents()
            close_what_opened(window)
    qtbot.waitUntil(lambda: not window.busy, timeout=30_000)
    for menu in window.findChildren(QMenu):
        menu.close()


def leaves_of(window):
    for action in window.menuBar().actions():
        yield from leaves(action.menu())


@pytest.mark.parametrize("seed", range(3))
def test_random_keys_in_the_command_line_only_ever_give_outcomes(window, run, qtbot, data_file, seed):
    data_file("pig")
    run("use pig")
    chance = random.Random(seed)
    edit = window.command_line.edit
    words = [
        "mixed ",
        "weight ",
        "week ",
        "|| ",
        "id: ",
        ", ",
        "cov(",
        "un)",
        "if ",
        "in 1/",
        '"',
        "(",
        "count",
        "list ",
    ]
    keys = [
        Qt.Key.Key_Return,
        Qt.Key.Key_Tab,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Escape,
        Qt.Key.Key_Backspace,
        Qt.Key.Key_Left,
        Qt.Key.Key_Home,
        Qt.Key.Key_Delete,
        Qt.Key.Key_Down,
    ]
    for _ in range(150):
        if chance.random() < 0.6:
            edit.insertPlainText(chance.choice(words))
        else:
            QTest.keyClick(edit, chance.choice(keys))
    qtbot.waitUntil(lambda: not window.busy, timeout=60_000)
    assert "defect" not in window.results_text()


def test_context_menus_open_on_every_pane(window, run, data_file):
    data_file("pig")
    run("use pig")
    run("nonsense")
    window.history.view.selectAll()
    window.variables.view.selectAll()
    panes = (window.history.view, window.variables.view)
    for view in panes:
        view.customContextMenuRequested.emit(view.rect().center())
    window.results.text.menu_wanted.emit(window.results.text.records[0], 0, window.mapToGlobal(window.rect().center()))
    opened = [menu for menu in window.findChildren(QMenu) if menu.isVisible()]
    assert len(opened) == 3
    for menu in opened:
        assert menu.actions()
        menu.close()


def test_graphs_and_dialogs_close_with_the_window(window, run, data_file):
    data_file("pig")
    run("use pig")
    run("scatter weight week")
    window.open_dialog("mixed")
    window.close()
    assert not [child for child in window.findChildren(QWidget) if child.isWindow() and child.isVisible()]
