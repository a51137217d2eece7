"""What one fit has that another had not, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.api import Estimates, Method, MixedEstimates, MixedSpec, RandomEquation, print_varlist
from engine.api import VarList as Terms
from mixedgui.state.equation_state import EquationState
from mixedgui.state.translation import tr
from mixedgui.state.wording import choice_label, level_words, residuals_words, structure_words


def changed(before: Estimates | None, now: Estimates) -> str:
    """Say in words what a fit has that the one before had not; of the first, what varies in it."""
    if not isinstance(now, MixedEstimates):
        return now.command if before is None or before.command == now.command else tr("{0} instead").format(now.command)
    spec = now.spec
    if not isinstance(before, MixedEstimates):
        words = [_listed([_equation_words(each) for each in spec.equations]) or tr("no random effects")]
        words += [tr("residuals {0}").format(residuals_words(spec.residuals))] if spec.residuals is not None else []
        return ", ".join([*words, *_inference_changes({}, dict(spec.others))])
    old = before.spec
    if old.depvar != spec.depvar:
        return tr("{0} instead of {1}").format(spec.depvar, old.depvar)
    words = _fixed_changes(old, spec) + _random_changes(old, spec)
    if old.residuals != spec.residuals:
        words.append(tr("residuals {0}").format(residuals_words(spec.residuals)))
    if old.method is not spec.method:
        words.append("REML" if spec.method is Method.REML else tr("maximum likelihood"))
    if (old.if_, old.in_) != (spec.if_, spec.in_):
        words.append(tr("another sample"))
    if old.weight != spec.weight:
        words.append(tr("weights") if spec.weight is not None else tr("no weights"))
    words += _inference_changes(dict(old.others), dict(spec.others))
    if old.constraints != spec.constraints:
        words.append(tr("constraints {0}").format(spec.constraints) if spec.constraints else tr("no constraints"))
    return ", ".join(words) or tr("the same model")


def _inference_changes(old: Mapping[str, str | None], new: Mapping[str, str | None]) -> list[str]:
    """Say what else is different: standard errors, degrees of freedom, scaling of weights."""
    words: list[str] = []
    if old.get("vce") != new.get("vce"):
        kind, _, cluster = (new.get("vce") or "oim").partition(" ")
        named = {
            "robust": tr("robust standard errors"),
            "cluster": tr("standard errors clustered on {0}").format(cluster),
        }
        words.append(named.get(kind, tr("standard errors from the model")))
    if old.get("dfmethod") != new.get("dfmethod"):
        method = (new.get("dfmethod") or "").partition(",")[0]
        title = choice_label("dfmethod", method)
        words.append(tr("degrees of freedom: {0}").format(title) if method else tr("no degrees of freedom"))
    if old.get("pwscale") != new.get("pwscale"):
        words.append(tr("weights scaled otherwise"))
    return words


def _fixed_changes(old: MixedSpec, new: MixedSpec) -> list[str]:
    before, after = _terms(old.indepvars), _terms(new.indepvars)
    words = [f"+ {term}" for term in after if term not in before]
    words += [f"− {term}" for term in before if term not in after]
    if old.noconstant != new.noconstant:
        words.append(tr("− constant") if new.noconstant else tr("+ constant"))
    return words


def _random_changes(old: MixedSpec, new: MixedSpec) -> list[str]:
    before = {_key(each): each for each in old.equations}
    after = {_key(each): each for each in new.equations}
    words: list[str] = []
    for key, equation in after.items():
        if key not in before:
            words.append(f"+ {_equation_words(equation)}")
            continue
        other = before[key]
        had, has = _terms(other.terms), _terms(equation.terms)
        words += [tr("+ random slope of {term}").format(term=term) for term in has if term not in had]
        words += [tr("− random slope of {term}").format(term=term) for term in had if term not in has]
        if other.covariance is not equation.covariance:
            words.append(tr("{0} covariance").format(structure_words(equation.covariance)))
        if (other.fweight, other.pweight) != (equation.fweight, equation.pweight):
            words.append(tr("other weights for {0}").format(equation.level))
        if other.noconstant != equation.noconstant:
            words.append(tr("{0} random intercept for {1}").format("−" if equation.noconstant else "+", equation.level))
    words += [f"− {_equation_words(equation)}" for key, equation in before.items() if key not in after]
    return words


def _key(equation: RandomEquation) -> tuple[str, str]:
    return equation.level, equation.factor or ""


def _equation_words(equation: RandomEquation) -> str:
    if equation.factor is not None:
        return tr("random intercept of {0}").format(equation.factor)
    slopes = _listed(_terms(equation.terms))
    parts = [] if equation.noconstant else [tr("random intercept")]
    parts += [tr("slope of {slopes}").format(slopes=slopes)] if slopes else []
    return f"{' and '.join(parts) or 'nothing'} for {level_words(EquationState(level=equation.level))}"


def _terms(varlist: Terms) -> list[str]:
    return [print_varlist(Terms((item,))) for item in varlist.items]


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)
