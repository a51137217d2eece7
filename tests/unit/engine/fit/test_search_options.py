"""EM and maximization options: each changes what [ME] mixed and [R] Maximize say, and none the optimum."""

from __future__ import annotations

import numpy as np
import pytest
from frames import make_frame, read_csv

from engine.events import CancelToken
from engine.fit.em import starting_theta
from engine.fit.estimate import estimate
from engine.fit.metric import LogMetric, RootMetric
from engine.fit.model import make_criterion
from engine.fit.points import evaluate
from engine.results.verdict import Trust
from engine.spec.mixed import CovarianceKind, Maximization, Method
from engine.tables.mixed_log import MixedLog

IND, UN, ID = CovarianceKind.INDEPENDENT, CovarianceKind.UNSTRUCTURED, CovarianceKind.IDENTITY
ONE = ["_cons"]
BEST = -868.9618532406
"""Log likelihood of the unstructured pig model, oracle pig_slope_un_ml."""


@pytest.fixture(scope="module")
def pig(data_file):
    return read_csv(data_file("pig").with_suffix(".csv"))


@pytest.fixture(scope="module")
def frame(pig):
    return make_frame(pig, "weight", ["week", *ONE], [("id", UN, ["week", *ONE])])


def log_of(frame, **options):
    events = []
    result = estimate(frame, Maximization(**options), sink=events.append)
    stages = {stage: [e for e in events if e.stage == stage] for stage in ("em", "gradient", "se")}
    return result, stages


@pytest.mark.parametrize(
    "options",
    [
        {"matlog": True},
        {"technique": "bfgs", "emiterate": 3},
        {"technique": "dfp", "emiterate": 3},
        {"technique": "bfgs 3 nr 2", "emiterate": 0},
        {"technique": "dfp 2 bfgs 2 nr 1", "emiterate": 0, "matlog": True},
        {"difficult": True, "emiterate": 0},
        {"emlog": True},
        {"emdots": True, "emtolerance": 1e-3},
    ],
    ids=str,
)
def test_every_way_leads_to_the_same_optimum(frame, options):
    result, _ = log_of(frame, **options)
    assert result.record.converged
    assert result.ll == pytest.approx(BEST, abs=2e-8)
    assert result.record.verdict.trust is Trust.YES
    exact = estimate(frame)
    for one, other in zip(result.parameters, exact.parameters, strict=True):
        assert one.estimate == pytest.approx(other.estimate, abs=1e-5 * other.se)
        assert one.se == pytest.approx(other.se, rel=1e-5)


@pytest.mark.parametrize("metric", [RootMetric, LogMetric])
def test_gradient_and_hessian_of_a_metric_are_those_of_finite_differences(frame, metric):
    criterion = make_criterion(frame, CancelToken())
    coordinates = metric(criterion.layout)
    theta = starting_theta(criterion) * [1.0, 1.2, 1.0]
    theta[2] = 0.3 * np.sqrt(theta[0] * theta[1])
    gamma = coordinates.to_gamma(theta)
    at = evaluate(criterion, coordinates, gamma)
    for a in range(3):
        step = np.zeros(3)
        step[a] = 1e-5
        up, down = (evaluate(criterion, coordinates, gamma + sign * step, 1) for sign in (1, -1))
        assert (up.value - down.value) / 2e-5 == pytest.approx(at.gradient[a], rel=1e-5, abs=1e-4)
        assert (up.gradient - down.gradient) / 2e-5 == pytest.approx(at.hessian[a], rel=1e-5, abs=1e-4)


def test_the_usual_log_shows_the_final_value_from_iteration_zero_on(frame):
    result, log = log_of(frame)
    assert [f"{event.value:.8g}" for event in log["gradient"]] == [f"{result.ll:.8g}"] * 2
    assert len(log["em"]) <= 14


def test_emonly_stops_where_em_stops_and_has_no_standard_errors(frame):
    result, log = log_of(frame, emonly=True)
    assert not log["gradient"]
    assert not log["se"]
    assert result.ll == pytest.approx(BEST, rel=1e-8)
    assert all(np.isnan(parameter.se) for parameter in result.parameters)
    assert np.all(np.isfinite(np.diag(result.vcov_beta)))
    assert result.record.verdict.trust is Trust.CAREFUL
    assert "EM alone" in result.record.verdict.sentence


def test_emonly_with_too_few_iterations_says_so(frame):
    result, log = log_of(frame, emonly=True, emiterate=3)
    assert not result.record.converged
    assert len(log["em"]) == 4
    assert "iterated EM" in result.record.verdict.sentence
    assert result.record.verdict.trust is Trust.NO


def test_a_larger_emtolerance_ends_em_earlier(frame):
    loose, strict = (log_of(frame, emtolerance=value, emiterate=500)[1]["em"] for value in (1e-3, 1e-12))
    assert len(loose) < len(strict) < 100


