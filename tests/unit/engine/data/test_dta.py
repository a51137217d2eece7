"""Reading and writing .dta files; pandas, which has its own reader and writer, serves as the second opinion."""

from __future__ import annotations

import os
import struct
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.data.dataset import Dataset, ValueLabel, Variable
from engine.data.dta import dataset_from_bytes, read_dta, write_dta
from engine.data.dta_cursor import decode_text
from engine.data.dta_old import for_release
from engine.data.dta_write import dta_bytes
from engine.data.missing import MISSING, missing_value
from engine.errors import StataError


def small_dataset() -> Dataset:
    data = Dataset(label="Größe und Gewicht", notes=("first", "second"), characteristics=(("x", "unit", "kg"),))
    data = data.with_variable(
        Variable("x", "byte", "%8.0g", "Ein Maß", "lab", notes=("on x",)), np.array([1, 101, 102], dtype=np.int8)
    )
    data = data.with_variable(Variable("y", "int", "%8.0g"), np.array([-32767, 32741, 32767], dtype=np.int16))
    data = data.with_variable(Variable("z", "long", "%12.0g"), np.array([0, 2147483621, 5], dtype=np.int32))
    single = np.array([1.5, 0, 0], dtype=np.float32)
    single[1:] = np.array([0x7F000000, 0x7F000800], dtype=np.uint32).view(np.float32)
    data = data.with_variable(Variable("f", "float", "%9.0g"), single)
    data = data.with_variable(Variable("d", "double", "%td"), np.array([1.25, missing_value(), missing_value("z")]))
    data = data.with_variable(Variable("s", "str7", "%-9s"), np.array(["é", "", "abc"], dtype=object))
    long = np.empty(3, dtype=object)
    long[:] = ["x" * 3000, b"\x00\x01binary", ""]
    data = data.with_variable(Variable("memo", "strL", "%9s"), long)
    label = ValueLabel("lab", {1.0: "eins", missing_value("a"): "refused"})
    return replace(data, value_labels={"lab": label}, sorted_by=("x", "y"))


def assert_equal(a: Dataset, b: Dataset) -> None:
    assert a.variables == b.variables
    for name in a.names:
        if a.columns[name].dtype == object:
            assert a.columns[name].tolist() == b.columns[name].tolist()
        else:
            assert a.columns[name].dtype == b.columns[name].dtype
            assert a.columns[name].tobytes() == b.columns[name].tobytes()
    assert (a.n_obs, a.label, a.notes, a.sorted_by, a.characteristics) == (
        b.n_obs,
        b.label,
        b.notes,
        b.sorted_by,
        b.characteristics,
    )
    assert a.value_labels == b.value_labels


def test_everything_a_data_set_holds_survives_writing_and_reading(tmp_path: Path) -> None:
    data = small_dataset()
    write_dta(data, tmp_path / "t.dta")
    read = read_dta(tmp_path / "t.dta")
    assert_equal(data, read)
    assert read.path == str(tmp_path / "t.dta")
    assert not read.changed


def test_what_is_written_is_what_pandas_reads(tmp_path: Path) -> None:
    data = small_dataset().keep_variables(["x", "y", "z", "f", "s"])
    write_dta(data, tmp_path / "t.dta")
    frame = pd.read_stata(tmp_path / "t.dta", convert_categoricals=False)
    assert frame["y"].tolist()[0] == -32767
    assert np.isnan(frame["y"].tolist()[1])
    assert frame["s"].tolist() == ["é", "", "abc"]
    with pd.read_stata(tmp_path / "t.dta", iterator=True) as reader:
        assert reader.data_label == "Größe und Gewicht"
        assert reader.variable_labels()["x"] == "Ein Maß"
        assert reader.value_labels()["lab"][1] == "eins"


