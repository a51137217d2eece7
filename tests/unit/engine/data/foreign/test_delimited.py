"""Text files as other programs write them: each is read right, or refused with the reason and the line."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.data.dates import EPOCH
from engine.data.dta import read_dta
from engine.data.foreign.arriving import Arrival
from engine.data.foreign.cells import CellRules
from engine.data.foreign.date_text import DateOrder
from engine.data.foreign.delimited import DelimitedOptions, Found, delimited_from_bytes, read_delimited
from engine.data.foreign.split import Separator
from engine.data.missing import MISSING, missing_value
from engine.data.names import Case
from engine.errors import StataError


def read(content: bytes | str, **options: Any) -> tuple[Arrival, Found]:
    content = content.encode() if isinstance(content, str) else content
    return delimited_from_bytes(content, DelimitedOptions(**options), "t.csv")


def columns(content: bytes | str, **options: Any) -> dict[str, list[Any]]:
    data = read(content, **options)[0].dataset
    return {
        v.name: data.columns[v.name].tolist() if v.is_string else data.numeric(v.name).tolist() for v in data.variables
    }


def refused(content: bytes | str, **options: Any) -> StataError:
    with pytest.raises(StataError) as caught:
        read(content, **options)
    return caught.value


def day(year: int, month: int, day_: int) -> float:
    return float((date(year, month, day_) - EPOCH).days)


def test_numbers_take_the_smallest_type_that_holds_them_exactly() -> None:
    data = read("a,b,c,d,e\n1,1000,100000,0.5,0.1\n2,2,2,1,2\n")[0].dataset
    assert [v.storage for v in data.variables] == ["byte", "int", "long", "float", "double"]
    assert data.numeric("e").tolist() == [0.1, 2.0]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_kind_of_line_end_will_do(end: str) -> None:
    assert columns(end.join(["a,b", "1,2", "3,4"])) == {"a": [1, 3], "b": [2, 4]}


def test_kinds_of_line_ends_may_be_mixed_and_empty_lines_are_left_out() -> None:
    assert columns(b"a,b\r\n1,2\n\n3,4\r5,6\r\n\r\n") == {"a": [1, 3, 5], "b": [2, 4, 6]}


def test_quoted_cells_hold_separators_quotes_and_line_ends() -> None:
    text = 'a,b\n"x, y","he said ""no"""\n"two\nlines",5" pipe\n'
    assert columns(text) == {"a": ["x, y", "two\nlines"], "b": ['he said "no"', '5" pipe']}


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_separator_is_found(sign: str) -> None:
    arrival, found = read(f"a{sign}b{sign}c\n1{sign}2{sign}x y\n3{sign}4{sign}z\n")
    assert found.separator == Separator(sign)
    assert arrival.dataset.names == ("a", "b", "c")


def test_blanks_separate_only_outside_csv_files() -> None:
    content = b"a  b\n1  2\n 3 4\n"
    assert delimited_from_bytes(content, DelimitedOptions(), "t.txt")[0].dataset.names == ("a", "b")
    assert len(delimited_from_bytes(content, DelimitedOptions(), "t.csv")[0].dataset.names) == 1


@pytest.mark.parametrize(
    ("separator", "text"),
    [
        (Separator("::", as_string=True), "a::b\n1::2\n"),
        (Separator(",;"), "a,b\n1;2\n"),
        (Separator(" ", collapse=True), "a   b\n1  2\n"),
        (Separator("§"), "a§b\n1§2\n"),
    ],
)
def test_separators_of_every_kind(separator: Separator, text: str) -> None:
    assert columns(text, separator=separator) == {"a": [1.0], "b": [2.0]}


