from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.data.convert import dataset_from_pandas, smallest_storage
from engine.data.dataset import Dataset
from engine.data.missing import MISSING
from engine.data.names import is_legal, legal_names
from engine.errors import StataError


def test_each_column_takes_the_smallest_type_that_holds_it() -> None:
    frame = pd.DataFrame(
        {
            "a_byte": [1, 100, -127],
            "a_int": [1, 101, 2],
            "a_long": [1, 32741, 2],
            "big": [1, 2147483621, 2],
            "a_float": [0.5, 1.25, np.nan],
            "a_double": [0.1, 1.0, 2.0],
            "flag": [True, False, True],
            "gaps": pd.array([1, None, 3], dtype="Int64"),
        }
    )
    data = dataset_from_pandas(frame)
    storages = {variable.name: variable.storage for variable in data.variables}
    assert storages == {
        "a_byte": "byte", "a_int": "int", "a_long": "long", "big": "double", "a_float": "float", "a_double": "double",
        "flag": "byte", "gaps": "byte",
    }  # fmt: skip
    assert data.numeric("gaps").tolist() == [1.0, MISSING, 3.0]
    assert data.numeric("big").tolist() == [1.0, 2147483621.0, 2.0]


def test_nan_and_infinities_become_missing() -> None:
    data = dataset_from_pandas(pd.DataFrame({"x": [np.nan, np.inf, -np.inf, 2.0]}))
    assert data.numeric("x").tolist() == [MISSING, MISSING, MISSING, 2.0]


def test_categories_become_labelled_numbers() -> None:
    frame = pd.DataFrame({"c": pd.Categorical(["b", None, "a"], categories=["a", "b"])})
    data = dataset_from_pandas(frame)
    assert data.numeric("c").tolist() == [2.0, MISSING, 1.0]
    assert data.labels_of("c") == {1.0: "a", 2.0: "b"}


def test_midnights_become_days_and_other_moments_milliseconds() -> None:
    frame = pd.DataFrame(
        {
            "day": pd.to_datetime(["1960-01-02", None, "2000-02-29"]),
            "moment": pd.to_datetime(["1960-01-01 00:00:01", None, "1959-12-31 23:59:59"]),
            "zone": pd.to_datetime(["1960-01-01 01:00", "1960-01-01 00:00", "1960-01-01 00:00"]).tz_localize(
                "Etc/GMT-1"
            ),
        }
    )
    data = dataset_from_pandas(frame)
    assert (data.variable("day").format, data.numeric("day").tolist()) == ("%td", [1.0, MISSING, 14669.0])
    assert (data.variable("moment").format, data.numeric("moment").tolist()) == ("%tc", [1000.0, MISSING, -1000.0])
    assert data.numeric("zone").tolist() == [0.0, -3600000.0, -3600000.0]


def test_text_keeps_its_bytes_and_missing_text_is_empty() -> None:
    data = dataset_from_pandas(pd.DataFrame({"s": ["é", None, "abc"], "memo": ["x" * 3000, "", "y"]}))
    assert (data.variable("s").storage, data.texts("s").tolist()) == ("str3", ["é", "", "abc"])
    assert data.variable("memo").storage == "strL"


def test_objects_that_are_all_numbers_are_numbers() -> None:
    data = dataset_from_pandas(pd.DataFrame({"x": pd.Series([1, 2.5, None], dtype=object)}))
    assert data.numeric("x").tolist() == [1.0, 2.5, MISSING]


@pytest.mark.parametrize("column", [[1 + 2j], [[1, 2]], [b"x"], pd.to_timedelta(["1 day"])])
def test_columns_that_hold_neither_numbers_nor_text_are_refused(column: object) -> None:
    with pytest.raises(StataError) as caught:
        dataset_from_pandas(pd.DataFrame({"x": column}))
    assert caught.value.rc == 109


def test_names_that_are_not_legal_are_changed_and_kept_as_labels() -> None:
    frame = pd.DataFrame([[1, 2, 3, 4, 5]], columns=["my var", "my_var", "2nd", "if", "x" * 40])
    data = dataset_from_pandas(frame)
    assert data.names == ("my_var", "my_var_2", "_2nd", "_if", "x" * 32)
    assert data.variable("my_var").label == "my var"
    assert all(is_legal(name) for name in data.names)
    assert data.variable("_if").label == "if"


def test_names_stay_distinct() -> None:
    assert legal_names(["a b", "a.b", "a_b", ""]) == ("a_b", "a_b_2", "a_b_3", "v")


def test_a_data_set_goes_to_pandas_and_back() -> None:
    frame = pd.DataFrame({"x": [1.5, np.nan], "n": [1, 2], "s": ["a", "b"]})
    back = Dataset.from_pandas(frame).to_pandas()
    pd.testing.assert_frame_equal(back, frame, check_dtype=False)


def test_rows_of_different_data_sets_have_different_numbers() -> None:
    frame = pd.DataFrame({"x": [1, 2]})
    first, second = dataset_from_pandas(frame), dataset_from_pandas(frame)
    assert not set(first.row_ids.tolist()) & set(second.row_ids.tolist())


def test_a_column_without_values_takes_a_byte() -> None:
    assert smallest_storage(np.array([MISSING, MISSING])) == "byte"
    assert smallest_storage(np.array([1e300])) == "double"
    assert smallest_storage(np.array([2.0**127])) == "double"


def test_what_is_no_data_frame_is_refused() -> None:
    with pytest.raises(StataError, match="not list") as caught:
        dataset_from_pandas([1, 2])  # type: ignore[arg-type]
    assert caught.value.rc == 109
