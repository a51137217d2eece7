"""``correlate`` and ``pwcorr``: correlations of complete cases and of pairs ([R] correlate)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects, Run
from engine.data.formats import format_value
from engine.data.missing import is_missing
from engine.errors import StataError
from engine.frame.resolve import resolve_names
from engine.lang.command import Command, Part
from engine.lang.declaration import ByRule, CommandDecl, OptionDecl, OptionKind, VarlistRule
from engine.results.stored import Matrix, Stored
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
    weights=("aweight", "fweight"),
    options=(
        OptionDecl(name="covariance", minimum=1, label="Covariances", help="Show covariances.", page="model"),
        OptionDecl(
            name="means",
            minimum=1,
            label="Summary statistics",
            help="Show means, deviations and extremes.",
            page="model",
        ),
    ),
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
    weights=("aweight", "fweight"),
    options=(
        OptionDecl(name="obs", minimum=1, label="Numbers of observations", help="Show how many.", page="model"),
        OptionDecl(name="sig", minimum=3, label="Significance levels", help="Show the p-values.", page="model"),
        OptionDecl(
            name="star",
            minimum=2,
            kind=OptionKind.REAL,
            label="Star below",
            help="Put a star at correlations whose p-value is not larger than this (.05, or 5 for percent).",
            low=0,
            high=100,
            page="model",
        ),
        OptionDecl(
            name="listwise", minimum=4, label="Complete cases", help="Use observations that have all.", page="model"
        ),
        OptionDecl(
            name="print",
            minimum=1,
            kind=OptionKind.REAL,
            label="Show only below",
            help="Show only correlations whose p-value is not larger than this (.05, or 5 for percent).",
            low=0,
            high=100,
            page="model",
        ),
        OptionDecl(name="sidak", minimum=3, label="Sidak", help="Adjust the p-values after Sidak.", page="model"),
        OptionDecl(name="bonferroni", minimum=1, label="Bonferroni", help="Adjust the p-values.", page="model"),
    ),
    examples=("pwcorr mathach ses size, sig obs star(.05)",),
    results=(("r(N), r(rho)", "of the last and the first variable"), ("r(C), r(sig)", "correlations and p-values")),
)

FloatArray = npt.NDArray[np.float64]


class _Table(NamedTuple):
    """Names, values with NaN where missing, shape (n, k), and a weight per row; `counting` weights are frequencies."""

    names: tuple[str, ...]
    values: FloatArray
    weights: FloatArray
    counting: bool

    def rows(self, kept: npt.NDArray[np.bool_]) -> _Table:
        """Return some of the rows."""
        return _Table(self.names, self.values[kept], self.weights[kept], self.counting)

    def complete(self) -> _Table:
        """Return the rows without missing values."""
        return self.rows(np.asarray(~np.isnan(self.values).any(axis=1)))

    @property
    def n(self) -> float:
        """How many observations the rows are."""
        return float(self.weights.sum()) if self.counting else float(len(self.values))

    def covariance(self) -> FloatArray:
        """Return the covariance matrix, divisor n - 1."""
        share = self.weights / self.weights.sum()
        centred = self.values - share @ self.values
        centred -= share @ centred
        covariance: FloatArray = (centred.T * share) @ centred * (self.n / (self.n - 1.0))
        return covariance


def _values(part: Part, context: Context) -> _Table:
    """Return the values; all numeric variables without a list."""
    from engine.frame.rowweights import row_weights

    data = context.dataset
    named = resolve_names(part.body, data, span=part.body_span, time_series=True)
    names = named or tuple(name for name in data.names if not data.variable(name).is_string)
    for name in names:
        if data.variable(name).is_string:
            raise StataError(109, f"type mismatch: {name} holds text", part.body_span)
    if not names:
        raise StataError(111, "no variables defined")
    mask = context.selected(part)
    weights = row_weights(part.weight, data, mask, context.lookup)
    if weights is not None:
        mask &= weights.values != 0.0
    table = np.column_stack([data.numeric(name)[mask] for name in names])
    own = np.ones(len(table)) if weights is None else weights.values[mask]
    counting = weights is not None and weights.kind == "fweight"
    return _Table(names, np.where(is_missing(table), np.nan, table), own, counting)


def _correlation(covariance: FloatArray) -> FloatArray:
    sd = np.sqrt(np.diag(covariance))
    with np.errstate(invalid="ignore", divide="ignore"):
        result: FloatArray = covariance / np.outer(sd, sd)
    np.fill_diagonal(result, np.where(sd > 0, 1.0, np.nan))
    return result


def run_correlate(command: Command, context: Context) -> Effects:
    """Show the matrix; r() holds N, rho of the first two variables and the matrix C."""
    from engine.tables.crosstab import correlations

    part = command.main
    table = _values(part, context).complete()
    names = table.names
    if not len(table.values):
        raise StataError(2000, "no observations")
    if table.n < 2:
        raise StataError(2001, "insufficient observations")
    covariance = table.covariance()
    matrix = covariance if part.has("covariance") else _correlation(covariance)
    context.say(f"(obs={table.n:,.0f})", "")
    if part.has("means"):
        _show_means(table, context)
    shown = correlations(names, matrix, fmt="%8.0g" if part.has("covariance") else "%9.4f")
    context.emit(shown, Lines(("",)))
    scalars = {"N": table.n}
    if len(names) > 1:
        word = "cov_12" if part.has("covariance") else "rho"
        scalars |= {word: float(matrix[1, 0])}
    stored = Stored(scalars, matrices={"C": Matrix(names, names, matrix)})
    return Effects(tables=(shown.data,) if shown.data is not None else (), r=stored)


def _show_means(table: _Table, context: Context) -> None:
    """Print mean, standard deviation and extremes of each variable."""
    from engine.tables.data import shortened

    lines = ["    Variable |         Mean    Std. dev.          Min          Max", "-" * 13 + "+" + "-" * 52]
    mean = table.weights @ table.values / table.weights.sum()
    sd = np.sqrt(np.diag(table.covariance()))
    for k, name in enumerate(table.names):
        column = table.values[:, k]
        numbers = (float(mean[k]), float(sd[k]), float(column.min()), float(column.max()))
        texts = "".join(f"{format_value(number, '%9.0g'):>13}" for number in numbers)
        lines.append(f"{shortened(name, 12):>12} |{texts}")
    context.say(*lines, "")


def _level(part: Part, option: str) -> float | None:
    """Return the argument of star() or print() as a proportion, None without it; numbers above 1 are percent."""
    use = part.option(option)
    if use is None or not use.argument:
        return None
    limit = float(use.argument)
    return limit if limit < 1 else limit / 100.0


def run_pwcorr(command: Command, context: Context) -> Effects:
    """Show the matrix with what the options add; r() holds N and rho of the last pair and the matrices."""
    from scipy.special import stdtr

    from engine.tables.crosstab import correlations

    part = command.main
    if part.has("bonferroni") and part.has("sidak"):
        raise StataError(184, "options bonferroni and sidak may not be combined")
    table = _values(part, context)
    names = table.names
    if part.has("listwise"):
        table = table.complete()
    k = len(names)
    matrix, count = np.full((k, k), np.nan), np.zeros((k, k))
    for i in range(k):
        for j in range(i + 1):
            context.cancel.check()
            pair = _Table((names[i], names[j]), table.values[:, [i, j]], table.weights, table.counting).complete()
            count[i, j] = count[j, i] = pair.n
            if pair.n > 1:
                found = _correlation(pair.covariance())[0, 1] if i != j else _own(pair.values)
                matrix[i, j] = matrix[j, i] = found
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.abs(matrix) * np.sqrt((count - 2.0) / (1.0 - matrix**2))
        p = np.where(count > 2, np.minimum(2.0 * stdtr(count - 2.0, -t), 1.0), np.nan)
    pairs = max(k * (k - 1) / 2, 1)
    if part.has("bonferroni"):
        p = np.minimum(p * pairs, 1.0)
    if part.has("sidak"):
        p = np.minimum(1.0, 1.0 - (1.0 - p) ** pairs)
    np.fill_diagonal(p, np.nan)
    below = [(p, "%9.4f")] if part.has("sig") else []
    if part.has("obs"):
        below.append((count, "%9.0f"))
    star, most = _level(part, "star"), _level(part, "print")
    hidden = None if most is None else np.asarray(p > most)
    starred = None if star is None else np.asarray(p <= star)
    shown = correlations(names, matrix, below=below, starred=starred, hidden=hidden)
    context.emit(Lines(("",)), shown)
    scalars = {"N": float(count[-1, 0]), "rho": float(matrix[-1, 0])}
    stored = Stored(scalars, matrices={"C": Matrix(names, names, matrix), "sig": Matrix(names, names, p)})
    return Effects(tables=(shown.data,) if shown.data is not None else (), r=stored)


def _own(pair: FloatArray) -> float:
    """Return the correlation of a variable with itself: 1, or nothing for a constant."""
    return 1.0 if np.ptp(pair[:, 0]) > 0 else float("nan")


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = ((CORRELATE, run_correlate), (PWCORR, run_pwcorr))
