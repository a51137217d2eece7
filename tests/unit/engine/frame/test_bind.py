"""Binding a specification to data: sample, levels, blocks, notes, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from engine.data.dataset import Dataset, Variable
from engine.data.dta import read_dta
from engine.errors import StataError
from engine.frame.bind import bind
from engine.frame.columns import ColumnState
from engine.lang.command import InRange
from engine.lang.parse_expr import parse_expression
from engine.lang.parse_varlist import parse_varlist
from engine.spec.mixed import CovarianceKind, MixedSpec, RandomEquation


@pytest.fixture
def data():
    rng = np.random.default_rng(8)
    n = 60
    g = np.repeat(np.arange(12), 5)
    frame = pd.DataFrame(
        {
            "weight": rng.normal(size=n),
            "week": np.tile(np.arange(5.0), 12),
            "id": g,
            "pen": g // 4,
            "farm": np.where(g < 6, "north", "south"),
            "breed": g % 3,
            "one": 1,
            "row": np.arange(n),
            "flat": 3.0,
            "gone": np.nan,
        }
    )
    for i in range(6):
        frame[f"x{i}"] = rng.normal(size=n)
    return Dataset.from_pandas(frame)


def equation(level, terms="", **options):
    return RandomEquation(level=level, terms=parse_varlist(terms), **options)


def model(fixed, *equations, depvar="weight", **options):
    return MixedSpec(depvar=depvar, indepvars=parse_varlist(fixed), equations=equations, **options)


def effects(frame):
    return [[column.name for column in block.columns] for block in frame.blocks]


def refused(spec, data, rc, *words):
    with pytest.raises(StataError) as caught:
        bind(spec, data)
    assert caught.value.rc == rc, caught.value.message
    for word in words:
        assert word in caught.value.message
    return caught.value


def test_design_holds_the_estimated_columns_with_the_constant_last(data):
    frame = bind(model("week i.breed", equation("id")), data)
    assert [column.name for column in frame.columns] == ["week", "0.breed", "1.breed", "2.breed", "_cons"]
    week = data.numeric("week")
    breed = data.numeric("breed")
    np.testing.assert_array_equal(frame.X, np.column_stack([week, breed == 1, breed == 2, np.ones(60)]))
    np.testing.assert_array_equal(frame.y, data.numeric("weight"))


def test_abbreviations_become_full_names(data):
    frame = bind(model("wee", equation("i", "wee"), depvar="weig"), data)
    assert (frame.depvar, frame.columns[0].name, frame.levels[0].name) == ("weight", "week", "id")


def test_if_in_and_missing_values_make_the_sample(data):
    values = data.numeric("x0").copy()
    values[3] = np.nan
    data = data.with_variable(data.variable("x0"), values)
    spec = model("x0", equation("id"), if_=parse_expression("week > 0"), in_=InRange("1", "50"))
    frame = bind(spec, data)
    expected = (data.numeric("week") > 0) & (np.arange(60) < 50)
    expected[3] = False
    np.testing.assert_array_equal(frame.e_sample, expected)
    assert len(frame.y) == len(frame.X) == len(frame.blocks[0].Z) == len(frame.levels[0].codes) == 39


def test_rows_without_a_level_are_left_out_for_numbers_and_text(data):
    ids = data.numeric("id").copy()
    ids[:5] = np.nan
    farms = data.texts("farm").copy()
    farms[5:10] = ""
    data = data.with_variable(replace(data.variable("id"), storage="double"), ids)
    data = data.with_variable(data.variable("farm"), farms)
    frame = bind(model("week", equation("farm"), equation("id")), data)
    assert frame.e_sample.sum() == 50
    assert [(level.name, level.n_groups) for level in frame.levels] == [("farm", 2), ("id", 10)]


def test_the_base_is_that_of_the_sample_not_of_the_data(data):
    frame = bind(model("i.breed", if_=parse_expression("breed != 0")), data)
    assert [column.marked_name for column in frame.columns] == ["1b.breed", "2.breed", "_cons"]


def test_a_collinear_variable_is_omitted_with_a_note(data):
    frame = bind(model("week x0 week", equation("id")), data)
    assert frame.columns[2].state is ColumnState.OMITTED
    assert frame.notes == ("note: week omitted because of collinearity.",)
    assert frame.X.shape == (60, 3)
    assert frame.estimated == (0, 1, 3)


def test_noconstant_belongs_to_its_equation(data):
    frame = bind(model("week", equation("id", "week", noconstant=True), noconstant=True), data)
    assert [column.name for column in frame.columns] == ["week"]
    assert effects(frame) == [["week"]]


def test_a_random_effect_comes_before_the_constant(data):
    frame = bind(model("week", equation("id", "week")), data)
    assert effects(frame) == [["week", "_cons"]]
    np.testing.assert_array_equal(frame.blocks[0].Z, np.column_stack([data.numeric("week"), np.ones(60)]))
    assert frame.blocks[0].structure is CovarianceKind.INDEPENDENT


def test_of_repeated_levels_only_the_last_has_the_constant(data):
    frame = bind(model("week", equation("pen", "x0"), equation("pen", "x1"), equation("id")), data)
    assert effects(frame) == [["x0"], ["x1", "_cons"], ["_cons"]]
    assert [block.level for block in frame.blocks] == [0, 0, 1]
    assert [level.name for level in frame.levels] == ["pen", "id"]


def test_a_repeated_level_with_noconstant_in_the_last_has_none(data):
    frame = bind(model("week", equation("pen", "x0"), equation("pen", "x1", noconstant=True)), data)
    assert effects(frame) == [["x0"], ["x1"]]


def test_a_level_may_not_come_back_after_another(data):
    refused(model("week", equation("pen"), equation("id"), equation("pen")), data, 198, "pen", "next to each other")


def test_the_whole_sample_can_only_be_the_top_level(data):
    refused(model("week", equation("id"), equation("_all")), data, 198, "_all", "top")


def test_a_single_effect_is_identity_and_says_so_when_something_else_was_asked(data):
    plain = bind(model("week", equation("id")), data)
    assert plain.blocks[0].structure is CovarianceKind.IDENTITY
    assert plain.notes == ()
    asked = bind(model("week", equation("id", covariance=CovarianceKind.UNSTRUCTURED)), data)
    assert asked.blocks[0].structure is CovarianceKind.IDENTITY
    assert asked.notes == (
        "Note: single-variable random-effects specification in id equation; covariance structure set to identity",
    )


def test_an_empty_equation_has_no_structure_and_a_note_when_all_are_empty(data):
    both = bind(model("week", equation("pen"), equation("id", noconstant=True)), data)
    assert [block.structure for block in both.blocks] == [CovarianceKind.IDENTITY, None]
    assert both.blocks[1].Z.shape == (60, 0)
    assert both.notes == ()
    none = bind(model("week", equation("id", noconstant=True)), data)
    assert none.notes == ("Note: all random-effects equations are empty; model is linear regression",)


def test_collinear_random_effects_go_unless_they_are_to_be_kept(data):
    frame = bind(model("week", equation("id", "week one")), data)
    assert effects(frame) == [["week", "_cons"]]
    assert frame.notes == ("note: one omitted from the id equation because of collinearity.",)
    kept = bind(model("week", equation("id", "week one", collinear=True)), data)
    assert effects(kept) == [["week", "one", "_cons"]]


def test_random_effects_of_factors_as_in_the_manual(data_file):
    """[ME] mixed, example 6: || id: ibn.girl i.girl#c.age, noconstant."""
    data = read_dta(data_file("childweight"))
    terms = "ibn.girl i.girl#c.age"
    spec = model(terms + " c.age#c.age", equation("id", terms, noconstant=True), noconstant=True)
    frame = bind(spec, data)
    assert effects(frame) == [["0.girl", "1.girl", "0.girl#c.age", "1.girl#c.age"]]
    girl, age = data.numeric("girl"), data.numeric("age")
    np.testing.assert_array_equal(frame.blocks[0].Z[:, 2], (1 - girl) * age)


