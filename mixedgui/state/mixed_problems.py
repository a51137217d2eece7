"""Everything that is wrong with the content of the `mixed` dialog, control by control."""

from __future__ import annotations

from engine.api import MIXED, Dataset, Problem, StataError, problems_of
from mixedgui.state.equation_state import ALL, EquationState
from mixedgui.state.field_checks import expression_problems, range_problems, variable_problems, varlist_problems
from mixedgui.state.mixed_form import MixedForm, form_to_text
from mixedgui.state.mixed_reading import read
from mixedgui.state.option_checks import option_problems


def problems_in(form: MixedForm, dataset: Dataset) -> list[Problem]:
    """Return errors first, then warnings; `Problem.option` names the control."""
    found = _depvar(form, dataset)
    found += varlist_problems(form.indepvars, dataset, "indepvars", factors=True)
    for row, equation in enumerate(form.equations):
        if equation.enabled:
            found += _in_row(row, equation_problems(equation, dataset))
    found += expression_problems(form.if_, dataset, "if")
    found += range_problems(form.in_from, form.in_to, dataset, "in")
    found += option_problems(form.options, MIXED.options, dataset)
    if not found:
        found += _of_the_whole(form)
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
            found.append(Problem(100, "choose the factor variable for R.", "factor"))
    else:
        found += varlist_problems(equation.indepvars, dataset, "indepvars", factors=True)
    return found


def _depvar(form: MixedForm, dataset: Dataset) -> list[Problem]:
    if not dataset.variables:
        return [Problem(111, "no variables defined: open a data set first", "depvar")]
    if not form.depvar.strip():
        return [Problem(100, "choose a dependent variable", "depvar")]
    return variable_problems(form.depvar, dataset, "depvar", numeric=True)


def _in_row(row: int, problems: list[Problem]) -> list[Problem]:
    return [Problem(p.rc, f"equation {row + 1}: {p.message}", f"equations[{row}]", p.span, p.warning) for p in problems]


def _of_the_whole(form: MixedForm) -> list[Problem]:
    """Return what only shows when the command is read as a whole."""
    spec = read(form_to_text(form))
    if isinstance(spec, StataError):
        return [Problem(spec.rc, spec.message, "depvar" if spec.rc == 100 else "")]
    if len(spec.equations) != len(form.active):
        return [Problem(198, "a || inside a field makes another equation; use the equation list", "indepvars")]
    return problems_of(spec)
