"""``test`` and ``testparm``: Wald tests of linear hypotheses on the last fit ([R] test)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.errors import StataError
from engine.lang.declaration import Choice, CommandDecl, OptionDecl, OptionKind, Picks, VarlistRule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.lang.command import Command, OptionUse, Part
    from engine.postest.linear_tests import LinearTest
    from engine.postest.parameters import Parameters
    from engine.results.estimates import Hypotheses
    from engine.results.stored import DataTable, Stored

_MENU = ("Statistics", "Postestimation", "Tests, contrasts, and comparisons of parameter estimates")

SMALL = OptionDecl(
    name="small", minimum=5, label="Small-sample inference", page="model",
    help="Uses the degrees of freedom of dfmethod(), with which the model has to be fitted.",
)  # fmt: skip
DF = OptionDecl(
    name="df", minimum=2, kind=OptionKind.REAL, low=0, label="Degrees of freedom", page="model",
    help="Uses t and F with these denominator degrees of freedom.",
)  # fmt: skip

TEST = CommandDecl(
    name="test",
    minimum=2,
    title="Wald tests",
    help="Tests linear hypotheses about the coefficients of the last fit: coefficients that are all zero, or equations "
    "between them; several in brackets are tested jointly.",
    menu=(*_MENU, "Linear tests of parameter estimates"),
    varlist=VarlistRule.TEXT,
    text_label="Hypotheses",
    picks=Picks.COEFFICIENTS,
    options=(
        OptionDecl(
            name="mtest", minimum=1, kind=OptionKind.CHOICE, bare=True, label="Each hypothesis by itself", page="model",
            choices=(
                Choice("bonferroni", 1, "Bonferroni"),
                Choice("holm", 1, "Holm"),
                Choice("sidak", 1, "Sidak"),
                Choice("noadjust", 5, "No adjustment"),
            ),
            help="Tests each hypothesis separately too, with p-values adjusted for their number.",
        ),
        OptionDecl(
            name="coef", minimum=4, label="Constrained coefficients", page="model",
            help="Shows the coefficients as they would be if the hypotheses held.",
        ),
        OptionDecl(
            name="accumulate", minimum=1, label="Together with earlier hypotheses", page="model",
            help="Tests the hypotheses together with those of the tests before.",
        ),
        OptionDecl(
            name="notest", minimum=2, label="Only keep the hypotheses", page="model",
            help="Lists the hypotheses, for a later test with accumulate, and does not test them.",
        ),
        OptionDecl(
            name="constant", minimum=4, label="Include the constant", page="model",
            help="The coefficients of a whole equation, [y], include its constant.",
        ),
        OptionDecl(
            name="common", minimum=5, label="Common coefficients", page="model",
            help="[a=b] compares the coefficients that both equations have; without it they must have the same.",
        ),
        OptionDecl(
            name="minimum", minimum=3, label="Smallest set", page="model",
            refused="minimum is not available: hypotheses that follow from earlier ones are dropped anyway",
            help="Drops terms until the test is not singular.",
        ),
        SMALL,
        DF,
    ),
    examples=("test week", "test 1.sector = 0.5", "test (ses = meanses) (1.sector = 0), mtest(bonferroni)"),
)  # fmt: skip
TESTPARM = CommandDecl(
    name="testparm",
    minimum=8,
    title="Wald tests of sets of coefficients",
    help="Tests that all coefficients of a list of terms are zero, or with equal that they are equal to each other.",
    menu=(*_MENU, "Test parameters"),
    varlist=VarlistRule.TEXT,
    text_label="Terms",
    picks=Picks.TERMS,
    factor_variables=True,
    options=(
        OptionDecl(
            name="equal", minimum=1, label="Equal to each other", page="model",
            help="Tests that the coefficients are equal instead of zero.",
        ),
        OptionDecl(
            name="equation", minimum=2, kind=OptionKind.TEXT, label="Equation", page="model",
            help="Equation of e(b) that the coefficients belong to.",
        ),
        SMALL,
        DF,
    ),
    examples=("testparm i.sector##c.ses", "testparm ses meanses, equal"),
)  # fmt: skip


def run(command: Command, context: Context) -> Effects:
    """Test the hypotheses.

    Raises
    ------
    StataError
        r(301) without results, r(111) for what is no coefficient, r(198) for what is no linear hypothesis.
    """
    from engine.commands.estimation.anova_test import term_test
    from engine.commands.postestimation.hypothesis_words import hypotheses, specifications
    from engine.postest.parameters import parameters_of
    from engine.results.anova import AnovaEstimates
    from engine.results.estimates import Hypotheses, needs_estimates

    part = command.main
    active = needs_estimates(context.estimates)
    if isinstance(active, AnovaEstimates):
        found = term_test(part, active, context)
        if found is not None:
            return found
    parameters = parameters_of(active)
    if not part.body:
        raise StataError(198, "hypotheses are missing: write for example test x1 = x2", part.body_span)
    rows = [hypotheses(text, parameters, (at, at + len(text)), part) for text, at in specifications(part)]
    if part.has("accumulate"):
        if active.tested is None:
            raise StataError(302, "there is no earlier test to accumulate to", part.body_span)
        rows = [active.tested, *rows]
    return _tested(Hypotheses.joined(rows), parameters, part, context)


def run_testparm(command: Command, context: Context) -> Effects:
    """Test the coefficients of a list of terms; r(111) where the fit has none of them."""
    import numpy as np

    from engine.postest.parameters import parameters_of
    from engine.postest.terms_named import named_positions
    from engine.results.estimates import Hypotheses, needs_estimates

    part = command.main
    active = needs_estimates(context.estimates)
    parameters = parameters_of(active)
    use = part.option("equation")
    equation = (use.argument or "").strip().strip("[]") if use is not None else ""
    places = named_positions(part.body, part.body_span, parameters, context.dataset, equation=equation)
    rows = np.eye(len(parameters.b))[places]
    if part.has("equal"):
        if len(places) < 2:
            raise StataError(198, "equal needs two coefficients or more", part.body_span)
        rows = rows[1:] - rows[0]
        rows = -rows  # Stata writes the first coefficient first
    return _tested(Hypotheses(rows, np.zeros(len(rows))), parameters, part, context)


def _tested(asked: Hypotheses, parameters: Parameters, part: Part, context: Context) -> Effects:
    """Print the hypotheses and the test of them."""
    from engine.postest.linear_tests import joint_test
    from engine.results.estimates import needs_estimates
    from engine.tables.hypotheses import hypothesis_lines, hypothesis_texts, multiple_blocks, test_blocks, test_data

    texts = hypothesis_texts(asked, parameters.labels)
    kept = replace(needs_estimates(context.estimates), tested=asked)
    if part.has("notest"):
        context.emit(hypothesis_lines(texts))
        return Effects(estimates=kept)
    small, df = part.has("small"), _df(part)
    joint = joint_test(parameters, asked, small=small, df=df)
    context.emit(hypothesis_lines(texts))
    method = ""
    rows = [("All" if part.has("mtest") else "", joint, joint.p)]
    if part.has("mtest"):
        each = [joint_test(parameters, asked.only(i), small=small, df=df) for i in range(len(asked))]
        method, adjusted_p = adjusted(each, part.option("mtest"))
        context.emit(multiple_blocks(each, adjusted_p, joint, method))
        rows += [(text, test, p) for text, test, p in zip(texts, each, adjusted_p, strict=True)]
    else:
        context.emit(*test_blocks(joint))
    constrained = (_show_constrained(asked, parameters, context),) if part.has("coef") else ()
    return Effects(tables=(test_data(rows), *constrained), r=returned(joint, rows[1:], method), estimates=kept)


def _df(part: Part) -> float | None:
    use = part.option("df")
    if use is not None and part.has("small"):
        raise StataError(184, "options small and df() may not be combined", use.span)
    return None if use is None or use.argument is None else float(use.argument)


def adjusted(each: Sequence[LinearTest], use: OptionUse | None) -> tuple[str, list[float]]:
    """Return the name of the adjustment and the p-values."""
    import numpy as np

    from engine.inference.multiplicity import bonferroni, holm, sidak
    from engine.lang.options import find_choice

    p = np.array([test.p for test in each])
    word = find_choice(use.decl, use.argument) if use is not None and use.argument else "noadjust"
    if word == "bonferroni":
        return "Bonferroni", bonferroni(p, len(p)).tolist()
    if word == "holm":
        return "Holm", holm(p).tolist()
    if word == "sidak":
        return "Sidak", sidak(p, len(p)).tolist()
    return "", p.tolist()


def _show_constrained(asked: Hypotheses, parameters: Parameters, context: Context) -> DataTable:
    """Print the coefficients as they would be if the hypotheses held."""
    from engine.postest.linear_tests import constrained
    from engine.tables.document import Lines, Role
    from engine.tables.effects import EffectColumns
    from engine.tables.hypotheses import combination_data, combination_table

    depvar, level = parameters.result.depvar, context.settings.level
    found = constrained(parameters, asked, level)
    names = [column.name for column in parameters.result.columns]
    columns = EffectColumns(heading="Coefficient", statistic=found.statistic, level=level)
    data = combination_data("constrained", depvar, names, found)
    context.emit(Lines(("", "Constrained coefficients", ""), Role.TITLE))
    context.emit(combination_table(depvar, names, found, columns, data=data))
    return data


def returned(joint: LinearTest, each: Sequence[tuple[str, LinearTest, float]], method: str) -> Stored:
    """Return r() of a test: statistic, p-value, dropped hypotheses, and each by itself under ``mtest()``."""
    import numpy as np

    from engine.results.stored import Matrix, Stored

    kind = "F" if joint.is_f else "chi2"
    scalars = {kind: joint.statistic, "p": joint.p, "df": float(joint.df), "drop": float(bool(joint.dropped))}
    if joint.is_f:
        scalars["df_r"] = joint.ddf
    scalars |= {f"dropped_{i}": float(place + 1) for i, place in enumerate(joint.dropped, start=1)}
    matrices = {}
    if each:
        values = np.array([[test.statistic, float(test.df), test.p, p] for _, test, p in each])
        names = tuple(f"r{i}" for i in range(1, len(each) + 1))
        matrices["mtest"] = Matrix(names, (kind, "df", "p", "adjustp"), values)
    macros = {"mtmethod": method.lower() or "noadjust"} if each else {}
    return Stored(scalars=scalars, macros=macros, matrices=matrices)


COMMANDS = ((TEST, run), (TESTPARM, run_testparm))
