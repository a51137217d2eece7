"""Writing .dta files: releases 117, 118 and 119 between tags, 113 to 115 in one binary stretch."""

from __future__ import annotations

import struct
from collections.abc import Mapping

import numpy as np

from engine.data.dataset import Dataset, Variable
from engine.data.dta_fields import characteristics, clip, rows, sort_list, text_field, timestamp_now, value_label
from engine.data.dta_layout import BINARY_TYPES, LAYOUTS, MOST_VARIABLES, TAGGED_TYPES, Layout
from engine.errors import StataError

CURRENT_RELEASE = 118
LARGE_RELEASE = 119
"""The release for more variables than the current one can hold."""

_TAGGED_CODES = {storage: code for code, storage in TAGGED_TYPES.items()}
_BINARY_CODES = {storage: code for code, storage in BINARY_TYPES.items()}


def dta_bytes(dataset: Dataset, release: int = CURRENT_RELEASE) -> bytes:
    """Return the content of a file (little endian) that holds `dataset`.

    A release that cannot hold so many variables is replaced by 119; old releases refuse them with `StataError` 900.
    What else an old release cannot hold `dta_old.for_release` has changed before.
    """
    if len(dataset.variables) > MOST_VARIABLES and release != LARGE_RELEASE:
        if release != CURRENT_RELEASE:
            raise StataError(900, f"the file format holds at most {MOST_VARIABLES} variables")
        release = LARGE_RELEASE
    layout = LAYOUTS[release]
    return _tagged(dataset, layout) if release >= 117 else _binary(dataset, layout)


def _tagged(dataset: Dataset, layout: Layout) -> bytes:
    data, long_strings = rows(dataset, layout)
    chars = b"".join(
        b"<ch>" + struct.pack("<I", len(body)) + body + b"</ch>" for body in characteristics(dataset, layout)
    )
    labels = b"".join(b"<lbl>" + value_label(entry, layout) + b"</lbl>" for entry in dataset.value_labels.values())
    fields = _descriptors(dataset, layout)
    sections = [
        _section("variable_types", _codes(dataset.variables, _TAGGED_CODES, "<u2")),
        _section("varnames", fields["name"]),
        _section("sortlist", sort_list(dataset, layout)),
        _section("formats", fields["format"]),
        _section("value_label_names", fields["value_label"]),
        _section("variable_labels", fields["label"]),
        _section("characteristics", chars),
        _section("data", data),
        _section("strls", long_strings),
        _section("value_labels", labels),
    ]
    header = _header(dataset, layout)
    positions = [0, len(header)]
    at = len(header) + len("<map></map>") + 14 * 8
    for section in sections:
        positions.append(at)
        at += len(section)
    positions += [at, at + len("</stata_dta>")]
    map_section = b"<map>" + struct.pack("<14Q", *positions) + b"</map>"
    return b"".join([header, map_section, *sections, b"</stata_dta>"])


def _header(dataset: Dataset, layout: Layout) -> bytes:
    label = clip(dataset.label, layout.label - 1, layout)
    stamp = clip(dataset.timestamp or timestamp_now(), 255, layout)
    return b"".join([
        f"<stata_dta><header><release>{layout.release}</release><byteorder>LSF</byteorder><K>".encode(),
        len(dataset.variables).to_bytes(layout.n_vars, "little"),
        b"</K><N>",
        dataset.n_obs.to_bytes(layout.n_obs, "little"),
        b"</N><label>",
        len(label).to_bytes(layout.data_label, "little"),
        label,
        b"</label><timestamp>",
        struct.pack("<B", len(stamp)),
        stamp,
        b"</timestamp></header>",
    ])  # fmt: skip


def _section(tag: str, content: bytes) -> bytes:
    return f"<{tag}>".encode() + content + f"</{tag}>".encode()


def _binary(dataset: Dataset, layout: Layout) -> bytes:
    data, _ = rows(dataset, layout)
    fields = _descriptors(dataset, layout)
    chars = [struct.pack("<BI", 1, len(body)) + body for body in characteristics(dataset, layout)]
    return b"".join([
        struct.pack("<BBBBHI", layout.release, 2, 1, 0, len(dataset.variables), dataset.n_obs),
        text_field(dataset.label, 81, layout),
        text_field(dataset.timestamp or timestamp_now(), 18, layout),
        _codes(dataset.variables, _BINARY_CODES, "<u1"),
        fields["name"],
        sort_list(dataset, layout),
        fields["format"],
        fields["value_label"],
        fields["label"],
        *chars,
        bytes(5),
        data,
        *(value_label(entry, layout) for entry in dataset.value_labels.values()),
    ])  # fmt: skip


def _descriptors(dataset: Dataset, layout: Layout) -> dict[str, bytes]:
    """Return the fields of all variables for each thing that is known about them."""
    widths = {"name": layout.name, "format": layout.format, "value_label": layout.name, "label": layout.label}
    return {
        what: b"".join(text_field(getattr(variable, what), width, layout) for variable in dataset.variables)
        for what, width in widths.items()
    }


def _codes(variables: tuple[Variable, ...], codes: Mapping[str, int], dtype: str) -> bytes:
    """Return the storage types; text is coded by its length."""
    return np.array([codes.get(v.storage) or int(v.storage[3:]) for v in variables], dtype=dtype).tobytes()
