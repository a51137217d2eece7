"""``constraint`` and ``mixed, constraints()`` ([R] constraint; [ME] mixed, *Methods and formulas*)."""

from __future__ import annotations

import numpy as np
import pytest
from outcomes import ran

from engine.api import Session

GSP = "mixed gsp private emp hwy water other unemp || region: || state:"


@pytest.fixture
def session(data_file):
    session = Session()
    session.run(f'use "{data_file("productivity")}"')
    return session


def test_constraints_are_defined_listed_and_dropped(session):
    ran(session, "constraint 1 private + emp = 1")
    ran(session, "constraint define 12 [gsp]hwy=2*water")
    assert ran(session, "constraint list").text.split("\n")[:2] == [
        "     1:  private + emp = 1",
        "    12:  [gsp]hwy=2*water",
    ]
    assert ran(session, "constraint free").r.scalars["free"] == 2
    assert ran(session, "constraint get 12").r.macros["contents"] == "[gsp]hwy=2*water"
    ran(session, "constraint drop 1")
    assert "private" not in ran(session, "constraint dir").text
    ran(session, "constraint drop _all")
    assert ran(session, "constraint list").text.strip() == ""


@pytest.mark.parametrize(
    ("text", "rc"),
    [
        ("constraint 0 private = 1", 198),
        ("constraint 2000 private = 1", 198),
        ("constraint 1", 198),
        ("constraint 1 private * emp = 1", 198),
        ("constraint 1 private == 1", 198),
        ("constraint 1 2 = 3", 198),
        ("constraint 1 private + = 1", 198),
        ("constraint drop", 198),
        ("constraint drop x", 121),
        ("constraint frob", 198),
    ],
)
def test_what_is_no_constraint_is_refused_and_underlined(session, text, rc):
    outcome = session.run(text)
    assert outcome.rc == rc
    assert outcome.error.span is not None


def test_the_list_stands_above_the_table_unless_it_is_not_wanted(session):
    ran(session, "constraint 1 private + emp = 1")
    ran(session, "constraint 2 -.5*unemp = hwy/4 - 2")
    lines = ran(session, f"{GSP}, constraints(1/2)").text.split("\n")
    place = lines.index(" ( 1)  [gsp]private + [gsp]emp = 1")
    assert lines[place + 1] == " ( 2)  -.25*[gsp]hwy - .5*[gsp]unemp = -2"
    assert set(lines[place + 2]) == {"-"}
    assert " ( 1)" not in ran(session, "mixed, nocnsreport").text


def test_estimates_meet_the_constraints_exactly_and_keep_what_follows_right(session):
    """The same model by substitution: gsp - emp on private - emp, whose coefficient is that of private."""
    ran(session, "constraint 1 private + emp = 1")
    constrained = ran(session, f"{GSP}, constraints(1)").e
    Cns = constrained.matrices["Cns"]
    assert Cns.cols[-1] == "_cons"
    assert constrained.matrices["b"].values[0] @ Cns.values[0, :-1] == pytest.approx(1.0, abs=1e-12)
    V = constrained.matrices["V"].values[:7, :7]
    assert V @ Cns.values[0, :7] == pytest.approx(np.zeros(7), abs=1e-15)
    assert constrained.scalars["df_m"] == 5
    assert constrained.scalars["rank"] == 9
    assert "chi2_c" not in constrained.scalars
    ran(session, "predict double u1 u2, reffects")
    ran(session, "predict double r, residuals")
    ran(session, "generate double y = gsp - emp")
    ran(session, "generate double x = private - emp")
    other = ran(session, "mixed y x hwy water other unemp || region: || state:").e
    assert other.scalars["ll"] == pytest.approx(constrained.scalars["ll"], rel=1e-10)
    b, c = constrained.matrices["b"].values[0], other.matrices["b"].values[0]
    assert np.append(b[0], b[2:]) == pytest.approx(c, rel=1e-6)
    ran(session, "predict double v1 v2, reffects")
    ran(session, "predict double s, residuals")
    data = session.data.to_pandas()
    assert np.allclose(data["u2"], data["v2"], atol=1e-8)
    assert np.allclose(data["r"], data["s"], atol=1e-8)


def test_reml_uses_an_orthonormal_basis_of_the_free_directions(session):
    """Under REML the value of log|X'V^-1 X| depends on the basis; T has orthonormal columns, so a zero drops one."""
    ran(session, "constraint 1 unemp = 0")
    dropped = ran(session, "mixed gsp private emp hwy water other || region: || state:, reml").e.scalars["ll"]
    assert ran(session, f"{GSP}, reml constraints(1)").e.scalars["ll"] == pytest.approx(dropped, rel=1e-12)


def test_a_list_of_names_sets_coefficients_to_zero_and_redundant_ones_go(session):
    ran(session, "constraint 1 unemp _cons")
    ran(session, "constraint 2 unemp = 0")
    e = ran(session, f"{GSP}, constraints(1 2)").e
    assert len(e.matrices["Cns"].rows) == 2
    assert e.matrices["b"].values[0][[5, 6]] == pytest.approx([0.0, 0.0], abs=1e-12)


@pytest.mark.parametrize(
    ("constraints", "rc", "words"),
    [
        (("1 private = 1", "2 private = 2"), 412, "contradict"),
        (("1 speed = 1",), 111, "speed"),
        (("1 [other]private = 1",), 111, "equation"),
    ],
)
def test_constraints_that_do_not_fit_the_model_are_refused(session, constraints, rc, words):
    for text in constraints:
        ran(session, f"constraint {text}")
    outcome = session.run(f"{GSP}, constraints(1/{len(constraints)})")
    assert outcome.rc == rc
    assert words in outcome.text


def test_an_undefined_number_and_anova_degrees_of_freedom_are_refused(session):
    assert session.run(f"{GSP}, constraints(7)").rc == 111
    ran(session, "constraint 1 unemp = 0")
    assert session.run(f"{GSP}, constraints(1) dfmethod(anova)").rc == 198


def test_factor_levels_take_part_with_or_without_their_marks(data_file):
    session = Session()
    session.run(f'use "{data_file("hsb")}"')
    ran(session, "constraint 1 1.sector#c.ses = -1*[mathach]ses")
    ran(session, "constraint 2 _b[1.sector] = 2")
    e = ran(session, "mixed mathach c.ses##i.sector || id:, constraints(1 2)").e
    b = dict(zip(e.matrices["b"].cols, e.matrices["b"].values[0], strict=True))
    assert b["mathach:1.sector"] == pytest.approx(2.0)
    assert b["mathach:1.sector#c.ses"] == pytest.approx(-b["mathach:ses"])


def test_a_coefficient_that_is_fixed_at_a_number_shows_that_number_only(session):
    ran(session, "constraint 1 unemp = 0")
    ran(session, "constraint 2 private = .25")
    lines = ran(session, f"{GSP}, constraints(1 2)").text.split("\n")
    assert "     private |        .25  (constrained)" in lines
    assert "       unemp |          0  (constrained)" in lines
    assert "_b[gsp:unemp]" in ran(session, "mixed, coeflegend").text
