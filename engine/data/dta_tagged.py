"""Reading the tagged .dta releases 117 to 121 (Stata 13 and later)."""

from __future__ import annotations

import re

import numpy as np

from engine.data.dta_cursor import Cursor, decode_text
from engine.data.dta_layout import (
    ALIAS,
    FIRST_WITH_ALIASES,
    LAYOUTS,
    LONGEST_TAGGED_STRING,
    TAGGED_TYPES,
    Layout,
    RawFile,
    refuse_release,
)
from engine.errors import StataError

OPENING = b"<stata_dta><header><release>"
_BINARY_LONG_STRING = 129
_TEXT_LONG_STRING = 130


def read_tagged(data: memoryview, name: str) -> RawFile:
    """Return the parts of a tagged file (its bytes are `data`); raises `StataError` 610 where it is damaged."""
    cursor = Cursor(data, name)
    cursor.expect(OPENING, "header")
    layout = _read_release(cursor)
    raw = _read_header(cursor, layout)
    cursor.expect(b"<map>", "map")
    cursor.take(14 * 8, "map")
    cursor.expect(b"</map>", "map")
    _read_descriptors(cursor, layout, raw)
    _refuse_aliases(raw, name)
    _read_characteristics(cursor, layout, raw)
    cursor.expect(b"<data>", "data")
    raw.rows = cursor.take(raw.n_obs * raw.dtype.itemsize, "data")
    cursor.expect(b"</data>", "data")
    _read_long_strings(cursor, layout, raw)
    _read_value_labels(cursor, layout, raw)
    return raw


def _read_release(cursor: Cursor) -> Layout:
    digits = bytes(cursor.take(3, "header"))
    if not re.fullmatch(rb"\d{3}", digits):
        raise cursor.damaged("the release number is not a number")
    release = int(digits)
    if release not in LAYOUTS or release < 117:
        raise refuse_release(release, cursor.name)
    cursor.expect(b"</release><byteorder>", "header")
    order = bytes(cursor.take(3, "header"))
    if order not in {b"LSF", b"MSF"}:
        raise cursor.damaged("unknown byte order")
    cursor.order = "<" if order == b"LSF" else ">"
    layout = LAYOUTS[release]
    cursor.encoding = layout.encoding
    return layout


def _read_header(cursor: Cursor, layout: Layout) -> RawFile:
    cursor.expect(b"</byteorder><K>", "header")
    n_vars = cursor.number(layout.n_vars, "header")
    cursor.expect(b"</K><N>", "header")
    n_obs = cursor.number(layout.n_obs, "header")
    cursor.expect(b"</N><label>", "header")
    label = cursor.text(cursor.number(layout.data_label, "header"), "header")
    cursor.expect(b"</label><timestamp>", "header")
    timestamp = cursor.text(cursor.number(1, "header"), "header")
    cursor.expect(b"</timestamp></header>", "header")
    raw = RawFile(release=layout.release, order=cursor.order, n_obs=n_obs, label=label, timestamp=timestamp)
    raw.storage = [""] * n_vars if n_vars <= cursor.left else []
    if len(raw.storage) != n_vars:
        raise cursor.damaged(f"{n_vars} variables cannot fit in it")
    return raw


def _read_descriptors(cursor: Cursor, layout: Layout, raw: RawFile) -> None:
    count = len(raw.storage)
    cursor.expect(b"<variable_types>", "variable types")
    codes = np.frombuffer(cursor.take(2 * count, "variable types"), dtype=raw.order + "u2").tolist()
    cursor.expect(b"</variable_types><varnames>", "variable types")
    raw.storage = [_storage(cursor, code, layout) for code in codes]
    raw.names = cursor.texts(count, layout.name, "variable names")
    cursor.expect(b"</varnames><sortlist>", "variable names")
    positions = [cursor.number(layout.sort, "sort order") for _ in range(count + 1)]
    raw.sorted_by = sort_names(positions, raw.names)
    cursor.expect(b"</sortlist><formats>", "sort order")
    raw.formats = cursor.texts(count, layout.format, "formats")
    cursor.expect(b"</formats><value_label_names>", "formats")
    raw.value_label_names = cursor.texts(count, layout.name, "value label names")
    cursor.expect(b"</value_label_names><variable_labels>", "value label names")
    raw.labels = cursor.texts(count, layout.label, "variable labels")
    cursor.expect(b"</variable_labels>", "variable labels")


