"""tabulate with summaries and measures of association, tab1, tab2, tabstat."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from outcomes import refused

from engine.api import Session


@pytest.fixture
def session():
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"a": rng.integers(0, 2, 60), "b": rng.integers(1, 4, 60), "x": rng.normal(size=60)})
    return Session(data=frame)


def table_of(session):
    return pd.crosstab(session.data.to_pandas()["a"], session.data.to_pandas()["b"]).to_numpy(dtype=float)


def test_the_likelihood_ratio_and_v_are_those_of_their_formulas(session):
    session.run("tabulate a b, chi2 lrchi2 V")
    n = table_of(session)
    expected = np.outer(n.sum(1), n.sum(0)) / n.sum()
    chi2 = ((n - expected) ** 2 / expected).sum()
    assert session.r.scalars["chi2"] == pytest.approx(chi2, rel=1e-12)
    assert session.r.scalars["chi2_lr"] == pytest.approx(2 * (n * np.log(n / expected)).sum(), rel=1e-12)
    assert session.r.scalars["CramersV"] == pytest.approx(math.sqrt(chi2 / n.sum()), rel=1e-12)


def test_gamma_and_tau_b_count_pairs(session):
    session.run("tabulate a b, gamma taub")
    frame = session.data.to_pandas()
    a, b = frame["a"].to_numpy(dtype=float), frame["b"].to_numpy(dtype=float)
    signs = np.sign(a[:, None] - a) * np.sign(b[:, None] - b)
    concordant, discordant = (signs > 0).sum() / 2, (signs < 0).sum() / 2
    untied = [(np.sign(v[:, None] - v) != 0).sum() / 2 for v in (a, b)]
    assert session.r.scalars["gamma"] == pytest.approx((concordant - discordant) / (concordant + discordant), rel=1e-12)
    assert session.r.scalars["taub"] == pytest.approx((concordant - discordant) / math.sqrt(untied[0] * untied[1]))


def test_fishers_exact_test():
    # R: fisher.test(matrix(c(3, 1, 1, 3), 2))$p.value = 0.4857143; alternative = "greater": 0.2428571
    session = Session(data=pd.DataFrame({"r": [0, 0, 1, 1], "c": [0, 1, 0, 1], "n": [3, 1, 1, 3]}))
    text = session.run("tabulate r c [fw=n], exact").text
    assert session.r.scalars["p_exact"] == pytest.approx(34 / 70, rel=1e-12)
    assert session.r.scalars["p1_exact"] == pytest.approx(17 / 70, rel=1e-12)
    assert (
        "           Fisher's exact =                 0.486\n   1-sided Fisher's exact =                 0.243" in text
    )


def test_exact_of_a_larger_table_is_refused(session):
    assert session.run("tabulate a b, exact").rc == 459


def test_expected_frequencies_and_matrices(session):
    text = session.run("tabulate a b, expected nofreq matcell(N) matrow(R) matcol(C)").text
    n = table_of(session)
    assert f"{n[0].sum() * n[:, 0].sum() / 60:.1f}" in text
    assert session.matrices["N"].values.tolist() == n.tolist()
    assert session.matrices["R"].values.tolist() == [[0], [1]]
    assert session.matrices["C"].values.tolist() == [[1, 2, 3]]


def test_summaries_in_the_cells(session):
    text = session.run("tabulate a, summarize(x)").text
    frame = session.data.to_pandas()
    x = frame["x"].to_numpy(dtype=float)[frame["a"].to_numpy() == 0]
    row = next(line for line in text.splitlines() if line.strip().startswith("0 |")).split("|")[1].split()
    assert [float(v) for v in row[:2]] == pytest.approx([x.mean(), x.std(ddof=1)], rel=1e-6)
    assert "Summary of x" in text
    both = session.run("tabulate a b, summarize(x) means").text
    assert "Means of x" in both
    assert session.run("tabulate a b, summarize(x) nomeans nostandard nofreq").rc == 198
    refused(session, "tabulate a b, means", 198, "option means goes together with summarize()")
    refused(session, "tabulate a b, summarize(x) chi2", 198, "option chi2 not allowed with summarize()")


def test_tab1_and_tab2_repeat_tabulate(session):
    one = session.run("tab1 a b").text
    assert one.count("-> tabulation of") == 2
    two = session.run("generate c = a\ntab2 a b c, chi2").text
    assert two.count("Pearson chi2") == 3
    assert session.run("tab2 a").rc == 102


def test_tabstat_has_variables_in_columns_and_groups_in_rows(session):
    text = session.run("tabstat x b, by(a) statistics(mean n)").text
    frame = session.data.to_pandas()
    means = frame.astype(float).groupby("a")[["x", "b"]].mean()
    lines = [line.split("|") for line in text.splitlines() if "|" in line]
    assert lines[0][1].split() == ["x", "b"]
    assert [float(v) for v in lines[1][1].split()] == pytest.approx(means.iloc[0].tolist(), rel=1e-5)
    assert text.splitlines()[1:3] == ["Summary statistics: Mean, N", "Group variable: a"]


def test_tabstat_of_one_variable_has_statistics_in_columns(session):
    text = session.run("tabstat x, statistics(n mean sd cv q) save").text
    assert text.splitlines()[1].split("|")[1].split() == ["N", "Mean", "SD", "CV", "p25", "p50", "p75"]
    assert session.r.matrices["StatTotal"].rows == ("N", "Mean", "SD", "CV", "p25", "p50", "p75")
    assert session.run("tabstat x, statistics(foo)").rc == 198
    assert session.run("tabstat x, by(a b)").rc == 198
