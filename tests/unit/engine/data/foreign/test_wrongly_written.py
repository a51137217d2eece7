"""Files as other programs write them wrongly: each is read right, or refused with the reason and, in text, the line."""

from __future__ import annotations

import contextlib
import gzip
import io
import lzma
import os
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from engine.api import FilePreview, Session, preview_import
from engine.data.dataset import Dataset
from engine.data.dates import EPOCH
from engine.data.dta import write_dta
from engine.data.foreign.arriving import Arrival
from engine.data.foreign.readers import read_file
from engine.data.missing import MISSING, missing_value
from engine.errors import StataError

FRAME = pd.DataFrame({"x": [1.0, 2.5, 3.0] * 50, "s": ["a", "bc", "d"] * 50})
WRITERS: dict[str, Callable[[Path], object]] = {
    ".dta": lambda path: FRAME.to_stata(path, write_index=False),
    ".xlsx": lambda path: FRAME.to_excel(path, index=False),
    ".ods": lambda path: FRAME.to_excel(path, index=False, engine="odf"),
    ".sav": lambda path: pyreadstat.write_sav(FRAME, str(path)),
    ".zsav": lambda path: pyreadstat.write_sav(FRAME, str(path), compress=True),
    ".por": lambda path: pyreadstat.write_por(FRAME.rename(columns=str.upper), str(path)),
    ".xpt": lambda path: pyreadstat.write_xport(FRAME, str(path)),
    ".parquet": FRAME.to_parquet,
    ".feather": FRAME.to_feather,
    ".csv.gz": lambda path: FRAME.to_csv(path, index=False),
}
ENDINGS = (".sas7bdat", ".rds", ".RData", ".xls", *WRITERS)


def read(path: Path, content: bytes) -> Arrival:
    path.write_bytes(content)
    return read_file(path)


def refused(path: Path, content: bytes, rc: int = 610) -> str:
    path.write_bytes(content)
    with pytest.raises(StataError) as caught:
        read_file(path)
    assert caught.value.rc == rc
    return caught.value.message


def example(ending: str, folder: Path) -> bytes:
    path = folder / f"example{ending}"
    WRITERS[ending](path)
    return path.read_bytes()


def cells(data: Dataset) -> dict[str, list[Any]]:
    return {
        v.name: data.columns[v.name].tolist() if v.is_string else data.numeric(v.name).tolist() for v in data.variables
    }


def day(year: int, month: int, number: int) -> float:
    return float((date(year, month, number) - EPOCH).days)


# ---- text


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a,b\r\n1,2\n3,4\r5,6\r\n", {"a": [1, 3, 5], "b": [2, 4, 6]}),
        (b"\xef\xbb\xbfa,b\n1,2\n", {"a": [1], "b": [2]}),
        ("a,b\n1,ä\n".encode("utf-16"), {"a": [1], "b": ["ä"]}),
        ("a,b\n1,ä\n".encode("latin-1"), {"a": [1], "b": ["ä"]}),
        (b'a,b\n1,"x\ny, z"\n2,"he said ""no"""\n', {"a": [1, 2], "b": ["x\ny, z", 'he said "no"']}),
        (b"a,b\n1,2\n3,4\n\x1a", {"a": [1, 3], "b": [2, 4]}),
        (b"sep=;\r\na;b\r\n1,5;2\r\n", {"a": [1.5], "b": [2]}),
        (b"a;b\n1,5;2\n2,25;3\n", {"a": [1.5, 2.25], "b": [2, 3]}),
        (b'a,b\n"1,5","2,25"\n"3,5","4,125"\n', {"a": [1.5, 3.5], "b": [2.25, 4.125]}),
        (b"a;b\n1.234,5;2\n2.000,25;3\n", {"a": [1234.5, 2000.25], "b": [2, 3]}),
        (b"a,b,c\n", {"a": [], "b": [], "c": []}),
        (b"a,b,c", {"a": [], "b": [], "c": []}),
        (b"d,e\n1850-01-31,31jan1790\n", {"d": [day(1850, 1, 31)], "e": [day(1790, 1, 31)]}),
        (b"d\n01/02/2020\n03/04/2020\n", {"d": ["01/02/2020", "03/04/2020"]}),
    ],
    ids=[
        "mixed line ends", "byte order mark", "UTF-16", "latin-1", "quoted line end", "DOS end", "sep=",
        "decimal comma", "quoted decimal comma", "points between thousands", "no rows", "no rows, no line end",
        "before 1900", "ambiguous dates stay text",
    ],
)  # fmt: skip
def test_text_is_read_right(content: bytes, expected: dict[str, list[Any]], tmp_path: Path) -> None:
    assert cells(read(tmp_path / "t.csv", content).dataset) == expected


