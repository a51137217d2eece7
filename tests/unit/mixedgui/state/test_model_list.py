"""The list of fits: rows, words for what changed, and the commands that compare."""

import pytest

from engine.api import Session, fit_figures
from mixedgui.state.model_changes import changed
from mixedgui.state.model_list import ModelList


@pytest.fixture
def session(data_file) -> Session:
    session = Session()
    assert session.run(f'use "{data_file("pig")}"').rc == 0
    return session


def run(session: Session, fits: ModelList, *commands: str) -> None:
    for command in commands:
        outcome = session.run(command)
        assert outcome.rc == 0, outcome.text
        active = session.estimates
        new = active is not None and not fits.knows(active)
        fits.take(active, session.stored, fit_figures(active) if new else None)


def test_each_fit_is_a_row_and_a_redisplay_is_none(session) -> None:
    fits = ModelList()
    run(session, fits, "mixed weight week || id:", "mixed, level(90)", "mixed weight week || id: week")
    assert [row.title for row in fits.rows] == ["fit 1", "fit 2"]
    assert [row.changes for row in fits.rows] == ["random intercept for id", "+ random slope of week"]
    # [ME] mixed, examples 1 and 2, and estimates stats: log likelihood -1014.927 and -869.0383; 4 and 5 parameters
    assert [f"{row.figures.ll:.3f}" for row in fits.rows] == ["-1014.927", "-869.038"]
    assert fits.rows[0].aic == "2,037.85"
    assert fits.rows[1].aic == "1,748.08"
    assert "ICC .772" in fits.rows[0].line
    assert fits.is_active(fits.rows[1])
    assert not fits.is_active(fits.rows[0])


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        ("mixed weight week || id:", "mixed weight week || id: week, cov(un)",
         "+ random slope of week, unstructured covariance"),
        ("mixed weight week || id: week", "mixed weight week || id:", "− random slope of week"),
        ("mixed weight week || id:", "mixed weight c.week##c.week || id:", "+ c.week##c.week, − week"),
        ("mixed weight week || id:", "mixed weight week || id:, reml", "REML"),
        ("mixed weight week || id:", "mixed weight week if week > 2 || id:", "another sample"),
        ("mixed weight week || id:", "mixed weight week || id:, residuals(ar 1, t(week))",
         "residuals autoregressive of order 1 over week"),
        ("mixed weight week || id:", "mixed weight week || id:", "the same model"),
        ("mixed weight week || id:", "mixed weight week || id:, vce(robust)", "robust standard errors"),
        ("mixed weight week || id:, vce(cluster id)", "mixed weight week || id:", "standard errors from the model"),
        ("mixed weight week || id:, reml", "mixed weight week || id:, reml dfmethod(kroger)",
         "degrees of freedom: Kenward–Roger"),
        ("mixed weight week || id:", "regress weight week", "regress instead"),
        ("mixed weight week || id:", "mixed weight week || _all: R.week || id:", "+ random intercept of week"),
    ],
)  # fmt: skip
def test_what_changed_is_said_in_words(session, before, now, words) -> None:
    session.run(before)
    first = session.estimates
    session.run(now)
    assert changed(first, session.estimates) == words


def test_the_first_fit_is_described_with_its_residuals_and_standard_errors(session) -> None:
    session.run("mixed weight week || id:, residuals(ar 1, t(week)) vce(robust)")
    words = "random intercept for id, residuals autoregressive of order 1 over week, robust standard errors"
    assert changed(None, session.estimates) == words


def test_stored_results_give_the_row_its_name_and_restoring_makes_it_active(session) -> None:
    fits = ModelList()
    run(session, fits, "mixed weight week || id:", "estimates store ri", "mixed weight week || id: week")
    assert [row.title for row in fits.rows] == ["ri", "fit 2"]
    assert fits.restore_command(fits.rows[0]) == "estimates restore ri"
    assert fits.restore_command(fits.rows[1]) == "mixed weight week || id: week"
    run(session, fits, "estimates restore ri")
    assert len(fits.rows) == 2
    assert fits.is_active(fits.rows[0])


