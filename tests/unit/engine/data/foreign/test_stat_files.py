"""SPSS and SAS files, written by pyreadstat and by ourselves."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from engine.api import Session
from engine.data.dataset import Dataset, ValueLabel, Variable
from engine.data.dates import EPOCH
from engine.data.dta import dataset_from_bytes, read_dta
from engine.data.dta_write import dta_bytes
from engine.data.foreign.stat_files import read_sas, read_sasxport, read_spss
from engine.data.foreign.write_stat import write_sasxport, write_spss
from engine.data.missing import MISSING, missing_value
from engine.errors import StataError

A, B, C = missing_value("a"), missing_value("b"), missing_value("c")


def day(year: int, month: int, day_: int) -> float:
    return float((date(year, month, day_) - EPOCH).days)


def seconds(year: int, month: int, day_: int) -> float:
    """Return seconds as SPSS counts them: since 14 October 1582."""
    return float((date(year, month, day_) - date(1582, 10, 14)).days) * 86400.0


@pytest.fixture
def sav(tmp_path: Path) -> Path:
    frame = pd.DataFrame({"x": [1, 2, -99, -98, np.nan], "s": ["é", "", "b", "c", "d"], "y": [1, 2, 3, 98, 99.0]})
    pyreadstat.write_sav(
        frame,
        tmp_path / "t.sav",
        file_label="A survey",
        note=["a note"],
        column_labels={"x": "Frage 1: Größe"},
        variable_value_labels={"x": {1.0: "one", -99.0: "refused", 1.5: "half"}, "s": {"b": "Beta"}},
        missing_ranges={"x": [{"lo": -99, "hi": -98}], "y": [99, 98]},
        variable_format={"x": "F8.2"},
    )
    return tmp_path / "t.sav"


def test_labels_and_user_missing_values_arrive(sav: Path) -> None:
    arrival = read_spss(sav)
    data = arrival.dataset
    assert (data.label, data.notes) == ("A survey", ("a note",))
    assert data.variable("x").label == "Frage 1: Größe"
    assert data.variable("x").format == "%8.2f"
    assert data.numeric("x").tolist() == [1.0, 2.0, A, B, MISSING]
    assert data.labels_of("x") == {1.0: "one", A: "refused", B: "-98"}
    assert data.numeric("y").tolist() == [1.0, 2.0, 3.0, A, B]
    assert data.columns["s"].tolist() == ["é", "", "b", "c", "d"]
    assert "x (-99 .a, -98 .b), y (98 .a, 99 .b)" in arrival.remarks[0]


def test_labels_that_have_no_place_become_notes(sav: Path) -> None:
    data = read_spss(sav).dataset
    assert data.variable("x").notes == ("labels of values: 1.5 = half",)
    assert data.variable("s").notes == ("labels of values: b = Beta",)


def test_more_than_26_user_missing_codes_share_the_last_letter(tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": np.arange(30.0)})
    pyreadstat.write_sav(frame, tmp_path / "t.sav", missing_ranges={"x": [{"lo": 1, "hi": 29}]})
    values = read_spss(tmp_path / "t.sav").dataset.numeric("x")
    assert values[:2].tolist() == [0.0, A]
    assert (values[26:] == missing_value("z")).all()


def test_dates_and_times_are_counted_as_stata_does(tmp_path: Path) -> None:
    formats = {"d": "DATE11", "q": "QYR8", "m": "MOYR8", "t": "DATETIME20", "c": "TIME8", "n": "MONTH9"}
    moment = seconds(1850, 3, 1) + 3723.5
    frame = pd.DataFrame(
        {"d": [seconds(1850, 3, 1)], "q": [seconds(1850, 4, 1)], "m": [seconds(2020, 2, 1)], "t": [moment], "c": [61.0]}
    )
    frame["n"] = 3.0
    pyreadstat.write_sav(frame, tmp_path / "t.sav", variable_format=formats)
    data = read_spss(tmp_path / "t.sav").dataset
    assert [v.format for v in data.variables] == ["%td", "%tq", "%tm", "%tc", "%tcHH:MM:SS", "%8.0g"]
    values = [data.numeric(name)[0] for name in data.names]
    milliseconds = (datetime(1850, 3, 1, 1, 2, 3, 500_000) - datetime(1960, 1, 1)).total_seconds() * 1000
    assert values == [day(1850, 3, 1), (1850 - 1960) * 4 + 1, 60 * 12 + 1, milliseconds, 61_000.0, 3.0]


def test_portable_and_compressed_spss_files_are_read(tmp_path: Path) -> None:
    frame = pd.DataFrame({"X": [1.5, 2], "S": ["a", "b"]})
    pyreadstat.write_sav(frame, tmp_path / "t.zsav", compress=True)
    pyreadstat.write_por(frame, tmp_path / "t.por")
    for name in ("t.zsav", "t.por"):
        data = read_spss(tmp_path / name).dataset
        assert data.numeric("X").tolist() == [1.5, 2.0]
        assert data.columns["S"].tolist() == ["a", "b"]


def test_file_without_rows_keeps_its_variables(tmp_path: Path) -> None:
    pyreadstat.write_sav(pd.DataFrame({"x": pd.Series([], dtype=float)}), tmp_path / "t.sav", column_labels=["An x"])
    data = read_spss(tmp_path / "t.sav").dataset
    assert (data.n_obs, data.variable("x").label) == (0, "An x")


def test_long_labels_are_kept_as_notes(tmp_path: Path) -> None:
    pyreadstat.write_sav(pd.DataFrame({"x": [1.0]}), tmp_path / "t.sav", column_labels=["Frage " * 30])
    variable = read_spss(tmp_path / "t.sav").dataset.variable("x")
    assert variable.label == ("Frage " * 30)[:80]
    assert variable.notes[0].startswith("Frage " * 29)


@pytest.mark.parametrize("cut", [0, 3, 100, 200, -20])
def test_truncated_file_is_refused(sav: Path, tmp_path: Path, cut: int) -> None:
    (tmp_path / "cut.sav").write_bytes(sav.read_bytes()[: cut or 0])
    with pytest.raises(StataError) as caught:
        read_spss(tmp_path / "cut.sav")
    assert caught.value.rc == 610


def test_file_on_which_the_library_falls_over_is_refused(sav: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(StataError, match="cannot be read to its end") as caught:
        read_spss(sav)
    assert caught.value.rc == 610


def test_renamed_files_are_called_by_what_they_are(sav: Path, tmp_path: Path) -> None:
    (tmp_path / "t.sas7bdat").write_bytes(sav.read_bytes())
    with pytest.raises(StataError, match="looks like an SPSS file"):
        read_sas(tmp_path / "t.sas7bdat")
    (tmp_path / "u.sav").write_text("a,b\n1,2\n")
    with pytest.raises(StataError, match="text file with separated values"):
        read_spss(tmp_path / "u.sav")
    with pytest.raises(StataError) as caught:
        read_spss(tmp_path / "gone.sav")
    assert caught.value.rc == 601


def labelled() -> Dataset:
    data = Dataset(label="Label", notes=("one",))
    data = data.with_variable(
        Variable("_x", "byte", "%8.0g", "An x", "lab"), np.array([1, 101, 102, 104], dtype=np.int8)
    )
    data = data.with_variable(Variable("d", "long", "%td"), np.array([0, -40000, 2147483621, 5], dtype=np.int32))
    data = data.with_variable(Variable("with", "double", "%9.2f"), np.array([0.25, A, -5000.0, MISSING]))
    data = data.with_variable(Variable("s", "str3", "%9s"), np.array(["é", "", "a", "b"], dtype=object))
    return replace(data, value_labels={"lab": ValueLabel("lab", {1.0: "one", A: "refused", C: "lost"})})


def test_spss_files_come_back_with_labels_dates_and_missing_codes(tmp_path: Path) -> None:
    data = labelled()
    remarks = write_spss(data, tmp_path / "o.sav")
    assert "_x is called v_x" in remarks[0]
    assert "with is called v_with" in remarks[1]
    assert "user-missing values: _x (-999 to -998), with (-9999 to -9999)" in remarks[2]
    read = read_spss(tmp_path / "o.sav").dataset
    assert read.names == ("v_x", "d", "v_with", "s")
    assert (read.label, read.notes) == ("Label", ("one",))
    assert read.variable("v_x").label == "An x"
    # of .a and .c two codes are left, which come back as the first two letters
    assert read.numeric("v_x").tolist() == [1.0, MISSING, A, B]
    assert read.labels_of("v_x") == {1.0: "one", A: "refused", B: "lost"}
    assert read.variable("d").format == "%td"
    assert read.numeric("d").tolist() == data.numeric("d").tolist()
    assert read.numeric("v_with").tolist() == [0.25, A, -5000.0, MISSING]
    assert read.columns["s"].tolist() == ["é", "", "a", "b"]
    frame, meta = pyreadstat.read_sav(tmp_path / "o.sav", user_missing=True)
    assert frame["v_x"].tolist()[2:] == [-999.0, -998.0]
    assert meta.variable_value_labels["v_x"] == {1.0: "one", -999.0: "refused", -998.0: "lost"}


@pytest.mark.parametrize("version", [5, 8])
def test_transport_files_come_back(tmp_path: Path, version: int) -> None:
    data = labelled().keep_variables(["d", "s"])
    write_sasxport(data, tmp_path / "o.xpt", version)
    read = read_sasxport(tmp_path / "o.xpt").dataset
    assert read.numeric("d").tolist() == data.numeric("d").tolist()
    assert read.columns["s"].tolist() == ["é", "", "a", "b"]


def test_transport_file_refuses_names_that_it_cannot_hold(tmp_path: Path) -> None:
    data = Dataset.from_pandas(pd.DataFrame({"averylongname": [1]}))
    with pytest.raises(StataError, match="8 characters: averylongname"):
        write_sasxport(data, tmp_path / "o.xpt", 5)
    assert write_sasxport(data, tmp_path / "o.xpt", 8) == ()
    assert "labels" in write_sasxport(labelled().keep_variables(["_x"]), tmp_path / "p.xpt", 8)[0]


@pytest.fixture
def iris() -> Path:
    path = Path("/usr/lib/R/site-library/haven/examples/iris.sas7bdat")
    if not path.is_file():
        pytest.skip("the example of R's package haven is not installed")
    return path


def test_sas_data_are_read(iris: Path) -> None:
    data = read_sas(iris).dataset
    assert (data.n_obs, len(data.variables)) == (150, 5)
    assert data.numeric("Sepal_Length").sum() == pytest.approx(876.5)  # R: sum(iris$Sepal.Length)


def test_half_a_sas_file_is_refused(iris: Path, tmp_path: Path) -> None:
    content = iris.read_bytes()
    (tmp_path / "half.sas7bdat").write_bytes(content[: len(content) // 2])
    with pytest.raises(StataError, match="is not SAS data, or damaged") as caught:
        read_sas(tmp_path / "half.sas7bdat")
    assert caught.value.rc == 610


@pytest.mark.parametrize("content", [b"junk" * 1000, b""])
def test_a_catalog_that_is_none_is_refused_by_its_own_name(iris: Path, content: bytes, tmp_path: Path) -> None:
    (tmp_path / "formats.sas7bcat").write_bytes(content)
    session = Session()
    outcome = session.run(f'import sas using "{iris}", bcat("{tmp_path / "formats.sas7bcat"}") clear')
    assert outcome.rc == 610
    assert outcome.error is not None
    assert "file formats.sas7bcat is" in outcome.error.message
    assert "a SAS catalog" in outcome.error.message


def test_a_catalog_gives_values_their_labels(iris: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No catalog is at hand that could be shipped: what the library finds in one is put in its place."""
    from engine.data.foreign import stat_files

    true = stat_files._read_apart

    def with_labels(reader: str, options: dict[str, Any], content: bytes) -> Any:
        if reader == "read_sas7bcat":
            return {}, None
        catalog = options.pop("catalog_file")
        assert catalog.getvalue() == b"a catalog"
        cells, known = true(reader, options, content)
        known.variable_value_labels["Petal_Width"] = {0.2: "narrow", 1.0: "one", 2.0: "two"}
        return cells, known

    monkeypatch.setattr(stat_files, "_read_apart", with_labels)
    (tmp_path / "formats.sas7bcat").write_bytes(b"a catalog")
    data = read_sas(iris, catalog=tmp_path / "formats.sas7bcat").dataset
    assert data.labels_of("Petal_Width") == {1.0: "one", 2.0: "two"}
    assert data.variable("Petal_Width").notes == ("labels of values: 0.2 = narrow",)


