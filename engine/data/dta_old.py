"""What releases before 118 cannot hold, changed so that they can, and said."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace

from engine.data.dataset import Dataset, ValueLabel, Variable
from engine.data.dta_layout import LONGEST_BINARY_STRING, STRL
from engine.data.names import legal_names
from engine.errors import StataError

OLD_ENCODING = "cp1252"
_FIRST_WITH_LONG_TEXT = 117


def for_release(dataset: Dataset, release: int) -> tuple[Dataset, tuple[str, ...]]:
    """Return the data as a release from 113 to 117 can hold them, and sentences about what had to change.

    Names become ASCII, long strings short ones where they fit. Raises `StataError` 459 for text that is too long.
    """
    remarks: list[str] = []
    dataset = _with_plain_names(dataset, remarks)
    if release < _FIRST_WITH_LONG_TEXT:
        dataset = _with_short_text(dataset, release, remarks)
    lost = sorted({mark for text in _texts(dataset) if not text.isascii() for mark in text if not _known(mark)})
    if lost:
        shown = "".join(lost[:20])
        remarks.append(f"(characters that the old format does not have were replaced by ?: {shown})")
    return dataset, tuple(remarks)


def _with_plain_names(dataset: Dataset, remarks: list[str]) -> Dataset:
    names = _renamed(dataset.names)
    labels = _renamed(dataset.value_labels)
    for old, new in {**labels, **names}.items():
        if old != new:
            remarks.append(f"({old} is called {new} in the old format)")
    if all(old == new for old, new in {**labels, **names}.items()):
        return dataset
    owners = {**names, "_dta": "_dta"}
    return replace(
        dataset,
        variables=tuple(
            replace(v, name=names[v.name], value_label=labels.get(v.value_label, v.value_label))
            for v in dataset.variables
        ),
        columns={names[name]: column for name, column in dataset.columns.items()},
        value_labels={labels[k]: ValueLabel(labels[k], entry.texts) for k, entry in dataset.value_labels.items()},
        sorted_by=tuple(names[name] for name in dataset.sorted_by),
        characteristics=tuple((owners.get(owner, owner), name, text) for owner, name, text in dataset.characteristics),
    )


def _renamed(names: Iterable[str]) -> Mapping[str, str]:
    """Return old -> new name in ASCII: letters without their accents, other characters as ``_``."""
    old = tuple(names)
    plain = []
    for name in old:
        bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
        plain.append(bare.encode("ascii", errors="replace").decode().replace("?", "_"))
    return dict(zip(old, legal_names(plain), strict=True))


def _with_short_text(dataset: Dataset, release: int, remarks: list[str]) -> Dataset:
    for variable in dataset.variables:
        if not variable.is_string:
            continue
        column = dataset.columns[variable.name]
        if variable.storage != STRL and int(variable.storage[3:]) <= LONGEST_BINARY_STRING:
            continue
        if any(isinstance(cell, bytes) for cell in column):
            raise StataError(459, f"{variable.name} holds binary data, which .dta format {release} cannot hold")
        width = _check_width(variable, column, release)
        shorter = replace(variable, storage=f"str{width}")
        variables = tuple(shorter if v.name == variable.name else v for v in dataset.variables)
        dataset = replace(dataset, variables=variables)
        remarks.append(f"({variable.name} is stored as str{width} in the old format)")
    return dataset


def _check_width(variable: Variable, column: Iterable[str], release: int) -> int:
    width = max((len(text.encode(OLD_ENCODING, errors="replace")) for text in column), default=0)
    if width > LONGEST_BINARY_STRING:
        message = (
            f"{variable.name} holds text of {width} bytes; .dta format {release} holds at most "
            f"{LONGEST_BINARY_STRING}: use saveold with version(13), or drop it"
        )
        raise StataError(459, message)
    return max(width, 1)


def _texts(dataset: Dataset) -> Iterable[str]:
    """Return all text of the data set."""
    yield from (dataset.label, *dataset.notes)
    for variable in dataset.variables:
        yield from (variable.label, *variable.notes)
        if variable.is_string:
            yield from {text for text in dataset.columns[variable.name] if isinstance(text, str)}
    for entry in dataset.value_labels.values():
        yield from entry.texts.values()


def _known(mark: str) -> bool:
    try:
        mark.encode(OLD_ENCODING)
    except UnicodeEncodeError:
        return False
    return True
