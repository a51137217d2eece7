"""``estat recovariance``, ``sd``, ``wcorrelation``, ``summarize`` and ``vce``."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from outcomes import ran, refused

from engine.api import Session

UNSTRUCTURED = "mixed weight week || id: week, cov(unstructured)"


@pytest.fixture
def pigs(data_file):
    session = Session()
    ran(session, f'use "{data_file("pig")}"', UNSTRUCTURED)
    return session


def test_the_covariance_matrix_of_the_random_effects_is_that_of_the_table(pigs):
    outcome = ran(pigs, "estat recovariance")
    assert outcome.text == (
        "\nRandom-effects covariance matrix for level id\n\n"
        "             |      week      _cons\n"
        "-------------+----------------------\n"
        "        week |  .3715246\n"
        "       _cons | -.0984375   6.823355\n\n"
    )
    G = pigs.estimates.result.blocks[0].Sigma
    assert outcome.r.matrices["Cov2"].values.tolist() == G.tolist()
    assert outcome.r.matrices["Cov2"].rows == ("id:week", "id:_cons")
    correlation = ran(pigs, "estat recov, corr relevel(id)").r.matrices["Corr2"].values
    assert correlation[0, 1] == pytest.approx(G[0, 1] / np.sqrt(G[0, 0] * G[1, 1]))


def test_every_level_has_its_matrix_and_equations_of_a_level_stand_in_blocks(data_file):
    session = Session()
    ran(session, f'use "{data_file("productivity")}"')
    ran(session, "mixed gsp private || region: hwy unemp, cov(identity) || region: || state:")
    outcome = ran(session, "estat recovariance")
    first, second = outcome.r.matrices["Cov3"], outcome.r.matrices["Cov2"]
    assert first.rows == ("region:hwy", "region:unemp", "region:_cons")
    assert second.rows == ("state:_cons",)
    blocks = session.estimates.result.blocks
    assert np.diag(first.values) == pytest.approx([blocks[0].Sigma[0, 0]] * 2 + [blocks[1].Sigma[0, 0]])
    assert first.values[0, 2] == 0.0
    refused(session, "estat recovariance, relevel(gsp)", 198, "region, state")


def test_standard_deviations_with_their_covariance_matrix(pigs, oracle):
    """Delta method against the covariance matrix of the variances in ``shared/oracles``."""
    expected = oracle("pig_slope_un_ml")
    outcome = ran(pigs, "estat sd")
    names = ("id:sd(week)", "id:sd(_cons)", "id:corr(week,_cons)", "Residual:sd(Residual)")
    assert outcome.r.matrices["b"].cols == names
    variances = np.array([row["estimate"] for row in expected["random"]])
    V = np.array(expected["vcov_random"])
    in_variances = ran(pigs, "estat sd, variance").r.matrices["V"].values
    assert in_variances == pytest.approx(V, rel=2e-4, abs=1e-8)
    sd = np.sqrt(variances[[0, 1, 3]])
    rho = variances[2] / (sd[0] * sd[1])
    J = np.zeros((4, 4))
    J[0, 0], J[1, 1], J[3, 3] = 1 / (2 * sd)
    J[2] = [-rho / (2 * variances[0]), -rho / (2 * variances[1]), 1 / (sd[0] * sd[1]), 0]
    assert outcome.r.matrices["V"].values == pytest.approx(J @ V @ J.T, rel=5e-4, abs=1e-8)
    assert [row.values[1] for row in outcome.tables["random"].rows] == pytest.approx(
        np.sqrt(np.diag(outcome.r.matrices["V"].values)), rel=1e-8
    )
    assert "                   sd(_cons) |   2.612155" in outcome.text


def test_verbose_shows_and_post_keeps_the_parameters(pigs):
    outcome = ran(pigs, "estat sd, verbose post")
    assert "        week |   6.209896" in outcome.text
    assert outcome.e.matrices["b"].cols[0] == "weight:week"
    ratio = ran(pigs, "nlcom _b[id:sd(week)]/_b[id:sd(_cons)]").r.matrices["b"].values[0, 0]
    b = outcome.e.matrices["b"].values[0]
    assert ratio == pytest.approx(b[2] / b[3])


def test_covariances_within_a_group_are_zgz_plus_r(pigs):
    outcome = ran(pigs, "estat wcorrelation")
    result = pigs.estimates.result
    week = np.arange(1.0, 10.0)
    Z = np.column_stack((week, np.ones(9)))
    V = Z @ result.blocks[0].Sigma @ Z.T + result.sigma2 * np.eye(9)
    sd = np.sqrt(np.diag(V))
    assert outcome.r.matrices["Cov"].values == pytest.approx(V)
    assert outcome.r.matrices["sd"].values[0] == pytest.approx(sd)
    assert outcome.r.matrices["Corr"].values == pytest.approx(V / np.outer(sd, sd))
    assert outcome.text.startswith("\nStandard deviations and correlations for id = 1:\n\nStandard deviations:\n\n")
    assert "          sd |  2.932   3.084" in outcome.text
    listed = ran(pigs, "estat wcorrelation, at(id=3) covariance list").text
    assert "Variances and covariances for id = 3:" in listed
    assert "  9. |  3      9       76 |" in listed


def test_correlations_over_levels_and_crossed_effects(data_file):
    session = Session()
    ran(session, f'use "{data_file("productivity")}"', "mixed gsp private || region: || state:")
    result = session.estimates.result
    top, low = (block.Sigma[0, 0] for block in result.blocks)
    outcome = ran(session, "estat wcorrelation, all covariance")
    V = outcome.r.matrices["Cov"].values
    assert outcome.r.macros["path"] == "region = 1"
    assert V[0, -1] == pytest.approx(top)
    assert V[0, 1] == pytest.approx(top + low)
    assert V[0, 0] == pytest.approx(top + low + result.sigma2)
    assert ran(session, "estat wcorrelation").r.macros["path"] == "region = 1, state = 6"
    ran(session, f'use "{data_file("penicillin")}", clear')
    names = session.data.names
    diameter, plate, sample = (next(n for n in names if n.startswith(w)) for w in ("diam", "plate", "sample"))
    ran(session, f"mixed {diameter} || _all: R.{sample} || {plate}:")
    first, second = session.estimates.result.blocks
    V = ran(session, "estat wcorrelation").r.matrices["Cov"].values
    assert V[0, 0] == pytest.approx(first.Sigma[0, 0] + second.Sigma[0, 0] + session.estimates.result.sigma2)
    assert V[0, 1] == pytest.approx(second.Sigma[0, 0])


def test_values_of_an_exchangeable_factor_share_their_covariance():
    rng = np.random.default_rng(3)
    g, third = np.repeat(np.arange(8), 6), np.tile([0, 0, 1, 1, 2, 2], 8)
    y = 2.0 * rng.normal(size=8)[g] + rng.normal(size=24)[np.repeat(np.arange(24), 2)] + 0.5 * rng.normal(size=48)
    session = Session(data=pd.DataFrame({"y": y, "g": g, "t": third}))
    ran(session, "mixed y || g: R.t, cov(exchangeable)")
    block, sigma2 = session.mixed.result.blocks[0], session.mixed.result.sigma2
    outcome = ran(session, "estat wcorrelation, covariance")
    same = np.kron(np.eye(3), np.ones((2, 2)))
    expected = np.where(same == 1.0, block.Sigma[0, 0], block.covariance) + sigma2 * np.eye(6)
    assert block.covariance > 0.1
    assert outcome.r.matrices["Cov"].values == pytest.approx(expected, rel=1e-9)


def test_structured_residuals_bring_their_times(data_file):
    session = Session()
    ran(session, f'use "{data_file("ovary")}"')
    ran(session, "mixed follicles sin1 cos1 || mare:, residuals(ar 1, t(time))")
    outcome = ran(session, "estat wcorrelation")
    R = outcome.r.matrices["R"].values
    rho = next(p.estimate for p in session.estimates.result.parameters if p.name == "rho")
    assert R[0, 1] / R[0, 0] == pytest.approx(rho)
    assert R[0, 3] / R[0, 0] == pytest.approx(rho**3)
    assert "        time |" in outcome.text


def test_the_sample_is_summarized(pigs):
    ran(pigs, "mixed weight week if id < 10 || id:")
    outcome = ran(pigs, "estat summarize")
    table = outcome.tables["summarize"]
    assert table.columns == ("N", "mean", "sd", "min", "max")
    frame = pigs.data.to_pandas().query("id < 10")
    for row in table.rows:
        values = frame[row.name]
        assert row.values == pytest.approx((81, values.mean(), values.std(), values.min(), values.max()))
    assert "Estimation sample mixed" in outcome.text
    only = ran(pigs, "estat summarize id week").tables["summarize"].rows
    assert [(row.name, row.values[1]) for row in only] == [("id", frame["id"].mean()), ("week", frame["week"].mean())]
    ran(pigs, "drop in 1/500" if pigs.data.n_obs > 500 else "drop if id < 10")
    refused(pigs, "estat summarize", 322, "not in memory")


def test_the_covariance_matrix_of_the_estimates(pigs):
    outcome = ran(pigs, "estat vce")
    assert outcome.r.matrices["V"].values.tolist() == pigs.e.matrices["V"].values.tolist()
    assert outcome.text.startswith("\nCovariance matrix of coefficients of mixed model\n\n")
    only = ran(pigs, "estat vce, correlation equation(weight)").r.matrices["V"]
    V = pigs.e.matrices["V"].values
    assert only.rows == ("weight:week", "weight:_cons")
    assert only.values[0, 1] == pytest.approx(V[0, 1] / np.sqrt(V[0, 0] * V[1, 1]))
    blocks = ran(pigs, "estat vce, block equation(weight lns1_1_1)").text
    titles = [line for line in blocks.splitlines() if line.startswith("Covariances of")]
    assert titles == [
        "Covariances of equation weight",
        "Covariances of equation lns1_1_1 (row) by equation weight (column)",
        "Covariances of equation lns1_1_1",
    ]
    assert " (row) by " not in ran(pigs, "estat vce, diag").text
    ran(pigs, "regress weight week")
    assert ran(pigs, "estat vce").r.matrices["V"].rows == ("week", "_cons")


@pytest.mark.parametrize(
    ("command", "rc", "words"),
    [
        ("estat recovariance id", 198, "not expected"),
        ("estat wcorrelation, at(week=3)", 198, "no level of the model"),
        ("estat wcorrelation, at(id=99)", 2000, "no such group"),
        ("estat wcorrelation, at(id)", 198, "at(level = value)"),
        ("estat wcorrelation, at(id=1) all", 198, "may not be combined"),
        ("estat sd, correlation", 198, "not allowed with estat sd"),
        ("estat vce, equation(foo)", 111, "foo"),
        ("estat vce, covariance correlation", 198, "may not be combined"),
    ],
)
def test_what_cannot_be_shown_is_refused(pigs, command, rc, words):
    refused(pigs, command, rc, words)


def test_matrices_of_random_effects_need_a_mixed_model_with_some(pigs):
    ran(pigs, "mixed weight week")
    refused(pigs, "estat recovariance", 321, "random effects")
    ran(pigs, "regress weight week")
    for command in ("recovariance", "sd", "wcorrelation"):
        refused(pigs, f"estat {command}", 321, "after regress")


def test_a_group_of_the_lowest_level_is_named_by_its_path(data_file):
    session = Session()
    ran(session, f'use "{data_file("productivity")}"', "mixed gsp private || region: || state:")
    plain = ran(session, "estat wcorrelation, at(region=2 state=36)")
    assert plain.text.startswith("\nStandard deviations and correlations for region = 2, state = 36:\n")
    commas = ran(session, "estat wcorrelation, at(state==36, region = 2)")
    assert commas.r.matrices["Cov"].values.tolist() == plain.r.matrices["Cov"].values.tolist()
    refused(session, "estat wcorrelation, at(region)", 198, "incorrectly specified")
    refused(session, "estat wcorrelation, at(region=2 36)", 198, "incorrectly specified")


def test_the_sample_is_summarized_with_the_weights_of_the_fit(pigs):
    """Frequency weights repeat observations; sampling weights weigh the mean, with divisor n - 1 in the variance."""
    frame = pigs.data.to_pandas()
    ran(pigs, "regress weight week [fweight=week]")
    repeated = frame.loc[frame.index.repeat(frame["week"])]
    row = ran(pigs, "estat summarize").tables["summarize"].rows[0]
    assert row.values[:3] == pytest.approx((2160, repeated["weight"].mean(), repeated["weight"].std()))
    ran(pigs, "regress weight week [pweight=week]")
    w = frame["week"] / frame["week"].sum()
    mean = float(w @ frame["weight"])
    sd = np.sqrt(432 / 431 * float(w @ (frame["weight"] - mean) ** 2))
    row = ran(pigs, "estat summarize").tables["summarize"].rows[0]
    assert row.values[:3] == pytest.approx((432, mean, sd))
    row = ran(pigs, "estat summarize, noweights").tables["summarize"].rows[0]
    assert row.values[:3] == pytest.approx((432, frame["weight"].mean(), frame["weight"].std()))
