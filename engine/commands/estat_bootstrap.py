"""``estat bootstrap``: bias and further confidence limits after ``bootstrap`` ([R] bootstrap postestimation)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.subcommand import Subcommand, no_more_words
from engine.errors import StataError
from engine.lang.command import Part
from engine.lang.declaration import OptionDecl

if TYPE_CHECKING:
    from engine.results.estimates import Estimates

_KINDS = (("normal", "N", "Normal"), ("percentile", "P", "Percentile"), ("bc", "BC", "Bias-corrected"))
_ALL = OptionDecl(name="all", minimum=3, page="model", label="All limits", help="Shows all confidence limits.")


def _run(part: Part, context: Context, estimates: Estimates) -> Effects:
    """Show bias and limits; r(321) where the results are not those of ``bootstrap``."""
    from engine.results.stored import DataRow, DataTable
    from engine.tables.document import Cell, Column, Row, Table, TextLayout
    from engine.tables.labels import abbreviate
    from engine.tables.numbers import number_text

    no_more_words(part, "bootstrap")
    e = estimates.e
    if e.macros.get("prefix") != "bootstrap":
        raise StataError(321, "estat bootstrap needs the results of bootstrap", part.body_span)
    asked = [kind for kind in _KINDS if part.has("all") or part.has(kind[0])] or [_KINDS[2]]
    names, b = e.matrices["b"].cols, e.matrices["b"].values[0]
    rows: list[Row] = []
    data: list[DataRow] = []
    for i, full in enumerate(names):
        equation, _, name = full.rpartition(":")
        for k, (kind, letter, _) in enumerate(asked):
            limits = e.matrices[f"ci_{kind}"].values[:, i]
            first = (b[i], e.matrices["bias"].values[0, i], e.matrices["se"].values[0, i])
            values = tuple(float(value) for value in ((*first, *limits) if k == 0 else limits))
            texts = [number_text(value, "%9.0g") for value in values]
            cells = tuple(Cell(text, value) for text, value in zip(texts, values, strict=True))
            blank = () if k == 0 else (Cell("", None),) * 3
            label = abbreviate(name, 12) if k == 0 else ""
            rows.append(Row(label, (*blank, *cells, Cell(f"({letter})", letter)), name=full))
            data.append(DataRow(equation, name, tuple(map(float, (*first, *limits))), letter))
    keys = (("estimate", "Observed", 25), ("bias", "Bias", 36), ("se", "Std. err.", 48), ("ll", "LL", 61))
    heading = f"[{e.scalars['level']:g}% conf. interval]"
    head = (
        f"{'':12} |    Observed               Bootstrap",
        f"{estimates.result.depvar:>12} | coefficient       Bias    std. err.  {heading}",
    )
    context.say("", "Bootstrap results", "")
    table = DataTable("bootstrap", ("estimate", "bias", "se", "ll", "ul"), tuple(data))
    columns = (*(Column(*key) for key in keys), Column("ul", "UL", 72), Column("kind", "", 78))
    context.emit(
        Table("bootstrap", estimates.result.depvar, columns, tuple(rows), TextLayout(width=78, stub=12, head=head))
    )
    context.say(*(f"{'Key:' if k == 0 else '':4} {letter:>2}: {label}" for k, (_, letter, label) in enumerate(asked)))
    return Effects(tables=(table,))


SUBCOMMAND = Subcommand(
    name="bootstrap",
    minimum=4,
    help="bias, and percentile and bias-corrected confidence limits after bootstrap",
    options=(
        *(
            OptionDecl(name=name, minimum=len(name) if name == "bc" else 1, page="model", label=f"{label} limits",
                       help=f"Shows {label.lower()} confidence limits.")
            for name, _, label in _KINDS
        ),
        _ALL,
    ),
    run=_run,
)  # fmt: skip
