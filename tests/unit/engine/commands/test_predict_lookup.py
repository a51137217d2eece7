"""Expressions reach the estimates: e(sample), _b[], _se[], e() and r()."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session


@pytest.fixture
def session():
    rng = np.random.default_rng(7)
    g = np.repeat(np.arange(10), 5)
    frame = pd.DataFrame({"y": rng.normal(size=50) + rng.normal(size=10)[g], "x": rng.normal(size=50), "g": g})
    frame["f"] = np.arange(50) % 2
    frame.loc[7, "x"] = np.nan
    session = Session(data=frame)
    assert session.run("mixed y c.x##i.f || g:, nolog").rc == 0
    return session


def generated(session, expression):
    outcome = session.run(f"generate double made = {expression}")
    assert outcome.rc == 0, outcome.text
    return session.data.to_pandas()["made"].to_numpy()


def test_the_estimation_sample_is_one_and_zero_and_survives_sorting(session):
    assert session.run("sort y").rc == 0
    np.testing.assert_array_equal(generated(session, "e(sample)"), ~np.isnan(session.data.to_pandas()["x"]))


def test_without_results_no_observation_is_in_the_sample():
    session = Session(data=pd.DataFrame({"y": [1.0, 2.0]}))
    np.testing.assert_array_equal(generated(session, "e(sample)"), [0, 0])


@pytest.mark.parametrize("name", ["1.f#c.x", "x", "_cons", "1.f"])
def test_coefficients_are_found_by_name(session, name):
    result = session.estimates.result
    at = [column.name for column in result.columns].index(name)
    assert generated(session, f"_b[{name}]")[0] == result.beta[at]
    assert session.run("drop made").rc == 0
    assert generated(session, f"_se[{name}]")[0] == np.sqrt(result.vcov_beta[at, at])


def test_a_coefficient_that_is_not_there_is_an_error(session):
    assert session.run("generate made = _b[nothere]").rc == 111


def test_scalars_of_the_last_command_are_numbers(session):
    assert generated(session, "e(N)")[0] == 49
