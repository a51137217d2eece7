"""Options that others switch off: which, why, and what is left of the model."""

from __future__ import annotations

import pytest

from engine.lang.parse_command import parse_command
from engine.spec import problems
from engine.spec.mixed_declaration import MIXED
from engine.spec.mixed_printer import print_mixed
from engine.spec.mixed_reader import read_mixed
from engine.spec.problems import disabled, disabled_choices, in_force


@pytest.fixture(autouse=True)
def _nothing_refused(monkeypatch):
    """Look at the rules alone, as they are once everything works."""
    monkeypatch.setattr(problems, "_refused_options", dict)


def spec_of(text):
    return read_mixed(parse_command(text, lambda word: MIXED if word == "mixed" else None))


@pytest.mark.parametrize(
    ("text", "option", "words"),
    [
        ("mixed y || a:, reml", "weight", "REML"),
        ("mixed y || a:, reml", "pweight", "REML"),
        ("mixed y || a:, reml", "vce", "REML"),
        ("mixed y || a: || b: || c:, reml", "pwscale", "uses REML, which takes no weights, and has four levels."),
        ("mixed y [pw=w] || a: || b:", "pwscale", "This model has three levels."),
        ("mixed y || a:", "pwscale", "sampling weights"),
        ("mixed y || a:, dfmethod(residual)", "vce", "dfmethod()"),
        ("mixed y || a:, dfmethod(residual)", "weight", "unweighted"),
        ("mixed y || a:, dfmethod(residual)", "noci", "dfmethod()"),
        ("mixed y || a:", "dftable", "choose a method"),
        ("mixed y [fw=w] || a:", "emonly", "weights"),
        ("mixed y || a:, residuals(exchangeable)", "emonly", "residual structure"),
        ("mixed y || a:, residuals(ind, by(g))", "nostderr", "residual structure"),
        ("mixed y || a:, estmetric", "stddeviations", "estmetric"),
        ("mixed y || a:, noretable", "estmetric", "noretable"),
        ("mixed y || a:, nonrtolerance", "nrtolerance", "nonrtolerance"),
        ("mixed y || a:, nolog", "trace", "log is off"),
        ("mixed y || a:", "nocnsreport", "no constraints"),
        ("mixed y", "nogroup", "no random-effects equations"),
    ],
)
def test_an_option_is_off_with_its_reason(text, option, words):
    assert words in disabled(spec_of(text))[option]


def test_what_fits_is_on():
    off = disabled(spec_of("mixed y [pw=w] || a:, pwscale(size) vce(robust) constraints(1)"))
    assert not {"weight", "pweight", "pwscale", "vce", "estmetric", "nostderr", "nocnsreport", "trace"} & off.keys()
    assert "dftable" not in disabled(spec_of("mixed y || a:, dfmethod(anova)"))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("mixed y [pw=w] || a:, reml vce(robust) pwscale(gk) emonly", "mixed y || a:, reml emonly"),
        ("mixed y [fw=w] || a:, dfmethod(anova) dftable(ci)", "mixed y || a:, dfmethod(anova) dftable(ci)"),
        ("mixed y || a:, estmetric stddeviations noretable", "mixed y || a:, estmetric"),
        ("mixed y || a:, nolog trace hessian", "mixed y || a:, nolog"),
        ("mixed y || a:, nrtolerance(1e-6) nonrtolerance", "mixed y || a:, nonrtolerance"),
        ("mixed y || a: || b:, dftable(ci) level(90)", "mixed y || a: || b:, level(90)"),
    ],
)
def test_what_is_off_is_left_out_and_does_not_switch_off_others(text, left):
    assert print_mixed(in_force(spec_of(text))) == print_mixed(spec_of(left))


def test_refused_options_stay_in_force_so_that_the_command_says_why(monkeypatch):
    monkeypatch.setattr(problems, "_refused_options", lambda: {"vce": "not in this version."})
    spec = spec_of("mixed y || a:, reml vce(robust)")
    assert in_force(spec) == spec
    assert disabled(spec)["vce"] == "not in this version."


def test_methods_for_degrees_of_freedom_depend_on_the_model():
    assert disabled_choices(spec_of("mixed y || a:"))["dfmethod"].keys() == {"satterthwaite", "kroger"}
    assert "dfmethod" not in disabled_choices(spec_of("mixed y || a:, reml"))
    off = disabled_choices(spec_of("mixed y || a: || b:, reml"))["dfmethod"]
    assert off == {"repeated": "needs a two-level model. This model has three levels."}
