"""Reading the binary .dta releases 113, 114 and 115 (Stata 8 to 12)."""

from __future__ import annotations

from engine.data.dta_cursor import Cursor
from engine.data.dta_layout import BINARY_TYPES, LAYOUTS, LONGEST_BINARY_STRING, Layout, RawFile, refuse_release
from engine.data.dta_tagged import sort_names

_KNOWN_RELEASES = range(103, 117)


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
    label = cursor.text(81, "header")
    timestamp = cursor.text(18, "header")
    raw = RawFile(release=release, order=cursor.order, n_obs=n_obs, label=label, timestamp=timestamp)
    raw.storage = [_storage(cursor, code) for code in bytes(cursor.take(count, "variable types"))]
    raw.names = cursor.texts(count, layout.name, "variable names")
    raw.sorted_by = sort_names([cursor.number(2, "sort order") for _ in range(count + 1)], raw.names)
    raw.formats = cursor.texts(count, layout.format, "formats")
    raw.value_label_names = cursor.texts(count, layout.name, "value label names")
    raw.labels = cursor.texts(count, layout.label, "variable labels")
    _read_characteristics(cursor, layout, raw)
    raw.rows = cursor.take(n_obs * raw.dtype.itemsize, "data")
    while cursor.left:
        _read_value_label(cursor, layout, raw)
    return raw


def _storage(cursor: Cursor, code: int) -> str:
    if code in BINARY_TYPES:
        return BINARY_TYPES[code]
    if 1 <= code <= LONGEST_BINARY_STRING:
        return f"str{code}"
    raise cursor.damaged(f"unknown storage type {code}")


def _read_characteristics(cursor: Cursor, layout: Layout, raw: RawFile) -> None:
    """Read the expansion fields; kind 1 is a characteristic, 0 with length 0 ends them."""
    while True:
        kind = cursor.number(1, "characteristics")
        length = cursor.number(4, "characteristics")
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
