"""``import``: data from files of other programs ([D] import)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.files import import_delimited, import_excel
from engine.commands.files.arriving import CASE, CLEAR, ENCODING, find_file, finished, option_word
from engine.commands.files.file_names import naming_a_file
from engine.errors import StataError
from engine.frame.resolve import resolve_names
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule

if TYPE_CHECKING:
    from engine.data.foreign.arriving import Arrival

DECLARATION = CommandDecl(
    name="import",
    minimum=6,
    title="Import data",
    help="Reads files of other programs: "
    "import delimited, excel, spss, sas, sasxport5, sasxport8, parquet, feather, r.",
    varlist=VarlistRule.TEXT,
    using=True,
    options=(CLEAR,),
    family=True,
    examples=("export delimited data.csv, replace", "import delimited data.csv, clear"),
)


def run(command: Command, context: Context) -> Effects:
    """Say what can be imported; a kind of file that there is has a declaration of its own."""
    word = command.main.body.split(maxsplit=1)[0] if command.main.body else ""
    listed = ", ".join(declaration.name.split()[1] for declaration, _ in COMMANDS[1:])
    unknown = f"import {word} is not known" if word else "the kind of file is missing"
    raise StataError(198, f"{unknown}; there are {listed}", command.main.body_span)


def _declared(word: str, minimum: int, title: str, *options: OptionDecl, examples: tuple[str, ...]) -> CommandDecl:
    return CommandDecl(
        name=f"import {word}",
        minimum=minimum,
        title=title,
        help=f"Reads {title}; labels, dates and missing values become Stata's.",
        menu=("File", "Import", f"{title[0].upper()}{title[1:]}"),
        varlist=VarlistRule.TEXT,
        using=True,
        options=(*options, CLEAR),
        examples=examples,
    )


_FRAME = OptionDecl(
    name="frame",
    minimum=5,
    kind=OptionKind.NAME,
    label="Data frame",
    help="Which data frame is read when the file holds several.",
    page="model",
)
_CATALOG = OptionDecl(
    name="bcat",
    minimum=4,
    kind=OptionKind.STRING,
    label="File of value labels",
    help="A .sas7bcat file with the value labels.",
    page="model",
)


def _variables_of(
    ending: str, load: Callable[[Part, Path, str, Context], Arrival]
) -> Callable[[Command, Context], Effects]:
    """Return what runs ``import KIND [varlist] using FILE``."""

    def run_kind(command: Command, context: Context) -> Effects:
        from engine.data.file_kinds import kind_of
        from engine.data.foreign.readers import needing_library

        kind = kind_of(ending)
        assert kind is not None
        part = command.main
        path, shown, wanted = find_file(part, ending, context)
        with naming_a_file(part.body_span if part.using is None else part.using_span), needing_library(kind):
            arrival = load(part, path, shown, context)
        if part.has("case"):
            arrival = _in_case(arrival, option_word(part.option("case")))
        if wanted:
            names = resolve_names(wanted, arrival.dataset, span=part.body_span)
            arrival = replace(arrival, dataset=arrival.dataset.keep_variables(names))
        return finished(arrival, shown, context)

    return run_kind


def _in_case(arrival: Arrival, word: str) -> Arrival:
    """Return the data with names in another case, where that leaves them distinct."""
    from engine.data.foreign.arriving import in_case
    from engine.data.names import Case

    return replace(arrival, dataset=in_case(arrival.dataset, Case(word)))


def _encoding(part: Part) -> str:
    return option_word(part.option("encoding"))


def _spss(part: Part, path: Path, shown: str, _context: Context) -> Arrival:
    from engine.data.foreign.stat_files import read_spss

    return read_spss(path, shown=shown, encoding=_encoding(part))


def _sas(part: Part, path: Path, shown: str, context: Context) -> Arrival:
    from engine.commands.files.file_names import read_file_name
    from engine.data.foreign.stat_files import read_sas
    from engine.data.sources import find

    use = part.option("bcat")
    catalog = None
    if use is not None:
        name = read_file_name(use.argument or "", use.argument_span)
        catalog = find(name, ending=".sas7bcat", sink=context.sink, cancel=context.cancel).path
    return read_sas(path, shown=shown, encoding=_encoding(part), catalog=catalog)


def _sasxport(part: Part, path: Path, shown: str, _context: Context) -> Arrival:
    from engine.data.foreign.stat_files import read_sasxport

    return read_sasxport(path, shown=shown, encoding=_encoding(part))


def _parquet(_part: Part, path: Path, shown: str, _context: Context) -> Arrival:
    from engine.data.foreign.arrow import read_parquet

    return read_parquet(path, shown=shown)


def _feather(_part: Part, path: Path, shown: str, _context: Context) -> Arrival:
    from engine.data.foreign.arrow import read_feather

    return read_feather(path, shown=shown)


def _r(part: Part, path: Path, shown: str, _context: Context) -> Arrival:
    from engine.data.foreign.r_files import read_r

    return read_r(path, shown=shown, frame=option_word(part.option("frame")))


COMMANDS = (
    (DECLARATION, run),
    (import_delimited.DECLARATION, import_delimited.run),
    (import_excel.DECLARATION, import_excel.run),
    (
        _declared(
            "spss",
            4,
            "SPSS data (.sav, .zsav, .por)",
            CASE,
            ENCODING,
            examples=("export spss using survey.sav, replace", "import spss using survey.sav, clear"),
        ),
        _variables_of(".sav", _spss),
    ),
    (
        _declared(
            "sas",
            3,
            "SAS data (.sas7bdat)",
            CASE,
            ENCODING,
            _CATALOG,
            examples=("import sas using trial.sas7bdat, bcat(formats.sas7bcat) clear",),
        ),
        _variables_of(".sas7bdat", _sas),
    ),
    *(
        (
            _declared(
                word,
                len(word),
                title,
                CASE,
                ENCODING,
                examples=(f"export {word} using trial, replace", f"import {word} using trial, clear"),
            ),
            _variables_of(ending, _sasxport),
        )
        for word, ending, title in (
            ("sasxport5", ".xpt", "SAS transport file, version 5 (.xpt)"),
            ("sasxport8", ".v8xpt", "SAS transport file, version 8 (.v8xpt)"),
        )
    ),
    (
        _declared(
            "parquet",
            7,
            "Parquet data (.parquet)",
            CASE,
            examples=("export parquet using panel.parquet, replace", "import parquet using panel.parquet, clear"),
        ),
        _variables_of(".parquet", _parquet),
    ),
    (
        _declared(
            "feather", 7, "Feather data (.feather)", CASE, examples=("import feather using panel.feather, clear",)
        ),
        _variables_of(".feather", _feather),
    ),
    (
        _declared(
            "r",
            1,
            "R data (.rds, .RData)",
            _FRAME,
            CASE,
            examples=("import r using pupils.RData, frame(pupils) clear",),
        ),
        _variables_of(".rds", _r),
    ),
)