def test_separators_of_several_signs_leave_quoted_cells_alone() -> None:
    assert columns('a::b\n"x::y"::2\n', separator=Separator("::", as_string=True)) == {"a": ["x::y"], "b": [2.0]}


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("ä,b\nß,1\n".encode(), "UTF-8"),
        ("ä,b\nß,1\n".encode("utf-8-sig"), "UTF-8"),
        ("ä,b\nß,1\n".encode("latin-1"), "windows-1252"),
        ("ä,b\nß,1\n".encode("utf-16"), "UTF-16"),
        ("ä,b\nß,1\n".encode("utf-16-be"), ""),
    ],
)
def test_encoding_is_found(content: bytes, encoding: str) -> None:
    if not encoding:
        assert "zero bytes" in refused(content).message
        assert columns(content, encoding="utf-16-be") == {"ä": ["ß"], "b": [1.0]}
        return
    arrival, found = read(content)
    assert found.encoding == encoding
    assert arrival.dataset.names == ("ä", "b")
    assert arrival.dataset.columns["ä"].tolist() == ["ß"]


def test_bytes_that_the_encoding_does_not_have_are_refused_with_their_line() -> None:
    error = refused(b"a,b\n1,2\n\xff,2\n", encoding="utf-8")
    assert (error.rc, error.message) == (610, "file t.csv, line 3: bytes that are not utf-8 text")
    assert refused(b"a\n", encoding="klingon").rc == 198


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a,b\n1,2\n3\n", "line 3: 1 cell where line 1 has 2"),
        (b"a,b\n1,2\n\n3,4,5\n", "line 4: 3 cells where line 1 has 2"),
        (b'a,b\n"x\ny",2\n3\n', "line 4: 1 cell where line 1 has 2"),
        (b'a,b\n1,2\n"3,4\n5,6\n', "line 3: a quote is opened and not closed until the end"),
        (b"a b\n1,2,3\n", "line 2"),
        (b"x,y\n1,1,2\n2,3,4\n", "a heading for the row names seems to be missing"),
    ],
)
def test_uneven_rows_are_refused_with_their_line(content: bytes, message: str) -> None:
    error = refused(content, separator=Separator(","))
    assert error.rc == 610
    assert message in error.message


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_file_without_any_line_of_data_is_refused(content: bytes) -> None:
    assert refused(content).rc == 2000


def test_other_kinds_of_files_are_called_by_name() -> None:
    assert "zip or Excel" in refused(b"PK\x03\x04" + bytes(50)).message
    assert "SPSS" in refused(b"$FL2@(#) SPSS DATA FILE").message
    assert "zero bytes" in refused(b"ab\0cd").message


def test_heading_without_rows_gives_no_observations() -> None:
    data = read("a,b\n")[0].dataset
    assert (data.names, data.n_obs) == (("a", "b"), 0)


def test_first_line_of_numbers_is_data() -> None:
    assert columns("1,2\n3,4\n") == {"v1": [1, 3], "v2": [2, 4]}


def test_words_above_numbers_are_names_though_years_are_among_them() -> None:
    data = read("country,1990,1991\nA,1,2\nB,3,4\n")[0].dataset
    assert data.names == ("country", "v2", "v3")
    assert data.variables[1].label == "1990"


def test_names_become_legal_distinct_and_are_said() -> None:
    arrival, _ = read("Student ID,if,score,Score,,a-b,_n\n1,2,3,4,5,6,7\n")
    assert arrival.dataset.names == ("studentid", "v2", "score", "v4", "v5", "ab", "v7")
    labels = [variable.label for variable in arrival.dataset.variables]
    assert labels == ["Student ID", "if", "", "Score", "", "a-b", "_n"]
    assert "if is v2" in arrival.remarks[0]
    assert "Score is v4" in arrival.remarks[0]
    assert read("V2,if\n1,2\n")[0].dataset.names == ("v2", "v2_2")


def test_case_of_names_is_as_wanted() -> None:
    assert read("Ab,aB\n1,2\n", case=Case.PRESERVE)[0].dataset.names == ("Ab", "aB")
    assert read("Ab,c\n1,2\n", case=Case.UPPER)[0].dataset.names == ("AB", "C")


def test_names_may_be_given() -> None:
    assert columns("a,b,c\n1,2,3\n", names=("x", "c")) == {"x": [1], "c": [2], "v3": [3]}
    assert refused("a\n1\n", names=("x", "y")).rc == 198


