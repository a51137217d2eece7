"""Expressions. Expected values of functions come from the manual's descriptions and plain arithmetic."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.data.dataset import Dataset, Variable
from engine.data.missing import MISSING, missing_value
from engine.errors import StataError
from engine.frame.evaluate import evaluate, evaluate_scalar
from engine.frame.functions import FUNCTIONS
from engine.lang.functions import FUNCTIONS as NAMES
from engine.lang.parse_expr import parse_expression


def sample() -> Dataset:
    data = Dataset().with_variable(
        Variable("x", "double", "%9.0g"), np.array([1.0, -2.0, MISSING, missing_value("a"), 2.5])
    )
    data = data.with_variable(Variable("f", "float", "%9.0g"), np.array([0.1, 0.2, 0.3, 0.4, 0.5], dtype=np.float32))
    data = data.with_variable(
        Variable("name", "str5", "%9s"), np.array(["ann", "Bob", "", "carl", "d e"], dtype=object)
    )
    return data.with_variable(Variable("female", "byte", "%8.0g"), np.array([1, 0, 1, 101, 0], dtype=np.int8))


DATA = sample()


def value(text: str) -> list[float | str]:
    return evaluate(parse_expression(text), DATA).tolist()


def scalar(text: str) -> float | str:
    return evaluate_scalar(parse_expression(text), DATA)


def error(text: str) -> StataError:
    with pytest.raises(StataError) as caught:
        value(text)
    return caught.value


def test_arithmetic_with_missing_gives_missing_and_forgets_the_letter() -> None:
    assert value("x + 1") == [2.0, -1.0, MISSING, MISSING, 3.5]
    assert value("-x")[3] == MISSING


def test_missing_is_larger_than_every_number_and_ordered_by_its_letter() -> None:
    assert value("x > 1e300") == [0, 0, 1, 1, 0]
    assert value("x >= .a") == [0, 0, 0, 1, 0]
    assert scalar(". < .a") == 1.0
    assert scalar(".z > .y") == 1.0
    assert value("x == .") == [0, 0, 1, 0, 0]


def test_a_missing_value_counts_as_true() -> None:
    assert value("x & 1") == [1, 1, 1, 1, 1]
    assert value("!x") == [0, 0, 0, 0, 0]
    assert value("!female") == [0, 1, 0, 0, 1]
    assert value("female | 0") == [1, 0, 1, 1, 0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("-2^2", -4.0), ("2^3^2", 64.0), ("1-2-3", -4.0), ("7/2*2", 7.0), ("1+1==2", 1.0), ("1|0&0", 1.0)],
)
def test_operators_bind_as_in_the_manual(text: str, expected: float) -> None:
    assert scalar(text) == expected


@pytest.mark.parametrize("text", ["1/0", "0/0", "log(0)", "sqrt(-1)", "(-8)^.5", "1e300*1e300", "exp(1000)", "log(-1)"])
def test_what_has_no_value_is_missing(text: str) -> None:
    assert scalar(text) == MISSING


def test_a_float_variable_is_compared_in_double_precision() -> None:
    assert value("f == 0.1") == [0, 0, 0, 0, 0]
    assert value("f == float(0.1)")[0] == 1


def test_text_is_joined_and_compared_by_code() -> None:
    assert value('name + "!"') == ["ann!", "Bob!", "!", "carl!", "d e!"]
    assert value('name < "a"') == [0, 1, 1, 0, 0]
    assert value('name == "ann"') == [1, 0, 0, 0, 0]
    assert value('name != ""') == [1, 1, 0, 1, 1]


def test_text_and_numbers_do_not_mix() -> None:
    for text in (
        "name + 1",
        "name == 1",
        "-name",
        "log(name)",
        "x[name]",
        "length(x)",
        'inlist(x, "a")',
        "name & 1",
        'cond(1, "a", 2)',
        "name*name",
    ):
        assert error(text).rc == 109, text


def test_row_numbers_and_their_total() -> None:
    assert value("_n/_N") == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert scalar("_pi") == math.pi


def test_subscripts_reach_other_rows_and_nothing_beyond() -> None:
    assert value("f[_n-1]")[0] == MISSING
    assert value("f[_n-1]")[1:] == value("f")[:-1]
    assert value("name[_n+1]") == ["Bob", "", "carl", "d e", ""]
    assert value("x[1]") == [1.0] * 5
    assert value("x[99]") == [MISSING] * 5
    assert value("x[x]")[2] == MISSING


def test_names_may_be_abbreviated_and_unknown_ones_are_named() -> None:
    assert value("fem")[0] == 1
    wrong = error("femle > 1")
    assert (wrong.rc, wrong.span) == (111, (0, 5))
    assert "did you mean female?" in wrong.message


def test_stored_results_come_through_the_lookup() -> None:
    def lookup(node: object) -> float | str | np.ndarray | None:
        known = {
            ("r", "mean"): 4.0,
            ("e", "cmd"): "mixed",
            ("_b", "x"): 2.0,
            ("e", "sample"): np.array([1, 0, 1, 0, 0]),
        }
        return known.get((getattr(node, "kind", ""), getattr(node, "name", "")))

    tree = parse_expression('r(mean) + _b[x] + (e(cmd) == "mixed")')
    assert evaluate(tree, DATA, lookup=lookup).tolist() == [7.0] * 5
    assert evaluate(parse_expression("e(sample) & f"), DATA, lookup=lookup).tolist() == [1, 0, 1, 0, 0]
    assert evaluate(parse_expression("r(nothing)"), DATA, lookup=lookup).tolist() == [MISSING] * 5
    with pytest.raises(StataError) as caught:
        evaluate(parse_expression("_b[z]"), DATA, lookup=lookup)
    assert caught.value.rc == 111


def test_time_series_operators_need_a_time_variable() -> None:
    assert error("L.x").rc == 111
    assert error("L.x").message.startswith("time variable not set; use tsset")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abs(-2)", 2.0), ("ceil(1.2)", 2.0), ("floor(-1.2)", -2.0), ("int(-1.7)", -1.0), ("round(2.5)", 3.0),
        ("round(-2.5)", -2.0), ("round(1.26, .1)", 1.3), ("sign(-3)", -1.0), ("sqrt(16)", 4.0), ("exp(0)", 1.0),
        ("ln(1)", 0.0), ("log10(1000)", 3.0), ("mod(7, 3)", 1.0), ("mod(-7, 3)", 2.0), ("max(1, ., 3)", 3.0),
        ("min(., 2)", 2.0), ("max(., .)", MISSING), ("missing(1, .)", 1.0), ('missing("")', 1.0), ("mi(0)", 0.0),
        ("inlist(2, 1, 2)", 1.0), ('inlist("b", "a", "b")', 1.0), ("inrange(5, 1, 10)", 1.0),
        ("inrange(., 1, 10)", 0.0),
        ("inrange(5, ., 10)", 1.0), ("inrange(5, 1, .)", 1.0), ('inrange("b", "a", "c")', 1.0), ("cond(1, 2, 3)", 2.0),
        ("cond(0, 2, 3)", 3.0), ("cond(., 2, 3)", 2.0), ("cond(., 2, 3, 4)", 4.0), ("clip(5, 1, 3)", 3.0),
        ("clip(5, 1, .)", 5.0), ("clip(., 1, 3)", MISSING), ("clip(2, 3, 1)", MISSING), ("irecode(3, 0, 2, 4)", 2.0),
        ("irecode(9, 0, 2, 4)", 3.0), ("autocode(1.5, 4, 0, 8)", 2.0), ("recode(3, 1, 2, 4)", 4.0),
        ("comb(5, 2)", 10.0), ("lnfactorial(3)", math.log(6)), ("trunc(2.9)", 2.0), ("atanh(0)", 0.0),
        ("invlogit(0)", 0.5), ("logit(.5)", 0.0), ("int(.a)", missing_value("a")), ("tanh(0)", 0.0),
        ("normal(0)", 0.5), ("normalden(0)", 1 / math.sqrt(2 * math.pi)), ("invnormal(.975)", 1.9599639845400545),
        ("normalden(3, 3, 2)", 0.5 / math.sqrt(2 * math.pi)), ("normalden(0, 2)", 0.5 / math.sqrt(2 * math.pi)),
        ("t(5, 0)", 0.5), ("ttail(1, 1)", 0.25), ("invttail(1, .25)", 1.0), ("invt(1, .75)", 1.0),
        ("F(1, 1, 1)", 0.5), ("Ftail(1, 1, 1)", 0.5), ("Ftail(1, 1, -1)", 1.0), ("invFtail(1, 1, .5)", 1.0),
        ("invF(1, 1, .5)", 1.0), ("chi2(2, 2)", 1 - math.exp(-1)), ("chi2tail(2, 2)", math.exp(-1)),
        ("invchi2tail(2, exp(-1))", 2.0), ("invchi2(2, 1-exp(-1))", 2.0), ("binomial(2, 1, .5)", 0.75),
        ("binomial(2, 2, .5)", 1.0), ("binomialtail(2, 1, .5)", 0.75), ("binomialtail(2, 0, .5)", 1.0),
        ("poisson(1, 0)", math.exp(-1)), ("lnnormal(0)", math.log(0.5)), ("tden(1, 0)", 1 / math.pi),
        ("mdy(2, 29, 2000)", 14669.0), ("mdy(2, 30, 2000)", MISSING), ("td(29feb2000)", 14669.0),
        ('date("2000-02-29", "YMD")', 14669.0), ('date("Feb 29, 00", "MD20Y")', 14669.0), ('date("x", "DMY")', MISSING),
        ('date("1/2/68", "MDY", 2020)', 2923.0), ("year(14669)", 2000.0), ("month(14669)", 2.0),
        ("day(14669)", 29.0), ("dow(0)", 5.0), ("doy(0)", 1.0), ("quarter(100)", 2.0), ("week(8)", 2.0),
        ("tm(2000m3)", 482.0), ("tq(1960q2)", 1.0), ("ym(2000, 3)", 482.0), ("mofd(14669)", 481.0),
        ("dofm(481)", 14641.0), ("dofc(86400000)", 1.0), ("cofd(1)", 86400000.0), ("tc(01jan1960 00:00:01)", 1000.0),
        ('length("abc")', 3.0), ('strpos("hello", "l")', 3.0), ('strpos("hello", "z")', 0.0), ('real("1e3")', 1000.0),
        ('real("x")', MISSING), ('real(".b")', missing_value("b")), ('regexm("abc1", "[0-9]")', 1.0),
        ('strmatch("abc", "a*")', 1.0), ('wordcount(" a b ")', 2.0),
    ],
)  # fmt: skip
def test_functions_of_numbers_and_dates(text: str, expected: float) -> None:
    result = scalar(text)
    if expected >= MISSING:
        assert result == expected
    else:
        assert result == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("string(3.14159)", "3.14159"), ('string(3.14159, "%8.2f")', "3.14"), ("string(.a)", ".a"),
        ('substr("hello", 2, 3)', "ell"), ('substr("hello", -3, 2)', "ll"), ('substr("hello", 2, .)', "ello"),
        ('substr("hello", 0, 2)', ""), ('lower("ABC")', "abc"), ('upper("abc")', "ABC"), ('trim("  a ")', "a"),
        ('ltrim(" a ")', "a "), ('word("a bb c", 2)', "bb"), ('word("a bb c", -1)', "c"), ('word("a", 3)', ""),
        ('subinstr("aaa", "a", "b", 2)', "bba"), ('subinstr("aaa", "a", "b", .)', "bbb"), ('reverse("abc")', "cba"),
        ('regexr("abc", "b", "X")', "aXc"), ('abbrev("displacement", 8)', "displa~t"), ('proper("ann lee")', "Ann Lee"),
        ('cond(1, "yes", "no")', "yes"), ('usubstr("äbc", 1, 1)', "ä"), ('itrim("a   b")', "a b"),
    ],
)  # fmt: skip
def test_functions_that_give_text(text: str, expected: str) -> None:
    assert scalar(text) == expected


def test_the_running_sum_counts_missing_as_nothing() -> None:
    assert value("sum(x)") == [1.0, -1.0, -1.0, -1.0, 1.5]
    assert value("sum(1)") == [1, 2, 3, 4, 5]


def test_random_numbers_follow_their_generator_and_their_range() -> None:
    def drawn(text: str, seed: int) -> np.ndarray:
        return evaluate(parse_expression(text), DATA, rng=np.random.default_rng(seed))

    assert drawn("runiform()", 1).tolist() == drawn("runiform()", 1).tolist()
    assert drawn("runiform()", 1).tolist() != drawn("runiform()", 2).tolist()
    assert len(set(drawn("rnormal()", 1).tolist())) == 5
    assert set(drawn("runiformint(1, 3)", 1).tolist()) <= {1.0, 2.0, 3.0}
    assert drawn("rnormal(x, 0)", 1)[2] == MISSING
    assert drawn("rbinomial(5, 2)", 1).tolist() == [MISSING] * 5
    for text in ("rpoisson(3)", "rt(4)", "rchi2(2)", "rgamma(1, 2)", "rexponential(2)", "rbinomial(5, .5)"):
        assert (drawn(text, 1) < MISSING).all()


def test_functions_are_refused_with_too_few_arguments_or_an_unknown_name() -> None:
    assert error("mod(1)").rc == 198
    assert error("abs()").message == "abs() takes 1 argument, not 0"
    assert error("lgo(1)").rc == 133
    assert error("strdup(name)").rc == 133


def test_a_bad_regular_expression_is_the_users_error() -> None:
    assert error('regexm(name, "[")').rc == 198


def test_every_function_has_a_name_the_parser_knows() -> None:
    assert set(FUNCTIONS) <= NAMES


def test_expressions_without_rows_give_no_values_of_the_right_kind() -> None:
    empty = DATA.take(np.zeros(5, dtype=bool))
    assert evaluate(parse_expression("x + 1"), empty).shape == (0,)
    assert evaluate(parse_expression('"a" + string(_n)'), empty).dtype == object
    assert evaluate(parse_expression("length(name)"), empty).dtype == np.float64
    assert evaluate(parse_expression("x[1]"), empty).shape == (0,)
