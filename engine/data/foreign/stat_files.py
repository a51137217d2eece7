"""Reading SPSS and SAS files."""

from __future__ import annotations

import io
import pickle
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.data.dates import EPOCH
from engine.data.file_kinds import likely_kind
from engine.data.files import content_of
from engine.data.foreign.arriving import Arrival, Arriving, assemble, first_words, listed, numbers, words
from engine.data.foreign.missing_codes import user_missing
from engine.data.formats import is_format
from engine.data.missing import MISSING, missing_value
from engine.data.names import legal_names
from engine.errors import StataError

_SECONDS_PER_DAY = 86400.0
_DAYS_1960_TO_1970 = (date(1970, 1, 1) - EPOCH).days
_SPSS_TO_1960 = (EPOCH - date(1582, 10, 14)).days
"""SPSS counts seconds since the first day of the Gregorian calendar less one, SAS days and seconds since 1960."""

_SPSS_KINDS = (
    (r"DATETIME|YMDHMS", "tc"), (r"DATE|ADATE|EDATE|JDATE|SDATE|WKYR", "td"), (r"QYR", "tq"), (r"MOYR", "tm"),
    (r"TIME|DTIME|MTIME", "time"),
)  # fmt: skip
_SAS_KINDS = (
    (r"DATETIME|DATEAMPM|DTDATE|DTMONYY|DTYEAR|DTYYQC|DTWKDATX|[EB]8601(DT|DN|DZ|DX)|NLDATM|IS8601DT|MDYAMPM", "tc"),
    (r"DATE|DDMMYY|MMDDYY|YYMMDD|MMYY|YYMM|YYMON|MONYY|YYQ|YEAR|WORDDAT|WEEKDA|JULIAN|JULDAY|[EB]8601DA|IS8601DA|NLDATE"
     r"|MONNAME|DOWNAME|MINGUO|DAY\d|QTR|WEEK[UVW]", "td"),
    (r"TIME|TOD|HHMM|HOUR|MMSS|[EB]8601(TM|TZ|LZ)|IS8601TM|NLTIM", "time"),
)  # fmt: skip
_XPORT_RECORD = 80
_CUT_OFF = "expected number of rows"
_NUMBER_FORMAT = re.compile(r"(F|E|COMMA|DOT|PCT|DOLLAR|N|BEST)(\d+)(?:\.(\d+))?$")


@dataclass(frozen=True, slots=True)
class _Source:
    """How one kind of file is read: its reader, its date formats and where its days begin.

    `title` is what it is called, `likely` what its first bytes say that it is.
    """

    read: str
    title: str
    likely: str
    kinds: tuple[tuple[str, str], ...]
    spss: bool
    takes_missing: bool = True


_SPSS = _Source("read_sav", "SPSS data", "an SPSS file", _SPSS_KINDS, spss=True)
_POR = _Source("read_por", "SPSS portable data", "an SPSS portable file", _SPSS_KINDS, spss=True, takes_missing=False)
_SAS = _Source("read_sas7bdat", "SAS data", "a SAS data file", _SAS_KINDS, spss=False)
_XPORT = _Source(
    "read_xport", "a SAS transport file", "a SAS transport file", _SAS_KINDS, spss=False, takes_missing=False
)


def read_spss(path: Path, *, shown: str = "", encoding: str = "") -> Arrival:
    """Return what a .sav, .zsav or .por file holds; raises `StataError` 601, 603 or 610."""
    return _read(path, _POR if path.suffix.lower() == ".por" else _SPSS, shown, encoding)


def read_sas(path: Path, *, shown: str = "", encoding: str = "", catalog: Path | None = None) -> Arrival:
    """Return what a .sas7bdat file holds, with the value labels of a .sas7bcat `catalog`."""
    return _read(path, _SAS, shown, encoding, catalog)


def read_sasxport(path: Path, *, shown: str = "", encoding: str = "") -> Arrival:
    """Return what a SAS transport file (version 5 or 8) holds."""
    return _read(path, _XPORT, shown, encoding)


