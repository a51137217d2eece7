"""The tables of ``mixed`` against the printed output of the manual and the course notes.

Results are built from the full-precision files; the printed strings come from seed_NAME.json. Tolerances as in
shared/oracles/README.md: estimates within 1.2e-5 standard errors (6e-4 in document 003), standard errors 2e-4 relative.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from oracle_results import block, column, model_result, oracle_result, variance_parameter
from printed import agrees, number

from engine.covariance.names import abbreviate
from engine.render.text import render_text
from engine.results.mixed import LevelSummary
from engine.spec.mixed import CovarianceKind, DisplayOptions, Metric
from engine.tables.document import Document
from engine.tables.mixed import mixed_blocks

IDENTITY, INDEPENDENT = CovarianceKind.IDENTITY, CovarianceKind.INDEPENDENT
UNSTRUCTURED = CovarianceKind.UNSTRUCTURED

HSB_BASE = (
    *("ses", "meanses", "c.ses#c.meanses", "o:ses", "0b.sector", "1.sector", "0b.sector#c.ses", "1.sector#c.ses"),
    *("0b.female", "1.female", "o:meanses", "0b.female#c.meanses", "1.female#c.meanses"),
    *("0b.female#0b.sector", "0b.female#1b.sector", "1b.female#0b.sector", "1.female#1.sector", "_cons"),
)
M2, M3 = "c.meanses#c.meanses", "c.meanses#c.meanses#c.meanses"
HSB_CUBIC = (
    *("ses", "meanses", "c.ses#c.meanses", M2, f"c.ses#{M2}", M3, f"c.ses#{M3}", "o:ses"),
    *("0b.sector", "1.sector", "0b.sector#c.ses", "1.sector#c.ses", "0b.female", "1.female", "o:meanses"),
    *(f"{level}.female#{term}" for term in ("c.meanses", M2, M3) for level in ("0b", "1")),
    *("0b.female#0b.sector", "1.female#1.sector", "_cons"),
)
HSB_CUBIC_SMALL = (*HSB_CUBIC[:14], "_cons")

# seed file -> (response, structures, all columns, largest difference in standard errors)
CASES = {
    "seed_ex01": ("weight", (IDENTITY,), None, 1.2e-5),
    "seed_ex02": ("weight", (INDEPENDENT,), None, 1.2e-5),
    "seed_ex02_reml": ("weight", (INDEPENDENT,), None, 1.2e-5),
    "seed_ex03": ("weight", (UNSTRUCTURED,), None, 1.2e-5),
    "seed_ex04": ("gsp", (IDENTITY, IDENTITY), None, 1.2e-5),
    "seed_ex06a": ("weight", (INDEPENDENT,), None, 1.2e-5),
    "seed_ex06b": ("weight", (INDEPENDENT,), None, 1.2e-5),
    "seed_ex06c": ("weight", (INDEPENDENT,), None, 1.2e-5),
    "seed_003_base": ("mathach", (UNSTRUCTURED,), HSB_BASE, 6e-4),
    "seed_003_cubic": ("mathach", (UNSTRUCTURED,), HSB_CUBIC, 6e-4),
    "seed_003_cubic_small": ("mathach", (UNSTRUCTURED,), HSB_CUBIC_SMALL, 6e-4),
}

# the 66 columns right of the stub, counted from the bar
COEFFICIENT_FIELDS = {
    "coef": (3, 12),
    "se": (14, 23),
    "z": (24, 32),
    "p": (35, 40),
    "ci_lo": (44, 53),
    "ci_hi": (56, 65),
}
VARIANCE_FIELDS = {"estimate": (3, 12), "se": (14, 23), "ci_lo": (28, 37), "ci_hi": (40, 49)}


def text_of(result, *, metric=Metric.VARIANCE, labels=None, linesize=80, **options):
    display = DisplayOptions(**options)
    blocks = mixed_blocks(result, display, level=95.0, metric=metric, labels=labels or {}, linesize=linesize)
    return render_text(Document(blocks), linesize)


def fields(line, places):
    bar = line.index("|")
    right = line[bar:]
    return {name: right[start:end].strip() for name, (start, end) in places.items()}


def tables(text):
    """Return the bodies of the two tables: the lines between heading rule and closing rule."""
    lines = text.splitlines()
    bodies, start = [], None
    for index, line in enumerate(lines):
        if set(line) == {"-"}:
            if start is None:
                start = index
            else:
                bodies.append([row for row in lines[start + 1 : index] if "-+-" not in row][1:])
                start = None
    return bodies


@pytest.fixture(scope="module", params=sorted(CASES))
def case(request, oracle):
    printed = oracle(request.param)
    depvar, structures, names, tolerance = CASES[request.param]
    result = oracle_result(oracle(printed["case"]), depvar=depvar, structures=structures, names=names)
    return printed, tolerance, text_of(result)


def agree(found, expected, scale):
    assert agrees(found, expected, scale), f"{found} is printed where {expected} is expected"


def test_coefficients_stand_in_their_columns_as_printed(case):
    printed, tolerance, text = case
    if "nofetable" in printed["command"]:
        return
    rows = [line for line in tables(text)[0] if "(omitted)" in line or fields(line, COEFFICIENT_FIELDS)["coef"]]
    assert len(rows) == len(printed["fixed"])
    for line, expected in zip(rows, printed["fixed"], strict=True):
        if expected.get("omitted"):
            assert line.endswith(f"{expected['name']} |          0  (omitted)")
            continue
        found = fields(line, COEFFICIENT_FIELDS)
        se = number(expected["se"])
        agree(found["coef"], expected["coef"], tolerance * se)
        agree(found["se"], expected["se"], 2e-4 * se)
        agree(found["z"], expected["z"], 2e-4 * abs(number(expected["z"])) + tolerance)
        agree(found["p"], expected["p"], tolerance)
        for limit in ("ci_lo", "ci_hi"):
            agree(found[limit], expected[limit], (tolerance + 4e-4) * se)


def test_variance_parameters_stand_in_their_columns_as_printed(case):
    printed, tolerance, text = case
    rows = tables(text)[1]
    shown = [line for line in rows if fields(line, VARIANCE_FIELDS)["estimate"]]
    titles = [line.split("|")[0].strip() for line in rows if line not in shown]
    assert titles == [row["eq"] for row in printed["random"] if row["eq"]]
    for line, expected in zip(shown, printed["random"], strict=True):
        assert line[:28].strip() == expected["param"].replace(" (", "(")
        assert line[29] == "|"
        found = fields(line, VARIANCE_FIELDS)
        se = number(expected["se"])
        agree(found["estimate"], expected["estimate"], tolerance * se)
        agree(found["se"], expected["se"], 2e-4 * se)
        for limit in ("ci_lo", "ci_hi"):
            agree(found[limit], expected[limit], (tolerance + 2e-3) * se + 4e-4 * abs(number(expected[limit])))


def test_header_and_lr_line_as_printed(case):
    printed, _, text = case
    header, test = printed["header"], printed["lr_test"]
    lines = text.splitlines()
    assert lines[1].startswith(header["title"])
    assert lines[1].endswith(f" {header['N']}")
    assert any(line.startswith(f"{header['ll_label']} = {header['ll']:>10} ") for line in lines)
    assert f"Wald chi2({header['wald_df']})" in text
    lr = next(line for line in lines if line.startswith("LR test"))
    assert lr.startswith(f"LR test vs. linear model: {test['label']} = ")
    assert lr.endswith(f" = {test['p']}")
    assert len(lr) == 78


EXAMPLE_1 = """
Mixed-effects ML regression                        Number of obs    =      432
Group variable: id                                 Number of groups =       48
                                                   Obs per group:
                                                                min =        9
                                                                avg =      9.0
                                                                max =        9
                                                   Wald chi2(1)     = 25337.49
