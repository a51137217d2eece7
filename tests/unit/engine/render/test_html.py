"""Documents as HTML."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from oracle_results import oracle_result

from engine.render.html import render_block_html, render_html
from engine.spec.mixed import CovarianceKind, DisplayOptions, Metric
from engine.tables.document import Cell, Column, Document, Header, Lines, Role, Row, RowKind, Table, TextLayout
from engine.tables.mixed import mixed_blocks

VOID = {"br", "hr"}


class Reader(HTMLParser):
    """Reads tables back, and fails on tags that are not closed in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.rows, self.cell = [], [], None
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.cell = ""
            self.span = int(dict(attrs).get("colspan", 1))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag in {"td", "th"}:
            self.rows[-1].append((self.cell, self.span))
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data


NAMES = ("ses", "meanses", "c.ses#c.meanses", "o:ses", "0b.sector", "1.sector", "1.sector#c.ses", "1.female")
NAMES += ("o:meanses", "1.female#c.meanses", "1.female#1.sector", "_cons")


@pytest.fixture
def document(oracle):
    result = oracle_result(
        oracle("hsb_base_ml"), depvar="mathach", structures=(CovarianceKind.UNSTRUCTURED,), names=NAMES
    )
    labels = {"sector": {0.0: "Public", 1.0: "Catholic & <private>"}}
    return Document(mixed_blocks(result, DisplayOptions(), level=95.0, metric=Metric.VARIANCE, labels=labels))


@pytest.fixture
def tables(document):
    return [block for block in document.blocks if isinstance(block, Table)]


def test_the_fragment_is_well_formed_and_sets_no_text_colour(document):
    text = render_html(document)
    Reader(text)
    assert "color:" not in text.replace("1px solid #808080", "")
    assert "<script" not in text


def test_every_row_covers_all_columns(tables):
    for table in tables:
        rows = Reader(render_block_html(table)).rows
        assert {sum(span for _, span in row) for row in rows} == {len(table.columns) + 1}


def test_cells_show_the_digits_of_the_text_form(tables):
    rows = Reader(render_block_html(tables[0])).rows
    assert [text for text, _ in rows[1]] == [
        "ses",
        *("2.856888", ".1473012", "19.39", "0.000", "2.568183", "3.145593"),
    ]


def test_the_limits_share_one_heading(tables):
    assert Reader(render_block_html(tables[0])).rows[0][-1] == ("[95% conf. interval]", 2)


def test_reasons_stand_in_place_of_numbers(tables):
    rows = Reader(render_block_html(tables[0])).rows
    assert [("ses", 1), ("0", 1), ("(omitted)", 5)] in rows


def test_names_broken_in_text_are_whole(tables):
    labels = [row[0][0] for row in Reader(render_block_html(tables[0])).rows]
    assert "c.ses#c.meanses" in labels


def test_value_labels_are_escaped(tables):
    text = render_block_html(tables[0])
    assert "Catholic &amp; &lt;private&gt;" in text
    assert {row[0][0] for row in Reader(text).rows if "Cath" in row[0][0]} == {
        "Catholic & <private>",
        "1#Catholic & <private>",
    }


def test_levels_are_indented_below_their_factor_and_the_next_term_is_not():
    rows = (Row("g", kind=RowKind.GROUP), Row("1", (Cell("5", 5.0),), pad=1), Row("x", (Cell("6", 6.0),)))
    text = render_block_html(Table("t", "y", (Column("a", "A", 20),), rows, TextLayout(width=20, stub=8)))
    one, x = (line for line in text.splitlines() if "<td" in line)
    assert "padding:1px 8px 1px 20px" in one
    assert "padding:1px 8px 1px 20px" not in x


def test_sections_are_set_apart_by_rules(tables):
    lines = render_block_html(tables[1]).splitlines()
    residual = next(line for line in lines if "var(Residual)" in line)
    assert "border-top" in residual
    assert "padding:1px 8px 1px 20px" not in residual


def test_the_sign_of_negative_numbers_can_be_typographic(tables):
    assert "-1.554133" in render_block_html(tables[0])
    assert "\u22121.554133" in render_block_html(tables[0], minus="\u2212")
    assert "Random-effects parameters" in render_block_html(tables[1], minus="\u2212")


def test_roles_become_classes_and_blank_lines_vanish():
    assert render_block_html(Lines(("",))) == ""
    assert render_block_html(Lines(("", "a < b"), Role.NOTE)).endswith('style="margin:0.3em 0">a &lt; b</p>')
    assert 'class="error"' in render_block_html(Lines(("no", "r(1);"), Role.ERROR))
    assert "<pre" in render_block_html(Lines(("  aligned   text",)))


def test_a_header_without_figures_has_no_table():
    assert "<table" not in render_block_html(Header(("Title",), ()))