def test_difficult_steps_differ_only_where_the_likelihood_is_not_concave(frame):
    _, plain = log_of(frame, emiterate=0)
    _, other = log_of(frame, emiterate=0, difficult=True)
    assert any(event.remark == "not concave" for event in plain["gradient"])
    first = next(e.number for e in plain["gradient"] if e.remark == "not concave")
    values = [[event.value for event in log["gradient"]] for log in (plain, other)]
    assert values[0][:first] == values[1][:first]
    assert values[0][first:] != values[1][first:]


def test_details_of_an_iteration_are_on_the_scale_of_the_log_likelihood(frame):
    result, log = log_of(frame, emiterate=0)
    last = log["gradient"][-1].detail
    assert last.names == ("id: sqrt(week,week)", "id: sqrt(_cons,_cons)", "id: sqrt(week,_cons)")
    assert np.abs(last.gradient).max() < 1e-4
    assert np.all(np.linalg.eigvalsh(last.hessian) < 0.0)
    assert last.scaled_gradient < 1e-5
    assert last.steps[-1][1] == pytest.approx(result.ll)
    assert np.isnan(log["gradient"][0].detail.parameter_change)


def test_quasi_newton_iterations_have_no_hessian_to_show(frame):
    _, log = log_of(frame, emiterate=2, technique="bfgs")
    assert log["gradient"][1].detail.hessian is None


def test_nonrtolerance_ignores_the_scaled_gradient(pig):
    frame = make_frame(pig, "weight", ["week", *ONE], [("id", UN, ["week", *ONE])], Method.REML)
    loose, _ = log_of(frame, emiterate=1, nonrtolerance=True, ltolerance=1.0)
    assert loose.record.iterations == 1
    assert loose.record.converged


# --- the verdict ------------------------------------------------------------------------------------------------------


def test_a_smooth_fit_needs_one_start_and_is_trusted(frame):
    verdict = estimate(frame).record.verdict
    assert verdict.trust is Trust.YES
    assert verdict.checks.starts_agree is None
    low, high = verdict.checks.eigenvalues
    assert 0.01 < low < 1.0 < high  # of a matrix with ones on its diagonal
    assert verdict.checks.decrement < 1e-9
    assert np.isnan(verdict.checks.boundary_slope)
    assert "can be trusted" in verdict.sentence


def test_a_variance_at_zero_is_named_and_confirmed_by_its_slope_and_a_second_start(data_file):
    data = read_csv(data_file("dyestuff2").with_suffix(".csv"))
    verdict = estimate(make_frame(data, "yld", ONE, [("batch", ID, ONE)], Method.REML)).record.verdict
    assert verdict.trust is Trust.CAREFUL
    assert verdict.at_boundary == ("var(_cons)",)
    assert verdict.checks.boundary_slope > 0.0
    assert verdict.checks.starts_agree
    assert "Drop the random effect" in verdict.sentence


def test_the_second_search_tells_its_steps_and_the_log_has_none_of_them(data_file, frame):
    events = []
    data = read_csv(data_file("dyestuff2").with_suffix(".csv"))
    estimate(make_frame(data, "yld", ONE, [("batch", ID, ONE)], Method.REML), sink=events.append)
    first = [event for event in events if event.stage in {"em", "gradient"}]
    again = [event.number for event in events if event.stage == "again"]
    assert first[-1].edge
    assert again == sorted(set(again))
    assert again[0] == 0
    assert len(again) > 1
    assert all(np.isnan(event.value) for event in events if event.stage == "again")
    log = MixedLog(Method.REML)
    printed = [line for event in events for block in log.blocks(event) for line in block.lines]
    assert sum(line.startswith("Iteration") for line in printed) == sum(event.stage == "gradient" for event in first)
    inner = []
    estimate(frame, sink=inner.append)
    assert not any(event.edge or event.stage == "again" for event in inner)


def test_levels_that_cannot_be_told_apart_are_named(pig):
    equations = [(name, ID, ONE) for name in ("id", "id2")]
    verdict = estimate(make_frame(pig | {"id2": pig["id"]}, "weight", ["week", *ONE], equations)).record.verdict
    assert verdict.trust is Trust.CAREFUL
    assert "var(_cons) of id and var(_cons) of id2 apart" in verdict.sentence


def test_a_search_that_was_stopped_is_not_trusted(frame):
    verdict = estimate(frame, Maximization(emiterate=1, iterate=1)).record.verdict
    assert verdict.trust is Trust.NO
    assert "Do not report" in verdict.sentence


def test_a_second_start_finds_the_higher_of_two_maxima():
    """Simulated so that the search from the usual start ends at a lower maximum: none is known to stay there."""
    for seed in range(8):
        rng = np.random.default_rng(seed)
        g = np.repeat(np.arange(6.0), 4)
        data = {"g": g, "x": np.tile(np.arange(4.0), 6), "y": rng.standard_t(2, size=24)}
        result = estimate(make_frame(data, "y", ["x", *ONE], [("g", UN, ["x", *ONE])], Method.REML))
        starts = result.record.verdict.checks.starts
        assert result.ll >= max(starts) - 1e-7 * abs(max(starts))
