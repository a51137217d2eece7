"""``set dp comma``: what is printed and drawn has decimal commas, everything else keeps the point."""

from __future__ import annotations

import pytest

from engine.api import Session
from engine.data.formats import shown_numbers, use_decimal_comma, with_decimal_commas


@pytest.fixture
def session():
    session = Session()
    session.run("use sleepstudy")
    session.run("set dp comma")
    yield session
    use_decimal_comma(False)


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("1.5", "1,5"),
        ("-.25", "-,25"),
        ("1,234.5", "1.234,5"),
        ("Number of obs = 7,185", "Number of obs = 7.185"),
        ("Log likelihood = -23320.502", "Log likelihood = -23320,502"),
        ("(12.29048, 13.02477)", "(12,29048, 13,02477)"),
        ("1.2e-05.", "1,2e-05."),
        ("a sentence. Another 5.", "a sentence. Another 5."),
        ("%9.2f", "%9.2f"),
        ("release 0.1.0", "release 0.1.0"),
        ("data/run_2.5/x1.5.csv", "data/run_2.5/x1.5.csv"),
        ("1.sector#c.ses", "1.sector#c.ses"),
        ("1.234,50", "1.234,50"),  # of a format with a comma
    ],
)
def test_numbers_in_a_text(printed, shown):
    assert with_decimal_commas(printed) == shown


def test_results_have_commas_and_their_numbers_stay_numbers(session):
    outcome = session.run("mixed reaction days || subject:")
    assert " 10,46729 " in outcome.text  # the slope: 10.46729 under R, lme4::lmer(Reaction ~ Days + (1 | Subject))
    assert " 10.46729 " not in outcome.text
    slope = outcome.tables["fixed"].rows[0].values[0]
    assert slope == pytest.approx(10.46729, abs=1e-5)


def test_commands_macros_and_files_keep_the_point(session, tmp_path):
    session.run("local x = 1/8")
    assert session.run("display `x' + 1").text.strip() == "1,125"
    session.run("generate half = days + .5")
    session.run(f'export delimited days half using "{tmp_path / "out.csv"}"')
    assert "0,.5" in (tmp_path / "out.csv").read_text() or "0,0.5" in (tmp_path / "out.csv").read_text()
    assert session.run("generate third = half * 1.5").rc == 0


def test_an_error_quotes_what_was_typed(session):
    outcome = session.run("display 1.5 +")
    assert outcome.rc != 0
    assert "," not in outcome.error.message or "1,5" not in outcome.error.message


def test_period_brings_the_point_back(session):
    assert session.run("display 1.5").text == "1,5\n"
    assert session.run("display c(dp)").text == "comma\n"
    session.run("set dp period")
    assert session.run("display 1.5").text == "1.5\n"
    assert shown_numbers("1.5") == "1.5"


def test_there_is_no_other_sign(session):
    outcome = session.run("set dp semicolon")
    assert (outcome.rc, outcome.error.message) == (198, "set dp takes comma or period, not semicolon")


def test_axes_have_commas(session):
    from engine.graphs.appearance import tick_text

    assert tick_text("-12.5") == "\N{MINUS SIGN}12,5"
    assert tick_text("2.5 mg") == "2.5 mg"  # a label that somebody wrote
