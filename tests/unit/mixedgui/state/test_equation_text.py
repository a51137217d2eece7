"""A model written as an equation, without Qt."""

import numpy as np
import pandas as pd
import pytest

from engine.api import Dataset, Session, mixed_spec_from_text
from mixedgui.state.equation_estimates import FitNumbers, number, same_model
from mixedgui.state.equation_pieces import Role, plain_text
from mixedgui.state.equation_text import equation_of

NAMES = "weight week id girl age gsp hwy emp region state x1 x2 perform teach_id student_id a b"


@pytest.fixture(scope="module")
def data() -> Dataset:
    return Dataset.from_pandas(pd.DataFrame({name: np.arange(4.0) for name in NAMES.split()}))


def equation(command, data):
    return equation_of(mixed_spec_from_text(command), data)


@pytest.mark.parametrize(
    ("command", "combined"),
    [
        ("mixed weight", "weight = β_0 + ε"),
        ("mixed weight week || id:", "weight = β_0 + β_1 week + u_id + ε"),
        ("mixed weight week || id: week", "weight = β_0 + β_1 week + u_{0,id} + u_{1,id} week + ε"),
        ("mixed weight week, noconstant || id: week, noconstant", "weight = β_1 week + u_{1,id} week + ε"),
        ("mixed perform x? || teach_id: || student_id:",
         "perform = β_0 + β_1 x1 + β_2 x2 + u_teach + u_student + ε"),
        ("mixed weight i.girl##c.age c.age#c.age || id: age",
         "weight = β_0 + β_1 i.girl + β_2 age + β_3 i.girl × age + β_4 age^2 + u_{0,id} + u_{2,id} age + ε"),
        ("mixed gsp hwy || region: hwy emp, cov(id) || region: || state:",
         "gsp = β_0 + β_1 hwy + u_{0,region} + u_{1,region} hwy + u_{2,region} emp + u_state + ε"),
        ("mixed weight week || _all: R.a || b:", "weight = β_0 + β_1 week + u_a + u_b + ε"),
        ("mixed weight week || id: R.week", "weight = β_0 + β_1 week + u_{week(id)} + ε"),
        ("mixed weight || _all: week", "weight = β_0 + u_{0,all} + u_{1,all} week + ε"),
        ("mixed weight 1.girl || id:", "weight = β_0 + β_1 1.girl + u_id + ε"),
    ],
)  # fmt: skip
def test_the_combined_line(data, command, combined) -> None:
    assert plain_text(equation(command, data).combined) == combined


def rows(command, data):
    return [(row.title, [plain_text(line) for line in row.lines], row.note) for row in equation(command, data).levels]


def test_level_by_level_a_coefficient_is_the_outer_one_plus_its_effect(data) -> None:
    assert rows("mixed gsp hwy || region: hwy, cov(un) || state: hwy", data) == [
        ("observations", ["gsp = b_0 + b_1 hwy + ε"], "ε independent"),
        ("state", ["b_0 = b_{0,region} + u_{0,state}", "b_1 = b_{1,region} + u_{1,state}"], "independent"),
        ("region", ["b_{0,region} = β_0 + u_{0,region}", "b_{1,region} = β_1 + u_{1,region}"], "unstructured"),
    ]


def test_a_slope_that_is_not_fixed_is_its_effect_alone(data) -> None:
    assert rows("mixed gsp || state: emp, nocons", data)[1] == ("state", ["b_1 = u_{1,state}"], "")


def test_crossed_effects_are_added_to_each_observation(data) -> None:
    assert rows("mixed weight || _all: R.a || b:", data) == [
        ("observations", ["weight = b_0 + u_a + ε"], "ε independent"),
        ("b", ["b_0 = β_0 + u_b"], ""),
        ("a (crossed)", ["u_a"], "one effect per value"),
    ]


def test_two_structures_at_one_level_are_told_apart(data) -> None:
    notes = rows("mixed gsp hwy emp || region: hwy emp, cov(id) || region:", data)[1][2]
    assert notes == "hwy, emp: identity"


def test_the_residuals_are_said(data) -> None:
    row = rows("mixed weight week || id:, residuals(ar 2, t(week) by(girl))", data)[0]
    assert row[2] == "ε autoregressive of order 2 over week, by girl"


def test_symbols_for_several_coefficients_are_marked_and_effects_have_their_role(data) -> None:
    line = equation("mixed weight i.girl week || id: i.girl", data).combined
    assert [piece.sub for piece in line if piece.many] == ["1", "1,id"]
    assert [piece.text for piece in line if piece.role is Role.RANDOM] == ["u", "u"]


def test_names_without_data_stand_as_typed() -> None:
    assert plain_text(equation("mixed foo bar##baz || q: z*", Dataset()).combined) == (
        "foo = β_0 + β_1 bar##baz + u_{0,q} + u_{2,q} z* + ε"
    )


@pytest.mark.parametrize(
    ("command", "shape", "spread"),
    [
        (
            "mixed mathach i.sector##c.ses || id: ses, cov(un)",
            "mathach = # + # 1.sector + # ses − # 1.sector × ses + u_{0,id} + u_{2,id} ses + ε",
            3,
        ),
        ("mixed mathach || id:, residuals(independent, by(female))", "mathach = # + u_id + ε", 1),
        ("mixed mathach ses, noconstant || id:, noconstant", "mathach = # ses + ε", 1),
    ],
)
def test_the_estimates_stand_in_the_equation_after_the_fit(data_file, command, shape, spread) -> None:
    session = Session()
    session.run(f'use "{data_file("hsb")}"')
    assert session.run(command).rc == 0
    spec = mixed_spec_from_text(command)
    assert same_model(spec, session.mixed.spec)
    equation = equation_of(spec, session.data, FitNumbers(session.mixed))
    e_b = dict(zip(session.e.matrices["b"].cols, session.e.matrices["b"].values[0], strict=True))
    order = ["_cons", "1.sector", "ses", "1.sector#c.ses"]
    for name in order:
        if f"mathach:{name}" in e_b:
            shape = shape.replace("#", number(abs(e_b[f"mathach:{name}"])), 1)
    assert plain_text(equation.combined) == shape
    assert len(equation.spread) == spread


def test_standard_deviations_are_those_of_the_fit(data_file) -> None:
    session = Session()
    session.run(f'use "{data_file("penicillin")}"')
    session.run("mixed diameter || _all: R.plate || sample:, reml")
    equation = equation_of(session.mixed.spec, session.data, FitNumbers(session.mixed))
    # lme4: lmer(diameter ~ 1 + (1|plate) + (1|sample), Penicillin): 0.8467, 1.9316, 0.5499
    assert [plain_text(line) for line in equation.spread] == [
        "u_plate ~ N(0, 0.847²)", "u_sample ~ N(0, 1.932²)", "ε ~ N(0, 0.550²)",
    ]  # fmt: skip


def test_what_is_only_shown_otherwise_is_the_same_model() -> None:
    one, two = (mixed_spec_from_text(f"mixed y x || g:{rest}") for rest in ("", ", stddeviations level(90)"))
    assert same_model(one, two)
    assert not same_model(one, mixed_spec_from_text("mixed y x || g:, reml"))
