"""The parts of a .dta file that every release writes alike, in the widths of its layout."""

from __future__ import annotations

import struct
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset, ValueLabel
from engine.data.dta_layout import NUMPY_TYPES, STRL, Layout
from engine.data.missing import INTEGER_MISSING, MISSING, missing_code

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WIDE = 64
"""Bytes of text above which a column is not spread out as an array of characters."""


def timestamp_now() -> str:
    """Return date and time as data files carry them (``01 Feb 2026 09:30``)."""
    now = datetime.now()
    return f"{now.day:02d} {_MONTHS[now.month - 1]} {now.year} {now.hour:02d}:{now.minute:02d}"


def clip(text: str, length: int, layout: Layout) -> bytes:
    """Return at most `length` bytes of `text` without cutting a character."""
    encoded = text.encode(layout.encoding, errors="replace")
    if len(encoded) <= length:
        return encoded
    return encoded[:length].decode(layout.encoding, errors="ignore").encode(layout.encoding)


def text_field(text: str, width: int, layout: Layout) -> bytes:
    """Return `text` and at least one zero byte in a field of `width` bytes."""
    return clip(text, width - 1, layout).ljust(width, b"\0")


def sort_list(dataset: Dataset, layout: Layout) -> bytes:
    """Return the 1-based positions of the sort variables, and zeros up to one more than there are variables."""
    place = {name: position for position, name in enumerate(dataset.names, start=1)}
    positions = [place[name] for name in dataset.sorted_by if name in place]
    positions += [0] * (len(dataset.variables) + 1 - len(positions))
    return np.array(positions, dtype=f"<u{layout.sort}").tobytes()


def characteristics(dataset: Dataset, layout: Layout) -> list[bytes]:
    """Return owner, name and contents of each characteristic, notes among them; those of variables that are gone go."""
    owners = {"_dta", *dataset.names}
    entries = [entry for entry in dataset.characteristics if entry[0] in owners]
    for owner, notes in [("_dta", dataset.notes), *((v.name, v.notes) for v in dataset.variables)]:
        if notes:
            entries.append((owner, "note0", str(len(notes))))
            entries += [(owner, f"note{number}", text) for number, text in enumerate(notes, start=1)]
    return [
        text_field(owner, layout.name, layout)
        + text_field(name, layout.name, layout)
        + contents.encode(layout.encoding, errors="replace")
        + b"\0"
        for owner, name, contents in entries
    ]


def rows(dataset: Dataset, layout: Layout) -> tuple[bytes, bytes]:
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
            table[f"v{index}"] = _long_cells(column, index + 1, long_strings, layout)
        elif variable.is_string:
            table[f"v{index}"] = _text_cells(column, int(variable.storage[3:]), layout)
        else:
            table[f"v{index}"] = column
    return table.tobytes(), b"".join(long_strings)


def _text_cells(column: npt.NDArray[Any], width: int, layout: Layout) -> npt.NDArray[Any]:
    """Return text in fields of `width` bytes; plain ASCII at once, other text once for each distinct value."""
    if width <= _WIDE and len(column):
        try:
            return column.astype(np.str_).astype(f"S{width}")
        except UnicodeEncodeError:
            pass
    known: dict[str, bytes] = {text: clip(text, width, layout) for text in set(column.tolist())}
    return np.array([known[text] for text in column.tolist()], dtype=f"S{width}")


def _long_cells(
    column: npt.NDArray[Any], position: int, long_strings: list[bytes], layout: Layout
) -> npt.NDArray[np.uint64]:
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
            body = text if binary else text.encode(layout.encoding, errors="replace") + b"\0"
            place = struct.pack("<I", position) + number.to_bytes(layout.gso_o, "little")
            long_strings.append(b"GSO" + place + struct.pack("<BI", 129 if binary else 130, len(body)) + body)
            reference = known[text] = position | number << 8 * layout.strl_v
        cells[row] = reference
    return cells


def value_label(entry: ValueLabel, layout: Layout) -> bytes:
    """Return a table of value labels: its length, name and padding, counts, offsets, values and texts."""
    texts = b""
    offsets: list[int] = []
    values: list[int] = []
    for value, text in sorted(entry.texts.items()):
        code = missing_code(value)
        values.append(int(value) if value < MISSING else INTEGER_MISSING["long"] + (code or 0))
        offsets.append(len(texts))
        texts += text.encode(layout.encoding, errors="replace") + b"\0"
    count = len(values)
    table = struct.pack("<II", count, len(texts)) + struct.pack(f"<{count}I{count}i", *offsets, *values) + texts
    return struct.pack("<I", len(table)) + text_field(entry.name, layout.name, layout) + bytes(3) + table