def _storage(cursor: Cursor, code: int, layout: Layout) -> str:
    if code in TAGGED_TYPES and (layout.release >= FIRST_WITH_ALIASES or TAGGED_TYPES[code] != ALIAS):
        return TAGGED_TYPES[code]
    if 1 <= code <= LONGEST_TAGGED_STRING:
        return f"str{code}"
    raise cursor.damaged(f"unknown storage type {code}")


def _refuse_aliases(raw: RawFile, name: str) -> None:
    """Refuse variables whose values lie in the file of another frame."""
    aliases = [variable for variable, storage in zip(raw.names, raw.storage, strict=True) if storage == ALIAS]
    if aliases:
        listed = ", ".join(aliases[:5]) + (" ..." if len(aliases) > 5 else "")
        message = (
            f"file {name} (.dta format {raw.release}) holds aliases of variables in another frame, whose values are "
            f"not in this file: {listed}; replace them by copies (frget) or drop them, and save it again"
        )
        raise StataError(610, message)


def sort_names(positions: list[int], names: list[str]) -> tuple[str, ...]:
    """Return the sort variables of a sort list: 1-based positions up to the first 0 (or anything impossible)."""
    found: list[str] = []
    for position in positions:
        if not 1 <= position <= len(names):
            break
        found.append(names[position - 1])
    return tuple(found)


def _read_characteristics(cursor: Cursor, layout: Layout, raw: RawFile) -> None:
    cursor.expect(b"<characteristics>", "characteristics")
    while cursor.follows(b"<ch>"):
        cursor.expect(b"<ch>", "characteristics")
        length = cursor.number(4, "characteristics")
        if length < 2 * layout.name:
            raise cursor.damaged("a characteristic without a name")
        owner = cursor.text(layout.name, "characteristics")
        name = cursor.text(layout.name, "characteristics")
        contents = cursor.text(length - 2 * layout.name, "characteristics")
        raw.characteristics.append((owner, name, contents))
        cursor.expect(b"</ch>", "characteristics")
    cursor.expect(b"</characteristics>", "characteristics")


def _read_long_strings(cursor: Cursor, layout: Layout, raw: RawFile) -> None:
    cursor.expect(b"<strls>", "long strings")
    while cursor.follows(b"GSO"):
        cursor.expect(b"GSO", "long strings")
        v = cursor.number(4, "long strings")
        o = cursor.number(layout.gso_o, "long strings")
        kind = cursor.number(1, "long strings")
        contents = bytes(cursor.take(cursor.number(4, "long strings"), "long strings"))
        if kind == _BINARY_LONG_STRING:
            raw.long_strings[v, o] = contents
        elif kind == _TEXT_LONG_STRING:
            raw.long_strings[v, o] = decode_text(contents, layout.encoding)
        else:
            raise cursor.damaged(f"a long string of unknown kind {kind}")
    cursor.expect(b"</strls>", "long strings")


def _read_value_labels(cursor: Cursor, layout: Layout, raw: RawFile) -> None:
    cursor.expect(b"<value_labels>", "value labels")
    while cursor.follows(b"<lbl>"):
        cursor.expect(b"<lbl>", "value labels")
        length = cursor.number(4, "value labels")
        name = cursor.text(layout.name, "value labels")
        cursor.take(3, "value labels")
        raw.value_labels[name] = dict(cursor.value_label_table(length))
        cursor.expect(b"</lbl>", "value labels")
    cursor.expect(b"</value_labels></stata_dta>", "value labels")
