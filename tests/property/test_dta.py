"""Any data set survives its file; no damaged file does more than raise a StataError."""

from __future__ import annotations

import contextlib
import string

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.dataset import Dataset, ValueLabel, Variable
from engine.data.dta import dataset_from_bytes
from engine.data.dta_write import dta_bytes
from engine.data.missing import MISSING_DOUBLES, from_doubles
from engine.errors import StataError

NAMES = st.text(string.ascii_letters + "_äß", min_size=1, max_size=12)
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
LIMITS = {"byte": (-127, 100), "int": (-32767, 32740), "long": (-2147483647, 2147483620)}
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
        fmt = "%9s" if storage.startswith("str") else "%9.0g"
        attached = name if storage == "byte" and draw(st.booleans()) else ""
        if attached:
            keys = draw(st.lists(st.integers(-5, 5).map(float) | CODES, min_size=1, max_size=3, unique=True))
            labels[name] = ValueLabel(name, {key: draw(WORDS) for key in sorted(keys)})
        data = data.with_variable(Variable(name, storage, fmt, draw(WORDS), attached), column)
    from dataclasses import replace

    return replace(data, value_labels=labels, sorted_by=tuple(names[: draw(st.integers(0, len(names)))]))


@given(datasets())
@settings(max_examples=60, deadline=None)
def test_a_data_set_is_read_as_it_was_written(data: Dataset) -> None:
    read = dataset_from_bytes(dta_bytes(data), "t.dta")
    assert read.variables == data.variables
    assert (read.label, read.notes, read.sorted_by) == (data.label, data.notes, data.sorted_by)
    assert read.value_labels == data.value_labels
    for name in data.names:
        assert read.columns[name].tolist() == data.columns[name].tolist()


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


@pytest.mark.parametrize("release", [113, 115])
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_damaged_binary_files_raise_a_stata_error_at_most(release: int, draw: st.DataObject) -> None:
    length = draw.draw(st.integers(0, 600))
    body = bytearray(bytes([release, 2, 1, 0, 1, 0, 2, 0, 0, 0]) + bytes(length))
    for _ in range(draw.draw(st.integers(0, 6))):
        body[draw.draw(st.integers(0, len(body) - 1))] = draw.draw(st.integers(0, 255))
    with contextlib.suppress(StataError):
        dataset_from_bytes(bytes(body), "t.dta")


def test_every_truncation_of_a_file_is_refused() -> None:
    data = Dataset().with_variable(Variable("x", "byte", "%8.0g"), np.array([1, 2], dtype=np.int8))
    content = dta_bytes(data)
    for length in range(len(content)):
        with pytest.raises(StataError) as caught:
            dataset_from_bytes(content[:length], "t.dta")
        assert caught.value.rc == 610
