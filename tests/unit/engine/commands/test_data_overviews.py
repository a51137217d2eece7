"""``duplicates``, ``inspect``, ``codebook`` and ``table``."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session


@pytest.fixture
def session():
    frame = pd.DataFrame({
        "g": [1, 1, 2, 2, 2, 3],
        "h": [0, 0, 1, 0, 1, 1],
        "x": [1.5, 1.5, -2.0, 0.0, 4.0, np.nan],
        "s": ["a b", "a b", "c", "", "d", "e"],
    })  # fmt: skip
    session = Session(data=frame)
    session.run('label define yn 0 "no" 1 "yes"\nlabel values h yn\nlabel variable x "Some number"')
    return session


def test_duplicates_report_counts_copies_and_surplus(session):
    outcome = session.run("duplicates report g")
    assert {row.name: row.values for row in outcome.tables["duplicates"].rows} == {
        "1": (1, 0), "2": (2, 1), "3": (3, 2),
    }  # fmt: skip
    assert "        3 |            3             2" in outcome.text
    assert outcome.r.scalars["unique_value"] == 3
    assert session.run("duplicates report").tables["duplicates"].rows[1].values == (2, 1)


def test_duplicates_are_tagged_listed_and_dropped(session):
    session.run("duplicates tag g, generate(k)")
    assert session.data.to_pandas()["k"].tolist() == [1, 1, 2, 2, 2, 0]
    assert "|     1     2 " in session.run("duplicates list g h x s").text
    assert session.run("duplicates drop g").rc == 198
    outcome = session.run("duplicates drop g, force")
    assert "(3 observations deleted)" in outcome.text
    assert session.data.to_pandas()["g"].tolist() == [1, 2, 3]
    assert session.run("duplicates frobnicate").rc == 198
    assert session.run("duplicates tag g").rc == 198


def test_inspect_counts_kinds_of_values(session):
    outcome = session.run("inspect x")
    row = outcome.tables["inspect"].rows[0]
    assert row.values == (1, 1, 3, 5, 1, 4)
    assert "Missing                     1" in outcome.text
    assert outcome.r.scalars["N_neg"] == 1
    assert session.run("inspect s").rc == 109


def test_codebook_shows_range_units_values_and_percentiles(session):
    text = session.run("codebook").text
    assert "Range: [-2,4]                          Units: .1" in text
    assert "Missing .: 1/6" in text
    assert '2  "a b"' in text
    assert "Variable has embedded blanks." in text
    assert "3         0  no" in text
    session.run("clear\nset obs 100\ngenerate x = _n")
    text = session.run("codebook x").text
    assert "Mean:     50.5" in text
    assert "10.5      25.5      50.5      75.5      90.5" in text


def test_codebook_compact_is_a_table(session):
    outcome = session.run("codebook, compact")
    rows = {row.name: row.values for row in outcome.tables["codebook"].rows}
    assert rows["x"][:3] == (5, 4, 1.0)
    assert "Some number" in outcome.text


def test_table_of_frequencies_in_rows_and_columns(session):
    outcome = session.run("table g h")
    table = outcome.tables["table"]
    assert table.columns == ("0", "1", "Total")
    rows = {row.name: row.values for row in table.rows}
    assert rows["2"] == (1, 2, 3)
    assert rows["Total"] == (3, 3, 6)
    assert np.isnan(rows["1"][1])  # no observation: an empty cell, as in Stata
    assert outcome.text.split("\n")[2:6] == [
        "             |         h",
        "             |  no   yes   Total",
        "-------------+------------------",
        "g            |",
    ]


def test_table_of_statistics_agrees_with_groups_by_hand(session):
    outcome = session.run("table g, statistic(mean x) statistic(sd x) statistic(count x) nototals")
    rows = {row.name: row.values for row in outcome.tables["table"].rows}
    assert outcome.tables["table"].columns == ("mean(x)", "sd(x)", "count(x)")
    np.testing.assert_allclose(rows["2"], [2 / 3, np.std([-2, 0, 4], ddof=1), 3])
    assert "Total" not in rows
    older = session.run("table g, contents(mean x sd x n x)")
    assert {row.name: row.values[:1] for row in older.tables["table"].rows} == {k: v[:1] for k, v in rows.items()}


def test_table_nests_variables_in_brackets_and_weights_them(session):
    outcome = session.run("table (h g) () [fw=g]")
    rows = {row.name: row.values[0] for row in outcome.tables["table"].rows}
    assert rows["0#1"] == 2
    assert rows["Total#Total"] == 11
    assert "1#1" not in rows


@pytest.mark.parametrize(
    ("command", "rc"),
    [
        ("table g h x", 103),
        ("table (g) (g)", 198),
        ("table g, statistic(mean)", 100),
        ("table g, statistic(mean s)", 109),
        ("table g, statistic(mode x)", 198),
        ("table g, contents(mean)", 198),
        ("table g, nformat(9.2f)", 120),
        ("table nothing", 111),
    ],
)
def test_tables_that_cannot_be_are_refused(session, command, rc):
    assert session.run(command).rc == rc