def test_codes_of_nested_levels_follow_the_path(data):
    frame = bind(model("week", equation("pen"), equation("week")), data)
    assert frame.levels[1].n_groups == 15


def test_without_equations_it_is_a_linear_model(data):
    frame = bind(model("week"), data)
    assert frame.levels == frame.blocks == frame.notes == ()


def test_nothing_loaded_is_said(data):
    refused(model("week"), Dataset(), 111, "no variables defined")


@pytest.mark.parametrize(
    ("spec", "rc", "words"),
    [
        (model("week", depvar="weigth"), 111, ["weigth", "did you mean weight?"]),
        (model("week", equation("idd")), 111, ["idd"]),
        (model("week", equation("id", "weeek")), 111, ["weeek", "did you mean week?"]),
        (model("week", equation("id"), depvar="farm"), 109, ["farm is a string variable"]),
        (model("farm", equation("id")), 109, ["farm is a string variable"]),
        (model("i.farm", equation("id")), 109, ["farm is a string variable"]),
        (model("week", equation("id"), depvar="flat"), 459, ["flat does not vary", "it is 3 in all 60"]),
        (model("week", equation("one")), 459, ["one has only one group", "at least two"]),
        (model("week", equation("_all")), 459, ["_all is one group"]),
        (model("", equation("row", "x0 x1 x2 x3 x4 x5")), 459, ["row", "420 random effects", "60 observations"]),
        (model("week", equation("row")), 459, ["each of the 60 observations is a row group of its own"]),
        (model("week", equation("id"), depvar="gone"), 2000, ["no observations: gone is missing in all"]),
        (model("gone", equation("id")), 2000, ["no observations: gone is missing"]),
        (model("week", if_=parse_expression("week > 99")), 2000, ["no observations"]),
        (
            model("week x0", in_=InRange("1", "3")),
            2001,
            ["insufficient observations", "3 observations", "3 coefficients"],
        ),
        (model("weight", equation("id")), 459, ["reproduce weight exactly"]),
        (model("week", RandomEquation(level="_all", factor="one")), 459, ["_all: R.one", "only one value"]),
        (model("week", RandomEquation(level="_all", factor="row")), 459, ["_all: R.row", "a value of its own"]),
    ],
)
def test_what_cannot_be_estimated_is_refused_in_plain_words(data, spec, rc, words):
    refused(spec, data, rc, *words)


