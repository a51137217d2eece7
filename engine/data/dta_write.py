"""Writing .dta release 118."""

from __future__ import annotations

import struct
from datetime import datetime
from typing import Any

import numpy as np

from engine.data.dataset import Dataset, ValueLabel, Variable
from engine.data.dta_layout import LAYOUTS, NUMPY_TYPES, STRL, TAGGED_TYPES
from engine.data.missing import INTEGER_MISSING, MISSING, missing_code
from engine.errors import StataError

_LAYOUT = LAYOUTS[118]
_CODES = {storage: code for code, storage in TAGGED_TYPES.items()}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MOST_VARIABLES = 32767


def dta_bytes(dataset: Dataset) -> bytes:
    """Return the content of a release 118 file (little endian) that holds `dataset`.

    Raises `StataError` 900 for more variables than the release can hold.
    """
    variables = dataset.variables
    if len(variables) > _MOST_VARIABLES:
        raise StataError(900, f"the file format holds at most {_MOST_VARIABLES} variables")
    rows, long_strings = _rows(dataset)
    sections = [
        _descriptor("variable_types", b"".join(struct.pack("<H", _code(v)) for v in variables)),
        _descriptor("varnames", b"".join(_field(v.name, _LAYOUT.name) for v in variables)),
        _descriptor("sortlist", _sort_list(dataset)),
        _descriptor("formats", b"".join(_field(v.format, _LAYOUT.format) for v in variables)),
        _descriptor("value_label_names", b"".join(_field(v.value_label, _LAYOUT.name) for v in variables)),
        _descriptor("variable_labels", b"".join(_field(v.label, _LAYOUT.label) for v in variables)),
        _descriptor("characteristics", _characteristics(dataset)),
        _descriptor("data", rows),
        _descriptor("strls", long_strings),
        _descriptor("value_labels", b"".join(_value_label(entry) for entry in dataset.value_labels.values())),
    ]
    header = _header(dataset)
    positions = [0, len(header)]
    at = len(header) + len("<map></map>") + 14 * 8
    for section in sections:
        positions.append(at)
        at += len(section)
    positions += [at, at + len("</stata_dta>")]
    map_section = b"<map>" + struct.pack("<14Q", *positions) + b"</map>"
    return b"".join([header, map_section, *sections, b"</stata_dta>"])


def timestamp_now() -> str:
    """Return date and time as data files carry them (``01 Feb 2026 09:30``)."""
    now = datetime.now()
    return f"{now.day:02d} {_MONTHS[now.month - 1]} {now.year} {now.hour:02d}:{now.minute:02d}"


def _header(dataset: Dataset) -> bytes:
    label = _clip(dataset.label, 320)
    stamp = _clip(dataset.timestamp or timestamp_now(), 255)
    return b"".join([
        b"<stata_dta><header><release>118</release><byteorder>LSF</byteorder><K>",
        struct.pack("<H", len(dataset.variables)),
        b"</K><N>",
        struct.pack("<Q", dataset.n_obs),
        b"</N><label>",
        struct.pack("<H", len(label)),
        label,
        b"</label><timestamp>",
        struct.pack("<B", len(stamp)),
        stamp,
        b"</timestamp></header>",
    ])  # fmt: skip


def _descriptor(tag: str, content: bytes) -> bytes:
    return f"<{tag}>".encode() + content + f"</{tag}>".encode()


def _clip(text: str, length: int) -> bytes:
    """Return at most `length` bytes of UTF-8 without cutting a character."""
    return text.encode("utf-8", errors="replace")[:length].decode("utf-8", errors="ignore").encode()


def _field(text: str, width: int) -> bytes:
    return _clip(text, width - 1).ljust(width, b"\0")


def _code(variable: Variable) -> int:
    return _CODES[variable.storage] if variable.storage in _CODES else int(variable.storage[3:])


def _sort_list(dataset: Dataset) -> bytes:
    positions = [dataset.names.index(name) + 1 for name in dataset.sorted_by if name in dataset]
    positions += [0] * (len(dataset.variables) + 1 - len(positions))
    return struct.pack(f"<{len(positions)}H", *positions)


def _characteristics(dataset: Dataset) -> bytes:
    entries = list(dataset.characteristics)
    for owner, notes in [("_dta", dataset.notes), *((v.name, v.notes) for v in dataset.variables)]:
        if notes:
            entries.append((owner, "note0", str(len(notes))))
            entries += [(owner, f"note{number}", text) for number, text in enumerate(notes, start=1)]
    pieces = []
    for owner, name, contents in entries:
        body = _field(owner, _LAYOUT.name) + _field(name, _LAYOUT.name) + contents.encode() + b"\0"
        pieces.append(b"<ch>" + struct.pack("<I", len(body)) + body + b"</ch>")
    return b"".join(pieces)


def _rows(dataset: Dataset) -> tuple[bytes, bytes]:
    """Return the data section and the long strings it refers to."""
    fields: list[tuple[str, str]] = []
    for index, variable in enumerate(dataset.variables):
        if variable.storage == STRL:
            fields.append((f"v{index}", "<u8"))
        elif variable.is_string:
            fields.append((f"v{index}", "S" + variable.storage[3:]))
        else:
            fields.append((f"v{index}", "<" + NUMPY_TYPES[variable.storage]))
    table = np.zeros(dataset.n_obs, dtype=np.dtype(fields))
    long_strings: list[bytes] = []
    for index, variable in enumerate(dataset.variables):
        column = dataset.columns[variable.name]
        if variable.storage == STRL:
            table[f"v{index}"] = _long_cells(column, index + 1, long_strings)
        elif variable.is_string:
            width = int(variable.storage[3:])
            table[f"v{index}"] = [_clip(str(text), width) for text in column]
        else:
            table[f"v{index}"] = column
    return table.tobytes(), b"".join(long_strings)


def _long_cells(column: np.ndarray[Any, Any], position: int, long_strings: list[bytes]) -> np.ndarray[Any, Any]:
    """Return the references of a strL column; each distinct text is appended to `long_strings` once."""
    cells = np.zeros(len(column), dtype=np.uint64)
    known: dict[str | bytes, int] = {}
    for row, text in enumerate(column):
        if not text:
            continue
        reference = known.get(text)
        if reference is None:
            number = row + 1
            binary = isinstance(text, bytes)
            body = text if binary else text.encode("utf-8", errors="replace") + b"\0"
            head = b"GSO" + struct.pack("<IQBI", position, number, 129 if binary else 130, len(body))
            long_strings.append(head + body)
            reference = known[text] = position | number << 16
        cells[row] = reference
    return cells


def _value_label(entry: ValueLabel) -> bytes:
    texts = b""
    offsets: list[int] = []
    values: list[int] = []
    for value, text in sorted(entry.texts.items()):
        code = missing_code(value)
        values.append(int(value) if value < MISSING else INTEGER_MISSING["long"] + (code or 0))
        offsets.append(len(texts))
        texts += text.encode("utf-8", errors="replace") + b"\0"
    count = len(values)
    table = struct.pack("<II", count, len(texts)) + struct.pack(f"<{count}I{count}i", *offsets, *values) + texts
    return b"<lbl>" + struct.pack("<I", len(table)) + _field(entry.name, _LAYOUT.name) + bytes(3) + table + b"</lbl>"
