"""Parquet and Feather files, written by pandas and by ourselves."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

from engine.data.dataset import Dataset, ValueLabel, Variable
from engine.data.dates import EPOCH
from engine.data.foreign.arrow import read_feather, read_parquet, write_parquet
from engine.data.missing import MISSING, missing_value
from engine.errors import StataError


def day(year: int, month: int, day_: int) -> float:
    return float((dt.date(year, month, day_) - EPOCH).days)


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "i": [1, 2, None],
            "b": [True, False, None],
            "f": [1.5, np.inf, np.nan],
            "s": ["é", None, "z"],
            "c": pd.Categorical(["lo", None, "hi"], categories=["lo", "hi"]),
            "d": [dt.date(1850, 1, 1), None, dt.date(2020, 2, 29)],
            "t": pd.to_datetime(["1850-03-01 10:11:12", "2020-02-29 01:02:03.5", None], format="ISO8601"),
            "big": [2**60 + 1, 1, 2],
            "a b": [1, 2, 3],
        }
    )


@pytest.mark.parametrize("kind", ["parquet", "feather"])
def test_columns_keep_their_kind(kind: str, frame: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / f"t.{kind}"
    getattr(frame, f"to_{kind}")(path)
    arrival = (read_parquet if kind == "parquet" else read_feather)(path)
    data = arrival.dataset
    assert data.numeric("i").tolist() == [1.0, 2.0, MISSING]
    assert data.numeric("b").tolist() == [1.0, 0.0, MISSING]
    assert data.numeric("f").tolist() == [1.5, MISSING, MISSING]
    assert data.columns["s"].tolist() == ["é", "", "z"]
    assert data.numeric("c").tolist() == [1.0, MISSING, 2.0]
    assert data.labels_of("c") == {1.0: "lo", 2.0: "hi"}
    assert (data.variable("d").format, data.numeric("d").tolist()) == (
        "%td",
        [day(1850, 1, 1), MISSING, day(2020, 2, 29)],
    )
    moment = (dt.datetime(2020, 2, 29, 1, 2, 3, 500_000) - dt.datetime(1960, 1, 1)) / dt.timedelta(milliseconds=1)
    assert data.variable("t").format == "%tc"
    assert data.numeric("t").tolist()[1:] == [moment, MISSING]
    assert data.columns["big"].tolist() == [str(2**60 + 1), "1", "2"]
    assert data.variable("a_b").label == "a b"
    assert any("digits" in remark for remark in arrival.remarks)


def test_columns_that_no_variable_can_hold_are_refused_by_name(tmp_path: Path) -> None:
    pyarrow.parquet.write_table(pa.table({"x": [[1, 2], [3]]}), tmp_path / "t.parquet")
    with pytest.raises(StataError, match="column x holds list") as caught:
        read_parquet(tmp_path / "t.parquet")
    assert caught.value.rc == 109


def test_truncated_and_foreign_files_are_refused(frame: pd.DataFrame, tmp_path: Path) -> None:
    frame.to_parquet(tmp_path / "t.parquet")
    content = (tmp_path / "t.parquet").read_bytes()
    for cut in (0, 4, 100, len(content) - 8):
        (tmp_path / "cut.parquet").write_bytes(content[:cut])
        for reader in (read_parquet, read_feather):
            with pytest.raises(StataError) as caught:
                reader(tmp_path / "cut.parquet")
            assert caught.value.rc == 610
    (tmp_path / "t.csv").write_text("a,b\n")
    with pytest.raises(StataError, match="text file"):
        read_parquet(tmp_path / "t.csv")


def test_our_own_files_come_back_with_everything_but_letters_of_missing_values(tmp_path: Path) -> None:
    data = Dataset(label="Größe", notes=("first",))
    values = np.array([1.25, missing_value("b"), MISSING])
    data = data.with_variable(Variable("x", "double", "%9.2f", "An x", "lab", ("on x",)), values)
    data = data.with_variable(Variable("d", "long", "%td"), np.array([0, -40000, 2147483621], dtype=np.int32))
    data = data.with_variable(Variable("t", "double", "%tc"), np.array([0.0, 1500.0, -86_400_000.5e3]))
    data = data.with_variable(Variable("s", "str5", "%-5s"), np.array(["é", "", "abc"], dtype=object))
    data = replace(data, value_labels={"lab": ValueLabel("lab", {1.0: "eins", missing_value("b"): "weg"})})
    assert write_parquet(data, tmp_path / "o.parquet") == ("(extended missing values became empty: x)",)
    read = read_parquet(tmp_path / "o.parquet").dataset
    assert [replace(v, storage="") for v in read.variables] == [replace(v, storage="") for v in data.variables]
    assert (read.label, read.notes, read.value_labels) == (data.label, data.notes, data.value_labels)
    assert read.variable("x").storage == "double"
    assert read.numeric("x").tolist() == [1.25, MISSING, MISSING]
    for name in ("d", "t"):
        assert read.numeric(name).tolist() == data.numeric(name).tolist()
    theirs = pd.read_parquet(tmp_path / "o.parquet")
    assert theirs["d"].tolist()[:2] == [dt.date(1960, 1, 1), dt.date(1850, 6, 26)]
