"""db, the Postestimation selector, and the dialogs that declarations make."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QLineEdit, QTabWidget, QWidget

from engine.api import declarations
from mixedgui.dialogs.registry import available


@pytest.fixture
def data(run, data_file):
    run(f'use "{data_file("hsb")}"')


def selector(window):
    return window.findChild(QDialog, "dialog_postest")


def reasons(window):
    from mixedgui.state.postestimation import possibilities

    found = possibilities(declarations(), window.session.estimates)
    return {(entry.dialog, entry.word): entry.reason for entry in found}


def test_db_opens_the_dialog_of_a_command(window, run) -> None:
    assert run("db mixed").rc == 0
    assert window.findChild(QDialog, "dialog_mixed").isVisible()
    assert run("db sum").rc == 0
    assert window.findChild(QDialog, "dialog_summarize").isVisible()


def test_db_of_what_is_no_command_or_has_no_dialog_is_said(window, run) -> None:
    assert run("db nosuch").rc == 199
    assert run("db").rc == 198
    assert run("db quietly").rc == 199
    assert run("db exit").rc == 0
    assert "no dialog" in window.status.currentMessage()


def test_db_in_a_script_without_a_window_goes_on() -> None:
    from engine.api import Session

    outcome = Session().run("db mixed")
    assert outcome.rc == 0
    assert "needs the window" in outcome.text


def test_nothing_is_possible_before_a_fit_and_says_so(window, run, data) -> None:
    run("postest")
    dialog = selector(window)
    assert dialog.isVisible()
    dialog.choose("predict")
    assert not dialog.go.isEnabled()
    assert "Fit a model first" in dialog.go.accessibleDescription()
    dialog.launch()
    assert window.findChild(QDialog, "dialog_predict") is None


def test_after_mixed_everything_of_estat_is_possible_and_opens_at_its_word(window, run, data) -> None:
    run("postest")
    run("mixed mathach ses || id:")
    dialog = selector(window)
    assert dialog._fit.text() == "After: mixed mathach ses || id:"
    dialog.choose("estat", "icc")
    assert dialog.go.isEnabled()
    dialog.go.click()
    opened = window.findChild(QDialog, "dialog_estat")
    assert opened.isVisible()
    assert opened.preview.text() == "estat icc"
    opened.state.set_option("level", "90")
    assert opened.preview.text() == "estat icc, level(90)"
    opened.state.choose("group")
    assert opened.preview.text() == "estat group"


def test_after_another_command_what_needs_mixed_says_so(window, run, data) -> None:
    run("regress mathach ses")
    found = reasons(window)
    assert "the last fit is regress" in found["estat", "icc"]
    assert found["estat", "ic"] == ""
    assert found["test", ""] == ""
    run("mixed mathach ses || id:")
    assert reasons(window)["estat", "icc"] == ""


def test_a_dialog_with_a_list_goes_without_a_word(window, run, data, qtbot) -> None:
    dialog = window.open_dialog("estat")
    heard = []
    dialog.state.subscribe(lambda: heard.append(dialog.state.form.body))
    with qtbot.captureExceptions() as exceptions, qtbot.waitSignal(dialog.destroyed):
        dialog.deleteLater()
    assert not exceptions
    assert not heard


def test_the_menus_stand_in_the_order_of_stata(window) -> None:
    menu = next(action.menu() for action in window.menuBar().actions() if action.text() == "&Statistics")
    texts = [action.text().replace("&", "") for action in menu.actions()]
    wanted = ["Summaries, tables, and tests", "Linear models and related", "Multilevel mixed-effects models",
              "Postestimation"]  # fmt: skip
    assert [text for text in texts if text in wanted] == wanted
    assert window.findChild(QAction, "action_postest") is not None


def test_every_entry_of_a_menu_that_opens_a_dialog_opens_a_usable_one(window, run, data) -> None:
    for name in available():
        dialog = window.open_dialog(name)
        assert dialog.preview.text().startswith(name), name
        dialog.hide()


def test_weights_and_groups_of_any_command(window, run, data) -> None:
    dialog = window.open_dialog("regress")
    dialog.state.set(body="mathach ses")
    dialog.findChild(object, "regress_weight_type_pweight").click()
    assert any(problem.option == "weight_exp" for problem in dialog.problems())
    dialog.findChild(object, "regress_weight_exp").setText("size")
    dialog.findChild(object, "regress_by").setText("sector")
    assert dialog.preview.text() == "bysort sector: regress mathach ses [pweight=size]"
    dialog.state.load_command("by female: regress mathach ses [aw=size] if ses > 0")
    assert dialog.findChild(object, "regress_weight_type_aweight").isChecked()
    assert dialog.findChild(object, "regress_by").text() == "female"


def test_a_command_with_text_of_its_own_has_a_field_for_it(window, run, data) -> None:
    run("regress mathach ses female")
    dialog = window.open_dialog("test")
    field = dialog.findChild(object, "test_text")
    field.setText("ses = female")
    assert dialog.preview.text() == "test ses = female"
    assert not dialog.problems()


def shown_statistics(dialog):
    from mixedgui.state.predict_state import STATISTICS

    return [name for name in STATISTICS if dialog.findChild(QWidget, f"predict_{name}").isVisibleTo(dialog)]


def test_predict_offers_what_the_last_fit_has(window, run, data) -> None:
    run("mixed mathach ses || id:")
    dialog = window.open_dialog("predict")
    assert shown_statistics(dialog) == ["reffects", "xb", "stdp", "fitted", "residuals", "rstandard", "scores"]
    assert dialog.state.to_command() == "predict, reffects"
    assert not dialog.findChild(QWidget, "predict_dfbeta").isVisibleTo(dialog)
    run("regress mathach ses")
    dialog = window.open_dialog("predict")
    shown = shown_statistics(dialog)
    assert {"cooksd", "leverage", "rstudent", "xb"} <= set(shown)
    assert not {"reffects", "fitted", "u"} & set(shown)
    assert not dialog.findChild(QWidget, "predict_reses").isVisibleTo(dialog)
    assert dialog.state.to_command() == "predict, xb"
    dialog.findChild(QWidget, "predict_cooksd").click()
    dialog.state.set(body="d")
    assert dialog.state.to_command() == "predict d, cooksd"
    run("xtreg mathach ses, i(id) re")
    dialog = window.open_dialog("predict")
    assert shown_statistics(dialog) == ["xb", "stdp", "xbu", "u", "e", "ue"]


def test_what_needs_another_estimation_command_says_so(window, run, data) -> None:
    run("mixed mathach ses || id:")
    after_mixed = reasons(window)
    wanted = "It needs the results of regress or anova, and the last fit is mixed."
    assert after_mixed["estat", "hettest"] == after_mixed["vif", ""] == wanted
    assert "results of bootstrap" in after_mixed["estat", "bootstrap"]
    assert any(problem.message == wanted for problem in window.open_dialog("dfbeta").problems())
    run("regress mathach ses")
    assert reasons(window)["vif", ""] == reasons(window)["estat", "hettest"] == ""
    run("bootstrap, reps(3) seed(1): regress mathach ses")
    assert reasons(window)["estat", "bootstrap"] == ""


@pytest.mark.parametrize(
    ("command", "pages"),
    [
        ("histogram", ["Main", "if/in", "Axes", "Titles", "Overall"]),
        ("regress", ["Main", "by/if/in", "Weights", "SE/Robust", "Reporting"]),
        ("summarize", ["Main", "by/if/in", "Weights"]),
    ],
)
def test_options_stand_on_the_pages_they_are_declared_for(window, run, data, command, pages) -> None:
    dialog = window.open_dialog(command)
    tabs = dialog.findChild(QTabWidget)
    assert [tabs.tabText(place) for place in range(tabs.count())] == pages


def test_an_option_on_a_page_of_its_own_is_written_and_read(window, run, data) -> None:
    dialog = window.open_dialog("histogram")
    dialog.state.load_command('histogram mathach, bin(10) title("Scores") xlabel(0(5)25)')
    assert dialog.findChild(QLineEdit, "histogram_title").text() == '"Scores"'
    dialog.findChild(QLineEdit, "histogram_note").setText('"hsb"')
    dialog.findChild(QWidget, "histogram_nodraw").click()
    command = dialog.state.to_command()
    assert 'note("hsb")' in command
    assert "nodraw" in command
    assert dialog.findChild(QLineEdit, "histogram_xlabel").text() == "0(5)25"
