"""What a number of a result means, in sentences that use the number: for hover cards and assistive technology."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.results.stored import DataTable, Stored
from engine.tables.document import Figure, Row, RowKind, Table
from engine.tables.meaning import FORMULA, Meaning, find_cell, find_figure
from engine.tables.reading_words import Facts, cell_words, figure_words, in_sentence, shown_name

HEADINGS = (INTERVAL := "confidence interval", DEVIATION := "standard deviation")
"""Headings of columns that only a window has."""

_LIMITS = {"interval", "drawn"}
"""Columns of a window that show two columns of a table as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A number explained.

    Attributes
    ----------
    subject
        Which number: row and heading.
    exact
        The number in full; empty for text.
    """

    subject: str
    exact: str
    title: str
    what: str
    formula: str = ""
    reading: str = ""

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Return all of it as plain sentences; `translate` is for the word that introduces the formula."""
        lines = (f"{self.subject}: {self.exact}" if self.exact else self.subject, self.title, self.what)
        formula = translate(FORMULA).replace("{0}", self.formula) if self.formula else ""
        return "\n".join(line for line in (*lines, formula, self.reading) if line)


def facts_of(e: Stored, tables: Mapping[str, DataTable]) -> Facts:
    """Gather what sentences about a command's numbers refer to: its e() and the tables it made."""
    matrix = e.matrices.get("b")
    return Facts(
        command=e.macros.get("cmd", ""),
        outcome=e.macros.get("depvar", ""),
        coefficients=matrix.cols if matrix is not None else (),
        fixed=tables.get("fixed"),
    )


def explain_cell(table: Table, row: int, key: str, facts: Facts) -> Explanation | None:
    """Explain the number of a row in the column `key`; None where there is no number or nothing to say.

    `key` may also be ``interval`` for both limits, and ``sd`` for the root of a variance.
    """
    found = table.rows[row]
    if found.kind is not RowKind.DATA:
        return None
    values = row_values(table, found)
    name = found.name or found.caption
    value = values.get(key)
    figure = _row_figure(name, facts)
    if figure is not None:
        text = next((cell.text for cell in found.cells if cell.text), "")
        return None if value is None else _filled(figure, figure_words(name, value, facts), name, text.strip(), facts)
    meaning = _cell_meaning(table.id, key, name, facts)
    if key == "sd" and "estimate" in values and "sd" not in values:
        value = math.sqrt(values["estimate"]) if values["estimate"] >= 0 else None
    if meaning is None or (value is None and key not in _LIMITS):
        return None
    words = cell_words(table, row, key, value=value, values=values, facts=facts)
    exact = f"{values.get('ll', math.nan)!r} to {values.get('ul', math.nan)!r}" if key in _LIMITS else repr(value)
    subject = ", ".join(filter(None, (shown_name(table, row), _heading(table, key, facts))))
    return _filled(meaning, words, subject, exact, facts)


def explain_figure(figure: Figure | tuple[str, float, str], facts: Facts) -> Explanation | None:
    """Explain a figure by its label; a pair of label, value and text stands for a number in a line."""
    label, value, text = (figure.label, figure.value, figure.text) if isinstance(figure, Figure) else figure
    meaning = find_figure(label, command=facts.command)
    if meaning is None or not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    return _filled(meaning, figure_words(label, float(value), facts), " ".join(label.split()), text.strip(), facts)


def row_values(table: Table, row: Row) -> dict[str, float]:
    """Return the finite numbers of a row by column."""
    pairs = zip(table.columns, row.cells, strict=False)
    numbers = {column.key: float(cell.value) for column, cell in pairs if isinstance(cell.value, (int, float))}
    return {key: value for key, value in numbers.items() if math.isfinite(value)}


def _row_figure(name: str, facts: Facts) -> Meaning | None:
    """Return the meaning of a row that holds one figure (``sigma_u``, ``Root MSE``)."""
    figures = r"/?sigma_[ue]|rho|Number of obs|F\(.*\)|Prob > F|R-squared|Adj R-squared|Root MSE|Mean VIF"
    return find_figure(name, command=facts.command) if re.fullmatch(figures, name) else None


def _cell_meaning(table: str, key: str, row: str, facts: Facts) -> Meaning | None:
    found = find_cell(table, key, row=row, command=facts.command)
    return found if found is not None else find_cell(table, "*", row=row, command=facts.command)


def _heading(table: Table, key: str, facts: Facts) -> str:
    limits = any(column.key == "ul" for column in table.columns)
    if key in _LIMITS or (limits and key in {"ll", "ul"}):
        return facts.translate(INTERVAL)
    if key == "sd":
        return facts.translate(DEVIATION)
    return next((" ".join(column.heading.split()) for column in table.columns if column.key == key), "")


def _filled(meaning: Meaning, words: Mapping[str, str], subject: str, exact: str, facts: Facts) -> Explanation:
    say = facts.translate
    reading = in_sentence(say(meaning.reading), words) or in_sentence(say(meaning.read), words)
    return Explanation(
        subject=subject,
        exact=exact,
        title=say(meaning.title),
        what=say(meaning.what),
        formula=in_sentence(say(meaning.formula), words),
        reading=reading,
    )