def _read(path: Path, source: _Source, shown: str, encoding: str, catalog: Path | None = None) -> Arrival:
    import pyreadstat

    name = shown or path.name
    content = content_of(path, name, source.title)
    likely = likely_kind(content)
    if likely not in ("", source.likely) and not (source is _POR and "text" in likely):
        raise StataError(610, _why(name, content, source, ""))
    if source is _XPORT and len(content) % _XPORT_RECORD:
        raise StataError(610, _why(name, content, source, _CUT_OFF))
    reader: Callable[..., Any] = getattr(pyreadstat, source.read)
    wanted: dict[str, Any] = {"disable_datetime_conversion": True, "output_format": "dict"}
    if encoding:
        wanted["encoding"] = encoding
    if source.takes_missing:
        wanted["user_missing"] = True
    if catalog is not None:
        wanted |= {"catalog_file": io.BytesIO(_catalog(catalog)), "formats_as_category": False}
    try:
        if source is not _XPORT and not getattr(sys, "frozen", False):
            cells, known = _read_apart(source.read, wanted, content)
        else:
            cells, known = reader(io.BytesIO(content), **wanted)
    except MemoryError:
        raise StataError(909, f"file {name} is too large for the memory of this computer") from None
    except Exception as error:  # the library raises its own errors, and others for damaged files
        raise StataError(610, _why(name, content, source, str(error))) from None
    return _assembled(cells, known, source)


def _catalog(path: Path) -> bytes:
    """Return the content of a catalog of value labels; StataError 610 by its own name when it is none."""
    content = content_of(path, path.name, "a SAS catalog")
    try:
        _read_apart("read_sas7bcat", {}, content)
    except ValueError as error:
        reason = first_words(error).rstrip(".").lower()
        message = f"file {path.name} is not a SAS catalog of value labels, or damaged: {reason}"
        raise StataError(610, message) from None
    return content


