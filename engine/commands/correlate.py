"""``correlate`` and ``pwcorr``: correlations of complete cases and of pairs ([R] correlate)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects, Run
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.frame.resolve import resolve_names
from engine.lang.command import Command, Part
from engine.lang.declaration import ByRule, CommandDecl, OptionDecl, OptionKind, VarlistRule
from engine.results.stored import Matrix, Stored
from engine.tables.crosstab import correlations
from engine.tables.document import Lines

_MENU = ("Statistics", "Summaries, tables, and tests", "Summary and descriptive statistics")

CORRELATE = CommandDecl(
    name="correlate",
    minimum=3,
    title="Correlations and covariances",
    help="Shows the correlations of variables on the observations that have all of them.",
    menu=(*_MENU, "Correlations and covariances"),
    varlist=VarlistRule.OPTIONAL,
    by=ByRule.EACH,
    allow_if=True,
    allow_in=True,
    options=(OptionDecl(name="covariance", minimum=1, label="Covariances", help="Show covariances.", page="model"),),
    examples=("correlate mathach ses",),
    results=(("r(N), r(rho)", "number of observations, first correlation"), ("r(C)", "the matrix")),
)
PWCORR = CommandDecl(
    name="pwcorr",
    minimum=6,
    title="Pairwise correlations",
    help="Shows the correlation of each two variables on the observations that have both.",
    menu=(*_MENU, "Pairwise correlations"),
    varlist=VarlistRule.OPTIONAL,
    by=ByRule.EACH,
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(name="obs", minimum=1, label="Numbers of observations", help="Show how many.", page="model"),
        OptionDecl(name="sig", minimum=3, label="Significance levels", help="Show the p-values.", page="model"),
        OptionDecl(
            name="star",
            minimum=2,
            kind=OptionKind.REAL,
            label="Star below",
            help="Put a star at correlations whose p-value is not larger than this.",
            low=0,
            high=1,
            page="model",
        ),
        OptionDecl(
            name="listwise", minimum=4, label="Complete cases", help="Use observations that have all.", page="model"
        ),
        OptionDecl(name="bonferroni", minimum=1, label="Bonferroni", help="Adjust the p-values.", page="model"),
    ),
    examples=("pwcorr mathach ses size, sig obs star(.05)",),
    results=(("r(N), r(rho)", "of the last and the first variable"), ("r(C), r(sig)", "correlations and p-values")),
)

FloatArray = npt.NDArray[np.float64]


def _values(part: Part, context: Context) -> tuple[tuple[str, ...], FloatArray]:
    """Return names and values, NaN where missing, shape (n, k); all numeric variables without a list."""
    data = context.dataset
    named = resolve_names(part.body, data, span=part.body_span, time_series=True)
    names = named or tuple(name for name in data.names if not data.variable(name).is_string)
    for name in names:
        if data.variable(name).is_string:
            raise StataError(109, f"type mismatch: {name} holds text", part.body_span)
    if not names:
        raise StataError(111, "no variables defined")
    mask = context.selected(part)
    table = np.column_stack([data.numeric(name)[mask] for name in names])
    return names, np.where(is_missing(table), np.nan, table)


def _covariance(table: FloatArray) -> FloatArray:
    """Return the covariance matrix, divisor n - 1."""
    centred = table - table.mean(axis=0)
    centred -= centred.mean(axis=0)
    covariance: FloatArray = centred.T @ centred / (len(table) - 1)
    return covariance


def _correlation(covariance: FloatArray) -> FloatArray:
    sd = np.sqrt(np.diag(covariance))
    with np.errstate(invalid="ignore", divide="ignore"):
        result: FloatArray = covariance / np.outer(sd, sd)
    np.fill_diagonal(result, np.where(sd > 0, 1.0, np.nan))
    return result


def run_correlate(command: Command, context: Context) -> Effects:
    """Show the matrix; r() holds N, rho of the first two variables and the matrix C."""
    part = command.main
    names, table = _values(part, context)
    table = table[~np.isnan(table).any(axis=1)]
    if not len(table):
        raise StataError(2000, "no observations")
    if len(table) < 2:
        raise StataError(2001, "insufficient observations")
    covariance = _covariance(table)
    matrix = covariance if part.has("covariance") else _correlation(covariance)
    context.say(f"(obs={len(table):,})", "")
    shown = correlations(names, matrix, fmt="9.6g" if part.has("covariance") else "9.4f")
    context.emit(shown, Lines(("",)))
    scalars = {"N": float(len(table))}
    if len(names) > 1:
        word = "cov_12" if part.has("covariance") else "rho"
        scalars |= {word: float(matrix[1, 0])}
    stored = Stored(scalars, matrices={"C": Matrix(names, names, matrix)})
    return Effects(tables=(shown.data,) if shown.data is not None else (), r=stored)


def run_pwcorr(command: Command, context: Context) -> Effects:
    """Show the matrix with what the options add; r() holds N and rho of the last pair and the matrices."""
    from scipy.special import stdtr

    part = command.main
    names, table = _values(part, context)
    if part.has("listwise"):
        table = table[~np.isnan(table).any(axis=1)]
    k = len(names)
    matrix, count = np.full((k, k), np.nan), np.zeros((k, k))
    for i in range(k):
        for j in range(i + 1):
            context.cancel.check()
            pair = table[~np.isnan(table[:, [i, j]]).any(axis=1)][:, [i, j]]
            count[i, j] = count[j, i] = len(pair)
            if len(pair) > 1:
                matrix[i, j] = matrix[j, i] = _correlation(_covariance(pair))[0, 1] if i != j else _own(pair)
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.abs(matrix) * np.sqrt((count - 2.0) / (1.0 - matrix**2))
        p = np.where(count > 2, np.minimum(2.0 * stdtr(count - 2.0, -t), 1.0), np.nan)
    if part.has("bonferroni"):
        p = np.minimum(p * max(k * (k - 1) / 2, 1), 1.0)
    np.fill_diagonal(p, np.nan)
    below = [(p, "9.4f")] if part.has("sig") else []
    if part.has("obs"):
        below.append((count, "9.0f"))
    use = part.option("star")
    starred = None
    if use is not None and use.argument:
        limit = float(use.argument)
        starred = np.asarray(p <= (limit if limit <= 1 else limit / 100.0))
    shown = correlations(names, matrix, below=below, starred=starred)
    context.emit(Lines(("",)), shown)
    scalars = {"N": float(count[-1, 0]), "rho": float(matrix[-1, 0])}
    stored = Stored(scalars, matrices={"C": Matrix(names, names, matrix), "sig": Matrix(names, names, p)})
    return Effects(tables=(shown.data,) if shown.data is not None else (), r=stored)


def _own(pair: FloatArray) -> float:
    """Return the correlation of a variable with itself: 1, or nothing for a constant."""
    return 1.0 if np.ptp(pair[:, 0]) > 0 else float("nan")


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = ((CORRELATE, run_correlate), (PWCORR, run_pwcorr))
