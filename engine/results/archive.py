"""Results as plain data, so that a file can hold them: gzipped JSON that names the classes of this program.

Reading makes objects of this program's own data classes and enumerations and of nothing else, so a file cannot run
code. Numbers keep all their digits.
"""

from __future__ import annotations

import base64
import dataclasses
import gzip
import json
import math
from collections.abc import Mapping
from enum import Enum
from importlib import import_module
from typing import Any

import numpy as np

from engine.errors import StataError

KIND = "mixedgui estimates"
VERSION = 1
_HOME = "engine."
_TYPES = frozenset("bifu")


@dataclasses.dataclass(frozen=True, slots=True)
class KnownBoundary:
    """What remains of a boundary test in a file: its p-value at the statistic of the fit."""

    simulated: bool
    chi2: float
    p: float

    def p_value(self, chi2: float) -> float:
        """Return the p-value at the statistic it was computed for, NaN elsewhere."""
        return self.p if chi2 == self.chi2 else float("nan")


def to_bytes(value: object) -> bytes:
    """Return `value`, a data class of this program, as the content of a file."""
    document = {"kind": KIND, "version": VERSION, "value": _plain(value)}
    return gzip.compress(json.dumps(document, allow_nan=False).encode("utf-8"), mtime=0)


def from_bytes(content: bytes) -> Any:
    """Return what `to_bytes` wrote; StataError r(610) for anything else."""
    try:
        document = json.loads(gzip.decompress(content))
    except (OSError, EOFError, ValueError, RecursionError):
        raise StataError(610, "the file does not hold estimation results of this program") from None
    if not isinstance(document, dict) or document.get("kind") != KIND:
        raise StataError(610, "the file does not hold estimation results of this program")
    if document.get("version") != VERSION:
        raise StataError(610, "the estimation results were saved by a later version of this program")
    try:
        return _value(document["value"])
    except (KeyError, TypeError, ValueError, AttributeError, ImportError, IndexError):
        raise StataError(610, "the estimation results in the file are damaged") from None


def _plain(value: object) -> Any:
    if isinstance(value, Enum):
        return {"enum": _class_name(type(value)), "name": value.name}
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        number = float(value)
        return number if math.isfinite(number) else {"float": repr(number)}
    if isinstance(value, np.ndarray):
        content = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode("ascii")
        return {"array": value.dtype.str, "shape": list(value.shape), "content": content}
    if isinstance(value, (tuple, list, frozenset)):
        return {type(value).__name__: [_plain(item) for item in value]}
    if isinstance(value, Mapping):
        return {"map": [[_plain(key), _plain(item)] for key, item in value.items()]}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value) if f.init}
        return {"class": _class_name(type(value)), "fields": fields}
    message = f"{type(value).__name__} cannot be saved"
    raise TypeError(message)


def _class_name(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _value(plain: Any) -> Any:
    if not isinstance(plain, dict):
        return plain
    if "enum" in plain:
        return _class(plain["enum"], Enum)[plain["name"]]
    if "float" in plain:
        return float(plain["float"])
    if "array" in plain:
        return _array(plain)
    if "map" in plain:
        return {_value(key): _value(item) for key, item in plain["map"]}
    if "class" in plain:
        fields = {str(name): _value(item) for name, item in plain["fields"].items()}
        return _class(plain["class"], None)(**fields)
    for kind in (tuple, list, frozenset):
        if kind.__name__ in plain:
            return kind(_value(item) for item in plain[kind.__name__])
    raise ValueError(plain)


def _array(plain: dict[str, Any]) -> np.ndarray[Any, Any]:
    dtype = np.dtype(plain["array"])
    if dtype.kind not in _TYPES:
        raise ValueError(dtype)
    flat = np.frombuffer(base64.b64decode(plain["content"]), dtype=dtype)
    return flat.reshape(plain["shape"]).copy()


def _class(name: str, base: type | None) -> Any:
    """Return a data class or enumeration of this program; ValueError for anything else."""
    module, _, qualified = name.partition(":")
    if not module.startswith(_HOME) or "." in qualified:
        raise ValueError(name)
    found = getattr(import_module(module), qualified)
    if found.__module__ != module:
        raise ValueError(name)
    allowed = issubclass(found, base) if base is not None else dataclasses.is_dataclass(found)
    if not isinstance(found, type) or not allowed:
        raise ValueError(name)
    return found
