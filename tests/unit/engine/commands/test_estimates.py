"""``estimates`` and ``lrtest``: results under names, side by side, in files, and against each other."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from outcomes import ran, refused
from scipy.special import chdtrc

from engine.api import Session
from engine.results.archive import from_bytes, to_bytes

RANDINT, RANDSLOPE = "mixed weight week || id:", "mixed weight week || id: week"


@pytest.fixture
def pigs(data_file):
    session = Session()
    ran(session, f'use "{data_file("pig")}"', RANDINT, "est store randint", RANDSLOPE, "estimates store randslope")
    return session


def test_the_likelihood_ratio_test_of_two_stored_models_is_printed_as_in_the_manual(pigs):
    """[ME] mixed, example 2; the line on the boundary is this program's own."""
    text = ran(pigs, "lrtest randslope randint").text
    assert text.startswith(
        "\nLikelihood-ratio test\nAssumption: randint nested within randslope\n\n"
        " LR chi2(1) = 291.78\nProb > chi2 = 0.0000\n"
    )
    assert text.endswith(
        "\nNote: The reported degrees of freedom assumes the null hypothesis is not on\n"
        "      the boundary of the parameter space. If this is not true, then the\n"
        "      reported test is conservative.\n"
    )
    assert "half chi2(0) and half chi2(1)" in text


def test_without_another_variance_there_is_no_note_on_the_boundary(pigs):
    """[ME] mixed, example 3."""
    outcome = ran(pigs, "mixed weight week || id: week, cov(un)", "lrtest . randslope")
    assert outcome.text == (
        "\nLikelihood-ratio test\nAssumption: randslope nested within .\n\n LR chi2(1) =   0.15\nProb > chi2 = 0.6959\n"
    )
    (row,) = outcome.tables["lrtest"].rows
    assert outcome.tables["lrtest"].columns == ("chi2", "df", "p")
    assert row.values[1] == 1.0
    assert row.values[2] == pytest.approx(chdtrc(1, row.values[0]))
    assert outcome.r.scalars["chi2"] == row.values[0]


def test_one_more_random_effect_brings_the_mixture_of_its_boundary(pigs):
    """Stram and Lee (1994): with one covariance, half chi2(1) and half chi2(2)."""
    outcome = ran(pigs, "mixed weight week || id: week, cov(un)", "lrtest . randint")
    chi2 = outcome.r.scalars["chi2"]
    expected = 0.5 * chdtrc(1, chi2) + 0.5 * chdtrc(2, chi2)
    assert outcome.r.scalars["p_boundary"] == pytest.approx(expected, rel=1e-10)
    assert outcome.r.scalars["df"] == 2


def test_variances_by_group_are_no_boundary_for_the_corrected_p_value(data_file):
    """[ME] mixed, example 6: chi2(2) = 8.47, p = 0.0145; the models have other names for the same space."""
    session = Session()
    fixed = "ibn.girl i.girl#c.age c.age#c.age, noconstant"
    ran(session, f'use "{data_file("childweight")}"', f"mixed weight {fixed} || id: age", "est store homoskedastic")
    ran(session, f"mixed weight {fixed} || id: ibn.girl i.girl#c.age, noconstant", "est store heteroskedastic")
    outcome = ran(session, "lrtest homoskedastic heteroskedastic")
    assert "Assumption: homoskedastic nested within heteroskedas~c\n" in outcome.text
    assert " LR chi2(2) =   8.47\nProb > chi2 = 0.0145\n" in outcome.text
    assert "p_boundary" not in outcome.r.scalars
    ran(session, "mixed weight i.girl##c.age c.age#c.age || id: ibn.girl i.girl#c.age, noconstant", "est store other")
    assert ran(session, "lrtest homoskedastic other").r.scalars["chi2"] == pytest.approx(outcome.r.scalars["chi2"])


@pytest.mark.parametrize(
    ("commands", "test", "words"),
    [
        ((), "lrtest randint randint", "as many parameters"),
        (("mixed weight week if week > 2 || id:",), "lrtest . randslope", "observations differ: 432 vs. 336"),
        (("mixed weight week || id: week, reml",), "lrtest . randint", "ML"),
        (("mixed weight week || id: week, vce(robust)",), "lrtest . randint", "robust"),
        (("mixed weight week || id: week, vce(robust)", "est store r", RANDINT), "lrtest . r", "robust"),
        (("regress weight week", "est store ols", RANDSLOPE), "lrtest . ols", "commands differ: mixed vs. regress"),
        (("regress weight week, vce(robust)", "est store o", "regress weight c.week##c.week"), "lrtest . o", "robust"),
        (("mixed id week || weight:",), "lrtest . randslope", "dependent variables differ"),
        (("mixed weight c.week#c.week c.week#c.week#c.week || id: week",), "lrtest . randint", "the fixed effect week"),
        (("mixed weight week || week:, stddev", "est store w", RANDSLOPE), "lrtest . w", "random effects of week"),
    ],
)
def test_models_that_cannot_be_compared_are_refused(pigs, commands, test, words):
    ran(pigs, *commands)
    refused(pigs, test, 498, words)


