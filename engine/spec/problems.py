"""What keeps a `mixed` specification from running: refusals, bounds and rules between options, all as data."""

from __future__ import annotations

from dataclasses import replace

from engine.errors import Problem, Span
from engine.lang.command import Command
from engine.lang.declaration import OptionDecl, OptionKind
from engine.lang.options import format_problem, range_problem
from engine.spec.mixed import MixedReplay, MixedSpec
from engine.spec.mixed_declaration import MIXED, VCE_TYPES
from engine.spec.mixed_fields import OPTION_FIELDS
from engine.spec.rules import OFF, RULES

_DECLS: dict[str, OptionDecl] = {decl.name: decl for decl in MIXED.options}

WEIGHTS_REFUSED = "weights are not available in this version: each observation counts once."
CROSSED_REFUSED = "R. is not available in this version: write nested levels instead of crossed effects."


def problems_of(spec: MixedSpec | MixedReplay) -> list[Problem]:
    """Return everything that is wrong with `spec` and needs no data to see; the command line raises the first.

    What is not available comes first, then what is out of bounds, then what does not fit together.
    """
    found = _refusals(spec) + _bounds(spec)
    if isinstance(spec, MixedSpec):
        found += [Problem(rule.rc, rule.message(spec), rule.option) for rule in RULES if rule.broken(spec)]
    return found


def _refusals(spec: MixedSpec | MixedReplay) -> list[Problem]:
    found = [Problem(198, _DECLS[name].refused, name) for name, _ in spec.others if _DECLS[name].refused]
    vce = (dict(spec.others).get("vce") or "").split(maxsplit=1)
    found += [Problem(198, choice.refused, "vce") for choice in VCE_TYPES if choice.word in vce[:1] and choice.refused]
    if isinstance(spec, MixedReplay):
        return found
    if spec.weight is not None:
        found.append(Problem(198, WEIGHTS_REFUSED, "weight", spec.weight.span))
    for equation in spec.equations:
        if equation.factor is not None:
            found.append(Problem(198, CROSSED_REFUSED, "equations", equation.level_span))
        for name in ("fweight", "pweight"):
            if getattr(equation, name) is not None:
                found.append(Problem(198, _DECLS[name].refused, name, equation.level_span))
    if spec.residuals is not None:
        found.append(Problem(198, _DECLS["residuals"].refused, "residuals"))
    return found


def _bounds(spec: MixedSpec | MixedReplay) -> list[Problem]:
    """Check numbers and formats against their declarations: a dialog may hold what no command could spell."""
    found: list[Problem] = []
    for field in OPTION_FIELDS:
        decl, value = _DECLS[field.option], field.value(spec)
        if not field.argument or value is None:
            continue
        is_format = decl.kind is OptionKind.FORMAT
        message = format_problem(decl, value) if is_format else range_problem(decl, value)
        if message:
            found.append(Problem(120 if is_format else 198, message, field.option))
    return found


def locate(problem: Problem, command: Command) -> Problem:
    """Return `problem` with the place of its option in `command`, where the option was typed."""
    if problem.span is not None:
        return problem
    spans: list[Span] = [
        use.span for part in command.parts for use in part.options if use.span and _names(use.decl.name, problem.option)
    ]
    return replace(problem, span=spans[0]) if spans else problem


def _names(used: str, option: str) -> bool:
    return used == option or (option == "vce" and used in ("robust", "cluster"))


def disabled(spec: MixedSpec) -> dict[str, str]:
    """Return option -> why it is off, for every option that would have no effect or be refused."""
    reasons = {decl.name: decl.refused for decl in MIXED.options if decl.refused}
    reasons["weight"] = WEIGHTS_REFUSED
    reasons["factor"] = CROSSED_REFUSED
    for row in OFF:
        if row.when(spec):
            for option in row.options:
                reasons.setdefault(option, row.reason)
    return reasons
