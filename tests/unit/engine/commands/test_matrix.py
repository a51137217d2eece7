"""Matrices: expressions, elements, names, lists, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session


@pytest.fixture
def session():
    rng = np.random.default_rng(3)
    x = rng.normal(size=50)
    return Session(data=pd.DataFrame({"x": x, "z": rng.normal(size=50), "y": 1 + x + rng.normal(size=50)}))


def matrix(session, name):
    return session.matrices[name].values


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("(1,2\\3,4)", [[1, 2], [3, 4]]),
        ("A'", [[1, 3], [2, 4]]),
        ("A*A", [[7, 10], [15, 22]]),
        ("A + A' - A", [[1, 3], [2, 4]]),
        ("-A*2", [[-2, -4], [-6, -8]]),
        ("A/2", [[0.5, 1], [1.5, 2]]),
        ("inv(A)", [[-2, 1], [1.5, -0.5]]),
        ("I(2)", [[1, 0], [0, 1]]),
        ("J(1,3,2^3)", [[8, 8, 8]]),
        ("diag((1,2))", [[1, 0], [0, 2]]),
        ("vecdiag(A)", [[1, 4]]),
        ("A[1..2,2]", [[2], [4]]),
        ("A[2...,1...]", [[3, 4]]),
        ("A , (5\\6)", [[1, 2, 5], [3, 4, 6]]),
        ("A \\ (5,6)", [[1, 2], [3, 4], [5, 6]]),
        ("A[2,1]*A", [[3, 6], [9, 12]]),
        ("(det(A), trace(A), rowsof(A))", [[-2, 5, 2]]),
        ("hadamard(A,A)", [[1, 4], [9, 16]]),
        ("A # I(2)", np.kron([[1, 2], [3, 4]], np.eye(2))),
        ("vec(A)", [[1], [3], [2], [4]]),
        ("(sqrt(4), -2^2, sc)", [[2, -4, 7]]),
        ("nullmat(nothing) \\ (1,2)", [[1, 2]]),
        ("invvech(vech((4,1\\1,3)))", [[4, 1], [1, 3]]),
    ],
)
def test_a_matrix_expression_has_this_value(session, expression, expected):
    session.run("matrix A = (1,2\\3,4)\nscalar sc = 7")
    outcome = session.run(f"matrix B = {expression}")
    assert outcome.rc == 0, outcome.text
    assert np.allclose(matrix(session, "B"), expected, rtol=1e-14, atol=1e-14)


def test_ols_by_matrices_is_regress(session):
    session.run("quietly regress y x z\nmatrix b = e(b)\nmatrix V = e(V)\nmkmat x z, matrix(X)\nmkmat y, matrix(Y)")
    session.run("matrix X = X, J(50,1,1)\nmatrix B = (invsym(X'*X)*X'*Y)'")
    assert np.allclose(matrix(session, "B"), matrix(session, "b"), rtol=1e-12)
    assert session.run("display reldif(b[1,2], _b[z]) < 1e-15 & sqrt(V[1,1]) == _se[x]").text == "1\n"


def test_elements_by_place_and_by_name(session):
    session.run("quietly regress y x z")
    shown = session.run('display e(b)[1,"z"] - _b[z] " " r(table)["se","x"] - _se[x] " " e(V)[9,1]').text
    assert shown == "0 0 .\n"
    assert session.run('display colnumb(e(b),"_cons") rowsof(e(V)) el(e(b),1,1)-_b[x]').text == "330\n"


def test_elements_fill_a_variable(session):
    session.run("matrix A = (10\\20\\30)\ngenerate a = A[_n,1]")
    assert session.data.numeric("a")[:3].tolist() == [10, 20, 30]
    assert session.run("count if missing(a)").text.strip() == "47"


def test_a_swept_out_column_is_zero_in_the_symmetric_inverse(session):
    session.run("matrix A = (2,2\\2,2)\nmatrix B = invsym(A)")
    assert matrix(session, "B").tolist() == [[0.5, 0], [0, 0]]


def test_names_follow_the_operands(session):
    session.run("matrix A = (1,2\\3,4)\nmatrix rownames A = a b\nmatrix colnames A = u eq:v\nmatrix B = A'*A")
    made = session.matrices["B"]
    assert (made.rows, made.cols) == (("u", "eq:v"), ("u", "eq:v"))
    session.run("matrix coleq A = one two")
    assert session.matrices["A"].cols == ("one:u", "two:v")
    assert session.run("display \"`: colnames A' | `: coleq A' | `: rowfullnames A'\"").text == "u v | one two | a b\n"


def test_a_matrix_is_listed_as_stata_does(session):
    session.run("matrix A = (4,1\\1,3)\nmatrix rownames A = x y\nmatrix colnames A = x y")
    assert session.run("matrix list A").text == (
        "\nsymmetric A[2,2]\n            x           y\nx           4\ny           1           3\n"
    )
    assert "1.00" in session.run("matrix list A, format(%5.2f) nohalf noheader").text
    assert session.run("matrix list A+A").text.splitlines()[-1].split() == ["y", "2", "6"]
    assert "A[2,2]" in session.run("matrix dir").text


def test_parts_are_put_in_place(session):
    session.run("matrix A = J(2,2,0)\nmatrix A[1,2] = 5\nmatrix A[2,1] = (7,8)")
    assert matrix(session, "A").tolist() == [[0, 5], [7, 8]]


def test_eigenvalues_and_singular_values(session):
    session.run("matrix A = (2,1\\1,2)\nmatrix symeigen X v = A\nmatrix svd U w V = A\nmatrix R = X*diag(v)*X' - A")
    assert np.allclose(matrix(session, "v"), [[3, 1]])
    assert np.allclose(matrix(session, "w"), [[3, 1]])
    assert np.abs(matrix(session, "R")).max() < 1e-14


def test_matrices_to_variables_and_back(session):
    session.run("matrix A = (1,2\\3,4)\nmatrix colnames A = p q\nsvmat A, names(col)\nmkmat p q in 1/2, matrix(B)")
    assert matrix(session, "B").tolist() == [[1, 2], [3, 4]]
    session.run("svmat A")
    assert session.data.numeric("A2")[:2].tolist() == [2, 4]


def test_matrices_go(session):
    session.run("matrix A = I(2)\nmatrix B = I(3)\nmatrix drop A\nmatrix rename B C")
    assert list(session.matrices) == ["C"]
    session.run("matrix drop _all")
    assert session.matrices == {}


def test_a_temporary_matrix_goes_with_its_program(session):
    session.run("program define t\ntempname M\nmatrix `M' = I(2)\nmatrix K = `M'*2\nend\nt")
    assert list(session.matrices) == ["K"]


@pytest.mark.parametrize(
    ("line", "rc", "says"),
    [
        ("matrix B = A*(1,2,3)", 503, "conformability"),
        ("matrix B = A + (1,2,3)", 503, "2 x 2"),
        ("matrix B = (1,2\\3)", 503, "conformability"),
        ("matrix B = nothing", 111, "nothing not found"),
        ("matrix list nothing", 111, "nothing not found"),
        ("matrix B = inv(J(2,2,1))", 498, "singular"),
        ("matrix B = cholesky((1,2\\2,1))", 506, "positive definite"),
        ("matrix B = invsym(A)", 505, "symmetric"),
        ("matrix B = inv(J(2,2,.))", 504, "missing"),
        ("matrix B = I(1000000)", 915, "allocate"),
        ("matrix B = J(2,-1,0)", 503, "conformability"),
        ("matrix B = (1,", 132, "few"),
        ("matrix B = foo(A)", 133, "foo"),
        ("matrix B = A[3,1]", 503, "row 3"),
        ('matrix B = "text"', 198, "not expected"),
        ("matrix B", 198, "NAME = EXPRESSION"),
        ("matrix 1B = A", 198, "invalid name"),
        ("matrix A[5,5] = 1", 503, "2 x 2"),
        ("matrix drop nothing", 111, "nothing not found"),
        ("matrix rownames A = a b c", 503, "3 names"),
        ("matrix accum B = x y", 198, "not available"),
        ("display nothing[1,2]", 111, "matrix nothing not found"),
        ("display rowsof(3)", 198, "name of a matrix"),
        ("display r(table)[1]", 198, "[row, column]"),
        ("mkmat nothing, matrix(A)", 111, "not found"),
        ("svmat nothing", 111, "not found"),
    ],
)
def test_what_is_no_matrix_is_refused_with_its_place(session, line, rc, says):
    session.run("matrix A = (1,2\\3,4)")
    outcome = session.run(line)
    assert outcome.rc == rc
    assert says in outcome.error.message
    assert outcome.error.span is not None


@pytest.mark.parametrize(
    ("line", "rc"),
    [
        ("confirm matrix A", 0),
        ("confirm matrix B", 111),
        ("confirm matrix e(b)", 111),
        ("confirm new matrix A", 110),
        ("confirm scalar sc", 0),
        ("confirm scalar no", 111),
        ("confirm integer number 3", 0),
        ("confirm integer number 3.5", 7),
    ],
)
def test_confirm_knows_matrices_and_scalars(session, line, rc):
    session.run("matrix A = (1,2)\nscalar sc = 1")
    assert session.run(line).rc == rc