def test_samples_of_equal_size_are_compared_row_by_row(pigs):
    ran(pigs, "mixed weight week if week != 1 || id:", "est store a", "mixed weight week if week != 2 || id: week")
    refused(pigs, "lrtest . a", 498, "samples differ")
    assert ran(pigs, "lrtest . a, force").r.scalars["df"] == 1


def test_reml_with_other_fixed_effects_is_noted(pigs):
    outcome = ran(pigs, "mixed weight || id:, reml", "est store none", "mixed weight week || id:, reml", "lrtest none")
    assert "LR tests based on REML are valid only when the fixed-effects" in outcome.text


def test_stats_are_those_of_the_manual(pigs):
    """[ME] mixed, example 10."""
    ran(pigs, "mixed weight week || _all: R.week || _all: R.id", "est store crossed", "quietly " + RANDSLOPE)
    text = ran(pigs, "estimates stats crossed .").text
    assert "     crossed |        432          .  -1013.824       5   2037.648    2057.99\n" in text
    assert "           . |        432          .  -869.0383       5   1748.077   1768.419\n" in text


def test_stored_results_become_active_with_their_sample(pigs):
    ran(pigs, "drop in 1", "mixed weight week if week < 5 || id:")
    outcome = ran(pigs, "estimates restore randint")
    assert outcome.text == "(results randint are active now)\n"
    assert outcome.e.scalars["N"] == 432
    assert ran(pigs, "count if e(sample)").r.scalars["N"] == 431
    assert "     randint |" in ran(pigs, "estat ic").text
    assert ran(pigs, "estimates query").text == "(active results produced by mixed; also stored as randint)\n"


def test_the_sample_is_marked_in_the_data_until_the_results_are_dropped(pigs):
    assert pigs.data.variable("_est_randint").label == "esample() from estimates store"
    assert not pigs.data.changed
    ran(pigs, "estimates drop rand*")
    assert pigs.data.names == ("id", "week", "weight")
    refused(pigs, "estimates restore randint", 111, "estimation result randint not found")
    assert ran(pigs, "est dir").text == ""


def test_results_are_replayed_without_becoming_active(pigs):
    outcome = ran(pigs, "estimates replay randint")
    assert "-1014.9268" in outcome.text
    assert outcome.e.scalars["ll"] == pytest.approx(-869.03825, abs=1e-4)
    assert [row.name for row in outcome.tables["fixed"].rows] == ["week", "_cons"]


def test_coefficients_stand_side_by_side_with_errors_and_statistics(pigs):
    outcome = ran(pigs, "estimates table randint randslope, b(%9.4f) se stats(N ll)")
    lines = outcome.text.split("\n")
    assert lines[1:4] == ["-" * 38, "    Variable |  randint    randslope  ", "-------------+" + "-" * 24]
    assert lines[4] == "weight       |"
    assert lines[5] == "        week |    6.2099      6.2099  "
    assert lines[6] == "             |    0.0390      0.0907  "
    assert "           N |       432         432  " in lines
    table = outcome.tables["estimates"]
    assert table.columns == ("randint:b", "randint:se", "randslope:b", "randslope:se")
    names = [(row.eq, row.name) for row in table.rows]
    assert names.index(("lns1_1_2", "_cons")) < names.index(("lnsig_e", "_cons"))
    assert np.isnan(dict(zip(names, table.rows, strict=True))[("lns1_1_2", "_cons")].values[0])


def test_fits_of_other_commands_stand_in_the_same_equation(pigs):
    ran(pigs, "regress weight week", "estimates store ols")
    rows = ran(pigs, "estimates table randint ols").tables["estimates"].rows
    assert (rows[0].eq, rows[0].name) == ("weight", "week")
    assert np.isfinite(rows[0].values).all()
    rows = ran(pigs, "estimates table ols").tables["estimates"].rows
    assert [(row.eq, row.name) for row in rows] == [("", "week"), ("", "_cons")]


def test_columns_are_separated_on_request(pigs):
    lines = ran(pigs, "estimates table randint randslope, style(columns) b(%9.3f)").text.splitlines()
    assert lines[2] == "    Variable |   randint   |randslope "
    assert lines[5] == "        week |     6.210   |   6.210  "
    assert "-------------+" not in ran(pigs, "estimates table randint, style(noline) keep(weight:)").text


def test_stars_follow_the_levels_given(pigs):
    text = ran(pigs, "mixed weight week if id < 4 || id:", "estimates table ., star keep(week) b(%9.3f)").text
    assert "***" in text
    assert text.splitlines()[-1].strip() == "Legend: * p<0.05; ** p<0.01; *** p<0.001"
    text = ran(pigs, "estimates table ., star(1e-300)").text
    assert "***" not in text


