"""Design rows for predictions, and the estimation frame bound again on changed data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.data.dataset import Dataset
from engine.errors import StataError
from engine.frame.bind import bind
from engine.frame.prediction import fixed_rows, group_rows, random_rows, rebind
from engine.lang.parse_expr import parse_expression
from engine.lang.parse_varlist import parse_varlist
from engine.spec.mixed import MixedSpec, RandomEquation


@pytest.fixture
def data():
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(
        {
            "y": rng.normal(size=24),
            "x": rng.normal(size=24),
            "f": np.tile([1, 2, 3], 8),
            "school": np.repeat([20, 10, 30], 8),
            "room": np.tile(np.repeat([1, 2], 4), 3),
        }
    )
    frame.loc[5, "y"] = np.nan
    frame.loc[6, "x"] = np.nan
    return Dataset.from_pandas(frame)


@pytest.fixture
def spec():
    return MixedSpec(
        depvar="y",
        indepvars=parse_varlist("x i.f"),
        equations=(RandomEquation(level="school", terms=parse_varlist("x")), RandomEquation(level="room")),
        if_=parse_expression("school != 30"),
    )


@pytest.fixture
def fit(spec, data):
    frame = bind(spec, data)
    return frame, data.row_ids[frame.e_sample]


ALL = np.ones(24, dtype=bool)


def test_rows_outside_the_sample_get_a_design_where_the_covariates_are_known(fit, data):
    frame, _ = fit
    rows = fixed_rows(frame.columns, data, ALL)
    assert rows.shape == (24, 4)
    np.testing.assert_array_equal(np.isnan(rows).any(axis=1), np.arange(24) == 6)
    np.testing.assert_array_equal(rows[frame.e_sample], frame.X)
    np.testing.assert_array_equal(rows[:, 1], np.where(np.arange(24) == 6, np.nan, data.numeric("f") == 2))


def test_a_level_that_the_sample_did_not_have_has_no_prediction(fit, data):
    frame, _ = fit
    values = data.numeric("f").copy()
    values[20] = 7
    changed = data.with_variable(data.variable("f"), values.astype(data.columns["f"].dtype))
    assert np.isnan(fixed_rows(frame.columns, changed, ALL)[20]).all()


def test_groups_keep_the_numbers_of_the_estimation_sample(fit, data):
    frame, _ = fit
    school, room = group_rows(frame.levels, data, frame.e_sample, ALL)
    np.testing.assert_array_equal(school, np.repeat([1, 0, -1], 8))
    np.testing.assert_array_equal(room, np.repeat([2, 3, 0, 1, -1, -1], 4))


def test_random_design_rows_are_z_on_the_sample(fit, data):
    frame, _ = fit
    rows = random_rows(frame.blocks[0], data, ALL)
    np.testing.assert_array_equal(rows[frame.e_sample], frame.blocks[0].Z)


def test_the_frame_comes_back_after_sorting(fit, spec, data):
    frame, sample_rows = fit
    order = np.random.default_rng(1).permutation(24)
    again = rebind(spec, data.take(order), sample_rows, frame.columns)
    assert again.e_sample.sum() == len(frame.y)
    back = np.argsort(order[again.e_sample])
    np.testing.assert_array_equal(again.frame.y[back], frame.y)
    np.testing.assert_array_equal(again.frame.levels[1].codes[back], frame.levels[1].codes)


def test_rows_added_by_other_values_do_not_enter_the_sample(fit, spec, data):
    """An observation whose missing value was filled in after the fit stays outside."""
    frame, sample_rows = fit
    values = data.numeric("y").copy()
    values[5] = 1.0
    changed = data.with_variable(data.variable("y"), values)
    assert len(rebind(spec, changed, sample_rows, frame.columns).frame.y) == len(frame.y)


def test_dropped_observations_are_counted_in_the_refusal(fit, spec, data):
    frame, sample_rows = fit
    with pytest.raises(StataError, match="2 of the 14 observations") as caught:
        rebind(spec, data.take(np.arange(2, 24)), sample_rows, frame.columns)
    assert caught.value.rc == 459


def test_changed_values_that_change_the_model_are_noticed(fit, spec, data):
    frame, sample_rows = fit
    values = np.where(data.numeric("f") == 3, 4, data.numeric("f"))
    changed = data.with_variable(data.variable("f"), values.astype(data.columns["f"].dtype))
    with pytest.raises(StataError, match="have changed since") as caught:
        rebind(spec, changed, sample_rows, frame.columns)
    assert caught.value.rc == 459


def test_a_dropped_variable_is_named(fit, spec, data):
    frame, sample_rows = fit
    without = data.keep_variables(["y", "f", "school", "room"])
    with pytest.raises(StataError, match="variable x not found"):
        rebind(spec, without, sample_rows, frame.columns)
    with pytest.raises(StataError, match="variable x not found") as caught:
        fixed_rows(frame.columns, without, ALL)
    assert caught.value.rc == 111
