"""Reading the binary .dta releases from 105 to 115 (Stata 5 to 12)."""

from __future__ import annotations

import numpy as np

from engine.data.dta_cursor import Cursor
from engine.data.dta_layout import (
    BINARY_TYPES,
    LAYOUTS,
    LETTER_TYPES,
    LONGEST_BINARY_STRING,
    Layout,
    RawFile,
    refuse_release,
)
from engine.data.dta_tagged import sort_names

_BEFORE_LENGTH = 127
"""Where storage types are letters, a text of n bytes is coded by 127 + n."""
_SHORT_LABEL = 8
_KNOWN_RELEASES = range(102, 117)


def looks_binary(data: memoryview) -> bool:
    """Tell whether the first bytes can be the header of a binary .dta file."""
    return len(data) >= 4 and data[0] in _KNOWN_RELEASES and data[1] in {1, 2} and data[2] == 1


def read_binary(data: memoryview, name: str) -> RawFile:
    """Return the parts of a binary file (its bytes are `data`); raises `StataError` 610 where it is damaged."""
    release = data[0]
    if release not in LAYOUTS:
        raise refuse_release(release, name)
    layout = LAYOUTS[release]
    cursor = Cursor(data, name, ">" if data[1] == 1 else "<", layout.encoding)
    cursor.take(4, "header")
    count = cursor.number(2, "header")
    n_obs = cursor.number(4, "header")
    label = cursor.text(layout.title, "header")
    timestamp = cursor.text(18, "header")
    raw = RawFile(release=release, order=cursor.order, n_obs=n_obs, label=label, timestamp=timestamp)
    raw.storage = [_storage(cursor, code, layout) for code in bytes(cursor.take(count, "variable types"))]
    raw.names = cursor.texts(count, layout.name, "variable names")
    raw.sorted_by = sort_names([cursor.number(2, "sort order") for _ in range(count + 1)], raw.names)
    raw.formats = cursor.texts(count, layout.format, "formats")
    raw.value_label_names = cursor.texts(count, layout.name, "value label names")
    raw.labels = cursor.texts(count, layout.label, "variable labels")
    _read_characteristics(cursor, layout, raw)
    raw.rows = cursor.take(n_obs * raw.dtype.itemsize, "data")
    read_label = _read_short_label if layout.short_labels else _read_value_label
    while cursor.left:
        read_label(cursor, layout, raw)
    return raw


def _storage(cursor: Cursor, code: int, layout: Layout) -> str:
    if layout.types_are_letters:
        if code in LETTER_TYPES:
            return LETTER_TYPES[code]
        if code > _BEFORE_LENGTH:
            return f"str{code - _BEFORE_LENGTH}"
        raise cursor.damaged(f"unknown storage type {code}")
    if code in BINARY_TYPES:
        return BINARY_TYPES[code]
    if 1 <= code <= LONGEST_BINARY_STRING:
        return f"str{code}"
    raise cursor.damaged(f"unknown storage type {code}")


def _read_characteristics(cursor: Cursor, layout: Layout, raw: RawFile) -> None:
    """Read the expansion fields; kind 1 is a characteristic, 0 with length 0 ends them."""
    while True:
        kind = cursor.number(1, "characteristics")
        length = cursor.number(layout.expansion, "characteristics")
        if kind == 0 and length == 0:
            return
        if kind == 1 and length >= 2 * layout.name:
            owner = cursor.text(layout.name, "characteristics")
            name = cursor.text(layout.name, "characteristics")
            contents = cursor.text(length - 2 * layout.name, "characteristics")
            raw.characteristics.append((owner, name, contents))
        else:
            cursor.take(length, "characteristics")


def _read_value_label(cursor: Cursor, layout: Layout, raw: RawFile) -> None:
    length = cursor.number(4, "value labels")
    name = cursor.text(layout.name, "value labels")
    cursor.take(3, "value labels")
    raw.value_labels[name] = dict(cursor.value_label_table(length))


def _read_short_label(cursor: Cursor, layout: Layout, raw: RawFile) -> None:
    count = cursor.number(2, "value labels")
    name = cursor.text(layout.name, "value labels")
    cursor.take(1, "value labels")
    values = np.frombuffer(cursor.take(2 * count, "value labels"), dtype=raw.order + "i2").tolist()
    texts = cursor.texts(count, _SHORT_LABEL, "value labels")
    raw.value_labels[name] = dict(sorted((float(value), text) for value, text in zip(values, texts, strict=True)))
