"""Writing text files with separated values."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset, Variable
from engine.data.files import write_atomically
from engine.data.formats import format_value, parse_format
from engine.data.missing import is_missing, missing_text

if TYPE_CHECKING:
    import _csv


_WHOLE = 1e15
"""Below it whole numbers are written with all their digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextOptions:
    """How cells are written; `formatted` writes all numbers as their display format shows them."""

    delimiter: str = ","
    names: bool = True
    labels: bool = True
    formatted: bool = False
    quote: bool = False


def write_delimited(dataset: Dataset, path: Path, options: TextOptions) -> tuple[str, ...]:
    """Write UTF-8 text, whole or not at all; raises `StataError` 603. Nothing has to be said: no remarks."""
    stream = io.StringIO(newline="")
    writer = _writer(stream, options)
    if options.names:
        _writer(stream, replace(options, quote=False)).writerow(dataset.names)
    columns = [cells(dataset, variable, options).tolist() for variable in dataset.variables]
    if len(columns) == 1:  # a line with nothing in it would be taken for the end of a paragraph, not for a row
        stream.writelines(_single(cell, options) for cell in columns[0])
    else:
        writer.writerows(zip(*columns, strict=True))
    content = stream.getvalue().encode("utf-8", errors="replace")
    write_atomically(path, gzip.compress(content) if path.suffix.lower() == ".gz" else content)
    return ()


def _writer(stream: io.StringIO, options: TextOptions) -> _csv.Writer:
    if options.quote:
        return csv.writer(stream, delimiter=options.delimiter, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    return csv.writer(stream, delimiter=options.delimiter, lineterminator="\n")


def _single(cell: Any, options: TextOptions) -> str:
    line = io.StringIO(newline="")
    _writer(line, options).writerow([cell])
    return line.getvalue()


class _Number(float):
    """A number with the text that stands for it, so that quoting leaves it alone."""

    text: str = ""

    def __new__(cls, text: str) -> _Number:
        """Return a number that is written as `text`."""
        number = super().__new__(cls, 0.0)
        number.text = text
        return number

    def __repr__(self) -> str:
        return self.text

    __str__ = __repr__


def cells(dataset: Dataset, variable: Variable, options: TextOptions) -> npt.NDArray[Any]:
    """Return the cells of a variable, shape (n,): text, or numbers that print exactly; ``.`` is empty.

    Labelled values are their labels, dates what their format shows; other numbers keep all their digits.
    """
    column = dataset.columns[variable.name]
    if variable.is_string:
        return np.array([text if isinstance(text, str) else text.decode("latin-1") for text in column], dtype=object)
    values = dataset.numeric(variable.name)
    distinct, inverse = np.unique(values, return_inverse=True)
    shown = _exact_dates(distinct, variable.format) or (variable.format if options.formatted else "")
    if shown:
        texts = np.array([format_value(value, shown) for value in distinct.tolist()], dtype=object)
    else:
        texts = _exact(distinct, single=variable.storage == "float")
    for position in np.flatnonzero(is_missing(distinct)).tolist():
        text = missing_text(float(distinct[position]))
        texts[position] = "" if text == "." else text
    if options.quote:
        texts[:] = [_Number(text) for text in texts]
    labels = dataset.labels_of(variable.name) if options.labels else {}
    for value, label in labels.items():
        texts[distinct == value] = label
    return texts[inverse.reshape(-1)]


def _exact(values: npt.NDArray[np.float64], *, single: bool) -> npt.NDArray[Any]:
    """Return the shortest texts that give the numbers back; those of missing values do not matter."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = np.empty(len(values), dtype=object)
    known = np.where(is_missing(values), 0.0, values)
    whole = (known == np.floor(known)) & (np.abs(known) < _WHOLE)
    fractions = known[~whole].astype(np.float32) if single else known[~whole]
    texts[whole] = pc.cast(pa.array(known[whole].astype(np.int64)), pa.string()).to_pylist()
    texts[~whole] = pc.cast(pa.array(fractions), pa.string()).to_pylist()
    return texts


def _exact_dates(values: npt.NDArray[np.float64], fmt: str) -> str:
    """Return the format that shows dates without loss, empty for what is no date or cannot be shown as one."""
    parsed = parse_format(fmt)
    if parsed is None or not parsed.is_date or parsed.kind in ("tb", "tg", "tC"):
        return ""
    numbers = values[~is_missing(values)]
    if not (numbers == np.floor(numbers)).all():
        return ""
    if parsed.kind == "tc" and not parsed.details:
        return "%tcCCYY-NN-DD!THH:MM:SS.sss" if (numbers % 1000.0 != 0.0).any() else "%tc"
    return fmt
