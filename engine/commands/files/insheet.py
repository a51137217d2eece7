"""``insheet`` and ``outsheet``: the older names of ``import delimited`` and ``export delimited``."""

from __future__ import annotations

from engine.commands.base import Context, Effects
from engine.commands.files.arriving import CLEAR, find_file, finished, option_word
from engine.commands.files.export_ import selected
from engine.commands.files.file_names import naming_a_file
from engine.commands.files.import_delimited import names_of
from engine.commands.files.save_target import REPLACE, target_path
from engine.errors import StataError
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule


def _flag(name: str, minimum: int, label: str, help_: str) -> OptionDecl:
    return OptionDecl(name=name, minimum=minimum, label=label, help=help_, page="model")


_COMMA = _flag("comma", 1, "Commas", "Cells are separated by commas.")
_DELIMITER = OptionDecl(
    name="delimiter",
    minimum=1,
    kind=OptionKind.STRING,
    label="Separator",
    help='The sign between cells, in quotes: delimiter(";").',
    page="model",
)

DECLARATION = CommandDecl(
    name="insheet",
    minimum=5,
    title="Read text data",
    help="The older name of import delimited; separator, encoding and decimal sign are found out where not said.",
    varlist=VarlistRule.TEXT,
    using=True,
    options=(
        _flag("tab", 1, "Tabs", "Cells are separated by tabs."),
        _COMMA,
        _DELIMITER,
        _flag("names", 1, "First line holds names", "The first line holds the names of variables."),
        _flag("nonames", 3, "No names", "The first line holds data."),
        _flag("case", 4, "Keep capitals", "Leave capital letters of names as they are."),
        _flag("double", 1, "As double", "Store fractions as double (as without this option, where they need it)."),
        CLEAR,
    ),
    examples=("outsheet using scores.out, comma replace", "insheet using scores.out, comma clear"),
)

OUTSHEET = CommandDecl(
    name="outsheet",
    minimum=6,
    title="Write text data",
    help="The older name of export delimited: tabs between cells, text in quotes, .out as the usual ending.",
    varlist=VarlistRule.TEXT,
    allow_if=True,
    allow_in=True,
    using=True,
    options=(
        _COMMA,
        _DELIMITER,
        _flag("nonames", 3, "No names", "Leave out the line with the names of variables."),
        _flag("nolabel", 3, "Numbers instead of labels", "Write numbers instead of their value labels."),
        _flag("noquote", 3, "No quotes", "Put text in quotes only where it has to be."),
        REPLACE,
    ),
    examples=("outsheet id mathach using scores.out if female, comma replace",),
)


def run(command: Command, context: Context) -> Effects:
    """Read the file as ``import delimited`` does; r(601) when it is not found."""
    from engine.data.file_kinds import kind_called
    from engine.data.foreign.readers import needing_library

    part = command.main
    if part.has("names") and part.has("nonames"):
        raise StataError(184, "options names and nonames may not be combined")
    path, shown, wanted = find_file(part, ".raw", context)
    place = part.body_span if part.using is None else part.using_span
    with naming_a_file(place), needing_library(kind_called("delimited")):
        from engine.data.foreign.delimited import DelimitedOptions, read_delimited
        from engine.data.foreign.split import Separator
        from engine.data.names import Case

        sign = _sign(part, "")
        options = DelimitedOptions(
            separator=Separator(sign) if sign else None,
            header=1 if part.has("names") else 0 if part.has("nonames") else None,
            names=names_of(wanted, part),
            case=Case.PRESERVE if part.has("case") else Case.LOWER,
        )
        arrival, _ = read_delimited(path, options, shown=shown)
    return finished(arrival, shown, context)


def run_outsheet(command: Command, context: Context) -> Effects:
    """Write the file as ``export delimited`` does."""
    from engine.data.foreign.write_text import TextOptions, write_delimited

    part = command.main
    if part.using is None:
        raise StataError(100, "using required", part.body_span)
    path, _ = target_path(f'"{part.using}"', ".out", part.using_span, replacing=part.has("replace"), context=context)
    options = TextOptions(
        delimiter=_sign(part, "\t"),
        names=not part.has("nonames"),
        labels=not part.has("nolabel"),
        quote=not part.has("noquote"),
    )
    with naming_a_file(part.using_span):
        write_delimited(selected(part, context), path, options)
    return Effects()


COMMANDS = ((DECLARATION, run), (OUTSHEET, run_outsheet))


def _sign(part: Part, default: str) -> str:
    """Return the sign between cells that the options name."""
    given = [name for name in ("tab", "comma", "delimiter") if part.has(name)]
    if len(given) > 1:
        raise StataError(184, f"options {' and '.join(given)} may not be combined")
    if part.has("delimiter"):
        sign = option_word(part.option("delimiter"))
        if len(sign) != 1 or sign.isalnum() or sign in '"\n':
            raise StataError(198, 'delimiter() takes one sign in quotes, as in delimiter(";")')
        return sign
    return {"tab": "\t", "comma": ","}.get(given[0] if given else "", default)
