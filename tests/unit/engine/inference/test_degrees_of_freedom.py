"""Degrees of freedom of the fixed effects: the group-wise formulas against n x n algebra, and the simple methods."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from crossed import CROSSED, crossed_frame
from dense import covariance_ratio
from dense_smallsample import DenseSmallSample, derivatives
from frames import make_frame
from simulated import EXC, ID, IND, MODELS, UN, nested_data, random_frame

from engine.api import Session
from engine.design.rank import rank_of_fixed_and_random
from engine.design.rank_crossed import rank_of_crossed
from engine.errors import StataError
from engine.fit.estimate import estimate
from engine.inference.contrast import chi2_contrast, f_contrast
from engine.inference.ddf import degrees_of_freedom, fixed_effects, method_of
from engine.inference.kenward_roger import joint as kenward_roger_joint
from engine.spec.dfmethod import DfInformation, DfMethod, DfRequest
from engine.spec.mixed import Method

EIM, OIM = DfInformation.EXPECTED, DfInformation.OBSERVED
KR, SAT = DfMethod.KROGER, DfMethod.SATTERTHWAITE


def dense(frame, result):
    V = result.sigma2 * covariance_ratio(frame, [whole(block) / result.sigma2 for block in result.blocks])
    return DenseSmallSample(frame.X, frame.y, V, derivatives(frame))


REFUSED = {
    "an exchangeable factor",
    "an exchangeable factor above a level",
    "an exchangeable factor, slopes and a level",
}
"""A covariance common to all rows of a group is no different from its constant."""


def whole(block):
    """Return Sigma of an equation; of a factor that of two of its values."""
    if block.n_values == 0:
        return block.Sigma
    variance = block.Sigma[0, 0]
    return np.array([[variance, block.covariance], [block.covariance, variance]])


def inference(result, frame, method, information=EIM):
    return degrees_of_freedom(result, DfRequest(method, information), lambda: frame)


def agree_with_plain_algebra(frame):
    result = estimate(frame)
    assert result.record.converged
    full = dense(frame, result)
    slopes = np.eye(frame.X.shape[1])[:, [i for i, c in enumerate(frame.columns) if not c.is_constant]]
    b = slopes.T @ result.beta
    for information in (EIM, OIM):
        kind = information.value
        if information not in result.uncertainty.W:
            assert np.linalg.eigvalsh(full.information[kind])[0] <= 0
            assert information is OIM
            continue
        singles = [full.single(c, kind) for c in np.eye(frame.X.shape[1])]

        sat = inference(result, frame, SAT, information)
        assert sat.df == pytest.approx(singles, rel=1e-6)
        assert sat.vcov == pytest.approx(full.Phi, rel=1e-6, abs=1e-9)
        if np.isfinite(sat.ddf_model):
            assert sat.ddf_model == pytest.approx(full.satterthwaite(slopes, kind), rel=1e-6)
            F = b @ np.linalg.solve(slopes.T @ full.Phi @ slopes, b) / len(b)
            assert pytest.approx(sat.F, rel=1e-6) == F

        kr = inference(result, frame, KR, information)
        adjusted = full.adjusted(kind)
        assert kr.df == pytest.approx(sat.df, nan_ok=True)
        assert kr.vcov == pytest.approx(adjusted, rel=1e-6, abs=1e-9)
        ddf, scale = full.kenward_roger(slopes, kind)
        assert kr.ddf_model == pytest.approx(ddf, rel=1e-6)
        F = scale * b @ np.linalg.solve(slopes.T @ adjusted @ slopes, b) / len(b)
        assert pytest.approx(kr.F, rel=1e-6) == F


@pytest.mark.parametrize("name", sorted(MODELS))
def test_approximate_methods_equal_the_formulas_of_the_manual_in_plain_algebra(name):
    top, most_rows = {1: (9, 9), 2: (5, 9), 3: (4, 5), 4: (3, 3)}[len(MODELS[name])]
    agree_with_plain_algebra(random_frame(name, np.random.default_rng(5), Method.REML, top=top, most_rows=most_rows))


@pytest.mark.parametrize("name", sorted(set(CROSSED) - REFUSED))
def test_they_do_with_crossed_effects(name):
    frame = crossed_frame(name, np.random.default_rng(4), Method.REML)
    agree_with_plain_algebra(frame)


def test_any_contrast_is_tested_as_in_plain_algebra():
    frame = random_frame("two levels, unstructured", np.random.default_rng(2), Method.REML, top=8)
    result = estimate(frame)
    full = dense(frame, result)
    C = np.array([[1.0, 1.0], [-2.0, 0.0], [0.0, 3.0]])[: frame.X.shape[1]]
    r = np.array([0.5, 1.0])
    d = C.T @ result.beta - r
    chi2 = chi2_contrast(result, C, r)
    assert chi2.chi2 == pytest.approx(d @ np.linalg.solve(C.T @ full.Phi @ C, d))
    assert chi2.df == 2
    for method in (SAT, KR):
        fitted = replace(result, ddf=inference(result, frame, method))
        test = f_contrast(fitted, C, r)
        if method is SAT:
            assert test.ddf == pytest.approx(full.satterthwaite(C, "eim"), rel=1e-7)
            assert pytest.approx(test.F) == chi2.chi2 / 2
        else:
            ddf, scale = full.kenward_roger(C, "eim")
            V = C.T @ full.adjusted("eim") @ C
            assert (test.ddf, test.F) == pytest.approx((ddf, scale * d @ np.linalg.solve(V, d) / 2), rel=1e-7)
    with pytest.raises(StataError, match="dfmethod"):
        f_contrast(result, C)


def test_a_contrast_that_follows_from_the_others_changes_nothing():
    frame = random_frame("one level, unstructured of three", np.random.default_rng(3), Method.REML, top=9, most_rows=9)
    result = estimate(frame)
    p = frame.X.shape[1]
    C = np.eye(p)[:, :2]
    repeated = np.column_stack((C, 2 * C[:, 0] - 3 * C[:, 1]))
    fitted = replace(result, ddf=inference(result, frame, KR))
    plain, more = f_contrast(fitted, C), f_contrast(fitted, repeated)
    assert (more.F, more.df, more.ddf) == pytest.approx((plain.F, 2, plain.ddf))


def test_calendar_years_and_units_leave_degrees_of_freedom_alone():
    rng = np.random.default_rng(8)
    data = nested_data(rng, 1, top=12)
    shifted = data | {"a": data["a"] * 1e-4 + 2000.0, "y": 1e6 * data["y"] + 1e8}
    found = []
    for each in (data, shifted):
        frame = make_frame(each, "y", ["a", "b", "_cons"], [("l0", UN, ["a", "_cons"])], Method.REML)
        result = estimate(frame)
        ddf = inference(result, frame, KR)
        found.append((ddf.df[:2], ddf.F, ddf.ddf_model))
    for before, after in zip(*found, strict=True):
        assert after == pytest.approx(before, rel=1e-6)


def test_a_linear_model_has_the_exact_degrees_of_freedom_by_every_method():
    rng = np.random.default_rng(4)
    data = nested_data(rng, 1)
    frame = make_frame(data, "y", ["a", "b", "_cons"], [], Method.REML)
    result = estimate(frame)
    n = len(frame.y)
    for method in (DfMethod.RESIDUAL, DfMethod.ANOVA, SAT, KR):
        found = inference(result, frame, method)
        assert found.df == pytest.approx(np.full(3, n - 3.0))
        assert found.ddf_model == pytest.approx(n - 3.0)
        assert found.vcov == pytest.approx(result.vcov_beta, rel=1e-10, abs=1e-14)


def test_a_variance_of_zero_keeps_the_expected_information():
    data = nested_data(np.random.default_rng(0), 1, balanced=True, top=6)
    data["y"] -= np.array([data["y"][data["l0"] == g].mean() for g in data["l0"]])  # no differences between groups
    frame = make_frame(data, "y", ["_cons"], [("l0", ID, ["_cons"])], Method.REML)
    result = estimate(frame)
    assert result.blocks[0].Sigma[0, 0] == 0.0
    full = dense(frame, result)
    assert inference(result, frame, SAT).df[0] == pytest.approx(full.single(np.ones(1), "eim"))
    assert np.isnan(inference(result, frame, SAT).F)


def test_levels_that_cannot_be_told_apart_have_the_degrees_of_freedom_of_one():
    rng = np.random.default_rng(9)
    data = nested_data(rng, 1, top=10)
    data["same"] = data["l0"]
    one = make_frame(data, "y", ["a", "_cons"], [("l0", ID, ["_cons"])], Method.REML)
    two = make_frame(data, "y", ["a", "_cons"], [("l0", ID, ["_cons"]), ("same", ID, ["_cons"])], Method.REML)
    found = [inference(estimate(frame), frame, KR) for frame in (one, two)]
    assert found[1].df == pytest.approx(found[0].df, rel=1e-5)


def test_maximum_likelihood_has_no_approximate_degrees_of_freedom():
    frame = random_frame("one level, intercept", np.random.default_rng(1), Method.ML)
    result = estimate(frame)
    assert result.uncertainty is None
    found = inference(result, frame, SAT)
    assert np.isnan(found.df).all()
    assert np.isnan(found.ddf_model)


def test_repeated_measures_are_split_between_and_within_groups():
    """A split plot by hand: 6 groups of 4, w constant within them, f a factor of three levels that varies."""
    g = np.repeat(np.arange(6.0), 4)
    f = np.tile([0.0, 1.0, 2.0, 1.0], 6)
    f[f == 2.0] = np.where(g[f == 2.0] == 0, 0.0, 2.0)  # 2.f is constant in group 0 but belongs to f
    y = np.random.default_rng(0).normal(size=24) + g
    data = {"g": g, "f": f, "w": np.floor(g / 2), "y": y}
    frame = make_frame(data, "y", ["1.f", "2.f", "w", "_cons"], [("g", ID, ["_cons"])])
    found = inference(estimate(frame), frame, DfMethod.REPEATED)
    assert list(found.df) == [24 - 6 - 2, 24 - 6 - 2, 6 - 2, 6 - 2]
    assert np.isnan(found.ddf_model)  # slopes with different degrees of freedom have no common ones


def test_anova_takes_the_smallest_number_of_groups_of_a_random_covariate():
    data = nested_data(np.random.default_rng(6), 2, balanced=True)
    frame = make_frame(
        data,
        "y",
        ["a", "b", "c", "_cons"],
        [("l0", IND, ["a", "_cons"]), ("l1", EXC, ["a", "b"])],
    )
    found = inference(estimate(frame), frame, DfMethod.ANOVA)
    top, low = frame.levels[0].n_groups, frame.levels[1].n_groups
    rank = np.linalg.matrix_rank(whole_matrix(frame))
    assert list(found.df) == [top - 1, low - 1, len(frame.y) - rank, top - 1]


def whole_matrix(frame):
    """[X Z] with the columns of every group, and of every value of a factor in it."""
    columns = [frame.X]
    for block in frame.blocks:
        codes = frame.levels[block.level].codes
        if block.factor is not None:
            codes = codes * block.factor.n_levels + block.factor.codes
        columns += [block.Z * (codes == group)[:, None] for group in np.unique(codes)]
    return np.column_stack(columns)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_the_rank_of_fixed_and_random_effects_is_that_of_the_whole_matrix(name):
    frame = random_frame(name, np.random.default_rng(12), top=4)
    assert rank_of_fixed_and_random(frame) == np.linalg.matrix_rank(whole_matrix(frame))


@pytest.mark.parametrize("name", sorted(CROSSED))
def test_so_is_that_of_crossed_effects(name):
    frame = crossed_frame(name, np.random.default_rng(12), Method.ML)
    assert rank_of_crossed(frame) == np.linalg.matrix_rank(whole_matrix(frame))


def test_single_contrasts_of_exact_methods_need_one_kind_of_coefficient():
    data = nested_data(np.random.default_rng(7), 1, top=10)
    frame = make_frame(data, "y", ["a", "_cons"], [("l0", ID, ["_cons"])])
    model = fixed_effects(estimate(frame), EIM, lambda: frame)
    repeated = method_of(DfMethod.REPEATED)
    within, between = repeated.coefficients(model)
    assert repeated.single(model, np.array([2.0, 0.0])) == within
    assert repeated.single(model, np.array([0.0, 1.0])) == between
    assert np.isnan(repeated.single(model, np.array([1.0, 1.0])))


def test_the_scaled_f_of_one_contrast_is_the_squared_t():
    frame = random_frame("two levels, unstructured", np.random.default_rng(2), Method.REML, top=8)
    result = estimate(frame)
    model = fixed_effects(result, EIM, lambda: frame)
    c = np.eye(frame.X.shape[1])[0]
    joint = kenward_roger_joint(model, c[:, None])
    assert joint.scale == pytest.approx(1.0)
    assert joint.ddf == pytest.approx(method_of(KR).single(model, c))


def test_coefficients_of_one_factor_are_all_within_where_one_of_them_is():
    """Levels 1 and 2 change within groups; level 3 is that of whole groups, as are the dummies of ``between``."""
    codes = np.repeat(np.arange(10), 4)
    level = np.where(codes < 3, 3.0, np.tile([1.0, 2.0], 20))
    between = codes % 3 + 1.0
    y = np.random.default_rng(2).normal(size=40)
    session = Session(data=pd.DataFrame({"y": y, "f": level, "b": between, "g": codes}))
    e = session.run("mixed y i.f i.b || g:, reml dfmethod(repeated)").e
    df = dict(zip(e.matrices["df"].cols, e.matrices["df"].values[0], strict=True))
    within, groups = 40 - 10 - 2, 10 - 3
    assert [df[f"y:{name}"] for name in ("2.f", "3.f", "2.b", "3.b", "_cons")] == [
        within,
        within,
        groups,
        groups,
        groups,
    ]
