"""``estat ranova``: the model without each of its random effects."""

import pytest

from engine.api import Session

# R 4.2.2, lme4 1.1-31, on pig.csv: logLik(lmer(weight ~ week + (1|id))) and logLik(lmer(weight ~ week + (0+week|id)))
PIG = {"week": -1016.89842229, "_cons": -958.959451772}


def test_each_random_effect_is_left_out_in_turn(data_file):
    session = Session()
    session.run(f"use {data_file('pig')}")
    session.run("mixed weight week || id: week, cov(un) reml")
    before = session.estimates
    outcome = session.run("estat ranova")
    assert outcome.rc == 0, outcome.text
    assert session.estimates is before
    table = outcome.tables["ranova"]
    assert [(row.eq, row.name) for row in table.rows] == [("id", "week"), ("id", "_cons")]
    for row in table.rows:
        ll, df, chi2, p, corrected = row.values
        assert ll == pytest.approx(PIG[row.name], abs=1e-6)
        assert df == 2
        assert chi2 == pytest.approx(2 * (-870.435617269 - PIG[row.name]), abs=1e-5)
        assert 0 <= corrected < p < 1e-10
    assert max(map(len, outcome.text.splitlines())) <= 80


def test_an_equation_left_empty_still_separates_the_groups_within_it(data_file):
    """States of two regions that share a number stay two: the refit equals the model with an empty equation."""
    session = Session()
    session.run(f"use {data_file('productivity')}")
    session.run("replace state = state - 7 if region == 2")
    session.run("mixed gsp private emp || region: || state:")
    left_out = session.run("estat ranova").tables["ranova"].rows[0]
    session.run("mixed gsp private emp || region:, noconstant || state:")
    assert left_out.values[0] == pytest.approx(session.e.scalars["ll"], abs=1e-6)
    assert left_out.values[1] == 1


def test_crossed_factors_and_indicators_are_left_out_whole():
    session = Session()
    session.run("use hsb")
    session.run("keep in 1/1500")
    session.run("mixed mathach ses || _all: R.sector || id: i.female, nocons")
    table = session.run("estat ranova").tables["ranova"]
    assert [(row.eq, row.name) for row in table.rows] == [("_all", "R.sector"), ("id", "female")]


@pytest.mark.parametrize(
    ("model", "rc"), [("", 301), ("mixed mathach ses", 321), ("mixed mathach ses || id:, vce(robust)", 321)]
)
def test_there_must_be_likelihoods_to_compare(model, rc):
    session = Session()
    session.run("use hsb")
    if model:
        assert session.run(model).rc == 0
    assert session.run("estat ranova").rc == rc
