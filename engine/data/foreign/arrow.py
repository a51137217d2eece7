"""Reading and writing Parquet and Feather files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from engine.data.dataset import NUMERIC_STORAGE, Dataset, Variable
from engine.data.dates import MS_PER_DAY
from engine.data.file_kinds import likely_kind
from engine.data.files import content_of, whole_file
from engine.data.foreign.arriving import Arrival, Arriving, assemble, first_words, listed, nothing, numbers, words
from engine.data.formats import is_format, parse_format
from engine.data.missing import MISSING, from_doubles, is_missing, missing_code, to_doubles
from engine.data.names import legal_names
from engine.data.room import check_room
from engine.errors import StataError

if TYPE_CHECKING:
    import pyarrow as pa

_DAYS_TO_1970 = 3653
_MS_TO_1970 = _DAYS_TO_1970 * MS_PER_DAY
_EXACT = 2.0**53
_ABOUT = b"mixedgui"
"""Key under which labels, formats and notes are kept in a file, as JSON."""


def read_parquet(path: Path, *, shown: str = "") -> Arrival:
    """Return what a Parquet file holds; raises `StataError` 601, 603, 610, or 109 for columns of lists and the like."""
    import pyarrow as pa
    import pyarrow.parquet

    def load(content: bytes) -> pa.Table:
        file = pyarrow.parquet.ParquetFile(pa.BufferReader(content))
        check_room(8.0 * file.metadata.num_rows * file.metadata.num_columns, name)
        return file.read()

    name = shown or path.name
    return _read(path, name, "Parquet", load)


def read_feather(path: Path, *, shown: str = "") -> Arrival:
    """Return what a Feather file (version 1 or 2) holds; errors as `read_parquet`."""
    import pyarrow as pa
    import pyarrow.feather

    return _read(
        path, shown or path.name, "Feather", lambda content: pyarrow.feather.read_table(pa.BufferReader(content))
    )


def _read(path: Path, name: str, title: str, load: Any) -> Arrival:
    content = content_of(path, name, f"{title} data")
    try:
        return from_arrow(load(content))
    except (StataError, ImportError):
        raise
    except MemoryError:
        raise StataError(909, f"file {name} is too large for the memory of this computer") from None
    except Exception as error:  # besides its own errors the library raises whatever it meets in a damaged file
        likely = likely_kind(content)
        damaged = not likely or title in likely
        hint = first_words(error) if damaged else f"it looks like {likely}"
        raise StataError(610, f"file {name} is not {title} data, or damaged: {hint}") from None


def from_arrow(table: pa.Table) -> Arrival:
    """Return the data set of an Arrow table; categories become labelled integers, moments ``%td`` or ``%tc``."""
    about = json.loads((table.schema.metadata or {}).get(_ABOUT, b"{}"))
    remarks: list[str] = []
    columns = []
    names = [str(name) for name in table.column_names]
    if "pandas" in {key.decode() for key in table.schema.metadata or {}}:
        indexes = [name for name in names if name.startswith("__index_level_")]
        table, names = table.drop_columns(indexes), [name for name in names if name not in indexes]
    for name, column in zip(names, table.columns, strict=True):
        arriving = _column(name, column, remarks)
        _describe(arriving, about.get("variables", {}).get(name, {}))
        columns.append(arriving)
    if not columns:
        raise StataError(2000, "the file holds no columns")
    return assemble(
        columns,
        legal_names(names),
        n_obs=table.num_rows,
        label=about.get("label", ""),
        notes=tuple(about.get("notes", ())),
        remarks=remarks,
    )


def _describe(column: Arriving, about: Mapping[str, Any]) -> None:
    """Give a column what this program has kept in the file: label, format, value labels, notes."""
    storage = about.get("storage", "")
    if storage in NUMERIC_STORAGE and not column.storage.startswith("str"):
        values = to_doubles(column.values, column.storage)
        kept = from_doubles(values, storage)
        if np.array_equal(to_doubles(kept, storage), values):
            column.storage, column.values = storage, kept
    fmt = about.get("format", "")
    if fmt and is_format(fmt, text=column.storage.startswith("str")):
        column.format = fmt
    column.label = about.get("label", "") or column.label
    column.notes = tuple(about.get("notes", ()))
    column.value_label = about.get("value_label", "")
    column.texts = {float(value): text for value, text in about.get("values", ())} or column.texts


def _column(name: str, column: pa.ChunkedArray, remarks: list[str]) -> Arriving:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind):
        return _categories(name, column.combine_chunks(), remarks)
    if pa.types.is_null(kind):
        return nothing(name, len(column))
    if pa.types.is_boolean(kind):
        column = pc.cast(column, pa.int8())
    elif pa.types.is_decimal(kind):
        column = pc.cast(column, pa.float64())
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        return _numeric(name, column, remarks)
    if pa.types.is_date(kind):
        days = _doubles(pc.cast(pc.cast(column, pa.date32()), pa.int32()))
        return numbers(name, days + np.where(is_missing(days), 0.0, _DAYS_TO_1970), "%td")
    if pa.types.is_timestamp(kind):
        return _moments(name, column, remarks)
    if pa.types.is_time(kind) or pa.types.is_duration(kind):
        unit, wide = kind.unit, pa.int64() if kind.bit_width == 64 else pa.int32()
        ticks = _doubles(pc.cast(column, wide))
        scaled = np.where(is_missing(ticks), MISSING, ticks * _PER_MS[unit])
        clock = "%tcHH:MM:SS" if pa.types.is_time(kind) else ""
        return Arriving(name=name, storage="double", values=scaled, format=clock)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return words(name, _texts(column))
    raise StataError(109, f"column {name} holds {kind} values; a variable holds numbers or text")


_PER_MS = {"s": 1000.0, "ms": 1.0, "us": 1e-3, "ns": 1e-6}


def _doubles(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    """Return numbers as doubles, ``.`` where there is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = pc.cast(column, pa.float64(), safe=False).to_numpy().astype(np.float64)
    return np.where(np.isfinite(values) & (np.abs(values) < MISSING), values, MISSING)