Log likelihood = -1014.9268                        Prob > chi2      =   0.0000

------------------------------------------------------------------------------
      weight | Coefficient  Std. err.      z    P>|z|     [95% conf. interval]
-------------+----------------------------------------------------------------
        week |   6.209896   .0390124   159.18   0.000     6.133433    6.286359
       _cons |   19.35561   .5974059    32.40   0.000     18.18472    20.52651
------------------------------------------------------------------------------

------------------------------------------------------------------------------
  Random-effects parameters  |   Estimate   Std. err.     [95% conf. interval]
-----------------------------+------------------------------------------------
id: Identity                 |
                  var(_cons) |   14.81751   3.124225      9.801716    22.40002
-----------------------------+------------------------------------------------
               var(Residual) |   4.383264   .3163348      3.805112     5.04926
------------------------------------------------------------------------------
LR test vs. linear model: chibar2(01) = 472.65        Prob >= chibar2 = 0.0000
"""


@pytest.fixture
def example_1(oracle):
    """Example 1 of the manual with the numbers where Stata stopped, not at the exact maximum."""
    result = oracle_result(oracle("pig_ri_ml"), depvar="weight", structures=(IDENTITY,))
    parameters = (
        variance_parameter("var(_cons)", 14.817511, 3.124225, block=0),
        variance_parameter("var(Residual)", 4.3832636, 0.31633476, block=-1),
    )
    vcov = result.vcov_beta.copy()
    vcov[1, 1] = 0.5974059**2
    return replace(result, parameters=parameters, vcov_beta=vcov, chi2=25337.49)


def test_example_1_is_printed_to_the_character(example_1):
    assert text_of(example_1) == EXAMPLE_1


def test_the_suppressing_options_leave_the_rest_untouched(example_1):
    header, fixed, random = EXAMPLE_1.split("\n\n")
    assert text_of(example_1, noheader=True) == f"\n{fixed}\n\n{random}"
    assert text_of(example_1, nofetable=True) == f"{header}\n\n{random}"
    # [ME] mixed, example 13: mixed, dftable(pvalue) noretable ends with the table of fixed effects
    assert text_of(example_1, noretable=True) == f"{header}\n\n{fixed}\n"
    lr = random.splitlines()[-1]
    assert text_of(example_1, nolrtest=True) == EXAMPLE_1.replace(f"{lr}\n", "")


HSB_FIXED = """\
------------------------------------------------------------------------------
     mathach | Coefficient  Std. err.      z    P>|z|     [95% conf. interval]
