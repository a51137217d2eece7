"""From the raw parts of a .dta file to a data set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Column, Dataset, ValueLabel, Variable, new_row_ids
from engine.data.dta_ancient import modern_numbers
from engine.data.dta_cursor import decode_text
from engine.data.dta_layout import LAYOUTS, STRL, RawFile, string_storage
from engine.data.formats import default_format, is_format
from engine.data.missing import FLOAT_MISSING_BITS, MISSING
from engine.data.names import is_identifier
from engine.errors import StataError

_STRETCH = 1 << 18
"""Bytes of rows that are taken apart together: so many stay in the processor's cache."""
_LEAST_STRETCH = 256
_NOTE = re.compile(r"note(\d+)")


def dataset_from_raw(raw: RawFile, name: str) -> Dataset:
    """Return the data set that `raw` holds; raises `StataError` 610 when names, types or references are impossible."""
    _check_names(raw, name)
    rows = np.frombuffer(raw.rows, dtype=raw.dtype)
    numbers = _numbers(raw, rows)
    columns: dict[str, Column] = {}
    storages: list[str] = []
    ancient = LAYOUTS[raw.release].old_missing
    for index, (variable, storage) in enumerate(zip(raw.names, raw.storage, strict=True)):
        found = numbers.get(index)
        column = _column(raw, rows[f"v{index}"], storage, name) if found is None else found
        kept = _widened(storage, column)
        if ancient and not storage.startswith("str"):
            column, kept = modern_numbers(column, storage, raw.release)
        columns[variable] = column
        storages.append(kept)
    notes = _notes(raw)
    variables = tuple(
        Variable(
            variable,
            storage,
            form if is_format(form, text=storage.startswith("str")) else default_format(storage),
            label,
            value_label,
            notes.get(variable, ()),
        )
        for variable, storage, form, label, value_label in zip(
            raw.names, storages, raw.formats, raw.labels, raw.value_label_names, strict=True
        )
    )
    return Dataset(
        variables=variables,
        columns=columns,
        n_obs=raw.n_obs,
        row_ids=new_row_ids(raw.n_obs),
        value_labels={label: ValueLabel(label, texts) for label, texts in raw.value_labels.items()},
        label=raw.label,
        notes=notes.get("_dta", ()),
        sorted_by=raw.sorted_by,
        timestamp=raw.timestamp,
        characteristics=tuple(c for c in raw.characteristics if not _NOTE.fullmatch(c[1])),
    )


def _check_names(raw: RawFile, name: str) -> None:
    seen: set[str] = set()
    for position, variable in enumerate(raw.names, start=1):
        if not is_identifier(variable):
            raise StataError(610, f"file {name} is damaged: its variable {position} has no valid name")
        if variable in seen:
            raise StataError(610, f"file {name} is damaged: it holds two variables named {variable}")
        seen.add(variable)


def _column(raw: RawFile, field: npt.NDArray[Any], storage: str, name: str) -> Column:
    if storage == STRL:
        return _long_texts(raw, field, name)
    if storage.startswith("str"):
        return _short_texts(field, LAYOUTS[raw.release].encoding)
    column = field.astype(field.dtype.newbyteorder("="))
    if column.dtype.kind == "f":
        _remove_nonfinite(column)
    return column


def _numbers(raw: RawFile, rows: npt.NDArray[Any]) -> dict[int, Column]:
    """Return the numeric columns by position, a stretch of rows at a time, so that the file's bytes are read once.

    None of them where a row is so wide that a stretch would be a few rows only.
    """
    step = _STRETCH // max(rows.dtype.itemsize, 1)
    if step < _LEAST_STRETCH:
        return {}
    fields = {k: f"v{k}" for k, storage in enumerate(raw.storage) if not storage.startswith("str")}
    kinds: Mapping[str, Any] = rows.dtype.fields or {}
    columns = {k: np.empty(len(rows), dtype=kinds[name][0].newbyteorder("=")) for k, name in fields.items()}
    strange: set[int] = set()
    for start in range(0, len(rows), step):
        stretch = slice(start, start + step)
        part = rows[stretch]
        for k, name in fields.items():
            target = columns[k][stretch]
            target[:] = part[name]
            if target.dtype.kind == "f" and not (target.max() < np.inf and target.min() > -np.inf):
                strange.add(k)
    for k in strange:
        _remove_nonfinite(columns[k])
    return columns


def _remove_nonfinite(column: Column) -> None:
    """Turn NaN and infinities, which other programs write, into ``.``."""
    strange = ~np.isfinite(column)
    if strange.any():
        dot = np.uint32(FLOAT_MISSING_BITS).view(np.float32) if column.dtype == np.float32 else MISSING
        column[strange] = dot


def _short_texts(field: npt.NDArray[Any], encoding: str) -> Column:
    """Return fixed-width text as an object array of str; distinct values are decoded once."""
    if not len(field):
        return np.empty(0, dtype=object)
    width = field.dtype.itemsize
    cells = np.ascontiguousarray(field).view(np.uint8).reshape(len(field), width)
    ended = np.logical_or.accumulate(cells == 0, axis=1)
    if (cells[ended] != 0).any():  # what stands after the closing zero byte is not part of the text
        cells = np.where(ended, np.uint8(0), cells)
    packed = cells.view(f"S{width}").reshape(len(field))
    if cells.max() < 128:
        return packed.astype(f"U{width}").astype(object)
    distinct, inverse = np.unique(packed, return_inverse=True)
    texts = np.array([decode_text(bytes(value), encoding) for value in distinct], dtype=object)
    return texts[inverse]


def _widened(storage: str, column: Column) -> str:
    """Return the storage type with room for the text in UTF-8, which takes more bytes than a code page."""
    if storage == STRL or not storage.startswith("str"):
        return storage
    widest = max((len(text) for text in column), default=0)
    if 4 * widest <= int(storage[3:]):
        return storage
    needed = max((len(text.encode()) for text in set(column) if not text.isascii()), default=0)
    return storage if needed <= int(storage[3:]) else string_storage(needed)


def _long_texts(raw: RawFile, field: npt.NDArray[Any], name: str) -> Column:
    """Return a strL column; a cell refers to its text by (variable, row), (0, 0) is the empty text."""
    v_bits = np.uint64(8 * LAYOUTS[raw.release].strl_v)
    cells = field.astype(np.uint64)
    if raw.order == "<":
        v, o = cells & ((np.uint64(1) << v_bits) - np.uint64(1)), cells >> v_bits
    else:
        o_bits = np.uint64(64) - v_bits
        v, o = cells >> o_bits, cells & ((np.uint64(1) << o_bits) - np.uint64(1))
    result = np.empty(len(field), dtype=object)
    for row, key in enumerate(zip(v.tolist(), o.tolist(), strict=True)):
        if key == (0, 0):
            result[row] = ""
        elif key in raw.long_strings:
            result[row] = raw.long_strings[key]
        else:
            raise StataError(610, f"file {name} is damaged: observation {row + 1} refers to a text that is not there")
    return result


def _notes(raw: RawFile) -> dict[str, tuple[str, ...]]:
    """Return the notes of each variable and of ``_dta``, in the order of their numbers (``note0`` is their count)."""
    found: dict[str, dict[int, str]] = {}
    for owner, name, contents in raw.characteristics:
        match = _NOTE.fullmatch(name)
        if match and int(match[1]) > 0:
            found.setdefault(owner, {})[int(match[1])] = contents
    return {owner: tuple(text for _, text in sorted(notes.items())) for owner, notes in found.items()}
