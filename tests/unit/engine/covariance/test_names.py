"""Names of covariance parameters, as the manual prints and stores them."""

from __future__ import annotations

import pytest

from engine.covariance.names import WIDTH, estimation_name, label
from engine.covariance.structure import structure
from engine.spec.mixed import CovarianceKind

EXC, UN, ID = CovarianceKind.EXCHANGEABLE, CovarianceKind.UNSTRUCTURED, CovarianceKind.IDENTITY


def labels(kind, effects, words=("var", "cov")):
    parameters = structure(kind, len(effects)).parameters
    return [label(words[not p.is_variance], p, effects).text for p in parameters]


def test_unstructured_names_follow_the_order_of_the_table():
    effects = ("a", "b", "_cons")
    assert labels(UN, effects) == ["var(a)", "var(b)", "var(_cons)", "cov(a,b)", "cov(a,_cons)", "cov(b,_cons)"]
    assert labels(UN, effects, ("sd", "corr"))[3:] == ["corr(a,b)", "corr(a,_cons)", "corr(b,_cons)"]


def test_identity_over_several_variables_names_them_all():
    assert labels(ID, ("hwy", "unemp")) == ["var(hwy unemp)"]  # manual, example 5


def test_exchangeable_names_its_effects():
    assert labels(EXC, ("days", "_cons")) == ["var(days _cons)", "cov(days,_cons)"]


def test_many_effects_get_a_range_and_a_footnote():
    effects = tuple(f"indicator{i}" for i in range(1, 6))
    parameter = structure(ID, 5).parameters[0]
    shown = label("var", parameter, effects)
    assert shown.text.startswith("var(indic")
    assert ".." in shown.text
    assert shown.footnote == " ".join(effects)


def test_a_short_list_of_many_effects_is_written_out():
    assert label("var", structure(ID, 5).parameters[0], ("a", "b", "c", "d", "e")).text == "var(a b c d e)"


@pytest.mark.parametrize("word", ["var", "cov", "sd", "corr"])
def test_long_names_are_abbreviated_to_the_stub(word):
    effects = ("a_variable_with_a_long_name", "another_variable_quite_long", "_cons")
    for parameter in structure(UN, 3).parameters:
        text = label(word, parameter, effects).text
        assert len(text) <= WIDTH
        assert text.startswith(f"{word}(")
        assert text.endswith(")")


def test_estimation_names_count_level_block_and_effect():
    assert [estimation_name(p, 1, 1) for p in structure(UN, 2).parameters] == ["lns1_1_1", "lns1_1_2", "atr1_1_1_2"]
    assert [estimation_name(p, 2, 1) for p in structure(EXC, 2).parameters] == ["lns2_1_1", "atr2_1_1"]
    assert [estimation_name(p, 1, 2) for p in structure(ID, 2).parameters] == ["lns1_2_1"]
