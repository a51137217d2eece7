"""The coefficient table: blocks, separators, stub width, options."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from oracle_results import column

from engine.frame.columns import ColumnState
from engine.render.text import render_block
from engine.spec.mixed import DisplayOptions
from engine.tables.estimation import Coefficient, TableStyle, coefficient_table

BASE, OMITTED, EMPTY = ColumnState.BASE, ColumnState.OMITTED, ColumnState.EMPTY
SECTOR = {0.0: "Public", 1.0: "Catholic"}


def coefficient(name, state=ColumnState.ESTIMATED):
    if state is not ColumnState.ESTIMATED:
        return Coefficient(column(name, state), 0.0, *(math.nan,) * 5)
    return Coefficient(column(name), 1.0, 0.5, 2.0, 0.04554, 0.020018, 1.979982)


def lines(*names, labels=None, depvar="y", linesize=80, statistic="z", level=95.0, **options):
    """Render a table of coefficients; a name may be a pair with its state."""
    rows = [coefficient(*name) if isinstance(name, tuple) else coefficient(name) for name in names]
    style = TableStyle(
        display=DisplayOptions(**options), level=level, labels=labels or {}, linesize=linesize, statistic=statistic
    )
    return render_block(coefficient_table(depvar, rows, style), linesize)


def stubs(*names, **options):
    """Return the label column of the body, bar included, without blanks at the left."""
    body = lines(*names, **options)[3:-1]
    return [line[: line.index("|") + 1].strip() for line in body]


def test_columns_stand_where_printed_logs_have_them():
    head, row = lines("week")[1], lines("week")[3]
    assert head == "           y | Coefficient  Std. err.      z    P>|z|     [95% conf. interval]"
    ends = {"coef": 25, "se": 36, "z": 45, "p": 53, "ll": 66, "ul": 78}
    assert row == "        week |          1         .5     2.00   0.046      .020018    1.979982"
    assert len(row) == ends["ul"]
    for end in ends.values():
        assert row[end - 1] != " "


def test_rules_are_as_wide_as_the_table_and_cross_the_bar():
    top, _, rule, _, bottom = lines("week")
    assert top == bottom == "-" * 78
    assert rule == "-" * 13 + "+" + "-" * 64


def test_a_factor_without_labels_and_with_one_level_is_one_line():
    assert stubs(("1b.sector", BASE), "2.sector", "_cons") == ["2.sector |", "_cons |"]


def test_a_factor_with_two_levels_is_a_block_between_blank_rows():
    assert stubs("x", ("1b.g", BASE), "2.g", "3.g", "_cons") == ["x |", "|", "g |", "2  |", "3  |", "|", "_cons |"]


def test_a_labelled_factor_with_one_level_is_a_block_without_a_blank_row_after_it():
    shown = stubs("x", ("0b.sector", BASE), "1.sector", "_cons", labels={"sector": SECTOR})
    assert shown == ["x |", "|", "sector |", "Catholic  |", "_cons |"]


def test_nofvlabel_shows_numbers():
    shown = stubs("x", ("0b.sector", BASE), "1.sector", "_cons", labels={"sector": SECTOR}, nofvlabel=True)
    assert shown == ["x |", "1.sector |", "_cons |"]


def test_a_level_without_a_label_shows_its_number():
    assert stubs("0.g", "7.g", labels={"g": {0.0: "none"}})[1:] == ["none  |", "7  |"]


def test_line_breaks_in_a_value_label_do_not_break_the_row():
    assert stubs("1.g", "2.g", labels={"g": {1.0: "two\nlines", 2.0: "a\tb"}})[1:] == ["two lines  |", "a b  |"]


def test_an_interaction_with_a_factor_is_always_a_block():
    shown = stubs(("0b.sector#c.ses", BASE), "1.sector#c.ses", "_cons")
    assert shown == ["sector#c.ses |", "1  |", "|", "_cons |"]


def test_a_continuous_interaction_is_one_row_between_blank_rows():
    assert stubs("age", "c.age#c.age", "_cons") == ["age |", "|", "c.age#c.age |", "|", "_cons |"]


def test_blank_rows_merge_and_none_opens_or_closes_the_table():
    shown = stubs("0.g", "1.g", "0.g#c.x", "1.g#c.x", "c.x#c.x")
    assert shown == ["g |", "0  |", "1  |", "|", "g#c.x |", "0  |", "1  |", "|", "c.x#c.x |"]


def test_vsquish_removes_the_blank_rows():
    assert stubs("x", "2.g", "3.g", "_cons", vsquish=True) == ["x |", "g |", "2  |", "3  |", "_cons |"]


def test_levels_of_several_factors_stand_side_by_side_aligned():
    shown = lines("2.program#4.day", "2.program#12.day")[4:-1]
    assert [line[: line.index("|") + 1] for line in shown] == ["       2  4  |", "       2 12  |"]


def test_levels_of_labelled_factors_are_joined_with_a_hash():
    assert stubs("1.sector#2.g", labels={"sector": SECTOR}) == ["sector#g |", "Catholic#2  |"]


def test_omitted_base_and_empty_rows_show_a_zero_and_the_reason():
    text = lines(("ses", OMITTED), ("1b.g", BASE), "2.g", ("1.a#2.b", EMPTY), baselevels=True)
    assert "         ses |          0  (omitted)" in text
    assert "          1  |          0  (base)" in text
    assert "        1 2  |          0  (empty)" in text


def test_base_levels_are_hidden_unless_asked_for():
    names = (("1b.g", BASE), "2.g", ("1b.g#c.x", BASE), "2.g#c.x", "x")
    assert stubs(*names).count("1  |") == 0
    assert stubs(*names, baselevels=True).count("1  |") == 1
    assert stubs(*names, allbaselevels=True).count("1  |") == 2


def test_baselevels_shows_the_base_of_an_interaction_that_has_no_main_effect():
    assert stubs(("1b.g#c.x", BASE), "2.g#c.x", baselevels=True) == ["g#c.x |", "1  |", "2  |"]


def test_noomitted_and_noemptycells_hide_rows():
    names = (("ses", OMITTED), "x", ("1.a#2.b", EMPTY), "2.a#2.b")
    assert "ses |" not in stubs(*names, noomitted=True)
    assert "1 2  |" not in stubs(*names, noemptycells=True)
    assert {"ses |", "1 2  |"} <= set(stubs(*names))


def test_a_term_without_shown_rows_leaves_no_header():
    assert stubs("x", ("1.g", OMITTED), ("2.g", OMITTED), noomitted=True) == ["x |"]


def test_nopvalues_leaves_62_columns():
    text = lines("week", nopvalues=True)
    assert text[1] == "           y | Coefficient  Std. err.     [95% conf. interval]"
    assert text[3] == "        week |          1         .5       .020018    1.979982"
    assert {len(line) for line in text} == {62}


def test_noci_ends_after_the_p_value():
    text = lines("week", noci=True)
    assert text[1] == "           y | Coefficient  Std. err.      z    P>|z|"
    assert text[3] == "        week |          1         .5     2.00   0.046"


def test_noci_and_nopvalues_leave_coefficient_and_standard_error():
    assert lines("week", noci=True, nopvalues=True)[3] == "        week |          1         .5"


def test_t_statistics_are_named_in_the_heading():
    assert "     t    P>|t|" in lines("week", statistic="t")[1]


@pytest.mark.parametrize(
    ("level", "heading"), [(90.0, "[90% conf. interval]"), (99.9, "[99.9% conf. interval]"), (99.99, "[99.99% conf. ")]
)
def test_the_heading_names_the_level_and_ends_in_column_78(level, heading):
    head = lines("week", level=level)[1]
    assert heading in head
    assert len(head) == 78


def test_formats_of_the_display_options_are_used():
    row = lines("week", cformat="%6.2f", pformat="%4.2f", sformat="%5.1f")[3]
    assert row == "        week |       1.00       0.50      2.0    0.05         0.02        1.98"


def test_the_stub_grows_to_what_the_line_allows():
    assert lines("c.agea#c.ageb")[3].index("|") == 14
    assert len(lines("fourteen_chars")[3]) == 80
    assert len(lines("fourteen_chars", linesize=100)[0]) == 80


def test_level_texts_ask_for_one_column_more_than_names():
    assert lines("1.g", "2.g", labels={"g": {1.0: "twelve chars", 2.0: "b"}})[0] == "-" * 79


def test_nolstretch_pins_the_stub_at_12():
    text = lines("fourteen_chars", nolstretch=True)
    assert text[3].startswith("fourteen_c~s |")
    assert len(text[0]) == 78


def test_a_broken_interaction_reaches_the_bar_with_its_first_lines():
    assert lines("c.ses#c.meanses", linesize=78)[3:5] == [
        "       c.ses#|",
        "   c.meanses |          1         .5     2.00   0.046      .020018    1.979982",
    ]


def test_broken_level_texts_reach_one_column_further_too():
    labels = {"female": {1.0: "Female"}, "sector": SECTOR}
    text = lines("1.female#1.sector", labels=labels)
    assert text[3:5] == ["female#sector |", "      Female# |"]
    assert text[5].startswith("    Catholic  |          1 ")


@pytest.mark.parametrize("linesize", [78, 79, 80, 90, 120])
def test_no_line_is_longer_than_the_line_size(linesize):
    long = "v" * 32
    labels = {"g": {1.0: "ein sehr langes Wertelabel mit Umlauten: äöü", 2.0: "漢字" * 20, 3.0: "x"}}
    names = [long, f"c.{long}#c.{long}", "1.g", "2.g", "3.g", f"1.g#c.{long}", f"2.g#c.{long}", "1.g#2.h", "_cons"]
    text = lines(*names, labels=labels, depvar="d" * 32, linesize=linesize)
    assert max(map(len, text)) <= linesize
    bars = {line.index("|") for line in text if "|" in line}
    assert len(bars) == 1


def test_shortened_labels_are_kept_in_full_beside():
    style = TableStyle(labels={}, linesize=78)
    table = coefficient_table("y", [coefficient("c.ses#c.meanses"), coefficient("x" * 32)], style)
    rows = [row for row in table.rows if row.name]
    assert [row.caption for row in rows] == ["c.ses#c.meanses", "x" * 32]
    assert rows[1].label == "xxxxxxxxxx~x"


def test_missing_standard_errors_print_dots_in_every_column():
    table = coefficient_table(
        "y",
        [replace(coefficient("x"), se=math.nan, statistic=math.nan, p=math.nan, ll=math.nan, ul=math.nan)],
        TableStyle(labels={}),
    )
    assert render_block(table)[3] == "           x |          1          .        .       .            .           ."
