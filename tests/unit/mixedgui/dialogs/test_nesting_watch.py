"""Looking at the levels without stopping the typing."""

import numpy as np
import pandas as pd
import pytest
from pytestqt.qtbot import QtBot

from engine.api import Dataset, MixedSpec, mixed_spec_from_text
from mixedgui.dialogs.mixed import nesting_watch
from mixedgui.dialogs.mixed.nesting_watch import NestingQuestion, NestingWatch

DATA = Dataset.from_pandas(
    pd.DataFrame({"y": np.arange(12.0), "school": np.repeat([1, 2, 3], 4), "pupil": np.repeat(np.arange(6), 2)})
)


def spec(condition: str) -> MixedSpec:
    read = mixed_spec_from_text(f"mixed y {condition} || school:")
    assert isinstance(read, MixedSpec)
    return read


def test_small_data_are_answered_at_once(qtbot: QtBot) -> None:
    watch = NestingWatch()
    watch.ask(NestingQuestion(DATA, ("school", "pupil"), None))
    assert watch.report is not None
    assert watch.report.summary == "6 pupil within 3 school"


def test_large_data_are_answered_from_another_thread(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nesting_watch, "AT_ONCE", 5)
    watch = NestingWatch()
    with qtbot.waitSignal(watch.answered, timeout=5000):
        watch.ask(NestingQuestion(DATA, ("pupil", "school"), None))
    assert watch.report is not None
    assert watch.report.suggested == ("school", "pupil")


def test_while_a_condition_is_typed_only_the_last_question_is_answered(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nesting_watch, "AT_ONCE_TYPING", 5)
    answers = []
    watch = NestingWatch()
    watch.answered.connect(answers.append)
    watch.ask(NestingQuestion(DATA, ("school", "pupil"), None))
    assert len(answers) == 1
    with qtbot.waitSignal(watch.answered, timeout=5000):
        watch.ask(NestingQuestion(DATA, ("school", "pupil"), spec("if y > 1")))
        watch.ask(NestingQuestion(DATA, ("school", "pupil"), spec("if y > 3")))
    assert len(answers) == 2
    assert answers[-1].summary == "4 pupil within 2 school"


def test_the_same_question_is_not_asked_twice(qtbot: QtBot) -> None:
    watch = NestingWatch()
    watch.ask(NestingQuestion(DATA, ("school",), spec("")))
    with qtbot.assertNotEmitted(watch.answered):
        watch.ask(NestingQuestion(DATA, ("school",), spec(", noheader")))


@pytest.mark.parametrize("levels", [("nobody",), ("",), ()])
def test_a_level_that_is_not_known_has_no_report(qtbot: QtBot, levels: tuple[str, ...]) -> None:
    watch = NestingWatch()
    watch.ask(NestingQuestion(DATA, levels, None))
    assert watch.report is None
