"""Tables as files of word processors and spreadsheets."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

from engine.data.files import whole_file
from engine.errors import StataError
from engine.render.plain_grid import GridRow, grid_head, grid_rows
from engine.tables.document import Table

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


def save_xlsx(table: Table, path: Path) -> None:
    """Write a table as a worksheet, its numbers in full as numbers; StataError r(603) when it cannot be written."""
    import openpyxl
    from openpyxl.styles import Font

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = (table.title or table.id)[:31].translate({ord(mark): " " for mark in "[]:*?/\\"}) or "table"
    sheet.append([table.stub, *(text for text, span in grid_head(table) for text in (text, *[""] * (span - 1)))])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in grid_rows(table):
        cells = zip(row.texts, row.values, strict=True)
        sheet.append([row.label, *(text if value is None else value for text, value in cells)])
    _write(path, book.save)


def save_docx(table: Table, path: Path) -> None:
    """Write a table as a document of a word processor; StataError r(603) when it cannot be written."""
    document = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{_MAIN}"><w:body>'
        f"{_docx_table(table)}<w:p/></w:body></w:document>"
    )

    def write(place: Path) -> None:
        with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as package:
            for name, text in (
                ("[Content_Types].xml", _TYPES),
                ("_rels/.rels", _RELATIONS),
                ("word/document.xml", document),
            ):
                package.writestr(name, text)

    _write(path, write)


def _write(path: Path, write: Callable[[Path], None]) -> None:
    try:
        with whole_file(path) as temporary:
            write(temporary)
    except OSError as problem:
        raise StataError(603, f"file {path} could not be written: {problem.strerror}") from None


def _docx_table(table: Table) -> str:
    head = grid_head(table)
    columns = sum(span for _, span in head)
    cells = [
        _cell(table.stub, edges="top bottom"),
        *(_cell(t, right=True, span=s, edges="top bottom") for t, s in head),
    ]
    rows = grid_rows(table)
    body = [f"<w:tr>{''.join(cells)}</w:tr>"]
    body += [_docx_row(row, columns, last=row is rows[-1]) for row in rows]
    grid = "<w:gridCol/>" * (columns + 1)
    layout = '<w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr>'
    return f"<w:tbl>{layout}<w:tblGrid>{grid}</w:tblGrid>{''.join(body)}</w:tbl>"


def _docx_row(row: GridRow, columns: int, *, last: bool) -> str:
    edges = " ".join(side for side, on in (("top", row.rule), ("bottom", last)) if on)
    if row.heading:
        return f"<w:tr>{_cell(row.label, span=columns + 1, edges=edges)}</w:tr>"
    label = _cell(row.label, indented=row.indented, edges=edges)
    return f"<w:tr>{label}{''.join(_cell(text, right=True, edges=edges) for text in row.texts)}</w:tr>"


def _cell(text: str, *, right: bool = False, indented: bool = False, span: int = 1, edges: str = "") -> str:
    """Return a cell; `edges` names the sides with a rule."""
    across = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    rules = "".join(f'<w:{side} w:val="single" w:sz="6"/>' for side in edges.split())
    borders = f"<w:tcBorders>{rules}</w:tcBorders>" if rules else ""
    indent = '<w:ind w:left="240"/>' if indented else ""
    side = '<w:jc w:val="right"/>' if right else ""
    words = f'<w:r><w:t xml:space="preserve">{escape(text.replace("-", "−") if right else text)}</w:t></w:r>'
    paragraph = f'<w:p><w:pPr><w:spacing w:before="20" w:after="20"/>{indent}{side}</w:pPr>{words}</w:p>'
    return f'<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/>{across}{borders}</w:tcPr>{paragraph}</w:tc>'