def test_signs_for_missing_values_are_read_and_said() -> None:
    arrival, _ = read("a,b,c\n1,NA,.a\n,2,.\n.,NaN,3\n")
    data = arrival.dataset
    assert data.numeric("a").tolist() == [1.0, MISSING, MISSING]
    assert data.numeric("b").tolist() == [MISSING, 2.0, MISSING]
    assert data.numeric("c").tolist() == [missing_value("a"), MISSING, 3.0]
    assert "(NA, NaN read as missing: b)" in arrival.remarks


def test_column_of_words_that_look_missing_stays_text() -> None:
    assert columns("country,x\nNA,1\nNA,2\n")["country"] == ["NA", "NA"]


def test_empty_column_is_missing() -> None:
    assert columns("a,b\n1,\n2,\n")["b"] == [MISSING, MISSING]


def test_decimal_comma_is_found_for_the_whole_file() -> None:
    arrival, found = read("a;b;c\n1,5;1.234,5;2\n-,25;12,345;3\n")
    assert found.decimal == ","
    assert "decimal comma found" in arrival.remarks[0]
    data = arrival.dataset
    assert data.numeric("a").tolist() == [1.5, -0.25]
    assert data.numeric("b").tolist() == [1234.5, 12.345]


def test_comma_that_may_be_either_is_left_as_text_and_said() -> None:
    arrival, _ = read('a\n"1,234"\n"2,345"\n')
    assert arrival.dataset.columns["a"].tolist() == ["1,234", "2,345"]
    assert "is the comma decimal or between thousands?" in arrival.remarks[0]
    assert columns('a\n"1,234"\n', cells=CellRules(group=","))["a"] == [1234.0]
    assert columns("a;b\n1,234;1\n", cells=CellRules(decimal=","))["a"] == [1.234]


def test_commas_between_thousands_are_left_out_where_that_is_certain() -> None:
    arrival, _ = read('a\n"1,234,567"\n"12.5"\n')
    assert arrival.dataset.numeric("a").tolist() == [1234567.0, 12.5]
    assert "commas between thousands left out" in arrival.remarks[0]


def test_numbers_with_more_digits_than_a_double_has_stay_text() -> None:
    arrival, _ = read("id,x\n12345678901234567,1\n2,2\n")
    assert arrival.dataset.columns["id"].tolist() == ["12345678901234567", "2"]
    assert "cannot hold all their digits" in arrival.remarks[0]
    assert columns("id,x\n1234567890123456,1\n")["id"] == [1234567890123456.0]


def test_leading_zeros_are_lost_only_with_a_word() -> None:
    arrival, _ = read("zip,x\n01234,1\n99999,2\n")
    assert arrival.dataset.numeric("zip").tolist() == [1234.0, 99999.0]
    assert "leading zeros not kept" in arrival.remarks[0]
    assert columns("zip,x\n01234,1\n", text_columns=frozenset({1}))["zip"] == ["01234"]


def test_cell_that_keeps_a_column_from_being_numbers_is_named() -> None:
    text = "x,y\n" + "".join(f"{k},1\n" for k in range(9)) + "12a,1\n"
    arrival, _ = read(text)
    assert arrival.dataset.variables[0].storage == "str3"
    assert "'12a' in observation 10" in arrival.remarks[0]
    assert columns(text, number_columns=frozenset({1}))["x"][-1] == MISSING


def test_certain_dates_become_dates_also_before_1900() -> None:
    arrival, _ = read("d,w,t\n1850-03-01,1 March 1850,2020-02-29T01:02:03.5Z\n2020-02-29,29feb2020,\n")
    data = arrival.dataset
    assert [v.format for v in data.variables] == ["%td", "%td", "%tc"]
    assert data.numeric("d").tolist() == [day(1850, 3, 1), day(2020, 2, 29)]
    assert data.numeric("w").tolist() == data.numeric("d").tolist()
    moment = day(2020, 2, 29) * 86_400_000 + 3_723_500
    assert data.numeric("t").tolist() == [moment, MISSING]
    assert data.variable("t").storage == "double"
    assert any("read as dates (year-month-day)" in remark for remark in arrival.remarks)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["03/04/2020", "05/06/2020"], "day or month first?"),
        (["13/04/2020", "05/06/2020"], "the day seems to come first"),
        (["03/14/2020", "05/06/2020"], "the month seems to come first"),
        (["13/04/2020", "05/16/2020"], "neither"),
        (["3/4/20", "5/6/21"], "the year has two digits"),
        (["2020-02-30", "2020-01-01"], "2020-02-30 is no day of the calendar"),
    ],
)
def test_uncertain_dates_stay_text_and_a_remark_says_why(cells: list[str], words: str) -> None:
    arrival, _ = read("d\n" + "\n".join(cells) + "\n")
    assert arrival.dataset.columns["d"].tolist() == cells
    assert words in arrival.remarks[0]


