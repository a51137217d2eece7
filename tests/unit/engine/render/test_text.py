"""Documents as plain text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.render.text import render_block, render_text
from engine.tables.document import (
    Cell,
    Column,
    Document,
    Figure,
    Header,
    Lines,
    Role,
    Row,
    RowKind,
    Table,
    TextLayout,
)


def table(*rows, **layout):
    places = {"width": 30, "stub": 8, "head": ("         |    Value     Other",)} | layout
    return Table("t", "name", (Column("a", "Value", 18), Column("b", "Other", 28)), rows, TextLayout(**places))


def body(*rows, **layout):
    return render_block(table(*rows, **layout))[3:-1]


def test_a_document_is_its_blocks_one_after_the_other_each_line_ended():
    document = Document((Lines(("one", "")), Lines(("two",))))
    assert render_text(document) == "one\n\ntwo\n"
    assert render_text(Document()) == ""


def test_values_end_in_their_columns():
    assert body(Row("x", (Cell("1.5"), Cell("22")))) == ["       x |     1.5        22"]


def test_a_note_stands_two_blanks_after_the_last_cell():
    (line,) = body(Row("x", (Cell("0"),), note="(omitted)"))
    assert line == "       x |       0  (omitted)"


def test_padding_moves_the_label_away_from_the_bar():
    assert body(Row("x", pad=1)) == ["      x  |"]


def test_a_left_label_starts_the_line():
    assert body(Row("id: Identity", left=True), stub=14) == ["id: Identity   |"]


def test_a_label_on_two_lines_reaches_the_bar_first():
    assert body(Row("c.ses#\nx", (Cell("1"),))) == ["   c.ses#|", "       x |       1"]
    assert body(Row("ab#\nx", pad=1)) == ["     ab# |", "      x  |"]


def test_blank_and_rule_rows_keep_the_bar():
    assert body(Row(kind=RowKind.BLANK), Row(kind=RowKind.RULE)) == ["         |", "---------+--------------------"]


def test_a_table_without_bar_rules_or_head_is_only_its_rows():
    shown = table(Row("x", (Cell("1"),)), head=(), bar=False, top=False, bottom=False)
    assert render_block(shown) == ["       x         1"]


def test_an_indented_table_is_shifted_as_a_whole():
    plain = render_block(table(Row("x")))
    assert render_block(table(Row("x"), indent=4)) == ["    " + line for line in plain]


def test_a_value_too_wide_for_its_column_keeps_a_blank_before_it():
    (line,) = body(Row("x", (Cell("1234567890"), Cell("2"))))
    assert " 1234567890" in line


def test_left_columns_start_where_the_one_before_ends():
    columns = (Column("name", "Name", 20, left=True), Column("n", "N", 26))
    shown = Table("t", "", columns, (Row("x", (Cell("ab"), Cell("7"))),), TextLayout(width=26, stub=8))
    assert render_block(shown)[1] == "       x |ab             7"


def test_a_header_ends_in_column_78_and_aligns_its_signs():
    header = Header(
        ("Title", "", "Criterion = 1"),
        (Figure("Number of obs", "1,000"), Figure("Obs per group:"), Figure("min", "2", inner=True)),
    )
    assert render_block(header) == [
        "Title" + " " * 49 + "Number of obs    = 1,000",
        " " * 54 + "Obs per group:",
        "Criterion = 1" + " " * 54 + "min =     2",
    ]


def test_a_header_without_figures_is_its_left_half():
    assert render_block(Header(("Title",), (None,))) == ["Title"]


def test_a_long_left_half_pushes_the_figures_right():
    (line,) = render_block(Header(("x" * 70,), (Figure("N", "1"),)))
    assert line == "x" * 70 + " N                = 1"


def test_notes_wrap_two_columns_before_the_line_ends_and_hang():
    lines = render_block(Lines(("Note: " + "word " * 30,), Role.NOTE), 60)
    assert max(map(len, lines)) <= 58
    assert all(line.startswith("      word") for line in lines[1:])


def test_warnings_hang_under_their_text():
    lines = render_block(Lines(("Warning: " + "word " * 30,), Role.WARNING))
    assert all(line.startswith("         word") for line in lines[1:])


def test_short_notes_and_blank_lines_stay():
    assert render_block(Lines(("", "note: ses omitted because of collinearity."), Role.NOTE)) == [
        "",
        "note: ses omitted because of collinearity.",
    ]


def test_logs_and_plain_lines_are_never_wrapped_or_stripped():
    line = "Performing gradient-based optimization: " + "x" * 60 + "  "
    assert render_block(Lines((line,), Role.LOG), 40) == [line]
    assert render_block(Lines((line,)), 40) == [line]


def test_errors_end_with_their_code():
    lines = render_block(Lines(("variable weigth not found; did you mean weight?", "r(111);"), Role.ERROR))
    assert lines == ["variable weigth not found; did you mean weight?", "r(111);"]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=40), st.integers(0, 2))
def test_every_bar_of_a_table_stands_in_the_same_column(label, pad):
    lines = body(Row(label.replace("|", "")[:6], (Cell("1"),), pad=pad), Row(kind=RowKind.BLANK))
    assert {line.index("|") for line in lines} == {9}
