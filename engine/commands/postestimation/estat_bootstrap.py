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
    from engine.results.stored import Stored
    from engine.tables.document import Header

_KINDS = (("normal", "N", "Normal"), ("percentile", "P", "Percentile"), ("bc", "BC", "Bias-corrected"),
          ("bca", "BCa", "Bias-corrected and accelerated"))  # fmt: skip
_FORMATS = ("%10.0g", "%9.0g", "%10.0g", "%9.0g", "%9.0g")
"""Of value, bias, standard error and limits."""
_ALL = OptionDecl(name="all", minimum=3, page="model", label="All limits", help="Shows all confidence limits.")


def _run(part: Part, context: Context, estimates: Estimates) -> Effects:
    """Show bias and limits; r(321) where the results are not those of ``bootstrap``."""
    from engine.results.stored import DataRow, DataTable
    from engine.tables.document import Cell, Column, Lines, Row, RowKind, Table, TextLayout
    from engine.tables.labels import abbreviate
    from engine.tables.numbers import number_text

    no_more_words(part, "bootstrap")
    e = estimates.e
    if e.macros.get("prefix") != "bootstrap":
        raise StataError(321, "estat bootstrap needs the results of bootstrap", part.body_span)
    asked = _asked(part, e)
    names = e.matrices["b"].cols
    equations = [name.rpartition(":")[0] for name in names]
    rows: list[Row] = []
    data: list[DataRow] = []
    for i, full in enumerate(names):
        if len(set(equations)) > 1 and (i == 0 or equations[i] != equations[i - 1]):
            rows += [Row(kind=RowKind.RULE)] if i else []
            rows += [Row(equations[i], kind=RowKind.GROUP, left=True)] if equations[i] != "/" else []
        name = full.rpartition(":")[2]
        label = abbreviate(f"/{name}" if equations[i] == "/" else name, 12)
        for k, (kind, letter, _) in enumerate(asked):
            first = tuple(float(e.matrices[of].values[0, i]) for of in ("b", "bias", "se"))
            limits = tuple(float(each) for each in e.matrices[f"ci_{kind}"].values[:, i])
            texts = [number_text(x, fmt) for x, fmt in zip((*first, *limits), _FORMATS, strict=True)]
            cells = tuple(Cell(text, x) for text, x in zip(texts, (*first, *limits), strict=True))
            shown = cells if k == 0 else ((Cell("", None),) * 3 + cells[3:])
            rows.append(Row(label if k == 0 else "", (*shown, Cell(f"({letter})", letter)), name=full))
            data.append(DataRow(equations[i], name, (*first, *limits), letter))
    keys = (("estimate", "Observed", 26), ("bias", "Bias", 37), ("se", "Std. err.", 49), ("ll", "LL", 61))
    heading = f"[{e.scalars['level']:g}% conf. interval]"
    head = (
        f"{'':12} |    Observed               Bootstrap",
        f"{estimates.result.depvar:>12} | coefficient       Bias    std. err.  {heading}",
    )
    context.emit(Lines(("",)), _header(estimates), Lines(("",)))
    table = DataTable("bootstrap", ("estimate", "bias", "se", "ll", "ul"), tuple(data))
    columns = (*(Column(*key) for key in keys), Column("ul", "UL", 72), Column("kind", "", 78))
    context.emit(
        Table("bootstrap", estimates.result.depvar, columns, tuple(rows), TextLayout(width=78, stub=12, head=head))
    )
    width = max(2, *(len(letter) for _, letter, _ in asked))
    for k, (_, letter, label) in enumerate(asked):
        context.say(f"{'Key:' if k == 0 else '':4} {letter:>{width}}: {label}")
    return Effects(tables=(table,))


def _asked(part: Part, e: Stored) -> list[tuple[str, str, str]]:
    """Return the limits asked for, bias-corrected ones by default; r(198) for those that there are not."""
    accelerated = "ci_bca" in e.matrices
    if part.has("bca") and not accelerated:
        message = "BCa limits need the acceleration: run bootstrap with the option bca"
        raise StataError(198, message, part.body_span)
    known = [kind for kind in _KINDS if accelerated or kind[0] != "bca"]
    return [kind for kind in known if part.has("all") or part.has(kind[0])] or [_KINDS[2]]


def _header(estimates: Estimates) -> Header:
    from engine.tables.document import Figure, Header
    from engine.tables.numbers import COUNT, number_text

    e = estimates.e
    figures = tuple(
        Figure(label, number_text(e.scalars[name], COUNT), e.scalars[name])
        for label, name in (("Number of obs", "N"), ("Replications", "N_reps"))
    )
    return Header((e.macros.get("title") or "Bootstrap results",), figures, 13)


SUBCOMMAND = Subcommand(
    name="bootstrap",
    minimum=4,
    help="bias, and percentile and bias-corrected confidence limits after bootstrap",
    options=(
        *(
            OptionDecl(name=name, minimum=len(name) if "bc" in name else 1, page="model", label=f"{label} limits",
                       help=f"Shows {label.lower()} confidence limits.")
            for name, _, label in _KINDS
        ),
        _ALL,
    ),
    after=("bootstrap",),
    run=_run,
)  # fmt: skip
