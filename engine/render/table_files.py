"""Saving one table of a result; the ending of the name decides the kind of file."""

from __future__ import annotations

from pathlib import Path

from engine.data.files import whole_file
from engine.errors import StataError
from engine.render.delimited import save_csv
from engine.render.html import render_block_html
from engine.render.markup import latex_table, markdown_table
from engine.results.stored import DataTable
from engine.tables.document import Table

TABLE_FILES = (
    ("xlsx", "Spreadsheets"),
    ("docx", "Documents of word processors"),
    ("csv", "CSV files, every digit"),
    ("tex", "LaTeX files"),
    ("md", "Markdown files"),
    ("html", "Web pages"),
)
"""Ending and name of each kind of file."""


def save_table(table: Table, path: str | Path, data: DataTable | None = None) -> None:
    """Write a table; CSV takes `data`, the whole table behind it, where there is one.

    Raises
    ------
    StataError
        r(603) when it cannot be written, r(198) for an ending that is not known.
    """
    from engine.render.office import save_docx, save_xlsx

    place = Path(path)
    match place.suffix.lower():
        case ".xlsx":
            save_xlsx(table, place)
        case ".docx":
            save_docx(table, place)
        case ".csv" if data is not None:
            save_csv(data, place)
        case ".csv":
            raise StataError(198, "this table has no numbers to write as CSV; copy it instead")
        case ".tex":
            _write_text(place, latex_table(table))
        case ".md":
            _write_text(place, markdown_table(table))
        case ".html" | ".htm":
            _write_text(place, f'<!DOCTYPE html>\n<meta charset="utf-8">\n{render_block_html(table)}\n')
        case _:
            raise StataError(198, f"{place.name}: tables are written as .xlsx, .docx, .csv, .tex, .md or .html")


def _write_text(path: Path, text: str) -> None:
    try:
        with whole_file(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise StataError(603, f"file {path} could not be written: {problem.strerror}") from None
