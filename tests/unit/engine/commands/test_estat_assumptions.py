"""``estat assumptions``: flags what is there, and nothing merely because the sample is large."""

import numpy as np
import pandas as pd
import pytest

from engine.api import Session
from engine.postest.assumptions import between_classes


def _session(make, *, n_groups=60, size=30, model="mixed y x || g:"):
    rng = np.random.default_rng(5)
    g = np.repeat(np.arange(n_groups), size)
    x = rng.normal(size=len(g))
    u = rng.normal(size=n_groups)
    y = make(rng, x, u[g], g)
    session = Session(data=pd.DataFrame({"y": y, "x": x, "g": g, "t": np.tile(np.arange(float(size)), n_groups)}))
    assert session.run(model).rc == 0
    return session


def _status(session):
    outcome = session.run("estat assumptions")
    assert outcome.rc == 0, outcome.text
    return {row.name: row.status for row in outcome.tables["assumptions"].rows}


def test_a_true_model_is_not_flagged_however_large_the_sample():
    session = _session(lambda rng, x, u, g: 1 + x + u + rng.normal(size=len(x)), n_groups=400, size=50)
    assert set(_status(session).values()) == {""}


@pytest.mark.parametrize(
    ("key", "make"),
    [
        ("linearity", lambda rng, x, u, g: x + x**2 + u + rng.normal(size=len(x))),
        ("spread", lambda rng, x, u, g: 4 * x + u + np.exp(0.5 * x) * rng.normal(size=len(x))),
        ("residuals", lambda rng, x, u, g: x + u + rng.standard_t(2, size=len(x))),
        ("effects_g__cons", lambda rng, x, u, g: x + np.where(g < 5, 12, 0) + rng.normal(size=len(x))),
        ("influence", lambda rng, x, u, g: x + np.where(g == 3, 40 * x, 0) + u + rng.normal(size=len(x))),
    ],
)
def test_each_departure_is_flagged_where_it_is(key, make):
    assert _status(_session(make))[key] in ("look", "act")


def test_overlapping_predictors_are_named():
    session = _session(lambda rng, x, u, g: x + u + rng.normal(size=len(x)), model="mixed y x || g:")
    session.run("generate double z = x + 0.05 * t")
    session.run("mixed y x z || g:")
    table = session.run("estat assumptions").tables["assumptions"]
    row = next(row for row in table.rows if row.name == "collinearity")
    X = np.column_stack([session.data.numeric("x"), session.data.numeric("z")])
    r2 = np.corrcoef(X.T)[0, 1] ** 2
    assert row.values[0] == pytest.approx(1 / (1 - r2))
    assert row.status == "look"


def test_a_variance_of_zero_is_at_the_edge():
    session = _session(lambda rng, x, u, g: x + rng.normal(size=len(x)) - 0.9 * np.tile(rng.normal(size=30), 60))
    if session.mixed.result.record.at_boundary:
        assert _status(session)["boundary"] == "look"
    else:
        assert _status(session)["boundary"] == ""


def test_what_classes_explain_is_omega_squared():
    """Against sums of squares written out for two classes."""
    y = np.array([1.0, 2.0, 3.0, 7.0, 8.0, 9.0])
    x = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0])
    omega, p = between_classes(y, x)
    between, within = 54.0, 4.0
    assert omega == pytest.approx((between - within / 4) / (between + within + within / 4))
    assert p == pytest.approx(0.001826261, abs=1e-9)  # R: anova(lm(c(1,2,3,7,8,9) ~ rep(0:1, each=3)))
    assert between_classes(y, np.ones(6))[0] == 0.0


def test_every_line_fits_the_page_and_names_its_plot():
    session = _session(lambda rng, x, u, g: x + u + rng.normal(size=len(x)))
    text = session.run("estat assumptions").text
    assert max(map(len, text.splitlines())) <= 80
    for line in text.splitlines():
        if line.strip().startswith("see "):
            assert session.run(line.strip().removeprefix("see ")).rc == 0
