"""Live fitting from the dialog, and settings kept under a name."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox

from mixedgui.dialogs.mixed import live


@pytest.fixture
def dialog(window, run, data_file):
    run(f'use "{data_file("pig")}"')
    dialog = window.open_dialog("mixed")
    dialog.state.load_command("mixed weight week || id:")
    return dialog


def commands(window):
    return [entry.command for entry in window.session.history]


def test_live_fits_changes_and_only_shows_again_what_is_only_shown_otherwise(window, dialog, qtbot) -> None:
    dialog.live.check.setChecked(True)
    with qtbot.waitSignal(window.command_finished, timeout=20_000):
        dialog.submit()
    dialog.live._done = live.Done(dialog.live._done.spec, 0.01)  # quick, however slow this machine is
    with qtbot.waitSignal(window.command_finished, timeout=20_000) as finished:
        dialog.state.set(noconstant=True)
    assert finished.args[0].command == "mixed weight week, noconstant || id:"
    dialog.live._done = live.Done(dialog.live._done.spec, 0.01)
    before = window.session.estimates
    with qtbot.waitSignal(window.command_finished, timeout=20_000) as finished:
        dialog.state.set_option("level", "90")
    assert finished.args[0].command == "mixed, level(90)"
    assert window.session.estimates is before


def test_live_waits_after_a_slow_fit(window, dialog, qtbot) -> None:
    dialog.live.check.setChecked(True)
    with qtbot.waitSignal(window.command_finished, timeout=20_000):
        dialog.submit()
    dialog.live._done = live.Done(dialog.live._done.spec, 5.0)
    count = len(commands(window))
    dialog.state.set(noconstant=True)
    dialog.live._act()
    assert len(commands(window)) == count
    assert not window.busy
    assert "5.0 s" in dialog.live.check.accessibleDescription()
    assert "waits" in dialog.live.check.text()
    dialog.live.check.setChecked(False)
    assert "waits" not in dialog.live.check.text()


def test_loading_what_fits_need_does_not_count_against_the_first_fit(window, dialog, qtbot) -> None:
    dialog.live.check.setChecked(True)
    with qtbot.waitSignal(window.command_finished, timeout=20_000):
        dialog.submit()
    first = dialog.live._done
    assert first.first
    dialog.live._done = live.Done(first.spec, 1.5, first=True)
    with qtbot.waitSignal(window.command_finished, timeout=20_000) as finished:
        dialog.state.set(noconstant=True)
    assert finished.args[0].command == "mixed weight week, noconstant || id:"
    assert not dialog.live._done.first


def test_without_live_nothing_is_fitted_unasked(window, dialog) -> None:
    count = len(commands(window))
    dialog.state.set(noconstant=True)
    dialog.live._act()
    assert not window.busy
    assert len(commands(window)) == count


def test_a_fit_that_is_not_wanted_any_more_is_cancelled(window, dialog, qtbot, monkeypatch) -> None:
    cancelled, started = [], []
    monkeypatch.setattr(window, "cancel_command", lambda: cancelled.append(True))
    monkeypatch.setattr(window, "run_command", started.append)
    dialog.live.check.setChecked(True)
    dialog.live._done = live.Done(dialog._spec(), 0.01, well=True)
    dialog.state.set(noconstant=True)
    dialog.live._act()
    assert started == ["mixed weight week, noconstant || id:"]
    dialog.state.set(noconstant=False, indepvars="")
    assert cancelled == [True]
    dialog.state.set(indepvars="week")
    assert cancelled == [True]


def test_settings_are_kept_under_a_name_and_come_back(dialog, qtbot, new_window) -> None:
    button = dialog.findChild(object, "presets")
    button.save("growth & co")
    dialog.state.reset()
    button.fill()
    entry = next(action for action in button.menu().actions() if action.text() == "growth && co")
    entry.trigger()
    assert dialog.state.to_command() == "mixed weight week || id:"
    other = new_window().open_dialog("mixed").findChild(object, "presets")
    assert other.names() == ["growth & co"]
    other.delete("growth & co")
    assert button.names() == []


def test_the_name_is_asked_for(dialog, qtbot) -> None:
    button = dialog.findChild(object, "presets")
    button.ask_name()
    box = dialog.findChild(object, "preset_name")
    box.setTextValue("mine")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert button.names() == ["mine"]


def test_a_preset_that_cannot_be_read_is_said(dialog, monkeypatch) -> None:
    said = []
    button = dialog.findChild(object, "presets")
    monkeypatch.setattr(button, "_say", said.append)
    button._preferences.save_preset("mixed", "old", "mixed weight week || id:, nosuchoption")
    button.load("old")
    assert len(said) == 1
    assert "old cannot be loaded" in said[0]


def test_the_small_sample_results_of_the_manual_are_shown_again_by_clicks(window, run, qtbot) -> None:
    """[ME] mixed types `mixed, dftable(pvalue) noretable` after the fit; in the dialog two clicks do, without a fit."""
    run("use t43")
    dialog = window.open_dialog("mixed")
    dialog.state.load_command("mixed score i.drug || person:, reml dfmethod(repeated)")
    dialog.live.check.setChecked(True)
    with qtbot.waitSignal(window.command_finished, timeout=20_000):
        dialog.submit()
    before = window.session.estimates
    dialog.findChild(QComboBox, "mixed_dftable").setCurrentText("pvalue")
    with qtbot.waitSignal(window.command_finished, timeout=20_000) as finished:
        dialog.findChild(QAbstractButton, "mixed_noretable").click()
    assert finished.args[0].command in {"mixed, dftable(pvalue) noretable", "mixed, noretable dftable(pvalue)"}
    assert window.session.estimates is before
