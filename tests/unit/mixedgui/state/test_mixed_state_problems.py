"""What is wrong with the state of the mixed dialog is named by control; what has no effect stays out of the command."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from engine.api import MIXED, Dataset, Method, Problem
from mixedgui.state.equation_state import EquationState
from mixedgui.state.mixed_form import MixedForm
from mixedgui.state.mixed_state import MixedState


@pytest.fixture
def data() -> Dataset:
    return Dataset.from_pandas(
        pd.DataFrame(
            {
                "y": np.arange(8.0),
                "x": np.arange(8.0)[::-1].copy(),
                "week": [1, 2] * 4,
                "school": [1, 1, 1, 1, 2, 2, 2, 2],
                "class_id": [1, 1, 2, 2, 3, 3, 4, 4],
                "name": list("abcdefgh"),
            }
        )
    )


def test_by_is_entered_and_excludes_a_range(data) -> None:
    state = MixedState(MixedForm(depvar="y", equations=(EquationState(level="school"),)))
    state.set_part("by", variables="week")
    assert state.to_command() == "bysort week: mixed y || school:"
    assert state.problems(data) == []
    state.set(in_to="4")
    assert [(p.option, p.rc) for p in state.problems(data)] == [("by", 190)]
    state.set_part("by", variables="wek")
    assert [p.option for p in state.problems(data)] == ["by"]


@pytest.fixture
def _refused(monkeypatch):
    """Refuse an option and a choice, whatever this version can do."""
    sentence = "not available in this version."
    words = {decl.name: decl for decl in MIXED.options}["vce"].choices
    choices = tuple(replace(choice, refused=sentence if choice.word == "robust" else "") for choice in words)
    options = tuple(replace(d, choices=choices) if d.name == "vce" else d for d in MIXED.options)
    problem = Problem(198, sentence, "residuals")
    monkeypatch.setattr("engine.spec.problems.MIXED", replace(MIXED, options=options))
    monkeypatch.setattr("engine.spec.problems._refused_options", lambda: {"residuals": sentence})
    monkeypatch.setattr("engine.spec.problems._refusals", lambda spec: [problem] if spec.residuals else [])


@pytest.mark.usefixtures("_refused")
def test_a_refused_option_is_kept_and_named_as_a_problem(data) -> None:
    state = MixedState()
    state.load_command("mixed y x || school:, residuals(ar 1, t(week))")
    assert "residuals(ar 1, t(week))" in state.to_command()
    assert "residuals" in {problem.option for problem in state.problems(data)}
    assert "not available" in state.disabled_reasons()["residuals"]


@pytest.mark.usefixtures("_refused")
def test_every_refused_option_and_choice_has_a_reason_before_anything_is_filled_in() -> None:
    state = MixedState()
    assert "residuals" in state.disabled_reasons()
    assert state.choice_reasons()["vce"] == {"robust": "not available in this version."}
    assert all(reason.strip() for reason in state.disabled_reasons().values())


@pytest.mark.usefixtures("_all_works")
def test_what_reml_rules_out_stays_in_the_dialog_but_not_in_the_command(data) -> None:
    state = MixedState()
    state.load_command("mixed y x [pweight=x] || school:, vce(robust)")
    state.set(method=Method.REML)
    assert state.to_command() == "mixed y x || school:, reml"
    assert state.problems(data) == []
    state.set(method=Method.ML)
    assert state.to_command() == "mixed y x [pweight=x] || school:, vce(robust)"


@pytest.fixture
def _all_works(monkeypatch):
    monkeypatch.setattr("engine.spec.problems._refused_options", dict)
    monkeypatch.setattr("engine.spec.problems._refusals", lambda spec: [])


@pytest.mark.usefixtures("_all_works")
@pytest.mark.parametrize(
    ("part", "changes", "option", "words"),
    [
        ("residuals", {"on": True, "kind": "ar"}, "residuals_t", "needs t()"),
        ("residuals", {"on": True, "kind": "ar", "t": "wek"}, "residuals_t", "did you mean week?"),
        ("residuals", {"on": True, "by": "wek"}, "residuals_by", "did you mean week?"),
        ("residuals", {"on": True, "kind": "ar", "order": "0", "t": "week"}, "residuals_order", "at least 1"),
        ("residuals", {"on": True, "kind": "banded", "order": "two", "t": "week"}, "residuals_order", "two"),
        ("df", {"on": True, "method": "kroger"}, "dfmethod", "requires option reml"),
        ("vce", {"kind": "cluster"}, "vce_cluster", "clusters"),
        ("vce", {"kind": "cluster", "cluster": "klass"}, "vce_cluster", "not found"),
        ("weight", {"kind": "pweight"}, "weight_exp", "enter the weight"),
        ("weight", {"kind": "pweight", "expression": "1/"}, "weight_exp", ""),
        ("weight", {"kind": "pweight", "expression": "foo"}, "weight_exp", "foo"),
    ],
)
def test_a_part_names_the_control_that_is_wrong(data, part, changes, option, words) -> None:
    state = MixedState(MixedForm(depvar="y", equations=(EquationState(level="school"),)))
    state.set_part(part, **changes)
    (problem,) = state.problems(data)
    assert problem.option == option
    assert words in problem.message


@pytest.mark.usefixtures("_all_works")
@pytest.mark.parametrize(("option", "text"), [("technique", "newton"), ("constraints", "a b"), ("cformat", "%f")])
def test_an_argument_the_command_cannot_read_names_its_option(data, option, text) -> None:
    state = MixedState(MixedForm(depvar="y"))
    state.set_option(option, text)
    assert [problem.option for problem in state.problems(data)] == [option]


class TestProblems:
    def test_a_sound_model_has_none(self, data) -> None:
        state = MixedState()
        state.load_command("mixed y x i.week || school: || class_id: x if x > 1 in 1/7")
        assert state.problems(data) == []

    @pytest.mark.parametrize(
        ("changes", "option", "rc", "words"),
        [
            ({"depvar": ""}, "depvar", 100, "dependent variable"),
            ({"depvar": "yy"}, "depvar", 111, "yy not found"),
            ({"depvar": "name"}, "depvar", 109, "string"),
            ({"depvar": "y x"}, "depvar", 103, "one variable"),
            ({"indepvars": "wek"}, "indepvars", 111, "did you mean week?"),
            ({"indepvars": "name"}, "indepvars", 109, "string"),
            ({"indepvars": "x##"}, "indepvars", 198, ""),
            ({"if_": "x >"}, "if", 198, ""),
            ({"if_": "foo > 1"}, "if", 111, "foo"),
            ({"in_to": "9"}, "in_to", 198, "8 observations"),
            ({"in_from": "abc"}, "in_from", 198, "abc"),
            ({"in_from": "5", "in_to": "2"}, "in_to", 198, "before"),
        ],
    )
    def test_each_field_names_its_own(self, data, changes, option, rc, words) -> None:
        state = MixedState(MixedForm(depvar="y", indepvars="x"))
        state.set(**changes)
        (problem,) = state.problems(data)
        assert (problem.option, problem.rc) == (option, rc)
        assert words in problem.message

    def test_an_equation_names_its_row_and_a_disabled_one_is_not_looked_at(self, data) -> None:
        state = MixedState(MixedForm(depvar="y"))
        state.create_equation(EquationState(level="school"))
        state.create_equation(EquationState(level="klass"))
        (problem,) = state.problems(data)
        assert problem.option == "equations[1]"
        assert problem.message.startswith("equation 2: variable klass not found")
        state.enable_equation(1, False)
        assert state.problems(data) == []

    def test_a_number_out_of_bounds(self, data) -> None:
        state = MixedState(MixedForm(depvar="y"))
        state.set_option("level", "120")
        assert [p.option for p in state.problems(data)] == ["level"]

    def test_without_data_the_dialog_says_so(self) -> None:
        assert "open a data set" in MixedState().problems(Dataset())[0].message

    def test_bars_in_a_field_do_not_become_an_equation(self, data) -> None:
        state = MixedState(MixedForm(depvar="y", if_="x > 1 || school:"))
        assert state.problems(data)

    def test_results_of_earlier_commands_may_stand_in_a_condition(self, data) -> None:
        state = MixedState(MixedForm(depvar="y", indepvars="x", if_="x > r(mean)"))
        assert state.problems(data) == []
