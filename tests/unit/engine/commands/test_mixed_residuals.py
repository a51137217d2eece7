"""Structured residual errors from command to table: rows and their names, stored results, predictions."""

from __future__ import annotations

import numpy as np
import pytest

from engine.api import Session


@pytest.fixture
def pig(data_file):
    session = Session()
    session.run(f'use "{data_file("pig")}"')
    return session


PIG = "mixed weight week || id:, noconstant residuals({})"


@pytest.mark.parametrize(
    ("residuals", "title", "names"),
    [
        ("exchangeable", "Residual: Exchangeable", ["var(e)", "cov(e)"]),
        ("ar, t(week)", "Residual: AR(1)", ["rho", "var(e)"]),
        ("ar 2, t(week)", "Residual: AR(2)", ["phi1", "phi2", "var(e)"]),
        ("ma 2, t(week)", "Residual: MA(2)", ["theta1", "theta2", "var(e)"]),
        ("toeplitz 2, t(week)", "Residual: Toeplitz(2)", ["rho1", "rho2", "var(e)"]),
        ("exponential, t(week)", "Residual: Exponential", ["rho", "var(e)"]),
        ("banded 0, t(week)", "Residual: Banded(0)", [f"var(e{t})" for t in range(1, 10)]),
    ],
)
def test_rows_stand_in_the_printed_order_under_the_structures_title(pig, residuals, title, names):
    outcome = pig.run(PIG.format(residuals))
    assert outcome.rc == 0, outcome.text
    rows = outcome.tables["random"].rows
    assert [row.name for row in rows] == names
    assert {row.eq for row in rows} == {title}
    assert title in outcome.text


def test_by_shows_labels_and_keeps_numbers_for_programs(pig):
    pig.run("generate half = id > 24")
    pig.run('label define halves 0 "first half" 1 "second half"')
    pig.run("label values half halves")
    outcome = pig.run(PIG.format("ar 1, t(week) by(half)"))
    rows = outcome.tables["random"].rows
    assert [row.name for row in rows] == ["0: rho", "0: var(e)", "1: rho", "1: var(e)"]
    assert {row.eq for row in rows} == {"Residual: AR(1), by half"}
    lines = outcome.text.split("\n")
    at = lines.index("Residual: AR(1),             |")
    assert lines[at + 1] == "    by half                  |"
    assert lines[at + 2].startswith("             first half: rho |")
    e = outcome.e
    assert e.macros["rbyvar"] == "half"
    assert e.macros["rglabels"] == '"first half" "second half"'
    assert e.scalars["nrgroups"] == 2
    assert e.scalars["k_res"] == 3


def test_stored_results_name_structure_order_and_parameters(pig):
    e = pig.run("mixed weight week || id:, residuals(ar 2, t(week))").e
    assert (e.macros["rstructure"], e.macros["rstructlab"], e.macros["timevar"]) == ("ar", "AR(2)", "week")
    assert (e.scalars["ar_p"], e.scalars["res_order"], e.scalars["k_res"], e.scalars["k_rs"]) == (2, 2, 2, 2)
    assert e.matrices["b"].cols[-4:] == ("lns1_1_1:_cons", "lnsig_e:_cons", "r_phi1_1:_cons", "r_phi1_2:_cons")
    e = pig.run(PIG.format("unstructured, t(week)")).e
    assert e.matrices["tmap"].values.tolist() == [list(range(1, 10))]


def test_standard_deviations_and_correlations_on_request(pig):
    rows = pig.run(PIG.format("exchangeable") + " stddeviations").tables["random"].rows
    variances = pig.run("mixed, variance").tables["random"].rows
    assert [row.name for row in rows] == ["sd(e)", "corr(e)"]
    v, c = (row.values[0] for row in variances)
    assert rows[0].values[0] == pytest.approx(np.sqrt(v), rel=1e-12)
    assert rows[1].values[0] == pytest.approx(c / v, rel=1e-12)
    assert -1.0 < rows[1].values[2] < rows[1].values[0] < rows[1].values[3] < 1.0


def test_equal_models_have_equal_likelihoods(pig):
    """Exchangeable residuals are a random intercept; AR(1) at integer times is exponential; toeplitz 1 is MA(1)."""
    ll = {
        command: pig.run(command).e.scalars["ll"]
        for command in (
            "mixed weight week || id:",
            PIG.format("exchangeable"),
            PIG.format("ar 1, t(week)"),
            PIG.format("exponential, t(week)"),
            "mixed weight week || id: week, residuals(toeplitz 1, t(week))",
            "mixed weight week || id: week, residuals(ma 1, t(week))",
            PIG.format("unstructured, t(week)"),
            PIG.format("banded, t(week)"),
        )
    }
    values = list(ll.values())
    for first in range(0, 8, 2):
        assert values[first] == pytest.approx(values[first + 1], rel=1e-10)


def test_standardized_residuals_are_whitened_within_groups(pig):
    outcome = pig.run("mixed weight week || id:, residuals(ar 1, t(week))")
    rho, variance = (row.values[0] for row in outcome.tables["random"].rows[-2:])
    pig.run("predict double e, residuals")
    assert pig.run("predict double z, rstandard").rc == 0
    data = pig.data.to_pandas()
    first = data[data["id"] == 1].sort_values("week")
    e, z = first["e"].to_numpy(), first["z"].to_numpy()
    want = np.append(e[0], (e[1:] - rho * e[:-1]) / np.sqrt(1.0 - rho**2)) / np.sqrt(variance)
    assert z == pytest.approx(want, rel=1e-8)


def test_the_order_of_rows_changes_nothing(pig):
    command = "mixed weight week || id: week, residuals(ar 1, t(week)) reml"
    before = pig.run(command)
    pig.run("generate double shuffled = mod(_n * 7919, 433)")
    pig.run("sort shuffled")
    after = pig.run(command)
    assert after.e.scalars["ll"] == pytest.approx(before.e.scalars["ll"], rel=1e-11)
    for one, other in zip(before.tables["random"].rows, after.tables["random"].rows, strict=True):
        assert one.values[0] == pytest.approx(other.values[0], rel=1e-5)


def test_an_error_covariance_that_wants_to_be_singular_still_predicts(pig):
    """A random intercept beside a band of two: the likelihood rises until a residual is a combination of the others."""
    outcome = pig.run("mixed weight week || id:, residuals(banded 2, t(week))")
    assert outcome.e.scalars["converged"] == 1
    for statistic in ("fitted", "residuals", "rstandard", "reffects"):
        assert pig.run(f"predict double {statistic[:6]}, {statistic}").rc == 0
    data = pig.data.to_pandas()
    assert np.isfinite(data[["fitted", "residu", "rstand", "reffec"]].to_numpy()).all()


def test_groups_without_random_effects_are_named_and_the_option_stored_as_typed(pig):
    macros = pig.run("mixed weight week || id:, nocons res(to 2,t( week ))").e.macros
    assert (macros["ivars"], macros["redim"], macros["vartypes"]) == ("id", "0", "Empty")
    assert macros["resopt"] == "to 2,t( week )"
