"""Expansion of factor-variable notation; expected names are those of the manual and of the reference results."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from engine.data.dataset import Dataset
from engine.data.dta import read_dta
from engine.errors import StataError
from engine.frame.bind import bind
from engine.frame.columns import ColumnState
from engine.frame.columnvalues import RowValues, column_values
from engine.frame.factors import expand_terms
from engine.frame.terms import terms_of
from engine.lang.parse_expr import parse_expression
from engine.lang.parse_varlist import parse_varlist
from engine.spec.mixed import MixedSpec

ORACLES = """
cake_kr_reml child_girl_hetero_ml child_girl_homo_ml child_ind_ml dyestuff2_boundary_reml egs_3level_un_ml exam_ri_ml
exercise_ar1_gaps_ml exercise_un_ml hs40_oneway_reml hsb_base_ml hsb_cubic_ml hsb_cubic_small_ml
hsb_null_reml insteval_full_reml oats_kr_reml ortho_toep3_ml ovary_ar2_reml oxide_bysource_ml penicillin_crossed_reml
pig_linear_ml pisa_size prod_3level_ml scots_crossed_ml singles_ri_ml sleep_un_reml_df t43_reml_df
tutoring_4level_reml veneer_un_reml
""".split()  # noqa: SIM905


@pytest.fixture
def grid():
    """Give 2 x 3 cells, the last one empty; b has 5 as its most frequent level."""
    a = [0, 0, 0, 0, 0, 1, 1, 1]
    b = [2, 5, 5, 5, 9, 2, 2, 5]
    return Dataset.from_pandas(
        pd.DataFrame({"a": a, "b": b, "x": np.arange(8.0), "z": np.arange(8.0) ** 2, "s": list("abcdefgh")})
    )


def expand(dataset, text):
    return expand_terms(terms_of(parse_varlist(text), dataset), RowValues(dataset))


def names(dataset, text):
    return [column.name for column in expand(dataset, text).columns]


def estimated(dataset, text):
    return [column.name for column in expand(dataset, text).columns if column.state is ColumnState.ESTIMATED]


def marked(dataset, text):
    return [column.marked_name for column in expand(dataset, text).columns]


def fixed_part(command):
    """Return response, varlist and options of the fixed part of a ``mixed`` line."""
    found = re.match(r"mixed (\w+) ?([^,|\[]*)(?:\[[^]]*\])?\s*(?:,([^|]*))?", command)
    return found[1], found[2].strip(), (found[3] or "").split() if "||" in command else []


@pytest.mark.parametrize("name", ORACLES)
def test_estimated_columns_are_those_of_the_reference_results(name, oracle, data_file):
    expected = oracle(name)
    depvar, varlist, options = fixed_part(expected["stata"])
    condition = (expected.get("keep") or "").removeprefix("keep if ")
    spec = MixedSpec(
        depvar=depvar,
        indepvars=parse_varlist(varlist),
        noconstant="noconstant" in options,
        if_=parse_expression(condition) if condition else None,
    )
    frame = bind(spec, read_dta(data_file(expected["dataset"])))
    assert [frame.columns[i].name for i in frame.estimated] == [row["name"] for row in expected["fixed"]]
    assert len(frame.y) == expected["n"]


@pytest.mark.parametrize("name", ["seed_003_base", "seed_003_cubic", "seed_003_cubic_small"])
def test_omitted_rows_stand_where_the_printed_tables_have_them(name, oracle, data_file):
    expected = oracle(name)
    depvar, varlist, _ = fixed_part(expected["command"])
    frame = bind(MixedSpec(depvar=depvar, indepvars=parse_varlist(varlist)), read_dta(data_file("hsb")))
    shown = [c for c in frame.columns if c.state in (ColumnState.ESTIMATED, ColumnState.OMITTED)]
    assert [(c.name, c.state is ColumnState.OMITTED) for c in shown] == [
        (row["name"], row.get("omitted", False)) for row in expected["fixed"]
    ]


def test_full_factorial_expands_in_binary_counting_order(grid):
    assert names(grid, "c.x##c.z##c.z##c.z") == [
        "x",
        "z",
        "c.x#c.z",
        "c.z#c.z",
        "c.x#c.z#c.z",
        "c.z#c.z#c.z",
        "c.x#c.z#c.z#c.z",
    ]


def test_levels_run_with_the_last_factor_fastest(grid):
    assert names(grid, "a#b") == ["0.a#2.b", "0.a#5.b", "0.a#9.b", "1.a#2.b", "1.a#5.b", "1.a#9.b"]


def test_categorical_factors_come_before_continuous_ones(grid):
    assert names(grid, "c.x#i.a") == ["0.a#c.x", "1.a#c.x"]


def test_a_bare_name_is_categorical_in_an_interaction_and_continuous_alone(grid):
    assert names(grid, "x a#c.x") == ["x", "0.a#c.x", "1.a#c.x"]


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("i.b", "2b.b"),
        ("ib5.b", "5b.b"),
        ("b5.b", "5b.b"),
        ("ib(#3).b", "9b.b"),
        ("ib(first).b", "2b.b"),
        ("ib(last).b", "9b.b"),
        ("ib(freq).b", "5b.b"),
    ],
)
def test_base_level_is_chosen_as_asked(grid, text, base):
    columns = expand(grid, text).columns
    assert [column.marked_name for column in columns if column.state is ColumnState.BASE] == [base]


def test_without_a_base_every_level_is_estimated_and_the_lowest_carries_the_mark(grid):
    assert marked(grid, "ibn.b") == ["2bn.b", "5.b", "9.b"]
    assert estimated(grid, "ibn.b") == ["2.b", "5.b", "9.b"]


def test_a_base_asked_for_in_one_term_holds_in_the_others(grid):
    assert marked(grid, "ibn.a i.a#c.x") == ["0bn.a", "1.a", "0bn.a#c.x", "1.a#c.x"]


def test_a_base_that_the_sample_does_not_have_falls_back_with_a_note(grid):
    expansion = expand(grid, "ib7.b")
    assert expansion.columns[0].marked_name == "2b.b"
    assert expansion.notes == ("note: level 7 of factor b not found in the sample; the base level is 2.",)


def test_cells_with_the_base_of_a_factor_with_main_effects_are_base(grid):
    """As Stata names them: 0b.foreign#2o.rep78."""
    assert marked(grid, "a##b")[5:] == ["0b.a#2b.b", "0b.a#5o.b", "0b.a#9o.b", "1o.a#2b.b", "1.a#5.b", "1o.a#9o.b"]


