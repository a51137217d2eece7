"""Every reference model at full precision: R and a dense evaluation agree with the program.

The numbers are those of ``shared/oracles/NAME.json`` (how each was computed and cross-checked stands in the file);
the tolerances are the last paragraph of the section on NAME.json in ``shared/oracles/README.md``.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.api import Session

CASES = (
    "cake_kr_reml",
    "child_girl_hetero_ml",
    "child_girl_homo_ml",
    "child_ind_ml",
    "dyestuff2_boundary_reml",
    "egs_3level_un_ml",
    "exam_ri_ml",
    "exercise_ar1_gaps_ml",
    "exercise_exch_ml",
    "exercise_un_ml",
    "fweight_level1_ml",
    "hs40_oneway_reml",
    "hsb_base_ml",
    "hsb_base_reml_df",
    "hsb_base_robust",
    "hsb_byfemale_ml",
    "hsb_cubic_ml",
    "hsb_cubic_small_ml",
    "hsb_devses_ml",
    "hsb_null_reml",
    "insteval_full_reml",
    "oats_kr_reml",
    "ortho_toep3_ml",
    "ortho_un_bysex_ml",
    "ortho_un_res_reml",
    "ovary_ar2_reml",
    "ovary_exp_ml",
    "oxide_bysource_ml",
    "penicillin_crossed_reml",
    "pig_ar1_nore_ml",
    "pig_crossed_ml",
    "pig_exch_res_ml",
    "pig_linear_ml",
    "pig_ma1_ml",
    "pig_ri_ml",
    "pig_slope_ind_ml",
    "pig_slope_ind_reml",
    "pig_slope_un_ml",
    "pig_toep2_ml",
    "pig_var_by_week_ml",
    "pisa_noscale",
    "pisa_size",
    "prod_3level_ml",
    "prod_constraint_ml",
    "scots_crossed_ml",
    "singles_ri_ml",
    "sleep_exch_ml",
    "sleep_un_reml_df",
    "t43_reml_df",
    "tutoring_4level_reml",
    "veneer_byfollowup_reml",
    "veneer_ind_reml_df",
    "veneer_un_reml",
)

LL_RELATIVE = 1e-8
FIXED_IN_SE = 1e-5
SE_RELATIVE = 1e-6
VARIANCE_IN_SE = 1e-5
VARIANCE_SE_RELATIVE = 1e-4
BLUP_IN_SE = 1e-5


@pytest.fixture(scope="module", params=CASES)
def case(request, oracle, data_file):
    """Give the reference result, the session after the fit and the outcome of the fit."""
    expected = oracle(request.param)
    session = Session()
    session.run(f'use "{data_file(expected["dataset"])}"')
    for lines in (expected.get("keep"), expected.get("prepare")):
        if lines:
            assert session.run(lines).rc == 0
    outcome = session.run(expected["stata"])
    assert outcome.rc == 0, outcome.text
    return expected, session, outcome


def close(value, expected, tolerance):
    assert value == pytest.approx(expected, rel=0, abs=tolerance), f"off by {value - expected:.3g}"


def values(outcome, table, column):
    place = outcome.tables[table].columns.index(column)
    return [row.values[place] for row in outcome.tables[table].rows if not row.status]


def test_log_likelihood_and_sample(case):
    expected, _, outcome = case
    e = outcome.e.scalars
    assert e["N"] == expected["n"]
    close(e["ll"], expected["loglik"], LL_RELATIVE * abs(expected["loglik"]))
    if not expected["groups"]:
        assert "lrtest" not in outcome.tables
        return
    if "vce" in expected:  # a pseudolikelihood is no likelihood to compare
        assert "lrtest" not in outcome.tables
        assert "ll_c" not in e
        assert e["N_clust"] == expected["vce"]["clusters"]
        return
    if "linear_model" not in expected:  # constraints
        assert "ll_c" not in e
        return
    close(e["ll_c"], expected["linear_model"]["loglik"], LL_RELATIVE * abs(expected["linear_model"]["loglik"]))
    assert e["df_c"] == expected["linear_model"]["df"]
    chi2 = expected["linear_model"]["chi2"]
    close(e["chi2_c"], chi2, 2 * LL_RELATIVE * abs(expected["loglik"]) + 1e-7)


def test_groups_of_each_level(case):
    expected, _, outcome = case
    if not expected["groups"]:
        assert not outcome.tables["groups"].rows
        return
    # the header lists distinct levels, and _all is one group; the file counts the values of crossed factors
    whole = {"level": "_all", "groups": 1, "min": expected["n"], "avg": expected["n"], "max": expected["n"]}
    levels = {level["level"]: whole if level["level"] == "_all" else level for level in expected["groups"]}
    for row, level in zip(outcome.tables["groups"].rows, levels.values(), strict=True):
        assert row.name == level["level"]
        assert row.values == pytest.approx([level["groups"], level["min"], level["avg"], level["max"]], rel=1e-12)


def test_fixed_effects_and_their_covariance(case):
    expected, _, outcome = case
    rows = [row for row in outcome.tables["fixed"].rows if not row.status]
    assert [row.name for row in rows] == [row["name"] for row in expected["fixed"]]
    adjusted = "V_df" in outcome.e.matrices
    for row, want in zip(rows, expected["fixed"], strict=True):
        close(row.values[0], want["estimate"], FIXED_IN_SE * want["se"])
        if not adjusted:
            close(row.values[1], want["se"], SE_RELATIVE * want["se"])
    V = outcome.e.matrices["V"]
    kept = [i for i, row in enumerate(outcome.tables["fixed"].rows) if not row.status]
    for i, row in enumerate(expected.get("vcov_fixed", ())):
        for j, want in enumerate(row):
            scale = expected["fixed"][i]["se"] * expected["fixed"][j]["se"]
            close(V.values[kept[i]][kept[j]], want, 2 * SE_RELATIVE * scale)


def test_variance_parameters_and_their_intervals(case):
    expected, _, outcome = case
    rows = outcome.tables["random"].rows
    assert [row.name.replace("c.", "") for row in rows] == [r["param"].replace("c.", "") for r in expected["random"]]
    for row, want in zip(rows, expected["random"], strict=True):
        estimate, se, ll, ul = row.values
        if want["se"] is None:
            close(estimate, want["estimate"], 1e-5 * max(1.0, abs(want["estimate"])))
            continue
        close(estimate, want["estimate"], VARIANCE_IN_SE * want["se"])
        close(se, want["se"], VARIANCE_SE_RELATIVE * want["se"])
        if want["ci95"] is None:  # the reference gives no interval for the correlation of AR(1), Toeplitz, MA
            continue
        for limit, wanted in zip((ll, ul), want["ci95"], strict=True):
            close(limit, wanted, (VARIANCE_IN_SE + 2 * VARIANCE_SE_RELATIVE) * max(want["se"], abs(wanted)))


def test_model_based_standard_errors_stand_beside_robust_ones(case):
    expected, _, outcome = case
    if "model_based" not in expected:
        assert "V_modelbased" not in outcome.e.matrices
        return
    kept = [i for i, row in enumerate(outcome.tables["fixed"].rows) if not row.status]
    V = outcome.e.matrices["V_modelbased"].values
    assert np.sqrt(np.diag(V)[kept]) == pytest.approx(expected["model_based"]["se_fixed"], rel=SE_RELATIVE)


def test_model_test(case):
    expected, _, outcome = case
    wald = expected.get("wald")
    if wald is None and outcome.e.matrices.get("Cns") is not None:
        return
    if wald is None:  # nothing but a constant
        assert outcome.e.scalars["df_m"] == 0
        assert math.isnan(outcome.e.scalars.get("chi2", math.nan))
        return
    assert outcome.e.scalars["df_m"] == wald["df"]
    close(outcome.e.scalars["chi2"], wald["chi2"], 1e-5 * wald["chi2"])


def test_best_linear_predictions(case):
    expected, session, _ = case
    if not expected.get("blup"):
        return
    levels = [groups for level in expected["blup"] for groups in _effects_of(level)]
    counts = [len(groups[0][1]) for groups in levels]
    names = [f"re{i}" for i in range(sum(counts))]
    ses = [f"se{i}" for i in range(sum(counts))]
    outcome = session.run(f"predict double {' '.join(names)}, reffects reses({' '.join(ses)})")
    assert outcome.rc == 0, outcome.text
    used = _sample(session)
    first = 0
    for groups, count in zip(levels, counts, strict=True):
        for place, effects in groups:
            chosen = used
            for variable, code in place.items():
                chosen = chosen[chosen[variable] == code]
            assert len(chosen)
            for k, effect in enumerate(effects):
                se = effect.get("se", used[ses[first + k]].iloc[0])
                tolerance = BLUP_IN_SE * max(se, 1e-12) + 1e-7 * abs(effect["blup"])
                assert chosen[names[first + k]].to_numpy() == pytest.approx(effect["blup"], rel=0, abs=tolerance)
                if "se" in effect:
                    assert chosen[ses[first + k]].to_numpy() == pytest.approx(se, rel=1e-5, abs=1e-12)
        first += count


def _effects_of(level):
    """Return for each equation of a level its groups: (variables and codes, effects).

    A one-effect level may name its group by its code; effects called ``week=1`` are those of a factor's values.
    """
    factors = {}
    groups = []
    for group in level["groups"]:
        if not isinstance(group["group"], dict):
            groups.append(({level.get("term", level["level"]): float(group["group"])}, [group]))
        elif "=" in group["effects"][0]["name"]:
            for effect in group["effects"]:
                variable, value = effect["name"].split("=")
                factors.setdefault(variable, []).append(({**group["group"], variable: float(value)}, [effect]))
        else:
            groups.append((group["group"], group["effects"]))
    return list(factors.values()) or [groups]


def test_predictions(case):
    expected, session, _ = case
    if not expected.get("predictions"):
        return
    wanted = {"xb": "xb", "stdp": "stdp", "fitted": "fitted", "residual": "residuals"}
    given = [key for key in wanted if key in expected["predictions"][0]]
    if "substitution" in expected.get("note", ""):  # its xb and fitted are those of gsp - emp
        given = ["stdp", "residual"]
    for statistic in given:
        outcome = session.run(f"predict double p_{statistic}, {wanted[statistic]}")
        assert outcome.rc == 0, outcome.text
    used = _sample(session)
    scale = max(abs(row["residual"]) for row in expected["predictions"])
    for i, row in enumerate(expected["predictions"]):
        for statistic in given:
            tolerance = 1e-5 * (row[statistic] if statistic == "stdp" else scale)
            close(used[f"p_{statistic}"].iloc[i], row[statistic], tolerance)


def _sample(session):
    """Return the estimation sample as a data frame, in data set order."""
    rows = np.isin(session.data.row_ids, session.estimates.result.sample_rows)
    return session.data.to_pandas()[rows]


def test_intraclass_correlations(case):
    expected, session, _ = case
    if not expected.get("icc"):
        return
    outcome = session.run("estat icc")
    assert outcome.rc == 0, outcome.text
    table = outcome.tables["icc"]
    assert [row.name for row in table.rows] == [each["level"] for each in expected["icc"]]
    for row, want in zip(table.rows, expected["icc"], strict=True):
        close(row.values[0], want["icc"], 1e-5 * want["se"])
        assert row.values[1] == pytest.approx(want["se"], rel=1e-4)
        assert row.values[2:] == pytest.approx(want["ci95"], abs=2e-4 * want["se"])


def test_every_reference_model_is_compared(oracle):
    assert {entry["id"] for entry in oracle("index")} == set(CASES)
