"""Every reference data set comes back from its file, in each release, as it went in; other libraries read the same."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from engine.api import Session
from engine.data.dataset import Dataset
from engine.data.dta import dataset_from_bytes, read_dta
from engine.data.dta_old import for_release
from engine.data.dta_write import dta_bytes
from engine.data.missing import MISSING_DOUBLES, from_doubles, is_missing, missing_text

BUNDLED = Path(__file__).resolve().parents[4] / "resources" / "datasets"
FOLDERS = [BUNDLED, *(Path(folder) for folder in os.environ.get("MIXEDGUI_DATA", "").split(os.pathsep) if folder)]
NAMES = sorted({path.stem for folder in FOLDERS for path in folder.glob("*.dta")})
RELEASES = (113, 114, 115, 117, 118, 119)
LARGE = 20_000


@pytest.fixture(params=NAMES)
def path(request: pytest.FixtureRequest, data_file: Callable[[str], Path]) -> Path:
    return data_file(request.param)


def assert_same(found: Dataset, expected: Dataset) -> None:
    """Compare all that a file holds; numbers by their bits."""
    assert found.variables == expected.variables
    for what in ("label", "notes", "sorted_by", "characteristics", "timestamp", "value_labels", "n_obs"):
        assert getattr(found, what) == getattr(expected, what), what
    for variable in expected.variables:
        ours, theirs = found.columns[variable.name], expected.columns[variable.name]
        if variable.is_string:
            assert ours.tolist() == theirs.tolist()
        else:
            assert ours.dtype == theirs.dtype
            assert ours.tobytes() == theirs.tobytes()


def test_a_file_is_written_as_it_was_byte_for_byte(path: Path) -> None:
    assert dta_bytes(read_dta(path), 118) == path.read_bytes()


def test_every_release_gives_back_what_it_was_given(path: Path) -> None:
    data = read_dta(path)
    releases = RELEASES if data.n_obs <= LARGE else (115, 117)
    for release in releases:
        fitting, _ = for_release(data, release) if release < 118 else (data, ())
        content = dta_bytes(fitting, release)
        again = dataset_from_bytes(content, path.name)
        assert_same(again, fitting)
        assert dta_bytes(again, release) == content
        unchanged = [v.name for v in fitting.variables if v == data.variable(v.name)] if fitting is not data else []
        for name in unchanged:
            assert again.columns[name].tolist() == data.columns[name].tolist()


@pytest.mark.parametrize("release", [0, 114])
def test_other_libraries_read_the_same(path: Path, release: int) -> None:
    data = read_dta(path)
    content = path.read_bytes() if not release else dta_bytes(for_release(data, release)[0], release)
    with pd.read_stata(io.BytesIO(content), iterator=True, convert_categoricals=False, convert_dates=False) as reader:
        frame = reader.read()
        assert reader.data_label == data.label
        assert reader.variable_labels() == {v.name: v.label for v in data.variables}
        theirs = {name: {float(k): t for k, t in texts.items()} for name, texts in reader.value_labels().items()}
    assert theirs == {name: dict(entry.texts) for name, entry in data.value_labels.items()}
    cells, known = pyreadstat.read_dta(io.BytesIO(content), output_format="dict", disable_datetime_conversion=True)
    assert known.column_names == list(data.names)
    assert [known.original_variable_types[name] for name in data.names] == [v.format for v in data.variables]
    for variable in data.variables:
        if variable.is_string:
            assert frame[variable.name].tolist() == data.texts(variable.name).tolist()
            assert list(cells[variable.name]) == data.texts(variable.name).tolist()
            continue
        values = data.numeric(variable.name)
        expected = np.where(is_missing(values), np.nan, values)
        np.testing.assert_array_equal(frame[variable.name].to_numpy(dtype=float), expected)
        np.testing.assert_array_equal(np.array(cells[variable.name], dtype=float), expected)


def test_commands_give_the_same_file_but_for_its_time(path: Path, tmp_path: Path) -> None:
    session = Session()
    assert session.run(f'use "{path}"').rc == 0
    assert session.run(f'save "{tmp_path / "copy"}"').rc == 0
    stamp = read_dta(path).timestamp
    again = replace(read_dta(tmp_path / "copy.dta"), timestamp=stamp)
    assert_same(again, read_dta(path))
    assert dta_bytes(again) == path.read_bytes()


@pytest.mark.parametrize(("version", "release"), [(8, 113), (10, 114), (12, 115), (13, 117), (14, 118), (19, 118)])
def test_old_versions_get_the_release_that_they_read(version: int, release: int, tmp_path: Path) -> None:
    session = Session()
    session.run("use hsb")
    target = tmp_path / "old.dta"
    assert session.run(f'saveold "{target}", version({version})').rc == 0
    content = target.read_bytes()
    assert content[0] == release or content[28:31] == str(release).encode()
    data = dataset_from_bytes(content, "old.dta")
    assert_same(replace(data, timestamp=session.data.timestamp), session.data)


@pytest.mark.parametrize("storage", ["byte", "int", "long", "float", "double"])
@pytest.mark.parametrize("release", RELEASES)
def test_pandas_sees_every_letter_of_a_missing_value(storage: str, release: int) -> None:
    values = np.concatenate([[1.0, -2.0], MISSING_DOUBLES])
    from engine.data.dataset import Variable

    data = Dataset().with_variable(Variable("x", storage, "%9.0g"), from_doubles(values, storage))
    frame = pd.read_stata(io.BytesIO(dta_bytes(data, release)), convert_missing=True)
    assert [str(value) for value in frame["x"][2:]] == [missing_text(value) for value in MISSING_DOUBLES]
