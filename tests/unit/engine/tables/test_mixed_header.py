"""The three layouts of the header."""

from __future__ import annotations

from dataclasses import replace

import pytest
from oracle_results import block, oracle_result

from engine.render.text import render_text
from engine.results.mixed import LevelSummary
from engine.spec.mixed import CovarianceKind, DisplayOptions
from engine.tables.document import Document
from engine.tables.mixed_header import header_blocks

IDENTITY = CovarianceKind.IDENTITY


def text_of(result, **options):
    return render_text(Document(header_blocks(result, DisplayOptions(**options))))


@pytest.fixture
def pig(oracle):
    return oracle_result(oracle("pig_ri_ml"), depvar="weight", structures=(IDENTITY,))


@pytest.fixture
def productivity(oracle):
    result = oracle_result(oracle("prod_3level_ml"), depvar="gsp", structures=(IDENTITY, IDENTITY))
    return replace(result, chi2=18829.06)  # as printed in example 4, where Stata stopped


THREE_LEVELS = """\
Mixed-effects ML regression                           Number of obs =      816

        Grouping information
        -------------------------------------------------------------
                        |     No. of       Observations per group
         Group variable |     groups    Minimum    Average    Maximum
        ----------------+--------------------------------------------
                 region |          9         51       90.7        136
                  state |         48         17       17.0         17
        -------------------------------------------------------------

                                                      Wald chi2(6)  = 18829.06
Log likelihood =  1430.5017                           Prob > chi2   =   0.0000
"""


def test_three_levels_have_a_grouping_table(productivity):
    assert text_of(productivity) == THREE_LEVELS


def test_nogroup_leaves_title_test_and_likelihood(productivity):
    lines = THREE_LEVELS.splitlines()
    assert text_of(productivity, nogroup=True).splitlines() == [lines[0], lines[-2], lines[-1]]


def test_nogroup_of_two_levels_drops_the_group_lines(pig):
    assert text_of(pig, nogroup=True).splitlines() == [
        "Mixed-effects ML regression                           Number of obs =      432",
        "                                                      Wald chi2(1)  = 25337.48",
        "Log likelihood = -1014.9268                           Prob > chi2   =   0.0000",
    ]


def test_a_model_without_random_effects_has_no_groups(oracle):
    result = oracle_result(oracle("pig_linear_ml"), depvar="weight", structures=())
    assert text_of(result).splitlines() == [
        "Mixed-effects ML regression                            Number of obs =     432",
        "                                                       Wald chi2(1)  = 5784.19",
        "Log likelihood = -1251.2506                            Prob > chi2   =  0.0000",
    ]


def test_a_model_whose_equations_are_all_empty_has_no_groups(pig):
    result = replace(pig, blocks=(block("id", None),))
    assert "Group variable" not in text_of(result)


def test_repeated_levels_count_once(pig):
    result = replace(pig, blocks=(block("id", IDENTITY), block("id", IDENTITY)))
    assert "Group variable: id " in text_of(result)
    assert "Grouping information" not in text_of(result)


def test_the_block_is_as_narrow_as_its_longest_value(oracle):
    result = oracle_result(oracle("veneer_un_reml"), depvar="gcf", structures=(CovarianceKind.UNSTRUCTURED, IDENTITY))
    text = text_of(replace(result, levels=result.levels[:1]))
    lines = text.splitlines()
    assert lines[0].startswith("Mixed-effects REML regression")
    assert lines[-1].startswith("Log restricted-likelihood = ")
    assert {len(line) for line in lines if "=" in line} == {78}


def test_counts_have_thousands_separators_and_averages_one_decimal(pig):
    big = LevelSummary(name="id", n_groups=50000, smallest=1, average=1234.56, largest=99999)
    text = text_of(replace(pig, n_obs=1_000_000, levels=(big,)))
    assert "Number of obs    = 1,000,000\n" in text
    assert "Number of groups =    50,000\n" in text
    assert "avg =   1,234.6\n" in text


def test_a_long_level_name_is_abbreviated(pig):
    level = replace(pig.levels[0], name="v123456789012345678901234567890x")
    assert "Group variable: v12345678901~x  " in text_of(replace(pig, levels=(level,)))
    assert "           v123456789~x |" in text_of(replace(pig, levels=(level, level)))