def test_names_that_are_not_there_are_located(data):
    spec = replace(model("week"), depvar="nothere", depvar_span=(6, 13))
    assert refused(spec, data, 111).span == (6, 13)
    spec = model("week", replace(equation("nothere"), level_span=(20, 27)))
    assert refused(spec, data, 111).span == (20, 27)
    assert refused(model("week nothere"), data, 111).span == (5, 12)


def test_two_rows_are_not_enough():
    data = Dataset.from_pandas(pd.DataFrame({"y": [1.0, 2.0], "x": [0.0, 1.0], "g": [1, 2]}))
    refused(model("x", equation("g"), depvar="y"), data, 2001, "insufficient observations")


def test_effects_that_a_group_cannot_have_do_not_count(data_file):
    """34 boys have no girl effects: 136 effects of 198 observations, not 272."""
    data = read_dta(data_file("childweight"))
    spec = model("age", equation("id", "ibn.girl i.girl#c.age", noconstant=True))
    assert len(bind(spec, data).y) == 198


def test_a_factor_has_an_effect_per_value_and_no_constant(data):
    frame = bind(model("week", RandomEquation(level="_all", factor="breed"), equation("id", "x0")), data)
    factor, slope = frame.blocks
    assert effects(frame) == [["R.breed"], ["x0", "_cons"]]
    assert factor.structure is CovarianceKind.IDENTITY
    assert factor.factor.n_levels == 3
    assert factor.Z.tolist() == [[1.0]] * 60
    assert slope.factor is None
    assert [level.n_groups for level in frame.levels] == [1, 12]


def test_a_factor_beside_an_equation_of_its_level_leaves_that_its_constant(data):
    frame = bind(model("week", equation("pen", "x0"), RandomEquation(level="pen", factor="breed")), data)
    assert effects(frame) == [["x0", "_cons"], ["R.breed"]]


def test_text_will_do_for_a_factor_and_rows_without_it_are_left_out(data):
    text = [("" if i % 10 == 0 else f"v{i % 4}") for i in range(60)]
    data = data.with_variable(Variable("kind", "str2", "%9s", ""), np.array(text, dtype=object))
    frame = bind(model("week", RandomEquation(level="_all", factor="kind")), data)
    assert len(frame.y) == 54
    assert frame.blocks[0].factor.n_levels == 4
