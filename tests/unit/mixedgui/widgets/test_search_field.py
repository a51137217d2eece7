"""Signs inside a field are as large as its text."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from engine.api import Picks
from mixedgui.widgets.pick_edit import PickEdit
from mixedgui.widgets.search_field import SearchField


@pytest.fixture(params=[1.0, 1.5, 2.0])
def factor(request, qapp):
    before = qapp.font()
    font = qapp.font()
    font.setPointSizeF(font.pointSizeF() * request.param)
    qapp.setFont(font)
    yield request.param
    qapp.setFont(before)


def _shown(edit, qtbot):
    qtbot.addWidget(edit)
    edit.resize(400, edit.sizeHint().height())
    edit.show()
    return edit


def test_the_signs_grow_with_the_text_and_leave_it_room(factor, qtbot):
    field = _shown(SearchField("Filter"), qtbot)
    field.setText("wei")
    glass, clear = field.findChildren(QToolButton)
    for sign in (glass, clear):
        assert abs(sign.iconSize().height() - field.fontMetrics().height()) <= 0.25 * field.fontMetrics().height()
        assert sign.iconSize().height() <= sign.height() <= field.height()
        assert field.rect().contains(sign.geometry())
    margins = field.textMargins()
    assert (margins.left(), margins.right()) == (glass.width(), clear.width())


def test_the_clear_button_is_there_while_there_is_text_and_tells_that_the_text_was_edited(qtbot):
    field = _shown(SearchField("Filter"), qtbot)
    clear = field.findChild(QToolButton, "search_clear")
    assert clear.isHidden()
    assert field.textMargins().right() == 0
    field.setText("wei")
    with qtbot.waitSignal(field.textEdited):
        qtbot.mouseClick(clear, Qt.MouseButton.LeftButton)
    assert field.text() == ""
    assert clear.isHidden()
    assert clear.accessibleName() == "Clear"


def test_the_mark_of_a_list_grows_too(factor, qtbot):
    edit = _shown(PickEdit(Picks.TERMS), qtbot)
    (mark,) = edit.findChildren(QToolButton)
    assert abs(mark.iconSize().height() - edit.fontMetrics().height()) <= 0.25 * edit.fontMetrics().height()
    assert mark.geometry().right() < edit.width()
    assert mark.accessibleName() == "Choose from a list"
