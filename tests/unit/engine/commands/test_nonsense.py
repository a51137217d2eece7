"""What makes no sense after a fit is refused with Stata's return code and a sentence, or explained; no traceback."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from outcomes import ran, refused

from engine.api import Session
from engine.inference.normality import normality


def panel():
    rng = np.random.default_rng(7)
    g = np.repeat(np.arange(1, 13), 5)
    x = rng.normal(size=60)
    return pd.DataFrame(
        {
            "id": np.arange(1, 61), "g": g, "x": x, "k": np.arange(60) % 3,
            "y": 2 + x + rng.normal(size=12)[g - 1] + rng.normal(size=60),
            "constant": 5.0, "nothing": np.nan,
        }
    )  # fmt: skip


@pytest.fixture
def session():
    return Session(panel())


@pytest.mark.parametrize(
    "command",
    [
        "predict p", "predict u*, reffects", "estat icc", "estat ic", "estat recovariance", "estat wcorrelation",
        "margins", "contrast k", "pwcompare k", "test x", "testparm x", "testnl _b[x]=1", "lincom x", "nlcom _b[x]",
        "lrtest a b", "estimates store a", "estimates replay", "mixed", "marginsplot", "diagplot rvf",
    ],
)  # fmt: skip
def test_nothing_comes_after_no_fit(session, command):
    outcome = session.run(command)
    assert outcome.rc in (111, 301), outcome.text
    assert outcome.error.details == ""
    assert "g" in session.data
    assert "p" not in session.data


def test_random_effects_need_as_many_names(session):
    ran(session, "mixed y x || g: x, covariance(unstructured)")
    refused(session, "predict u, reffects", 102, "there are 2 random effects")
    refused(session, "predict u v w, reffects", 103, "there are 2 random effects")
    refused(session, "predict u v, reffects reses(s)", 102, "2")
    refused(session, "predict u1 u2 u3, scores", 102, "")
    refused(session, "predict u v, fitted", 103, "")
    assert "u" not in session.data


def test_margins_of_omitted_terms_are_not_estimable(session):
    ran(session, "generate twice = 2*x", "mixed y x twice i.k || g:")
    text = ran(session, "margins, dydx(twice)").text
    assert "(not estimable)" in text
    assert "(not estimable)" in ran(session, "margins, at(twice=1)").text
    assert "(not estimable)" not in ran(session, "margins k").text
    refused(session, "margins g", 322, "g not found in list of covariates")
    refused(session, "margins x", 322, "continuous")


def test_margins_of_empty_cells_are_not_estimable(session):
    ran(session, "generate half = g > 6", "drop if k == 1 & half == 1", "mixed y i.k##i.half || g:")
    outcome = ran(session, "margins k#half")
    rows = {row.name: row.values[0] for row in outcome.tables["margins"].rows}
    assert np.isnan(rows["1.k#1.half"])
    assert not np.isnan(rows["1.k#0.half"])


@pytest.mark.parametrize(
    ("fits", "command", "words"),
    [
        (("mixed y x || g:", "mixed y i.k || g: x"), "lrtest a b", "not nested"),
        (("mixed y x || g:", "mixed y x i.k || g:, vce(robust)"), "lrtest a b", "robust"),
        (("mixed y x || g:", "mixed y x i.k if id > 5 || g:"), "lrtest a b", "observations differ: 55 vs. 60"),
        (("mixed y x if id < 56 || g:", "mixed y x i.k if id > 5 || g:"), "lrtest a b", "samples differ"),
        (("mixed y x || g:", "mixed x y i.k || g:"), "lrtest a b", "dependent variables differ"),
        (("mixed y x || g:, reml", "mixed y x i.k || g:"), "lrtest a b", "REML"),
        (("mixed y x || g:", "mixed y x || g:"), "lrtest a b", "as many parameters"),
        (("regress y x", "mixed y x i.k || g:"), "lrtest a b", "commands differ"),
        (("mixed y x || g:", "mixed y x i.k [pweight=id] || g:"), "lrtest a b", "robust"),
    ],
)
def test_likelihood_ratios_of_what_is_not_nested_are_refused(session, fits, command, words):
    for name, fit in zip("ab", fits, strict=True):
        ran(session, fit, f"estimates store {name}")
    refused(session, command, 498, words)


def test_after_the_data_have_changed(session):
    """What needs the estimation sample says that it is gone; what needs the coefficients only still works."""
    ran(session, "mixed y x i.k || g: x", "drop in 1/20")
    refused(session, "predict f, fitted", 459, "20 of the 60 observations of the estimation sample")
    refused(session, "predict u*, reffects", 459, "no longer in memory")
    ran(session, "predict xb", "test x", "lincom x", "estat ic", "estat recovariance", "margins")
    ran(session, "drop if id > 0")
    refused(session, "margins", 322, "e(sample) does not identify the estimation sample")
    refused(session, "estat summarize", 322, "not in memory")
    ran(session, "lincom x", "nlcom _b[x]^2", "contrast k", "estat icc")


def test_after_a_variable_is_gone_or_became_text(session):
    ran(session, "mixed y x i.k || g:", "drop x")
    refused(session, "predict xb", 111, "x not found")
    refused(session, "margins k", 111, "x not found")
    refused(session, "predict f, fitted", 111, "x not found")
    ran(session, "test x = 1", "estat icc")
    ran(session, 'generate x = "a"')
    refused(session, "margins k", 109, "text now")


@pytest.mark.parametrize(
    ("command", "rc", "words"),
    [
        ("mixed y x || id:", 459, "group of its own"),
        ("mixed y x || constant:", 459, "only one group"),
        ("mixed constant x || g:", 459, "does not vary"),
        ("mixed nothing x || g:", 2000, "no observations"),
        ("mixed y x if x > 99 || g:", 2000, "no observations"),
        ("mixed y i.k##i.id || g:", 2001, "insufficient observations"),
    ],
)
def test_models_that_cannot_be_told_apart_from_nothing_are_refused(session, command, rc, words):
    refused(session, command, rc, words)


PLOTS = (
    "qnorm {}", "pnorm {}", "histogram {}", "kdensity {}", "scatter y {}", "lowess y {}", "twoway lfit y {}",
    "graph box {}", "gladder {}", "qladder {}", "graph matrix y {}", "quantile {}",
)  # fmt: skip


@pytest.mark.parametrize("command", PLOTS)
def test_an_empty_variable_is_not_drawn(session, command):
    refused(session, command.format("nothing"), 2000, "no observations")


@pytest.mark.parametrize(
    "command", ["qnorm {}", "pnorm {}", "histogram {}", "kdensity {}", "lowess y {}", "twoway lfit y {}", "gladder {}"]
)
def test_a_constant_has_no_distribution_to_draw(session, command):
    outcome = session.run(command.format("constant"))
    assert outcome.rc == 459, outcome.text
    assert "vary" in outcome.error.message or "different values" in outcome.error.message


def test_rounding_is_no_variation():
    """1/sqrt(5) forty times: the mean differs from the values in the last digit only."""
    assert np.isnan(normality(np.full(40, 1 / np.sqrt(5.0))).chi2)
    values = 1e6 + np.random.default_rng(1).normal(size=50)
    assert np.isfinite(normality(values).chi2)


def test_infinite_values_are_missing_and_huge_ones_refused():
    frame = panel()
    frame.loc[3, "x"], frame.loc[5, "y"] = np.inf, -np.inf
    session = Session(frame)
    assert ran(session, "count if missing(x) | missing(y)").r.scalars["N"] == 2
    assert ran(session, "mixed y x || g:").e.scalars["N"] == 58
    ran(session, "replace x = 1e200 in 1")
    refused(session, "mixed y x || g:", 416, "too large to compute with")
    refused(session, "qnorm x", 459, "rescale the variable")
    ran(session, "generate z = exp(1000)")
    assert ran(session, "count if missing(z)").r.scalars["N"] == 60
