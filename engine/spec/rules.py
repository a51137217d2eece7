"""Rules between the options of ``mixed`` ([ME] mixed, *Options*), one row each.

A rule of `RULES` says what may not stand together; a row of `OFF` says which options have no effect beside others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from engine.spec.mixed import CovarianceKind, Method, Metric, MixedSpec, RandomEquation

Test: TypeAlias = Callable[[MixedSpec], bool]

NEEDS_TIME = frozenset({"ar", "ma", "unstructured", "banded", "toeplitz", "exponential"})
_CROSSED = (None, CovarianceKind.IDENTITY, CovarianceKind.EXCHANGEABLE)


@dataclass(frozen=True, slots=True)
class Rule:
    """`broken` tells whether a spec breaks the rule; the message may use ``{df}``, ``{residuals}`` and ``{levels}``."""

    option: str
    text: str
    broken: Test
    rc: int = 198

    def message(self, spec: MixedSpec) -> str:
        """Return the message in the terms of `spec`."""
        kind = spec.residuals.kind if spec.residuals else ""
        return self.text.format(df=df_method(spec), residuals=kind, levels=_levels_in_words(spec))


@dataclass(frozen=True, slots=True)
class Off:
    """Options that have no effect while `when` holds, and the reason a reader is told."""

    options: tuple[str, ...]
    reason: str
    when: Test


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
    words = ("one level", "two levels", "three levels", "four levels", "five levels")
    count = len(level_names(spec))
    return words[count] if count < len(words) else f"{count + 1} levels"


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


def _structured(spec: MixedSpec) -> bool:
    return spec.residuals is not None and (spec.residuals.kind != "independent" or spec.residuals.by is not None)


def _timeless(spec: MixedSpec) -> bool:
    return spec.residuals is not None and spec.residuals.kind in NEEDS_TIME and spec.residuals.t is None


def _levels_return(spec: MixedSpec) -> bool:
    names = level_names(spec)
    return len(set(names)) < len(names)


def _all_inside(spec: MixedSpec) -> bool:
    return "_all" in level_names(spec)[1:]


def _any_equation(test: Callable[[RandomEquation], bool]) -> Test:
    return lambda spec: any(test(equation) for equation in spec.equations)


def _not_two_levels(spec: MixedSpec) -> bool:
    return len(level_names(spec)) != 1


def _beside_estmetric(spec: MixedSpec) -> bool:
    shown = spec.display
    clash = shown.metric is Metric.STDDEVIATION or shown.noretable or shown.nofetable
    return other(spec, "estmetric") is not None and clash


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
         lambda spec: other(spec, "dftable") is not None and not df_method(spec)),
    Rule("small", "small is for showing results again: mixed, small.", _has("small")),
    Rule("residuals", "residuals({residuals}) needs t(): name the variable that orders the observations.", _timeless),
    Rule("pwscale", "pwscale() needs sampling weights and a two-level model. This model has {levels}.",
         lambda spec: other(spec, "pwscale") is not None and (not _pweighted(spec) or _not_two_levels(spec))),
    Rule("emonly", "emonly needs unweighted data and independent residuals with one variance.",
         lambda spec: other(spec, "emonly") is not None and (_weighted(spec) or _structured(spec))),
    Rule("nostderr", "nostderr needs independent residuals with one variance.",
         lambda spec: spec.nostderr and _structured(spec)),
    Rule("equations", "R. allows covariance(identity) and covariance(exchangeable) only.",
         _any_equation(lambda equation: equation.factor is not None and equation.covariance not in _CROSSED)),
    Rule("equations", "fweight() and pweight() may not be combined in one equation.",
         _any_equation(lambda equation: bool(equation.fweight and equation.pweight)), 184),
    Rule("equations", "a level stands twice with another one between. Put equations of one level next to each other.",
         _levels_return),
    Rule("equations", "_all is one group of all observations. List it first.", _all_inside),
    Rule("estmetric", "estmetric may not be combined with stddeviations, noretable or nofetable.",
         _beside_estmetric, 184),
    Rule("nrtolerance", "options nrtolerance() and nonrtolerance may not be combined.",
         lambda spec: spec.maximization.nonrtolerance and spec.maximization.nrtolerance is not None, 184),
    Rule("nolog", "options log and nolog may not be combined.",
         lambda spec: spec.maximization.log and spec.maximization.nolog, 184),
    Rule("emlog", "options emlog and emdots may not be combined.", _has("emlog", "emdots"), 184),
    Rule("matlog", "options matsqrt and matlog may not be combined.", _has("matsqrt", "matlog"), 184),
)  # fmt: skip
"""In the order in which the command line finds them."""

OFF = (
    Off(("weight", "fweight", "pweight", "pwscale"),
        "Not available with REML: weights need maximum likelihood.", _reml),
    Off(("vce", "robust", "cluster"),
        "Not available with REML: robust standard errors need maximum likelihood.", _reml),
    Off(("vce", "robust", "cluster", "weight", "fweight", "pweight", "pwscale", "nostderr", "noci", "nopvalues"),
        "Not available with dfmethod().", lambda spec: bool(df_method(spec))),
    Off(("dftable",), "Shows degrees of freedom: choose a method for them first.", lambda spec: not df_method(spec)),
    Off(("stddeviations", "noretable", "nofetable"), "Not available with estmetric.", _has("estmetric")),
    Off(("nrtolerance", "showtolerance"), "The scaled gradient is not used: nonrtolerance is on.",
        lambda spec: spec.maximization.nonrtolerance),
    Off(("trace", "gradient", "showstep", "hessian", "showtolerance"), "The iteration log is off.",
        lambda spec: spec.maximization.nolog),
    Off(("emtolerance",), "There are no EM iterations.", lambda spec: spec.maximization.emiterate == 0),
    Off(("nogroup", "nolrtest"), "There are no random-effects equations.", lambda spec: not spec.equations),
    Off(("baselevels",), "All base levels are shown: allbaselevels is on.", lambda spec: spec.display.allbaselevels),
)  # fmt: skip
"""Every option that is greyed with its reason."""