@pytest.mark.parametrize("version", [114, 117, 118, 119])
@pytest.mark.parametrize("byteorder", ["<", ">"])
def test_files_of_another_program_are_read_in_every_version_and_byte_order(
    tmp_path: Path, version: int, byteorder: str
) -> None:
    frame = pd.DataFrame(
        {
            "b": np.array([1, 2, 3], dtype=np.int8),
            "i": np.array([1, -2, 300], dtype=np.int16),
            "l": np.array([1, 2, 70000], dtype=np.int32),
            "f": np.array([1.5, np.nan, 3], dtype=np.float32),
            "d": np.array([0.1, np.nan, 1e300]),
            "s": ["ab" if version == 117 else "äb", "", "c"],  # pandas writes long text of 117 in UTF-8
            "c": pd.Categorical(["low", "high", "low"], categories=["low", "high"]),
            "t": pd.to_datetime(["1960-01-01", "2000-02-29", "2026-01-01"]),
        }
    )
    long = {"convert_strl": ["s"]} if version >= 117 else {}
    frame.to_stata(
        tmp_path / "t.dta",
        version=version,
        byteorder=byteorder,
        write_index=False,
        data_label="ä label",
        variable_labels={"b": "übel"},
        convert_dates={"t": "td"},
        **long,
    )
    data = read_dta(tmp_path / "t.dta")
    assert data.label == "ä label"
    assert data.variable("b").label == "übel"
    assert data.names == ("b", "i", "l", "f", "d", "s", "c", "t")
    assert data.numeric("l").tolist() == [1, 2, 70000]
    assert data.numeric("f").tolist() == [1.5, MISSING, 3]
    assert data.numeric("d").tolist() == [0.1, MISSING, 1e300]
    assert data.texts("s").tolist() == frame["s"].tolist()
    assert data.labels_of("c") == {0.0: "low", 1.0: "high"}
    assert data.numeric("t").tolist() == [0, 14669, 24107]
    assert data.variable("t").format == "%td"


@pytest.mark.parametrize("letter", ["", "a", "m", "z"])
def test_extended_missing_values_are_those_that_pandas_sees(tmp_path: Path, letter: str) -> None:
    values = np.array([1.0, missing_value(letter)])
    from engine.data.missing import from_doubles

    data = Dataset()
    for storage in ("byte", "int", "long", "float", "double"):
        data = data.with_variable(Variable(storage[0], storage, "%9.0g"), from_doubles(values, storage))
    write_dta(data, tmp_path / "t.dta")
    frame = pd.read_stata(tmp_path / "t.dta", convert_missing=True)
    assert [str(v) for v in frame.iloc[1]] == [f".{letter}"] * 5
    again = read_dta(tmp_path / "t.dta")
    for name in again.names:
        assert again.numeric(name).tolist() == values.tolist()


def binary_file(release: int, *, order: str = "<", texts: bytes = b"caf\xe9\x00") -> bytes:
    """Build a release 113-115 file by hand, after the published description: a byte, a float and a str5."""
    width = 12 if release == 113 else 49
    mark = 2 if order == "<" else 1
    head = struct.pack("<BBBB", release, mark, 1, 0) + struct.pack(order + "hi", 3, 2)
    head += b"label \x80".ljust(81, b"\0") + b"01 Jan 2005 10:11\0"
    types = bytes([251, 254, 5])
    names = b"".join(n.ljust(33, b"\0") for n in (b"b", b"f", b"s"))
    sort = struct.pack(order + "4h", 1, 0, 0, 0)
    formats = b"".join(f.ljust(width, b"\0") for f in (b"%8.0g", b"%9.2f", b"%5s"))
    value_labels = b"".join(n.ljust(33, b"\0") for n in (b"lab", b"", b""))
    labels = b"".join(n.ljust(81, b"\0") for n in (b"a byte", b"", b""))
    note = b"_dta".ljust(33, b"\0") + b"note1".ljust(33, b"\0") + b"hello\0"
    expansion = b"\x01" + struct.pack(order + "i", len(note)) + note + b"\x00" + struct.pack(order + "i", 0)
    rows = struct.pack(order + "bf", 1, 2.5) + texts + struct.pack(order + "bI", 102, 0x7F000800) + b"12345"
    table = struct.pack(order + "iiiiii", 2, 8, 0, 4, 1, 2147483622) + b"one\0ref\0"
    label = struct.pack(order + "i", len(table)) + b"lab".ljust(33, b"\0") + b"\0\0\0" + table
    return head + types + names + sort + formats + value_labels + labels + expansion + rows + label


@pytest.mark.parametrize("release", [113, 114, 115])
@pytest.mark.parametrize("order", ["<", ">"])
def test_old_binary_files_are_read_with_labels_notes_and_windows_text(release: int, order: str) -> None:
    data = dataset_from_bytes(binary_file(release, order=order), "old.dta")
    assert data.label == "label €"
    assert data.timestamp == "01 Jan 2005 10:11"
    assert data.notes == ("hello",)
    assert data.sorted_by == ("b",)
    assert data.numeric("b").tolist() == [1.0, missing_value("a")]
    assert data.numeric("f").tolist() == [2.5, missing_value("a")]
    assert data.texts("s").tolist() == ["café", "12345"]
    assert data.labels_of("b") == {1.0: "one", missing_value("a"): "ref"}
    assert data.variable("f").format == "%9.2f"