def test_results_survive_a_file(pigs, tmp_path):
    before = pigs.estimates
    path = tmp_path / "pigs"
    ran(pigs, "estimates title: Pigs, if any", f'estimates save "{path}"')
    refused(pigs, f'estimates save "{path}"', 602, "already exists")
    other = Session(pigs.data)
    ran(other, f'estimates use "{path}"')
    assert other.estimates.title == "Pigs, if any"
    assert other.estimates.spec == before.spec
    assert other.e.matrices["V"].values.tolist() == before.e.matrices["V"].values.tolist()
    assert other.run("mixed").text == pigs.run("mixed").text
    assert ran(other, "count if e(sample)").r.scalars["N"] == 0
    ran(other, "estimates esample: weight week")
    assert ran(other, "predict xb").rc == 0
    assert ran(other, "mixed, extras").text == ran(pigs, "mixed, extras").text


def test_a_file_cannot_name_what_is_not_this_programs_data(tmp_path):
    content = gzip.decompress(to_bytes(Session().settings)).replace(b"engine.commands.effects:Settings", b"os:system")
    with pytest.raises(Exception, match="damaged"):
        from_bytes(gzip.compress(content))
    with pytest.raises(Exception, match="does not hold"):
        from_bytes(b"something else")
    session = Session()
    (tmp_path / "x.ster").write_bytes(b"PK")
    refused(session, f'estimates use "{tmp_path / "x"}"', 610, "does not hold")
    refused(session, f'estimates use "{tmp_path / "y"}"', 601, "not found")


@pytest.mark.parametrize(
    ("command", "rc", "words"),
    [
        ("estimates store", 198, "name of the estimates is missing"),
        ("estimates store 2x", 198, "not valid"),
        ("estimates store " + "a" * 28, 198, "not valid"),
        ("estimates restore randin", 111, "did you mean randint?"),
        ("estimates frobnicate", 198, "not available"),
        ("estimates drop", 198, "needs names"),
        ("estimates table randint, style(fancy)", 198, "oneline"),
        ("estimates table randint, star(2)", 198, "between 0 and 1"),
        ("estimates table randint, keep(foo)", 111, "foo does not occur in any of the models"),
        ("estimates table randint, drop(week foo)", 111, "foo does not occur"),
        ("estimates table randint, equations(2)", 198, "equations(1)"),
        ("estimates notes drop in 3", 198, "0 notes"),
        ("lrtest", 198, "takes the names"),
        ("lrtest a b", 111, "estimation result a not found"),
    ],
)
def test_what_cannot_be_done_is_refused(pigs, command, rc, words):
    refused(pigs, command, rc, words)


def test_without_results_there_is_nothing_to_store():
    refused(Session(), "estimates store m1", 301, "last estimates not found")


def test_notes_are_listed_and_dropped(pigs):
    ran(pigs, "estimates notes: one", "estimates notes: two", "estimates notes: three")
    assert ran(pigs, "estimates notes list").text == "  1. one\n  2. two\n  3. three\n"
    assert ran(pigs, "estimates notes drop in 1/2", "estimates notes").text == "  1. three\n"


def test_first_equations_are_matched_whatever_their_responses(pigs):
    ran(pigs, "generate heavy = weight + 1", "mixed heavy week || id:", "estimates store heavy")
    apart = ran(pigs, "estimates table randint heavy").tables["estimates"].rows
    assert [(row.eq, row.name) for row in apart][:4] == [
        ("weight", "week"), ("weight", "_cons"), ("heavy", "week"), ("heavy", "_cons")
    ]  # fmt: skip
    together = ran(pigs, "estimates table randint heavy, equations(1)").tables["estimates"].rows
    assert [(row.eq, row.name) for row in together][:2] == [("#1", "week"), ("#1", "_cons")]
    assert together[1].values[1] - together[1].values[0] == pytest.approx(1.0)


def test_posted_results_are_kept_in_files(pigs, tmp_path):
    for command, name in (
        ("nlcom (a: _b[week]^2), post", "a"),
        ("estat sd, post", "id:sd(_cons)"),
        ("margins, at(week=(1 2)) post", "1bn._at"),
    ):
        ran(pigs, "quietly mixed weight week || id:", command, f'estimates save "{tmp_path / "x"}", replace')
        other = Session(pigs.data)
        ran(other, f'estimates use "{tmp_path / "x"}"')
        assert name in other.e.matrices["b"].cols
        assert ran(other, f"lincom _b[{name}]").r.scalars["estimate"] == pytest.approx(
            ran(pigs, f"lincom _b[{name}]").r.scalars["estimate"], rel=1e-15
        )


def test_labels_stand_for_variables(pigs):
    ran(pigs, 'label variable week "Week of the measurement"')
    lines = ran(pigs, "estimates table randint, label").text.splitlines()
    assert any(line.startswith("Week of the measurement |  6.20") for line in lines)
    assert any(line.startswith("                  _cons |") for line in lines)


def test_all_levels_of_a_factor_are_kept_by_its_name(pigs):
    ran(pigs, "mixed weight i.week || id:", "estimates store levels")
    rows = ran(pigs, "estimates table levels, keep(i.week)").tables["estimates"].rows
    assert [row.name for row in rows] == [f"{week}.week" for week in range(1, 10)]
    rows = ran(pigs, "estimates table levels, drop(i.week)").tables["estimates"].rows
    assert rows[0].name == "_cons"
