"""Spreadsheets, written by openpyxl and by pandas."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from engine.data.dataset import Dataset, Variable
from engine.data.dates import EPOCH
from engine.data.foreign.sheet import SheetOptions, column_letters, read_range, read_sheet, sheet_names
from engine.data.foreign.write_sheet import SheetTarget, write_sheet
from engine.data.missing import MISSING, missing_value
from engine.errors import StataError

NAMED = SheetOptions(first_row=True)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    work = openpyxl.Workbook()
    sheet = work.active
    sheet.title = "One"
    sheet.append(["Student ID", "when", "exact", "clock", "yes", "text", "mixed", "if", "absent"])
    first = [1, dt.date(1901, 3, 1), dt.datetime(2020, 2, 29, 1, 2, 3), dt.time(10, 11, 12), True, "é", 1, 5, "NA"]
    sheet.append(first)
    sheet.append([2.5, None, None, None, False, None, "s", 6, 1.5])
    other = work.create_sheet("Two")
    other["C4"], other["D4"], other["C5"], other["D5"] = "a", "b", 1, 2
    work.create_sheet("Empty")
    work.save(path)
    return path


def day(year: int, month: int, day_: int) -> float:
    return float((dt.date(year, month, day_) - EPOCH).days)


def test_cells_keep_their_kind(book: Path) -> None:
    arrival, header = read_sheet(book, NAMED)
    data = arrival.dataset
    assert header
    assert data.names == ("StudentID", "when", "exact", "clock", "yes", "text", "mixed", "H", "absent")
    assert (data.variable("StudentID").label, data.variable("when").label) == ("Student ID", "when")
    assert data.numeric("StudentID").tolist() == [1.0, 2.5]
    assert (data.variable("when").format, data.numeric("when").tolist()) == ("%td", [day(1901, 3, 1), MISSING])
    moment = day(2020, 2, 29) * 86_400_000 + 3_723_000
    assert (data.variable("exact").format, data.numeric("exact").tolist()) == ("%tc", [moment, MISSING])
    assert data.numeric("clock")[0] == (10 * 3600 + 11 * 60 + 12) * 1000
    assert data.numeric("yes").tolist() == [1.0, 0.0]
    assert data.columns["text"].tolist() == ["é", ""]
    assert data.columns["mixed"].tolist() == ["1", "s"]
    assert data.numeric("absent").tolist() == [MISSING, 1.5]
    said = " ".join(arrival.remarks)
    assert "if is H" in said
    assert "text and numbers or dates are mixed: mixed" in said
    assert "NA read as missing: absent" in said


def test_sheet_range_and_names_may_be_chosen(book: Path) -> None:
    assert sheet_names(book) == ("One", "Two", "Empty")
    plain = read_sheet(book, SheetOptions(sheet="Two"))[0].dataset
    assert (plain.names, plain.n_obs) == (("C", "D"), 2)
    named = read_sheet(book, SheetOptions(sheet="Two", first_row=True))[0].dataset
    assert (named.names, named.numeric("b").tolist()) == (("a", "b"), [2.0])
    part = read_sheet(book, SheetOptions(cells="A2:A3"))[0].dataset
    assert (part.names, part.numeric("A").tolist()) == (("A",), [1.0, 2.5])
    text = read_sheet(book, SheetOptions(cells="A2:A3", all_text=True))[0].dataset
    assert text.columns["A"].tolist() == ["1", "2.5"]


def test_heading_is_found_when_asked_for(book: Path) -> None:
    assert read_sheet(book, SheetOptions(first_row=None))[1]
    assert not read_sheet(book, SheetOptions(first_row=None, cells="A2:B3"))[1]


@pytest.mark.parametrize(
    ("options", "rc", "words"),
    [
        (SheetOptions(sheet="Three"), 601, "there are One, Two, Empty"),
        (SheetOptions(sheet="Empty"), 2000, "no cell with content"),
        (SheetOptions(cells="B"), 198, "B2:F100"),
        (SheetOptions(cells="A0:B2"), 198, "count from 1"),
        (SheetOptions(cells="Z99:AA100"), 2000, "no cell with content"),
    ],
)
def test_wrong_sheets_and_ranges_are_refused(book: Path, options: SheetOptions, rc: int, words: str) -> None:
    with pytest.raises(StataError, match=words) as caught:
        read_sheet(book, options)
    assert caught.value.rc == rc


def test_truncated_and_foreign_files_are_refused(book: Path, tmp_path: Path) -> None:
    content = book.read_bytes()
    for cut in (0, 10, 1000, len(content) - 30):
        (tmp_path / "cut.xlsx").write_bytes(content[:cut])
        with pytest.raises(StataError) as caught:
            read_sheet(tmp_path / "cut.xlsx", NAMED)
        assert caught.value.rc == 610
    (tmp_path / "text.xlsx").write_text("a,b\n1,2\n")
    with pytest.raises(StataError, match="text file"):
        read_sheet(tmp_path / "text.xlsx", NAMED)
    with pytest.raises(StataError) as caught:
        read_sheet(tmp_path / "gone.xlsx", NAMED)
    assert caught.value.rc == 601


def test_open_document_sheets_are_read_with_dates_before_1900(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1.5, 2], "d": [dt.date(1850, 1, 1), None], "t": ["x", None]})
    frame.to_excel(tmp_path / "t.ods", index=False, engine="odf")
    data = read_sheet(tmp_path / "t.ods", NAMED)[0].dataset
    assert data.numeric("a").tolist() == [1.5, 2.0]
    assert data.numeric("d").tolist() == [day(1850, 1, 1), MISSING]
    assert data.columns["t"].tolist() == ["x", ""]


def test_letters_of_columns() -> None:
    assert [column_letters(k) for k in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert read_range("B2:AA10") == ((1, 1), (9, 26))
    assert read_range(":C3") == ((None, None), (2, 2))


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "i": [1, None],
            "f": [0.1, 2.5],
            "s": ["é", ""],
            "d": pd.to_datetime(["2020-02-29", None]),
            "t": pd.to_datetime(["2020-02-29 01:02:03.5", None], format="ISO8601"),
            "c": pd.Categorical(["lo", "hi"]),
        }
    )
    data = Dataset.from_pandas(frame)
    assert write_sheet(data, tmp_path / "o.xlsx", SheetTarget(first_row="variables")) == ()
    read = read_sheet(tmp_path / "o.xlsx", NAMED)[0].dataset
    for name in ("i", "f", "d", "t"):
        assert read.numeric(name).tolist() == data.numeric(name).tolist()
        assert read.variable(name).format == data.variable(name).format
    assert read.columns["s"].tolist() == ["é", ""]
    assert read.columns["c"].tolist() == ["lo", "hi"]
    assert pd.read_excel(tmp_path / "o.xlsx")["f"].tolist() == [0.1, 2.5]


def test_extended_missing_values_are_words_in_a_sheet(tmp_path: Path) -> None:
    values = np.array([1.5, missing_value("a"), MISSING, missing_value("z")])
    data = Dataset().with_variable(Variable("x", "double", "%10.0g"), values)
    write_sheet(data, tmp_path / "o.xlsx", SheetTarget())
    assert read_sheet(tmp_path / "o.xlsx", SheetOptions())[0].dataset.numeric("A").tolist() == values.tolist()


def test_dates_that_excel_does_not_have_become_text(tmp_path: Path) -> None:
    data = Dataset.from_pandas(pd.DataFrame({"d": pd.to_datetime(["1850-03-01", "2020-01-02"])}))
    remarks = write_sheet(data, tmp_path / "o.xlsx", SheetTarget())
    assert "before March 1900" in remarks[0]
    assert openpyxl.load_workbook(tmp_path / "o.xlsx").active["A1"].value == "01mar1850"


def test_more_than_a_sheet_holds_is_refused(tmp_path: Path) -> None:
    data = Dataset.from_pandas(pd.DataFrame({"x": [1]}))
    names = [f"x{k}" for k in range(16_385)]
    wide = replace(
        data,
        variables=tuple(replace(data.variables[0], name=name) for name in names),
        columns=dict.fromkeys(names, data.columns["x"]),
    )
    with pytest.raises(StataError, match="16,384 columns"):
        write_sheet(wide, tmp_path / "o.xlsx", SheetTarget())
    assert not (tmp_path / "o.xlsx").exists()
