"""Type III tests of terms, and the variance by source."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session
from engine.inference.terms import term_tests


@pytest.fixture(scope="module")
def hsb(data_file):
    session = Session()
    session.run(f'use "{data_file("hsb")}"')
    return session


def terms_of(session):
    return {test.name: test for test in term_tests(session.estimates.result)}


def test_a_factor_is_tested_over_the_average_of_the_factor_it_interacts_with(hsb):
    hsb.run("mixed mathach i.female##i.sector || id:")
    found = terms_of(hsb)
    # by hand: sum-to-zero coding of the same model
    hsb.run("generate double f = 2*female - 1")
    hsb.run("generate double s = 2*sector - 1")
    hsb.run("generate double fs = f*s")
    hsb.run("mixed mathach f s fs || id:")
    by_hand = {row.name: row.values[2] ** 2 for row in hsb.run("mixed").tables["fixed"].rows}
    assert found["female"].statistic == pytest.approx(by_hand["f"], rel=1e-6)
    assert found["sector"].statistic == pytest.approx(by_hand["s"], rel=1e-6)
    assert found["female#sector"].statistic == pytest.approx(by_hand["fs"], rel=1e-6)


def test_a_slope_is_averaged_over_the_levels_it_differs_between(hsb):
    hsb.run("mixed mathach c.ses##i.sector || id:")
    result = hsb.estimates.result
    test = terms_of(hsb)["ses"]
    names = [column.name for column in result.columns]
    C = np.zeros(len(names))
    C[names.index("ses")], C[names.index("1.sector#c.ses")] = 1.0, 0.5
    assert test.statistic == pytest.approx((C @ result.beta) ** 2 / (C @ result.vcov_beta @ C), rel=1e-9)
    assert test.df == 1


def test_terms_do_not_depend_on_the_base_level(data_file):
    session = Session()
    session.run(f'use "{data_file("productivity")}"')
    found = []
    for base in ("", "b3.", "b9."):
        session.run(f"mixed gsp i{base or '.'}region##c.unemp i.year || state:")
        found.append({name: test.statistic for name, test in terms_of(session).items()})
    for other in found[1:]:
        assert other == pytest.approx(found[0], rel=1e-5)


def test_small_sample_tests_use_the_degrees_of_freedom_of_the_fit(hsb):
    hsb.run("mixed mathach i.female##i.sector || id:, reml dfmethod(kroger)")
    tests = terms_of(hsb)
    for term, hypothesis in {
        "sector": "1.sector + 0.5*1.female#1.sector = 0",
        "female": "1.female + 0.5*1.female#1.sector = 0",
        "female#sector": "1.female#1.sector = 0",
    }.items():
        r = hsb.run(f"test {hypothesis}, small").r.scalars
        found = tests[term]
        assert (found.statistic, found.ddf, found.p) == pytest.approx((r["F"], r["df_r"], r["p"]), rel=1e-8)
    assert tests["sector"].ddf < 160 < tests["female"].ddf  # schools and students


def test_terms_are_shown_and_tabulated_on_request_only(hsb):
    plain = hsb.run("mixed mathach i.female##c.ses || id:")
    assert "terms" not in plain.tables
    shown = hsb.run("mixed, terms")
    assert "(not in Stata)" in shown.text
    assert [row.name for row in shown.tables["terms"].rows] == ["female", "ses", "female#c.ses"]


def test_variance_by_source_adds_up_to_nakagawas_shares(hsb):
    e = hsb.run("mixed mathach ses meanses || id: ses, cov(un) extras").e
    result = hsb.estimates.result
    data = hsb.data.to_pandas()
    b = dict(zip([c.name for c in result.columns], result.beta, strict=True))
    fixed = np.var(b["ses"] * data["ses"] + b["meanses"] * data["meanses"])
    Z = np.column_stack((data["ses"], np.ones(len(data))))
    Sigma = result.blocks[0].Sigma
    random = np.einsum("ni,ij,nj->n", Z, Sigma, Z).mean()
    total = fixed + random + result.sigma2
    assert e.scalars["r2_m"] == pytest.approx(fixed / total, rel=1e-9)
    assert e.scalars["r2_c"] == pytest.approx((fixed + random) / total, rel=1e-9)
    assert e.scalars["icc"] == pytest.approx(random / (random + result.sigma2), rel=1e-9)
    assert e.matrices["r2"].cols == ("fixed", "id", "Residual")
    assert e.matrices["r2"].values[1].sum() == pytest.approx(1.0)


def test_variance_by_source_of_crossed_effects_beside_correlated_slopes():
    rng = np.random.default_rng(12)
    g, t = (each.ravel() for each in np.meshgrid(np.arange(30), np.arange(8), indexing="ij"))
    x = rng.normal(1.0, 1.0, size=len(g))
    u = rng.multivariate_normal([0.0, 0.0], [[1.0, 0.6], [0.6, 1.0]], size=30)
    y = x + u[g, 0] + u[g, 1] * x + 2.0 * rng.normal(size=8)[t] + rng.normal(size=len(g))
    session = Session(data=pd.DataFrame({"y": y, "x": x, "g": g, "t": t}))
    e = session.run("mixed y x || _all: R.t || g: x, cov(un)").e
    factor, slopes = session.mixed.result.blocks
    Z = np.column_stack((x, np.ones(len(x))))
    expected = np.array([factor.Sigma[0, 0], np.einsum("ni,ij,nj->n", Z, slopes.Sigma, Z).mean()])
    total = expected.sum() + np.var(session.mixed.result.beta[0] * x) + session.mixed.result.sigma2
    assert e.matrices["r2"].cols == ("fixed", "_all", "g", "Residual")
    assert e.matrices["r2"].values[1, 1:3] == pytest.approx(expected / total, rel=1e-9)


def test_extras_are_shown_on_request_only_and_marked(hsb):
    plain = hsb.run("mixed mathach ses || id:")
    assert "Extras" not in plain.text
    shown = hsb.run("mixed, extras")
    assert "Extras (not in Stata)" in shown.text
    assert "variance" in shown.tables
