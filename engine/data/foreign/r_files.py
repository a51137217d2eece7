"""Reading data frames that R has saved: .rds, .RData and .rda files.

The values are read as R wrote them: factors and labelled vectors give value labels, ``Date`` and ``POSIXct`` dates.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import warnings
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.data.dates import MS_PER_DAY
from engine.data.file_kinds import likely_kind
from engine.data.files import content_of
from engine.data.foreign.arriving import Arrival, Arriving, assemble, listed, numbers, words
from engine.data.foreign.decode import GZIP, read_within
from engine.data.missing import MISSING, is_missing, missing_value
from engine.data.names import legal_names
from engine.errors import StataError

_DAYS_TO_1970 = 3653
_NA_BITS = 0x7FF0_0000_0000_07A2
_ALL_BUT_LETTER = 0x7FF7_FF00_FFFF_FFFF
"""R's missing number; a tagged one carries its letter in the fifth byte. Sign and quiet bit may differ."""

_SECONDS_PER = {"secs": 1.0, "mins": 60.0, "hours": 3600.0, "days": 86400.0, "weeks": 604800.0}


def read_r(path: Path, *, shown: str = "", frame: str = "") -> Arrival:
    """Return a data frame of an R file: `frame` by name, or the only one.

    Raises
    ------
    StataError
        601, 603; 610 for what is no R file, 111 when there is no such data frame or more than one to choose from, 109
        for columns that a data set cannot hold.
    """
    name = shown or path.name
    root = _parsed(_plain(content_of(path, name, "R data"), name), name)
    try:
        return _chosen(root, name, frame)
    except StataError:
        raise
    except Exception:  # what a damaged file holds where names, values or attributes belong
        raise StataError(610, f"file {name} is damaged: its data frame is not one") from None


def _chosen(root: Any, name: str, frame: str) -> Arrival:
    """Return the data frame that is meant among the objects of a file."""
    frames = {key: value for key, value in _objects(root) if _is_frame(value)}
    if not frames:
        raise StataError(111, f"file {name} holds no data frame")
    if frame and frame not in frames:
        raise StataError(111, f"file {name} holds no data frame called {frame}; there are {listed(list(frames))}")
    if not frame and len(frames) > 1:
        first = next(iter(frames))
        message = f"file {name} holds several data frames: {listed(list(frames))}; choose one: import r, frame({first})"
        raise StataError(111, message)
    return _dataset(frames[frame or next(iter(frames))])


def _plain(content: bytes, name: str) -> bytes:
    """Return the content decompressed; `StataError` 909 where that is more than the memory can hold."""
    try:
        if content.startswith(GZIP):
            return read_within(gzip.open(io.BytesIO(content)), name)
        if content.startswith(b"BZh"):
            return read_within(bz2.open(io.BytesIO(content)), name)
        if content.startswith(b"\xfd7zXZ"):
            return read_within(lzma.open(io.BytesIO(content)), name)
    except (EOFError, lzma.LZMAError, zlib.error, OSError):
        raise StataError(610, f"file {name} is not R data, or damaged or truncated") from None
    return content


def _parsed(content: bytes, name: str) -> Any:
    import rdata.parser

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return rdata.parser.parse_data(content).object
    except MemoryError:
        raise StataError(909, f"file {name} is too large for the memory of this computer") from None
    except (EOFError, lzma.LZMAError, zlib.error, OSError):
        raise StataError(610, f"file {name} is not R data, or damaged or truncated") from None
    except Exception:  # the library raises whatever it meets in a file that is not R's
        likely = likely_kind(content)
        hint = f"; it looks like {likely}" if likely else ", or damaged"
        raise StataError(610, f"file {name} is not R data{hint}") from None


def _kind(node: Any) -> str:
    return str(node.info.type.name)


def _objects(root: Any) -> list[tuple[str, Any]]:
    """Return the objects of a file with their names; that of a single object is empty."""
    if _kind(root) != "LIST":
        return [("", root)]
    found = []
    node = root
    while _kind(node) == "LIST":
        found.append((_symbol(node.tag), node.value[0]))
        node = node.value[1]
    return found


def _symbol(node: Any) -> str:
    if _kind(node) == "REF":
        node = node.referenced_object
    return _text(node.value)


def _text(node: Any) -> str:
    """Return a string, empty for NA."""
    if node.value is None:
        return ""
    raw: bytes = node.value
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _attributes(node: Any) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    pair = node.attributes
    while pair is not None and _kind(pair) == "LIST":
        found[_symbol(pair.tag)] = pair.value[0]
        pair = pair.value[1]
    return found


