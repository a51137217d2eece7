"""What keeps a `mixed` specification from running: refusals, bounds and rules between options, all as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.errors import Problem, Span, StataError
from engine.lang.command import Command
from engine.lang.declaration import OptionDecl, OptionKind
from engine.lang.options import format_problem, range_problem
from engine.spec.mixed import MixedReplay, MixedSpec
from engine.spec.mixed_declaration import MIXED, VCE_TYPES
from engine.spec.mixed_fields import OPTION_FIELDS, without
from engine.spec.rules import OFF, OFF_CHOICES, RULES
from engine.spec.technique import read_technique

_DECLS: dict[str, OptionDecl] = {decl.name: decl for decl in MIXED.options}


def problems_of(spec: MixedSpec | MixedReplay) -> list[Problem]:
    """Return everything that is wrong with `spec` and needs no data to see; the command line raises the first.

    What is not available comes first, then what is out of bounds, then what does not fit together.
    """
    found = _refusals(spec) + _bounds(spec)
    if isinstance(spec, MixedSpec):
        found += _technique(spec)
        broken = (rule for rule in RULES if rule.broken(spec))
        found += [Problem(rule.rc, rule.message(spec), rule.option, rule.place(spec)) for rule in broken]
    return found


def _refusals(spec: MixedSpec | MixedReplay) -> list[Problem]:
    found = [Problem(198, _DECLS[name].refused, name) for name, _ in spec.others if _DECLS[name].refused]
    vce = (dict(spec.others).get("vce") or "").split(maxsplit=1)
    found += [Problem(198, choice.refused, "vce") for choice in VCE_TYPES if choice.word in vce[:1] and choice.refused]
    if isinstance(spec, MixedReplay):
        return found
    if spec.residuals is not None and _DECLS["residuals"].refused:
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


def _technique(spec: MixedSpec) -> list[Problem]:
    """Check technique() again: a dialog may hold any text."""
    if spec.maximization.technique is None:
        return []
    try:
        read_technique(spec.maximization.technique)
    except StataError as error:
        return [Problem(error.rc, error.message, "technique")]
    return []


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
    refused = _refused_options()
    _, off = _switched_off(spec, refused)
    return off | refused


def disabled_choices(spec: MixedSpec) -> dict[str, dict[str, str]]:
    """Return option -> word -> why that word is off, for options of which some words are refused or do not fit."""
    reasons: dict[str, dict[str, str]] = {}
    for decl in MIXED.options:
        for choice in decl.choices:
            if choice.refused:
                reasons.setdefault(decl.name, {})[choice.word] = choice.refused
    for row in OFF_CHOICES:
        if row.when(spec):
            for word in row.words:
                reasons.setdefault(row.option, {}).setdefault(word, row.reason(spec))
    return reasons


def in_force(spec: MixedSpec) -> MixedSpec:
    """Return `spec` less the options that others switch off; what is refused stays, so that it is said."""
    return _switched_off(spec, _refused_options())[0]


def _refused_options() -> dict[str, str]:
    reasons = {decl.name: decl.refused for decl in MIXED.options if decl.refused}
    return reasons


def _switched_off(spec: MixedSpec, kept: Mapping[str, str]) -> tuple[MixedSpec, dict[str, str]]:
    """Return `spec` less the options that rows of `OFF` switch off and are not in `kept`, and all reasons.

    What a row has switched off does not switch off others: weights that REML rules out leave ``emonly`` alone.
    """
    reasons: dict[str, str] = {}
    for row in OFF:
        if row.when(spec):
            for option in row.options:
                reasons.setdefault(option, row.reason(spec))
            spec = without(spec, [option for option in row.options if option not in kept])
    return spec, reasons
