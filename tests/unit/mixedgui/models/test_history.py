"""Commands that wait, run and end."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from engine.api import Outcome
from mixedgui.models.history import EntryState, HistoryModel, duration


@pytest.fixture
def model(qapp):
    model = HistoryModel()
    model.tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    return model


def states(model):
    return [row.state for row in model.entries(model.index(i) for i in range(model.rowCount()))]


def test_waiting_command_becomes_the_running_one(model):
    model.wait(1, "use pig")
    model.start(1, "use pig")
    assert states(model) == [EntryState.RUNNING]
    model.end(Outcome(command="use pig", seconds=0.009))
    assert states(model) == [EntryState.DONE]
    assert model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "1 use pig 9 ms"


def test_further_commands_of_a_job_come_before_those_that_wait(model):
    model.wait(1, "use pig\ncount")
    model.wait(2, "describe")
    model.start(1, "use pig")
    model.end(Outcome(command="use pig"))
    model.start(1, "count")
    assert [model.index(i).data() for i in range(3)] == ["use pig", "count", "describe"]
    assert states(model) == [EntryState.DONE, EntryState.RUNNING, EntryState.WAITING]
    assert model.commands() == ["use pig", "count"]


def test_commands_of_a_do_file_end_before_the_do_itself(model):
    model.start(1, "do all.do")
    model.start(1, "nonsense")
    model.end(Outcome(command="nonsense", rc=199))
    assert states(model) == [EntryState.RUNNING, EntryState.FAILED]
    model.end(Outcome(command="do all.do", rc=199))
    assert states(model) == [EntryState.FAILED, EntryState.FAILED]


def test_withdrawn_command_leaves_the_list(model):
    model.wait(1, "count")
    model.withdraw(1)
    assert model.rowCount() == 0
    model.withdraw(1)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0001, ""), (0.009, "9 ms"), (0.9994, "999 ms"), (1.24, "1.2 s"), (125, "2 min 5 s")],
)
def test_durations_are_told_in_their_unit(seconds, text):
    assert duration(seconds) == text
