"""Dialogs of the commands that repeat another one."""

from __future__ import annotations

import pytest

from mixedgui.dialogs.registry import create


@pytest.mark.parametrize(
    "text",
    [
        "bootstrap r=(_b[x]/_b[z]), reps(50) cluster(id): mixed y x || id:",
        "jackknife, cluster(id): regress y x",
        "statsby, by(id) clear: regress y x",
    ],
)
def test_the_dialog_gives_back_the_command_it_was_filled_from(window, text):
    dialog = create(text.split()[0].strip(","), window)
    dialog.state.load_command(text)
    assert dialog.state.to_command() == text


def test_statistics_and_command_have_a_field_each(window):
    from PySide6.QtWidgets import QWidget

    dialog = create("bootstrap", window)
    dialog.state.load_command("bootstrap m=r(mean), reps(50): summarize x")
    for name, text in (("bootstrap_exp_list", "m=r(mean)"), ("bootstrap_text", "summarize x")):
        field = dialog.findChild(QWidget, name)
        assert (field.toPlainText() if hasattr(field, "toPlainText") else field.text()) == text
