"""What one fit has that another had not, in words."""

from __future__ import annotations

from collections.abc import Sequence

from engine.api import Estimates, Method, MixedEstimates, MixedSpec, RandomEquation, print_varlist
from engine.api import VarList as Terms
from mixedgui.state.equation_state import EquationState
from mixedgui.state.wording import level_words, residuals_words, structure_words


def changed(before: Estimates | None, now: Estimates) -> str:
    """Say in words what a fit has that the one before had not; of the first, what varies in it."""
    if not isinstance(now, MixedEstimates):
        return now.command if before is None or before.command == now.command else f"{now.command} instead"
    spec = now.spec
    if not isinstance(before, MixedEstimates):
        return _listed([_equation_words(each) for each in spec.equations]) or "no random effects"
    old = before.spec
    if old.depvar != spec.depvar:
        return f"{spec.depvar} instead of {old.depvar}"
    words = _fixed_changes(old, spec) + _random_changes(old, spec)
    if old.residuals != spec.residuals:
        words.append(f"residuals {residuals_words(spec.residuals)}")
    if old.method is not spec.method:
        words.append("REML" if spec.method is Method.REML else "maximum likelihood")
    if (old.if_, old.in_) != (spec.if_, spec.in_):
        words.append("another sample")
    if old.weight != spec.weight:
        words.append("weights" if spec.weight is not None else "no weights")
    return ", ".join(words) or "the same model"


def _fixed_changes(old: MixedSpec, new: MixedSpec) -> list[str]:
    before, after = _terms(old.indepvars), _terms(new.indepvars)
    words = [f"+ {term}" for term in after if term not in before]
    words += [f"− {term}" for term in before if term not in after]
    if old.noconstant != new.noconstant:
        words.append("− constant" if new.noconstant else "+ constant")
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
        words += [f"+ random slope of {term}" for term in has if term not in had]
        words += [f"− random slope of {term}" for term in had if term not in has]
        if other.covariance is not equation.covariance:
            words.append(f"{structure_words(equation.covariance)} covariance")
        if other.noconstant != equation.noconstant:
            words.append(f"{'−' if equation.noconstant else '+'} random intercept for {equation.level}")
    words += [f"− {_equation_words(equation)}" for key, equation in before.items() if key not in after]
    return words


def _key(equation: RandomEquation) -> tuple[str, str]:
    return equation.level, equation.factor or ""


def _equation_words(equation: RandomEquation) -> str:
    if equation.factor is not None:
        return f"random intercept of {equation.factor}"
    slopes = _listed(_terms(equation.terms))
    parts = [] if equation.noconstant else ["random intercept"]
    parts += [f"slope of {slopes}"] if slopes else []
    return f"{' and '.join(parts) or 'nothing'} for {level_words(EquationState(level=equation.level))}"


def _terms(varlist: Terms) -> list[str]:
    return [print_varlist(Terms((item,))) for item in varlist.items]


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)
