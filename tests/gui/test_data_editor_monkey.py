"""Random keys, clicks and actions in the data editor: nothing raises or warns, and every change is in the history."""

import random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMenu
from shiboken6 import isValid

TINY = 'clear\nset obs 3\ngenerate x = _n\ngenerate str3 s = "a"\nlabel define xl 1 one 2 two\nlabel values x xl'
WIDE = "clear\nset obs 40\nforvalues i = 1/150 {\n  generate v`i' = `i' * _n\n}"

KEYS = [
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End,
    Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_F2, Qt.Key.Key_Delete,
    Qt.Key.Key_Space, Qt.Key.Key_Tab, Qt.Key.Key_5, Qt.Key.Key_Period, Qt.Key.Key_A, Qt.Key.Key_Equal,
]  # fmt: skip
MODIFIERS = [
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
]  # fmt: skip
FILTERS = ["", "x > 1", 's == "a"', "v3", "nothere", "((", "_n < 3", "1/0", "."]
TEXTS = ["7", ".a", "one", "abc", "=x+1", "1\t2\n3\t4", "9", '"', "=", ""]
LEFT_ALONE = {"new_variable", "reshape", "center"}
"""They open dialogs, which have tests of their own."""


def any_key(editor, chance):
    target = editor.focusWidget() or editor.grid.table
    QTest.keyClick(target, chance.choice(KEYS), chance.choice(MODIFIERS))


def any_click(editor, chance):
    places = [
        *(table.viewport() for table in editor.grid.tables),
        *(header.viewport() for header in editor.grid.headers),
        editor.grid.row_header.viewport(),
    ]
    place = chance.choice(places)
    where = QPoint(chance.randrange(max(place.width(), 1)), chance.randrange(max(place.height(), 1)))
    click = chance.choice([QTest.mouseClick, QTest.mouseDClick])
    click(place, Qt.MouseButton.LeftButton, chance.choice(MODIFIERS), where)


def any_action(editor, chance):
    actions = [a for a in editor.actions_.values() if a.objectName().rpartition("_editor_")[2] not in LEFT_ALONE]
    chance.choice(actions).trigger()


def any_text(editor, chance):
    what = chance.randrange(4)
    if what == 0:
        editor.filter.applied.emit(chance.choice(FILTERS))
    elif what == 1:
        editor.value.typed.emit(chance.choice(TEXTS))
    elif what == 2:
        QApplication.clipboard().setText(chance.choice(TEXTS))
        editor.edits.paste()
    else:
        fields = [f for f in editor.grid.findChildren(QLineEdit) if f.isVisible()]
        if fields:
            fields[0].setText(chance.choice(TEXTS))


def any_mode(editor, chance):
    chance.choice([editor.mode_edit, editor.mode_browse, *editor._label_buttons]).click()


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 12))])
@pytest.mark.parametrize("data", ["", TINY, WIDE], ids=["none", "tiny", "wide"])
def test_nothing_raises_and_every_change_is_a_command(window, run, qtbot, data, seed):
    if data:
        run(data)
        qtbot.waitUntil(lambda: not window.busy, timeout=20_000)
    run("edit")
    editor = window.data_windows.editor
    chance = random.Random(seed)
    for _ in range(160):
        chance.choices([any_key, any_click, any_action, any_text, any_mode], weights=[10, 4, 3, 3, 1])[0](
            editor, chance
        )
        QApplication.processEvents()
        for menu in window.findChildren(QMenu):
            if isValid(menu) and menu.isVisible():
                menu.close()
        if editor.isHidden():
            editor.show()
    qtbot.waitUntil(lambda: not window.busy, timeout=60_000)
    commands = [entry.command for entry in window.session.history if not entry.rc]
    assert "defect" not in window.results_text()
    from engine.api import Session

    again = Session()
    again.has_window = True
    for command in commands:
        again.run(command)
    assert again.data.names == window.session.data.names
    assert again.data.n_obs == window.session.data.n_obs
    for name in again.data.names:
        assert again.data.columns[name].tolist() == window.session.data.columns[name].tolist()
    for dialog in window.findChildren(QDialog):
        dialog.close()