def test_slopes_of_every_level_without_a_main_slope_and_of_all_but_the_base_with_one(grid):
    assert estimated(grid, "i.a#c.x") == ["0.a#c.x", "1.a#c.x"]
    assert estimated(grid, "x i.a#c.x") == ["x", "1.a#c.x"]
    assert marked(grid, "i.a##c.x")[-2:] == ["0b.a#co.x", "1.a#c.x"]


def test_an_interaction_without_main_effects_has_only_its_first_cell_as_base(grid):
    assert estimated(grid, "a#b") == ["0.a#5.b", "0.a#9.b", "1.a#2.b", "1.a#5.b"]


def test_an_interaction_below_one_main_effect_is_nested_in_it(grid):
    assert estimated(grid, "i.a a#b") == ["1.a", "0.a#5.b", "0.a#9.b", "1.a#5.b"]


def test_selected_levels_are_estimated_whatever_the_base(grid):
    assert marked(grid, "2.b") == ["2.b"]
    assert marked(grid, "i(5 9).b") == ["5.b", "9.b"]


def test_a_selected_level_without_observations_is_empty_with_a_note(grid):
    expansion = expand(grid, "7.b")
    assert [(c.marked_name, c.state) for c in expansion.columns] == [("7o.b", ColumnState.EMPTY)]
    assert expansion.notes == ("note: 7.b identifies no observations in the sample.",)


def test_an_empty_cell_is_kept_with_a_note(grid):
    expansion = expand(grid, "a##b")
    assert [c.name for c in expansion.columns if c.state is ColumnState.EMPTY] == ["1.a#9.b"]
    assert expansion.notes == ("note: 1.a#9.b identifies no observations in the sample.",)


def test_omitted_levels_and_variables_stay_as_omitted_columns(grid):
    assert marked(grid, "o5.b o.x") == ["2b.b", "5o.b", "9.b", "o.x"]
    assert estimated(grid, "io5.b o.x") == ["9.b"]


def test_operators_and_interactions_distribute_over_lists(grid):
    assert names(grid, "c.x#c.(x z)") == ["c.x#c.x", "c.x#c.z"]
    assert estimated(grid, "i.(a b)") == ["1.a", "5.b", "9.b"]
    assert names(grid, "c.z##c.(x z)") == ["z", "x", "c.z#c.x", "c.z#c.z"]


def test_a_repeated_interaction_is_dropped_and_a_repeated_variable_kept(grid):
    assert names(grid, "c.x##c.z c.z#c.x x") == ["x", "z", "c.x#c.z", "x"]
    assert names(grid, "i.a i.a") == ["0.a", "1.a"]


def test_column_values_are_indicators_times_variables(grid):
    column = expand(grid, "1.a#5.b#c.x#c.x").columns[-1]
    assert column.name == "1.a#5.b#c.x#c.x"
    np.testing.assert_array_equal(column_values(column, RowValues(grid), 8), [0, 0, 0, 0, 0, 0, 0, 49.0])


@pytest.mark.parametrize(("values", "word"), [([0, -1], "negative"), ([0, 1.5], "noninteger"), ([1, 40_000], "32,740")])
def test_values_that_cannot_be_levels_are_refused(values, word):
    dataset = Dataset.from_pandas(pd.DataFrame({"g": values}))
    with pytest.raises(StataError, match=word) as caught:
        expand(dataset, "i.g")
    assert caught.value.rc == 452
    assert caught.value.message.startswith("g: factor variables may not contain")


@pytest.mark.parametrize("text", ["i.s", "s", "s#c.x"])
def test_string_variables_are_refused_where_they_stand(grid, text):
    with pytest.raises(StataError, match="s is a string variable") as caught:
        expand(grid, text)
    assert caught.value.rc == 109
    assert caught.value.span is not None


def test_time_series_operators_need_a_time_variable(grid):
    with pytest.raises(StataError, match="time variable not set") as caught:
        expand(grid, "L.x")
    assert caught.value.rc == 111


def test_an_interaction_of_more_than_eight_factors_is_refused(grid):
    with pytest.raises(StataError, match="8 factors") as caught:
        expand(grid, "#".join(["c.x"] * 9))
    assert caught.value.rc == 147


def test_a_factor_with_very_many_levels_is_refused_before_any_memory_is_used():
    dataset = Dataset.from_pandas(pd.DataFrame({"g": np.arange(12_000)}))
    with pytest.raises(StataError, match="g has 12,000 levels") as caught:
        expand(dataset, "i.g")
    assert caught.value.rc == 103
