"""Stata data files: reading every current release, writing current and old ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.data.dataset import Dataset
from engine.data.dta_binary import looks_binary, read_binary
from engine.data.dta_columns import dataset_from_raw
from engine.data.dta_tagged import OPENING, read_tagged
from engine.data.dta_write import CURRENT_RELEASE, dta_bytes
from engine.data.file_kinds import likely_kind
from engine.data.files import read_bytes, write_atomically
from engine.errors import StataError


def read_dta(path: str | Path) -> Dataset:
    """Return the data set in a .dta file (releases 105, 108, 110, 111, 113-115 and 117-121).

    Raises
    ------
    StataError
        601 not found, 603 not readable, 610 not a Stata data set or damaged, 909 too large for the memory.
    """
    path = Path(path)
    dataset = dataset_from_bytes(read_bytes(path), path.name)
    return replace(dataset, path=str(path))


def dataset_from_bytes(content: bytes, name: str) -> Dataset:
    """Return the data set whose .dta file has this content; `name` is used in messages."""
    data = memoryview(content)
    if not data:
        raise StataError(610, f"file {name} is empty; it is not a Stata data set")
    try:
        if bytes(data[: len(OPENING)]) == OPENING:
            raw = read_tagged(data, name)
        elif looks_binary(data):
            raw = read_binary(data, name)
        elif len(data) < len(OPENING) and OPENING.startswith(content):
            raise StataError(610, f"file {name} is truncated: it ends within its header")
        else:
            likely = likely_kind(content)
            hint = f"; it looks like {likely}" if likely else ""
            raise StataError(610, f"file {name} is not a Stata data set{hint}")
        if not raw.names:
            raise StataError(610, f"file {name} holds no variables")
        return dataset_from_raw(raw, name)
    except MemoryError:
        raise StataError(909, f"file {name} is too large for the memory of this computer") from None


def write_dta(dataset: Dataset, path: str | Path, release: int = CURRENT_RELEASE) -> None:
    """Write `dataset` whole or not at all; raises `StataError` 603 when the file cannot be written."""
    write_atomically(Path(path), dta_bytes(dataset, release))
