"""The builders opened from a dialog's fields."""

import pytest
from PySide6.QtCore import Qt

from mixedgui.dialogs.builders.expression_dialog import ExpressionDialog
from mixedgui.dialogs.builders.varlist_dialog import VarlistDialog


@pytest.fixture
def dialog(window, run, data_file):
    run(f'use "{data_file("hsb")}"')
    return window.open_dialog("mixed")


def press(qtbot, parent, name):
    qtbot.mouseClick(parent.findChild(object, name), Qt.MouseButton.LeftButton)


def test_an_interaction_is_built_and_taken_into_the_field(dialog, qtbot) -> None:
    press(qtbot, dialog, "mixed_indepvars_build")
    builder = dialog.findChild(VarlistDialog)
    builder.findChild(object, "varlist_builder_effect").setCurrentText("##")
    for number, name in ((1, "sector"), (2, "ses")):
        builder.findChild(object, f"varlist_builder_variable_{number}").setText(name)
    builder.findChild(object, "varlist_builder_continuous_2").setChecked(True)
    assert builder.band.preview.text() == "i.sector##c.ses"
    table = builder.findChild(object, "varlist_builder_columns").model()
    rows = [tuple(str(table.index(r, c).data()) for c in range(3)) for r in range(table.rowCount())]
    assert rows == [  # counts from: tabulate sector
        ("0.sector", "3,642", "base"), ("1.sector", "3,543", ""), ("ses", "7,185", ""),
        ("0.sector#c.ses", "3,642", "base"), ("1.sector#c.ses", "3,543", ""),
    ]  # fmt: skip
    press(qtbot, builder, "varlist_builder_add")
    press(qtbot, builder, "ok")
    assert not builder.isVisible()
    assert dialog.state.form.indepvars == "i.sector##c.ses"


def test_ok_with_nothing_in_the_list_reminds(dialog, qtbot) -> None:
    press(qtbot, dialog, "mixed_indepvars_build")
    builder = dialog.findChild(VarlistDialog)
    press(qtbot, builder, "ok")
    assert builder.isVisible()
    assert "Nothing is in the list yet" in builder._note.text()


def test_cancel_leaves_the_field(dialog, qtbot) -> None:
    dialog.state.set(indepvars="ses")
    press(qtbot, dialog, "mixed_indepvars_build")
    builder = dialog.findChild(VarlistDialog)
    builder.findChild(object, "varlist_builder_variable_1").setText("sector")
    press(qtbot, builder, "cancel")
    assert dialog.state.form.indepvars == "ses"


def test_a_condition_is_built_and_tried(dialog, qtbot) -> None:
    press(qtbot, dialog, "mixed_if_build")
    builder = dialog.findChild(ExpressionDialog)
    builder.findChild(object, "expression_builder_search").setText("missing(")
    items = builder.findChild(object, "expression_builder_items")
    qtbot.keyClick(items, Qt.Key.Key_Return)
    assert builder.isVisible()
    qtbot.keyClicks(builder.expression, "ses")
    said = builder.findChild(object, "expression_builder_verdict")
    assert builder.expression.text().endswith("(ses)")
    qtbot.waitUntil(lambda: "True in 0 of 7,185" in said.text())
    press(qtbot, builder, "ok")
    assert dialog.state.form.if_.endswith("(ses)")


def test_the_sub_dialog_of_an_equation_has_the_builder_too(dialog, qtbot) -> None:
    dialog.create_equation()
    sub = dialog.findChild(object, "dialog_mixed_equation")
    press(qtbot, sub, "mixed_equation_indepvars_build")
    builder = sub.findChild(VarlistDialog)
    builder.findChild(object, "varlist_builder_variable_1").setText("ses")
    qtbot.mouseClick(builder.findChild(object, "varlist_builder_kind_plain"), Qt.MouseButton.LeftButton)
    press(qtbot, builder, "ok")
    assert sub.state.form.indepvars == "ses"
