"""The data in memory: an immutable table with Stata's storage types, formats, labels and missing values."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.data import missing, panel
from engine.errors import StataError

if TYPE_CHECKING:
    import pandas as pd

Column: TypeAlias = npt.NDArray[Any]

NUMERIC_STORAGE = ("byte", "int", "long", "float", "double")


@dataclass(frozen=True, slots=True)
class Variable:
    """What is known about a column besides its values.

    `storage` is ``byte int long float double``, ``str#`` (# bytes in UTF-8) or ``strL``; `value_label` names an entry
    of `Dataset.value_labels`, empty when there is none.
    """

    name: str
    storage: str
    format: str
    label: str = ""
    value_label: str = ""
    notes: tuple[str, ...] = ()

    @property
    def is_string(self) -> bool:
        """Whether the column holds text."""
        return self.storage.startswith("str")


@dataclass(frozen=True, slots=True)
class ValueLabel:
    """Numbers (missing codes as doubles included) and the words shown for them."""

    name: str
    texts: Mapping[float, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """An immutable data set; changing one makes a new one that shares the untouched columns.

    Attributes
    ----------
    variables
        In data set order.
    columns
        Name -> array of length `n_obs`, in the dtype of its storage type (missing values as Stata's codes, see
        `engine.data.missing`), or an object array of `str` (`bytes` for a binary strL).
    row_ids
        Shape (n_obs,); number each row for good, so that an estimation sample survives sorting and dropping.
    path
        File it came from, empty when there is none; `changed` tells whether it differs from the file.
    characteristics
        ``(owner, name, contents)`` besides notes; the owner is a variable or ``_dta``.
    """

    variables: tuple[Variable, ...] = ()
    columns: Mapping[str, Column] = field(default_factory=dict)
    n_obs: int = 0
    row_ids: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    value_labels: Mapping[str, ValueLabel] = field(default_factory=dict)
    label: str = ""
    notes: tuple[str, ...] = ()
    sorted_by: tuple[str, ...] = ()
    path: str = ""
    timestamp: str = ""
    changed: bool = False
    characteristics: tuple[tuple[str, str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Variable names in data set order."""
        return tuple(variable.name for variable in self.variables)

    def __contains__(self, name: object) -> bool:
        """Tell whether there is such a variable, also behind a time-series operator (``L.x``)."""
        return name in self.columns or (isinstance(name, str) and panel.base_of(name) in self.columns)

    def variable(self, name: str) -> Variable:
        """Return the variable of exactly this name (KeyError otherwise; abbreviations: `engine.frame.resolve`).

        A name with a time-series operator in canonical form, such as ``L.x``, is known where x is.
        """
        for variable in self.variables:
            if variable.name == name:
                return variable
        if panel.base_of(name):
            return panel.operated_variable(self, name)
        raise KeyError(name)

    def numeric(self, name: str) -> npt.NDArray[np.float64]:
        """Return a numeric column as doubles; missing values are at or above `engine.data.missing.MISSING`.

        ``L.x`` and the like give x at other times; StataError 111 where the data have no time variable, 109 for text.
        """
        variable = self.variable(name)
        if variable.is_string:
            raise StataError(109, f"type mismatch: {name} is a string variable, and a number is needed")
        if name not in self.columns:
            return panel.operated(self, name)
        return missing.to_doubles(self.columns[name], variable.storage)

    def shared(self, name: str) -> npt.NDArray[np.float64]:
        """Return what `numeric` does, to be read only: where it is stored as doubles that is the column itself."""
        column = self.columns.get(name)
        if column is None or self.variable(name).storage != "double":
            return self.numeric(name)
        view = column.view()
        view.flags.writeable = False
        return view

    def texts(self, name: str) -> Column:
        """Return a string column as an object array of str."""
        return self.columns[name]

    def values_at(self, name: str, rows: npt.NDArray[np.integer[Any]]) -> Column:
        """Return the values of some rows: doubles as `numeric` gives them, or text."""
        variable = self.variable(name)
        column = self.columns[name][rows]
        return column if variable.is_string else missing.to_doubles(column, variable.storage)

    def labels_of(self, name: str) -> Mapping[float, str]:
        """Return the value labels attached to a variable, empty when there are none."""
        attached = self.variable(name).value_label
        entry = self.value_labels.get(attached)
        return entry.texts if entry else {}

    def take(self, rows: npt.NDArray[Any], *, sorted_by: tuple[str, ...] | None = None) -> Dataset:
        """Return the rows selected by a boolean mask or by indices."""
        columns = {name: column[rows] for name, column in self.columns.items()}
        row_ids = self.row_ids[rows]
        return replace(
            self,
            columns=columns,
            n_obs=len(row_ids),
            row_ids=row_ids,
            sorted_by=self.sorted_by if sorted_by is None else sorted_by,
            changed=True,
        )

    def keep_variables(self, names: Iterable[str]) -> Dataset:
        """Return a data set with only these variables, in data set order."""
        kept = set(names)
        variables = tuple(v for v in self.variables if v.name in kept)
        columns = {v.name: self.columns[v.name] for v in variables}
        sorted_by = _still_sorted(self.sorted_by, kept)
        return replace(self, variables=variables, columns=columns, sorted_by=sorted_by, changed=True)

    def with_variable(self, variable: Variable, column: Column) -> Dataset:
        """Return a data set with a column added at the end, or replaced where the name exists."""
        columns = dict(self.columns)
        columns[variable.name] = column
        if variable.name in self.columns:
            variables = tuple(variable if v.name == variable.name else v for v in self.variables)
        else:
            variables = (*self.variables, variable)
        sorted_by = _still_sorted(self.sorted_by, set(self.names) - {variable.name})
        n_obs = len(column) if not self.variables else self.n_obs
        row_ids = self.row_ids if len(self.row_ids) == n_obs else new_row_ids(n_obs)
        return replace(
            self, variables=variables, columns=columns, n_obs=n_obs, row_ids=row_ids, sorted_by=sorted_by, changed=True
        )

    def to_pandas(self) -> pd.DataFrame:
        """Return a data frame: numbers as float or integer columns, missing values as NaN, text as str."""
        import pandas as pd

        frame: dict[str, Any] = {}
        for variable in self.variables:
            column = self.columns[variable.name]
            if variable.is_string:
                frame[variable.name] = pd.Series(column, dtype=object)
                continue
            values = missing.to_doubles(column, variable.storage)
            absent = missing.is_missing(values)
            frame[variable.name] = np.where(absent, np.nan, values) if absent.any() else column
        return pd.DataFrame(frame)

    @classmethod
    def from_pandas(cls, frame: pd.DataFrame) -> Dataset:
        """Make a data set from a data frame; categories become labelled integers."""
        from engine.data.convert import dataset_from_pandas

        return dataset_from_pandas(frame)


_row_id_lock = threading.Lock()
_next_row_id = 0


def new_row_ids(n_obs: int) -> npt.NDArray[np.int64]:
    """Return `n_obs` numbers that no row of any data set has had, so that an old sample never matches new data."""
    global _next_row_id  # noqa: PLW0603  # identity has to be unique in the whole process
    with _row_id_lock:
        first = _next_row_id
        _next_row_id += n_obs
    return np.arange(first, first + n_obs, dtype=np.int64)


def _still_sorted(sorted_by: tuple[str, ...], untouched: set[str]) -> tuple[str, ...]:
    """Return the leading sort variables whose columns have not changed."""
    kept: list[str] = []
    for name in sorted_by:
        if name not in untouched:
            break
        kept.append(name)
    return tuple(kept)