def test_bytes_that_the_windows_code_page_lacks_are_read_as_latin_1() -> None:
    data = dataset_from_bytes(binary_file(114, texts=b"a\x81b\x00\x00"), "old.dta")
    assert data.texts("s").tolist()[0] == "a\x81b"


def test_a_file_of_release_119_is_read() -> None:
    content = bytearray(
        dta_bytes(Dataset().with_variable(Variable("x", "byte", "%8.0g"), np.array([7], dtype=np.int8)))
    )
    wide = content.replace(b"<release>118", b"<release>119")
    wide = wide.replace(b"<K>\x01\x00</K>", b"<K>\x01\x00\x00\x00</K>")
    wide = wide.replace(b"<sortlist>" + bytes(4), b"<sortlist>" + bytes(8))
    assert dataset_from_bytes(bytes(wide), "wide.dta").numeric("x").tolist() == [7.0]


def wide_file(count: int) -> bytes:
    """Build a release 119 file with `count` byte variables and one observation, after the published description."""
    names = b"".join(f"v{i}".encode().ljust(129, b"\0") for i in range(count))
    sections = [
        b"<variable_types>" + struct.pack("<H", 65530) * count + b"</variable_types>",
        b"<varnames>" + names + b"</varnames>",
        b"<sortlist>" + bytes(4 * (count + 1)) + b"</sortlist>",
        b"<formats>" + b"%8.0g".ljust(57, b"\0") * count + b"</formats>",
        b"<value_label_names>" + bytes(129 * count) + b"</value_label_names>",
        b"<variable_labels>" + bytes(321 * count) + b"</variable_labels>",
        b"<characteristics></characteristics><data>" + b"\x07" * count + b"</data>",
        b"<strls></strls><value_labels></value_labels></stata_dta>",
    ]
    head = b"<stata_dta><header><release>119</release><byteorder>LSF</byteorder><K>" + struct.pack("<I", count)
    head += b"</K><N>" + struct.pack("<Q", 1) + b"</N><label>\0\0</label><timestamp>\0</timestamp></header>"
    return head + b"<map>" + bytes(112) + b"</map>" + b"".join(sections)


def test_more_variables_than_release_118_can_hold_are_read() -> None:
    data = dataset_from_bytes(wide_file(33_000), "wide.dta")
    assert len(data.variables) == 33_000
    assert data.columns["v32999"].tolist() == [7]


@pytest.mark.parametrize(("release", "words"), [(103, "Stata 2"), (112, "test version"), (116, "test version")])
def test_older_binary_releases_are_refused_by_name(release: int, words: str) -> None:
    content = bytes([release]) + binary_file(113)[1:]
    with pytest.raises(StataError, match=words) as caught:
        dataset_from_bytes(content, "x.dta")
    assert caught.value.rc == 610


def test_characteristics_of_variables_that_are_gone_are_not_written() -> None:
    data = replace(small_dataset(), characteristics=(("gone", "unit", "kg"), ("x", "unit", "kg"), ("_dta", "a", "b")))
    read = dataset_from_bytes(dta_bytes(data), "t.dta")
    assert read.characteristics == (("x", "unit", "kg"), ("_dta", "a", "b"))


def test_unknown_tagged_releases_are_refused_by_name() -> None:
    content = dta_bytes(small_dataset()).replace(b"<release>118", b"<release>199")
    with pytest.raises(StataError, match="does not know") as caught:
        dataset_from_bytes(content, "x.dta")
    assert caught.value.rc == 610


@pytest.mark.parametrize(("like", "release"), [(118, b"120"), (119, b"121")])
def test_releases_with_aliases_are_read_when_they_hold_none(like: int, release: bytes) -> None:
    content = dta_bytes(small_dataset(), like).replace(f"<release>{like}".encode(), b"<release>" + release)
    assert_equal(dataset_from_bytes(content, "x.dta"), small_dataset())


def test_aliases_of_variables_in_another_frame_are_refused_by_name() -> None:
    # type 65525, "reference to variable in another frame", is what format 120 adds to 118 (Stata's help dta_120)
    content = dta_bytes(small_dataset()).replace(b"<release>118", b"<release>120")
    double = struct.pack("<H", 65526)
    content = content.replace(double, struct.pack("<H", 65525), 1)
    with pytest.raises(StataError, match=r"aliases .*: d;") as caught:
        dataset_from_bytes(content, "x.dta")
    assert caught.value.rc == 610


