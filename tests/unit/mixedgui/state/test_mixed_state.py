"""The state of the mixed dialog, without Qt."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.api import (
    MIXED,
    CovarianceKind,
    Dataset,
    Method,
    OptionKind,
    Problem,
    Scope,
    StataError,
    mixed_spec_from_text,
    print_mixed,
)
from mixedgui.state.equation_state import EquationState
from mixedgui.state.mixed_form import MixedForm, form_to_text
from mixedgui.state.mixed_state import MixedState
from mixedgui.state.model_parts import DfState, ResidualsState, VceState, WeightState
from mixedgui.state.option_values import OptionValues

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


def test_by_is_entered_and_excludes_a_range(data) -> None:
    state = MixedState(MixedForm(depvar="y", equations=(EquationState(level="school"),)))
    state.set_part("by", variables="week")
    assert state.to_command() == "bysort week: mixed y || school:"
    assert state.problems(data) == []
    state.set(in_to="4")
    assert [(p.option, p.rc) for p in state.problems(data)] == [("by", 190)]
    state.set_part("by", variables="wek")
    assert [p.option for p in state.problems(data)] == ["by"]


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


PARTS = [
    ("residuals", {"on": True}, "residuals(independent)"),
    ("residuals", {"on": True, "by": "g"}, "residuals(independent, by(g))"),
    ("residuals", {"on": True, "kind": "exchangeable", "t": "hidden", "order": "3"}, "residuals(exchangeable)"),
    ("residuals", {"on": True, "kind": "ar", "order": "2", "t": "week"}, "residuals(ar 2, t(week))"),
    ("residuals", {"on": True, "kind": "ma", "t": "week", "by": "g"}, "residuals(ma, by(g) t(week))"),
    ("residuals", {"on": True, "kind": "unstructured", "order": "2", "t": "id"}, "residuals(unstructured, t(id))"),
    ("residuals", {"on": True, "kind": "banded", "order": "0", "t": "id"}, "residuals(banded 0, t(id))"),
    ("residuals", {"on": True, "kind": "toeplitz", "order": "Full", "t": "w"}, "residuals(toeplitz, t(w))"),
    ("residuals", {"on": True, "kind": "exponential", "t": "w"}, "residuals(exponential, t(w))"),
    ("residuals", {"on": True, "kind": "hexchangeable", "t": "id"}, "residuals(hexchangeable, t(id))"),
    ("residuals", {"on": True, "kind": "har", "order": "1", "t": "w", "by": "g"}, "residuals(har, by(g) t(w))"),
    ("residuals", {"on": False, "kind": "ar", "t": "w"}, ""),
    ("df", {"on": True}, "dfmethod(residual)"),
    ("df", {"on": True, "method": "anova", "oim": True}, "dfmethod(anova)"),
    ("df", {"on": False, "method": "anova"}, ""),
    ("vce", {"kind": "robust", "cluster": "g"}, "vce(robust)"),
    ("vce", {"kind": "cluster", "cluster": "g"}, "vce(cluster g)"),
    ("vce", {"kind": "", "cluster": "g"}, ""),
]


@pytest.mark.parametrize(("part", "changes", "text"), PARTS)
def test_a_part_writes_one_option_and_reads_it_back(part, changes, text) -> None:
    state = MixedState(MixedForm(depvar="y", indepvars="x", equations=(EquationState(level="school"),)))
    state.set_part(part, **changes)
    expected = f"mixed y x || school:, {text}" if text else "mixed y x || school:"
    assert state.to_command() == expected
    other = MixedState()
    other.load_command(expected)
    assert other.to_command() == expected
    assert getattr(other.form, part).to_text() == text


@pytest.mark.parametrize("method", ["kroger", "satterthwaite"])
@pytest.mark.parametrize("oim", [True, False])
def test_approximations_carry_their_information_matrix(method, oim) -> None:
    state = MixedState(MixedForm(depvar="y", method=Method.REML, equations=(EquationState(level="school"),)))
    state.set_part("df", on=True, method=method, oim=oim)
    command = f"mixed y || school:, reml dfmethod({method}{', oim' if oim else ''})"
    assert state.to_command() == command
    other = MixedState()
    other.load_command(command)
    assert (other.form.df, other.form.method) == (state.form.df, Method.REML)


@pytest.mark.parametrize("kind", ["fweight", "pweight"])
def test_weights_of_observations_and_groups_come_back(kind) -> None:
    state = MixedState(MixedForm(depvar="y"))
    state.set_part("weight", kind=kind, expression="1/w")
    state.create_equation(EquationState(level="school", weighting=kind, **{kind: "v"}))
    command = f"mixed y [{kind}=1/w] || school:, {kind}(v)"
    assert state.to_command() == command
    other = MixedState()
    other.load_command(command)
    assert (other.form.weight, other.form.equations) == (state.form.weight, state.form.equations)


SAMPLES = {
    OptionKind.FLAG: "{name}",
    OptionKind.INTEGER: "{name}(7)",
    OptionKind.REAL: "{name}(11.5)",
    OptionKind.FORMAT: "{name}(%5.3f)",
    OptionKind.NUMBERS: "{name}(1/3 5)",
    OptionKind.EXPRESSION: "{name}(1/w)",
    OptionKind.VARIABLE: "{name}(g)",
}
TEXTS = {"residuals": "ar 1, t(week)", "dfmethod": "kroger, oim", "vce": "cluster g", "technique": "bfgs 10 nr"}


def commands_of(decl):
    """Yield a command for each thing that an option may say."""
    if decl.name in TEXTS:
        words = [f"{decl.name}({TEXTS[decl.name]})"]
    elif decl.choices:
        words = [f"{decl.name}({choice.word})" for choice in decl.choices]
    else:
        words = [SAMPLES[decl.kind].format(name=decl.name)]
    for word in words:
        yield f"mixed y x, {word} || a: || b: z" if decl.scope is Scope.FIXED else f"mixed y x || a: || b: z, {word}"


@pytest.mark.parametrize("command", [text for decl in MIXED.options for text in commands_of(decl)])
def test_every_option_comes_back_from_the_state(command) -> None:
    state = MixedState()
    state.load_command(command)
    assert mixed_spec_from_text(form_to_text(state.form)) == mixed_spec_from_text(command)


def test_synonyms_of_vce_are_read_as_vce() -> None:
    state = MixedState()
    state.load_command("mixed y || school:, cluster(g)")
    assert (state.form.vce.kind, state.form.vce.cluster) == ("cluster", "g")
    state.load_command("mixed y || school:, robust")
    assert state.to_command() == "mixed y || school:, vce(robust)"


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


NAMES = st.sampled_from(["y", "x", "week", "school", "z1"])
TERMS = st.lists(st.sampled_from(["x", "i.week", "c.x#c.x", "i.week##c.x", "w*", "x-z1"]), max_size=3).map(" ".join)
EQUATIONS = st.builds(
    EquationState,
    level=st.sampled_from(["school", "class_id", ""]),
    crossed=st.booleans(),
    factor=NAMES,
    indepvars=TERMS,
    noconstant=st.booleans(),
    covariance=st.sampled_from([None, *CovarianceKind]),
    collinear=st.booleans(),
    weighting=st.sampled_from(["", "fweight", "pweight"]),
    fweight=st.sampled_from(["", "", "w"]),
)
RESIDUALS = st.builds(
    ResidualsState,
    on=st.booleans(),
    kind=st.sampled_from(
        [
            "independent",
            "exchangeable",
            "ar",
            "ma",
            "unstructured",
            "banded",
            "toeplitz",
            "exponential",
            "hexchangeable",
            "har",
        ]
    ),
    order=st.sampled_from(["", "Full", "1", "2"]),
    by=st.sampled_from(["", "g"]),
    t=st.sampled_from(["", "week"]),
)
DF = st.builds(DfState, on=st.booleans(), method=st.sampled_from(["residual", "anova", "kroger"]), oim=st.booleans())
VCE = st.builds(VceState, kind=st.sampled_from(["", "oim", "robust", "cluster"]), cluster=st.just("g"))
WEIGHT = st.builds(
    WeightState, kind=st.sampled_from(["", "fweight", "pweight"]), expression=st.sampled_from(["", "1/w"])
)
FLAGS = st.sampled_from(["noheader", "nogroup", "noretable", "stddeviations", "nolog"]).map(lambda name: (name, None))
VALUES = st.sampled_from([("level", "90"), ("emiterate", "5"), ("tolerance", "1e-8"), ("cformat", "%9.3f")])
OPTIONS = st.lists(FLAGS | VALUES, unique_by=lambda item: item[0], max_size=4).map(
    lambda items: OptionValues(tuple(items))
)
FORMS = st.builds(
    MixedForm,
    depvar=NAMES,
    indepvars=TERMS,
    noconstant=st.booleans(),
    if_=st.sampled_from(["", "x > 1", "x==2 & week<3", "!missing(x)"]),
    in_from=st.sampled_from(["", "1", "f", "-5"]),
    in_to=st.sampled_from(["", "l", "7"]),
    method=st.sampled_from(list(Method)),
    equations=st.lists(EQUATIONS, max_size=3).map(tuple),
    residuals=RESIDUALS,
    df=DF,
    vce=VCE,
    weight=WEIGHT,
    options=OPTIONS,
)


@settings(deadline=None)
@given(FORMS)
def test_state_to_command_to_state(form) -> None:
    command = MixedState(form).to_command()
    other = MixedState()
    other.load_command(command)
    assert other.to_command() == command
    assert print_mixed(other.to_spec()) == command
    assert len(other.form.equations) == len(form.equations)
    assert other.form.method is form.method


def test_the_state_imports_no_qt() -> None:
    code = (
        "import sys, mixedgui.state.mixed_state, mixedgui.state.command_state, mixedgui.state.predict_state;"
        "sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