@pytest.mark.parametrize(
    ("content", "rc", "words"),
    [
        (b"a,b\n1,2\n3,4,5\n", 610, "line 3: 3 cells where line 1 has 2"),
        (b"a,b\n1,2,\n3,4,\n", 610, "line 2: 3 cells where line 1 has 2; a separator ends the line"),
        (b"a,b\nr,1,2\ns,3,4\n", 610, "line 2: 3 cells where line 1 has 2; a heading for the row names"),
        (b'a,b\n1,"2\n3,4\n', 610, "line 2: a quote is opened"),
        (b"a,b\n1,2\n3,\0\0\n", 610, "line 3 holds zero bytes"),
        ("a,b\n1,ä\n".encode("utf-16-le"), 610, "encoding(utf-16le)"),
        (b"", 2000, "no line of data"),
        (b"\n \n\n", 2000, "no line of data"),
        (b"<!DOCTYPE html>\n<html><body>Not found, sorry</body></html>", 610, "a web page"),
        (b"%PDF-1.7 a,b,c", 610, "a PDF file"),
    ],
)
def test_text_that_is_wrong_is_refused_with_its_line(content: bytes, rc: int, words: str, tmp_path: Path) -> None:
    assert words in refused(tmp_path / "t.csv", content, rc)
    with pytest.raises(StataError, match=r".") as caught:
        preview_import(f'import delimited using "{tmp_path / "t.csv"}"')
    assert caught.value.rc == rc
    assert words in caught.value.message


@pytest.mark.parametrize("name", ["PK", "PKEY", "PAR1", "ARROW1", "FEA1", "RDX", "i", "fever"])
def test_names_that_look_like_the_opening_of_another_file_are_names(name: str, tmp_path: Path) -> None:
    data = read(tmp_path / "t.csv", f"{name},b\n1,2\n".encode()).dataset
    assert cells(data) == {name.lower(): [1], "b": [2]}


def test_line_of_an_error_counts_the_line_that_names_the_separator(tmp_path: Path) -> None:
    assert "line 4: 3 cells" in refused(tmp_path / "t.csv", b"sep=;\na;b\n1;2\n3;4;5\n")


def preview(path: Path) -> FilePreview:
    return preview_import(f'import delimited using "{path}"')


@pytest.mark.parametrize("ending", [".csv", ".csv.gz"])
def test_of_a_long_file_only_the_beginning_is_shown(ending: str, tmp_path: Path) -> None:
    content = b"a,b\n" + b"1,2.5\n" * 400_000
    path = tmp_path / f"long{ending}"
    path.write_bytes(gzip.compress(content) if ending == ".csv.gz" else content)
    found = preview(path)
    assert not found.whole
    assert 100_000 < found.n_obs < 400_000
    assert [(column.name, column.storage) for column in found.columns] == [("a", "byte"), ("b", "float")]
    assert found.rows[0] == ("1", "2.5")


@pytest.mark.parametrize("cut", [-3, -60])
def test_truncated_compressed_text_is_refused_in_the_preview_too(cut: int, tmp_path: Path) -> None:
    content = gzip.compress("".join(f"{k},{k * k}\n" for k in range(200)).encode())
    for damaged in (content[:cut], content[:50] + b"junk" + content[54:]):
        path = tmp_path / "t.csv.gz"
        path.write_bytes(damaged)
        with pytest.raises(StataError, match="it cannot be decompressed") as caught:
            preview(path)
        assert caught.value.rc == 610


