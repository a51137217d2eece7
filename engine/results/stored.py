"""What a command leaves behind in ``r()`` and ``e()``, and the tables it hands to programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.data.matrix import Matrix

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DataRow", "DataTable", "LazyScalars", "Matrix", "Stored"]


class LazyScalars(Mapping[str, float]):
    """Scalars some of which are computed when they are first looked at."""

    def __init__(self, known: Mapping[str, float], lazy: Mapping[str, Callable[[], float]]) -> None:
        self._known = dict(known)
        self._lazy = dict(lazy)

    def __getitem__(self, name: str) -> float:
        if name not in self._known and name in self._lazy:
            self._known[name] = self._lazy[name]()
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._known
        yield from (name for name in self._lazy if name not in self._known)

    def __len__(self) -> int:
        return len(self._known.keys() | self._lazy.keys())


@dataclass(frozen=True, slots=True)
class Stored:
    """Scalars, macros and matrices under the names of the manual's *Stored results*."""

    scalars: Mapping[str, float] = field(default_factory=dict)
    macros: Mapping[str, str] = field(default_factory=dict)
    matrices: Mapping[str, Matrix] = field(default_factory=dict)
    origin: object = field(default=None, compare=False)
    """What the results are of, for commands that go on from them (``marginsplot`` after ``margins``)."""


@dataclass(frozen=True, slots=True)
class DataRow:
    """One row: equation, name, numbers at full precision, and a status (``"" base omitted empty``)."""

    eq: str
    name: str
    values: tuple[float, ...]
    status: str = ""


@dataclass(frozen=True, slots=True)
class DataTable:
    """A result table as data, whole whatever an option hides from the printed output."""

    id: str
    columns: tuple[str, ...]
    rows: tuple[DataRow, ...]
    by: Mapping[str, float | str] = field(default_factory=dict)

    def to_pandas(self) -> pd.DataFrame:
        """Return a data frame with the columns ``eq name`` … ``status``."""
        import pandas as pd

        records: list[dict[str, Any]] = []
        for row in self.rows:
            numbers = dict(zip(self.columns, row.values, strict=True))
            records.append({"eq": row.eq, "name": row.name, **numbers, "status": row.status})
        return pd.DataFrame.from_records(records, columns=["eq", "name", *self.columns, "status"])
