"""Rules between the options of ``mixed`` ([ME] mixed, *Options*), one row each.

A rule of `RULES` says what may not stand together; a row of `OFF` says which options have no effect beside others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from engine.errors import Span
from engine.phrase import phrase
from engine.spec.mixed import CovarianceKind, Method, Metric, MixedSpec, RandomEquation
from engine.spec.mixed_fields import given

Test: TypeAlias = Callable[[MixedSpec], bool]
Place: TypeAlias = Callable[[MixedSpec], Span | None]

NEEDS_TIME = frozenset({"ar", "ma", "unstructured", "banded", "toeplitz", "exponential", "hexchangeable", "har"})
_CROSSED = (None, CovarianceKind.IDENTITY, CovarianceKind.EXCHANGEABLE)


@dataclass(frozen=True, slots=True)
class Rule:
    """`broken` tells whether a spec breaks the rule; the message may use ``{df}``, ``{residuals}`` and ``{levels}``."""

    option: str
    text: str
    broken: Test
    rc: int = 198
    place: Place = lambda spec: None
    """Where the command breaks the rule, for rules that no option stands for."""

    def message(self, spec: MixedSpec) -> str:
        """Return the message in the terms of `spec`."""
        kind = spec.residuals.kind if spec.residuals else ""
        return phrase(self.text, df=df_method(spec), residuals=kind, levels=_levels_in_words(spec))


@dataclass(frozen=True, slots=True)
class Off:
    """Options that have no effect while `when` holds, and the reason a reader is told (may use ``{levels}``)."""

    options: tuple[str, ...]
    text: str
    when: Test

    def reason(self, spec: MixedSpec) -> str:
        """Return the reason in the terms of `spec`."""
        return phrase(self.text, levels=_levels_in_words(spec))


@dataclass(frozen=True, slots=True)
class OffChoice:
    """Words that an option does not take while `when` holds, and the reason."""

    option: str
    words: tuple[str, ...]
    text: str
    when: Test

    def reason(self, spec: MixedSpec) -> str:
        """Return the reason in the terms of `spec`."""
        return phrase(self.text, levels=_levels_in_words(spec))


def other(spec: MixedSpec, name: str) -> str | None:
    """Return the argument of an option kept as text, empty for a bare one, None when it was not given."""
    return next((argument or "" for option, argument in spec.others if option == name), None)


def df_method(spec: MixedSpec) -> str:
    """Return the method of ``dfmethod()``, empty without it."""
    return (other(spec, "dfmethod") or "").split(",")[0]


def level_names(spec: MixedSpec) -> list[str]:
    """Return the levels, outermost first, equations in a row at one level counted once."""
    names: list[str] = []
    for equation in spec.equations:
        if not names or names[-1] != equation.level:
            names.append(equation.level)
    return names


def _levels_in_words(spec: MixedSpec) -> str:
    words = (
        phrase("one level"),
        phrase("two levels"),
        phrase("three levels"),
        phrase("four levels"),
        phrase("five levels"),
    )
    count = len(level_names(spec))
    return words[count] if count < len(words) else phrase("{n} levels", n=count + 1)


def _has(*names: str) -> Test:
    return lambda spec: all(other(spec, name) is not None for name in names)


def _reml(spec: MixedSpec) -> bool:
    return spec.method is Method.REML


def _pweighted(spec: MixedSpec) -> bool:
    return (spec.weight is not None and spec.weight.kind == "pweight") or any(e.pweight for e in spec.equations)


def _weighted(spec: MixedSpec) -> bool:
    return spec.weight is not None or any(e.fweight or e.pweight for e in spec.equations)


def _robust(spec: MixedSpec) -> bool:
    return other(spec, "vce") not in (None, "oim")


def _sandwich(spec: MixedSpec) -> bool:
    """Tell whether standard errors are robust, asked for or implied by sampling weights."""
    return _robust(spec) or _pweighted(spec)


def _structured(spec: MixedSpec) -> bool:
    return spec.residuals is not None and (spec.residuals.kind != "independent" or spec.residuals.by is not None)


def _timeless(spec: MixedSpec) -> bool:
    return spec.residuals is not None and spec.residuals.kind in NEEDS_TIME and spec.residuals.t is None


def _returning(spec: MixedSpec) -> Iterator[RandomEquation]:
    """Yield the equations whose level stood before, with another one between."""
    levels = [equation.level for equation in spec.equations]
    for i, equation in enumerate(spec.equations):
        if i and equation.level != levels[i - 1] and equation.level in levels[:i]:
            yield equation


def _inner_all(spec: MixedSpec) -> Iterator[RandomEquation]:
    """Yield the equations of _all below another level."""
    equations = spec.equations
    yield from (e for i, e in enumerate(equations) if i and e.level == "_all" and equations[i - 1].level != "_all")


def _any_of(find: Callable[[MixedSpec], Iterator[RandomEquation]]) -> Test:
    return lambda spec: next(find(spec), None) is not None


def _level_of(find: Callable[[MixedSpec], Iterator[RandomEquation]]) -> Place:
    return lambda spec: next((equation.level_span for equation in find(spec)), None)


def _any_equation(test: Callable[[RandomEquation], bool]) -> Test:
    return lambda spec: any(test(equation) for equation in spec.equations)


def _not_two_levels(spec: MixedSpec) -> bool:
    return len(level_names(spec)) != 1


def _beside_estmetric(spec: MixedSpec) -> bool:
    shown = spec.display
    clash = shown.metric is Metric.STDDEVIATION or shown.noretable or shown.nofetable
    return shown.estmetric and clash


RULES = (
    Rule("reml", "weights are not allowed with REML estimation. Drop reml or the weights.",
         lambda spec: _reml(spec) and (_weighted(spec) or other(spec, "pwscale") is not None)),
    Rule("vce", "robust standard errors are not allowed with REML estimation. Drop reml or choose vce(oim).",
         lambda spec: _reml(spec) and _robust(spec)),
    Rule("dfmethod", "dfmethod({df}) requires option reml.",
         lambda spec: df_method(spec) in ("satterthwaite", "kroger") and not _reml(spec)),
    Rule("dfmethod", "dfmethod() needs model-based standard errors. Choose vce(oim).",
         lambda spec: bool(df_method(spec)) and _robust(spec)),
    Rule("dfmethod", "dfmethod() is not allowed with weights. Drop dfmethod() or the weights.",
         lambda spec: bool(df_method(spec)) and (_weighted(spec) or other(spec, "pwscale") is not None)),
    Rule("dfmethod", "dfmethod(repeated) needs a two-level model. This model has {levels}.",
         lambda spec: df_method(spec) == "repeated" and _not_two_levels(spec)),
    Rule("dftable", "dftable() needs dfmethod().",
         lambda spec: spec.display.dftable is not None and not df_method(spec)),
    Rule("small", "small is for showing results again: mixed, small.", lambda spec: spec.display.small),
    Rule("residuals", "residuals({residuals}) needs t(): name the variable that orders the observations.", _timeless),
    Rule("residuals", "the weight of an observation repeats it within its group, and residuals({residuals}) allows no "
         "repeated values of t() there. Weight groups by fweight() or pweight() of a level, or choose "
         "residuals(exchangeable).",
         lambda spec: spec.weight is not None and spec.residuals is not None and spec.residuals.kind in NEEDS_TIME),
    Rule("pwscale", "pwscale() needs sampling weights and a two-level model. This model has {levels}.",
         lambda spec: other(spec, "pwscale") is not None and (not _pweighted(spec) or _not_two_levels(spec))),
    Rule("pwscale", "pwscale() rescales sampling weights of observations, and these are frequency weights. "
         "Drop pwscale().",
         lambda spec: other(spec, "pwscale") is not None and spec.weight is not None and spec.weight.kind == "fweight"),
    Rule("vce", "sampling weights need robust standard errors. Drop vce(oim).",
         lambda spec: _pweighted(spec) and other(spec, "vce") == "oim"),
    Rule("vce", "robust standard errors need independent groups at the top level, and _all is one group of all "
         "observations. Choose vce(oim), or nested levels.",
         lambda spec: _sandwich(spec) and "_all" in level_names(spec)[:1]),
    Rule("emonly", "emonly needs unweighted data and independent residuals with one variance.",
         lambda spec: spec.maximization.emonly and (_weighted(spec) or _structured(spec))),
    Rule("nostderr", "nostderr needs independent residuals with one variance.",
         lambda spec: spec.nostderr and _structured(spec)),
    Rule("equations", "R. allows covariance(identity) and covariance(exchangeable) only.",
         _any_equation(lambda equation: equation.factor is not None and equation.covariance not in _CROSSED)),
    Rule("equations", "fweight() and pweight() may not be combined in one equation.",
         _any_equation(lambda equation: bool(equation.fweight and equation.pweight)), 184),
    Rule("equations", "a level stands twice with another one between. Put equations of one level next to each other.",
         _any_of(_returning), place=_level_of(_returning)),
    Rule("equations", "_all is one group of all observations. List it first.",
         _any_of(_inner_all), place=_level_of(_inner_all)),
    Rule("estmetric", "estmetric may not be combined with stddeviations, noretable or nofetable.",
         _beside_estmetric, 184),
    Rule("coeflegend", "coeflegend may not be combined with estmetric or dftable().",
         lambda spec: spec.display.coeflegend and (spec.display.estmetric or spec.display.dftable is not None), 184),
    Rule("dfmethod", "dfmethod({df}) is not defined under constraints(). Choose residual, satterthwaite or kroger.",
         lambda spec: spec.constraints is not None and df_method(spec) in ("repeated", "anova")),
    Rule("nrtolerance", "options nrtolerance() and nonrtolerance may not be combined.",
         lambda spec: spec.maximization.nonrtolerance and spec.maximization.nrtolerance is not None, 184),
    Rule("nolog", "options log and nolog may not be combined.",
         lambda spec: spec.maximization.log and spec.maximization.nolog, 184),
    Rule("emlog", "options emlog and emdots may not be combined.",
         lambda spec: spec.maximization.emlog and spec.maximization.emdots, 184),
    Rule("matlog", "options matsqrt and matlog may not be combined.",
         lambda spec: spec.maximization.matsqrt and spec.maximization.matlog, 184),
)  # fmt: skip
"""In the order in which the command line finds them."""

OFF = (
    Off(("pwscale",),
        "Weight scaling needs sampling weights and two levels. This model uses REML, which takes no weights, "
        "and has {levels}.", lambda spec: _reml(spec) and _not_two_levels(spec)),
    Off(("weight", "fweight", "pweight", "pwscale"),
        "Not available with REML: weights need maximum likelihood.", _reml),
    Off(("vce", "robust", "cluster"),
        "Not available with REML: robust standard errors need maximum likelihood.", _reml),
    Off(("vce", "robust", "cluster"),
        "Not available with dfmethod(): degrees of freedom need model-based standard errors.",
        lambda spec: bool(df_method(spec))),
    Off(("weight", "fweight", "pweight", "pwscale"),
        "Not available with dfmethod(): degrees of freedom need unweighted data.", lambda spec: bool(df_method(spec))),
    Off(("nostderr", "noci", "nopvalues"), "Not available with dfmethod().", lambda spec: bool(df_method(spec))),
    Off(("pwscale",), "Weight scaling needs sampling weights and two levels. This model has {levels}.",
        _not_two_levels),
    Off(("pwscale",), "Weight scaling needs sampling weights, and this model has none.",
        lambda spec: not _pweighted(spec)),
    Off(("emonly",), "EM alone needs unweighted data. This model has weights.", _weighted),
    Off(("emonly", "nostderr"), "Not available with this residual structure: it needs independent residuals with one "
        "variance.", _structured),
    Off(("dftable",), "Shows degrees of freedom: choose a method for them first.", lambda spec: not df_method(spec)),
    Off(("stddeviations", "noretable", "nofetable"), "Not available with estmetric.",
        lambda spec: given(spec, "estmetric")),
    Off(("estmetric",), "Not available with stddeviations, noretable or nofetable.",
        lambda spec: any(given(spec, name) for name in ("stddeviations", "noretable", "nofetable"))),
    Off(("nrtolerance", "showtolerance"), "The scaled gradient is not used: nonrtolerance is on.",
        lambda spec: given(spec, "nonrtolerance")),
    Off(("trace", "gradient", "showstep", "hessian", "showtolerance"), "The iteration log is off.",
        lambda spec: given(spec, "nolog")),
    Off(("emtolerance",), "There are no EM iterations.", lambda spec: spec.maximization.emiterate == 0),
    Off(("nogroup", "nolrtest"), "There are no random-effects equations.", lambda spec: not spec.equations),
    Off(("nocnsreport",), "There are no constraints.", lambda spec: not given(spec, "constraints")),
    Off(("baselevels",), "All base levels are shown: allbaselevels is on.", lambda spec: given(spec, "allbaselevels")),
)  # fmt: skip
"""Every option that is greyed with its reason; where two switch each other off, the earlier row wins."""

OFF_CHOICES = (
    OffChoice("dfmethod", ("satterthwaite", "kroger"), "needs REML.", lambda spec: not _reml(spec)),
    OffChoice("dfmethod", ("repeated",), "needs a two-level model. This model has {levels}.", _not_two_levels),
)
"""Every choice that is greyed with its reason."""
