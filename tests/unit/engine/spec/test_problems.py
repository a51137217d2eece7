"""What does not fit together, what is not available, and what is greyed with its reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.lang.declaration import OptionKind
from engine.lang.parse_command import parse_command
from engine.spec.mixed import DisplayOptions, Maximization
from engine.spec.mixed_declaration import MIXED
from engine.spec.mixed_reader import read_mixed
from engine.spec.problems import disabled, locate, problems_of


def find(word):
    return MIXED if word in ("mixed", "xtmixed") else None


def spec_of(text):
    return read_mixed(parse_command(text, find))


def options_with_problems(text):
    return [problem.option for problem in problems_of(spec_of(text))]


@pytest.mark.parametrize(
    "text",
    [
        "mixed weight week || id:",
        "mixed y x, noconstant || a: x, cov(un) collinear || a: z || b:, reml level(90) stddeviations",
        "mixed y || a:, vce(oim) matsqrt mle variance log",
        "mixed y || a:, noretable nofetable noheader nogroup nolrtest noci nopvalues vsquish cformat(%8.2f)",
        "mixed y || a:, emiterate(0) emtolerance(1e-12) iterate(5) tolerance(1e-8) ltolerance(0) nonrtolerance nolog",
        "mixed, stddeviations noheader",
        "mixed y x || a:, reml dfmethod(kroger, oim) dftable(pvalue)",
        "mixed y x || a:, dfmethod(anova)",
        "mixed y || a:, robust",
        "mixed y || a:, vce(cluster g)",
        "mixed y [fw=w] || a:, fweight(v) vce(oim)",
        "mixed y [pw=w/v] || a:, pweight(v) pwscale(gk)",
        "mixed y x [pw=w]",
        "mixed y || _all: R.a",
        "mixed y || _all: R.a || b: R.c, cov(exchangeable) || d:",
        "mixed y || a:, residuals(ar 1, t(t)) robust",
        "mixed, small dftable(ci)",
        "mixed y",
    ],
)
def test_what_works_has_no_problems(text):
    assert problems_of(spec_of(text)) == []


def test_what_is_not_available_is_refused_in_a_sentence(monkeypatch):
    sentence = "residuals() is not available in this version."
    decls = {decl.name: decl for decl in MIXED.options}
    decls["residuals"] = replace(decls["residuals"], refused=sentence)
    monkeypatch.setattr("engine.spec.problems._DECLS", decls)
    monkeypatch.setattr("engine.spec.problems.MIXED", replace(MIXED, options=tuple(decls.values())))
    spec = spec_of("mixed y || a:, residuals(ar 1, t(w))")
    first = problems_of(spec)[0]
    assert (first.rc, first.option, first.message) == (198, "residuals", sentence)
    assert disabled(spec)["residuals"] == sentence


@pytest.mark.parametrize(
    ("text", "option", "rc", "words"),
    [
        ("mixed y [pw=w] || a:, reml", "reml", 198, "weights are not allowed with REML"),
        ("mixed y || a:, reml robust", "vce", 198, "not allowed with REML"),
        ("mixed y || a:, dfmethod(sat)", "dfmethod", 198, "dfmethod(satterthwaite) requires option reml"),
        ("mixed y || a:, dfmethod(residual) robust", "dfmethod", 198, "vce(oim)"),
        ("mixed y || a:, dfmethod(anova) pweight(w)", "dfmethod", 198, "not allowed with weights"),
        ("mixed y || a: || b:, dfmethod(repeated)", "dfmethod", 198, "This model has three levels."),
        ("mixed y || a:, dftable(ci)", "dftable", 198, "needs dfmethod()"),
        ("mixed y || a:, small", "small", 198, "mixed, small"),
        ("mixed y || a:, residuals(toeplitz)", "residuals", 198, "residuals(toeplitz) needs t()"),
        ("mixed y || a: || b: || c:, pwscale(gk)", "pwscale", 198, "This model has four levels."),
        ("mixed y [fw=w] || a:, pweight(v) pwscale(size)", "pwscale", 198, "frequency weights"),
        ("mixed y [pw=w] || a:, vce(oim)", "vce", 198, "Drop vce(oim)"),
        ("mixed y || _all: x, robust", "vce", 198, "_all is one group"),
        ("mixed y [pw=w] || _all: x || a:", "vce", 198, "_all is one group"),
        ("mixed y || _all: R.b, vce(cluster a)", "vce", 198, "_all is one group"),
        ("mixed y [fw=w] || a:, residuals(ar 1, t(t))", "residuals", 198, "no repeated values of t() there"),
        ("mixed y || a:, emonly residuals(exchangeable)", "emonly", 198, "independent residuals"),
        ("mixed y || a:, nostderr residuals(ind, by(g))", "nostderr", 198, "independent residuals"),
        ("mixed y || _all: R.a, cov(un)", "equations", 198, "covariance(identity)"),
        ("mixed y || a:, fw(w) pw(v)", "equations", 184, "may not be combined"),
        ("mixed y || a: || b: || a:", "equations", 198, "next to each other"),
        ("mixed y || a: || _all:", "equations", 198, "List it first"),
        ("mixed y || a:, estmetric stddev", "estmetric", 184, "stddeviations"),
        ("mixed y || a:, nrtol(1e-6) nonrtol", "nrtolerance", 184, "may not be combined"),
        ("mixed y || a:, log nolog", "nolog", 184, "may not be combined"),
        ("mixed y || a:, emlog emdots", "emlog", 184, "may not be combined"),
        ("mixed y || a:, matsqrt matlog", "matlog", 184, "may not be combined"),
    ],
)
def test_what_does_not_fit_together_is_named(text, option, rc, words):
    found = [p for p in problems_of(spec_of(text)) if p.option == option and words in p.message]
    assert [problem.rc for problem in found] == [rc]


def test_a_level_may_stand_in_several_equations_next_to_each_other():
    assert problems_of(spec_of("mixed y || a: x || a: || b:")) == []


def test_bounds_hold_for_specs_that_no_command_could_spell():
    spec = spec_of("mixed y || a:")
    spec = replace(
        spec,
        display=DisplayOptions(level=5.0, pformat="%9.3f"),
        maximization=Maximization(emiterate=-1, tolerance=-1.0),
    )
    assert [(p.option, p.rc) for p in problems_of(spec)] == [
        ("level", 198), ("pformat", 120), ("emiterate", 198), ("tolerance", 198),
    ]  # fmt: skip


def test_a_problem_is_found_again_in_the_command():
    text = "mixed y || a:, reml robust"
    command = parse_command(text, find)
    first = locate(problems_of(read_mixed(command))[0], command)
    assert text[slice(*first.span)] == "robust"
    assert first.to_error().span == first.span


def test_options_without_effect_are_off_with_the_reason():
    plain = disabled(spec_of("mixed y || a:"))
    assert "level" not in plain
    assert "nrtolerance" not in plain
    assert "nonrtolerance" in disabled(spec_of("mixed y || a:, nonrtolerance"))["nrtolerance"]
    assert "REML" in disabled(spec_of("mixed y || a:, reml"))["vce"]
    assert "no random-effects equations" in disabled(spec_of("mixed y"))["nogroup"]
    assert "no EM iterations" in disabled(spec_of("mixed y || a:, emiterate(0)"))["emtolerance"]


@pytest.mark.parametrize("decl", MIXED.options, ids=lambda decl: f"{decl.name}-{decl.scope.value}")
def test_every_option_is_declared_with_dialog_words_and_a_page(decl):
    assert decl.label
    assert decl.help.endswith(".")
    assert decl.page in {"model", "equation", "se", "reporting", "em", "maximization"}
    assert decl.name[: decl.minimum] == decl.name[: min(decl.minimum, len(decl.name))]
    assert decl.minimum <= len(decl.name)
    assert not decl.refused or decl.refused.endswith(".")
    if decl.kind is OptionKind.CHOICE:
        assert decl.choices


def test_no_abbreviation_stands_for_two_options():
    for decl in MIXED.options:
        short = decl.name[: decl.minimum]
        rivals = {o.name for o in MIXED.options if o.name.startswith(short) and len(short) >= o.minimum}
        assert rivals == {decl.name}
