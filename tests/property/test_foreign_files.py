"""Any data set survives files of other programs as far as these can hold it; a damaged file is refused at most."""

from __future__ import annotations

import contextlib
import io
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.dataset import Dataset, ValueLabel, Variable
from engine.data.dta import dataset_from_bytes
from engine.data.dta_old import for_release
from engine.data.dta_write import dta_bytes
from engine.data.foreign.arrow import read_parquet, write_parquet
from engine.data.foreign.cells import CellRules
from engine.data.foreign.date_text import DateOrder
from engine.data.foreign.delimited import DelimitedOptions, delimited_from_bytes
from engine.data.foreign.readers import read_file
from engine.data.foreign.split import Separator
from engine.data.foreign.stat_files import read_spss
from engine.data.foreign.write_stat import write_spss
from engine.data.foreign.write_text import TextOptions, write_delimited
from engine.data.missing import MISSING, MISSING_DOUBLES, from_doubles, is_missing, missing_value
from engine.errors import StataError

NUMBERS = st.one_of(
    st.integers(-(10**9), 10**9).map(float),
    st.floats(-1e15, 1e15, allow_nan=False).filter(lambda x: abs(x) > 1e-300 or x == 0.0).map(lambda x: x + 0.0),
)
CODES = st.sampled_from(MISSING_DOUBLES[:4].tolist())


def is_unmistakable(text: str) -> bool:
    """Tell whether text in the Windows code page cannot be taken for UTF-8 (``Ã¼`` can, and is rarely meant)."""
    try:
        text.encode("cp1252").decode("utf-8")
    except UnicodeDecodeError:
        return True
    return text.isascii()


LATIN = st.text(st.characters(codec="cp1252", exclude_categories=["Cc"]), max_size=8).filter(is_unmistakable)


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    n_obs = draw(st.integers(1, 6))
    data = Dataset()
    for position in range(draw(st.integers(1, 4))):
        name = f"v{position}"
        if draw(st.booleans()):
            values = np.array(draw(st.lists(NUMBERS | CODES, min_size=n_obs, max_size=n_obs)))
            data = data.with_variable(Variable(name, "double", "%10.0g", draw(LATIN).strip()), values)
        else:
            column = np.empty(n_obs, dtype=object)
            column[:] = draw(st.lists(LATIN, min_size=n_obs, max_size=n_obs))
            width = max([1, *(len(text.encode()) for text in column)])
            data = data.with_variable(Variable(name, f"str{width}", "%9s", draw(LATIN).strip()), column)
    return data


@st.composite
def labelled(draw: st.DrawFn) -> Dataset:
    data = draw(datasets())
    data = data.with_variable(
        Variable("k", "byte", "%8.0g", "", "k"), from_doubles(np.full(data.n_obs, missing_value("b")), "byte")
    )
    keys = draw(st.lists(st.integers(-100, 100).map(float) | CODES, min_size=1, max_size=4, unique=True))
    texts = {key: draw(LATIN.filter(bool)) for key in sorted(keys)}
    return replace(data, value_labels={"k": ValueLabel("k", texts)}, label=draw(LATIN).strip())


@pytest.mark.parametrize("release", [113, 114, 115, 117, 118, 119])
@given(labelled())
@settings(max_examples=25, deadline=None)
def test_every_release_of_stata_files_gives_back_what_it_was_given(release: int, data: Dataset) -> None:
    fitting, _ = for_release(data, release) if release < 118 else (data, ())
    read = dataset_from_bytes(dta_bytes(fitting, release), "t.dta")
    assert [(v.name, v.format, v.label, v.value_label) for v in read.variables] == [
        (v.name, v.format, v.label, v.value_label) for v in data.variables
    ]
    assert (read.label, read.value_labels) == (data.label, data.value_labels)
    for name in data.names:
        assert read.columns[name].tolist() == data.columns[name].tolist()


@given(labelled())
@settings(max_examples=40, deadline=None)
def test_pandas_and_pyreadstat_read_the_same_from_our_files(data: Dataset) -> None:
    content = dta_bytes(data)
    frame = pd.read_stata(io.BytesIO(content), convert_categoricals=False, convert_dates=False)
    theirs, meta = pyreadstat.read_dta(io.BytesIO(content), output_format="dict")
    for variable in data.variables:
        if variable.is_string:
            assert frame[variable.name].tolist() == data.columns[variable.name].tolist()
            continue
        values = data.numeric(variable.name)
        expected = np.where(is_missing(values), np.nan, values)
        np.testing.assert_array_equal(frame[variable.name].to_numpy(dtype=float), expected)
        np.testing.assert_array_equal(np.array(theirs[variable.name], dtype=float), expected)
    assert list(meta.column_names) == list(data.names)


