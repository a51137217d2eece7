"""``export``: the data in memory to files of other programs ([D] export)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from engine.commands.base import Context, Effects
from engine.commands.files.arriving import option_word
from engine.commands.files.file_names import naming_a_file
from engine.commands.files.save_target import REPLACE, target_path
from engine.data.dataset import Dataset
from engine.errors import StataError
from engine.frame.resolve import resolve_names
from engine.lang.command import Command, Part
from engine.lang.declaration import Choice, CommandDecl, OptionDecl, OptionKind, VarlistRule

DECLARATION = CommandDecl(
    name="export",
    minimum=6,
    title="Export data",
    help="Writes files for other programs: export delimited, excel, spss, sasxport5, sasxport8, parquet.",
    varlist=VarlistRule.TEXT,
    using=True,
    options=(REPLACE,),
    family=True,
    examples=("export delimited data.csv, replace", "export excel using data.xlsx, firstrow(variables) replace"),
)


def run(command: Command, context: Context) -> Effects:
    """Say what can be exported; a kind of file that there is has a declaration of its own."""
    word = command.main.body.split(maxsplit=1)[0] if command.main.body else ""
    listed = ", ".join(declaration.name.split()[1] for declaration, _ in COMMANDS[1:])
    unknown = f"export {word} is not known" if word else "the kind of file is missing"
    raise StataError(198, f"{unknown}; there are {listed}", command.main.body_span)


def _option(name: str, minimum: int, label: str, help_: str, kind: OptionKind = OptionKind.FLAG) -> OptionDecl:
    return OptionDecl(name=name, minimum=minimum, kind=kind, label=label, help=help_, page="model")


_NOLABEL = _option("nolabel", 3, "Numbers instead of labels", "Write numbers instead of their value labels.")


def _declared(word: str, minimum: int, title: str, *options: OptionDecl, example: str) -> CommandDecl:
    return CommandDecl(
        name=f"export {word}",
        minimum=minimum,
        title=title,
        help=f"Writes {title}; the data in memory stay as they are.",
        menu=("File", "Export", title),
        varlist=VarlistRule.TEXT,
        allow_if=True,
        allow_in=True,
        using=True,
        options=(*options, REPLACE),
        examples=(example,),
    )


_NOT_WRITTEN = (".dta", ".por")
"""Endings of kinds that are written by another command, or only read."""

Writer = Callable[[Dataset, Path, Part], tuple[str, ...]]
"""Writes the data to a path as the options say and returns remarks."""


def _writing(ending: str, write: Writer) -> Callable[[Command, Context], Effects]:
    """Return what runs ``export KIND [varlist] [using] FILE [if] [in]``."""

    def run_kind(command: Command, context: Context) -> Effects:
        from engine.data.file_kinds import kind_of
        from engine.data.foreign.readers import needing_library

        part = command.main
        kind = kind_of(ending)
        assert kind is not None
        typed, place = (part.body, part.body_span) if part.using is None else (f'"{part.using}"', part.using_span)
        dataset = selected(part, context)
        path, name = target_path(typed, ending, place, replacing=part.has("replace"), context=context)
        other = kind_of(path.name)
        if other not in (None, kind) or path.suffix.lower() in _NOT_WRITTEN:
            raise StataError(198, f"{name} has the ending of another kind of file than {kind.title}", place)
        with naming_a_file(place), needing_library(kind):
            remarks = write(dataset, path, part)
        context.say(*remarks, f"file {name} saved")
        return Effects()

    return run_kind


def selected(part: Part, context: Context) -> Dataset:
    """Return the variables and observations to write; r(111) without any variable."""
    dataset = context.dataset
    if not dataset.variables:
        raise StataError(111, "no variables defined; there is nothing to export")
    if part.if_ is not None or part.in_ is not None:
        dataset = dataset.take(context.selected(part))
    if part.using is not None and part.body:
        names = resolve_names(part.body, dataset, span=part.body_span)
        dataset = dataset.keep_variables(names)
        order = {name: position for position, name in enumerate(names)}
        variables = tuple(sorted(dataset.variables, key=lambda variable: order[variable.name]))
        dataset = replace(dataset, variables=variables)
    return dataset


def _delimited(dataset: Dataset, path: Path, part: Part) -> tuple[str, ...]:
    from engine.data.foreign.write_text import TextOptions, write_delimited

    sign = option_word(part.option("delimiter"), ",") or ","
    sign = {"tab": "\t", "\\t": "\t"}.get(sign, sign)
    if len(sign) != 1 or sign.isalnum() or sign in '."\n\r':
        raise StataError(198, 'delimiter() takes tab or one sign in quotes, as in delimiter(";")')
    options = TextOptions(
        delimiter=sign,
        names=not part.has("novarnames"),
        labels=not part.has("nolabel"),
        formatted=part.has("datafmt"),
        quote=part.has("quote"),
    )
    return write_delimited(dataset, path, options)


def _excel(dataset: Dataset, path: Path, part: Part) -> tuple[str, ...]:
    from engine.data.foreign.write_sheet import SheetTarget, write_sheet

    first = part.option("firstrow")
    target = SheetTarget(
        sheet=option_word(part.option("sheet"), "Sheet1"),
        first_row="" if first is None else option_word(first),
        labels=not part.has("nolabel"),
    )
    return write_sheet(dataset, path, target)


def _spss(dataset: Dataset, path: Path, _part: Part) -> tuple[str, ...]:
    from engine.data.foreign.write_stat import write_spss

    return write_spss(dataset, path)


def _sasxport(version: int) -> Writer:
    def write(dataset: Dataset, path: Path, _part: Part) -> tuple[str, ...]:
        from engine.data.foreign.write_stat import write_sasxport

        return write_sasxport(dataset, path, version)

    return write


def _parquet(dataset: Dataset, path: Path, _part: Part) -> tuple[str, ...]:
    from engine.data.foreign.arrow import write_parquet

    return write_parquet(dataset, path)


_FIRSTROW = OptionDecl(
    name="firstrow",
    minimum=5,
    kind=OptionKind.CHOICE,
    choices=(Choice("variables", 3, "Names of variables"), Choice("varlabels", 4, "Labels of variables")),
    label="First row",
    help="What stands in the first row; nothing without this option.",
    page="model",
)

COMMANDS = (
    (DECLARATION, run),
    (
        _declared(
            "delimited",
            5,
            "Text data (delimited, *.csv, ...)",
            _option(
                "delimiter", 1, "Separator", 'Sign between cells: tab or one in quotes, as ";".', OptionKind.STRING
            ),
            _option("novarnames", 3, "No names", "Leave out the line with the names of variables."),
            _NOLABEL,
            _option("datafmt", 4, "As displayed", "Write all numbers as their display format shows them."),
            _option("quote", 5, "Quote all text", "Put all text in double quotes."),
            example="export delimited id mathach using scores.csv if female, replace",
        ),
        _writing(".csv", _delimited),
    ),
    (
        _declared(
            "excel",
            3,
            "Excel spreadsheet (*.xlsx)",
            _option("sheet", 2, "Worksheet", "Name of the worksheet.", OptionKind.STRING),
            _FIRSTROW,
            _NOLABEL,
            example="export excel using scores.xlsx, firstrow(variables) replace",
        ),
        _writing(".xlsx", _excel),
    ),
    (
        _declared("spss", 4, "SPSS data (*.sav)", example="export spss using scores.sav, replace"),
        _writing(".sav", _spss),
    ),
    *(
        (
            _declared(
                f"sasxport{v}",
                9,
                f"SAS transport file, version {v}",
                example=f"export sasxport{v} using scores, replace",
            ),
            _writing(ending, _sasxport(v)),
        )
        for v, ending in ((5, ".xpt"), (8, ".v8xpt"))
    ),
    (
        _declared("parquet", 7, "Parquet data (*.parquet)", example="export parquet using scores.parquet, replace"),
        _writing(".parquet", _parquet),
    ),
)
