"""``test term [/ term]`` after ``anova``: a term of the table against the residual or another term."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.errors import StataError

if TYPE_CHECKING:
    from engine.lang.command import Part
    from engine.results.anova import AnovaEstimates, AnovaLine


def term_test(part: Part, estimates: AnovaEstimates, context: Context) -> Effects | None:
    """Show the test; None where what stands there is no term, which may be coefficients.

    Raises
    ------
    StataError
        r(198) for an error term that the model does not have, r(2001) where nothing is left to test against.
    """
    from engine.inference.student import f_tail
    from engine.results.stored import DataRow, DataTable, Stored
    from engine.tables.anova import term_test_block

    named, slash, below = part.body.partition("/")
    known = {_key(line.name): line for line in estimates.table.lines}
    tested = known.get(_key(named))
    if tested is None or part.options:
        return None
    error = _error(below if slash else "", known, estimates, part)
    if not tested.df or not error.df or error.ss <= 0.0:
        raise StataError(2001, f"{error.name} leaves nothing to test {tested.name} against", part.body_span)
    statistic = tested.ms / error.ms
    p = f_tail(statistic, tested.df, error.df)
    context.emit(*term_test_block(tested, error, (statistic, p), sequential=estimates.table.sequential))
    scalars = {
        "F": statistic,
        "df": float(tested.df),
        "df_r": float(error.df),
        "ss": tested.ss,
        "rss": error.ss,
        "p": p,
    }
    row = DataRow("", tested.name, (float(tested.df), float(error.df), statistic, p))
    return Effects(tables=(DataTable("test", ("df", "ddf", "F", "p"), (row,)),), r=Stored(scalars=scalars))


def _error(word: str, known: dict[str, AnovaLine], estimates: AnovaEstimates, part: Part) -> AnovaLine:
    from engine.results.anova import AnovaLine

    if _key(word) in ("", "residual"):
        nan = float("nan")
        return AnovaLine(name="Residual", ss=estimates.result.rss, df=estimates.result.df_error, F=nan, p=nan)
    found = known.get(_key(word))
    if found is None:
        listed = ", ".join(line.name for line in estimates.table.lines)
        raise StataError(198, f"{word.strip()} is no term of the model; there are {listed}", part.body_span)
    return found


def _key(name: str) -> str:
    """Return a term without blanks and whatever the order of its variables."""
    inner, _, outer = name.replace(" ", "").lower().replace("*", "#").partition("|")
    return "|".join("#".join(sorted(each.removeprefix("c.").split("#"))) for each in (inner, outer) if each)
