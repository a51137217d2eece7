"""From what is typed or pasted into cells to the ``replace`` commands that write it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.api import StataError, Variable, is_missing, missing_text, parse_expression
from mixedgui.state.translation import tr

MOST_COMMANDS = 2000
"""A paste that would take more commands than this is refused."""

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_MISSING = re.compile(r"\.[a-z]?")
_DATE_KIND = re.compile(r"%-?(t[cCdwmqhy]|d)")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MACRO_START = re.compile(r"\$(?=[\w{])")
_BY_NUMBER = re.compile(r"[\n\r\t]|\\(?=[$`\\])")
"""Characters that a quoted text in a command cannot hold, or that would change what follows them."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class NotAValue(ValueError):
    """What was typed cannot stand in the cell; the text is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell: the variable, the number of the observation (from 1), and the expression it gets."""

    name: str
    observation: int
    expression: str


def text_literal(text: str) -> str:
    """Return an expression whose value is exactly `text`, safe from macros and quotes."""
    pieces: list[str] = []
    at = 0
    for match in _BY_NUMBER.finditer(text):
        if match.start() > at:
            pieces.append(_quoted(text[at : match.start()]))
        pieces.append(f"char({ord(match.group())})")
        at = match.end()
    if at < len(text) or not pieces:
        pieces.append(_quoted(text[at:]))
    return " + ".join(pieces)


def _quoted(text: str) -> str:
    if '"' not in text:
        return f'"{_without_macros(text)}"'
    if "`" not in text and "\"'" not in text and not text.endswith('"'):
        return f'`"{_without_macros(text)}"\''
    words = [f'"{_without_macros(part)}"' if part else "" for part in text.split('"')]
    return " + char(34) + ".join(words).replace(" +  + ", " + ").removeprefix(" + ").removesuffix(" + ")


def _without_macros(text: str) -> str:
    return _MACRO_START.sub(r"\\$", text).replace("`", "\\`")


def cell_expression(variable: Variable, typed: str, labels: Mapping[float, str] | None = None) -> str:
    """Return the expression for what was typed into a cell of `variable`.

    Numbers take ``=expression`` too; with `labels` (number -> word) they take the words. Raises `NotAValue`.
    """
    if variable.is_string:
        return text_literal(typed)
    text = typed.strip().replace("\N{MINUS SIGN}", "-")
    if text.startswith("="):
        return _typed_expression(text[1:])
    if not text:
        return "."
    if _MISSING.fullmatch(text) or _NUMBER.fullmatch(text):
        return text
    if _GROUPED.fullmatch(text):
        return text.replace(",", "")
    if labels:
        return _code_of(text, variable, labels)
    date = _date_literal(text, variable)
    if date:
        return date
    said = tr("{name} holds numbers, and {text} is none. Missing values are . and .a to .z; = begins an expression.")
    raise NotAValue(said.format(name=variable.name, text=typed.strip()))


def _typed_expression(text: str) -> str:
    try:
        parse_expression(text)
    except StataError as error:
        raise NotAValue(tr("The expression cannot be read: {0}.").format(error.message)) from None
    return text.strip()


def _code_of(text: str, variable: Variable, labels: Mapping[float, str]) -> str:
    exact = [value for value, word in labels.items() if word == text]
    found = exact or [value for value, word in labels.items() if word.lower() == text.lower()]
    if len(found) != 1:
        some = ", ".join(list(labels.values())[:4]) + (" …" if len(labels) > 4 else "")
        several = tr("{text} is several labels of {name}. Its labels are {some}; numbers are taken too.")
        none = tr("{text} is no label of {name}. Its labels are {some}; numbers are taken too.")
        raise NotAValue((several if found else none).format(text=text, name=variable.name, some=some))
    return number_text(found[0])


def number_text(value: float) -> str:
    """Return a number with all the digits it has, missing codes as they are typed."""
    if is_missing(np.array(value)):
        return missing_text(value)
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def _date_literal(text: str, variable: Variable) -> str:
    kind = _DATE_KIND.match(variable.format)
    if kind is None or not re.fullmatch(r"[\w :./-]+", text):
        return ""
    function = "td" if kind[1] == "d" else kind[1]
    iso = _ISO_DAY.fullmatch(text)
    if iso is not None and function == "td" and 1 <= int(iso[2]) <= 12:
        text = f"{iso[3]}{_MONTHS[int(iso[2]) - 1]}{iso[1]}"
    return f"{function}({text})"


def replace_commands(changes: Iterable[CellChange]) -> list[str]:
    """Return the commands for some cells; neighbours that get the same value share one."""
    commands: list[str] = []
    for name, first, last, expression in _runs(changes):
        where = str(first) if first == last else f"{first}/{last}"
        commands.append(f"replace {name} = {expression} in {where}")
    return commands


def _runs(changes: Iterable[CellChange]) -> Iterator[tuple[str, int, int, str]]:
    names: dict[str, list[CellChange]] = {}
    for change in changes:
        names.setdefault(change.name, []).append(change)
    for name, cells in names.items():
        cells.sort(key=lambda cell: cell.observation)
        first = last = cells[0].observation
        expression = cells[0].expression
        for cell in cells[1:]:
            if cell.expression == expression and cell.observation == last + 1 and "_n" not in expression:
                last = cell.observation
                continue
            yield name, first, last, expression
            first = last = cell.observation
            expression = cell.expression
        yield name, first, last, expression


def read_block(text: str) -> list[list[str]]:
    """Return the cells of tab-separated text as spreadsheets put it on the clipboard."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    return [[_unquoted(cell) for cell in line.split("\t")] for line in lines]


def _unquoted(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


def paste_changes(
    block: Sequence[Sequence[str]],
    variables: Sequence[Variable],
    observations: Sequence[int],
    labels: Mapping[str, Mapping[float, str]],
) -> list[CellChange]:
    """Return what a block writes into the cells of `observations` x `variables`; a single cell fills all of them.

    Raises `NotAValue` for a cell that does not fit, with its place.
    """
    single = len(block) == 1 and len(block[0]) == 1
    changes: list[CellChange] = []
    for row, observation in enumerate(observations):
        for column, variable in enumerate(variables):
            cells = block[0] if single else block[row]
            if not single and column >= len(cells):
                continue
            typed = cells[0] if single else cells[column]
            try:
                expression = cell_expression(variable, typed, labels.get(variable.name))
            except NotAValue as problem:
                raise NotAValue(f"Nothing was pasted. Row {row + 1}: {problem}") from None
            changes.append(CellChange(variable.name, observation, expression))
    return changes
