"""The random-effects table: sections, labels, footnotes."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from oracle_results import block, column, model_result, variance_parameter

from engine.render.text import render_block
from engine.results.mixed import LevelSummary
from engine.spec.mixed import CovarianceKind, DisplayOptions, Metric
from engine.tables.estimation import TableStyle
from engine.tables.mixed_random import random_footnotes, random_table

IDENTITY, EXCHANGEABLE = CovarianceKind.IDENTITY, CovarianceKind.EXCHANGEABLE


def result_of(blocks, parameters):
    return model_result(
        columns=(column("_cons"),),
        beta=(1.0,),
        vcov=np.eye(1),
        parameters=(*parameters, variance_parameter("var(Residual)", 4.0, 0.5, block=-1)),
        blocks=blocks,
        levels=(LevelSummary(name="id", n_groups=10, smallest=1, average=2.0, largest=3),),
    )


def rendered(blocks, parameters, metric=Metric.VARIANCE, **options):
    style = TableStyle(display=DisplayOptions(**options), labels={})
    result = result_of(blocks, parameters)
    notes = [line for note in random_footnotes(result) for line in note.lines]
    return render_block(random_table(result, metric, style)), notes


def var(name, index=0, estimate=1.0):
    return variance_parameter(f"var({name})", estimate, 0.5, block=index)


def test_each_equation_is_a_section_and_the_residual_closes_the_table():
    lines, _ = rendered((block("region", IDENTITY), block("state", IDENTITY)), (var("_cons"), var("_cons", 1)))
    rule = "-" * 29 + "+" + "-" * 48
    assert [line for line in lines if not line.endswith(tuple("0123456789"))] == [
        "-" * 78,
        "  Random-effects parameters  |   Estimate   Std. err.     [95% conf. interval]",
        rule,
        "region: Identity             |",
        rule,
        "state: Identity              |",
        rule,
        "-" * 78,
    ]
    assert {len(line) for line in lines if not line.endswith("|")} == {78}


@pytest.mark.parametrize("kind", list(CovarianceKind))
def test_sections_are_named_by_their_structure(kind):
    lines, _ = rendered((block("id", kind),), (var("_cons"),))
    assert lines[3] == f"id: {kind.value.capitalize()}".ljust(29) + "|"


def test_an_empty_equation_says_so_at_the_end_of_the_stub():
    lines, _ = rendered((block("id", None),), ())
    assert lines[3] == "id:                  (empty) |"


def test_a_long_level_name_gives_way_to_the_structure():
    lines, _ = rendered((block("v" * 32, CovarianceKind.UNSTRUCTURED),), (var("_cons"),))
    assert lines[3] == "vvvvvvvvvvvv~v: Unstructured |"
    assert rendered((block("v" * 32, None),), ())[0][3] == "vvvvvvvvvvvvvvvvv~v: (empty) |"


def test_standard_deviations_and_correlations_have_their_names_and_limits():
    cov = variance_parameter("cov(x,_cons)", 0.5, 0.2, block=0, corr=(0.5, 0.1))
    lines, _ = rendered((block("id", EXCHANGEABLE),), (var("x _cons", estimate=4.0), cov), Metric.STDDEVIATION)
    assert lines[4].startswith("                 sd(x _cons) |          2       .125 ")
    # tanh(.549306 -/+ 1.959964 x .1/.75) = tanh(.287977), tanh(.810635)
    assert lines[5] == "               corr(x,_cons) |         .5         .1      .2802723    .6699402"


def test_missing_standard_errors_print_dots():
    parameter = variance_parameter("var(_cons)", 0.25, math.nan, block=0)
    lines, _ = rendered((block("id", IDENTITY),), (parameter,))
    assert lines[4] == "                  var(_cons) |        .25          .             .           ."


def test_degenerate_variances_print_in_e_style():
    parameter = variance_parameter("var(_cons)", 3.07e-15, 1e-14, block=0)
    lines, _ = rendered((block("id", IDENTITY),), (parameter,))
    assert "   3.07e-15   1.00e-14 " in lines[4]
    assert len(lines[4]) == 78


def test_footnotes_of_shortened_lists_are_handed_on_once():
    note = "(1) alpha beta gamma delta epsilon"
    first = replace(var("alpha..epsilon", 0), name="var(alpha..epsilon)(1)", footnote=note)
    second = replace(var("alpha..epsilon", 1), name="var(alpha..epsilon)(1)", footnote=note)
    lines, notes = rendered((block("a", IDENTITY), block("b", IDENTITY)), (first, second))
    assert lines[4].startswith("      var(alpha..epsilon)(1) |")
    assert notes == [note]


def test_noci_drops_the_limits():
    lines, _ = rendered((block("id", IDENTITY),), (var("_cons"),), noci=True)
    assert lines[1] == "  Random-effects parameters  |   Estimate   Std. err."
    assert lines[4] == "                  var(_cons) |          1         .5"


def test_cformat_applies_to_the_variance_parameters():
    lines, _ = rendered((block("id", IDENTITY),), (var("_cons"),), cformat="%7.2f")
    assert lines[4].startswith("                  var(_cons) |       1.00       0.50 ")
