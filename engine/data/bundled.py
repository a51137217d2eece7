"""The example data sets that come with the program."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import engine
from engine.errors import StataError


@dataclass(frozen=True, slots=True)
class Example:
    """One bundled data set: what it is, where it comes from and a first model for it.

    `rows` is a short count in words, as a card shows it (``7,185 students in 160 schools``).
    """

    name: str
    title: str
    rows: str
    description: str
    source: str
    command: str

    @property
    def path(self) -> Path:
        """The data file."""
        return datasets_folder() / f"{self.name}.dta"


def datasets_folder() -> Path:
    """Return the folder of the examples: the checkout's when there is one, else the installed copy."""
    package = Path(engine.__file__).resolve().parent
    checkout = package.parent
    if (checkout / "pyproject.toml").is_file():
        return checkout / "resources" / "datasets"
    return checkout / "mixedgui" / "_resources" / "datasets"


def examples() -> tuple[Example, ...]:
    """Return the bundled examples in the order in which they are offered; raises `StataError` 601 without an index."""
    path = datasets_folder() / "index.json"
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise StataError(601, "the example data sets are missing from this installation") from None
    return tuple(Example(**entry) for entry in entries)


def bundled_file(name: str) -> Path | None:
    """Return the bundled data file ``name`` (with its ending), None when there is none."""
    path = datasets_folder() / name
    return path if path.is_file() else None
