"""``import excel``: spreadsheets of Excel and OpenDocument ([D] import excel)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.files.arriving import CASE, CLEAR, find_file, finished, option_word
from engine.commands.files.file_names import naming_a_file
from engine.errors import StataError
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule

if TYPE_CHECKING:
    from engine.data.foreign.sheet import SheetOptions

DECLARATION = CommandDecl(
    name="import excel",
    minimum=3,
    title="Excel spreadsheet (*.xls; *.xlsx; *.ods)",
    help="Reads a worksheet of Excel (.xlsx, .xls) or OpenDocument (.ods); dates and times become Stata's.",
    menu=("File", "Import", "Excel spreadsheet (*.xls; *.xlsx; *.ods)"),
    varlist=VarlistRule.TEXT,
    using=True,
    options=(
        OptionDecl(
            name="sheet",
            minimum=2,
            kind=OptionKind.STRING,
            label="Worksheet",
            help="Name of the worksheet; the first one without this option.",
            page="model",
        ),
        OptionDecl(
            name="cellrange",
            minimum=6,
            kind=OptionKind.STRING,
            label="Cells",
            help="First and last cell that is read: B2:F100, B2 or :F100.",
            page="model",
        ),
        OptionDecl(
            name="firstrow",
            minimum=5,
            label="First row holds names",
            help="Take the names of variables from the first row.",
            page="model",
        ),
        CASE,
        OptionDecl(
            name="allstring",
            minimum=6,
            label="All as text",
            help="Read all columns as text.",
            page="model",
        ),
        OptionDecl(
            name="describe",
            minimum=1,
            label="List worksheets",
            help="Only list the worksheets of the file.",
            page="model",
        ),
        CLEAR,
    ),
    examples=(
        "export excel using scores.xlsx, firstrow(variables) replace",
        "import excel using scores.xlsx, cellrange(A1:B20) firstrow clear",
    ),
)


def run(command: Command, context: Context) -> Effects:
    """Read the sheet; r(601) when there is no such file or sheet."""
    from engine.data.file_kinds import kind_called
    from engine.data.foreign.readers import needing_library

    part = command.main
    if part.using is not None and part.body:
        raise StataError(
            198, "import excel reads all columns of the range; leave out what stands before using", part.body_span
        )
    if part.has("describe"):
        return _describe(part, context)
    path, shown, _ = find_file(part, ".xlsx", context)
    place = part.body_span if part.using is None else part.using_span
    with naming_a_file(place), needing_library(kind_called("excel")):
        from engine.data.foreign.sheet import read_sheet

        arrival, _header = read_sheet(path, sheet_options(part), shown=shown)
    return finished(arrival, shown, context)


def sheet_options(part: Part) -> SheetOptions:
    """Return what the options of the command say."""
    from engine.data.foreign.sheet import SheetOptions
    from engine.data.names import Case

    return SheetOptions(
        sheet=option_word(part.option("sheet")),
        cells=option_word(part.option("cellrange")),
        first_row=part.has("firstrow"),
        case=Case(option_word(part.option("case"), "preserve")),
        all_text=part.has("allstring"),
    )


def _describe(part: Part, context: Context) -> Effects:
    """List the worksheets."""
    from engine.commands.files.file_names import read_file_name
    from engine.data.foreign.sheet import sheet_names
    from engine.data.sources import find

    typed = part.body if part.using is None else part.using
    source = find(read_file_name(typed, part.body_span), ending=".xlsx", sink=context.sink, cancel=context.cancel)
    context.say("Sheet", "-----", *sheet_names(source.path, shown=source.shown))
    return Effects()