NAMES = ("childweight", "egsingle", "hsb", "insteval_sub", "ovary", "pastes", "pig", "pisa2000", "productivity")


@pytest.mark.parametrize("name", NAMES)
def test_reference_data_are_read_as_pyreadstat_reads_them_and_written_as_they_were(
    name: str, data_file: object, tmp_path: Path
) -> None:
    path: Path = data_file(name)  # type: ignore[operator]
    data = read_dta(path)
    theirs, meta = pyreadstat.read_dta(path, output_format="dict")
    assert list(data.names) == meta.column_names
    assert {v.name: v.label for v in data.variables if v.label} == {
        k: label for k, label in meta.column_names_to_labels.items() if label
    }
    for variable in data.variables:
        if variable.is_string:
            assert data.columns[variable.name].tolist() == list(theirs[variable.name])
        else:
            values = data.numeric(variable.name)
            wanted = np.array(theirs[variable.name], dtype=np.float64)
            np.testing.assert_array_equal(np.where(values >= MISSING, np.nan, values), wanted)
    again = dataset_from_bytes(dta_bytes(data), "again.dta")
    assert again.variables == data.variables
    assert again.value_labels == data.value_labels
    assert (again.label, again.notes, again.sorted_by, again.characteristics) == (
        data.label, data.notes, data.sorted_by, data.characteristics,
    )  # fmt: skip
    for column in data.names:
        assert np.array_equal(again.columns[column], data.columns[column])
        assert again.columns[column].dtype == data.columns[column].dtype
