"""The windows of the data at ordinary and at twice the size: nothing is cut, nothing overlaps."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QDialog, QLabel, QWidget

from mixedgui.widgets.elided_label import ElidedLabel


def visible(window, kinds):
    return [w for w in window.findChildren(QWidget) if isinstance(w, kinds) and w.window() is window and w.isVisible()]


def cut(window):
    return [
        (widget.objectName(), widget.text())
        for widget in visible(window, (QLabel, QAbstractButton))
        if widget.text()
        and not isinstance(widget, ElidedLabel)
        and not (isinstance(widget, QLabel) and widget.wordWrap())
        and not widget.objectName().startswith("_q_")
        and widget.parentWidget().metaObject().className() not in {"SearchField", "QLineEdit"}
        and widget.width() < widget.sizeHint().width()
    ]


def overlapping(widgets):
    """Return pairs of siblings that lie over each other."""
    found = []
    for place, one in enumerate(widgets):
        for other in widgets[place + 1 :]:
            siblings = one.parentWidget() is other.parentWidget()
            if siblings and one.geometry().intersects(other.geometry()):
                found.append((one.objectName() or type(one).__name__, other.objectName() or type(other).__name__))
    return found


@pytest.mark.parametrize("factor", [1.0, 1.5, 2.0])
def test_nothing_is_cut_or_covered(new_window, qapp, qtbot, data_file, factor):
    before = qapp.font()
    font = qapp.font()
    font.setPointSizeF(before.pointSizeF() * factor)
    qapp.setFont(font)
    try:
        window = new_window()
        data_file("hsb")
        for command in ("use hsb", "label define yn 0 No 1 Yes", "label values female yn", "edit", "varmanage"):
            with qtbot.waitSignal(window.command_finished, timeout=20_000):
                window.run_command(command)
        editor = window.data_windows.editor
        editor.resize(1280, 720)
        editor.view.set_filter("ses < 0")
        editor.manager.go_to("female")
        editor.manager.open_value_labels()
        editor.manager.open_notes()
        qapp.processEvents()
        windows = [editor, *(d for d in editor.manager.findChildren(QDialog) if d.isVisible())]
        assert len(windows) == 3
        for shown in windows:
            assert cut(shown) == []
            bars = [
                w for w in visible(shown, QWidget) if w.parentWidget() in {editor.tools, editor.filter, editor.value}
            ]
            assert overlapping(bars) == []
            assert overlapping([w for w in visible(shown, QWidget) if w.parentWidget() is editor.manager.head]) == []
    finally:
        qapp.setFont(before)
