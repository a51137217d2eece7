"""What the data must be for each residual structure: the first offending group and value are named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session


@pytest.fixture
def session():
    """Six groups of four rows: t counts 1 to 4, s is t with a repetition in group 3, u is t plus a half in group 2."""
    rng = np.random.default_rng(1)
    g = np.repeat(np.arange(1, 7), 4)
    t = np.tile([1.0, 2.0, 3.0, 4.0], 6)
    repeated, half = t.copy(), t.copy()
    repeated[(g == 3) & (t == 4)] = 1.0
    half[(g == 2) & (t == 3)] = 3.5
    varying = (g > 3).astype(float)
    varying[(g == 5) & (t == 4)] = 0.0
    frame = pd.DataFrame(
        {
            "g": g, "t": t, "repeated": repeated, "half": half, "negative": t - 3.0, "varying": varying,
            "b": (g > 3).astype(float), "name": np.where(g > 3, "x", "y"), "apart": t + 10.0 * (g - 1),
            "one": np.arange(24.0),
            "y": rng.normal(size=24) + np.repeat(rng.normal(size=6), 4), "x": rng.normal(size=24),
        }
    )  # fmt: skip
    return Session(data=frame)


@pytest.mark.parametrize(
    ("residuals", "rc", "words"),
    [
        ("ar 1, t(repeated)", 451, ("repeated time values", "repeated is 1", "in g 3")),
        ("unstructured, t(repeated)", 451, ("in g 3",)),
        ("exponential, t(repeated)", 451, ("in g 3",)),
        ("ar 1, t(half)", 459, ("integers", "in g 2 it is 3.5")),
        ("har, t(half)", 459, ("integers", "in g 2 it is 3.5")),
        ("hexchangeable, t(negative)", 459, ("nonnegative", "in g 1 it is -2")),
        ("har, t(repeated)", 451, ("in g 3",)),
        ("hexchangeable, t(t) by(varying)", 459, ("varying is not constant", "in g 5")),
        ("har, t(apart)", 459, ("a single observation at apart 1,",)),
        ("har 2, t(t)", 198, ("har has order 1 only",)),
        ("hexchangeable 1, t(t)", 198, ("takes no order",)),
        ("har", 198, ("har) needs t()",)),
        ("toeplitz, t(half)", 459, ("in g 2 it is 3.5",)),
        ("unstructured, t(negative)", 459, ("nonnegative", "in g 1 it is -2")),
        ("banded, t(half)", 459, ("in g 2 it is 3.5",)),
        ("exchangeable, by(varying)", 459, ("varying is not constant", "in g 5", "1 and 0")),
        ("ar 1, t(t) by(varying)", 459, ("in g 5",)),
        ("banded 4, t(t)", 198, ("0 to 3",)),
        ("toeplitz 4, t(t)", 198, ("largest distance", "is 3")),
        ("ar 7, t(t)", 198, ("is 3",)),
        ("unstructured, t(apart)", 459, ("6 groups are too few", "24 values of apart")),
        ("banded 1, t(apart)", 459, ("no group has observations both at apart 4 and at 11",)),
        ("ar 1, t(name)", 109, ("t(name)",)),
        ("independent, by(name)", 109, ("by(name)",)),
        ("ar 1, t(nothing)", 111, ("nothing",)),
    ],
)
def test_data_that_do_not_fit_are_refused_with_the_place(session, residuals, rc, words):
    outcome = session.run(f"mixed y x || g:, residuals({residuals})")
    assert outcome.rc == rc
    assert outcome.error.details == ""
    for word in words:
        assert word in outcome.error.message


def test_more_variances_than_make_sense_are_refused():
    t = np.tile(np.arange(45.0), 3)
    data = pd.DataFrame({"y": np.sin(7.0 * np.arange(135.0)), "g": np.repeat([1.0, 2.0, 3.0], 45), "t": t})
    outcome = Session(data=data).run("mixed y || g:, noconstant residuals(hexchangeable, t(t))")
    assert outcome.rc == 459
    assert "t has 45 values" in outcome.error.message
    assert "at most 40" in outcome.error.message


def test_groups_of_one_have_no_correlation(session):
    outcome = session.run("mixed y x || one:, noconstant residuals(exchangeable)")
    assert outcome.rc == 459
    assert "single observation" in outcome.error.message


@pytest.mark.parametrize(
    "residuals",
    [
        "independent, by(varying)",
        "exponential, t(half)",
        "exponential, t(negative)",
        "ar 1, t(negative)",
        "ma, t(t)",
        "har, t(t) by(b)",
    ],
)
def test_data_that_fit_are_accepted(session, residuals):
    outcome = session.run(f"mixed y x || g:, noconstant residuals({residuals})")
    assert outcome.rc == 0, outcome.text


def test_a_time_that_is_not_needed_is_ignored_with_a_note(session):
    outcome = session.run("mixed y x || g:, noconstant residuals(exchangeable, t(t))")
    assert "Note: t() not required for this residual structure; ignored" in outcome.text
    assert "all random-effects equations are empty" not in outcome.text


def test_rows_without_time_or_by_are_left_out(session):
    session.run("replace t = . if g == 1")
    outcome = session.run("mixed y x || g:, noconstant residuals(ar 1, t(t))")
    assert outcome.e.scalars["N"] == 20
