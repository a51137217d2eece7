"""``estat summarize`` and ``estat vce``: the estimation sample, and e(V) ([R] estat summarize, [R] estat vce)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.postestimation.estat_recovariance import CORRELATION, FORMAT
from engine.commands.postestimation.estat_wcorrelation import COVARIANCE
from engine.commands.subcommand import Subcommand, no_more_words
from engine.errors import StataError
from engine.lang.command import Part
from engine.lang.declaration import OptionDecl, OptionKind

if TYPE_CHECKING:
    from engine.results.estimates import Estimates
    from engine.results.linear import LinearResult

_LABELS = OptionDecl(
    name="labels", minimum=3, label="Labels", page="model", help="Shows variable labels beside the statistics.",
)  # fmt: skip
_NOHEADER = OptionDecl(
    name="noheader", minimum=4, label="No header", page="model", help="Leaves out the header.",
)  # fmt: skip
_NOWEIGHTS = OptionDecl(
    name="noweights", minimum=3, label="No weights", page="model",
    help="Counts each observation once, whatever weights the estimation used.",
)  # fmt: skip
_EQUATION = OptionDecl(
    name="equation", minimum=2, kind=OptionKind.TEXT, label="Equations", page="model",
    help="Only these equations of e(b), separated by blanks.",
)  # fmt: skip
_BLOCK = OptionDecl(
    name="block", minimum=2, label="Block by block", page="model",
    help="Shows the covariances of each pair of equations in a table of its own.",
)  # fmt: skip
_DIAG = OptionDecl(
    name="diag", minimum=1, label="Diagonal blocks only", page="model",
    help="Shows the covariances within each equation only.",
)  # fmt: skip
_COLUMNS = ("N", "mean", "sd", "min", "max")


def _run_summarize(part: Part, context: Context, estimates: Estimates) -> Effects:
    """Print mean, standard deviation and range of the variables; r(459) when the sample is not in memory."""
    import numpy as np

    from engine.commands.postestimation.margins_average import estimation_weights
    from engine.data.missing import is_missing
    from engine.data.summary import summarize_values
    from engine.frame.prediction import sample_mask
    from engine.results.stored import DataRow, DataTable, Matrix, Stored
    from engine.tables.summarize_sample import sample_blocks

    dataset = context.dataset
    result = estimates.result
    mask = sample_mask(dataset, result.sample_rows)
    if not mask.any():
        raise StataError(322, "e(sample) does not identify the estimation sample: its observations are not in memory")
    macros = estimates.e.macros
    kind = "" if part.has("noweights") else macros.get("marginswtype", macros.get("wtype", ""))
    weights = estimation_weights(estimates, mask, context) if kind else np.ones(int(mask.sum()))
    names = _summarized(part, context, result)
    rows = []
    for name in names:
        values = dataset.numeric(name)[mask]
        known = ~is_missing(values)
        found = summarize_values(
            values[known], name=name, weights=weights[known] if kind else None, counting=kind == "fweight"
        )
        rows.append(found.values)
    n_obs = int(weights.sum()) if kind == "fweight" else int(mask.sum())
    labels = [dataset.variable(name).label for name in names] if part.has("labels") else []
    header = "" if part.has("noheader") else estimates.command
    context.emit(*sample_blocks(names, rows, labels, command=header, n_obs=n_obs))
    table = DataTable("summarize", _COLUMNS, tuple(DataRow("", n, row) for n, row in zip(names, rows, strict=True)))
    stats = Matrix(tuple(names), ("mean", "sd", "min", "max"), np.array([row[1:] for row in rows]))
    return Effects(tables=(table,), r=Stored(scalars={"N": float(n_obs)}, matrices={"stats": stats}))


def _summarized(part: Part, context: Context, result: LinearResult) -> list[str]:
    """Return the variables asked for, those of the model where none are; r(109) for text."""
    from engine.frame.resolve import resolve_names

    dataset = context.dataset
    if not part.body:
        used = (piece.variable for column in result.columns for piece in column.parts)
        return [name for name in dict.fromkeys((result.depvar, *used)) if name in dataset]
    names = list(resolve_names(part.body, dataset, span=part.body_span))
    text = next((name for name in names if dataset.variable(name).is_string), None)
    if text is not None:
        raise StataError(109, f"type mismatch: {text} holds text", part.body_span)
    return names


def _run_vce(part: Part, context: Context, estimates: Estimates) -> Effects:
    """Print e(V), or the correlations of the estimates; r(198) for an equation that there is not."""
    from engine.postest.parameters import equation_positions, parameters_of
    from engine.results.stored import Matrix, Stored
    from engine.tables.document import Lines, Role
    from engine.tables.matlist import correlations, matrix_blocks

    no_more_words(part, "vce")
    if part.has("covariance") and part.has("correlation"):
        raise StataError(198, "options covariance and correlation may not be combined", part.body_span)
    parameters = parameters_of(estimates)
    places = list(range(len(parameters.b)))
    use = part.option("equation")
    if use is not None:
        words = (use.argument or "").split()
        places = [i for word in words for i in equation_positions(word, parameters, use.span)]
    values = parameters.V[places][:, places]
    word = "Correlation" if part.has("correlation") else "Covariance"
    values = correlations(values) if part.has("correlation") else values
    names = [parameters.names[i] for i in places]
    equations = [parameters.equations[i] for i in places] if any(parameters.equations) else []
    fmt = part.option("format")
    given = fmt.argument if fmt is not None and fmt.argument else ("%8.4f" if part.has("correlation") else "%10.0g")
    context.emit(Lines(("", f"{word} matrix of coefficients of {estimates.command} model", ""), Role.TITLE))
    linesize = context.settings.linesize
    if equations and (part.has("block") or part.has("diag")):
        for title, rows, cols in _equation_blocks(equations, diagonal=part.has("diag")):
            own, across = [names[i] for i in rows], [names[j] for j in cols]
            context.emit(Lines((f"{word}s of {title}", ""), Role.TITLE))
            context.emit(
                *matrix_blocks(
                    values[rows][:, cols], own, across, corner="e(V)", lower=rows == cols, identity="vce", fmt=given,
                    linesize=linesize,
                ),
                Lines(("",)),
            )  # fmt: skip
    else:
        context.emit(
            *matrix_blocks(
                values, names, names, corner="e(V)", lower=True, identity="vce", fmt=given, groups=equations,
                linesize=linesize,
            )
        )  # fmt: skip
    pairs = zip(equations or [""] * len(names), names, strict=True)
    short = tuple(f"{equation}:{name}" if equation else name for equation, name in pairs)
    return Effects(r=Stored(matrices={"V": Matrix(short, short, values)}))


def _equation_blocks(equations: list[str], *, diagonal: bool) -> Iterator[tuple[str, list[int], list[int]]]:
    """Give what each block of e(V) is called, and its rows and columns, from the lower triangle of blocks."""
    order = list(dict.fromkeys(equations))
    places = {name: [i for i, own in enumerate(equations) if own == name] for name in order}
    for k, row in enumerate(order):
        for col in order[:k] if not diagonal else ():
            yield f"equation {row} (row) by equation {col} (column)", places[row], places[col]
        yield f"equation {row}", places[row], places[row]


SUMMARIZE = Subcommand(
    name="summarize",
    minimum=2,
    help="means, standard deviations and ranges of the variables in the estimation sample",
    options=(_LABELS, _NOHEADER, _NOWEIGHTS),
    run=_run_summarize,
)
VCE = Subcommand(
    name="vce",
    minimum=3,
    help="covariance or correlation matrix of the estimates",
    options=(COVARIANCE, CORRELATION, _EQUATION, _BLOCK, _DIAG, FORMAT),
    run=_run_vce,
)
