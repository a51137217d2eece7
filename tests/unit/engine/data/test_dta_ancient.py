"""Files of Stata 5 to 7, built by hand after their published descriptions; pandas and pyreadstat read the same."""

from __future__ import annotations

import io
import struct

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from engine.data.dta import dataset_from_bytes
from engine.data.dta_write import dta_bytes
from engine.data.missing import MISSING
from engine.errors import StataError

RELEASES = (105, 108, 110, 111)
STORAGE = ("byte", "int", "long", "float", "double", "str5")
ROWS = (
    (1, 300, 70000, 1.5, -2.25, b"abc"),
    (127, 32767, 2147483647, 2.0**127, None, b"caf\xe9"),
    (-128 + 1, -32000, -2000000000, -0.5, 1e300, b"12345"),
)


def ancient_file(release: int, *, order: str = "<", rows: tuple[tuple[object, ...], ...] = ROWS) -> bytes:
    """Build a file of six variables with a label of values, a note and a sort order."""
    name_width = 9 if release < 110 else 33
    label_width = 32 if release < 108 else 81
    length = order + ("h" if release < 110 else "i")

    def fields(texts: tuple[bytes, ...], width: int) -> bytes:
        return b"".join(text.ljust(width, b"\0") for text in texts)

    head = struct.pack("<BBBB", release, 2 if order == "<" else 1, 1, 0)
    head += struct.pack(order + "hi", len(STORAGE), len(rows))
    head += b"old data".ljust(label_width, b"\0") + b"01 Jan 1999 10:11\0"
    types = bytes([251, 252, 253, 254, 255, 5]) if release >= 111 else b"bilfd" + bytes([127 + 5])
    names = fields(tuple(name.encode() for name in ("b", "i", "l", "f", "d", "s")), name_width)
    sort = struct.pack(order + "7h", 6, 0, 0, 0, 0, 0, 0)
    formats = fields((b"%8.0g", b"%8.0g", b"%d", b"%9.2f", b"%10.0g", b"%5s"), 12)
    attached = fields((b"lab", b"", b"", b"", b"", b""), name_width)
    labels = fields((b"a byte", b"", b"", b"", b"", b"letters"), label_width)
    note = fields((b"_dta", b"note1"), name_width) + b"hello\0"
    expansion = b"\x01" + struct.pack(length, len(note)) + note + b"\0" + struct.pack(length, 0)
    dot = 2.0**333 if release == 105 else 2.0**1023
    data = b"".join(
        struct.pack(order + "bhifd", *row[:4], dot if row[4] is None else row[4]) + bytes(row[5]).ljust(5, b"\0")
        for row in rows
    )
    if release == 105:
        table = struct.pack(order + "h", 2) + b"lab".ljust(10, b"\0") + struct.pack(order + "2h", 1, 2)
        table += b"one".ljust(8, b"\0") + b"longtext"
    else:
        entries = struct.pack(order + "6i", 2, 13, 0, 4, 1, 2) + b"one\0longtext\0"
        table = struct.pack(order + "i", len(entries)) + b"lab".ljust(name_width + 3, b"\0") + entries
    return head + types + names + sort + formats + attached + labels + expansion + data + table


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("release", RELEASES)
def test_old_files_are_read_with_everything_they_hold(release: int, order: str) -> None:
    data = dataset_from_bytes(ancient_file(release, order=order), "old.dta")
    assert (data.label, data.timestamp, data.notes) == ("old data", "01 Jan 1999 10:11", ("hello",))
    assert [v.storage for v in data.variables] == list(STORAGE)
    assert [v.label for v in data.variables] == ["a byte", "", "", "", "", "letters"]
    assert data.sorted_by == ("s",)
    assert data.variable("l").format == "%d"
    assert data.numeric("b").tolist() == [1.0, MISSING, -127.0]
    assert data.numeric("i").tolist() == [300.0, MISSING, -32000.0]
    assert data.numeric("l").tolist() == [70000.0, MISSING, -2e9]
    assert data.numeric("f").tolist() == [1.5, MISSING, -0.5]
    assert data.numeric("d").tolist() == [-2.25, MISSING, 1e300]
    assert data.texts("s").tolist() == ["abc", "café", "12345"]
    assert data.labels_of("b") == {1.0: "one", 2.0: "longtext"}


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("release", RELEASES)
def test_pandas_reads_the_same_from_old_files(release: int, order: str) -> None:
    content = ancient_file(release, order=order)
    data = dataset_from_bytes(content, "old.dta")
    with pd.read_stata(io.BytesIO(content), iterator=True, convert_categoricals=False, convert_dates=False) as reader:
        frame = reader.read()
        assert reader.data_label == data.label
        assert reader.variable_labels() == {v.name: v.label for v in data.variables}
        assert {k: dict(v) for k, v in reader.value_labels().items()} == {"lab": dict(data.labels_of("b"))}
    for variable in data.variables:
        theirs = frame[variable.name]
        if variable.is_string:
            assert theirs.tolist() == data.texts(variable.name).tolist()
        else:
            values = data.numeric(variable.name)
            ours = np.where(values >= MISSING, np.nan, values)
            np.testing.assert_array_equal(theirs.to_numpy(dtype=float), ours)


@pytest.mark.parametrize("release", RELEASES)
def test_another_library_reads_the_same_from_old_files(release: int) -> None:
    content = ancient_file(release)
    data = dataset_from_bytes(content, "old.dta")
    cells, known = pyreadstat.read_dta(io.BytesIO(content), output_format="dict", disable_datetime_conversion=True)
    assert known.column_names_to_labels["s"] == "letters"
    for name in ("b", "i", "l", "f"):  # of doubles it knows the present missing value alone
        values = data.numeric(name)
        ours = np.where(values >= MISSING, np.nan, values)
        np.testing.assert_array_equal(np.array(cells[name], dtype=float), ours)


@pytest.mark.parametrize("release", RELEASES)
def test_integers_beyond_the_present_range_take_a_wider_type(release: int) -> None:
    rows = ((126, 32766, 2147483646, 0.0, 0.0, b""), (127, 32767, 2147483647, 0.0, 0.0, b""))
    data = dataset_from_bytes(ancient_file(release, rows=rows), "old.dta")
    assert [v.storage for v in data.variables][:3] == ["int", "long", "double"]
    assert data.numeric("b").tolist() == [126.0, MISSING]
    assert data.numeric("i").tolist() == [32766.0, MISSING]
    assert data.numeric("l").tolist() == [2147483646.0, MISSING]


@pytest.mark.parametrize("release", RELEASES)
def test_old_files_are_saved_as_current_ones(release: int) -> None:
    data = dataset_from_bytes(ancient_file(release), "old.dta")
    again = dataset_from_bytes(dta_bytes(data), "new.dta")
    assert again.variables == data.variables
    assert again.value_labels == data.value_labels
    for name in data.names:
        assert again.columns[name].tolist() == data.columns[name].tolist()


@pytest.mark.parametrize("release", RELEASES)
def test_truncated_old_files_are_refused(release: int) -> None:
    content = ancient_file(release)
    whole = dataset_from_bytes(content, "old.dta")
    for end in range(4, len(content), 7):
        try:
            data = dataset_from_bytes(content[:end], "old.dta")
        except StataError as error:
            assert error.rc == 610  # noqa: PT017  # the end of the data is the end of a file without value labels
        else:
            assert data.n_obs == whole.n_obs
            assert not data.value_labels
