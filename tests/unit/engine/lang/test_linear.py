"""Linear equations between coefficients."""

from __future__ import annotations

import pytest

from engine.errors import StataError
from engine.lang.linear import LinearEquation, LinearTerm, parse_equations


def term(factor, name, equation=""):
    return LinearTerm(factor, name, equation)


@pytest.mark.parametrize(
    ("text", "terms", "value"),
    [
        ("private + emp = 1", [term(1, "private"), term(1, "emp")], 1),
        ("x = y", [term(1, "x"), term(-1, "y")], 0),
        ("-x = 2", [term(-1, "x")], 2),
        ("2*x - y/4 = .5", [term(2, "x"), term(-0.25, "y")], 0.5),
        ("2*(x - 3) = y + 1", [term(2, "x"), term(-1, "y")], 7),
        ("[y]x1 - [y] x2 = 0", [term(1, "x1", "y"), term(-1, "x2", "y")], 0),
        ("_b[x]=_b[y:z]", [term(1, "x"), term(-1, "z", "y")], 0),
        ("2.program#4.day = 1.a#c.ses", [term(1, "2.program#4.day"), term(-1, "1.a#c.ses")], 0),
        ("1e-3*x + x = 0", [term(1.001, "x")], 0),
        ("_cons = 19", [term(1, "_cons")], 19),
        ("x*3 = 1", [term(3, "x")], 1),
        ("x - -y = 0", [term(1, "x"), term(1, "y")], 0),
    ],
)
def test_equations_are_read_as_sums_of_coefficients(text, terms, value):
    (found,) = parse_equations(text)
    assert [(t.name, t.equation) for t in found.terms] == [(t.name, t.equation) for t in terms]
    assert [t.factor for t in found.terms] == pytest.approx([t.factor for t in terms])
    assert found.value == pytest.approx(value)


def test_a_list_of_names_is_one_equation_each():
    assert parse_equations("x [y]z 2.a") == (
        LinearEquation((term(1.0, "x"),), 0.0),
        LinearEquation((term(1.0, "z", "y"),), 0.0),
        LinearEquation((term(1.0, "2.a"),), 0.0),
    )


@pytest.mark.parametrize(
    "text",
    ["", "=", "x =", "= 1", "x = y = z", "x == 1", "x*y = 1", "x/y = 1", "x/0 = 1", "(x = 1", "x) = 1", "x = 1 2",
     "1 = 1", "x - x = 0", "x + * y = 1", "log(x) = 1", "x, y", "_b[ = 1"],
)  # fmt: skip
def test_what_is_not_linear_or_not_readable_is_refused_with_an_example(text):
    with pytest.raises(StataError) as error:
        parse_equations(text)
    assert error.value.rc == 198
    assert "constraint" in error.value.message