def test_order_of_day_and_month_may_be_said() -> None:
    text = "d\n03/04/2020\n05/06/2020\n"
    for order, expected in (
        (DateOrder.DMY, [day(2020, 4, 3), day(2020, 6, 5)]),
        (DateOrder.MDY, [day(2020, 3, 4), day(2020, 5, 6)]),
    ):
        assert columns(text, cells=CellRules(dates=order))["d"] == expected
    assert columns("d\n2020-01-02\n", cells=CellRules(dates=DateOrder.NONE))["d"] == ["2020-01-02"]


def test_lines_and_columns_may_be_chosen() -> None:
    text = "A title\n\na,b,c\n1,2,3\n4,5,6\nsum,7,9\n"
    assert columns(text, header=3, rows=(None, 5)) == {"a": [1, 4], "b": [2, 5], "c": [3, 6]}
    assert columns("a,b,c\n1,2,3\n4,5,6\n", columns=(2, 3)) == {"b": [2, 5], "c": [3, 6]}
    assert columns("a,b\n1,2\n3,4\n", header=1, rows=(3, 3)) == {"a": [3], "b": [4]}
    assert columns("a,b\n1,2\n", header=0) == {"v1": ["a", "1"], "v2": ["b", "2"]}


def test_five_thousand_columns() -> None:
    names = [f"x{k}" for k in range(5000)]
    text = ",".join(names) + "\n" + "\n".join(",".join(str(k + row) for k in range(5000)) for row in range(3)) + "\n"
    data = read(text)[0].dataset
    assert data.names == tuple(names)
    assert data.numeric("x4999").tolist() == [4999, 5000, 5001]


def test_long_text_becomes_a_long_string() -> None:
    data = read(f"a,b\n{'x' * 3000},1\n")[0].dataset
    assert data.variables[0].storage == "strL"


def test_compressed_text_is_read_and_a_truncated_one_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    assert read_delimited(path, DelimitedOptions())[0].dataset.numeric("b").tolist() == [2.0]
    path.write_bytes(gzip.compress(b"a,b\n1,2\n" * 100)[:-12])
    with pytest.raises(StataError, match="truncated") as caught:
        read_delimited(path, DelimitedOptions())
    assert caught.value.rc == 610


def test_file_that_vanished_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(StataError) as caught:
        read_delimited(tmp_path / "gone.csv", DelimitedOptions())
    assert caught.value.rc == 601


TEXTS = ("cake", "egsingle", "exercise", "hs40", "insteval", "pastes", "pisa2000", "productivity", "tutoring")


@pytest.mark.parametrize("name", TEXTS)
def test_reference_files_hold_what_their_data_sets_hold_and_pandas_reads(name: str, data_file: Any) -> None:
    dta = data_file(name)
    path = next((p for p in (dta.with_suffix(".csv"), dta.with_suffix(".csv.gz")) if p.is_file()), None)
    if path is None:
        pytest.skip(f"there is no text file beside {dta}")
    data, expected = read_delimited(path, DelimitedOptions())[0].dataset, read_dta(dta)
    assert data.n_obs == expected.n_obs
    frame = pd.read_csv(path)
    for variable in expected.variables:
        ours = variable.name.lower()
        if variable.is_string:
            assert data.columns[ours].tolist() == expected.columns[variable.name].tolist()
            continue
        values, wanted = data.numeric(ours), expected.numeric(variable.name)
        theirs = frame[variable.name].to_numpy(dtype=np.float64)
        np.testing.assert_array_equal(np.where(values >= MISSING, np.nan, values), theirs)
        if variable.storage == "float":
            values, wanted = values.astype(np.float32), wanted.astype(np.float32)
        np.testing.assert_array_equal(values, wanted)
