"""Everything that is wrong with the content of the `mixed` dialog, control by control."""

from __future__ import annotations

from dataclasses import replace

from engine.api import MIXED, Dataset, OptionKind, Problem, StataError, disabled, in_force, problems_of
from mixedgui.state.equation_state import ALL, EquationState
from mixedgui.state.field_checks import (
    by_problems,
    expression_problems,
    range_problems,
    variable_problems,
    varlist_problems,
    weight_problems,
)
from mixedgui.state.mixed_form import MixedForm, form_to_text
from mixedgui.state.mixed_reading import read
from mixedgui.state.option_checks import option_problems
from mixedgui.state.translation import declared, tr


def problems_in(form: MixedForm, dataset: Dataset) -> list[Problem]:
    """Return errors first, then warnings; `Problem.option` names the control."""
    found = _depvar(form, dataset)
    found += varlist_problems(form.indepvars, dataset, "indepvars", factors=True)
    for row, equation in enumerate(form.equations):
        if equation.enabled:
            found += _in_row(row, equation_problems(equation, dataset))
    found += expression_problems(form.if_, dataset, "if")
    found += range_problems(form.in_from, form.in_to, dataset, "in")
    found += by_problems(form.by.variables, dataset)
    off = _off(form)
    found += option_problems(form.options.without(off), MIXED.options, dataset)
    found += _part_problems(form, off, dataset)
    if not found:
        found += _argument_problems(form) or _of_the_whole(form)
    return sorted(found, key=lambda problem: problem.warning)


def equation_problems(equation: EquationState, dataset: Dataset) -> list[Problem]:
    """Return what is wrong with one equation; `Problem.option` names the field of the sub-dialog."""
    found: list[Problem] = []
    if equation.level_name != ALL:
        found += variable_problems(equation.level, dataset, "level")
    if equation.crossed:
        if equation.factor.strip():
            found += variable_problems(equation.factor, dataset, "factor")
        else:
            found.append(Problem(100, tr("choose the factor variable for R."), "factor"))
    else:
        found += varlist_problems(equation.indepvars, dataset, "indepvars", factors=True)
    if equation.weighting and not equation.weight.strip():
        found.append(Problem(100, tr("enter the weight, or choose none"), equation.weighting))
    for option, text in (("fweight", equation.fweight), ("pweight", equation.pweight)):
        found += expression_problems(text, dataset, option)
    return found


def _off(form: MixedForm) -> frozenset[str]:
    """Return the options that the others switch off: what stands in them does not matter."""
    spec = read(form_to_text(form))
    return frozenset() if isinstance(spec, StataError) else frozenset(disabled(spec))


def _part_problems(form: MixedForm, off: frozenset[str], dataset: Dataset) -> list[Problem]:
    """Look at the fields of residuals, weights and standard errors that are in force."""
    found: list[Problem] = []
    residuals, vce = form.residuals, form.vce
    if residuals.on and "residuals" not in off:
        shown = {"by": residuals.by, "t": residuals.t if residuals.needs_time else ""}
        for name, text in shown.items():
            found += variable_problems(text, dataset, f"residuals_{name}") if text.strip() else []
    if "weight" not in off:
        found += weight_problems(form.weight, dataset)
    if vce.clustered and "vce" not in off:
        if vce.cluster.strip():
            found += variable_problems(vce.cluster, dataset, "vce_cluster")
        else:
            found.append(Problem(100, tr("choose the variable that names the clusters"), "vce_cluster"))
    return found


_READ_BY_THE_COMMAND = frozenset({OptionKind.TEXT, OptionKind.CHOICE, OptionKind.NUMBERS, OptionKind.FORMAT})


def _argument_problems(form: MixedForm) -> list[Problem]:
    """Read each argument with a grammar of its own by itself, so that its control can be named."""
    kinds = {decl.name: decl.kind for decl in MIXED.options}
    texts = {name: f"{name}({text})" for name, text in form.options.items if kinds.get(name) in _READ_BY_THE_COMMAND}
    texts["residuals_order"] = replace(form.residuals, by="", t="").to_text()
    found: list[Problem] = []
    for option, text in texts.items():
        spec = read(f"mixed y, {text}") if text else None
        if isinstance(spec, StataError):
            found.append(Problem(spec.rc, declared(spec.message), option))
    return found


def _depvar(form: MixedForm, dataset: Dataset) -> list[Problem]:
    if not dataset.variables:
        return [Problem(111, tr("no variables defined: open a data set first"), "depvar")]
    if not form.depvar.strip():
        return [Problem(100, tr("choose a dependent variable"), "depvar")]
    return variable_problems(form.depvar, dataset, "depvar", numeric=True)


def _in_row(row: int, problems: list[Problem]) -> list[Problem]:
    said = tr("equation {number}: {problem}")
    return [
        replace(p, message=said.format(number=row + 1, problem=p.message), option=f"equations[{row}]") for p in problems
    ]


def _of_the_whole(form: MixedForm) -> list[Problem]:
    """Return what only shows when the command is read as a whole."""
    spec = read(form_to_text(form))
    if isinstance(spec, StataError):
        return [Problem(spec.rc, declared(spec.message), _BLAMED.get(spec.rc, ""))]
    if len(spec.equations) != len(form.active):
        return [Problem(198, tr("a || inside a field makes another equation; use the equation list"), "indepvars")]
    return [_placed(problem, form) for problem in problems_of(in_force(spec))]


_BLAMED = {100: "depvar", 190: "by"}
"""Return code of a command that cannot be read -> the field to blame: no response, by with a range."""

_PLACES = {"weight": "weight_type", "fweight": "equations", "pweight": "equations", "factor": "equations"}
"""Option -> its control, where the names differ."""


def _placed(problem: Problem, form: MixedForm) -> Problem:
    """Return `problem` at the control that solves it."""
    option = _PLACES.get(problem.option, problem.option)
    if option == "residuals" and form.residuals.needs_time and not form.residuals.t.strip():
        option = "residuals_t"
    return replace(problem, message=declared(problem.message), option=option, span=None)
