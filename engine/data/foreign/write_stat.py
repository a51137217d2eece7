"""Writing SPSS files and SAS transport files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset, Variable
from engine.data.dates import EPOCH, MS_PER_DAY
from engine.data.files import whole_file
from engine.data.foreign.arriving import first_words, listed
from engine.data.formats import parse_format
from engine.data.missing import MISSING, is_missing, missing_code
from engine.errors import StataError

_SPSS_TO_1960 = (EPOCH - date(1582, 10, 14)).days
_SECONDS_PER_DAY = 86400.0
_SPSS_RESERVED = frozenset({"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"})


def write_spss(dataset: Dataset, path: Path) -> tuple[str, ...]:
    """Write a .sav (or .zsav) file, whole or not at all, and return remarks; raises `StataError` 603 or 198.

    Labels and dates are kept. Extended missing values become user-missing values below all others, in their order.
    """
    import pyreadstat

    names = _spss_names(dataset)
    remarks = [f"({old} is called {new})" for old, new in names.items() if old != new]
    frame: dict[str, Any] = {}
    labels: dict[str, dict[float, str]] = {}
    missing: dict[str, list[dict[str, float]]] = {}
    formats: dict[str, str] = {}
    coded: list[str] = []
    for variable in dataset.variables:
        name = names[variable.name]
        if variable.is_string:
            frame[name] = _texts(dataset, variable)
            continue
        values, texts, span = _coded(dataset, variable)
        values, formats_name = _spss_moments(values, variable)
        frame[name] = values
        if formats_name:
            formats[name] = formats_name
        if texts:
            labels[name] = texts
        if span is not None:
            missing[name] = [{"lo": span[0], "hi": span[1]}]
            coded.append(f"{variable.name} ({span[0]:g} to {span[1]:g})")
    if coded:
        remarks.append(f"(extended missing values became user-missing values: {listed(coded)})")
    with whole_file(path) as temporary:
        _write(
            pyreadstat.write_sav,
            frame,
            temporary,
            file_label=dataset.label,
            column_labels={names[v.name]: v.label for v in dataset.variables if v.label},
            variable_value_labels=labels,
            missing_ranges=missing,
            variable_format=formats,
            note=list(dataset.notes) or None,
            compress=path.suffix.lower() == ".zsav",
        )
    return tuple(remarks)


def write_sasxport(dataset: Dataset, path: Path, version: int) -> tuple[str, ...]:
    """Write a SAS transport file of version 5 or 8 and return remarks; raises `StataError` 603 or 459.

    Version 5 holds names of 8 characters; value labels and extended missing values have no place in either.
    """
    import pyreadstat

    longest = 8 if version == 5 else 32
    long_names = [name for name in dataset.names if len(name) > longest or not name.isascii()]
    if long_names:
        raise StataError(
            459, f"version {version} holds ASCII names of at most {longest} characters: {listed(long_names)}"
        )
    frame: dict[str, Any] = {}
    formats: dict[str, str] = {}
    lost: list[str] = []
    for variable in dataset.variables:
        if variable.is_string:
            frame[variable.name] = _texts(dataset, variable)
            continue
        values = dataset.numeric(variable.name)
        absent = is_missing(values)
        if any(missing_code(value) for value in np.unique(values[absent]).tolist()) or dataset.labels_of(variable.name):
            lost.append(variable.name)
        kind = getattr(parse_format(variable.format), "kind", "")
        if kind in ("td", "tc"):
            formats[variable.name] = "DATE9" if kind == "td" else "DATETIME20"
        frame[variable.name] = np.where(absent, np.nan, values / 1000.0 if kind == "tc" else values)
    with whole_file(path) as temporary:
        _write(
            pyreadstat.write_xport,
            frame,
            temporary,
            file_label=dataset.label[:40],
            column_labels={v.name: v.label[:40] for v in dataset.variables if v.label},
            variable_format=formats,
            file_format_version=version,
        )
    return (f"(value labels and letters of missing values are not kept: {listed(lost)})",) if lost else ()


def _write(writer: Any, frame: Mapping[str, Any], path: Path, **options: Any) -> None:
    """Call the library; it raises errors of its own."""
    import pandas as pd

    try:
        writer(pd.DataFrame(dict(frame)), str(path), **options)
    except OSError:
        raise
    except Exception as error:
        raise StataError(603, f"the file could not be written: {first_words(error)}") from None


def _spss_names(dataset: Dataset) -> dict[str, str]:
    """Return name -> name in SPSS, which does not tell capitals apart and keeps some words for itself."""
    taken: set[str] = set()
    names: dict[str, str] = {}
    for name in dataset.names:
        wanted = name.rstrip("_") or "v"
        wanted = f"v{wanted}" if wanted.startswith("_") else wanted
        wanted = f"v_{wanted}" if wanted.lower() in _SPSS_RESERVED else wanted
        candidate, number = wanted, 1
        while candidate.lower() in taken:
            number += 1
            candidate = f"{wanted}_{number}"
        taken.add(candidate.lower())
        names[name] = candidate
    return names


def _texts(dataset: Dataset, variable: Variable) -> npt.NDArray[Any]:
    column = dataset.columns[variable.name]
    return np.array([text if isinstance(text, str) else text.decode("latin-1") for text in column], dtype=object)


def _coded(
    dataset: Dataset, variable: Variable
) -> tuple[npt.NDArray[np.float64], dict[float, str], tuple[float, float] | None]:
    """Return values with NaN for ``.`` and numbers for ``.a`` … ``.z``, their labels, and the range of the latter."""
    values = dataset.numeric(variable.name)
    absent = is_missing(values)
    labels = dataset.labels_of(variable.name)
    used = {missing_code(value) or 0 for value in np.unique(values[absent]).tolist()}
    used |= {missing_code(value) or 0 for value in labels if value >= MISSING}
    letters = sorted(used - {0})
    result = np.where(absent, np.nan, values)
    texts = {value: text for value, text in labels.items() if value < MISSING}
    if not letters:
        return result, texts, None
    present = [*result[~np.isnan(result)].tolist(), *texts]
    low = _base(min(present, default=0.0))
    step = max(1.0, 2.0 * float(np.spacing(abs(low))))  # beyond 2^53 neighbouring whole numbers are one double
    codes = {letter: low + step * position for position, letter in enumerate(letters)}
    for value in [*np.unique(values[absent]).tolist(), *(value for value in labels if value >= MISSING)]:
        letter = missing_code(value) or 0
        if letter:
            result[values == value] = codes[letter]
            texts[codes[letter]] = labels.get(value, "." + chr(ord("a") + letter - 1))
    return result, texts, (codes[letters[0]], codes[letters[-1]])


def _base(least: float) -> float:
    """Return -999, -9999 …: a number well below the least value, with room for 26 codes."""
    power = 3
    while -(10.0**power) * (1.0 - 1e-13) + 27.0 >= least:
        power += 1
    return -(10.0**power) + 1.0


def _spss_moments(values: npt.NDArray[np.float64], variable: Variable) -> tuple[npt.NDArray[np.float64], str]:
    """Return dates as SPSS counts them with their format, other numbers with theirs."""
    parsed = parse_format(variable.format)
    if parsed is None:
        return values, ""
    if parsed.kind == "td":
        return (values + _SPSS_TO_1960) * _SECONDS_PER_DAY, "DATE11"
    if parsed.kind == "tc":
        return (values / MS_PER_DAY + _SPSS_TO_1960) * _SECONDS_PER_DAY, "DATETIME23.2"
    if parsed.kind == "g" and variable.storage in ("byte", "int", "long"):
        return values, "F8.0" if variable.storage != "long" else "F12.0"
    if parsed.kind == "f" and parsed.width <= 40 and parsed.digits <= 16:
        return values, f"F{parsed.width}.{parsed.digits}"
    return values, ""
