"""``estat pboot`` and ``lrtest, reps()``: refits of what is drawn from a fitted model."""

import numpy as np
import pytest

from engine.api import Session
from engine.frame.prediction import rebind
from engine.postest.simulate import simulate


@pytest.fixture
def pig(data_file):
    session = Session()
    session.run(f"use {data_file('pig')}")
    session.run("mixed weight week || id:")
    return session


def _drawn(session, seed, replications):
    """The responses of the replications, from the random numbers that each has of its own."""
    estimates = session.mixed
    result = estimates.result
    frame = rebind(estimates.spec, session.data, result.sample_rows, result.columns).frame
    return [simulate(result, frame, np.random.default_rng(s)) for s in np.random.SeedSequence(seed).spawn(replications)]


def _refit(session, y, command):
    frame = session.data.to_pandas()
    other = Session(data=frame.assign(weight=y))
    assert other.run(command).rc == 0
    return other


def test_the_table_summarises_the_refits(pig):
    outcome = pig.run("estat pboot, reps(8) seed(5) level(50)")
    assert outcome.rc == 0, outcome.text
    slopes, sds = [], []
    for y in _drawn(pig, 5, 8):
        other = _refit(pig, y, "mixed weight week || id:")
        slopes.append(other.mixed.result.beta[0])
        sds.append(other.mixed.result.parameters[0].sd_estimate)
    for name, draws in (("week", slopes), ("sd(_cons)", sds)):
        row = next(row for row in outcome.tables["pboot"].rows if row.name == name)
        estimate, bias, se, ll, ul = row.values
        assert bias == pytest.approx(np.mean(draws) - estimate, rel=1e-6)
        assert se == pytest.approx(np.std(draws, ddof=1), rel=1e-6)
        np.testing.assert_allclose((ll, ul), np.percentile(draws, [25, 75]), rtol=1e-7)


def test_the_same_seed_gives_the_same_numbers(pig):
    first, second, third = (pig.run(f"estat pboot, reps(5) seed({seed})").tables["pboot"].rows for seed in (1, 1, 2))
    assert first == second
    assert first != third


def test_standard_errors_agree_with_those_of_the_model(pig):
    """Estimates of a balanced design are close to normal; 200 draws give a standard error within 5% or so."""
    table = pig.run("estat pboot, seed(42)").tables["pboot"]
    model = {row.name: row.values[1] for row in pig.run("mixed").tables["fixed"].rows}
    for row in table.rows[:2]:
        assert row.values[2] == pytest.approx(model[row.name], rel=0.2)


def test_the_ratio_is_compared_with_those_drawn_under_the_smaller_model(pig):
    pig.run("estimates store small")
    drawn = _drawn(pig, 9, 19)
    pig.run("mixed weight week || id: week")
    outcome = pig.run("lrtest small ., reps(19) seed(9)")
    assert outcome.rc == 0, outcome.text
    observed = outcome.r.scalars["chi2"]
    ratios = []
    for y in drawn:
        lls = [_refit(pig, y, command).e.scalars["ll"] for command in ("mixed weight week || id:", pig.mixed.cmdline)]
        ratios.append(2 * (lls[1] - lls[0]))
    assert outcome.r.scalars["p_bootstrap"] == (1 + sum(ratio >= observed for ratio in ratios)) / 20
    assert "Parametric bootstrap (not in Stata): Prob = 0.0500, 19 replications" in outcome.text


def test_a_ratio_of_the_smaller_model_itself_lies_among_those_drawn(pig):
    small, large = "mixed weight week || id:", "mixed weight week || id: week"
    other = _refit(pig, _drawn(pig, 8, 1)[0], small)
    other.run("estimates store small")
    drawn = _drawn(other, 9, 39)
    other.run(large)
    r = other.run("lrtest small ., reps(39) seed(9)").r.scalars
    ratios = []
    for y in drawn:
        lls = [_refit(other, y, command).e.scalars["ll"] for command in (small, large)]
        ratios.append(max(0.0, 2 * (lls[1] - lls[0])))
    assert r["p_bootstrap"] == (1 + sum(ratio >= r["chi2"] for ratio in ratios)) / 40
    halves = (1 + sum(ratio / 2 >= r["chi2"] for ratio in ratios)) / 40
    assert 0.05 < halves < r["p_bootstrap"] < 0.9


@pytest.mark.parametrize(
    ("command", "rc"), [("estat pboot, reps(1)", 198), ("estat pboot, seed(-1)", 198), ("estat pboot week", 198)]
)
def test_bad_input_has_a_return_code(pig, command, rc):
    assert pig.run(command).rc == rc


def test_weighted_models_are_refused(pig):
    pig.run("mixed weight week [pw=1] || id:")
    assert pig.run("estat pboot").rc == 321
