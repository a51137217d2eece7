"""Any data file by its ending."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from engine.data.file_kinds import FileKind, kind_of
from engine.data.foreign.arriving import Arrival
from engine.errors import StataError


def read_file(path: Path, *, shown: str = "") -> Arrival:
    """Return what a data file of any kind holds, as its reader takes it without options.

    An unknown ending is taken for a Stata data file. Raises `StataError` as the readers do, 199 when the library that
    a kind needs is not installed.
    """
    kind = kind_of(path.name)
    if kind is None:
        from engine.data.dta import read_dta

        return Arrival(read_dta(path))
    with needing_library(kind):
        return _READERS[kind.word](path, shown or path.name)


@contextmanager
def needing_library(kind: FileKind) -> Iterator[None]:
    """Say which library is missing when one that `kind` needs cannot be imported (`StataError` 199)."""
    try:
        yield
    except ImportError as error:
        message = f"the library {error.name} is not installed; {kind.title} needs it"
        raise StataError(199, message) from None


def _delimited(path: Path, shown: str) -> Arrival:
    from engine.data.foreign.delimited import DelimitedOptions, read_delimited

    arrival, _ = read_delimited(path, DelimitedOptions(), shown=shown)
    return arrival


def _excel(path: Path, shown: str) -> Arrival:
    from engine.data.foreign.sheet import SheetOptions, read_sheet, sheet_names

    arrival, _ = read_sheet(path, SheetOptions(first_row=None), shown=shown)
    sheets = sheet_names(path, shown=shown)
    if len(sheets) > 1:
        others = f"(read from worksheet {sheets[0]}; import excel, sheet() reads another of {len(sheets)})"
        arrival = replace(arrival, remarks=(others, *arrival.remarks))
    return arrival


def _spss(path: Path, shown: str) -> Arrival:
    from engine.data.foreign.stat_files import read_spss

    return read_spss(path, shown=shown)


def _sas(path: Path, shown: str) -> Arrival:
    from engine.data.foreign.stat_files import read_sas

    return read_sas(path, shown=shown)


def _sasxport(path: Path, shown: str) -> Arrival:
    from engine.data.foreign.stat_files import read_sasxport

    return read_sasxport(path, shown=shown)


def _parquet(path: Path, shown: str) -> Arrival:
    from engine.data.foreign.arrow import read_parquet

    return read_parquet(path, shown=shown)


def _feather(path: Path, shown: str) -> Arrival:
    from engine.data.foreign.arrow import read_feather

    return read_feather(path, shown=shown)


def _r(path: Path, shown: str) -> Arrival:
    from engine.data.foreign.r_files import read_r

    return read_r(path, shown=shown)


_READERS: Mapping[str, Callable[[Path, str], Arrival]] = {
    "delimited": _delimited,
    "excel": _excel,
    "spss": _spss,
    "sas": _sas,
    "sasxport": _sasxport,
    "parquet": _parquet,
    "feather": _feather,
    "r": _r,
}
