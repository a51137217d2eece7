"""The state of the mixed dialog, without Qt: commands come in and go out, fields and equations are edited."""

import subprocess
import sys

import pytest

from engine.api import CovarianceKind, Method, StataError, mixed_spec_from_text
from mixedgui.state.equation_state import EquationState
from mixedgui.state.mixed_form import MixedForm
from mixedgui.state.mixed_state import MixedState

COMMANDS = [
    # commands of the manual's examples ([ME] mixed)
    "mixed weight week || id:",
    "mixed weight week || id:, reml",
    "mixed weight week || id: week",
    "mixed weight week || id: week, covariance(unstructured)",
    "mixed gsp private emp hwy water other unemp || region: || state:",
    "mixed gsp private emp hwy water other unemp || region: hwy unemp, covariance(identity) || region: || state:",
    "mixed weight i.girl i.girl#c.age c.age#c.age || id: age",
    "mixed score i.program##i.day, noconstant",
    "mixed weight week if id>3 in 1/400 || id:, level(90) stddeviations noheader",
    "mixed y x || a: || b: z, noconstant covariance(exchangeable) collinear || c:, reml emiterate(5) nolog",
    "mixed weight week || _all: R.id || week:",
    "mixed weight week [pweight=w] || id:, pweight(v)",
    "mixed y x || id:, reml residuals(ar 2, t(week)) dfmethod(kroger)",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_loaded_command_is_the_one_submitted(command) -> None:
    state = MixedState()
    state.load_command(command)
    assert state.to_command() == command


@pytest.mark.parametrize("command", COMMANDS)
def test_spec_to_state_to_spec(command) -> None:
    spec = mixed_spec_from_text(command)
    state = MixedState()
    state.from_spec(spec)
    assert state.to_spec() == spec


def test_abbreviations_become_full_words() -> None:
    state = MixedState()
    state.load_command("mixed weight week || id: week, cov(un) reml l(90) stddev")
    assert state.to_command() == "mixed weight week || id: week, covariance(unstructured) reml level(90) stddeviations"


@pytest.mark.parametrize(
    ("command", "canonical"),
    [
        ("by x, sort: mixed y || school:", "bysort x: mixed y || school:"),
        ("bysort x (week): mixed y || school:", "bysort x (week): mixed y || school:"),
        ("by x: mixed y || school:", "by x: mixed y || school:"),
        ("quietly by x: mixed y || school:", "quietly: by x: mixed y || school:"),
    ],
)
def test_by_is_read_and_written(command, canonical) -> None:
    state = MixedState()
    state.load_command(command)
    assert state.to_command() == canonical
    state.load_command(canonical)
    assert state.to_command() == canonical


def test_a_prefix_is_kept() -> None:
    state = MixedState()
    state.load_command("quietly mixed weight week || id:")
    assert state.to_command() == "quietly: mixed weight week || id:"


@pytest.mark.parametrize(
    "text", ["mixed, stddeviations", "describe", "mixed y || id", "mixed y x || id:, nonsense", ""]
)
def test_what_is_no_model_is_refused_and_changes_nothing(text) -> None:
    state = MixedState()
    state.set(depvar="y")
    with pytest.raises(StataError):
        state.load_command(text)
    assert state.form == MixedForm(depvar="y")


def test_building_a_model_field_by_field() -> None:
    state = MixedState()
    state.set(depvar="weight")
    state.set(indepvars="week")
    state.create_equation(EquationState(level="id", indepvars="week", covariance=CovarianceKind.UNSTRUCTURED))
    state.set(method=Method.REML)
    state.set_option("level", "90")
    assert state.to_command() == "mixed weight week || id: week, covariance(unstructured) reml level(90)"
    state.clear_option("level")
    assert state.to_command() == "mixed weight week || id: week, covariance(unstructured) reml"


def test_an_unfinished_dialog_shows_its_texts_as_they_stand() -> None:
    state = MixedState()
    assert state.to_command() == "mixed"
    state.set(depvar="y", indepvars="x##")
    state.create_equation(EquationState(level="id"))
    assert state.to_command() == "mixed y x## || id:"
    with pytest.raises(StataError):
        state.to_spec()


def test_an_empty_level_is_all() -> None:
    state = MixedState()
    state.set(depvar="y")
    state.create_equation(EquationState(indepvars="x"))
    assert state.to_command() == "mixed y || _all: x"


def test_a_disabled_equation_stays_in_the_list_and_out_of_the_command() -> None:
    state = MixedState()
    state.load_command("mixed y x || a: || b:")
    state.enable_equation(0, False)
    assert state.to_command() == "mixed y x || b:"
    assert len(state.form.equations) == 2
    state.enable_equation(0, True)
    assert state.to_command() == "mixed y x || a: || b:"


def test_operations_on_the_list() -> None:
    state = MixedState()
    state.load_command("mixed y || a: || b: || c:")
    assert state.move_equation(2, 0) == 0
    assert state.to_command() == "mixed y || c: || a: || b:"
    assert state.move_equation(0, 99) == 2
    assert state.duplicate_equation(0) == 1
    assert state.to_command() == "mixed y || a: || a: || b: || c:"
    state.delete_equation(1)
    state.edit_equation(0, EquationState(level="d"))
    assert state.to_command() == "mixed y || d: || b: || c:"
    assert state.undo_text == "Edit equation 1"
    for _ in range(5):
        state.undo()
    assert state.to_command() == "mixed y || a: || b: || c:"


def test_levels_are_swapped_with_their_effects_and_disabled_rows_stay() -> None:
    state = MixedState()
    state.load_command("mixed y || student: x || off: || class: || class: z || school:")
    state.enable_equation(1, False)
    state.reorder_levels(("school", "class", "student"))
    assert state.to_command() == "mixed y || school: || class: || class: z || student: x"
    assert [equation.level for equation in state.form.equations] == ["school", "off", "class", "class", "student"]


def test_an_option_that_has_no_effect_is_left_out_but_remembered() -> None:
    state = MixedState()
    state.load_command("mixed y x || id:, nrtolerance(1e-6)")
    state.set_option("nonrtolerance")
    assert state.to_command() == "mixed y x || id:, nonrtolerance"
    assert "nrtolerance" in state.disabled_reasons()
    state.clear_option("nonrtolerance")
    assert state.to_command() == "mixed y x || id:, nrtolerance(1e-06)"


def test_the_state_imports_no_qt() -> None:
    code = (
        "import sys, mixedgui.state.mixed_state, mixedgui.state.command_state, mixedgui.state.predict_state;"
        "sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("command", "inner", "groups", "crossed"),
    [
        ("mixed y || a: || b:", "b", {"a": 30, "b": 5}, "mixed y || _all: R.b || a:"),
        ("mixed y || a: || b:", "b", {"a": 5, "b": 30}, "mixed y || _all: R.a || b:"),
        ("mixed y || a: x || b:", "b", {"a": 5, "b": 30}, "mixed y || _all: R.b || a: x"),
        ("mixed y || a: || b: || c:", "b", {"a": 5, "b": 30, "c": 90}, "mixed y || _all: R.b || a: || c:"),
        ("mixed y || a: || b: x", "b", {"a": 5, "b": 30}, "mixed y || _all: R.a || b: x"),
    ],
)
def test_a_level_becomes_crossed_in_the_form_that_is_quicker_to_fit(command, inner, groups, crossed) -> None:
    state = MixedState()
    state.load_command(command)
    equation = state.cross_levels(inner, groups)
    assert equation is not None
    state.write_crossed(equation)
    assert state.to_command() == crossed
    state.undo()
    assert state.to_command() == command


def test_levels_with_slopes_cannot_be_written_as_crossed() -> None:
    state = MixedState()
    state.load_command("mixed y || a: || b: x || c:")
    assert state.cross_levels("b", {"a": 5, "b": 30, "c": 90}) is None
