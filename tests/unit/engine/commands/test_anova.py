"""``anova``: the table of the manual's repeated-measures example, and sums of squares of R."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from outcomes import ran

from engine.api import Session

MANUAL = """
                         Number of obs =         20    R-squared     =  0.9244
                         Root MSE      =    3.06594    Adj R-squared =  0.8803

                  Source | Partial SS         df         MS        F    Prob>F
              -----------+----------------------------------------------------
                   Model |       1379          7         197     20.96  0.0000
                         |
                  person |      680.8          4       170.2     18.11  0.0001
                    drug |      698.2          3   232.73333     24.76  0.0000
                         |
                Residual |      112.8         12         9.4
              -----------+----------------------------------------------------
                   Total |     1491.8         19   78.515789


Between-subjects error term:  person
                     Levels:  5         (4 df)
     Lowest b.s.e. variable:  person

Repeated variable: drug
                                          Huynh-Feldt epsilon        =  1.0789
                                          *Huynh-Feldt epsilon reset to 1.0000
                                          Greenhouse-Geisser epsilon =  0.6049
                                          Box's conservative epsilon =  0.3333

                                            ------------ Prob > F ------------
                  Source |     df      F    Regular    H-F      G-G      Box
              -----------+----------------------------------------------------
                    drug |      3    24.76   0.0000   0.0000   0.0006   0.0076
                Residual |     12
              ----------------------------------------------------------------
