"""Tables of results as LaTeX, Markdown, spreadsheets and documents."""

from __future__ import annotations

import zipfile
from xml.etree import ElementTree

import openpyxl
import pytest

from engine.api import Printed, Session, StataError, Table, latex_table, markdown_table, save_table

WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def tables():
    """Fixed and random effects of a fit: table and id."""
    session, found = Session(), {}
    session.run("use pig")

    def listen(event):
        if isinstance(event, Printed) and isinstance(event.block, Table):
            found[event.block.id] = event.block

    assert session.run("mixed weight week || id: week, cov(un)", sink=listen).rc == 0
    return found


def test_latex_has_rules_groups_and_the_printed_numbers(tables):
    text = latex_table(tables["random"])
    assert text.startswith("\\begin{tabular}{lrrrr}\n\\toprule\nRandom-effects parameters & Estimate")
    assert "\\multicolumn{2}{c}{[95\\% conf. interval]}" in text
    assert "\\multicolumn{5}{l}{id: Unstructured} \\\\" in text
    assert "\\quad cov(week,\\_cons) & $-.0984" in text  # -.0984378: [ME] mixed, pig weights
    assert text.count("\\midrule") == 2  # under the head, and above the residual


def test_markdown_is_a_pipe_table_with_as_many_cells_in_each_row(tables):
    lines = markdown_table(tables["fixed"]).splitlines()
    assert lines[0].startswith("| weight | Coefficient | Std. err. | z | P>\\|z\\| |")
    counts = {line.replace("\\|", "").count("|") for line in lines}
    assert len(counts) == 1
    assert "6.209896" in lines[2]


def test_a_spreadsheet_holds_all_digits_as_numbers(tables, tmp_path):
    save_table(tables["fixed"], tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    week = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "week")
    assert week[1] == tables["fixed"].rows[0].cells[0].value


def test_a_document_has_a_table_with_the_printed_numbers(tables, tmp_path):
    save_table(tables["random"], tmp_path / "t.docx")
    with zipfile.ZipFile(tmp_path / "t.docx") as package:
        root = ElementTree.fromstring(package.read("word/document.xml"))
    rows = root.findall(f".//{WORDS}tr")
    texts = ["".join(t.text or "" for t in row.iter(f"{WORDS}t")) for row in rows]
    assert len(rows) == 1 + 2 + 3  # head, two headings or the like, parameters
    assert any(text.startswith("cov(week,_cons)−.0984") for text in texts)


def test_the_ending_decides_and_an_unknown_one_is_refused(tables, tmp_path):
    table = tables["fixed"]
    for ending, mark in (("tex", "\\toprule"), ("md", "|:---|"), ("html", "<table"), ("csv", "week")):
        save_table(table, tmp_path / f"t.{ending}", table.data)
        assert mark in (tmp_path / f"t.{ending}").read_text(encoding="utf-8")
    with pytest.raises(StataError) as refused:
        save_table(table, tmp_path / "t.pdf")
    assert refused.value.rc == 198
    with pytest.raises(StataError) as unwritable:
        save_table(table, tmp_path / "no" / "t.tex")
    assert unwritable.value.rc == 603
