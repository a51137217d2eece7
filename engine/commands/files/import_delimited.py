"""``import delimited``: text files with separated values ([D] import delimited)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.files.arriving import CASE, CLEAR, ENCODING, find_file, finished, option_word
from engine.commands.files.file_names import naming_a_file
from engine.errors import StataError
from engine.lang.command import Command, OptionUse, Part
from engine.lang.declaration import Choice, CommandDecl, OptionDecl, OptionKind, VarlistRule
from engine.lang.numlist import parse_numlist

if TYPE_CHECKING:
    from engine.data.foreign.cells import CellRules
    from engine.data.foreign.delimited import DelimitedOptions
    from engine.data.foreign.split import Separator

_DATES = OptionDecl(
    name="dates",
    minimum=5,
    kind=OptionKind.CHOICE,
    choices=(
        Choice("certain", 1, "Those that are certain", "Year first, or the month as a word; others stay text."),
        Choice("DMY", 3, "Day, month, year"),
        Choice("MDY", 3, "Month, day, year"),
        Choice("YMD", 3, "Year, month, day"),
        Choice("none", 4, "None", "All dates stay text."),
    ),
    default="certain",
    label="Dates",
    help="Which text is read as dates (not in Stata): what is not certain stays text, and a note says so.",
    page="model",
)


def _text(name: str, minimum: int, label: str, help_: str, *suggested: tuple[str, str]) -> OptionDecl:
    """Return an option with text, and what a dialog suggests for it."""
    return OptionDecl(
        name=name,
        minimum=minimum,
        kind=OptionKind.STRING,
        choices=tuple(Choice(word, len(word), meaning) for word, meaning in suggested),
        label=label,
        help=help_,
        page="model",
    )


_SIGNS = (('","', "Comma"), ("tab", "Tab"), ('";"', "Semicolon"), ('"|"', "Bar"), ("whitespace", "Blanks and tabs"))
_DECIMAL_SIGNS = ((".", "Point"), (",", "Comma"))
_GROUP_SIGNS = ((",", "Comma"), (".", "Point"), ('" "', "Blank"))
_NAME_LINES = (("1", "First line"), ("nonames", "None"))


DECLARATION = CommandDecl(
    name="import delimited",
    minimum=5,
    title="Text data (delimited, *.csv, ...)",
    help="Reads a text file with separated values; separator, encoding and decimal sign are found out where not said.",
    menu=("File", "Import", "Text data (delimited, *.csv, ...)"),
    varlist=VarlistRule.TEXT,
    using=True,
    options=(
        _text(
            "delimiters",
            5,
            "Separator",
            'Signs between cells: ",", tab, ";", whitespace; collapse: several are one.',
            *_SIGNS,
        ),
        _text("rowrange", 3, "Rows", "First and last line that is read: 2:100, :100 or 5."),
        _text("colrange", 3, "Columns", "First and last column that is read: 2:5, :5 or 3."),
        _text("varnames", 4, "Names in line", "The line that holds the names of variables, or nonames.", *_NAME_LINES),
        CASE,
        OptionDecl(name="asfloat", minimum=4, label="As float", help="Store fractions as float.", page="model"),
        OptionDecl(
            name="asdouble",
            minimum=4,
            label="As double",
            help="Store fractions as double (as without this option, where they need it).",
            page="model",
        ),
        ENCODING,
        _text("stringcols", 7, "Text columns", "Columns that are read as text: numbers of columns, or _all."),
        _text("numericcols", 7, "Number columns", "Columns that are read as numbers; what is none becomes missing."),
        _text(
            "decimalseparator",
            4,
            "Decimal sign",
            "The decimal sign: . or , (found out without this option).",
            *_DECIMAL_SIGNS,
        ),
        _text(
            "groupseparator",
            3,
            "Sign between thousands",
            "The sign between thousands, which is left out.",
            *_GROUP_SIGNS,
        ),
        OptionDecl(
            name="bindquotes",
            minimum=4,
            kind=OptionKind.CHOICE,
            choices=(
                Choice("strict", 6, "Cells in quotes are one"),
                Choice("loose", 5, "Cells in quotes are one (as strict)"),
                Choice("nobind", 6, "Quotes are letters like others"),
            ),
            label="Quotes",
            help="Whether a cell in quotes may hold separators and line ends.",
            page="model",
        ),
        _DATES,
        CLEAR,
    ),
    examples=(
        'export delimited using scores.txt, delimiter(";") replace',
        'import delimited using scores.txt, delimiters(";") decimalseparator(.) clear',
    ),
)

_NAMED_SIGNS = {"tab": "\t", "\\t": "\t", "comma": ",", "space": " ", "whitespace": " \t", "\\space": " "}


def run(command: Command, context: Context) -> Effects:
    """Read the file; r(601) when it is not found, r(610) with the line where it is no even table."""
    from engine.data.file_kinds import kind_called
    from engine.data.foreign.readers import needing_library

    part = command.main
    path, shown, wanted = find_file(part, ".csv", context)
    place = part.body_span if part.using is None else part.using_span
    with naming_a_file(place), needing_library(kind_called("delimited")):
        from engine.data.foreign.delimited import read_delimited

        options = replace(delimited_options(part), names=names_of(wanted, part))
        arrival, found = read_delimited(path, options, shown=shown)
    selected = "" if part.has("encoding") else f"(encoding automatically selected: {found.encoding})"
    return finished(arrival, shown, context, *([selected] if selected else []))


def delimited_options(part: Part) -> DelimitedOptions:
    """Return what the options of the command say; raises `StataError` 198."""
    from engine.data.foreign.delimited import DelimitedOptions
    from engine.data.names import Case

    header = part.option("varnames")
    quotes = option_word(part.option("bindquotes"), "strict")
    separator = part.option("delimiters")
    return DelimitedOptions(
        separator=None if separator is None else _separator(separator),
        header=None if header is None else _header(header),
        case=Case(option_word(part.option("case"), "lower")),
        encoding=option_word(part.option("encoding"), ""),
        cells=_rules(part),
        text_columns=_columns(part.option("stringcols")),
        number_columns=_columns(part.option("numericcols")),
        rows=_range(part.option("rowrange")),
        columns=_range(part.option("colrange")),
        quotes=quotes != "nobind",
    )


def _rules(part: Part) -> CellRules:
    from engine.data.foreign.cells import CellRules
    from engine.data.foreign.date_text import DateOrder

    decimal = _sign(part.option("decimalseparator"))
    group = _sign(part.option("groupseparator"))
    if decimal and decimal == group:
        raise StataError(198, "decimalseparator() and groupseparator() are the same sign")
    order = DateOrder(option_word(part.option("dates"), "certain"))
    return CellRules(
        decimal=decimal or ("." if group == "," else ""), group=group, dates=order, as_float=part.has("asfloat")
    )


def _sign(use: OptionUse | None) -> str:
    """Return a decimal sign or a sign between thousands; a quoted one may be a blank."""
    if use is None:
        return ""
    text = (use.argument or "").strip()
    sign = text[1:-1] if len(text) > 2 and text[0] == text[-1] == '"' else text
    if len(sign) != 1 or sign.isalnum():
        raise StataError(198, f"option {use.decl.name}() takes one sign", use.argument_span or use.span)
    return sign


def _separator(use: OptionUse) -> Separator:
    """Return what ``delimiters("chars" [, collapse|asstring])`` says."""
    from engine.data.foreign.split import Separator

    text = use.argument or ""
    match = re.fullmatch(r'\s*(?:"(?P<quoted>[^"]*)"|(?P<plain>[^,\s]+|,))\s*(?:,\s*(?P<how>\w+)\s*)?', text)
    how = (match["how"] or "") if match is not None else ""
    if match is None or (how and how not in ("collapse", "asstring")):
        message = f'delimiters({text}) incorrectly specified: write the signs in quotes, as in delimiters(";")'
        raise StataError(198, message, use.argument_span or use.span)
    signs = match["quoted"] if match["quoted"] is not None else match["plain"]
    named = _NAMED_SIGNS.get(signs)
    signs = named if named is not None else signs.replace("\\t", "\t")
    if not signs or '"' in signs or "\n" in signs:
        raise StataError(198, "delimiters() needs at least one sign", use.argument_span or use.span)
    return Separator(signs, collapse=how == "collapse" or text.strip() == "whitespace", as_string=how == "asstring")


def _header(use: OptionUse) -> int:
    word = option_word(use, "")
    if word in ("nonames", "noname"):
        return 0
    if not word.isdigit() or not 1 <= int(word) <= 2**31:
        raise StataError(
            198, f"varnames({word}): write the number of a line, or nonames", use.argument_span or use.span
        )
    return int(word)


def _range(use: OptionUse | None) -> tuple[int | None, int | None]:
    if use is None:
        return None, None
    match = re.fullmatch(r"\s*(\d{0,9})\s*(:?)\s*(\d{0,9})\s*", (use.argument or "").strip('"'))
    if match is None or not (match[1] or match[3]):
        raise StataError(
            198, f"{use.decl.name}({use.argument}): write 2:100, 5: or :100", use.argument_span or use.span
        )
    first = int(match[1]) if match[1] else None
    last = int(match[3]) if match[3] else None
    if first == 0 or last == 0 or (first and last and last < first):
        raise StataError(198, f"{use.decl.name}({use.argument}) is empty", use.argument_span or use.span)
    return first, last


def _columns(use: OptionUse | None) -> frozenset[int] | None:
    """Return positions of columns, None for all."""
    if use is None:
        return frozenset()
    text = (use.argument or "").strip()
    if text == "_all":
        return None
    numbers = parse_numlist(text)
    if any(number != int(number) or number < 1 for number in numbers):
        raise StataError(198, f"{use.decl.name}({text}): columns count from 1", use.argument_span or use.span)
    return frozenset(int(number) for number in numbers)


def names_of(text: str, part: Part) -> tuple[str, ...]:
    """Return the names before ``using``; raises `StataError` 198 for what cannot be one."""
    from engine.data.names import is_legal

    names = tuple(text.split())
    for name in names:
        if not is_legal(name):
            raise StataError(198, f"{name} is not a name that a variable can have", part.body_span)
    return names
