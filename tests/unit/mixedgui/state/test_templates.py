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
        (
            "growth",
            {"level": "pupil", "time": "week"},
            "mixed y week || pupil:, residuals(ar 1, t(week))",
        ),
        (
            "growth",
            {"level": "pupil", "time": "week", "slope": "week"},
            "mixed y week || pupil: week, covariance(unstructured) residuals(ar 1, t(week))",
        ),
        ("crossed", {"first": "pupil", "second": "rater"}, "mixed y || _all: R.rater || pupil:"),
        ("crossed", {"first": "rater", "second": "pupil"}, "mixed y || _all: R.rater || pupil:"),
    ],
)
def test_a_template_makes_its_model(data, name, values, command) -> None:
    assert template(name).problems(values, data) == []
    state = MixedState(MixedForm(depvar="y"))
    state.add_model(template(name).model(values, data), name)
    assert state.to_command() == command
    state.undo()
    assert state.to_command() == "mixed y"


def test_a_template_adds_a_variable_to_the_fixed_part_once_and_takes_one_step(data) -> None:
    state = MixedState(MixedForm(depvar="y", indepvars="c.week##c.week"))
    state.add_model(template("growth").model({"level": "pupil", "time": "week"}, data), "growth")
    assert state.to_command() == "mixed y c.week##c.week || pupil:, residuals(ar 1, t(week))"
    state.undo()
    assert state.to_command() == "mixed y c.week##c.week"


def test_what_is_missing_or_unknown_is_said_field_by_field(data) -> None:
    problems = template("slope").problems({"level": "pupl"}, data)
    assert [(problem.option, problem.rc) for problem in problems] == [("level", 111), ("slope", 100)]
    assert "did you mean pupil?" in problems[0].message


def test_an_optional_level_may_stay_empty(data) -> None:
    assert [p.option for p in template("nested").problems({}, data)] == ["outer", "inner"]
