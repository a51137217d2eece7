"""Commands that arrange data come out of their dialogs by clicks alone, and their dialogs read them back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractButton, QDialog, QMainWindow, QWidget

from engine.api import Session, command_from_text
from mixedgui.dialogs.registry import create
from mixedgui.theme import theme

NAMES = "id year week wage ses mathach sector female school inc80 inc81 x"

BY_CLICKS = [
    ('merge 1:1 id year using "wages"', {"merge_keys": "id year", "merge_using": "wages"}),
    (
        'merge m:1 school using "schools", keepusing(size) nogenerate keep(match master)',
        {
            "merge_kind": "m:1", "merge_keys": "school", "merge_using": "schools", "merge_keepusing": "size",
            "merge_keep": "match master", "merge_nogenerate": True,
        },
    ),
    ('merge 1:m school using "pupils", assert(match)', {
        "merge_kind": "1:m", "merge_keys": "school", "merge_using": "pupils", "merge_assert": "match",
    }),
    ('merge 1:1 _n using "other"', {"merge_keys": "_n", "merge_using": "other"}),
    ('append using "wave 2", generate(wave)', {"append_using": "wave 2", "append_generate": "wave"}),
    ("duplicates report id week", {"duplicates_varlist": "id week"}),
    ("duplicates list id", {"duplicates_action": "list", "duplicates_varlist": "id"}),
    (
        "duplicates tag id week, generate(copies)",
        {"duplicates_action": "tag", "duplicates_varlist": "id week", "duplicates_generate": "copies"},
    ),
    ("duplicates drop", {"duplicates_action": "drop"}),
    (
        "duplicates drop id, force",
        {"duplicates_action": "drop", "duplicates_varlist": "id", "duplicates_force": True},
    ),
    (
        "collapse (mean) mathach ses, by(school)",
        {"collapse_statistics_1_variables": "mathach ses", "collapse_by": "school"},
    ),
    (
        "collapse (mean) m=mathach (sd) s=mathach (count) n=mathach, by(school)",
        {
            "collapse_statistics_1_name": "m", "collapse_statistics_1_variables": "mathach",
            "collapse_statistics_2_statistic": "sd", "collapse_statistics_2_name": "s",
            "collapse_statistics_2_variables": "mathach", "collapse_statistics_3_statistic": "count",
            "collapse_statistics_3_name": "n", "collapse_statistics_3_variables": "mathach", "collapse_by": "school",
        },
    ),
    (
        "collapse (median) ses (max) hi=ses lo=wage (p25) x if year>2",
        {
            "collapse_statistics_1_statistic": "median", "collapse_statistics_1_variables": "ses",
            "collapse_statistics_2_statistic": "max", "collapse_statistics_2_name": "hi",
            "collapse_statistics_2_variables": "ses", "collapse_statistics_3_statistic": "max",
            "collapse_statistics_3_name": "lo", "collapse_statistics_3_variables": "wage",
            "collapse_statistics_add": True, "collapse_statistics_4_statistic": "p25",
            "collapse_statistics_4_variables": "x", "collapse_if": "year>2",
        },
    ),
    ("contract sector female, freq(n) nomiss", {
        "contract_varlist": "sector female", "contract_freq": "n", "contract_nomiss": True,
    }),
    ("table sector female", {"table_rows": "sector", "table_columns": "female"}),
    (
        "table (sector female) year, statistic(mean ses mathach) nototals",
        {
            "table_rows": "sector female", "table_columns": "year", "table_statistic": "mean ses mathach",
            "table_nototals": True,
        },
    ),
    ("table () female", {"table_columns": "female"}),
    ("xtset id week", {"xtset_panelvar": "id", "xtset_timevar": "week"}),
    ("xtset id", {"xtset_panelvar": "id"}),
    ("xtset id week, delta(2)", {"xtset_panelvar": "id", "xtset_timevar": "week", "xtset_delta": "2"}),
    ("tsset year", {"tsset_timevar": "year"}),
    ("tsset id year, yearly", {"tsset_panelvar": "id", "tsset_timevar": "year", "tsset_yearly": True}),
    ("reshape long inc, i(id) j(when)", {
        "reshape_direction_long": True, "reshape_stubs": "inc", "reshape_i": "id", "reshape_j": "when",
    }),
    ("reshape wide wage, i(id) j(year)", {
        "reshape_direction_wide": True, "reshape_stubs": "wage", "reshape_i": "id", "reshape_j": "year",
    }),
]  # fmt: skip


class QuietWindow(QMainWindow):
    """Holds data and remembers what it was to run."""

    command_finished = Signal(object)
    data_changed = Signal()
    busy_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        rng = np.random.default_rng(6)
        columns = {name: rng.integers(0, 3, 30).astype(float) for name in NAMES.split()}
        self.session = Session(pd.DataFrame(columns | {"id": np.arange(30.0)}))
        self.busy = False
        self.asked: list[str] = []

    def run_command(self, text: str) -> None:
        self.asked.append(text)

    def cancel_command(self) -> None:
        raise AssertionError


@pytest.fixture(scope="module")
def quiet(qapp):
    theme()
    window = QuietWindow()
    yield window
    window.deleteLater()


def dialog_of(quiet: QuietWindow, command: str) -> QDialog:
    dialog = create(command.split(maxsplit=1)[0], quiet)
    dialog.show()
    find(dialog, "reset").click()
    return dialog


def find(parent: QWidget, name: str) -> QWidget:
    found = parent.findChild(QWidget, name)
    assert found is not None, name
    return found


def operate(dialog: QDialog, name: str, what: object) -> None:
    """Click a button, choose an entry or write into a field."""
    widget = find(dialog, name)
    assert widget.isEnabled(), name
    if what is True:
        assert isinstance(widget, QAbstractButton)
        widget.click()
    elif hasattr(widget, "setCurrentText"):
        widget.setCurrentText(what)
    else:
        widget.setText(what)


@pytest.mark.parametrize(("command", "clicks"), BY_CLICKS, ids=[command for command, _ in BY_CLICKS])
def test_a_command_is_made_by_clicks_alone_and_submitted(quiet, command, clicks) -> None:
    dialog = dialog_of(quiet, command)
    for name, what in clicks.items():
        operate(dialog, name, what)
    assert dialog.preview.text() == command
    quiet.asked.clear()
    find(dialog, "submit").click()
    assert quiet.asked == [command]
    quiet.command_finished.emit(None)
    quiet.busy_changed.emit(False)
    dialog.hide()


@pytest.mark.parametrize(("command", "clicks"), BY_CLICKS, ids=[command for command, _ in BY_CLICKS])
def test_a_command_is_read_back_into_its_controls(quiet, command, clicks) -> None:
    dialog = dialog_of(quiet, command)
    dialog.load_command(command)
    assert dialog.preview.text() == command
    for name, what in clicks.items():
        widget = find(dialog, name)
        if isinstance(what, str):
            shown = widget.text() if hasattr(widget, "text") else widget.currentText()
            assert what in (shown, getattr(widget, "currentData", lambda: None)())
        elif not name.endswith("_add"):
            assert widget.isChecked()
    dialog.hide()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("mer m : 1 id using schools", 'merge m:1 id using "schools"'),
        ("duplicates rep", "duplicates report"),
        ("collapse mathach s=ses (p33) x, by(id)", "collapse (mean) mathach s=ses (p33) x, by(id)"),
        ("table (sector)", "table sector"),
        ("xtset", "xtset"),
    ],
)
def test_typed_forms_are_read_too(quiet, typed, read) -> None:
    dialog = dialog_of(quiet, read)
    dialog.load_command(typed)
    assert command_from_text(dialog.preview.text()) is not None
    assert dialog.preview.text() == read
    dialog.hide()


@pytest.mark.parametrize(
    ("command", "clicks", "option"),
    [
        ("merge", {"merge_using": "f"}, "keys"),
        ("merge", {"merge_keys": "id"}, "using"),
        ("merge", {"merge_keys": "idd", "merge_using": "f"}, "keys"),
        ("collapse", {"collapse_by": "id"}, "statistics"),
        ("collapse", {"collapse_statistics_1_variables": "nope"}, "statistics"),
        ("duplicates", {"duplicates_varlist": "nope"}, "varlist"),
        ("xtset", {"xtset_timevar": "week"}, "panelvar"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field(quiet, command, clicks, option) -> None:
    dialog = dialog_of(quiet, command)
    for name, what in clicks.items():
        operate(dialog, name, what)
    quiet.asked.clear()
    find(dialog, "submit").click()
    assert not quiet.asked
    assert option in [problem.option for problem in dialog.shown_problems()]
    dialog.hide()


def test_a_text_stays_in_its_field_while_another_is_empty(quiet) -> None:
    dialog = dialog_of(quiet, "xtset")
    operate(dialog, "xtset_timevar", "week")
    assert find(dialog, "xtset_timevar").text() == "week"
    assert find(dialog, "xtset_panelvar").text() == ""
    operate(dialog, "xtset_panelvar", "id")
    assert dialog.preview.text() == "xtset id week"
    dialog.hide()
