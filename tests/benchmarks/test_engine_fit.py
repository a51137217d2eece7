"""The numerical core alone: from arrays in memory to a converged fit with standard errors.

Timed with ``--benchmark-enable``; otherwise each case runs once, as a test. Goals: docs of the engine, section 1.
"""

from __future__ import annotations

import numpy as np
import pytest
from frames import make_frame, read_csv

from engine.design.blocks import make_design
from engine.events import CancelToken
from engine.fit.criterion import Criterion
from engine.fit.em import starting_theta
from engine.fit.estimate import estimate
from engine.fit.layout import make_layout
from engine.postest.blups import blups
from engine.spec.mixed import CovarianceKind, Method

UN, ID = CovarianceKind.UNSTRUCTURED, CovarianceKind.IDENTITY
ONE = ["_cons"]
HSB = ["ses", "meanses", "c.ses#c.meanses", "1.sector", "1.sector#c.ses", "1.female", "1.female#c.meanses"]
HSB = [*HSB, "1.female#1.sector", *ONE]


def simulated(n, groups, seed=7):
    """Random intercept (sd 1) and slope (sd .5), residual sd 1."""
    rng = np.random.default_rng(seed)
    g = np.sort(rng.integers(0, groups, n))
    x = rng.normal(size=n)
    u = rng.normal(size=(groups, 2)) * [1.0, 0.5]
    data = {"g": g.astype(float), "x": x, "y": 2.0 + x + u[g, 0] + u[g, 1] * x + rng.normal(size=n)}
    return make_frame(data, "y", ["x", *ONE], [("g", UN, ["x", *ONE])], Method.REML)


@pytest.fixture(scope="module")
def hsb(data_file):
    data = read_csv(data_file("hsb").with_suffix(".csv"))
    return make_frame(data, "mathach", HSB, [("id", UN, ["female", *ONE])])


@pytest.fixture(scope="module")
def tutoring(data_file):
    data = read_csv(data_file("tutoring").with_suffix(".csv.gz"))
    levels = ("dist_id", "school_id", "teach_id", "student_id")
    return make_frame(data, "perform", ["tutoring", *ONE], [(level, ID, ONE) for level in levels], Method.REML)


@pytest.mark.benchmark(group="core, one level, vector")
def test_hsb(benchmark, hsb):
    assert benchmark(estimate, hsb).ll == pytest.approx(-23218.8537, abs=1e-3)


@pytest.mark.benchmark(group="core, nested")
def test_tutoring(benchmark, tutoring):
    assert benchmark(estimate, tutoring).record.converged


@pytest.mark.benchmark(group="core, nested")
def test_tutoring_predictions(benchmark, tutoring):
    result = estimate(tutoring)
    assert len(benchmark(blups, result, tutoring)) == 4


@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.benchmark(group="core, one evaluation, 50,000 groups")
def test_evaluation(benchmark, order):
    frame = simulated(200_000, 50_000)
    design = make_design(frame, CancelToken())
    criterion = Criterion(design, make_layout(design.levels, frame.blocks), reml=True)
    assert np.isfinite(benchmark(criterion, starting_theta(criterion), order).value)


@pytest.mark.slow
@pytest.mark.benchmark(group="core, large n")
def test_million_rows(benchmark):
    frame = simulated(1_000_000, 50_000)
    assert benchmark.pedantic(estimate, (frame,), rounds=5, warmup_rounds=1).record.converged


@pytest.mark.slow
@pytest.mark.benchmark(group="core, large n")
def test_ten_million_rows(benchmark):
    frame = simulated(10_000_000, 200_000)
    assert benchmark.pedantic(estimate, (frame,), rounds=2).record.converged
