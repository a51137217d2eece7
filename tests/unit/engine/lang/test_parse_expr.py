"""Expressions: order of evaluation, atoms, and errors with their place ([U] 13)."""

from __future__ import annotations

import pytest

from engine.errors import StataError
from engine.lang.expr import Binary, Call, Missing, Name, Number, Stored, String, Subscript, TimeSeries, Unary
from engine.lang.parse_expr import parse_expression
from engine.lang.printer import print_expression

a, b, c, x = Name("a"), Name("b"), Name("c"), Name("x")


def num(text):
    return Number(float(text), text)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("-2^2", Unary("-", Binary("^", num("2"), num("2")))),
        ("2^-2", Binary("^", num("2"), Unary("-", num("2")))),
        ("a^b^c", Binary("^", Binary("^", a, b), c)),
        ("!a^b", Binary("^", Unary("!", a), b)),
        ("-a*b", Binary("*", Unary("-", a), b)),
        ("a*b/c", Binary("*", a, Binary("/", b, c))),
        ("a+b-c", Binary("+", a, Binary("-", b, c))),
        ("a-b-c", Binary("-", Binary("-", a, b), c)),
        ("a+b==c", Binary("==", Binary("+", a, b), c)),
        ("a | b & c", Binary("|", a, Binary("&", b, c))),
        ("a==b & c~=x", Binary("&", Binary("==", a, b), Binary("!=", c, x))),
        ("~a", Unary("!", a)),
        ("(a|b)&c", Binary("&", Binary("|", a, b), c)),
        ("--a", Unary("-", Unary("-", a))),
        ("a - -b", Binary("-", a, Unary("-", b))),
    ],
)
def test_operators_bind_in_the_order_of_the_manual(text, tree):
    assert parse_expression(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1.5e-3", num("1.5e-3")),
        (".5", num(".5")),
        ("2.e3", num("2.e3")),
        (".", Missing("")),
        (".z", Missing("z")),
        ('"pig"', String("pig")),
        ('`"a "b" c"\'', String('a "b" c')),
        ("x[_n-1]", Subscript("x", Binary("-", Name("_n"), num("1")))),
        ("L2.x", TimeSeries("L2", "x")),
        ("ld2ls12d.x", TimeSeries("L2D3S12", "x")),
        ("L0.x", x),
        ("r(mean)", Stored("r", "mean")),
        ("e(N)", Stored("e", "N")),
        ("_b[2.program#4.day]", Stored("_b", "2.program#4.day")),
        ("_b[weight: week]", Stored("_b", "weight:week")),
        ("_se[week]", Stored("_se", "week")),
        ("[weight]week", Stored("_b", "weight:week")),
        ("[weight]1.girl#c.age", Stored("_b", "weight:1.girl#c.age")),
        ("[weight]_se[week]", Stored("_se", "weight:week")),
        ("inlist(x, 1, 2)", Call("inlist", (x, num("1"), num("2")))),
        ("runiform()", Call("runiform", ())),
        ("td(01jan2000)", Call("td", (String("01jan2000"),))),
    ],
)
def test_atoms_are_read(text, tree):
    assert parse_expression(text) == tree


@pytest.mark.parametrize(
    ("text", "rc", "typed", "words"),
    [
        ("x=1", 198, "=", "=="),
        ("x y", 198, "y", "operator"),
        ("x && y", 198, "&", "write &"),
        ("x || y", 198, "||", "write |"),
        ("x if y", 198, "if", "not expected"),
        ("2 +", 198, "+", "not finished"),
        ("1x", 198, "1x", "invalid name"),
        ("max(1,)", 198, ",", "argument"),
        ("sqr(x)", 133, "sqr", "did you mean sqrt()?"),
        ("foo(x)", 133, "foo", "unknown function foo()"),
        ("(x", 132, "(", "too few"),
        ("x)", 132, ")", "too many"),
        ("x[1)", 132, ")", "too many"),
        ('"pig', 132, '"pig', "quotes"),
        ("1.foreign", 101, "1.foreign", "foreign==1"),
        ("i.foreign", 101, "i.foreign", "factor-variable operators not allowed"),
        ("1e999", 198, "1e999", "too large"),
        ("a" * 33, 198, "a" * 33, "32"),
        ("x + 1 x", 198, "x", "operator"),
        ("max(1 2)", 198, "2", "operator"),
        ("r()", 198, "(", "stored result"),
        ("_b[]", 198, "[]", "a name is missing"),
        ("[weight]", 198, "[weight]", "coefficient is missing"),
        ("td(1/2/2000)", 198, "1/2/2000", "td(01jan2000)"),
        ("x + if", 198, "if", "not expected"),
        ("x[1", 132, "[", "too few"),
    ],
)
def test_mistakes_are_named_and_located(text, rc, typed, words):
    with pytest.raises(StataError) as caught:
        parse_expression(text)
    assert caught.value.rc == rc
    assert words in caught.value.message
    assert text[slice(*caught.value.span)] == typed


def test_an_offset_moves_spans_of_trees_and_errors():
    assert parse_expression("a+b", 10).right.span == (12, 13)
    with pytest.raises(StataError) as caught:
        parse_expression("a+b)", 10)
    assert caught.value.span == (13, 14)


def test_a_bracketed_part_spans_its_brackets():
    assert parse_expression("2*(a + b)").right.span == (2, 9)


def test_nothing_is_not_an_expression():
    with pytest.raises(StataError, match="missing") as caught:
        parse_expression("  ")
    assert caught.value.rc == 198


def test_deep_nesting_is_refused_with_a_message():
    for text in ("(" * 500 + "x" + ")" * 500, "-" * 2000 + "x", "x" + "+x" * 3000):
        with pytest.raises(StataError, match="too long") as caught:
            parse_expression(text)
        assert caught.value.rc == 130


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("a+b", "a + b"),
        ("( a )+ (b*c)", "a + b*c"),
        ("(a+b)*c", "(a + b)*c"),
        ("a-(b-c)", "a - (b - c)"),
        ("(-2)^2", "(-2)^2"),
        ("-(2^2)", "-2^2"),
        ("a/(b/c)", "a/(b/c)"),
        ("~missing(x)&(a==1)", "!missing(x) & a==1"),
        ("2^(-(3^2))", "2^-(3^2)"),
        ("l1.x", "L.x"),
        ("[weight]week", "_b[weight:week]"),
    ],
)
def test_printing_is_canonical(text, canonical):
    assert print_expression(parse_expression(text)) == canonical