def test_ambiguous_dates_are_no_silent_guess(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    assert "day or month first? dates(DMY) or dates(MDY)" in " ".join(
        read(path, b"d\n01/02/2020\n03/04/2020\n").remarks
    )
    session = Session()
    assert session.run(f'import delimited "{path}", dates(DMY) clear').rc == 0
    assert session.data.numeric("d").tolist() == [day(2020, 2, 1), day(2020, 4, 3)]


def test_a_title_above_the_names_is_pointed_out(tmp_path: Path) -> None:
    arrival = read(tmp_path / "t.csv", b"My report,,\n\na,b,c\n1,2,3\n")
    assert "the first line names 1 of 3 columns" in " ".join(arrival.remarks)


def test_names_that_variables_cannot_have_are_changed_and_said(tmp_path: Path) -> None:
    names = ["a", "a", "A", "if", "_n", "", "1st", "str8", "a b", "a.b", "x" * 40]
    arrival = read(tmp_path / "t.csv", (",".join(names) + "\n" + ",".join(map(str, range(11))) + "\n").encode())
    data = arrival.dataset
    assert data.names == ("a", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "ab", "v10", "x" * 32)
    assert [data.numeric(name)[0] for name in data.names] == list(range(11))
    assert [v.label for v in data.variables] == [
        "", "a", "A", "if", "_n", "", "1st", "str8", "a b", "a.b", "x" * 40,
    ]  # fmt: skip
    assert "names that a variable cannot have: a is v2" in arrival.remarks[0]


# ---- the same in binary files


def written(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as the ending says."""
    if path.suffix == ".sav":
        pyreadstat.write_sav(frame, str(path))
    elif path.suffix == ".dta":
        write_dta(Dataset.from_pandas(frame), path)
    else:
        write = {".xlsx": "to_excel", ".parquet": "to_parquet", ".feather": "to_feather", ".csv": "to_csv"}[path.suffix]
        getattr(frame, write)(path, **({"index": False} if path.suffix in (".xlsx", ".csv") else {}))


KINDS = [".xlsx", ".sav", ".parquet", ".feather", ".dta", ".csv"]


@pytest.mark.parametrize("ending", KINDS)
def test_more_than_a_thousand_columns_arrive(ending: str, tmp_path: Path) -> None:
    wide = pd.DataFrame(np.arange(3_000.0).reshape(2, 1500), columns=[f"v{k}" for k in range(1500)])
    written(wide, tmp_path / f"w{ending}")
    data = read_file(tmp_path / f"w{ending}").dataset
    assert data.names == tuple(wide.columns)
    assert [data.numeric(name).tolist() for name in ("v0", "v1499")] == [[0.0, 1500.0], [1499.0, 2999.0]]


@pytest.mark.parametrize("ending", KINDS)
def test_no_rows_leave_the_variables(ending: str, tmp_path: Path) -> None:
    written(FRAME.iloc[:0], tmp_path / f"z{ending}")
    data = read_file(tmp_path / f"z{ending}").dataset
    assert (data.n_obs, data.names) == (0, ("x", "s"))


def test_names_that_variables_cannot_have_in_binary_files(tmp_path: Path) -> None:
    table = pa.table([pa.array([k]) for k in range(5)], names=["a", "a", "b c", "if", "_n"])
    pq.write_table(table, tmp_path / "t.parquet")
    data = read_file(tmp_path / "t.parquet").dataset
    assert data.names == ("a", "a_2", "b_c", "_if", "__n")
    assert [data.numeric(name)[0] for name in data.names] == list(range(5))
    pyreadstat.write_sav(pd.DataFrame({"if": [1.0], "Ünder.x": [3.0], "a$b": [1.0]}), str(tmp_path / "t.sav"))
    assert read_file(tmp_path / "t.sav").dataset.names == ("_if", "Ünder_x", "a_b")
    book = openpyxl.Workbook()
    book.active.append(["a", "a", "if", None])
    book.active.append([1, 2, 3, 4])
    book.save(tmp_path / "t.xlsx")
    assert read_file(tmp_path / "t.xlsx").dataset.names == ("a", "B", "C", "D")


def test_dates_before_1900_arrive_from_every_kind(tmp_path: Path) -> None:
    frame = pd.DataFrame({"d": [date(1850, 1, 31)], "t": [datetime(1890, 5, 6, 7, 8, 9)]})
    pyreadstat.write_sav(frame, str(tmp_path / "t.sav"))
    pq.write_table(pa.Table.from_pandas(frame), tmp_path / "t.parquet")
    moment = (datetime(1890, 5, 6, 7, 8, 9) - datetime(1960, 1, 1)).total_seconds() * 1000.0
    for ending in (".sav", ".parquet"):
        data = read_file(tmp_path / f"t{ending}").dataset
        assert [v.format for v in data.variables] == ["%td", "%tc"]
        assert cells(data) == {"d": [day(1850, 1, 31)], "t": [moment]}


def test_dates_of_a_book_that_counts_from_1904(tmp_path: Path) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["d"])
    book.active.append([datetime(2020, 1, 2)])
    book.save(tmp_path / "mac.xlsx")
    assert cells(read_file(tmp_path / "mac.xlsx").dataset) == {"d": [day(2020, 1, 2)]}


def test_user_missing_ranges_and_values_become_letters(tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": [1.0, -9, -8, 99, 5], "y": [1.0, 2, -99, -98, np.nan], "s": ["a", "NA", "b", "c", ""]})
    pyreadstat.write_sav(
        frame,
        str(tmp_path / "t.sav"),
        missing_ranges={"x": [{"lo": -9, "hi": -8}, 99], "y": [{"lo": -99, "hi": -90}], "s": ["NA"]},
        variable_value_labels={"x": {-9: "refused", -8: "unknown", 1: "one"}},
    )
    arrival = read_file(tmp_path / "t.sav")
    a, b, c = (missing_value(letter) for letter in "abc")
    assert cells(arrival.dataset) == {
        "x": [1.0, a, b, c, 5.0],
        "y": [1.0, 2.0, a, b, MISSING],
        "s": ["a", "NA", "b", "c", ""],
    }
    assert arrival.dataset.labels_of("x") == {1.0: "one", a: "refused", b: "unknown", c: "99"}
    said = " ".join(arrival.remarks)
    assert "x (-9 .a, -8 .b, 99 .c)" in said
    assert "texts that s declares missing were kept" in said


def test_a_stata_file_with_latin_1_text_is_read(tmp_path: Path) -> None:
    path = tmp_path / "l.dta"
    pd.DataFrame({"s": ["cafe", "x"]}).to_stata(path, version=118, write_index=False)
    data = read(path, path.read_bytes().replace(b"cafe", b"caf\xe9")).dataset
    assert cells(data) == {"s": ["café", "x"]}
    assert data.variable("s").storage == "str5"  # room for it in UTF-8


# ---- damaged, renamed and empty files


@pytest.mark.parametrize("ending", WRITERS)
def test_half_a_file_is_refused(ending: str, tmp_path: Path) -> None:
    content = example(ending, tmp_path)
    half = len(content) // 2 - (80 if ending == ".xpt" and not len(content) // 2 % 80 else 0) // 2
    message = refused(tmp_path / f"half{ending}", content[:half])
    assert any(word in message for word in ("truncated", "damaged")), message


@pytest.mark.parametrize("ending", [*ENDINGS, ".csv"])
def test_an_empty_file_is_called_empty(ending: str, tmp_path: Path) -> None:
    message = refused(tmp_path / f"nothing{ending}", b"", 2000 if ending.startswith(".csv") else 610)
    assert "is empty" in message or "no line of data" in message


@pytest.mark.parametrize("ending", [ending for ending in ENDINGS if not ending.startswith(".csv")])
def test_text_under_another_ending_is_called_text(ending: str, tmp_path: Path) -> None:
    assert "it looks like a text file with separated values" in refused(tmp_path / f"t{ending}", b"a,b\n1,2\n")


@pytest.mark.parametrize(
    ("true", "words"),
    [
        (".dta", "a Stata data file"), (".sav", "an SPSS file"), (".por", "an SPSS portable file"),
        (".xpt", "a SAS transport file"), (".parquet", "a Parquet file"), (".feather", "a Feather file"),
        (".xlsx", "a zip or Excel file"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ending", [".dta", ".sav", ".por", ".xlsx", ".sas7bdat", ".xpt", ".parquet", ".rds", ".csv"])
def test_a_renamed_file_is_called_by_what_it_is(true: str, words: str, ending: str, tmp_path: Path) -> None:
    if true == ending:
        return
    path = tmp_path / f"renamed{ending}"
    path.write_bytes(example(true, tmp_path))
    if {true, ending} == {".sav", ".por"}:  # one reader may see by itself what it has got
        with contextlib.suppress(StataError):
            read_file(path)
        return
    with pytest.raises(StataError, match=words) as caught:
        read_file(path)
    assert caught.value.rc == 610


def test_compressed_text_under_a_plain_ending_is_read(tmp_path: Path) -> None:
    assert cells(read(tmp_path / "t.csv", gzip.compress(b"a,b\n1,2\n")).dataset) == {"a": [1], "b": [2]}


# ---- more than the memory can hold


@pytest.fixture
def small_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.data.room.memory_of_machine", lambda: 40e6)


@pytest.mark.usefixtures("small_machine")
def test_compressed_text_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    content = gzip.compress(b"a,b\n" + b"1,2\n" * 2_000_000)
    assert len(content) < 100_000
    assert "too much for the" in refused(tmp_path / "t.csv.gz", content, 909)


@pytest.mark.usefixtures("small_machine")
@pytest.mark.parametrize("compress", [gzip.compress, lzma.compress])
def test_compressed_r_data_that_unpack_to_too_much_are_refused(
    compress: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    assert "too much for the" in refused(tmp_path / "t.rds", compress(bytes(30_000_000)), 909)


@pytest.mark.usefixtures("small_machine")
def test_a_book_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 30_000_000)
    assert "too much for the" in refused(tmp_path / "t.xlsx", stream.getvalue(), 909)


def test_a_cell_far_from_the_table_is_refused_before_memory_is_taken(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    book.active["XFD1048576"] = 2
    book.save(tmp_path / "far.xlsx")
    message = refused(tmp_path / "far.xlsx", (tmp_path / "far.xlsx").read_bytes(), 909)
    assert "reaches to row 1,048,576 and column 16,384" in message


def test_a_declared_extent_that_is_not_there_does_no_harm(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.active.append([1])
    book.save(tmp_path / "t.xlsx")
    stream = io.BytesIO()
    with zipfile.ZipFile(tmp_path / "t.xlsx") as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"'))
    assert cells(read(tmp_path / "t.xlsx", stream.getvalue()).dataset) == {"a": [1]}


@pytest.mark.usefixtures("small_machine")
def test_a_small_parquet_file_of_too_many_rows_is_refused(tmp_path: Path) -> None:
    column = pa.DictionaryArray.from_arrays(pa.array(np.zeros(5_000_000, dtype=np.int32)), pa.array(["abc"]))
    pq.write_table(pa.table({"x": column}), tmp_path / "t.parquet")
    content = (tmp_path / "t.parquet").read_bytes()
    assert len(content) < 1_000_000
    assert "too much for the" in refused(tmp_path / "t.parquet", content, 909)


@pytest.mark.parametrize(("tag", "count"), [(b"<N>", 2**60), (b"<K>", 2**15 - 1)])
def test_impossible_counts_in_a_stata_file_are_refused(tag: bytes, count: int, tmp_path: Path) -> None:
    path = tmp_path / "t.dta"
    pd.DataFrame({"x": [1.0]}).to_stata(path, write_index=False, version=118)
    content = path.read_bytes()
    at = content.index(tag) + 3
    width = 8 if tag == b"<N>" else 2
    refused(path, content[:at] + count.to_bytes(width, "little") + content[at + width :])


# ---- files that change


@pytest.mark.parametrize("ending", [".csv", ".dta", ".xlsx", ".sav"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"t{ending}"
    content = b"a,b\n1,2\n" if ending == ".csv" else example(ending, tmp_path)
    path.write_bytes(content)
    looks = iter(range(1, 10))
    true = os.fstat

    def fstat(number: int) -> os.stat_result:
        if next(looks) == 2:
            with path.open("ab") as other:
                other.write(b"3,4\n")
        return true(number)

    monkeypatch.setattr("engine.data.files.os.fstat", fstat)
    with pytest.raises(StataError, match="changed while it was read") as caught:
        read_file(path)
    assert caught.value.rc == 603


def test_data_in_memory_stay_when_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(b"a,b\n1,2\n3,4,5\n")
    session = Session()
    session.run("set obs 3")
    session.run("generate x = _n")
    outcome = session.run(f'import delimited "{tmp_path / "bad.csv"}", clear')
    assert outcome.rc == 610
    assert session.data.numeric("x").tolist() == [1.0, 2.0, 3.0]