-------------+----------------------------------------------------------------
         ses |   2.856888   .1473012    19.39   0.000     2.568183    3.145593
     meanses |   3.203604   .4968224     6.45   0.000      2.22985    4.177358
             |
       c.ses#|
   c.meanses |   .8322703   .2682128     3.10   0.002     .3065828    1.357958
             |
         ses |          0  (omitted)
    1.sector |   1.167358    .399448     2.92   0.003      .384454    1.950261
             |
sector#c.ses |
          1  |  -1.554133   .2223377    -6.99   0.000    -1.989907    -1.11836
             |
    1.female |  -1.221042   .2383447    -5.12   0.000    -1.688189   -.7538945
     meanses |          0  (omitted)
             |
      female#|
   c.meanses |
          1  |  -.0074586   .5063584    -0.01   0.988    -.9999028    .9849857
             |
      female#|
      sector |
        1 1  |   .0471655   .4186193     0.11   0.910    -.7733132    .8676443
             |
       _cons |   12.71993   .2439332    52.15   0.000     12.24183    13.19803
------------------------------------------------------------------------------
"""


def test_the_base_model_of_the_course_notes_breaks_names_as_printed_at_78_columns(oracle):
    result = oracle_result(oracle("hsb_base_ml"), depvar="mathach", structures=(UNSTRUCTURED,), names=HSB_BASE)
    assert text_of(result, noheader=True, noretable=True, nolrtest=True, linesize=78) == f"\n{HSB_FIXED}"


def test_metric_and_level_change_labels_and_limits(oracle):
    result = oracle_result(oracle("pig_slope_un_ml"), depvar="weight", structures=(UNSTRUCTURED,))
    text = text_of(result, metric=Metric.STDDEVIATION, level=90.0)
    assert "[90% conf. interval]" in text
    labels = [line[:28].strip() for line in tables(text)[1]]
    assert labels == ["id: Unstructured", "sd(week)", "sd(_cons)", "corr(week,_cons)", "sd(Residual)"]
    # sd(_cons) = sqrt(6.823363); seed example 3
    assert any(line.startswith("                   sd(_cons) |   2.61215") for line in text.splitlines())


def test_a_degenerate_variance_prints_dots(oracle):
    result = oracle_result(oracle("dyestuff2_boundary_reml"), depvar="yld", structures=(IDENTITY,))
    text = text_of(result)
    assert "                  var(_cons) |          0          .             .           .\n" in text
    assert "Wald chi2(0)     =   .\n" in text
    assert "Prob > chi2      =   .\n" in text


def test_no_line_is_longer_than_the_line_size_with_names_of_32_characters():
    long = "school_identifier_of_the_country"
    assert len(long) == 32
    result = model_result(
        depvar=long,
        columns=(column(long), column(f"c.{long}#c.{long}"), column("_cons")),
        beta=(1.0, 2.0, 3.0),
        vcov=np.eye(3),
        parameters=(
            variance_parameter(f"var({abbreviate(long, 23)})", 1.0, 0.5, block=0),
            variance_parameter("var(_cons)", 1.0, 0.5, block=0),
            variance_parameter(f"cov({abbreviate(long, 17)},_cons)", 0.5, 0.5, block=0, corr=(0.5, 0.2)),
            variance_parameter("var(Residual)", 1.0, 0.5, block=-1),
        ),
        blocks=(block(long, UNSTRUCTURED),),
        levels=(LevelSummary(name=long, n_groups=10, smallest=1, average=2.5, largest=4),),
    )
    for metric in Metric:
        text = text_of(result, metric=metric)
        assert max(map(len, text.splitlines())) <= 80
        assert "school_ident~y" in text
