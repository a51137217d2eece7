"""Models that are asked for often, made from a few variables."""

import numpy as np
import pandas as pd
import pytest

from engine.api import Dataset
from mixedgui.state.mixed_form import MixedForm
from mixedgui.state.mixed_state import MixedState
from mixedgui.state.templates import TEMPLATES


@pytest.fixture
def data() -> Dataset:
    rows = np.arange(12)
    return Dataset.from_pandas(pd.DataFrame({"y": rows * 1.0, "pupil": rows // 2, "rater": rows % 3, "week": rows % 2}))


def template(name):
    return next(each for each in TEMPLATES if each.name == name)


@pytest.mark.parametrize(
    ("name", "values", "command"),
    [
        ("intercept", {"level": "pupil"}, "mixed y || pupil:"),
        ("slope", {"level": "pupil", "slope": "week"}, "mixed y || pupil: week, covariance(unstructured)"),
        ("nested", {"outer": "rater", "inner": "pupil"}, "mixed y || rater: || pupil:"),
        ("nested", {"outer": "rater", "inner": "pupil", "innermost": "week"}, "mixed y || rater: || pupil: || week:"),
        ("crossed", {"first": "pupil", "second": "rater"}, "mixed y || _all: R.rater || pupil:"),
        ("crossed", {"first": "rater", "second": "pupil"}, "mixed y || _all: R.rater || pupil:"),
    ],
)
def test_a_template_makes_its_equations(data, name, values, command) -> None:
    assert template(name).problems(values, data) == []
    state = MixedState(MixedForm(depvar="y"))
    state.create_equations(template(name).equations(values, data))
    assert state.to_command() == command
    state.undo()
    assert state.to_command() == "mixed y"


def test_what_is_missing_or_unknown_is_said_field_by_field(data) -> None:
    problems = template("slope").problems({"level": "pupl"}, data)
    assert [(problem.option, problem.rc) for problem in problems] == [("level", 111), ("slope", 100)]
    assert "did you mean pupil?" in problems[0].message


def test_an_optional_level_may_stay_empty(data) -> None:
    assert [p.option for p in template("nested").problems({}, data)] == ["outer", "inner"]