@pytest.mark.parametrize("release", [113, 114, 115, 117])
def test_old_releases_hold_everything_that_fits_them(release: int) -> None:
    data = small_dataset()
    if release < 117:
        data = data.keep_variables([name for name in data.names if name != "memo"])
    fitting, remarks = for_release(data, release)
    assert remarks == ()
    assert_equal(dataset_from_bytes(dta_bytes(fitting, release), "x.dta"), data)


def test_old_releases_get_plain_names_and_say_so() -> None:
    data = Dataset().with_variable(Variable("größe", "byte", "%8.0g", "α"), np.array([1], dtype=np.int8))
    fitting, remarks = for_release(data, 115)
    assert fitting.names == ("gro_e",)
    assert "größe is called" in remarks[0]
    assert "α" in remarks[1]
    assert dataset_from_bytes(dta_bytes(fitting, 115), "x").variables[0].label == "?"


def test_long_text_is_shortened_for_old_releases_only_where_it_fits() -> None:
    column = np.empty(1, dtype=object)
    column[0] = "x" * 244
    data = Dataset().with_variable(Variable("memo", "strL", "%9s"), column)
    fitting, remarks = for_release(data, 115)
    assert fitting.variables[0].storage == "str244"
    assert remarks
    column[0] = "x" * 245
    with pytest.raises(StataError, match="245 bytes") as caught:
        for_release(data, 115)
    assert caught.value.rc == 459


def test_more_variables_than_118_holds_are_written_as_119() -> None:
    column = np.zeros(1, dtype=np.int8)
    names = [f"v{k}" for k in range(32768)]
    data = Dataset(
        variables=tuple(Variable(name, "byte", "%8.0g") for name in names),
        columns=dict.fromkeys(names, column),
        n_obs=1,
        row_ids=np.zeros(1, dtype=np.int64),
    )
    content = dta_bytes(data)
    assert b"<release>119<" in content[:50]
    assert dataset_from_bytes(content, "x.dta").names == data.names
    with pytest.raises(StataError, match="32767"):
        dta_bytes(data, 115)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"caf\xe9", "café"),
        ("Größe".encode(), "Größe"),
        ("né".encode()[:-1], "n\xc3"),
        ("éé".encode()[:-1], "é"),
        (b"\x81x", "\x81x"),
    ],
)
def test_text_is_read_whatever_its_code_page(raw: bytes, text: str) -> None:
    assert decode_text(raw) == text


def test_current_file_in_latin_1_that_another_program_wrote_is_read() -> None:
    data = Dataset(label="caf#").with_variable(
        Variable("s", "str4", "%9s", "Gr##e", "lab"), np.array(["a#", "b"], dtype=object)
    )
    data = replace(data, value_labels={"lab": ValueLabel("lab", {1.0: "M#nner"})})
    content = dta_bytes(data).replace(b"#", b"\xe4")
    read = dataset_from_bytes(content, "x.dta")
    assert (read.label, read.variables[0].label, read.value_labels["lab"].texts[1.0]) == ("cafä", "Grääe", "Männer")
    assert read.columns["s"].tolist() == ["aä", "b"]
    again = dataset_from_bytes(dta_bytes(read), "x.dta")
    assert again.columns["s"].tolist() == ["aä", "b"]


def test_text_from_an_old_code_page_has_room_when_saved_again() -> None:
    data = Dataset().with_variable(Variable("s", "str2", "%9s"), np.array(["éé", "ab"], dtype=object))
    read = dataset_from_bytes(dta_bytes(data, 115), "old.dta")
    assert read.variables[0].storage == "str4"
    again = dataset_from_bytes(dta_bytes(read), "new.dta")
    assert again.columns["s"].tolist() == ["éé", "ab"]


@pytest.mark.parametrize("fmt", ["%tbnyse", "%-tbsimple:CCYY.NN.DD", "%tcDD/NN/CCYY_HH:MM", "%9,2fc", "%~12s", "%21x"])
def test_formats_of_every_kind_survive(fmt: str) -> None:
    text = fmt == "%~12s"
    data = Dataset()
    if text:
        data = data.with_variable(Variable("x", "str1", fmt), np.array(["a"], dtype=object))
    else:
        data = data.with_variable(Variable("x", "double", fmt), np.array([1.0]))
    assert dataset_from_bytes(dta_bytes(data), "x.dta").variables[0].format == fmt


