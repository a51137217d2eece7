"""Degrees of freedom at full precision, and the tables of the manual's examples 13 and 14 as printed.

The numbers are the `dfmethod` blocks of ``shared/oracles/NAME.json``, which agree with pbkrtest and lmerTest, and the
printed strings of ``seed_ex13_*.json``; tolerances stand in ``shared/oracles/README.md``.
"""

from __future__ import annotations

import re

import pytest
from printed import agrees, number

from engine.api import Session

CASES = (
    "cake_kr_reml",
    "hsb_base_reml_df",
    "oats_kr_reml",
    "ortho_un_res_reml",
    "penicillin_crossed_reml",
    "sleep_un_reml_df",
    "t43_reml_df",
    "veneer_ind_reml_df",
)
DF_RELATIVE = 1e-4
SE_RELATIVE = 1e-6


@pytest.fixture(scope="module", params=CASES)
def case(request, oracle, data_file):
    """Give the reference result and the session after the fit without degrees of freedom."""
    expected = oracle(request.param)
    session = Session()
    session.run(f'use "{data_file(expected["dataset"])}"')
    if expected.get("prepare"):
        assert session.run(expected["prepare"]).rc == 0
    outcome = session.run(re.sub(r"dfmethod\([^)]*\)", "", expected["stata"]))
    assert outcome.rc == 0, outcome.text
    return expected, session


@pytest.mark.parametrize("method", ["satterthwaite", "kroger"])
@pytest.mark.parametrize("information", ["eim", "oim"])
def test_degrees_of_freedom_standard_errors_and_the_model_test(case, method, information):
    expected, session = case
    want = expected["dfmethod"][information][method]
    outcome = session.run(f"estat df, method({method}) {information} post")
    assert outcome.rc == 0, outcome.text
    table = outcome.tables["df"]
    assert table.columns == (method,)
    rows = [row for row in table.rows if not row.status]
    shown = session.run("mixed, small")
    tests = [row for row in shown.tables["fixed"].rows if not row.status]
    assert shown.tables["fixed"].columns == ("estimate", "se", "statistic", "p", "df", "ll", "ul")
    for row, test, line in zip(rows, tests, want["fixed"], strict=True):
        assert row.name == test.name == line["name"]
        assert row.values[0] == pytest.approx(line["df"], rel=DF_RELATIVE)
        assert test.values[1] == pytest.approx(line["se"], rel=SE_RELATIVE)
        assert test.values[2] == pytest.approx(line["t"], rel=2e-5, abs=1e-5)
        assert test.values[3] == pytest.approx(line["p"], rel=2e-3, abs=1e-12)
        assert test.values[4] == row.values[0]
    if want["F"] is not None:
        e = session.e.scalars
        assert e["F"] == pytest.approx(want["F"]["F"], rel=2e-5)
        assert e["ddf_m"] == pytest.approx(want["F"]["ddf"], rel=DF_RELATIVE)
        assert e["df_m"] == want["F"]["ndf"]
    if method == "kroger":
        index = [i for i, row in enumerate(table.rows) if not row.status]
        V = session.e.matrices["V_df"].values[index][:, index]
        for i, line in enumerate(want["vcov_adjusted"]):
            for j, value in enumerate(line):
                scale = want["fixed"][i]["se"] * want["fixed"][j]["se"]
                assert V[i, j] == pytest.approx(value, rel=0, abs=2 * SE_RELATIVE * scale)


def test_residual_degrees_of_freedom(case):
    expected, session = case
    found = session.run("estat df, method(residual)").tables["df"]
    assert {row.values[0] for row in found.rows if not row.status} == {expected["dfmethod"]["residual_df"]}


@pytest.fixture(scope="module")
def repeated(data_file):
    """Give a session after the manual's example 13."""
    session = Session()
    session.run(f'use "{data_file("t43")}"')
    outcome = session.run("mixed score i.drug || person:, reml dfmethod(repeated)")
    assert outcome.rc == 0, outcome.text
    return session, outcome


@pytest.mark.parametrize("method", ["repeated", "anova"])
def test_exact_methods_on_balanced_repeated_measures(repeated, oracle, method):
    session, _ = repeated
    want = oracle("t43_reml_df")["dfmethod"][method]["df"]
    found = session.run(f"estat df, method({method})").tables["df"]
    assert {row.name: row.values[0] for row in found.rows if not row.status} == want


@pytest.mark.parametrize("name", ["seed_ex13_small", "seed_ex13_dftable", "seed_ex13_replay"])
def test_example_13_is_printed_as_in_the_manual(repeated, oracle, name):
    session, fitted = repeated
    printed = oracle(name)
    outcome = fitted if name == "seed_ex13_small" else session.run(printed["command"])
    text, header = outcome.text, printed["header"]
    assert f"{header['ll_label']} = {header['ll']:>10}" in text
    if "df_method" in header:
        assert re.search(rf"DF method: {header['df_method']} +DF: +min =\s+{header['df_min']}\n", text)
        assert re.search(rf"avg =\s+{header['df_avg']}\n +max =\s+{header['df_max']}\n", text)
        assert re.search(rf"{re.escape(header['F_label'])} += +{header['F']}\n", text)
        assert re.search(rf"Prob > F += {header['p']}\n", text)
    else:
        assert "DF" not in text
        assert re.search(rf"Wald chi2\({header['wald_df']}\) += +{header['wald']}\n", text)
    keys = [key for key in ("coef", "se", "df", "z", "t", "p", "ci_lo", "ci_hi") if key in printed["fixed"][0]]
    heading = next(line for line in text.split("\n") if "| Coefficient" in line)
    assert ("df" in heading, " t " in heading, "[95%" in heading) == ("df" in keys, "t" in keys, "ci_lo" in keys)
    lines = [
        re.split(r"\s+", line.partition("|")[2].strip())
        for line in text.split("\n")
        if re.match(r" .*\| +-?\d*\.", line)
    ]
    for found, want in zip(lines[: len(printed["fixed"])], printed["fixed"], strict=True):
        assert len(found) == len(keys)
        for value, key in zip(found, keys, strict=True):
            scale = {"z": 1.2e-5, "t": 1.2e-5}.get(key, 4e-5 * number(want["se"]) if key not in ("p", "df") else 0.0)
            assert agrees(value, want[key], scale), (want["name"], key, value, want[key])


@pytest.mark.parametrize(
    ("method", "F", "age", "cons"),
    [("kroger", "F(4, 27.96)", "0.033", "0.002"), ("satterthwaite", "F(4, 16.49)", "0.022", "0.001")],
)
def test_example_14_has_the_p_values_that_the_manual_tells(data_file, method, F, age, cons):
    session = Session()
    session.run(f'use "{data_file("veneer")}"')
    model = "mixed gcf followup base_gcf cda age || patient: followup, cov(un) || tooth:, reml nolog"
    text = session.run(f"{model} dfmethod({method})").text
    assert F in text
    assert re.search(rf" age \|.* {age} ", text)
    assert re.search(rf"_cons \|.* {cons} ", text)
