"""``estat recovariance``: estimated covariance matrices of the random effects ([ME] estat recovariance)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.postestimation import estat_influence
from engine.commands.subcommand import Subcommand, no_more_words, shared_option
from engine.errors import StataError
from engine.lang.command import Part
from engine.lang.declaration import OptionDecl, OptionKind

if TYPE_CHECKING:
    from engine.results.estimates import Estimates

RELEVEL = shared_option(estat_influence.SUBCOMMAND, "relevel")
CORRELATION = OptionDecl(
    name="correlation", minimum=4, label="Correlations", page="model",
    help="Shows correlations instead of covariances.",
)  # fmt: skip
FORMAT = OptionDecl(
    name="format", minimum=4, kind=OptionKind.FORMAT, label="Format", page="model", help="Format of the numbers.",
)  # fmt: skip


def _run(part: Part, context: Context, estimates: Estimates) -> Effects:
    """Print the matrix of each level; r(321) without random effects, r(198) for a level that there is not."""
    from engine.postest.recovariance import level_covariances
    from engine.results.estimates import needs_mixed
    from engine.results.stored import DataRow, DataTable, Matrix, Stored
    from engine.tables.document import Lines, Role
    from engine.tables.matlist import correlations, matrix_blocks

    no_more_words(part, "recovariance")
    found = level_covariances(needs_mixed(estimates, "estat recovariance").result)
    if not found:
        raise StataError(321, "estat recovariance needs random effects; the last model has none")
    use = part.option("relevel")
    if use is not None and use.argument not in [each.level for each in found]:
        listed = ", ".join(each.level for each in found)
        raise StataError(198, f"relevel({use.argument}): there are random effects of {listed}", use.argument_span)
    shown = [each for each in found if use is None or each.level == use.argument]
    wants_correlation = part.has("correlation")
    word, prefix = ("correlation", "Corr") if wants_correlation else ("covariance", "Cov")
    fmt = part.option("format")
    tables, matrices = [], {}
    top = len(found) + 1  # the observations are level 1
    for each in shown:
        values = correlations(each.Sigma) if wants_correlation else each.Sigma
        context.emit(Lines(("", f"Random-effects {word} matrix for level {each.level}", ""), Role.TITLE))
        context.emit(
            *matrix_blocks(
                values, each.names, each.names, lower=True, identity="recovariance",
                fmt=fmt.argument if fmt is not None and fmt.argument else "%9.0g", linesize=context.settings.linesize,
            )
        )  # fmt: skip
        names = tuple(f"{each.level}:{name}" for name in each.names)
        matrices[f"{prefix}{top - found.index(each)}"] = Matrix(names, names, values)
        rows = tuple(
            DataRow(each.level, name, tuple(row)) for name, row in zip(each.names, values.tolist(), strict=True)
        )
        tables.append(DataTable("recovariance", each.names, rows))
    context.say("")
    levels = Stored(
        scalars={"relevels": float(len(found))},
        macros={f"relevel{i}": each.level for i, each in enumerate(shown, start=1)},
        matrices=matrices,
    )
    return Effects(tables=tuple(tables), r=levels)


SUBCOMMAND = Subcommand(
    name="recovariance",
    minimum=5,
    help="covariance or correlation matrices of the random effects",
    options=(RELEVEL, CORRELATION, FORMAT),
    mixed_only=True,
    run=_run,
)
