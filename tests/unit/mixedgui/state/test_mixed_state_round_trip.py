"""Whatever the state of the mixed dialog holds is written as a command and read back, part by part and at random."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.api import MIXED, CovarianceKind, Method, OptionKind, Scope, mixed_spec_from_text, print_mixed
from mixedgui.state.equation_state import EquationState
from mixedgui.state.mixed_form import MixedForm, form_to_text
from mixedgui.state.mixed_state import MixedState
from mixedgui.state.model_parts import DfState, ResidualsState, VceState, WeightState
from mixedgui.state.option_values import OptionValues

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