"""
"""[ME] mixed, example 13."""

WINER = (
    (1, 1, ((45, 53, 60), (40, 52, 57), (28, 37, 46))),
    (2, 1, ((35, 41, 50), (30, 37, 47), (25, 32, 41))),
    (3, 1, ((60, 65, 75), (58, 54, 70), (40, 47, 50))),
    (1, 2, ((50, 48, 61), (25, 34, 51), (16, 23, 35))),
    (2, 2, ((42, 45, 55), (30, 37, 43), (22, 27, 37))),
    (3, 2, ((56, 60, 77), (40, 39, 57), (31, 29, 46))),
)
"""Table 7.13 of Winer, Brown and Michels: subject, noise, and scores by period and dial."""


@pytest.fixture
def drugs(data_file):
    session = Session()
    ran(session, f'use "{data_file("t43")}"')
    return session


@pytest.fixture
def schools(data_file):
    session = Session()
    ran(session, f'use "{data_file("hsb")}"')
    ran(session, "keep if id < 3000")
    return session


def table(outcome):
    data = outcome.tables["anova"]
    return {row.name: dict(zip(data.columns, row.values, strict=True)) for row in data.rows}


def squares(session):
    e = session.e
    return {e.macros[f"term_{i}"]: e.scalars[f"ss_{i}"] for i in range(1, 20) if f"term_{i}" in e.macros}


def test_the_manuals_example_is_printed_as_it_is(drugs):
    assert ran(drugs, "anova score person drug, repeated(drug)").text.strip("\n") == MANUAL.strip("\n")
    assert ran(drugs, "anova").text.strip("\n") == MANUAL.strip("\n")


def test_results_have_the_names_of_the_manual(drugs):
    ran(drugs, "anova score person drug, repeated(drug)")
    e = drugs.e
    assert (e.macros["cmd"], e.macros["sstype"], e.macros["repvars"]) == ("anova", "partial", "drug")
    assert (e.macros["term_2"], e.macros["errorterm_2"]) == ("drug", "Residual")
    assert (e.scalars["ss_2"], e.scalars["df_2"], e.scalars["dfdenom_2"]) == (pytest.approx(698.2), 3.0, 12.0)
    assert e.scalars["gg1"] == pytest.approx(0.6049, abs=5e-5)
    assert (e.scalars["N_bse"], e.scalars["df_bse"]) == (5.0, 4.0)
    assert e.matrices["Srep1"].values.shape == (4, 4)


def test_the_regression_behind_it_serves_other_commands(drugs):
    ran(drugs, "anova score person drug")
    assert "R-squared" in ran(drugs, "regress").text
    ran(drugs, "margins drug")
    ran(drugs, "predict r, rstudent")
    assert "24.76" in ran(drugs, "contrast drug").text
    assert "24.76" in ran(drugs, "testparm i.drug").text
    ran(drugs, "estat ic")


def test_error_terms_and_two_repeated_variables_give_the_published_epsilons():
    rows = [
        (subject, noise, period, dial, score)
        for subject, noise, scores in WINER
        for period, own in enumerate(scores, 1)
        for dial, score in enumerate(own, 1)
    ]
    frame = pd.DataFrame(rows, columns=["subject", "noise", "period", "dial", "score"])
    frame["person"] = frame.subject + 3 * (frame.noise - 1)
    session = Session(data=frame)
    for name in ("subject", "person"):
        text = ran(
            session,
            f"anova score noise / {name}|noise period noise#period / period#{name}|noise "
            f"dial noise#dial / dial#{name}|noise period#dial noise#period#dial, repeated(period dial)",
        ).text
        s = session.e.scalars
        # R: aov(score ~ noise*period*dial + Error(person/(period*dial))), persons numbered throughout
        np.testing.assert_allclose(
            [s[f"ss_{i}"] for i in range(1, 11)],
            [468.166667, 2491.111111, 3722.333333, 333.0, 234.888889, 2370.333333, 50.333333, 105.555556,
             10.666667, 11.333333], rtol=1e-7,
        )  # fmt: skip
        assert s["F_1"] == pytest.approx(468.166667 / (2491.111111 / 4), rel=1e-7)
        assert "F_2" not in s
        # Winer, Brown and Michels (1991), section 7: corrections of the three within-subject effects
        published = (
            ("hf1", 1.0668),
            ("gg1", 0.6476),
            ("hf2", 2.0788),
            ("gg2", 0.9171),
            ("hf3", 1.3258),
            ("gg3", 0.5134),
        )
        for key, value in published:
            assert s[key] == pytest.approx(value, abs=5e-5)
        assert "Covariance pooled over:  noise     (for repeated variables)" in text
        assert "Repeated variables: period#dial" in text
        assert f"     Lowest b.s.e. variable:  {name}" in text


def test_partial_sums_of_unbalanced_data_are_those_of_contrasts_that_sum_to_zero(schools):
    # R: options(contrasts = c("contr.sum", "contr.poly")); drop1(lm(mathach ~ factor(sector)*factor(female)+ses), ~.)
    ran(schools, "anova mathach sector##female c.ses")
    found = squares(schools)
    expected = {"sector": 2144.382578, "female": 1025.377536, "sector#female": 25.12064369, "ses": 9628.836638}
    assert found == {name: pytest.approx(value, rel=1e-8) for name, value in expected.items()}
    ran(schools, "anova mathach female##minority sector##c.ses")
    found = squares(schools)
    assert found["sector"] == pytest.approx(3056.777011, rel=1e-8)
    assert found["ses"] == pytest.approx(4989.590555, rel=1e-8)
    assert found["sector#ses"] == pytest.approx(412.257551, rel=1e-8)


def test_sequential_sums_add_up_to_the_model(schools):
    # R: anova(lm(mathach ~ factor(sector) + factor(female) + ses + factor(sector):factor(female)))
    outcome = ran(schools, "anova mathach sector female c.ses sector#female, sequential")
    assert "    Seq. SS " in outcome.text
    found = squares(schools)
    expected = {"sector": 4416.297937, "female": 2120.000714, "ses": 9637.060720, "sector#female": 25.12064369}
    assert found == {name: pytest.approx(value, rel=1e-8) for name, value in expected.items()}
    assert sum(found.values()) == pytest.approx(schools.e.scalars["mss"], rel=1e-9)


def test_a_term_that_is_an_error_term_is_tested_behind_a_closing_slash(schools):
    outcome = ran(schools, "anova mathach sector / id|sector /")
    lines = outcome.text.splitlines()
    own = [line for line in lines if line.lstrip().startswith("id|sector |")]
    assert len(own) == 2
    assert len(own[0].split()) == 5  # name, bar, sum, degrees of freedom, mean square
    assert len(own[1].split()) == 7
    s, rows = schools.e.scalars, table(outcome)
    assert s["F_1"] == pytest.approx(rows["sector"]["ms"] / rows["id|sector"]["ms"])
    assert s["F_2"] == pytest.approx(rows["id|sector"]["ms"] / rows["Residual"]["ms"])


def test_weights_count_observations(schools):
    ran(schools, "generate w = 1 + female")
    ran(schools, "anova mathach sector [fweight=w]")
    once = squares(schools)
    ran(schools, "expand w")
    ran(schools, "anova mathach sector")
    assert squares(schools) == {"sector": pytest.approx(once["sector"], rel=1e-9)}


@pytest.mark.parametrize(
    ("command", "rc"),
    [
        ("anova", 301),
        ("anova score nothing", 111),
        ("anova score person drug, repeated(score)", 198),
        ("anova score drug, repeated(drug)", 421),
        ("anova score person#drug / / drug", 198),
        ("anova score person drug / ", None),
        ("anova score / person", 198),
        ("anova score person# drug#", 198),
        ("anova score (person drug)", 198),
        ("anova score i.person c.person", 198),
        ("anova score person##drug|score", 198),
        ("anova score person drug, noconstant", 198),
        ("anova score person drug, bse(person)", 198),
        ("anova score person drug, partial sequential", 198),
        ("anova score person drug [pw=1]", 101),
    ],
)
def test_what_cannot_be_is_refused(drugs, command, rc):
    outcome = drugs.run(command)
    assert outcome.rc == (rc or 0), outcome.text


def test_empty_cells_leave_sequential_sums(drugs):
    ran(drugs, "drop if person == 2 & drug == 3")
    outcome = drugs.run("anova score person##drug")
    assert outcome.rc == 459
    assert "person#drug has empty cells" in outcome.text
    ran(drugs, "anova score person##drug, sequential")
    assert drugs.run("anova score person drug, repeated(drug)").rc == 459
    ran(drugs, "anova score person drug")


def test_a_saturated_model_has_no_tests(drugs):
    outcome = ran(drugs, "anova score person##drug")
    assert table(outcome)["Residual"]["df"] == 0.0
    assert np.isnan(table(outcome)["drug"]["F"])
    ran(drugs, "anova score person / person#drug drug")


def test_a_term_is_tested_against_another_one(drugs):
    ran(drugs, "anova score person drug")
    text = ran(drugs, "test drug").text
    assert "                    drug |      698.2          3   232.73333     24.76  0.0000" in text
    assert "                Residual |      112.8         12         9.4" in text
    assert drugs.r.scalars["F"] == pytest.approx(24.75886524822696)
    ran(drugs, "test drug / person")
    assert drugs.r.scalars["F"] == pytest.approx((698.2 / 3) / (680.8 / 4))
    assert drugs.r.scalars["df_r"] == 4.0
    ran(drugs, "test 2.drug = 3.drug")
    assert drugs.run("test drug / nothing").rc == 198
