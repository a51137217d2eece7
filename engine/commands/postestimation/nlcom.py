"""``nlcom`` and ``testnl``: nonlinear functions of the coefficients by the delta method ([R] nlcom, [R] testnl)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from engine.commands.base import Context, Effects
from engine.commands.postestimation.lincom import LEVEL, MENU, df_of, level_of
from engine.commands.postestimation.test_ import DF, TEST
from engine.errors import StataError
from engine.lang.declaration import CommandDecl, OptionDecl, Picks, VarlistRule

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from engine.lang.command import Command, Part
    from engine.postest.linear_tests import Combinations, LinearTest
    from engine.postest.nonlinear import Expression, Function
    from engine.postest.parameters import Parameters
    from engine.results.estimates import Estimates
    from engine.results.stored import Stored

NLCOM = CommandDecl(
    name="nlcom",
    minimum=5,
    title="Nonlinear combinations of estimators",
    help="Estimates nonlinear expressions of coefficients, standard errors by the delta method; several stand in "
    "brackets, each with a name: (ratio: _b[a]/_b[b]).",
    menu=(*MENU, "Nonlinear combinations of parameter estimates"),
    varlist=VarlistRule.TEXT,
    text_label="Expression",
    picks=Picks.REFERENCES,
    options=(
        LEVEL,
        DF,
        OptionDecl(
            name="post", minimum=4, label="Post the results", page="model",
            help="Makes the expressions the active estimation results, for tests of them.",
        ),
        OptionDecl(
            name="noheader", minimum=5, label="No expressions", page="model",
            help="Leaves out the lines that name the expressions.",
        ),
    ),
    examples=("nlcom _b[week]/_b[_cons]", "nlcom (sd: exp([lns1_1_1]_cons)) (var: exp(2*[lns1_1_1]_cons))"),
)  # fmt: skip
TESTNL = CommandDecl(
    name="testnl",
    minimum=6,
    title="Nonlinear Wald tests",
    help="Tests nonlinear equations between coefficients; several in brackets are tested jointly.",
    menu=(*MENU, "Nonlinear tests of parameter estimates"),
    varlist=VarlistRule.TEXT,
    picks=Picks.REFERENCES,
    options=(next(option for option in TEST.options if option.name == "mtest"), DF),
    examples=("testnl _b[week] = exp([lnsig_e]_cons)", "testnl (_b[a]*_b[b] = 1) (_b[a] = _b[c]), mtest(holm)"),
)


def run_nlcom(command: Command, context: Context) -> Effects:
    """Estimate the expressions; r(498) where one has no value or no derivative at the estimates."""
    from engine.postest.nonlinear import delta_method
    from engine.postest.parameters import parameters_of
    from engine.results.estimates import needs_estimates
    from engine.results.stored import Matrix, Stored
    from engine.tables.document import Lines
    from engine.tables.effects import EffectColumns
    from engine.tables.hypotheses import combination_data, combination_table

    part = command.main
    active = needs_estimates(context.estimates)
    parameters = parameters_of(active)
    asked = _expressions(part)
    level = level_of(part, context)
    found, covariance = delta_method(
        [_function(each, parameters, context) for each in asked], parameters, level, df=df_of(part)
    )
    names = [each.name for each in asked]
    header = (
        () if part.has("noheader") else (f"{name:>12}: {each.text}" for name, each in zip(names, asked, strict=True))
    )
    context.emit(Lines(("", *header, *(() if part.has("noheader") else ("",)))))
    columns = EffectColumns(heading="Coefficient", statistic=found.statistic, level=level)
    depvar = active.result.depvar
    data = combination_data("nlcom", depvar, names, found)
    context.emit(combination_table(depvar, names, found, columns, data=data))
    labels = tuple(names)
    matrices = {"b": Matrix(("c1",), labels, found.estimates[None, :]), "V": Matrix(labels, labels, covariance)}
    scalars = {"N": float(active.result.n_obs)}
    if found.statistic == "t":
        scalars["df_r"] = float(found.df[0])
    r = Stored(scalars=scalars, matrices=matrices)
    return Effects(tables=(data,), r=r, **(_posted(found, r, active, context) if part.has("post") else {}))


def _posted(found: Combinations, r: Stored, active: Estimates, context: Context) -> dict[str, Any]:
    """Return the effects of ``post``: the expressions as estimation results."""
    import numpy as np

    from engine.frame.columns import Column, ColumnPart
    from engine.results.estimates import Estimates
    from engine.results.margins import PostedResult
    from engine.results.stored import Stored

    covariance = r.matrices["V"].values
    posted = PostedResult(
        columns=tuple(Column((ColumnPart(name),)) for name in r.matrices["b"].cols),
        beta=found.estimates,
        vcov_beta=covariance,
        df_residual=float(found.df[0]),
        n_obs=active.result.n_obs,
        rank=int(np.linalg.matrix_rank(covariance)),
        sample_rows=active.result.sample_rows,
    )
    macros = {"cmd": "nlcom", "cmdline": context.cmdline, "properties": "b V"}
    e = Stored(r.scalars, macros, r.matrices)
    return {"estimates": Estimates(command="nlcom", result=posted, cmdline=context.cmdline, e=e), "e": e}


def _expressions(part: Part) -> list[Expression]:
    from engine.lang.groups import bracketed, outside
    from engine.lang.parse_expr import parse_expression
    from engine.postest.nonlinear import Expression

    start = part.body_span[0]
    if not part.body:
        raise StataError(198, "an expression is missing: write for example nlcom _b[x1]/_b[x2]", part.body_span)
    groups = bracketed(part.body, start)
    pieces = groups if groups is not None and (len(groups) > 1 or ":" in part.body) else [(part.body, start)]
    out = []
    for number, (text, at) in enumerate(pieces, start=1):
        colon = outside(text, ":")[:1]
        name = text[: colon[0]].strip() if colon else f"_nl_{number}"
        if not name.isidentifier():
            raise StataError(198, f"{name} is not a name", (at, at + len(text)))
        body = text[colon[0] + 1 :] if colon else text
        tree = parse_expression(body, at + (colon[0] + 1 if colon else 0))
        out.append(Expression(name, " ".join(body.split()), tree))
    if len({each.name for each in out}) < len(out):
        raise StataError(110, "each expression needs a name of its own", part.body_span)
    return out


def _function(asked: Expression, parameters: Parameters, context: Context) -> Function:
    from engine.postest.nonlinear import function_of

    return function_of(asked, parameters, context.dataset, context.lookup)


def run_testnl(command: Command, context: Context) -> Effects:
    """Test the equations; r(198) for what is no equation, r(498) where one has no value at the estimates."""
    from engine.commands.postestimation.test_ import adjusted, returned
    from engine.postest.nonlinear import delta_method
    from engine.postest.parameters import parameters_of
    from engine.results.estimates import needs_estimates
    from engine.tables.document import Lines
    from engine.tables.hypotheses import multiple_blocks, nonlinear_blocks, test_data

    part = command.main
    active = needs_estimates(context.estimates)
    parameters = parameters_of(active)
    asked = _equations(part)
    found, covariance = delta_method(
        [_function(each, parameters, context) for each in asked], parameters, context.settings.level, df=df_of(part)
    )
    joint = _wald(found, covariance, range(len(asked)))
    texts = [each.text for each in asked]
    context.emit(Lines(("", *(f"  ({number})  {text}" for number, text in enumerate(texts, start=1)))))
    rows = [("All" if part.has("mtest") else "", joint, joint.p)]
    method = ""
    if part.has("mtest"):
        each = [_wald(found, covariance, [i]) for i in range(len(asked))]
        method, p = adjusted(each, part.option("mtest"))
        context.emit(multiple_blocks(each, p, joint, method))
        rows += list(zip(texts, each, p, strict=True))
    else:
        context.emit(nonlinear_blocks(joint))
    return Effects(tables=(test_data(rows),), r=returned(joint, rows[1:], method))


def _wald(found: Combinations, covariance: npt.NDArray[np.float64], members: Sequence[int]) -> LinearTest:
    """Return the Wald test that functions are zero; those that depend on earlier ones are left out."""
    import numpy as np

    from engine.inference.student import f_tail
    from engine.inference.wald import wald_test
    from engine.postest.linear_tests import LinearTest, independent

    listed = np.array(members)
    places = independent(covariance[np.ix_(listed, listed)])
    kept = listed[places]
    dropped = tuple(i for i in range(len(listed)) if i not in places)
    wald = wald_test(found.estimates[kept], covariance[np.ix_(kept, kept)])
    ddf = float(found.df[0])
    if np.isposinf(ddf):
        return LinearTest(statistic=wald.chi2, df=wald.df, ddf=ddf, p=wald.p, dropped=dropped)
    ratio = wald.chi2 / wald.df if wald.df else np.nan
    return LinearTest(statistic=ratio, df=wald.df, ddf=ddf, p=f_tail(ratio, wald.df, ddf), dropped=dropped)


def _equations(part: Part) -> list[Expression]:
    """Return left less right side of each equation; ``a = b = c`` are two."""
    from engine.lang.expr import Binary
    from engine.lang.groups import bracketed, outside
    from engine.lang.parse_expr import parse_expression
    from engine.postest.nonlinear import Expression

    start = part.body_span[0]
    groups = bracketed(part.body, start)
    pieces = groups if groups is not None else [(part.body, start)]
    out: list[Expression] = []
    for text, at in pieces:
        cuts = [-1, *outside(text, "="), len(text)]
        sides = [(text[a + 1 : b], at + a + 1) for a, b in pairwise(cuts)]
        if len(sides) < 2 or not all(side.strip() for side, _ in sides):
            raise StataError(
                198, "testnl takes equations: write for example testnl _b[x1]*_b[x2] = 1", (at, at + len(text))
            )
        trees = [parse_expression(side, place) for side, place in sides]
        first = " ".join(sides[0][0].split())
        for (side, _), tree in zip(sides[1:], trees[1:], strict=True):
            shown = f"{first} = {' '.join(side.split())}"
            out.append(Expression(f"_nl_{len(out) + 1}", shown, Binary("-", trees[0], tree, trees[0].span)))
    return out


COMMANDS = ((NLCOM, run_nlcom), (TESTNL, run_testnl))