def refused(content: bytes) -> StataError:
    with pytest.raises(StataError) as caught:
        dataset_from_bytes(content, "x.dta")
    return caught.value


def test_an_empty_file_is_refused_in_plain_words() -> None:
    error = refused(b"")
    assert (error.rc, error.message) == (610, "file x.dta is empty; it is not a Stata data set")


def test_a_csv_renamed_dta_is_recognized_as_text() -> None:
    error = refused(b"id,week,weight\n1,1,24\n")
    assert error.rc == 610
    assert "text file with separated values" in error.message


def test_other_files_are_named_for_what_they_are() -> None:
    assert "Excel" in refused(b"PK\x03\x04....").message
    assert "SPSS" in refused(b"$FL2@(#)").message
    assert "web page" in refused(b"<!DOCTYPE html><html>").message


def test_a_truncated_file_names_the_section_it_ends_in() -> None:
    content = dta_bytes(small_dataset())
    data = content.index(b"<data>")
    assert "ends within its data" in refused(content[: data + 20]).message
    assert "truncated" in refused(content[:10]).message


def test_a_file_without_variables_is_refused() -> None:
    error = refused(dta_bytes(Dataset()))
    assert (error.rc, error.message) == (610, "file x.dta holds no variables")


def test_counts_that_cannot_be_true_are_refused_before_memory_is_taken() -> None:
    content = dta_bytes(small_dataset())
    start = content.index(b"<N>") + 3
    huge = content[:start] + struct.pack("<Q", 2**62) + content[start + 8 :]
    assert refused(huge).rc == 610
    old = bytearray(binary_file(114))
    old[6:10] = struct.pack("<i", 2**31 - 1)
    assert refused(bytes(old)).rc == 610


def test_two_variables_of_one_name_are_refused() -> None:
    content = dta_bytes(small_dataset()).replace(b"y".ljust(129, b"\0"), b"x".ljust(129, b"\0"))
    assert "two variables named x" in refused(content).message


def test_nan_and_infinities_become_missing() -> None:
    data = Dataset().with_variable(Variable("d", "double", "%9.0g"), np.array([np.nan, np.inf, -np.inf, 1.0]))
    data = data.with_variable(Variable("f", "float", "%9.0g"), np.array([np.nan, np.inf, -np.inf, 1], dtype=np.float32))
    read = dataset_from_bytes(dta_bytes(data), "x.dta")
    assert read.numeric("d").tolist() == [MISSING, MISSING, MISSING, 1.0]
    assert read.numeric("f").tolist() == [MISSING, MISSING, MISSING, 1.0]


def test_text_ends_at_its_first_zero_byte() -> None:
    data = dataset_from_bytes(binary_file(114, texts=b"ab\x00xy"), "x.dta")
    assert data.texts("s").tolist()[0] == "ab"


def test_a_format_that_is_none_is_replaced_by_the_usual_one() -> None:
    data = Dataset().with_variable(Variable("d", "double", "%what"), np.array([1.0]))
    assert dataset_from_bytes(dta_bytes(data), "x.dta").variable("d").format == "%10.0g"


def test_a_missing_file_a_folder_and_a_device_are_refused(tmp_path: Path) -> None:
    cases: list[tuple[Any, int]] = [(tmp_path / "none.dta", 601), (tmp_path, 603)]
    if sys.platform != "win32":
        cases.append(("/dev/null", 603))
    for path, rc in cases:
        with pytest.raises(StataError) as caught:
            read_dta(path)
        assert caught.value.rc == rc


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.dta"
    write_dta(small_dataset(), path)
    path.chmod(0)
    with pytest.raises(StataError, match="no permission") as caught:
        read_dta(path)
    assert caught.value.rc == 603


def test_a_permission_error_is_told_in_plain_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.dta"
    write_dta(small_dataset(), path)

    def forbidden(_: Path, _most: int) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("engine.data.files._unchanged", forbidden)
    with pytest.raises(StataError, match="no permission") as caught:
        read_dta(path)
    assert caught.value.rc == 603


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    with pytest.raises(StataError) as caught:
        write_dta(small_dataset(), tmp_path / "no" / "such" / "t.dta")
    assert caught.value.rc == 603
    assert list(tmp_path.iterdir()) == []


def test_writing_leaves_no_other_files_behind(tmp_path: Path) -> None:
    write_dta(small_dataset(), tmp_path / "t.dta")
    write_dta(small_dataset(), tmp_path / "t.dta")
    assert [path.name for path in tmp_path.iterdir()] == ["t.dta"]
