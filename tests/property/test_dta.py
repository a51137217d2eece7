"""Any data set survives its file; no damaged file does more than raise a StataError."""

from __future__ import annotations

import contextlib
import string
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.dataset import Dataset, ValueLabel, Variable
from engine.data.dta import dataset_from_bytes
from engine.data.dta_write import dta_bytes
from engine.data.missing import MISSING_DOUBLES, from_doubles, missing_text
from engine.errors import StataError

NAMES = st.text(string.ascii_letters + "_äß", min_size=1, max_size=12)
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
ASCII = st.text(string.ascii_letters + string.digits + " ,;", max_size=8)
LIMITS = {"byte": (-127, 100), "int": (-32767, 32740), "long": (-2147483647, 2147483620)}
FORMATS = ["%9.0g", "%10.2fc", "%08.2f", "%td", "%tcCCYY-NN-DD_HH:MM", "%-8.0gc", "%12.4e", "%21x"]
CODES = st.sampled_from(MISSING_DOUBLES.tolist())


def cells(storage: str) -> st.SearchStrategy[float]:
    if storage in LIMITS:
        return st.integers(*LIMITS[storage]).map(float) | CODES
    width = 32 if storage == "float" else 64
    return st.floats(-(2.0**100), 2.0**100, allow_nan=False, width=width) | CODES


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    n_obs = draw(st.integers(0, 6))
    names = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    data = Dataset(label=draw(WORDS), notes=tuple(draw(st.lists(WORDS, max_size=2))))
    labels = {}
    for name in names:
        storage = draw(st.sampled_from(["byte", "int", "long", "float", "double", "str", "strL"]))
        if storage.startswith("str"):
            column = np.empty(n_obs, dtype=object)
            column[:] = draw(st.lists(WORDS, min_size=n_obs, max_size=n_obs))
            storage = storage if storage == "strL" else f"str{max([1, *(len(t.encode()) for t in column)])}"
        else:
            values = draw(st.lists(cells(storage), min_size=n_obs, max_size=n_obs))
            column = from_doubles(np.array(values, dtype=np.float64), storage)
        fmt = draw(st.sampled_from(["%9s", "%-12s"] if storage.startswith("str") else FORMATS))
        attached = name if storage == "byte" and draw(st.booleans()) else ""
        if attached:
            keys = draw(st.lists(st.integers(-5, 5).map(float) | CODES, min_size=1, max_size=3, unique=True))
            labels[name] = ValueLabel(name, {key: draw(WORDS) for key in sorted(keys)})
        notes = tuple(draw(st.lists(WORDS, max_size=2)))
        data = data.with_variable(Variable(name, storage, fmt, draw(WORDS), attached, notes), column)
    from dataclasses import replace

    owned = st.tuples(st.sampled_from(["_dta", *names]), st.sampled_from(["unit", "_TStvar", "destring"]), WORDS)
    return replace(
        data,
        value_labels=labels,
        sorted_by=tuple(names[: draw(st.integers(0, len(names)))]),
        characteristics=tuple(draw(st.lists(owned, max_size=3, unique_by=lambda entry: entry[:2]))),
        timestamp=draw(st.sampled_from(["", "01 Feb 2026 09:30"])),
    )


@given(datasets())
@settings(max_examples=60, deadline=None)
def test_a_data_set_is_read_as_it_was_written(data: Dataset) -> None:
    content = dta_bytes(data)
    read = dataset_from_bytes(content, "t.dta")
    assert read.variables == data.variables
    assert (read.label, read.notes, read.sorted_by) == (data.label, data.notes, data.sorted_by)
    assert read.value_labels == data.value_labels
    assert read.characteristics == data.characteristics
    for variable in data.variables:
        ours, theirs = read.columns[variable.name], data.columns[variable.name]
        assert ours.tolist() == theirs.tolist()
        assert variable.is_string or ours.tobytes() == theirs.tobytes()  # -0.0 too
    assert dta_bytes(read) == content


