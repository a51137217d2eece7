"""Decimal commas in the window: a matter of what is shown."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox

from engine.api import use_decimal_comma


@pytest.fixture(autouse=True)
def _point_again():
    yield
    use_decimal_comma(False)


def _cell(editor):
    model = editor.grid.table.model()
    column = [v.name for v in editor.view.columns].index("reaction")
    return model.index(0, column).data(Qt.ItemDataRole.DisplayRole)


def test_the_data_editor_follows_the_setting(window, run, qtbot):
    run("use sleepstudy")
    run("edit")
    editor = window.data_windows.editor
    assert _cell(editor) == "249.56"
    run("set dp comma")
    qtbot.waitUntil(lambda: _cell(editor) == "249,56")
    run("set dp period")
    qtbot.waitUntil(lambda: _cell(editor) == "249.56")


def test_the_preference_lasts_and_is_a_command(window, run, qtbot, new_window):
    dialog = window.satellites.preferences()
    box = dialog.findChild(QCheckBox, "preferences_decimal_comma")
    with qtbot.waitSignal(window.command_finished):
        box.setChecked(True)
    assert window.history_model.commands()[-1] == "set dp comma"
    run("display 1.5")
    assert "1,5" in window.results_text()
    later = new_window()
    assert later.session.settings.decimal_comma


def test_rich_tables_and_text_agree(window, run):
    run("use sleepstudy")
    run("set dp comma")
    run("mixed reaction days || subject:")
    window.results.show_tables()
    assert "251,405" in window.results_text()
    from mixedgui.docks.results.estimate_table import EstimateTable

    card = window.results.tables.card(window.results.tables.records()[-1])
    table = card.findChildren(EstimateTable)[0]
    texts = [table.model.index(0, column).data() for column in range(table.model.columnCount())]
    assert any("10,4673" in str(text) for text in texts)
