"""Dialogs that belong to the model's dialog: undo and redo by key, F1 for the control with the focus, Reset."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QDialog, QLineEdit, QWidget

from mixedgui.state.templates import TEMPLATES

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def dialog(window, run, data_file):
    run(f'use "{data_file("pig")}"')
    dialog = window.open_dialog("mixed")
    dialog.load_command("mixed weight week || id: week, covariance(unstructured)")
    return dialog


@pytest.fixture
def equation(dialog, qtbot):
    dialog.edit_equation(0)
    sub = dialog.findChild(QDialog, "dialog_mixed_equation")
    qtbot.waitUntil(sub.isActiveWindow)
    return sub


def press(qtbot, widget, key, *modifiers):
    """Press a key while a widget has the focus."""
    widget.setFocus()
    held = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        held |= modifier
    qtbot.keyClick(widget, key, held)


def test_the_keys_of_undo_and_redo_take_back_steps_of_the_equation_not_of_the_field(equation, dialog, qtbot):
    preview = equation.band.preview
    equation.findChild(QAbstractButton, "mixed_equation_covariance_identity").click()
    terms = equation.findChild(QLineEdit, "mixed_equation_indepvars")
    terms.setText("")
    assert preview.text() == "|| id:, covariance(identity)"
    press(qtbot, terms, Qt.Key.Key_Z, CONTROL)
    assert preview.text() == "|| id: week, covariance(identity)"
    press(qtbot, terms, Qt.Key.Key_Z, CONTROL)
    assert preview.text() == "|| id: week, covariance(unstructured)"
    assert not equation.footer.undo.isEnabled()
    press(qtbot, terms, Qt.Key.Key_Z, CONTROL, SHIFT)
    assert preview.text() == "|| id: week, covariance(identity)"
    assert dialog.state.to_command().endswith("covariance(unstructured)"), "the list sees it on OK"


def test_f1_tells_what_the_control_with_the_focus_is_for(equation, qtbot):
    press(qtbot, equation.findChild(QLineEdit, "mixed_equation_indepvars"), Qt.Key.Key_F1)
    assert equation.help.isVisible()
    assert "slopes differ between the groups" in equation.help.text()
    assert equation.footer.help.isChecked()
    press(qtbot, equation.findChild(QAbstractButton, "mixed_equation_noconstant"), Qt.Key.Key_F1)
    assert not equation.help.isVisible()


def test_reset_of_an_equation_can_be_undone(equation):
    equation.footer.reset.click()
    assert equation.band.preview.text() == "|| _all:"
    equation.footer.undo.click()
    assert equation.band.preview.text() == "|| id: week, covariance(unstructured)"


def test_the_options_in_a_window_of_their_own_know_the_keys_too(dialog, qtbot):
    sub = dialog.findChild(QDialog, "dialog_mixed_fvdisplay")
    sub.open_here()
    qtbot.waitUntil(sub.isActiveWindow)
    check = sub.findChild(QAbstractButton, "mixed_vsquish")
    before = dialog.state.to_command()
    check.click()
    assert dialog.state.to_command() != before
    press(qtbot, check, Qt.Key.Key_Z, CONTROL)
    assert dialog.state.to_command() == before
    press(qtbot, check, Qt.Key.Key_F1)
    assert sub.help.isVisible()


def test_a_template_takes_back_what_was_typed(dialog, qtbot):
    dialog.ask_template(next(template for template in TEMPLATES if template.name == "slope"))
    sub = dialog.findChild(QDialog, "dialog_mixed_template_slope")
    qtbot.waitUntil(sub.isActiveWindow)
    slope = sub.findChild(QLineEdit, "mixed_template_slope")
    slope.setText("week")
    press(qtbot, slope, Qt.Key.Key_Z, CONTROL)
    assert slope.text() == ""
    press(qtbot, slope, Qt.Key.Key_F1)
    assert sub.help.isVisible()


def test_every_dialog_with_such_buttons_gets_them_from_one_frame(dialog, equation):
    from mixedgui.dialogs.footed_dialog import FootedDialog

    dialogs = [dialog, *dialog.findChildren(QDialog)]
    assert {type(each).__name__ for each in dialogs} >= {"MixedDialog", "EquationDialog", "OptionsDialog"}
    for each in dialogs:
        assert isinstance(each, FootedDialog), each.objectName()
        for name in ("ok", "cancel", "reset", "help", "undo", "redo"):
            assert each.findChild(QWidget, name, Qt.FindChildOption.FindDirectChildrenOnly) is not None
