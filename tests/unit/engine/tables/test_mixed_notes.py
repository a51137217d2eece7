"""The LR line, notes and warnings."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from oracle_results import oracle_result, variance_parameter

from engine.api import Session
from engine.render.text import render_text
from engine.results.verdict import CONVERGED, EM_SETTLED, Checks, Trust, Verdict, flat, starts_differ
from engine.spec.mixed import CovarianceKind, DisplayOptions
from engine.tables.document import Document, Role
from engine.tables.mixed_notes import lr_lines, warning_lines


@pytest.fixture
def pig(oracle):
    return oracle_result(oracle("pig_ri_ml"), depvar="weight", structures=(CovarianceKind.IDENTITY,))


def text_of(blocks):
    return render_text(Document(blocks))


def test_one_variance_is_tested_with_chibar2_and_no_note(pig):
    line = "LR test vs. linear model: chibar2(01) = 472.65        Prob >= chibar2 = 0.0000\n"
    assert text_of(lr_lines(pig, DisplayOptions())) == line


def test_several_parameters_are_tested_with_chi2_and_a_note(pig):
    result = replace(pig, chibar=False, df_linear=2, chi2_linear=764.42)
    assert text_of(lr_lines(result, DisplayOptions())) == (
        "LR test vs. linear model: chi2(2) = 764.42                Prob > chi2 = 0.0000\n"
        "\n"
        "Note: LR test is conservative and provided only for reference.\n"
    )


def test_without_random_effects_the_note_names_the_boundary_and_wraps_as_printed(pig):
    residual = variance_parameter("var(e)", 1.0, 0.1, block=-1)
    result = replace(pig, chibar=False, df_linear=14, chi2_linear=314.67, parameters=(residual,))
    assert text_of(lr_lines(result, DisplayOptions())).splitlines()[1:] == [
        "",
        "Note: The reported degrees of freedom assumes the null hypothesis is not on",
        "      the boundary of the parameter space.  If this is not true, then the",
        "      reported test is conservative.",
    ]


def test_a_long_test_keeps_two_blanks_between_its_halves(pig):
    result = replace(pig, chi2_linear=123456789012.25)
    line = text_of(lr_lines(result, DisplayOptions())).rstrip("\n")
    assert "  Prob >= chibar2 = " in line


@pytest.mark.parametrize(
    "change", [{"df_linear": 0}, {"chi2_linear": math.nan}], ids=["nothing to test", "not computed"]
)
def test_without_a_comparison_there_is_no_line(pig, change):
    assert lr_lines(replace(pig, **change), DisplayOptions()) == ()


def test_nolrtest_suppresses_the_line(pig):
    assert lr_lines(pig, DisplayOptions(nolrtest=True)) == ()


def test_a_model_that_did_not_converge_is_warned_of_and_not_tested(pig):
    result = replace(pig, record=replace(pig.record, converged=False, iterations=16))
    assert lr_lines(result, DisplayOptions()) == ()
    (warning,) = warning_lines(result)
    assert warning.role is Role.WARNING
    text = text_of((warning,))
    assert text.startswith("\nWarning: convergence not achieved after 16 iterations;")
    assert max(map(len, text.splitlines())) <= 78


def test_missing_standard_errors_are_explained(pig):
    result = replace(pig, vcov_theta=np.full((2, 2), math.nan))
    assert "standard-error calculation failed" in text_of(warning_lines(result))


def test_a_variance_of_zero_is_explained_instead_of_reported_as_a_failure(pig):
    record = replace(pig.record, at_boundary=("var(_cons)",))
    (note,) = warning_lines(replace(pig, record=record, vcov_theta=np.full((2, 2), math.nan)))
    assert note.lines[1].startswith("Note: var(_cons) is estimated as zero")
    assert "  " in note.lines[1]


def test_several_edges_are_listed(pig):
    record = replace(pig.record, at_boundary=("var(a)", "var(b)", "corr(c,d)"))
    (note,) = warning_lines(replace(pig, record=record))
    assert "var(a) and var(b) are estimated as zero" in note.lines[1]
    assert "corr(c,d) stands at the edge of what is possible" in note.lines[1]


def judged(result, trust, sentence, **checks):
    known = {"decrement": 0.0, "boundary_slope": math.nan, "eigenvalues": (0.5, 2.0), "starts": (result.ll,)}
    verdict = Verdict(trust=trust, sentence=sentence, checks=Checks(**(known | checks)))
    return replace(result, record=replace(result.record, verdict=verdict))


def test_a_good_verdict_is_not_printed_and_any_other_is(pig):
    assert warning_lines(judged(pig, Trust.YES, CONVERGED)) == ()
    assert warning_lines(judged(pig, Trust.CAREFUL, EM_SETTLED)) == ()
    (warning,) = warning_lines(judged(pig, Trust.CAREFUL, flat(("var(a)", "var(b)"))))
    assert warning.role is Role.WARNING
    assert "do not tell var(a) and var(b) apart" in text_of((warning,)).replace("\n         ", " ")


def test_two_maxima_are_told_even_beside_a_variance_of_zero(pig):
    starts = (-100.0, -101.5)
    result = judged(pig, Trust.CAREFUL, starts_differ(starts), starts=starts)
    record = replace(
        result.record,
        at_boundary=("var(_cons)",),
        verdict=replace(result.record.verdict, at_boundary=("var(_cons)",)),
    )
    note, warning = warning_lines(replace(result, record=record))
    assert "estimated as zero" in note.lines[1]
    assert "log likelihoods -100, -101.5" in warning.lines[1]
    assert record.verdict.checks.starts_agree is False


def test_a_clean_result_has_no_warnings(pig):
    assert warning_lines(pig) == ()


def test_variances_of_zero_of_several_levels_are_told_apart():
    """The means of all groups of both levels are equal, so both variances are zero."""
    y = np.tile([1.0, 2.0, 4.0, 5.0], 12)
    session = Session(pd.DataFrame({"y": y, "a": np.repeat(np.arange(4), 12), "b": np.repeat(np.arange(12), 4)}))
    text = " ".join(session.run("mixed y || a: || b:, nolog").text.split())
    assert "Note: var(_cons) of a and var(_cons) of b are estimated as zero" in text
