"""Kinds of data files besides Stata's own, known by their endings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: the word after ``import``, its endings (the usual one first) and what it is called."""

    word: str
    endings: tuple[str, ...]
    title: str

    @property
    def ending(self) -> str:
        """The ending that a name without one gets."""
        return self.endings[0]


KINDS = (
    FileKind(
        "delimited", (".csv", ".tsv", ".txt", ".tab", ".csv.gz", ".tsv.gz", ".txt.gz"), "text with separated values"
    ),
    FileKind("excel", (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"), "a spreadsheet"),
    FileKind("spss", (".sav", ".zsav", ".por"), "SPSS data"),
    FileKind("sas", (".sas7bdat",), "SAS data"),
    FileKind("sasxport", (".xpt", ".v5xpt", ".v8xpt", ".xport"), "a SAS transport file"),
    FileKind("parquet", (".parquet", ".pq"), "Parquet data"),
    FileKind("feather", (".feather", ".arrow"), "Feather data"),
    FileKind("r", (".rds", ".rdata", ".rda"), "R data"),
)


def kind_of(name: str) -> FileKind | None:
    """Return the kind that the ending of `name` stands for, None for a Stata data file or an unknown ending."""
    lowered = name.lower()
    return next((kind for kind in KINDS if lowered.endswith(kind.endings)), None)


def kind_called(word: str) -> FileKind:
    """Return the kind that ``import`` knows by `word` (KeyError when there is none)."""
    return next(kind for kind in KINDS if kind.word == word)


def likely_kind(content: bytes) -> str:
    """Return what a file may be, from its first bytes (``an SPSS file``), empty when they tell nothing."""
    for opening, title in _OPENINGS:
        if content.startswith(opening) and (opening not in _ALSO_WORDS or _has_zeros(content)):
            return title
    if content[:3] and 102 <= content[0] <= 115 and content[1:3] in (b"\x01\x01", b"\x02\x01"):
        return "a Stata data file"
    if _PORTABLE in content[:_LONGEST_SPLASH].replace(b"\r\n", b"").replace(b"\n", b""):
        return "an SPSS portable file"
    head = content[:2000]
    if b"\0" not in head and any(mark in head for mark in (b",", b"\t", b";")):
        return "a text file with separated values"
    return ""


def _has_zeros(content: bytes) -> bool:
    """Tell whether the first bytes are not those of a text."""
    return any(byte < ord("\t") for byte in content[:_HEAD])


_HEAD = 64
_ALSO_WORDS = (b"PK", b"PAR1", b"ARROW1", b"FEA1", b"RDX")
"""Openings that the first name of a text file can have too."""

_PORTABLE = b"SPSS PORT FILE"
_LONGEST_SPLASH = 500
_OPENINGS = (
    (b"PK", "a zip or Excel file"),
    (b"$FL2", "an SPSS file"),
    (b"$FL3", "an SPSS file"),
    (b"<stata_dta>", "a Stata data file"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "a Feather file"),
    (b"FEA1", "a Feather file"),
    (b"HEADER RECORD*******", "a SAS transport file"),
    (b"\x00" * 12 + b"\xc2\xea\x81\x60", "a SAS data file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file"),
    (b"RDX", "an R data file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"%PDF", "a PDF file"),
    (b"<!DOCTYPE", "a web page"),
    (b"<!doctype", "a web page"),
    (b"<html", "a web page"),
    (b"<HTML", "a web page"),
)
