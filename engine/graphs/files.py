"""Graphs kept in files (``graph save``, ``graph use``, ``saving()``), with every number they are drawn from.

A file is JSON text in UTF-8: ``{"mixedgui_graph": 1, "graph": {...}}``. The graph has the fields of `GraphSpec`, its
layers, axes, panels, legend and looks those of their classes; a field with its usual value is left out. An array is
``{"dtype": "float64" | "int64", "base64": "..."}``, little-endian, so that what is read is bit for bit what was drawn.
A member of an enumeration is its value. Readers refuse a higher number of the format and unknown fields.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import os
import types
import typing
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import Span, StataError
from engine.graphs import axes, graphspec, look
from engine.graphs.graphspec import GraphSpec

ENDING = ".gph"
FORMAT = 1
_NAMES = vars(axes) | vars(look) | vars(graphspec)


def with_ending(path: Path) -> Path:
    """Return the path, with ``.gph`` where it has no ending."""
    return path if path.suffix else path.with_name(path.name + ENDING)


def save_graph(graph: GraphSpec, path: Path, *, overwrite: bool, span: Span | None = None) -> None:
    """Write a graph; an existing file is replaced whole or left alone.

    Raises
    ------
    StataError
        602 when the file is there and may not be overwritten, 603 when it cannot be written.
    """
    if path.exists() and not overwrite:
        raise StataError(602, f"file {path} already exists; add replace to overwrite it", span)
    text = json.dumps({"mixedgui_graph": FORMAT, "graph": to_plain(graph)}, ensure_ascii=False)
    temporary = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise StataError(603, f"file {path} could not be opened: {error.strerror or error}", span) from error


def read_graph(path: Path, span: Span | None = None) -> GraphSpec:
    """Read a graph.

    Raises
    ------
    StataError
        601 when there is no such file, 610 when it is none of this program's or of a later version of the format.
    """
    if not path.is_file():
        raise StataError(601, f"file {path} not found", span)
    try:
        found = json.loads(path.read_bytes())
        version = found["mixedgui_graph"]
    except (ValueError, KeyError, TypeError, RecursionError):
        message = f"file {path} was not written by graph save of this program; graphs of Stata cannot be read"
        raise StataError(610, message, span) from None
    if version != FORMAT:
        raise StataError(610, f"file {path} is of a later version of the program (format {version})", span)
    try:
        graph: GraphSpec = _from_plain(GraphSpec, found["graph"])
        _check(graph)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StataError(610, f"file {path} is damaged: {error}", span) from error
    return graph


def to_plain(value: Any) -> Any:
    """Return a description as dictionaries, lists, texts and numbers."""
    if isinstance(value, np.ndarray):
        array = value.astype(value.dtype.newbyteorder("<"), copy=False)
        return {"dtype": value.dtype.name, "base64": base64.b64encode(array.tobytes()).decode("ascii")}
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value) if not _usual(value, f)}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    return value


def _usual(value: Any, field: dataclasses.Field[Any]) -> bool:
    own = getattr(value, field.name)
    if isinstance(own, np.ndarray):
        return not len(own) and field.default_factory is not dataclasses.MISSING
    return field.default is not dataclasses.MISSING and bool(own == field.default)


def _from_plain(kind: Any, plain: Any) -> Any:
    """Return the value of type `kind` that a plain value stands for."""
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return None if plain is None else _from_plain(next(a for a in inside if a is not type(None)), plain)
    if origin is tuple:
        return tuple(_from_plain(inside[0], item) for item in plain)
    if origin is np.ndarray:
        if plain["dtype"] not in ("float64", "int64"):
            raise ValueError(f"arrays of {plain['dtype']}")
        raw = base64.b64decode(plain["base64"], validate=True)
        return np.frombuffer(raw, dtype=np.dtype(plain["dtype"]).newbyteorder("<")).astype(plain["dtype"])
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(plain)
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind, _NAMES)
        unknown = set(plain) - set(hints)
        if unknown:
            raise ValueError(f"unknown part {sorted(unknown)[0]}")
        return typing.cast("Any", kind)(**{name: _from_plain(hints[name], item) for name, item in plain.items()})
    if kind is float and isinstance(plain, int) and not isinstance(plain, bool):
        return float(plain)
    if not isinstance(plain, kind):
        raise TypeError(f"{plain!r} is not a {kind.__name__}")
    return plain


def _check(graph: GraphSpec) -> None:
    """Raise ValueError for arrays of a layer that do not belong together."""
    for layer in graph.layers:
        m = len(layer.x)
        lengths = (layer.y, layer.ll, layer.ul, layer.base, layer.rows, layer.texts, layer.true_x, layer.true_y)
        if len(layer.y) != m or any(len(part) not in (0, m) for part in lengths):
            raise ValueError("arrays of different lengths")
        if len(layer.members) != len(layer.member_of) or (len(layer.member_of) and not _places_in(layer.member_of, m)):
            raise ValueError("observations of marks that are not there")
        if any(not np.isfinite(part).all() for part in (layer.x, layer.y, layer.ll, layer.ul, layer.base)):
            raise ValueError("numbers that are not finite")
    for part in graph.parts:
        _check(part)


def _places_in(places: np.ndarray[Any, np.dtype[np.int64]], m: int) -> bool:
    return bool(places.min() >= 0 and places.max() < m)
