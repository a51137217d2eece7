"""Tables as delimited text."""

from __future__ import annotations

import csv
import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.missing import MISSING
from engine.errors import StataError
from engine.render.delimited import render_csv, render_tsv, save_csv
from engine.results.stored import DataRow, DataTable
from engine.tables.document import Cell, Column, Row, RowKind, Table, TextLayout

COLUMNS = (Column("estimate", "Estimate", 20), Column("se", "Std. err.", 30))
DATA = DataTable(
    "fixed",
    ("estimate", "se"),
    (DataRow("weight", "week", (6.20989583333333, 0.1)), DataRow("weight", "1.g", (0.0, math.nan), "omitted")),
)


def read(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def test_tsv_shows_what_the_table_shows_without_separators_and_rules():
    rows = (
        Row("c.ses#\nc.m", (Cell("-.5", -0.5), Cell(".1", 0.1)), full="c.ses#c.m"),
        Row(kind=RowKind.BLANK),
        Row("g", kind=RowKind.GROUP),
        Row("2", (Cell("0", 0.0),), note="(omitted)", pad=1),
        Row(kind=RowKind.RULE),
        Row("n", (Cell("7,185", 7185),)),
    )
    table = Table("t", "y", COLUMNS, rows, TextLayout(width=30, stub=8))
    assert render_tsv(table).splitlines() == [
        "y\tEstimate\tStd. err.",
        "c.ses#c.m\t-.5\t.1",
        "g\t\t",
        "2\t0\t(omitted)",
        "n\t7185\t",
    ]


def test_limits_of_an_interval_share_a_heading_and_no_internal_name_shows():
    columns = (Column("ll", "[95% conf. interval]", 20), Column("ul", "", 30))
    table = Table("t", "y", columns, (Row("x", (Cell("1", 1.0), Cell("2", 2.0))),), TextLayout(width=30, stub=8))
    assert render_tsv(table).splitlines() == ["y\t[95% conf. interval]\t", "x\t1\t2"]


def test_tabs_and_line_breaks_in_labels_cannot_break_the_grid():
    table = Table("t", "y", COLUMNS, (Row("a\tb\nc"),), TextLayout(width=30, stub=8))
    assert render_tsv(table).splitlines()[1] == "a b c\t\t"


def test_csv_has_every_digit_and_empty_missing_values():
    assert render_csv(DATA) == (
        "eq,name,estimate,se,status\r\nweight,week,6.20989583333333,0.1,\r\nweight,1.g,0,,omitted\r\n"
    )


@given(st.floats(allow_nan=False, allow_infinity=False, max_value=8e307, min_value=-8e307))
def test_numbers_read_back_as_the_same_doubles(value):
    text = render_csv(DataTable("t", ("x",), (DataRow("", "", (value,)),)))
    assert float(read(text)[1][2]) == value


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, MISSING, MISSING * (1 + 1 / 4096)])
def test_whatever_is_not_a_number_is_empty(value):
    assert read(render_csv(DataTable("t", ("x",), (DataRow("", "", (value,)),))))[1][2] == ""


@given(st.text(), st.text())
def test_text_survives_quoting(eq, name):
    text = render_csv(DataTable("t", (), (DataRow(eq, name, ()),)))
    assert read(text)[1][:2] == [eq, name]


def test_a_file_is_utf8_with_a_byte_order_mark_on_request(tmp_path):
    table = DataTable("t", ("x",), (DataRow("größe", "β", (1.5,)),))
    save_csv(table, tmp_path / "plain.csv")
    save_csv(table, tmp_path / "bom.csv", bom=True)
    plain = (tmp_path / "plain.csv").read_bytes()
    assert plain.decode("utf-8") == "eq,name,x,status\r\ngröße,β,1.5,\r\n"
    assert (tmp_path / "bom.csv").read_bytes() == b"\xef\xbb\xbf" + plain


def test_a_file_that_cannot_be_written_is_reported(tmp_path):
    with pytest.raises(StataError, match="could not be written") as caught:
        save_csv(DATA, tmp_path / "missing" / "x.csv")
    assert caught.value.rc == 603
