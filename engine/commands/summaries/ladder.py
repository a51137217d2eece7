"""``ladder`` and ``sktest``: which transformation makes a variable normal ([R] ladder, [R] sktest)."""

from __future__ import annotations

import math

import numpy as np

from engine.commands.base import Context, Effects, Run
from engine.data.dataset import Dataset, Variable
from engine.data.missing import MISSING, from_doubles, is_missing
from engine.errors import StataError
from engine.frame.resolve import check_new_name, resolve_names
from engine.lang.command import Command, Part
from engine.lang.declaration import ByRule, CommandDecl, OptionDecl, OptionKind, VarlistRule
from engine.results.stored import DataRow, DataTable, Stored
from engine.tables.document import Cell, Column, Row, Table, TextLayout

_NOADJUST = OptionDecl(
    name="noadjust", minimum=5, label="Not adjusted", help="Show the test without Royston's adjustment.", page="model"
)
LADDER = CommandDecl(
    name="ladder",
    minimum=6,
    title="Ladder of powers",
    help="Tests nine transformations of a variable for normality.",
    menu=("Statistics", "Summaries, tables, and tests", "Distributional plots and tests", "Ladder of powers"),
    varlist=VarlistRule.REQUIRED,
    by=ByRule.EACH,
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(
            name="generate",
            minimum=1,
            kind=OptionKind.NAME,
            label="Keep the best",
            help="Name of a new variable for the transformation with the smallest chi-squared.",
            page="model",
        ),
        _NOADJUST,
    ),
    examples=("ladder mathach", "ladder size, generate(better)"),
    results=(
        ("r(N)", "number of observations"),
        ("r(ident)", "chi-squared; also cube, square, sqrt, log, invsqrt, inv, invsq, invcube"),
        ("r(P_ident)", "its p-value; also P_cube, P_square, ..."),
    ),
)
SKTEST = CommandDecl(
    name="sktest",
    minimum=6,
    title="Skewness and kurtosis tests for normality",
    help="Tests whether variables are normal by their skewness and kurtosis.",
    menu=(
        "Statistics",
        "Summaries, tables, and tests",
        "Distributional plots and tests",
        "Skewness and kurtosis tests for normality",
    ),
    varlist=VarlistRule.REQUIRED,
    by=ByRule.EACH,
    allow_if=True,
    allow_in=True,
    options=(_NOADJUST,),
    examples=("sktest mathach ses",),
    results=(
        ("r(chi2)", "joint test of the last variable"),
        ("r(P_chi2)", "its p-value"),
        ("r(P_skew), r(P_kurt)", "p-values of skewness and kurtosis"),
    ),
)

_CHI2_END, _P_END = 50, 66
_KEYS = ("cube", "square", "ident", "sqrt", "log", "invsqrt", "inv", "invsq", "invcube")
"""The transformations in r()."""
_FORMULA_START = 23


def _numbers(part: Part, context: Context, name: str) -> np.ndarray:
    dataset = context.dataset
    if dataset.variable(name).is_string:
        raise StataError(109, f"type mismatch: {name} holds text", part.body_span)
    values = dataset.numeric(name)[context.selected(part)]
    return values[~is_missing(values)]