def _strings(node: Any) -> list[str]:
    return [_text(item) for item in node.value] if node is not None and _kind(node) == "STR" else []


def _is_frame(node: Any) -> bool:
    return _kind(node) == "VEC" and "data.frame" in _strings(_attributes(node).get("class"))


def _dataset(frame: Any) -> Arrival:
    attributes = _attributes(frame)
    names = _strings(attributes.get("names"))
    if not names:
        raise StataError(2000, "the data frame has no columns")
    columns = [_column(name, node) for name, node in zip(names, frame.value, strict=True)]
    rows = _strings(attributes.get("row.names"))
    if rows and not _counts(rows):
        column = np.empty(len(rows), dtype=object)
        column[:] = rows
        columns.append(words("rownames", column))
    sizes = {len(column.values) for column in columns}
    if len(sizes) > 1:
        raise StataError(610, "the columns of the data frame have different lengths")
    label = (_strings(attributes.get("label")) or [""])[0]
    return assemble(columns, legal_names([column.name for column in columns]), n_obs=sizes.pop(), label=label)


def _counts(rows: list[str]) -> bool:
    """Tell whether the names of rows are only their numbers."""
    return all(row.isdigit() for row in rows)


def _column(name: str, node: Any) -> Arriving:
    attributes = _attributes(node)
    classes = _strings(attributes.get("class"))
    reader = _READERS.get(_kind(node))
    if reader is None or "dim" in attributes:
        raise StataError(109, f"column {name} of the data frame is a list, matrix or complex; it cannot be a variable")
    column = _converted(name, reader(node), attributes, classes)
    column.label = (_strings(attributes.get("label")) or [""])[0]
    labels = attributes.get("labels")
    if labels is not None and "factor" not in classes:
        texts = _strings(_attributes(labels).get("names"))
        values: list[Any] = _READERS[_kind(labels)](labels).tolist() if _kind(labels) in _READERS else []
        column.texts = dict(zip(values, texts, strict=False))
    return column


def _converted(name: str, values: npt.NDArray[Any], attributes: Mapping[str, Any], classes: list[str]) -> Arriving:
    if values.dtype == object:
        return words(name, values)
    absent = is_missing(values)
    safe = np.where(absent, 0.0, values)
    if "factor" in classes:
        column = numbers(name, values)
        column.texts = {float(k): text for k, text in enumerate(_strings(attributes.get("levels")), start=1)}
        return column
    if "Date" in classes:
        return numbers(name, np.where(absent, values, safe + _DAYS_TO_1970), "%td")
    if "POSIXct" in classes:
        moments = np.round(safe * 1000.0) + _DAYS_TO_1970 * MS_PER_DAY
        return Arriving(name=name, storage="double", values=np.where(absent, values, moments), format="%tc")
    if "difftime" in classes or "hms" in classes:
        unit = (_strings(attributes.get("units")) or ["secs"])[0]
        clock = np.round(safe * _SECONDS_PER.get(unit, 1.0) * 1000.0)
        return Arriving(name=name, storage="double", values=np.where(absent, values, clock), format="%tcHH:MM:SS")
    return numbers(name, values)


def _reals(node: Any) -> npt.NDArray[np.float64]:
    """Return numbers; NA becomes ``.``, a labelled NA its letter, NaN and infinities ``.``."""
    values = np.asarray(node.value, dtype=np.float64).copy()
    bits = values.view(np.uint64)
    strange = ~np.isfinite(values)
    tagged = strange & ((bits & np.uint64(_ALL_BUT_LETTER)) == np.uint64(_NA_BITS))
    letters = (bits >> np.uint64(32)) & np.uint64(0xFF)
    values[strange | (np.abs(values) >= MISSING)] = MISSING
    for letter in np.unique(letters[tagged]).tolist():
        if ord("a") <= letter <= ord("z"):
            values[tagged & (letters == letter)] = missing_value(chr(letter))
    return values


def _integers(node: Any) -> npt.NDArray[np.float64]:
    values: npt.NDArray[np.float64] = np.ma.filled(np.ma.asarray(node.value).astype(np.float64), MISSING)
    return np.where(values == -(2.0**31), MISSING, values)


def _words(node: Any) -> npt.NDArray[Any]:
    column = np.empty(len(node.value), dtype=object)
    column[:] = [_text(item) for item in node.value]
    return column


_READERS: Mapping[str, Callable[[Any], npt.NDArray[Any]]] = {
    "REAL": _reals,
    "INT": _integers,
    "LGL": _integers,
    "STR": _words,
}
