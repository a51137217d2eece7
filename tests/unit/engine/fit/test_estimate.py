"""The whole pipeline: invariances, logs, options, boundaries and refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from frames import make_frame, read_csv
from simulated import MODELS, random_frame

from engine.errors import Break, StataError
from engine.events import CancelToken, Iteration
from engine.fit.estimate import estimate
from engine.spec.mixed import CovarianceKind, Maximization, Method

IND, UN = CovarianceKind.INDEPENDENT, CovarianceKind.UNSTRUCTURED
EXC, ID = CovarianceKind.EXCHANGEABLE, CovarianceKind.IDENTITY
ONE = ["_cons"]


@pytest.fixture(scope="module")
def pig(data_file):
    return read_csv(data_file("pig").with_suffix(".csv"))


def slope_frame(data, kind=UN, method=Method.REML):
    return make_frame(data, "weight", ["week", *ONE], [("id", kind, ["week", *ONE])], method)


def natural(result):
    return np.array([parameter.estimate for parameter in result.parameters])


@pytest.mark.parametrize("shift", [100.0, 2000.0, 1e5, 1e6])
def test_a_slope_on_calendar_years_has_the_optimum_of_the_slope_on_years_since_the_start(pig, shift):
    """The log likelihood for every shift is that of the table in docs/engine.md."""
    moved = estimate(slope_frame(pig | {"week": pig["week"] + shift}))
    assert moved.ll == pytest.approx(-870.435617, abs=5e-7)
    assert moved.record.iterations <= 3
    base = estimate(slope_frame(pig))
    back = np.array([[1.0, 0.0], [shift, 1.0]])  # u_cons at week 0 = u_cons + shift u_week
    Sigma = back @ moved.blocks[0].Sigma @ back.T
    assert Sigma == pytest.approx(base.blocks[0].Sigma, rel=1e-4 if shift > 1e5 else 1e-6)
    assert np.all(np.isfinite(moved.vcov_theta))
    assert moved.beta[0] == pytest.approx(base.beta[0], rel=1e-11)
    assert np.sqrt(moved.vcov_beta[0, 0]) == pytest.approx(np.sqrt(base.vcov_beta[0, 0]), rel=1e-8)


@pytest.mark.parametrize("shift", [1e8, 1e10])
def test_a_large_constant_in_the_response_changes_only_the_intercept(pig, shift):
    base = estimate(slope_frame(pig))
    moved = estimate(slope_frame(pig | {"weight": pig["weight"] + shift}))
    assert natural(moved) == pytest.approx(natural(base), rel=1e-11)
    assert moved.ll == pytest.approx(base.ll, rel=1e-12)
    assert moved.beta[1] - shift == pytest.approx(base.beta[1], abs=1e-15 * shift)


@pytest.mark.parametrize("kind", list(CovarianceKind))
def test_units_of_the_response_scale_the_estimates(pig, kind):
    base = estimate(slope_frame(pig, kind, Method.ML))
    scaled = estimate(slope_frame(pig | {"weight": pig["weight"] * 1e6}, kind, Method.ML))
    assert natural(scaled) == pytest.approx(1e12 * natural(base), rel=1e-9)
    assert scaled.ll == pytest.approx(base.ll - 432 * np.log(1e6), rel=1e-12)


@pytest.mark.parametrize("name", MODELS)
def test_the_order_of_rows_and_the_codes_of_groups_change_nothing(name):
    frame = random_frame(name, np.random.default_rng(8), Method.REML, top=30, most_rows=15)
    base = estimate(frame)
    rng = np.random.default_rng(9)
    order = rng.permutation(len(frame.y))
    levels = []
    for level in frame.levels:
        relabel = rng.permutation(level.n_groups)
        levels.append(replace(level, codes=relabel[level.codes][order]))
    blocks = tuple(replace(block, Z=block.Z[order]) for block in frame.blocks)
    other = estimate(replace(frame, y=frame.y[order], X=frame.X[order], levels=tuple(levels), blocks=blocks))
    assert other.ll == pytest.approx(base.ll, rel=1e-9)
    assert other.beta == pytest.approx(base.beta, rel=1e-5, abs=1e-6)


def test_identity_of_one_effect_is_any_structure_of_one_effect(pig):
    results = [estimate(make_frame(pig, "weight", ["week", *ONE], [("id", kind, ONE)])) for kind in CovarianceKind]
    for result in results[1:]:
        assert result.ll == pytest.approx(results[0].ll, rel=1e-13)


def test_the_log_starts_at_zero_climbs_and_ends_with_two_equal_values(pig):
    events = []
    result = estimate(slope_frame(pig), sink=events.append)
    assert {type(event) for event in events} == {Iteration}
    em = [event for event in events if event.stage == "em"]
    gradient = [event for event in events if event.stage == "gradient"]
    assert [event.number for event in em] == list(range(len(em)))
    assert [event.number for event in gradient] == list(range(len(gradient)))
    assert all(np.diff([event.value for event in em]) > -1e-9)
    assert len(gradient) >= 2
    assert f"{gradient[-1].value:.8g}" == f"{gradient[-2].value:.8g}"
    assert gradient[-1].value == pytest.approx(result.ll, rel=1e-14)
    assert [event.stage for event in events][-1] == "se"
    assert result.record.iterations == gradient[-1].number


@pytest.mark.parametrize("steps", [0, 1, 7])
def test_the_number_of_em_steps_asked_for_is_taken(pig, steps):
    events = []
    result = estimate(slope_frame(pig), Maximization(emiterate=steps), sink=events.append)
    assert result.record.em_iterations == steps
    assert sum(event.stage == "em" for event in events) == steps
    assert result.ll == pytest.approx(-870.43561726, rel=1e-10)


def test_reaching_the_iteration_limit_is_reported_not_hidden(pig):
    result = estimate(slope_frame(pig), Maximization(emiterate=1, iterate=1))
    assert not result.record.converged
    assert result.record.iterations == 1
    assert result.ll < -870.44


def test_tolerances_stop_earlier_only_when_loosened(pig):
    strict = estimate(slope_frame(pig), Maximization(emiterate=2, nrtolerance=1e-6, ltolerance=1e-9))
    loose = estimate(slope_frame(pig), Maximization(emiterate=2, nrtolerance=0.5, ltolerance=0.01))
    assert strict.ll == pytest.approx(-870.43561726, rel=1e-11)
    assert loose.record.iterations < strict.record.iterations
    assert loose.record.converged


def test_without_random_effects_the_fit_is_a_linear_regression(pig):
    for equations in ([], [("id", None, [])]):
        result = estimate(make_frame(pig, "weight", ["week", *ONE], equations, Method.REML))
        X = np.column_stack((pig["week"], np.ones(432)))
        beta, rss = np.linalg.lstsq(X, pig["weight"], rcond=None)[:2]
        assert result.beta == pytest.approx(beta, rel=1e-12)
        assert result.sigma2 == pytest.approx(rss[0] / 430, rel=1e-12)
        assert result.vcov_beta == pytest.approx(result.sigma2 * np.linalg.inv(X.T @ X), rel=1e-10)
        assert result.parameters[0].se == pytest.approx(result.sigma2 * np.sqrt(2 / 430), rel=1e-9)
        assert np.isnan(result.chi2_linear)
        assert result.theta_names == ("lnsig_e",)


def test_a_variance_at_zero_is_named_and_has_no_standard_error(data_file):
    data = read_csv(data_file("dyestuff2").with_suffix(".csv"))
    result = estimate(make_frame(data, "yld", ONE, [("batch", ID, ONE)], Method.REML))
    between, residual = result.parameters
    assert between.estimate == 0.0
    assert np.isnan(between.se)
    assert result.record.at_boundary == ("var(_cons)",)
    assert residual.se == pytest.approx(residual.estimate * np.sqrt(2 / 29), rel=1e-9)  # sum of squares / 29
    assert result.p_linear == 1.0


def test_a_correlation_at_one_is_named(pig):
    noise = np.random.default_rng(5).normal(size=432)
    result = estimate(slope_frame(pig | {"weight": noise}, UN, Method.ML))
    assert result.record.at_boundary == ("corr(week,_cons)",)
    assert all(np.isnan(parameter.se) for parameter in result.parameters[:-1])
    assert np.isfinite(result.parameters[-1].se)


def test_newton_leaves_a_saddle_at_zero_variance(pig):
    """The square-root metric is stationary at zero; the optimum of this model is far from it."""
    from engine.design.blocks import make_design
    from engine.fit.criterion import Criterion
    from engine.fit.layout import make_layout
    from engine.fit.newton import StoppingRule, maximize

    frame = slope_frame(pig, IND, Method.ML)
    design = make_design(frame, CancelToken())
    criterion = Criterion(design, make_layout(design.levels, frame.blocks), reml=False)
    optimum = maximize(criterion, np.zeros(2), rule=StoppingRule(), report=lambda *_: None, cancel=CancelToken())
    assert optimum.converged
    assert np.all(optimum.profile.theta > 0.1)


def test_levels_that_coincide_share_a_variance_and_get_no_standard_errors(pig):
    equations = [(name, ID, ONE) for name in ("id", "id2", "id3")]
    one = estimate(make_frame(pig, "weight", ["week", *ONE], equations[:1]))
    three = estimate(make_frame(pig | {"id2": pig["id"], "id3": pig["id"]}, "weight", ["week", *ONE], equations))
    assert three.ll == pytest.approx(one.ll, rel=1e-12)
    assert sum(p.estimate for p in three.parameters[:-1]) == pytest.approx(one.parameters[0].estimate, rel=1e-6)
    assert all(np.isnan(p.se) for p in three.parameters[:-1])
    assert three.parameters[-1].se == pytest.approx(one.parameters[-1].se, rel=1e-6)


def test_repeated_equations_of_a_level_are_independent_blocks(pig):
    blocks = [("id", ID, ["week"]), ("id", ID, ONE)]
    split = estimate(make_frame(pig, "weight", ["week", *ONE], blocks))
    together = estimate(slope_frame(pig, IND, Method.ML))
    assert split.ll == pytest.approx(together.ll, rel=1e-12)
    assert natural(split) == pytest.approx(natural(together), rel=1e-6)
    assert split.theta_names == ("lns1_1_1", "lns1_2_1", "lnsig_e")


def test_no_fixed_effects_at_all(pig):
    for method in Method:
        result = estimate(make_frame(pig, "weight", [], [("id", ID, ONE)], method))
        assert result.beta.shape == (0,)
        assert np.isnan(result.chi2)
        assert result.ll == pytest.approx(-1945.01213244, rel=1e-9)  # dense evaluation at the same optimum


def test_columns_of_wildly_different_size_do_not_disturb_each_other(pig):
    base = estimate(slope_frame(pig, UN, Method.ML))
    odd = estimate(slope_frame(pig | {"week": pig["week"] * 1e-9, "weight": pig["weight"] * 1e12}, UN, Method.ML))
    units = np.array([1e42, 1e24, 1e33, 1e24])
    assert natural(odd) == pytest.approx(natural(base) * units, rel=1e-7)


def spoiled(pig, **columns):
    return pig | columns


REFUSED = {
    "constant response": lambda pig: (spoiled(pig, weight=np.full(432, 3.0)), "id", 459),
    "a line": lambda pig: (spoiled(pig, weight=2 + 3 * pig["week"]), "id", 459),
    "no variation within groups": lambda pig: (
        spoiled(pig, weight=2 + 3 * pig["week"] + np.sin(pig["id"])),
        "id",
        459,
    ),
    "one group": lambda pig: (spoiled(pig, id=np.ones(432)), "id", 459),
    "one row per group": lambda pig: (spoiled(pig, id=np.arange(432.0)), "id", 2001),
    "two rows": lambda pig: ({name: values[:2] for name, values in pig.items()}, "id", 2001),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_estimator_can_solve_is_refused_in_words(pig, name):
    data, level, rc = REFUSED[name](pig)
    for method in Method:
        with pytest.raises(StataError) as error:
            estimate(make_frame(data, "weight", ["week", *ONE], [(level, ID, ONE)], method))
        assert error.value.rc == rc
        assert "nan" not in error.value.message.lower()


def test_more_random_effects_than_rows_are_refused(pig):
    data = pig | {"id": np.arange(432.0)}
    with pytest.raises(StataError, match="random effects at level id, but only 432 rows"):
        estimate(slope_frame(data))


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_values_that_are_not_numbers_are_refused(pig, value):
    frame = slope_frame(pig)
    y = frame.y.copy()
    y[17] = value
    with pytest.raises(StataError) as error:
        estimate(replace(frame, y=y))
    assert error.value.rc == 416


def test_hard_small_problems_end_with_an_answer_or_a_reason():
    """Two hundred rows or fewer, up to four effects: no NaN among estimates, no exception but StataError."""
    for seed in range(40):
        rng = np.random.default_rng(seed)
        name = list(MODELS)[seed % len(MODELS)]
        try:
            result = estimate(random_frame(name, rng, list(Method)[seed % 2]))
        except StataError:
            continue
        assert np.all(np.isfinite(natural(result)))
        assert np.all(np.isfinite(result.beta))
        assert result.record.converged
        assert result.ll >= result.ll_linear - 1e-8
        for block in result.blocks:
            assert np.linalg.eigvalsh(block.Sigma)[0] >= -1e-10 * max(1.0, np.abs(block.Sigma).max())
        ses = [p.se for p in result.parameters]
        assert all(np.isnan(se) or se >= 0 for se in ses)


def test_a_cancelled_fit_stops_with_break(pig):
    token = CancelToken()
    token.cancel()
    with pytest.raises(Break):
        estimate(slope_frame(pig), cancel=token)


def test_cancelling_during_the_search_stops_it(pig):
    token = CancelToken()
    seen = []

    def sink(event):
        seen.append(event)
        if event.stage == "em" and event.number == 2:
            token.cancel()

    with pytest.raises(Break):
        estimate(slope_frame(pig), sink=sink, cancel=token)
    assert seen[-1].number <= 3


class CountedToken(CancelToken):
    """Cancels itself at the given check."""

    def __init__(self, at):
        super().__init__()
        self.left = at

    def check(self):
        self.left -= 1
        if self.left <= 0:
            self.cancel()
        super().check()


@pytest.mark.parametrize("at", [1, 2, 3, 4, 5, 6])
def test_a_fit_of_many_rows_looks_for_a_cancel_request_in_every_chunk_of_its_passes(at):
    """Two passes of at least three chunks each come before the first iteration."""
    n = 300_000
    rng = np.random.default_rng(1)
    data = {"g": np.repeat(np.arange(3000.0), 100), "x": rng.normal(size=n), "y": rng.normal(size=n)}
    events = []
    frame = make_frame(data, "y", ["x", *ONE], [("g", UN, ["x", *ONE])])
    with pytest.raises(Break):
        estimate(frame, sink=events.append, cancel=CountedToken(at))
    assert not events