def run_ladder(command: Command, context: Context) -> Effects:
    """Show a test per transformation; r() holds them under the manual's names."""
    from engine.inference.ladder import POWERS
    from engine.inference.normality import normality
    from engine.tables.data import shortened

    part, dataset = command.main, context.dataset
    names = resolve_names(part.body, dataset, span=part.body_span, time_series=True)
    if len(names) != 1:
        raise StataError(103, "too many variables specified: ladder takes one", part.body_span)
    values = _numbers(part, context, names[0])
    if not len(values):
        raise StataError(2000, "no observations")
    use = part.option("generate")
    new = check_new_name(use.argument or "", dataset, use.argument_span) if use is not None else ""
    rule = "-" * _P_END
    drawn = ["", f"{'Transformation':<{_FORMULA_START}}{'Formula':<20}chi2(2)     Prob > chi2", rule]
    rows: list[Row] = []
    data: list[DataRow] = []
    scalars = {"N": float(len(values))}
    best = (math.inf, POWERS[2])
    for key, power in zip(_KEYS, POWERS, strict=True):
        transformed = power.of(values)
        chi2, p = math.nan, math.nan
        if transformed is not None:
            test = normality(transformed, adjust=not part.has("noadjust"))
            chi2, p = test.chi2, test.p
        if chi2 < best[0]:
            best = (chi2, power)
        texts = [f"{chi2:.2f}" if math.isfinite(chi2) else ".", f"{p:.3f}" if math.isfinite(p) else "."]
        line = f"{power.name:<{_FORMULA_START}}{power.formula.format(shortened(names[0], 8))}"
        room = max(_CHI2_END - len(line), len(texts[0]) + 1)
        line += texts[0].rjust(room)
        drawn.append(line + texts[1].rjust(_P_END - len(line)))
        rows.append(Row(power.name, (Cell(texts[0], chi2), Cell(texts[1], p)), name=power.name, left=True))
        data.append(DataRow("", power.name, (chi2, p)))
        scalars |= {key: chi2, f"P_{key}": p} if math.isfinite(chi2) else {}
    table_data = DataTable("ladder", ("chi2", "p"), tuple(data))
    columns = (Column("chi2", "chi2(2)"), Column("p", "Prob > chi2"))
    layout = TextLayout(width=_P_END, stub=20, drawn=tuple(drawn))
    context.emit(Table("ladder", "Transformation", columns, tuple(rows), layout, data=table_data))
    changed: Dataset | None = None
    if new:
        label = best[1].formula.format(names[0])
        whole = dataset.numeric(names[0])
        usable = context.selected(part) & ~is_missing(whole)
        column = np.full(dataset.n_obs, MISSING)
        made = best[1].of(whole[usable])
        column[usable] = MISSING if made is None else made
        changed = dataset.with_variable(Variable(new, "double", "%10.0g", label), from_doubles(column, "double"))
        context.say("", f"({new} is {label})")
    return Effects(tables=(table_data,), r=Stored(scalars), dataset=changed)


def run_sktest(command: Command, context: Context) -> Effects:
    """Show the tests; r() holds those of the last variable."""
    from engine.inference.normality import normality
    from engine.tables.data import shortened

    part, dataset = command.main, context.dataset
    names = resolve_names(part.body, dataset, span=part.body_span, time_series=True)
    adjust = not part.has("noadjust")
    word = "Adj chi2(2)" if adjust else "chi2(2)"
    drawn = [
        "",
        "Skewness and kurtosis tests for normality",
        " " * 57 + "----- Joint test -----",
        f"    Variable |       Obs   Pr(skewness)   Pr(kurtosis)   {word:>11}  Prob>chi2",
        "-" * 13 + "+" + "-" * 65,
    ]
    rows: list[Row] = []
    data: list[DataRow] = []
    scalars: dict[str, float] = {}
    for name in names:
        context.cancel.check()
        test = normality(_numbers(part, context, name), adjust=adjust)
        numbers = (float(test.n), test.p_skewness, test.p_kurtosis, test.chi2, test.p)
        formats = ("{:,.0f}", "{:.4f}", "{:.4f}", "{:.2f}", "{:.4f}")
        texts = [f.format(v) if math.isfinite(v) else "." for f, v in zip(formats, numbers, strict=True)]
        drawn.append(
            f"{shortened(name, 12):>12} |{texts[0]:>10}{texts[1]:>15}{texts[2]:>15}{texts[3]:>14}{texts[4]:>11}"
        )
        rows.append(Row(name, tuple(Cell(t, v) for t, v in zip(texts, numbers, strict=True)), name=name))
        data.append(DataRow("", name, numbers))
        keys = ("N", "P_skew", "P_kurt", "chi2", "P_chi2")
        scalars = {key: value for key, value in zip(keys, numbers, strict=True) if math.isfinite(value)}
    table_data = DataTable("sktest", ("N", "p_skewness", "p_kurtosis", "chi2", "p"), tuple(data))
    heads = ("Obs", "Pr(skewness)", "Pr(kurtosis)", word, "Prob>chi2")
    columns = tuple(Column(key, head) for key, head in zip(table_data.columns, heads, strict=True))
    layout = TextLayout(width=79, stub=12, drawn=tuple(drawn))
    context.emit(Table("sktest", "Variable", columns, tuple(rows), layout, data=table_data))
    return Effects(tables=(table_data,), r=Stored(scalars))


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = ((LADDER, run_ladder), (SKTEST, run_sktest))
