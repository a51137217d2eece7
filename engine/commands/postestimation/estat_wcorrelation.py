"""``estat wcorrelation``: correlations within a group that the model implies ([ME] estat wcorrelation)."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.commands.base import Context, Effects
from engine.commands.postestimation import estat_influence
from engine.commands.postestimation.estat_recovariance import FORMAT
from engine.commands.subcommand import Subcommand, no_more_words, shared_option
from engine.errors import StataError
from engine.lang.command import Part
from engine.lang.declaration import OptionDecl, OptionKind

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from engine.data.dataset import Dataset
    from engine.frame.prediction import EstimationFrame
    from engine.results.estimates import Estimates
    from engine.results.mixed import MixedResult
    from engine.results.stored import Matrix

COVARIANCE = OptionDecl(
    name="covariance", minimum=3, label="Covariances", page="model",
    help="Shows variances and covariances instead of standard deviations and correlations.",
)  # fmt: skip
_AT = OptionDecl(
    name="at", minimum=2, kind=OptionKind.TEXT, label="Group", page="model",
    help="Group whose matrix is shown: level = value, one after the other for several levels; the first group else.",
)  # fmt: skip
_ALL = OptionDecl(
    name="all", minimum=3, label="All observations of the top level", page="model",
    help="Shows the matrix of the whole top-level group, not only of its first group of the lowest level.",
)  # fmt: skip
_LIST = shared_option(estat_influence.SUBCOMMAND, "list")
_NOSORT = OptionDecl(
    name="nosort", minimum=3, label="As they stand", page="model",
    help="Keeps the observations in the order of the data instead of that of t().",
)  # fmt: skip
_CONDITION = re.compile(r'(?P<level>[^\W\d]\w*)\s*={1,2}\s*(?P<value>"[^"]*"|[^\s,=]+)')
USUAL = "%6.3f"


def _run(part: Part, context: Context, estimates: Estimates) -> Effects:
    """Print the matrix.

    Raises
    ------
    StataError
        r(321) after other commands, r(459) when the sample is not in memory, r(198) and r(2000) for no such group.
    """
    import numpy as np

    from engine.frame.prediction import rebind
    from engine.postest.recovariance import response_covariance
    from engine.results.estimates import needs_mixed
    from engine.results.stored import Stored
    from engine.tables.document import Lines, Role
    from engine.tables.matlist import correlations, matrix_blocks

    no_more_words(part, "wcorrelation")
    mixed = needs_mixed(estimates, "estat wcorrelation")
    result = mixed.result
    again = rebind(mixed.spec, context.dataset, result.sample_rows, result.columns)
    rows, path = _rows(part, context.dataset, again, result)
    names = _names(again, rows)
    effects, errors = response_covariance(result, again.frame, rows)
    covariance = effects + errors
    use = part.option("format")
    fmt = use.argument if use is not None and use.argument else USUAL
    corner = "obs" if again.frame.residual is None or not again.frame.residual.t else again.frame.residual.t
    blocks = partial(matrix_blocks, fmt=fmt, corner=corner, linesize=context.settings.linesize)
    if part.has("covariance"):
        context.emit(Lines(("", f"Variances and covariances for {path}:", ""), Role.TITLE))
        context.emit(*blocks(covariance, names, names, lower=True, identity="covariances"))
    else:
        sd = np.sqrt(np.diag(covariance))[None, :]
        context.emit(Lines(("", f"Standard deviations and correlations for {path}:", "", "Standard deviations:", "")))
        context.emit(*blocks(sd, ("sd",), names, identity="sd"))
        context.emit(Lines(("", "Correlations:", "")))
        context.emit(*blocks(correlations(covariance), names, names, lower=True, identity="correlations"))
    if part.has("list"):
        _list(context, again, rows, result)
    matrices = _matrices(covariance, errors, names)
    return Effects(r=Stored(scalars={"n": float(len(rows))}, macros={"path": path}, matrices=matrices))


def _rows(
    part: Part, dataset: Dataset, again: EstimationFrame, result: MixedResult
) -> tuple[npt.NDArray[np.int64], str]:
    """Return the rows of the frame that belong to the group asked for, in order, and what the group is called."""
    import numpy as np

    frame = again.frame
    use = part.option("at")
    if use is not None and part.has("all"):
        raise StataError(198, "options at() and all may not be combined", use.span)
    asked = _conditions(use.argument or "", use.argument_span) if use is not None else {}
    levels = [level.name for level in frame.levels]
    unknown = [name for name in asked if name not in levels]
    if unknown:
        listed = ", ".join(levels) or "none"
        raise StataError(
            198, f"at(): {unknown[0]} is no level of the model; its levels are {listed}", use.span if use else None
        )
    inside = np.ones(len(frame.y), dtype=bool)
    values = {name: _values(dataset, name, again.e_sample) for name in levels if name != "_all"}
    for name, text in asked.items():
        inside &= np.array([_same(value, text) for value in values[name].tolist()], dtype=bool)
    if not inside.any():
        raise StataError(
            2000, "no observations: there is no such group in the estimation sample", use.span if use else None
        )
    if frame.levels and use is None:
        depth = 0 if part.has("all") else len(frame.levels) - 1
        inside &= frame.levels[depth].codes == 0
        levels = levels[: depth + 1]
    elif asked:
        levels = [name for name in levels if name in asked]
    rows = np.flatnonzero(inside)
    if frame.residual is not None and not part.has("nosort"):
        rows = rows[np.lexsort((frame.residual.times[rows], frame.residual.codes[rows]))]
    words = [f"{name} = {_text(values[name][rows[0]])}" for name in levels if name != "_all"]
    return rows, ", ".join(words) or "the sample"


def _conditions(text: str, span: tuple[int, int] | None) -> dict[str, str]:
    """Return the values of ``level = value [level = value …]``; commas between them do no harm."""
    found = {match["level"]: match["value"].strip('"') for match in _CONDITION.finditer(text)}
    if not found or _CONDITION.sub("", text).strip(" ,"):
        raise StataError(198, "option at() incorrectly specified: write at(level = value)", span)
    return found


def _values(dataset: Dataset, name: str, rows: npt.NDArray[np.bool_]) -> npt.NDArray[Any]:
    column = dataset.texts(name) if dataset.variable(name).is_string else dataset.numeric(name)
    return column[rows]


def _same(value: str | float, text: str) -> bool:
    if isinstance(value, str):
        return value == text
    try:
        return value == float(text)
    except ValueError:
        return False


def _text(value: object) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _names(again: EstimationFrame, rows: npt.NDArray[np.int64]) -> tuple[str, ...]:
    """Return times of the observations, or their numbers within the group."""
    residual = again.frame.residual
    if residual is not None and residual.t:
        times = [f"{value:g}" for value in residual.times[rows]]
        if len(set(times)) == len(times):
            return tuple(times)
    return tuple(str(i) for i in range(1, len(rows) + 1))


def _list(context: Context, again: EstimationFrame, rows: npt.NDArray[np.int64], result: MixedResult) -> None:
    """List groups, covariates of the random effects and response of the observations."""
    import numpy as np

    from engine.commands.summaries.list_ import printed_values
    from engine.tables.document import Lines
    from engine.tables.listing import ListStyle, list_column, list_tables

    dataset = context.dataset
    where = np.flatnonzero(again.e_sample)[rows]
    names = [level.name for level in again.frame.levels]
    names += [part.variable for b in again.frame.blocks for column in b.columns for part in column.parts]
    names = [name for name in dict.fromkeys([*names, result.depvar]) if name in dataset]
    columns = [
        list_column(name, printed_values(dataset, name, where, labels=True, cancel=context.cancel), left=False)
        for name in names
    ]
    context.emit(Lines(("",)))
    style = ListStyle(linesize=context.settings.linesize)
    for table in list_tables(columns, range(1, len(rows) + 1), style):
        context.emit(table)


def _matrices(
    covariance: npt.NDArray[np.float64], errors: npt.NDArray[np.float64], names: tuple[str, ...]
) -> dict[str, Matrix]:
    import numpy as np

    from engine.results.stored import Matrix
    from engine.tables.matlist import correlations

    return {
        "sd": Matrix(("sd",), names, np.sqrt(np.diag(covariance))[None, :]),
        "Corr": Matrix(names, names, correlations(covariance)),
        "Cov": Matrix(names, names, covariance),
        "R": Matrix(names, names, errors),
    }


SUBCOMMAND = Subcommand(
    name="wcorrelation",
    minimum=4,
    help="standard deviations and correlations of the responses within a group",
    options=(_AT, _ALL, COVARIANCE, _LIST, _NOSORT, FORMAT),
    mixed_only=True,
    run=_run,
)
