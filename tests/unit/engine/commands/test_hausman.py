"""``hausman``: the statistic from stored coefficients, and its printed layout, measured on published output."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from outcomes import ran

from engine.api import Session


@pytest.fixture
def session(data_file):
    session = Session()
    ran(session, f'use "{data_file("hsb")}"')
    for model in ("fe", "re", "mle"):
        ran(session, f"xtreg mathach ses female, {model} i(id)")
        ran(session, f"estimates store {model}")
    return session


def slopes(session, name, constant=0):
    ran(session, f"estimates restore {name}")
    b, V = session.e.matrices["b"].values[0], session.e.matrices["V"].values
    k = 2 + constant
    return b[:k], V[:k, :k]


def test_the_statistic_is_the_quadratic_form_of_the_differences(session):
    (b, V), (B, V_B) = slopes(session, "fe"), slopes(session, "re")
    ran(session, "hausman fe re")
    expected = (b - B) @ np.linalg.solve(V - V_B, b - B)
    assert session.r.scalars["chi2"] == pytest.approx(expected, rel=1e-9)
    assert session.r.scalars["df"] == session.r.scalars["rank"] == 2.0


def test_one_residual_variance_scales_one_of_the_matrices(session):
    (b, V), (B, V_B) = slopes(session, "fe"), slopes(session, "re")
    s2 = {}
    for name in ("fe", "re"):
        ran(session, f"estimates restore {name}")
        s2[name] = session.e.scalars["rmse"] ** 2
    for option, D in (
        ("sigmamore", V * s2["re"] / s2["fe"] - V_B),
        ("sigmaless", V - V_B * s2["fe"] / s2["re"]),
    ):
        ran(session, f"hausman fe re, {option}")
        assert session.r.scalars["chi2"] == pytest.approx((b - B) @ np.linalg.solve(D, b - B), rel=1e-9)
    ran(session, "hausman fe mle, sigmamore")


def test_the_table_is_laid_out_as_published(session):
    lines = ran(session, "hausman fe re").text.splitlines()
    start = lines.index("                 ---- Coefficients ----")
    assert lines[start + 1 : start + 4] == [
        "             |      (b)          (B)            (b-B)     sqrt(diag(V_b-V_B))",
        "             |       fe           re         Difference       Std. err.",
        "-------------+----------------------------------------------------------------",
    ]
    assert [len(line) for line in lines[start + 4 : start + 6]] == [71, 71]
    assert lines[start + 7 : start + 14] == [
        "                          b = Consistent under H0 and Ha; obtained from xtreg.",
        "           B = Inconsistent under Ha, efficient under H0; obtained from xtreg.",
        "",
        "Test of H0: Difference in coefficients not systematic",
        "",
        "    chi2(2) = (b-B)'[(V_b-V_B)^(-1)](b-B)",
        f"            = {session.r.scalars['chi2']:6.2f}",
    ]
    assert lines[start + 14] == "Prob > chi2 = 0.0000"


def test_matrices_that_do_not_allow_the_test_are_told_of(session):
    assert "(V_b-V_B is not positive definite)" in ran(session, "hausman fe re, constant").text
    text = ran(session, "hausman re fe").text
    assert "Warning: chi2 < 0 ==>" in text
    assert "Prob > chi2" not in text
    assert session.r.scalars["chi2"] < 0.0


def test_a_singular_difference_is_noted_and_has_fewer_degrees_of_freedom(session):
    ran(session, "regress mathach ses female")
    ran(session, "estimates store ols")
    text = ran(session, "hausman ols ols").text
    assert "Note: the rank of the differenced variance matrix (0) does not equal the" in text
    assert session.r.scalars["rank"] == 0.0


def test_degrees_of_freedom_and_headings_may_be_given(session):
    text = ran(session, 'hausman fe re, df(1) tconsistent(Within) tefficient("GLS") equations(1:1)').text
    assert "chi2(1) = " in text
    assert "Within        GLS " in text
    assert session.r.scalars["df"] == 1.0


def test_the_active_results_stand_in_for_a_second_name(session):
    ran(session, "estimates restore re")
    ran(session, "hausman fe")
    whole = session.r.scalars["chi2"]
    ran(session, "hausman fe .")
    assert session.r.scalars["chi2"] == whole


def test_a_mixed_model_may_be_the_efficient_fit(session):
    ran(session, "mixed mathach ses female || id:")
    text = ran(session, "hausman fe .").text
    assert "efficient under H0; obtained from mixed." in text


@pytest.mark.parametrize(
    ("command", "rc"),
    [
        ("hausman nothing", 111),
        ("hausman", 198),
        ("hausman fe re mle", 198),
        ("hausman fe re, sigmamore sigmaless", 198),
        ("hausman fe re, alleqs", 198),
        ("hausman fe re, equations(1:2)", 198),
        ("hausman robust re", 198),
        ("hausman fe other", 498),
    ],
)
def test_what_cannot_be_compared_is_refused(session, command, rc):
    ran(session, "xtreg mathach ses female, fe i(id) vce(robust)")
    ran(session, "estimates store robust")
    ran(session, "regress mathach minority")
    ran(session, "estimates store other")
    assert session.run(command).rc == rc
    ran(session, "hausman robust re, force")


def test_a_result_without_residual_variance_is_named():
    rng = np.random.default_rng(1)
    session = Session(data=pd.DataFrame({"id": np.repeat(np.arange(9), 5), "x": rng.normal(size=45)}))
    ran(session, "generate y = x + id/5 + sin(_n)")
    ran(session, "xtreg y x, fe i(id)")
    ran(session, "estimates store fe")
    ran(session, "mixed y x || id:")
    outcome = session.run("hausman fe ., sigmamore")
    assert outcome.rc == 498
    assert "neither e(rmse) nor e(sigma_e)" in outcome.text
