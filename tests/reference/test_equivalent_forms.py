"""Models that the manual writes in two ways: [ME] mixed, examples 5, 10 and 11 and the technical note after 10."""

from __future__ import annotations

import pytest

from engine.api import Session

GSP = "mixed gsp private emp hwy water other unemp"


def fit(data_file, name, command):
    session = Session()
    session.run(f'use "{data_file(name)}"')
    outcome = session.run(command)
    assert outcome.rc == 0, outcome.text
    return session, outcome


def numbers(outcome, table):
    return {row.name: row.values for row in outcome.tables[table].rows}


def variances(outcome):
    """Estimates and standard errors of the variance parameters, in printed order."""
    return [row.values[:2] for row in outcome.tables["random"].rows]


def same_fixed_part(one, other):
    assert other.e.scalars["ll"] == pytest.approx(one.e.scalars["ll"], rel=1e-10)
    first, second = numbers(one, "fixed"), numbers(other, "fixed")
    assert first.keys() == second.keys()
    for key, values in first.items():
        assert second[key][:2] == pytest.approx(values[:2], rel=1e-6)


def same_variances(one, other):
    for (estimate, se), (again, se_again) in zip(variances(one), variances(other), strict=True):
        assert again == pytest.approx(estimate, abs=1e-5 * se)
        assert se_again == pytest.approx(se, rel=1e-4)


PIG = (
    ("mixed weight week || _all: R.week || _all: R.id", "mixed weight week || _all: R.week || id:"),
    ("mixed weight week || _all: R.id", "mixed weight week || id:"),
    ("mixed weight week || _all: R.id, reml", "mixed weight week || id:, reml"),
    ("mixed weight week || id: week", "mixed weight week || id: week, nocons || id:"),
)


@pytest.mark.parametrize(("first", "second"), PIG)
def test_example_10_and_its_technical_note(data_file, first, second):
    _, one = fit(data_file, "pig", first)
    _, other = fit(data_file, "pig", second)
    same_fixed_part(one, other)
    same_variances(one, other)


@pytest.mark.parametrize("options", ["", ", reml"])
def test_example_11_is_example_4_with_variances_mapped(data_file, options):
    _, nested = fit(data_file, "productivity", f"{GSP} || region: || state:{options}")
    exchangeable = f"{GSP} || region: R.state, cov(exchangeable)" + options.replace(",", "")
    _, stacked = fit(data_file, "productivity", exchangeable)
    same_fixed_part(nested, stacked)
    region, state, residual = (estimate for estimate, _ in variances(nested))
    total, shared, residual_again = variances(stacked)
    assert total[0] == pytest.approx(region + state, abs=1e-5 * total[1])
    assert shared[0] == pytest.approx(region, abs=1e-5 * shared[1])
    assert residual_again[0] == pytest.approx(residual, rel=1e-6)
    assert [row.name for row in stacked.tables["random"].rows] == ["var(R.state)", "cov(R.state)", "var(Residual)"]
    # the covariance is the region variance, and has its standard error
    assert shared[1] == pytest.approx(variances(nested)[0][1], rel=1e-4)


def test_example_11_predicts_as_example_4(data_file):
    nested, _ = fit(data_file, "productivity", f"{GSP} || region: || state:")
    stacked, _ = fit(data_file, "productivity", f"{GSP} || region: R.state, cov(exchangeable)")
    assert nested.run("predict double u v, reffects").rc == 0
    assert nested.run("predict double f, fitted").rc == 0
    assert stacked.run("predict double w, reffects").rc == 0
    assert stacked.run("predict double f, fitted").rc == 0
    one, other = nested.data.to_pandas(), stacked.data.to_pandas()
    assert other["w"].to_numpy() == pytest.approx((one["u"] + one["v"]).to_numpy(), abs=1e-7)
    assert other["f"].to_numpy() == pytest.approx(one["f"].to_numpy(), abs=1e-7)


def test_example_5_equal_variances_by_a_repeated_level(data_file):
    _, free = fit(data_file, "productivity", f"{GSP} || region: hwy unemp || state:")
    _, split = fit(data_file, "productivity", f"{GSP} || region: hwy || region: unemp || region: || state:")
    same_fixed_part(free, split)
    same_variances(free, split)
    _, equal = fit(data_file, "productivity", f"{GSP} || region: hwy unemp, cov(identity) || region: || state:")
    names = [row.name for row in equal.tables["random"].rows]
    assert names == ["var(hwy unemp)", "var(_cons)", "var(_cons)", "var(Residual)"]
    assert 0.0 <= 2 * (free.e.scalars["ll"] - equal.e.scalars["ll"]) < 3.84


def test_what_is_stored_names_factors_as_the_manual_does(data_file):
    _, outcome = fit(data_file, "pig", "mixed weight week || _all: R.week || id: week, cov(un)")
    macros = outcome.e.macros
    assert macros["ivars"] == "_all id"
    assert macros["redim"] == "9 2"
    assert macros["vartypes"] == "Identity Unstructured"
    assert macros["revars"] == "R.week week _cons"


def test_effects_of_rows_outside_the_sample_are_missing(data_file):
    session, _ = fit(data_file, "pig", "mixed weight week if week < 8 || _all: R.week || id:")
    assert session.run("predict u v, reffects").rc == 0
    assert session.run("predict f, fitted").rc == 0
    data = session.data.to_pandas()
    assert data.loc[data["week"] < 8, ["u", "v", "f"]].notna().all(axis=None)
    assert data.loc[data["week"] >= 8, ["u", "v", "f"]].isna().all(axis=None)
