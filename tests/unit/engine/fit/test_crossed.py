"""Crossed effects against n x n algebra and finite differences, in every form in which they are computed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from crossed import CROSSED, ID, UN, crossed_data, crossed_frame
from dense import profile_criterion
from differences import central
from frames import make_frame

import engine.fit.crossed as crossed_module
from engine.design import coupling
from engine.design.crossed import make_crossed_design
from engine.design.equivalent import equivalent
from engine.errors import Break, StataError
from engine.events import CancelToken
from engine.fit.crossed import CrossedCriterion
from engine.fit.estimate import estimate
from engine.fit.memory import check_memory
from engine.fit.search import log_likelihood
from engine.fit.symmetric import product, symmetric_inverse
from engine.spec.mixed import CovarianceKind, Method

FORMS = ("as chosen", "one level and dense products", "one level and sparse products")


def make_criterion(frame, form="as chosen"):
    model = equivalent(frame, one_level=form != "as chosen")
    cancel = CancelToken()
    design = make_crossed_design(model, cancel)
    return CrossedCriterion(model, frame, design, reml=frame.method is Method.REML, cancel=cancel)


def random_theta(criterion, rng):
    return criterion.layout.from_root(rng.normal(size=criterion.layout.size))[0]


def reported_Psis(criterion, frame, theta):
    """Psi of every block in the metric of the data; for a factor that of two of its values."""
    out = [np.zeros((0, 0))] * len(frame.blocks)
    for block in criterion.layout.blocks:
        own = block.map_to_data(criterion.design.basis.random_maps[block.block]) @ theta[block.parameters]
        out[block.block] = block.shown.matrix(own)
    return out


@pytest.fixture(params=[(name, Method.REML, form) for name in CROSSED for form in FORMS])
def case(request, monkeypatch):
    name, method, form = request.param
    if form == FORMS[2]:
        monkeypatch.setattr(coupling, "_FEW_NUMBERS", 0)
    rng = np.random.default_rng(list(CROSSED).index(name))
    frame = crossed_frame(name, rng, method)
    criterion = make_criterion(frame, form)
    return frame, criterion, random_theta(criterion, rng)


def test_the_value_is_that_of_plain_dense_algebra(case):
    frame, criterion, theta = case
    value = -2.0 * log_likelihood(criterion(theta, 0).value, criterion.design, reml=criterion.reml)
    want = profile_criterion(frame, reported_Psis(criterion, frame, theta), reml=criterion.reml)
    assert value == pytest.approx(want, rel=1e-10)
    likelihood = make_criterion(replace(frame, method=Method.ML))
    value = -2.0 * log_likelihood(likelihood(theta, 0).value, likelihood.design, reml=False)
    assert value == pytest.approx(
        profile_criterion(frame, reported_Psis(likelihood, frame, theta), reml=False), rel=1e-10
    )


def test_derivatives_are_those_of_finite_differences(case):
    _, criterion, theta = case
    at = criterion(theta, 2)
    slope = central(lambda moved: criterion(moved, 0).value, theta)
    assert at.gradient == pytest.approx(slope, rel=0, abs=2e-6 * (1.0 + np.abs(at.gradient).max()))
    curve = central(lambda moved: criterion(moved, 1).gradient, theta)
    assert at.hessian == pytest.approx(curve, rel=0, abs=2e-6 * (1.0 + np.abs(at.hessian).max()))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", CROSSED)
def test_zero_variances_are_ordinary_points(name, form, monkeypatch):
    if form == FORMS[2]:
        monkeypatch.setattr(coupling, "_FEW_NUMBERS", 0)
    rng = np.random.default_rng(5)
    frame = crossed_frame(name, rng, Method.REML)
    criterion = make_criterion(frame, form)
    theta = np.zeros(criterion.layout.size)
    at = criterion(theta, 2)
    want = profile_criterion(frame, reported_Psis(criterion, frame, theta), reml=True)
    assert -2.0 * log_likelihood(at.value, criterion.design, reml=True) == pytest.approx(want, rel=1e-10)
    variances = [b.parameters.start for b in criterion.layout.blocks]
    for k in variances:
        # one-sided differences of order two: only f at theta >= 0 is used
        f = []
        for steps in (1.0, 2.0):
            moved = theta.copy()
            moved[k] = steps * 1e-4
            f.append(criterion(moved, 0).value)
        slope = (4 * f[0] - f[1] - 3 * at.value) / 2e-4
        assert at.gradient[k] == pytest.approx(slope, rel=1e-4, abs=1e-3 * (1.0 + abs(at.gradient[k])))


def test_a_negative_common_covariance_is_allowed_while_the_matrix_is_positive():
    rng = np.random.default_rng(3)
    for name in (
        "a factor within a level, exchangeable",
        "an exchangeable factor crossed",
        "an exchangeable factor, slopes and a level",
    ):
        frame = crossed_frame(name, rng, Method.ML)
        for form in FORMS[:2]:
            criterion = make_criterion(frame, form)
            theta = criterion.layout.from_root(rng.normal(size=criterion.layout.size))[0]
            factor = next(b for b in criterion.layout.blocks if b.structure.kind is CovarianceKind.EXCHANGEABLE)
            theta[factor.parameters] = 0.7, -0.13  # a + 5 b = 0.05
            value = -2.0 * log_likelihood(criterion(theta, 0).value, criterion.design, reml=False)
            want = profile_criterion(frame, reported_Psis(criterion, frame, theta), reml=False)
            assert value == pytest.approx(want, rel=1e-10)


def test_average_information_leads_to_the_same_optimum(monkeypatch):
    for name in ("three factors", "a large factor above a slope", "an exchangeable factor crossed"):
        frame = crossed_frame(name, np.random.default_rng(11), Method.REML, n=300)
        exact = estimate(frame)
        monkeypatch.setattr(crossed_module, "_QUICK", 0)
        quick = estimate(frame)
        monkeypatch.undo()
        assert quick.ll == pytest.approx(exact.ll, rel=1e-11)
        assert quick.theta == pytest.approx(exact.theta, abs=1e-5, nan_ok=True)
        assert quick.vcov_theta == pytest.approx(exact.vcov_theta, rel=1e-4, abs=1e-8, nan_ok=True)


def test_average_information_bears_factors_that_cannot_be_told_apart(monkeypatch):
    data = crossed_data(np.random.default_rng(2), 200)
    data["again"] = data["a"]
    equations = [("_all", ID, ["R.b"]), ("_all", ID, ["R.a"]), ("_all", ID, ["R.again"])]
    exact = estimate(make_frame(data, "y", ["x", "_cons"], equations))
    monkeypatch.setattr(crossed_module, "_QUICK", 0)
    quick = estimate(make_frame(data, "y", ["x", "_cons"], equations))
    assert quick.ll == pytest.approx(exact.ll, rel=1e-10)
    assert quick.parameters[1].estimate + quick.parameters[2].estimate == pytest.approx(
        exact.parameters[1].estimate + exact.parameters[2].estimate, rel=1e-5
    )


EQUIVALENT = {
    "one factor is a level": ([("_all", ID, ["R.a"])], [("a", ID, ["_cons"])]),
    "two factors, or a factor above a level": (
        [("_all", ID, ["R.a"]), ("_all", ID, ["R.b"])],
        [("_all", ID, ["R.b"]), ("a", ID, ["_cons"])],
    ),
    "a level within a level, or a factor within it": (
        [("c", ID, ["_cons"]), ("a", ID, ["_cons"])],
        [("c", ID, ["_cons"]), ("c", ID, ["R.a"])],
    ),
    "a slope above a factor within its level": (
        [("c", UN, ["x", "_cons"]), ("a", ID, ["_cons"])],
        [("c", UN, ["x", "_cons"]), ("c", ID, ["R.a"])],
    ),
}


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("name", EQUIVALENT)
def test_equivalent_forms_have_the_same_fit(name, method):
    data = crossed_data(np.random.default_rng(2), 200)
    first, second = (estimate(make_frame(data, "y", ["x", "_cons"], each, method)) for each in EQUIVALENT[name])
    assert first.ll == pytest.approx(second.ll, rel=1e-11)
    assert first.beta == pytest.approx(second.beta, abs=1e-7)
    variances = [sorted(p.estimate for p in result.parameters) for result in (first, second)]
    assert variances[0] == pytest.approx(variances[1], rel=1e-5)


def test_a_nested_factor_becomes_an_ordinary_level():
    data = crossed_data(np.random.default_rng(2), 200)
    data["inner"] = 10.0 * data["a"] + data["d"]
    frame = make_frame(data, "y", ["_cons"], [("_all", ID, ["R.inner"]), ("_all", ID, ["R.a"])])
    model = equivalent(frame)
    assert model.nested == 2
    assert model.n_crossed == 0
    assert model.names == ("a", "inner")


def test_the_largest_factor_is_eliminated_first():
    model = equivalent(crossed_frame("three factors", np.random.default_rng(2), Method.ML))
    assert model.names[: model.nested] == ("b",)
    assert model.n_crossed == 5 + 4


def test_a_model_that_does_not_fit_is_refused_with_its_numbers(monkeypatch):
    monkeypatch.setattr("engine.fit.memory.memory_of_machine", lambda: 1000.0)
    model = equivalent(crossed_frame("three factors", np.random.default_rng(2), Method.ML))
    with pytest.raises(StataError, match=r"9 effects in one block: 4 of c, 5 of a") as error:
        check_memory(model)
    assert error.value.rc == 909


@pytest.mark.parametrize("m", [1, 5, 96, 97, 300])
def test_the_symmetric_inverse_and_its_determinant(m):
    rng = np.random.default_rng(m)
    B = rng.normal(size=(m, m))
    K = B @ B.T + np.eye(m)
    inverse, log_det = symmetric_inverse(K, CancelToken())
    assert inverse @ K == pytest.approx(np.eye(m), abs=1e-8)
    assert inverse == pytest.approx(inverse.T, abs=1e-12 * np.abs(inverse).max())
    assert log_det == pytest.approx(np.linalg.slogdet(K)[1], rel=1e-12)


def test_long_products_hear_a_stop(monkeypatch):
    monkeypatch.setattr("engine.fit.symmetric._STRIPE", 1)
    cancel = CancelToken()
    A = np.random.default_rng(1).normal(size=(200, 30))
    assert product(A, A.T, cancel) == pytest.approx(A @ A.T)
    cancel.cancel()
    with pytest.raises(Break):
        product(A, A.T, cancel)