def _numeric(name: str, column: pa.ChunkedArray, remarks: list[str]) -> Arriving:
    import pyarrow as pa
    import pyarrow.compute as pc

    values = _doubles(column)
    large = ~is_missing(values) & (np.abs(values) >= _EXACT)
    if pa.types.is_integer(column.type) and large.any():
        remarks.append(f"(left as text, because a number cannot hold all their digits: {name})")
        return words(name, _texts(pc.cast(column, pa.string())))
    return numbers(name, values)


def _moments(name: str, column: pa.ChunkedArray, remarks: list[str]) -> Arriving:
    import pyarrow as pa
    import pyarrow.compute as pc

    if column.type.tz is not None:
        remarks.append(f"(times of {name} are in UTC)")
    ticks = pc.cast(column, pa.int64())
    unit = column.type.unit
    if unit in ("us", "ns"):
        whole = pc.cast(
            pc.floor(pc.divide(pc.cast(ticks, pa.float64(), safe=False), 1e3 if unit == "us" else 1e6)), pa.float64()
        )
        milliseconds = _doubles(whole)
    else:
        milliseconds = _doubles(ticks)
        milliseconds = np.where(is_missing(milliseconds), MISSING, milliseconds * _PER_MS[unit])
    absent = is_missing(milliseconds)
    values = np.where(absent, MISSING, milliseconds + _MS_TO_1970)
    if not absent.all() and (values[~absent] % MS_PER_DAY == 0).all():
        return numbers(name, np.where(absent, MISSING, values / MS_PER_DAY), "%td")
    return Arriving(name=name, storage="double", values=values, format="%tc")


def _texts(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    """Return text as an object array; there is no missing text, null becomes empty."""
    import pyarrow.compute as pc

    result = np.empty(len(column), dtype=object)
    result[:] = pc.fill_null(column, "").to_pylist()
    return result


def _categories(name: str, column: Any, remarks: list[str]) -> Arriving:
    """Return categories of text as integers from 1 with labels; other categories as their values."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not (pa.types.is_string(column.type.value_type) or pa.types.is_large_string(column.type.value_type)):
        return _column(name, pa.chunked_array([pc.cast(column, column.type.value_type)]), remarks)
    codes = _doubles(pa.chunked_array([pc.cast(column.indices, pa.int64())]))
    arriving = numbers(name, np.where(is_missing(codes), MISSING, codes + 1.0))
    arriving.texts = {float(k): str(text) for k, text in enumerate(column.dictionary.to_pylist(), start=1)}
    return arriving


def write_parquet(dataset: Dataset, path: Path) -> tuple[str, ...]:
    """Write a Parquet file, whole or not at all, and return remarks; raises `StataError` 603.

    Dates become dates; labels, formats and notes are kept in the file for this program, which reads them back.
    """
    import pyarrow as pa
    import pyarrow.parquet

    lost: list[str] = []
    arrays = [_array(dataset, variable, lost) for variable in dataset.variables]
    about = {
        "label": dataset.label,
        "notes": dataset.notes,
        "variables": {v.name: _about(dataset, v) for v in dataset.variables},
    }
    table = pa.table(arrays, names=list(dataset.names)).replace_schema_metadata({_ABOUT: json.dumps(about).encode()})
    with whole_file(path) as temporary:
        pyarrow.parquet.write_table(table, temporary)
    return (f"(extended missing values became empty: {listed(lost)})",) if lost else ()


def _about(dataset: Dataset, variable: Variable) -> dict[str, Any]:
    texts = dataset.labels_of(variable.name) if not variable.is_string else {}
    return {
        "label": variable.label,
        "storage": variable.storage,
        "format": variable.format,
        "notes": variable.notes,
        "value_label": variable.value_label if texts else "",
        "values": list(texts.items()),
    }


def _array(dataset: Dataset, variable: Variable, lost: list[str]) -> pa.Array:
    import pyarrow as pa

    column = dataset.columns[variable.name]
    if variable.is_string:
        return pa.array(
            [text if isinstance(text, str) else text.decode("latin-1") for text in column], pa.large_string()
        )
    values = dataset.numeric(variable.name)
    absent = is_missing(values)
    if absent.any() and any(missing_code(value) for value in np.unique(values[absent]).tolist()):
        lost.append(variable.name)
    fmt = parse_format(variable.format)
    safe = np.where(absent, 0.0, values)
    if fmt is not None and fmt.kind == "td" and (safe == np.floor(safe)).all():
        return pa.array((safe - _DAYS_TO_1970).astype(np.int32), pa.int32(), mask=absent).cast(pa.date32())
    if fmt is not None and fmt.kind == "tc" and not fmt.details and (safe == np.floor(safe)).all():
        return pa.array((safe - _MS_TO_1970).astype(np.int64), pa.int64(), mask=absent).cast(pa.timestamp("ms"))
    return pa.array(np.where(absent, 0, column) if absent.any() else column, mask=absent)