def test_two_ticked_rows_give_a_test_that_runs_and_leaves_the_active_results_active(session) -> None:
    fits = ModelList()
    run(session, fits, "mixed weight week || id:", "mixed weight week || id: week")
    fits.tick(1, True)
    assert fits.why_no_test() == "Tick two models."
    fits.tick(2, True)
    assert fits.why_no_test() == ""
    # LR chi2(1) = 291.78: [ME] mixed, pig weights, the two log likelihoods -1014.9268 and -869.03825
    assert fits.summary().splitlines() == [
        "fit 2 against fit 1: + random slope of week",
        "LR χ²(1) = 291.78, p < 0.0001",
        "fit 2 has 1 parameter more than fit 1. AIC prefers fit 2 by 289.78.",
    ]
    command = fits.comparison("lrtest")
    assert command.split("\n") == [
        "estimates store fit2", "quietly mixed weight week || id:", "estimates store fit1", "lrtest fit2 fit1",
        "quietly estimates restore fit2",
    ]  # fmt: skip
    outcomes = list(session.run_each(command))
    assert [outcome.rc for outcome in outcomes] == [0] * 5
    chi2 = outcomes[3].tables["lrtest"].rows[0].values[0]
    assert float(chi2) == pytest.approx(2 * (1014.92683 - 869.03825), abs=2e-4)  # log likelihoods as the manual prints
    assert session.estimates.name == "fit2"


@pytest.mark.parametrize(
    ("small", "large", "tested"),
    [
        ("mixed weight week || id:", "mixed weight week || id:, residuals(ar 1, t(week))", True),
        ("mixed weight week || id:, residuals(ar 1, t(week))",
         "mixed weight week || id:, residuals(ar 2, t(week))", True),
        ("mixed weight week || id:, residuals(ar 1, t(week))",
         "mixed weight week || id:, residuals(toeplitz 2, t(week))", False),
        ("mixed weight week || id: week, cov(exch)", "mixed weight week || id: week, cov(un)", True),
        ("mixed weight week || id: week, cov(ident)", "mixed weight week || id: week", True),
        ("mixed weight || id:, reml", "mixed weight week || id:, reml", False),
    ],
)  # fmt: skip
def test_the_ratio_is_shown_only_for_models_that_lie_within_each_other(session, small, large, tested) -> None:
    fits = ModelList()
    run(session, fits, small, large)
    fits.tick(1, True)
    fits.tick(2, True)
    assert ("LR χ²" in fits.summary()) is tested


def test_a_third_tick_takes_the_place_of_the_first(session) -> None:
    fits = ModelList()
    run(session, fits, "mixed weight week || id:", "mixed weight || id:", "mixed weight week || id: week")
    for number in (1, 2, 3):
        fits.tick(number, True)
    assert [row.number for row in fits.ticked] == [2, 3]


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ("mixed weight week || id: week, reml", "REML"),
        ("mixed weight week if week > 1 || id: week", "numbers of observations"),
        ("mixed weight week || id:, residuals(independent)", "same number of parameters"),
        ("mixed weight week || id: week, vce(robust)", "Robust"),
    ],
)
def test_what_cannot_be_tested_says_why(session, second, reason) -> None:
    fits = ModelList()
    run(session, fits, "mixed weight week || id:", second)
    fits.tick(1, True)
    fits.tick(2, True)
    assert reason in fits.why_no_test()


def test_a_row_can_be_taken_off_the_list(session) -> None:
    fits = ModelList()
    run(session, fits, "mixed weight week || id:", "mixed weight || id:")
    fits.remove(1)
    assert [row.number for row in fits.rows] == [2]
    fits.clear()
    assert not fits.rows
