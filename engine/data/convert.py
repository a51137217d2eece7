"""From a pandas data frame to a data set."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Column, Dataset, ValueLabel, Variable, new_row_ids
from engine.data.dates import EPOCH, MS_PER_DAY
from engine.data.dta_layout import string_storage
from engine.data.formats import default_format
from engine.data.missing import BLOCK, INTEGER_MISSING, MISSING, extent, from_doubles, is_missing, none_missing
from engine.data.names import legal_names
from engine.errors import StataError

if TYPE_CHECKING:
    import pandas as pd

_SMALLEST = {"byte": -127, "int": -32767, "long": -2147483647}


def dataset_from_pandas(frame: pd.DataFrame) -> Dataset:
    """Return a data set with the columns of `frame`; its index is left out.

    Categories become integers with value labels, booleans 0/1, moments ``%tc`` (``%td`` when all are at midnight),
    nullable types their plain kind; NaN, NaT, None and infinities become ``.``. Each column takes the smallest storage
    type that holds it exactly. A column whose name is not legal gets a legal one; the name it had becomes its label.

    Raises
    ------
    StataError
        109 for a column whose values are neither numbers nor text, and for what is no data frame.
    """
    import pandas as pd  # has been loaded by whoever made the frame

    if not isinstance(frame, pd.DataFrame):
        raise StataError(109, f"data must be a pandas DataFrame (or a Dataset), not {type(frame).__name__}")
    names = legal_names(frame.columns)
    variables: list[Variable] = []
    columns: dict[str, Column] = {}
    value_labels: dict[str, ValueLabel] = {}
    for position, (name, original) in enumerate(zip(names, frame.columns, strict=True)):
        storage, fmt, column, labels = _converted(frame.iloc[:, position], name)
        label = "" if str(original) == name else str(original)
        if labels:
            value_labels[name] = ValueLabel(name, labels)
        variables.append(Variable(name, storage, fmt, label, name if labels else ""))
        columns[name] = column
    n_obs = len(frame)
    return Dataset(
        variables=tuple(variables),
        columns=columns,
        n_obs=n_obs,
        row_ids=new_row_ids(n_obs),
        value_labels=value_labels,
        changed=bool(variables),
    )


def smallest_storage(values: npt.NDArray[np.float64]) -> str:
    """Return the smallest storage type that holds doubles (missing codes included) without loss."""
    numbers = values if none_missing(values) else values[~is_missing(values)]
    if not len(numbers):
        return "byte"
    if _all_blocks(numbers, lambda block: (block == np.floor(block)).all()):
        low, high = extent(numbers)
        for storage, least in _SMALLEST.items():
            if low >= least and high < INTEGER_MISSING[storage]:
                return storage
    return "float" if _all_blocks(numbers, _fits_single) else "double"


def _fits_single(numbers: npt.NDArray[np.float64]) -> bool:
    with np.errstate(over="ignore"):
        single = numbers.astype(np.float32)
    return bool((np.abs(single) < np.float32(2.0**127)).all() and (single.astype(np.float64) == numbers).all())


def _all_blocks(values: npt.NDArray[np.float64], holds: Callable[[npt.NDArray[np.float64]], Any]) -> bool:
    """Tell whether something holds in every block of values; most often the first one shows that it does not."""
    return all(holds(values[start : start + BLOCK]) for start in range(0, len(values), BLOCK))


def _converted(series: pd.Series[Any], name: str) -> tuple[str, str, Column, dict[float, str]]:
    """Return storage type, format, stored column and value labels."""
    import pandas as pd

    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        codes = series.cat.codes.to_numpy().astype(np.float64) + 1.0
        labels = {float(k): str(text) for k, text in enumerate(series.cat.categories, start=1)}
        return (*_stored(np.where(codes == 0.0, MISSING, codes)), labels)
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return (*_moments(series), {})
    if pd.api.types.is_complex_dtype(dtype):
        raise StataError(109, f"column {name} holds complex numbers; a variable holds numbers or text")
    if pd.api.types.is_bool_dtype(dtype) or pd.api.types.is_numeric_dtype(dtype):
        values = series.to_numpy(dtype=np.float64, na_value=np.nan)
        return (*_stored(np.where(np.isfinite(values), values, MISSING)), {})
    if pd.api.types.is_timedelta64_dtype(dtype):
        raise StataError(109, f"column {name} holds durations; turn them into numbers first")
    return (*_objects(series, name), {})


def _stored(values: npt.NDArray[np.float64]) -> tuple[str, str, Column]:
    storage = smallest_storage(values)
    return storage, default_format(storage), from_doubles(values, storage)


def _moments(series: pd.Series[Any]) -> tuple[str, str, Column]:
    """Return days since 1960 when every moment is a midnight, else milliseconds; time zones are left at UTC."""
    import pandas as pd

    plain = series.dt.tz_convert("UTC").dt.tz_localize(None) if getattr(series.dt, "tz", None) is not None else series
    absent = plain.isna().to_numpy()
    ticks = plain.astype("datetime64[ms]").to_numpy().astype(np.int64) - pd.Timestamp(EPOCH).value // 1_000_000
    milliseconds = np.where(absent, 0, ticks)
    if (milliseconds % MS_PER_DAY == 0).all():
        storage, _, column = _stored(np.where(absent, MISSING, milliseconds / MS_PER_DAY))
        return storage, "%td", column
    return "double", "%tc", from_doubles(np.where(absent, MISSING, milliseconds.astype(np.float64)), "double")


def _objects(series: pd.Series[Any], name: str) -> tuple[str, str, Column]:
    """Return a column of Python objects as numbers when all are numbers, else as text."""
    import pandas as pd

    absent = series.isna().to_numpy()
    cells = series.to_numpy(dtype=object)
    present = cells[~absent]
    if len(present) and all(isinstance(cell, bool | int | float | np.number | np.bool_) for cell in present):
        values = np.full(len(cells), MISSING)
        values[~absent] = [float(cell) for cell in present]
        return _stored(np.where(np.isfinite(values), values, MISSING))
    texts = np.empty(len(cells), dtype=object)
    texts[:] = ""
    for row in np.flatnonzero(~absent):
        cell = cells[row]
        if isinstance(cell, bytes | list | dict | set | tuple | np.ndarray | pd.DataFrame):
            raise StataError(109, f"column {name} holds {type(cell).__name__} values; a variable holds numbers or text")
        texts[row] = str(cell)
    width = max((len(text.encode()) for text in texts), default=1)
    storage = string_storage(width)
    return storage, default_format(storage), texts
