"""``lincom``: linear combinations of the coefficients of the last fit ([R] lincom)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.postestimation.test_ import DF, SMALL
from engine.errors import StataError
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, Picks, VarlistRule

if TYPE_CHECKING:
    from engine.lang.command import Command, Part
    from engine.postest.linear_tests import Combinations

MENU = ("Statistics", "Postestimation", "Tests, contrasts, and comparisons of parameter estimates")
LEVEL = OptionDecl(
    name="level", minimum=1, kind=OptionKind.REAL, low=10, high=99.99, default=95, page="model",
    label="Confidence level", help="Confidence level of the intervals, in percent.",
)  # fmt: skip
_EFORMS = {"eform": "exp(b)", "or": "Odds ratio", "hr": "Haz. ratio", "irr": "IRR", "rrr": "RRR"}

LINCOM = CommandDecl(
    name="lincom",
    minimum=6,
    title="Linear combinations of estimators",
    help="Estimates a linear combination of coefficients with standard error, test and confidence limits.",
    menu=(*MENU, "Linear combinations of parameter estimates"),
    varlist=VarlistRule.TEXT,
    text_label="Linear combination",
    picks=Picks.COEFFICIENTS,
    options=(
        *(
            OptionDecl(
                name=name, minimum=2 if name == "eform" else len(name), label=f"Exponentiated: {heading}",
                page="model", help=f"Shows the exponential of the combination under {heading}.",
            )
            for name, heading in _EFORMS.items()
        ),
        LEVEL,
        SMALL,
        DF,
    ),
    examples=("lincom week + _cons", "lincom 10*week, level(90)"),
)  # fmt: skip


def level_of(part: Part, context: Context) -> float:
    """Return the confidence level in percent that the command or ``set level`` asks for."""
    use = part.option("level")
    return context.settings.level if use is None or use.argument is None else float(use.argument)


def df_of(part: Part) -> float | None:
    """Return the denominator degrees of freedom of ``df()``, None without; r(184) beside ``small``."""
    use = part.option("df")
    if use is not None and part.has("small"):
        raise StataError(184, "options small and df() may not be combined", use.span)
    return None if use is None or use.argument is None else float(use.argument)


def run_lincom(command: Command, context: Context) -> Effects:
    """Estimate the combination; r(301) without results, r(111) for what is no coefficient, r(198) if not linear."""
    from engine.lang.linear import LinearEquation, parse_combination
    from engine.postest.linear_tests import combinations
    from engine.postest.parameters import parameters_of, rows_of
    from engine.results.estimates import needs_estimates
    from engine.results.stored import Stored
    from engine.tables.document import Lines
    from engine.tables.effects import EffectColumns
    from engine.tables.hypotheses import combination_data, combination_table, hypothesis_lines, hypothesis_texts

    part = command.main
    active = needs_estimates(context.estimates)
    parameters = parameters_of(active)
    try:
        asked = parse_combination(part.body)
    except StataError as error:
        raise StataError(error.rc, error.message, part.body_span) from None
    held = rows_of((LinearEquation(asked.terms, -asked.value),), parameters, part.body_span)
    level = level_of(part, context)
    found = combinations(parameters, held.R, level, small=part.has("small"), df=df_of(part))
    found = _shifted(found, asked.value)
    forms = [name for name in _EFORMS if part.has(name)]
    if len(forms) > 1:
        raise StataError(198, f"options {forms[0]} and {forms[1]} may not be combined", part.body_span)
    shown = _exponentiated(found) if forms else found
    context.emit(hypothesis_lines(hypothesis_texts(held, parameters.labels)), Lines(("",)))
    heading = _EFORMS[forms[0]] if forms else "Coefficient"
    columns = EffectColumns(heading=heading, statistic=found.statistic, level=level)
    data = combination_data("lincom", active.result.depvar, ["(1)"], shown)
    context.emit(combination_table(active.result.depvar, ["(1)"], shown, columns, data=data))
    t = shown.tests
    scalars = {"estimate": shown.estimates[0], "se": t.se[0], found.statistic: t.z[0], "p": t.p[0]}
    scalars |= {"lb": t.ll[0], "ub": t.ul[0], "level": level}
    if found.statistic == "t":
        scalars["df"] = found.df[0]
    return Effects(tables=(data,), r=Stored(scalars={name: float(value) for name, value in scalars.items()}))


def _shifted(found: Combinations, value: float) -> Combinations:
    """Add a constant to the estimate; the test stays that against zero."""
    if value == 0.0:
        return found
    import numpy as np

    from engine.inference.student import t_two_sided

    estimates = found.estimates + value
    t = found.tests
    z = estimates / t.se
    p = np.array([t_two_sided(one, df) for one, df in zip(z, found.df, strict=True)])
    return replace(found, estimates=estimates, tests=replace(t, z=z, p=p, ll=t.ll + value, ul=t.ul + value))


def _exponentiated(found: Combinations) -> Combinations:
    """Return exp of estimate and limits, the standard error by the delta method, the test as it was."""
    import numpy as np

    t = found.tests
    with np.errstate(over="ignore"):
        ratio = np.exp(found.estimates)
        tests = replace(t, se=ratio * t.se, ll=np.exp(t.ll), ul=np.exp(t.ul))
    return replace(found, estimates=ratio, tests=tests)


COMMANDS = ((LINCOM, run_lincom),)
