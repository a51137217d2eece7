"""``regress`` beyond its table: a constant among the variables, influence, tests of its assumptions; numbers of R 4."""

from __future__ import annotations

import numpy as np
import pytest
from outcomes import ran

from engine.api import Session


@pytest.fixture
def session(data_file):
    session = Session()
    ran(session, f'use "{data_file("hsb")}"')
    ran(session, "keep if id < 2000")
    ran(session, "regress mathach ses female")
    return session


def test_influence_of_an_observation(session):
    # R: m <- lm(mathach ~ ses + female, subset(hsb, id < 2000)); dfbetas(m)[10, ], dffits(m)[10], covratio(m)[10] ...
    for option in ("dfbeta(ses)", "dfbeta(female)", "dfits", "covratio", "leverage", "cooksd", "rstandard", "rstudent"):
        name = option.replace("(", "_").replace(")", "")
        ran(session, f"predict double v_{name}, {option}")
    found = session.data.to_pandas().iloc[9]
    expected = {
        "dfbeta_ses": -0.0395314541127,
        "dfbeta_female": -0.0544606009451,
        "dfits": 0.0874431581699,
        "covratio": 0.997790132886,
        "leverage": 0.00331630103351,
        "cooksd": 0.00254407123648,
        "rstandard": 1.51452681077,
        "rstudent": 1.51592438522,
    }
    for name, value in expected.items():
        assert found[f"v_{name}"] == pytest.approx(value, rel=1e-9), name
    ran(session, "predict double v_welsch, welsch")
    n = len(session.data.to_pandas())
    welsch = session.data.to_pandas().v_welsch.iloc[9]
    assert welsch == pytest.approx(expected["dfits"] * np.sqrt((n - 1) / (1 - expected["leverage"])), rel=1e-9)


def test_dfbeta_makes_a_variable_for_each_coefficient(session):
    text = ran(session, "dfbeta").text
    assert "Generating DFBETA variables ..." in text
    assert "     _dfbeta_2: DFBETA female" in text
    ran(session, "predict d, dfbeta(female)")
    data = session.data
    np.testing.assert_array_equal(data.numeric("d"), data.numeric("_dfbeta_2"))
    ran(session, "dfbeta ses, stub(x_)")
    assert "x_1" in session.data.names
    ran(session, "dfbeta ses")
    assert "_dfbeta_3" in session.data.names


def test_equal_variances_are_tested(session):
    # R: s <- r^2/mean(r^2); a <- lm(s ~ fitted(m)); sum((fitted(a) - 1)^2)/2, n * summary(a)$r.squared,
    # summary(lm(s ~ ses + female))$fstatistic
    text = ran(session, "estat hettest").text
    assert session.r.scalars["chi2"] == pytest.approx(0.07781667554, rel=1e-8)
    assert text.rstrip().splitlines()[-8:] == [
        "Breusch–Pagan/Cook–Weisberg test for heteroskedasticity",
        "Assumption: Normal error terms",
        "Variable: Fitted values of mathach",
        "",
        "H0: Constant variance",
        "",
        "    chi2(1) =   0.08",
        "Prob > chi2 = 0.7803",
    ]
    ran(session, "estat hettest, iid")
    assert session.r.scalars["chi2"] == pytest.approx(0.09659315657, rel=1e-8)
    ran(session, "estat hettest ses female, fstat")
    assert session.r.scalars["F"] == pytest.approx(1.820756651, rel=1e-8)
    assert session.r.scalars["df_r"] == 703.0
    ran(session, "estat hettest, rhs")
    assert session.r.scalars["chi2"] == pytest.approx(2.930986167, rel=1e-8)


def test_powers_left_out_are_tested(session):
    # R: y <- fitted(m); anova(m, lm(mathach ~ ses + female + I(y^2) + I(y^3) + I(y^4)))
    assert "F(3, 700) =   0.17" in ran(session, "estat ovtest").text
    assert session.r.scalars["p"] == pytest.approx(0.91507, abs=5e-6)
    # R: anova(m, lm(mathach ~ ses + female + I(ses^2) + I(ses^3) + I(ses^4))); powers of female are female
    ran(session, "estat ovtest, rhs")
    assert session.r.scalars["F"] == pytest.approx(0.86243, abs=5e-6)
    assert session.r.scalars["df"] == 3.0


def test_bias_corrected_robust_errors(session):
    # R: sqrt(diag(sandwich::vcovHC(m, "HC2"))), HC3
    for kind, expected in (("hc2", (0.302812745363, 0.486410964865)), ("hc3", (0.303822122009, 0.487442561777))):
        ran(session, f"regress mathach ses female, vce({kind})")
        se = np.sqrt(np.diag(session.e.matrices["V"].values))[:2]
        np.testing.assert_allclose(se, expected, rtol=1e-9)


def test_analytic_weights_count_in_the_hat_matrix(session):
    # R: w <- lm(mathach ~ ses + female, weights = size); coef(summary(w)); hatvalues(w)[10]
    ran(session, "regress mathach ses female [aweight=size]")
    assert session.e.matrices["b"].values[0, 0] == pytest.approx(4.36898740724, rel=1e-10)
    assert np.sqrt(session.e.matrices["V"].values[1, 1]) == pytest.approx(0.488748350668, rel=1e-10)
    ran(session, "predict double h, leverage")
    assert session.data.numeric("h")[9] == pytest.approx(0.00282718055446, rel=1e-9)
    assert session.run("estat hettest").rc == 404


@pytest.mark.parametrize("vce", ["", "vce(robust)"])
def test_a_constant_among_the_variables_gives_the_fit_of_a_model_with_one(session, vce):
    plain = ran(session, f"regress mathach ses i.sector, {vce}").e.scalars
    own = ran(session, f"regress mathach ses ibn.sector, hascons {vce}").e.scalars
    for name in ("F", "r2", "r2_a", "rmse", "df_m", "df_r", "ll_0"):
        assert own[name] == pytest.approx(plain[name], rel=1e-9), name
    assert len(session.e.matrices["b"].cols) == 3


def test_a_constant_that_is_not_among_the_variables_is_added(session):
    text = ran(session, "regress mathach ses female, hascons").text
    assert "(note: hascons false)" in text
    assert session.e.matrices["b"].cols[-1] == "_cons"


@pytest.mark.parametrize(
    ("command", "rc"),
    [
        ("regress mathach ses, tsscons", 198),
        ("regress mathach ses, noconstant hascons", 198),
        ("predict d, dfbeta(_cons)", 111),
        ("dfbeta nothing", 111),
        ("estat hettest, iid fstat", 198),
        ("estat hettest nothing", 111),
        ("estat ovtest ses", 198),
    ],
)
def test_what_cannot_be_is_refused(session, command, rc):
    assert session.run(command).rc == rc


def test_after_another_command_the_tests_say_what_they_need(session):
    ran(session, "mixed mathach ses || id:")
    for command in ("estat hettest", "estat ovtest", "dfbeta"):
        outcome = session.run(command)
        assert outcome.rc == 321
        assert "needs the results of regress" in outcome.text