def cells_of(data: Dataset, name: str) -> list[object]:
    return data.columns[name].tolist() if data.variable(name).is_string else data.numeric(name).tolist()


@given(datasets(), st.sampled_from([",", ";", "\t", "|"]), st.booleans())
@settings(max_examples=80, deadline=None)
def test_text_files_give_back_numbers_and_text(data: Dataset, sign: str, quote: bool) -> None:
    texts = frozenset(k for k, v in enumerate(data.variables, start=1) if v.is_string)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        write_delimited(data, path, TextOptions(delimiter=sign, quote=quote))
        content = path.read_bytes()
    options = DelimitedOptions(
        separator=Separator(sign),
        header=1,
        text_columns=texts,
        number_columns=frozenset(range(1, len(data.variables) + 1)) - texts,
        cells=CellRules(decimal=".", dates=DateOrder.NONE),
    )
    read = delimited_from_bytes(content, options, "t.csv")[0].dataset
    assert read.n_obs == data.n_obs
    for name in data.names:
        assert cells_of(read, name) == cells_of(data, name)


@given(datasets())
@settings(max_examples=40, deadline=None)
def test_parquet_gives_back_all_but_the_letters_of_missing_values(data: Dataset) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_parquet(data, Path(folder) / "t.parquet")
        read = read_parquet(Path(folder) / "t.parquet").dataset
    assert [(v.name, v.format, v.label) for v in read.variables] == [
        (v.name, v.format, v.label) for v in data.variables
    ]
    for name in data.names:
        if data.variable(name).is_string:
            assert read.columns[name].tolist() == data.columns[name].tolist()
        else:
            values = data.numeric(name)
            assert read.numeric(name).tolist() == np.where(is_missing(values), MISSING, values).tolist()


@given(labelled())
@settings(max_examples=10, deadline=None)
def test_spss_gives_back_numbers_text_and_order_of_missing_values(data: Dataset) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_spss(data, Path(folder) / "t.sav")
        read = read_spss(Path(folder) / "t.sav").dataset
    for name in data.names:
        if data.variable(name).is_string:  # SPSS fills text with blanks
            assert read.columns[name].tolist() == [text.rstrip(" ") for text in data.columns[name]]
            continue
        values, found = data.numeric(name), read.numeric(name)
        assert found[~is_missing(values)].tolist() == values[~is_missing(values)].tolist()
        assert (found == MISSING).tolist() == (values == MISSING).tolist()
        absent = is_missing(values) & (values > MISSING)
        assert np.argsort(found[absent], kind="stable").tolist() == np.argsort(values[absent], kind="stable").tolist()


@given(st.binary(max_size=300) | st.text('ab,;"\n\r\t1.5-/:NA é', max_size=120).map(str.encode))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_table_or_refused(content: bytes) -> None:
    with contextlib.suppress(StataError):
        data = delimited_from_bytes(content, DelimitedOptions(), "t.csv")[0].dataset
        assert all(len(data.columns[name]) == data.n_obs for name in data.names)


@pytest.mark.parametrize("ending", [".xlsx", ".sav", ".sas7bdat", ".xpt", ".parquet", ".feather", ".rds", ".por"])
@given(st.data())
@settings(max_examples=8, deadline=None)
def test_damaged_files_of_every_kind_are_refused(ending: str, draw: st.DataObject) -> None:
    content = bytearray(_example(ending))
    for _ in range(draw.draw(st.integers(1, 4))):
        content[draw.draw(st.integers(0, len(content) - 1))] = draw.draw(st.integers(0, 255))
    cut = draw.draw(st.integers(0, len(content)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"t{ending}"
        path.write_bytes(bytes(content[:cut]) if draw.draw(st.booleans()) else bytes(content))
        with contextlib.suppress(StataError):
            read_file(path)


def _example(ending: str) -> bytes:
    """Return a small file of a kind, where we can write one; else some bytes that begin like one."""
    frame = pd.DataFrame({"x": [1.0, 2.5], "s": ["a", "bc"]})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"t{ending}"
        if ending == ".xlsx":
            frame.to_excel(path, index=False)
        elif ending == ".sav":
            pyreadstat.write_sav(frame, path)
        elif ending == ".por":
            pyreadstat.write_por(frame.rename(columns=str.upper), path)
        elif ending == ".xpt":
            pyreadstat.write_xport(frame, path)
        elif ending == ".parquet":
            frame.to_parquet(path)
        elif ending == ".feather":
            frame.to_feather(path)
        else:
            return b"X\n\0\0\0\x03" + bytes(60)
        return path.read_bytes()
