"""Stata data files: reading every current release, writing release 118."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

from engine.data.dataset import Dataset
from engine.data.dta_binary import looks_binary, read_binary
from engine.data.dta_columns import dataset_from_raw
from engine.data.dta_tagged import OPENING, read_tagged
from engine.data.dta_write import dta_bytes
from engine.data.files import write_atomically
from engine.errors import StataError


def read_dta(path: str | Path) -> Dataset:
    """Return the data set in a .dta file (releases 113-115 and 117-119).

    Raises
    ------
    StataError
        601 not found, 603 not readable, 610 not a Stata data set or damaged, 909 too large for the memory.
    """
    path = Path(path)
    dataset = dataset_from_bytes(_read_file(path), path.name)
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
            raise StataError(610, f"file {name} is not a Stata data set{_likely(content)}")
        if not raw.names:
            raise StataError(610, f"file {name} holds no variables")
        return dataset_from_raw(raw, name)
    except MemoryError:
        raise StataError(909, f"file {name} is too large for the memory of this computer") from None


def write_dta(dataset: Dataset, path: str | Path) -> None:
    """Write `dataset` as release 118, whole or not at all; raises `StataError` 603 when the file cannot be written."""
    write_atomically(Path(path), dta_bytes(dataset))


def _read_file(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise StataError(603, f"{path} is a folder, not a data file")
        if not stat.S_ISREG(mode):
            raise StataError(603, f"{path} is not an ordinary file")
        return path.read_bytes()
    except FileNotFoundError:
        raise StataError(601, f"file {path} not found") from None
    except PermissionError:
        raise StataError(603, f"file {path} could not be opened: no permission to read it") from None
    except MemoryError:
        raise StataError(909, f"file {path.name} is too large for the memory of this computer") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise StataError(603, f"file {path} could not be opened: {reason}") from None


def _likely(content: bytes) -> str:
    """Return what else the file may be, from its first bytes, as the end of a sentence."""
    if content.startswith(b"PK"):
        return "; it looks like a zip or Excel file"
    if content.startswith(b"$FL2"):
        return "; it looks like an SPSS file"
    if content.startswith((b"<!DOCTYPE", b"<html", b"<HTML", b"<!doctype")):
        return "; it looks like a web page"
    head = content[:2000]
    if b"\0" not in head and any(mark in head for mark in (b",", b"\t", b";")):
        return "; it looks like a text file with separated values"
    return ""
