"""Fits against full-precision references; numbers and tolerances are those of the oracles' README."""

from __future__ import annotations

import numpy as np
import pytest
from frames import make_frame, read_csv

from engine.fit.estimate import estimate
from engine.inference.limits import limits
from engine.postest.blups import blups
from engine.spec.mixed import CovarianceKind, Method, Metric

IND, UN = CovarianceKind.INDEPENDENT, CovarianceKind.UNSTRUCTURED
EXC, ID = CovarianceKind.EXCHANGEABLE, CovarianceKind.IDENTITY
ONE = ["_cons"]
HSB = ["ses", "meanses", "c.ses#c.meanses", "1.sector", "1.sector#c.ses", "1.female", "1.female#c.meanses"]
HSB = [*HSB, "1.female#1.sector"]
CUBE = [f"{v}c.meanses" for v in ("", "c.ses#", "1.female#")]
CHILD = ["0.girl", "1.girl", "0.girl#c.age", "1.girl#c.age", "c.age#c.age"]
PROD = ["private", "emp", "hwy", "water", "other", "unemp"]
VENEER = ["followup", "base_gcf", "cda", "age"]
TUTORING = [(level, ID, ONE) for level in ("dist_id", "school_id", "teach_id", "student_id")]

MODELS = {
    "child_girl_hetero_ml": ("weight", CHILD, [("id", IND, CHILD[:4])]),
    "child_girl_homo_ml": ("weight", CHILD, [("id", IND, ["age", *ONE])]),
    "child_ind_ml": ("weight", ["age", "c.age#c.age", *ONE], [("id", IND, ["age", *ONE])]),
    "dyestuff2_boundary_reml": ("yld", ONE, [("batch", ID, ONE)]),
    "egs_3level_un_ml": (
        "math",
        ["year", "1.black", "1.hispanic", "lowinc", *ONE],
        [("schoolid", UN, ["year", *ONE]), ("childid", UN, ["year", *ONE])],
    ),
    "exam_ri_ml": ("normexam", ["standlrt", "2.schgend", "3.schgend", *ONE], [("school", ID, ONE)]),
    "hs40_oneway_reml": ("mathach", ONE, [("school", ID, ONE)]),
    "hsb_base_ml": ("mathach", [*HSB, *ONE], [("id", UN, ["female", *ONE])]),
    "hsb_base_reml_df": ("mathach", [*HSB, *ONE], [("id", UN, ["female", *ONE])]),
    "hsb_null_reml": ("mathach", ONE, [("id", ID, ONE)]),
    "pig_linear_ml": ("weight", ["week", *ONE], []),
    "pig_ri_ml": ("weight", ["week", *ONE], [("id", ID, ONE)]),
    "pig_slope_ind_ml": ("weight", ["week", *ONE], [("id", IND, ["week", *ONE])]),
    "pig_slope_ind_reml": ("weight", ["week", *ONE], [("id", IND, ["week", *ONE])]),
    "pig_slope_un_ml": ("weight", ["week", *ONE], [("id", UN, ["week", *ONE])]),
    "prod_3level_ml": ("gsp", [*PROD, *ONE], [("region", ID, ONE), ("state", ID, ONE)]),
    "singles_ri_ml": ("mathach", ["ses", *ONE], [("id", ID, ONE)]),
    "sleep_exch_ml": ("reaction", ["days", *ONE], [("subject", EXC, ["days", *ONE])]),
    "sleep_un_reml_df": ("reaction", ["days", *ONE], [("subject", UN, ["days", *ONE])]),
    "t43_reml_df": ("score", ["2.drug", "3.drug", "4.drug", *ONE], [("person", ID, ONE)]),
    "tutoring_4level_reml": ("perform", ["tutoring", *ONE], TUTORING),
    "veneer_ind_reml_df": ("gcf", [*VENEER, *ONE], [("patient", IND, ["followup", *ONE]), ("tooth", ID, ONE)]),
    "veneer_un_reml": ("gcf", [*VENEER, *ONE], [("patient", UN, ["followup", *ONE]), ("tooth", ID, ONE)]),
}

LL, FIXED, SE, VARIANCE, VARIANCE_SE, BLUP = 1e-8, 1e-5, 1e-6, 1e-5, 1e-4, 1e-5


@pytest.fixture(scope="module", params=MODELS)
def fitted(request, oracle, data_file):
    expected = oracle(request.param)
    path = data_file(expected["dataset"]).with_suffix(".csv")
    y, fixed, equations = MODELS[request.param]
    method = Method.REML if expected["method"] == "REML" else Method.ML
    frame = make_frame(read_csv(path if path.is_file() else path.with_suffix(".csv.gz")), y, fixed, equations, method)
    return expected, frame, estimate(frame)


def test_the_log_likelihood_and_the_linear_model_agree(fitted):
    expected, _, result = fitted
    assert result.n_obs == expected["n"]
    assert result.ll == pytest.approx(expected["loglik"], rel=LL)
    assert result.record.converged
    if expected["random"][:-1]:
        assert result.ll_linear == pytest.approx(expected["linear_model"]["loglik"], rel=LL)
        assert result.df_linear == expected["linear_model"]["df"]


def test_fixed_effects_and_their_standard_errors_agree(fitted):
    expected, _, result = fitted
    se = np.sqrt(np.diag(result.vcov_beta))
    for i, want in enumerate(expected["fixed"]):
        assert result.columns[i].name == want["name"]
        assert abs(result.beta[i] - want["estimate"]) <= FIXED * want["se"]
        assert se[i] == pytest.approx(want["se"], rel=SE)


def test_variance_parameters_their_errors_and_limits_agree(fitted):
    expected, _, result = fitted
    for got, want in zip(result.parameters, expected["random"], strict=True):
        assert got.name == want["param"].replace("c.", "")
        if want["se"] is None:
            assert got.estimate == pytest.approx(want["estimate"], rel=1e-9, abs=1e-12)
            continue
        assert abs(got.estimate - want["estimate"]) <= VARIANCE * want["se"]
        assert got.se == pytest.approx(want["se"], rel=VARIANCE_SE)
        slack = (VARIANCE + 2 * VARIANCE_SE) * want["se"]
        for limit, wanted in zip(limits(got, Metric.VARIANCE, 95.0), want["ci95"], strict=True):
            assert abs(limit - wanted) <= slack * max(1.0, abs(wanted) / abs(want["estimate"]))


def test_the_wald_test_of_the_slopes_agrees(fitted):
    expected, _, result = fitted
    wald = expected.get("wald")
    if not wald or wald["chi2"] is None:
        assert np.isnan(result.chi2)
        return
    assert result.df_model == wald["df"]
    assert result.chi2 == pytest.approx(wald["chi2"], rel=1e-5)


def test_predicted_effects_and_their_standard_errors_agree(fitted):
    """Groups of the reference are the first three of each level, in the order of the data's rows."""
    expected, frame, result = fitted
    predicted = blups(result, frame)
    for block, level in zip(predicted, expected.get("blup") or [], strict=bool(expected.get("blup"))):
        codes = frame.levels[[lv.name for lv in frame.levels].index(level["level"])].codes
        first = codes[np.sort(np.unique(codes, return_index=True)[1])]
        for group, code in zip(level["groups"], first, strict=False):
            for k, effect in enumerate(group.get("effects", [group])):
                se = effect.get("se", block.se[code, k])
                assert abs(block.blup[code, k] - effect["blup"]) <= BLUP * se + 1e-12
                assert block.se[code, k] == pytest.approx(se, rel=1e-5, abs=1e-12)
