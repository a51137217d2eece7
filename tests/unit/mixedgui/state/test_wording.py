"""Equations in words."""

import pytest

from engine.api import CovarianceKind
from mixedgui.state.equation_state import EquationDraft, EquationState
from mixedgui.state.wording import effect_count, groups_text, parameter_count, row_text, sentence

UN, EX, ID = CovarianceKind.UNSTRUCTURED, CovarianceKind.EXCHANGEABLE, CovarianceKind.IDENTITY


@pytest.mark.parametrize(
    ("equation", "text"),
    [
        (EquationState(level="id"), "1 id › intercept"),
        (EquationState(level="id", indepvars="week"), "1 id › intercept, week (independent)"),
        (EquationState(level="id", indepvars="week", covariance=UN), "1 id › intercept, week (unstructured)"),
        (EquationState(level="id", indepvars="week", noconstant=True), "1 id › week"),
        (EquationState(level="id", noconstant=True), "1 id › no random effects"),
        (EquationState(crossed=True, factor="id"), "1 all observations › R.id (identity)"),
        (EquationState(level="id", indepvars="i.sex"), "1 id › intercept, i.sex (independent)"),
    ],
)
def test_a_row_says_what_the_equation_means(equation, text) -> None:
    assert row_text(0, equation) == text


def test_the_sentence_of_the_manuals_growth_model() -> None:
    equation = EquationState(level="id", indepvars="week", covariance=UN)
    assert sentence(equation, 48) == (
        "Each id has its own intercept and its own slope of week, and the two may be correlated. "
        "Three parameters to estimate from 48 groups."
    )


def test_the_sentence_does_not_count_what_depends_on_the_data() -> None:
    text = sentence(EquationState(level="id", indepvars="i.sex"), 10)
    assert "depends on the levels of the factors" in text


def test_unreadable_variables_are_said_to_be_so() -> None:
    assert "cannot be read" in sentence(EquationState(level="id", indepvars="week##"))


@pytest.mark.parametrize(
    ("effects", "structure", "count"),
    [(1, UN, 1), (2, UN, 3), (4, UN, 10), (3, EX, 2), (3, ID, 1), (3, CovarianceKind.INDEPENDENT, 3), (0, UN, 0)],
)
def test_parameters_of_each_structure(effects, structure, count) -> None:
    assert parameter_count(effects, structure) == count


def test_continuous_terms_count_and_factors_do_not() -> None:
    assert effect_count(EquationState(level="id", indepvars="week c.week#c.week")) == 3
    assert effect_count(EquationState(level="id", indepvars="w*")) is None
    assert effect_count(EquationState(level="id", indepvars="_all")) is None


def test_groups_of_one_size_and_of_several() -> None:
    assert groups_text(48, 9, 9.0, 9) == "48 groups of 9"
    assert groups_text(160, 14, 44.9, 67) == "160 groups of 14–67 (mean 44.9)"
    assert groups_text(1, 5, 5.0, 5) == "1 group of 5"


def test_a_draft_leaves_the_default_structure_unwritten() -> None:
    draft = EquationDraft(EquationState(level="id", indepvars="week"))
    draft.set_structure(UN)
    assert draft.form.to_text() == "|| id: week, covariance(unstructured)"
    draft.set_structure(CovarianceKind.INDEPENDENT)
    assert draft.form.to_text() == "|| id: week"


def test_a_crossed_factor_drops_a_structure_it_does_not_allow() -> None:
    draft = EquationDraft(EquationState(level="", factor="id", covariance=UN))
    draft.set(crossed=True)
    assert draft.form.to_text() == "|| _all: R.id"
    draft.set_structure(ID)
    assert draft.form.to_text() == "|| _all: R.id"
    draft.set_structure(EX)
    assert draft.form.to_text() == "|| _all: R.id, covariance(exchangeable)"