@given(st.data(), st.sampled_from([8, 10, 12, 13, 14, 15]))
@settings(max_examples=60, deadline=None)
def test_files_of_another_library_survive_reading_and_writing(draw: st.DataObject, version: int) -> None:
    n_obs = draw.draw(st.integers(1, 6))
    numbers = st.floats(-1e300, 1e300, allow_nan=False) | st.sampled_from(["a", "m", "z"]) | st.none()
    x = draw.draw(st.lists(numbers, min_size=n_obs, max_size=n_obs))
    words = draw.draw(st.lists(ASCII, min_size=n_obs, max_size=n_obs))
    label, texts = draw.draw(ASCII), draw.draw(st.dictionaries(st.integers(-100, 100), ASCII.filter(bool), max_size=3))
    k = draw.draw(st.lists(st.integers(-100, 100), min_size=n_obs, max_size=n_obs))
    frame = pd.DataFrame({"x": pd.Series(x, dtype=object), "s": words, "k": pd.Series(k, dtype="int32")})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "theirs.dta"
        pyreadstat.write_dta(
            frame, str(path), version=version, file_label=label, column_labels={"x": label},
            variable_value_labels={"k": texts} if texts else None,
            missing_user_values={"x": ["a", "m", "z"]},
        )  # fmt: skip
        theirs = path.read_bytes()
    data = dataset_from_bytes(theirs, "theirs.dta")
    letters = {".": None, **{f".{letter}": letter for letter in "amz"}}
    found = [letters[missing_text(v)] if v >= MISSING_DOUBLES[0] else v for v in data.numeric("x").tolist()]
    assert found == x
    assert data.texts("s").tolist() == words
    assert data.numeric("k").tolist() == k
    assert (data.label, data.variable("x").label) == (label, label)
    assert {int(value): text for value, text in data.labels_of("k").items()} == texts
    again = dataset_from_bytes(dta_bytes(data), "ours.dta")
    assert again.variables == data.variables
    assert again.value_labels == data.value_labels
    for name in data.names:
        assert again.columns[name].tolist() == data.columns[name].tolist()


@given(datasets(), st.data())
@settings(max_examples=100, deadline=None)
def test_flipped_and_missing_bytes_raise_a_stata_error_at_most(data: Dataset, draw: st.DataObject) -> None:
    content = bytearray(dta_bytes(data))
    for _ in range(draw.draw(st.integers(1, 4))):
        content[draw.draw(st.integers(0, len(content) - 1))] = draw.draw(st.integers(0, 255))
    if draw.draw(st.booleans()):
        content = content[: draw.draw(st.integers(0, len(content)))]
    with contextlib.suppress(StataError):
        dataset_from_bytes(bytes(content), "t.dta")


@pytest.mark.parametrize("release", [105, 108, 110, 111, 113, 115])
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_damaged_binary_files_raise_a_stata_error_at_most(release: int, draw: st.DataObject) -> None:
    length = draw.draw(st.integers(0, 600))
    body = bytearray(bytes([release, 2, 1, 0, 1, 0, 2, 0, 0, 0]) + bytes(length))
    for _ in range(draw.draw(st.integers(0, 6))):
        body[draw.draw(st.integers(0, len(body) - 1))] = draw.draw(st.integers(0, 255))
    with contextlib.suppress(StataError):
        dataset_from_bytes(bytes(body), "t.dta")


@pytest.mark.parametrize("release", [105, 108, 111])
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_damaged_ancient_files_raise_a_stata_error_at_most(release: int, draw: st.DataObject) -> None:
    name, label, length = (9, 32 if release == 105 else 81, 2) if release < 110 else (33, 81, 4)
    head = bytes([release, 2, 1, 0, 2, 0, 3, 0, 0, 0]) + bytes(label) + bytes(18)
    types = b"bd" if release < 111 else bytes([251, 255])
    body = types + b"x".ljust(name, b"\0") + b"y".ljust(name, b"\0") + bytes(6 + 24 + 2 * name + 2 * label)
    content = bytearray(head + body + bytes(1 + length) + bytes(range(27)) + bytes(draw.draw(st.integers(0, 80))))
    for _ in range(draw.draw(st.integers(0, 5))):
        content[draw.draw(st.integers(4, len(content) - 1))] = draw.draw(st.integers(0, 255))
    with contextlib.suppress(StataError):
        data = dataset_from_bytes(bytes(content), "t.dta")
        assert all(len(data.columns[each]) == data.n_obs for each in data.names)


def test_every_truncation_of_a_file_is_refused() -> None:
    data = Dataset().with_variable(Variable("x", "byte", "%8.0g"), np.array([1, 2], dtype=np.int8))
    content = dta_bytes(data)
    for length in range(len(content)):
        with pytest.raises(StataError) as caught:
            dataset_from_bytes(content[:length], "t.dta")
        assert caught.value.rc == 610