def _read_apart(reader: str, options: dict[str, Any], content: bytes) -> tuple[Mapping[str, Any], Any]:
    """Return what `reader` finds, read in a process of its own; raises ValueError with the reason when it does not."""
    program = [sys.executable, "-P", str(Path(__file__).with_name("stat_child.py"))]
    done = subprocess.run(
        program,
        input=pickle.dumps((reader, options, content)),
        capture_output=True,
        check=False,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    if done.returncode or not done.stdout:
        raise ValueError("it cannot be read to its end")
    answer = pickle.loads(done.stdout)
    if isinstance(answer, str):
        raise ValueError(answer)
    cells, known = answer
    return cells, known


def _why(name: str, content: bytes, source: _Source, reason: str) -> str:
    """Return the sentence for a file that cannot be read."""
    likely = likely_kind(content)
    if likely and likely != source.likely:
        return f"file {name} is not {source.title}; it looks like {likely}"
    reasons = {
        _CUT_OFF: "it is truncated", "Unable to read": "it is truncated or damaged",
        "codec can't decode": "it holds text that is none",
    }  # fmt: skip
    plain = next((sentence for words_, sentence in reasons.items() if words_ in reason), "")
    return f"file {name} is not {source.title}, or damaged: {plain or first_words(reason).rstrip('.').lower()}"


def _assembled(cells: Mapping[str, Any], known: Any, source: _Source) -> Arrival:
    n_obs = len(next(iter(cells.values()), ()))
    columns: list[Arriving] = []
    codes: list[str] = []
    remarks: list[str] = []
    for name in known.column_names:
        is_text = known.readstat_variable_types.get(name) == "string"
        texts = dict(known.variable_value_labels.get(name, {}))
        fmt = str(known.original_variable_types.get(name) or "").upper()
        if is_text:
            column = _text(name, cells.get(name, ()), n_obs)
            if known.missing_ranges.get(name):
                remarks.append(f"(texts that {name} declares missing were kept)")
        else:
            values = _doubles(cells.get(name, ()), n_obs)
            ranges = known.missing_ranges.get(name) or ()
            if ranges:
                values, texts, said = user_missing(values, ranges, texts)
                codes += [f"{name} ({said})"] if said else []
            column = _number(name, values, fmt, source)
        column.label = known.column_names_to_labels.get(name) or ""
        column.texts = texts
        columns.append(column)
    if codes:
        remarks.append(f"(user-missing values became extended missing values: {listed(codes)})")
    return assemble(
        columns,
        legal_names(known.column_names),
        n_obs=n_obs,
        label=known.file_label or "",
        notes=tuple(note for note in known.notes or () if note.strip()),
        remarks=remarks,
    )


def _text(name: str, cells: Sequence[Any], n_obs: int) -> Arriving:
    column = np.empty(n_obs, dtype=object)
    column[:] = ["" if cell is None else str(cell) for cell in cells]
    return words(name, column)


def _doubles(cells: Sequence[Any] | npt.NDArray[Any], n_obs: int) -> npt.NDArray[np.float64]:
    """Return numbers with missing codes; SAS's special missing values come as letters."""
    if not len(cells):
        return np.full(n_obs, MISSING)
    letters = set() if isinstance(cells, np.ndarray) else {cell.lower() for cell in set(cells) if isinstance(cell, str)}
    plain = [np.nan if isinstance(cell, str) else cell for cell in cells] if letters else cells
    values = np.array(plain, dtype=np.float64)
    values = np.where(np.isfinite(values) & (np.abs(values) < MISSING), values, MISSING)
    for letter in letters:
        rows = [isinstance(cell, str) and cell.lower() == letter for cell in cells]
        values[rows] = missing_value(letter) if "a" <= letter <= "z" else MISSING
    return values


def _number(name: str, values: npt.NDArray[np.float64], fmt: str, source: _Source) -> Arriving:
    """Return a numeric column; dates and times are counted as Stata does, missing codes stay."""
    end = r"(?=\d|\.|$)" if source.spss else ""
    kind = next((kind for pattern, kind in source.kinds if re.match(f"(?:{pattern}){end}", fmt)), "")
    if not kind:
        return numbers(name, values, _display(fmt))
    absent = ~(values < MISSING)
    safe = np.where(absent, 0.0, values)
    if kind == "time":
        return _stored(name, safe * 1000.0, absent, values, "%tcHH:MM:SS")
    if kind == "tc":
        seconds = safe - _SPSS_TO_1960 * _SECONDS_PER_DAY if source.spss else safe
        return _stored(name, np.round(seconds * 1000.0), absent, values, "%tc")
    days = safe / _SECONDS_PER_DAY - _SPSS_TO_1960 if source.spss else safe
    if kind == "td":
        return _stored(name, days, absent, values, "%td")
    moments = np.floor(days).astype(np.int64).astype("datetime64[D]") - np.timedelta64(_DAYS_1960_TO_1970, "D")
    months = moments.astype("datetime64[M]").astype(np.int64) + 120.0
    return _stored(name, np.floor(months / 3.0) if kind == "tq" else months, absent, values, f"%{kind}")


def _stored(
    name: str, moments: npt.NDArray[Any], absent: npt.NDArray[np.bool_], values: npt.NDArray[Any], fmt: str
) -> Arriving:
    whole = np.where(absent, values, moments)
    if fmt.startswith("%tc"):
        return Arriving(name=name, storage="double", values=whole, format=fmt)
    return numbers(name, whole, fmt)


def _display(fmt: str) -> str:
    """Return Stata's format for one of SPSS or SAS, empty for the usual one."""
    match = _NUMBER_FORMAT.match(fmt)
    if match is None or match[1] == "BEST":
        return ""
    kind, width, digits = match[1], int(match[2]), int(match[3] or 0)
    letter = {"E": "e", "COMMA": "fc", "DOLLAR": "fc"}.get(kind, "f")
    shown = f"%{'0' if kind == 'N' else ''}{width}{',' if kind == 'DOT' else '.'}{digits}{letter}"
    return shown if is_format(shown, text=False) else ""
