"""What of the data the editor shows, and in which order: columns, filter, sorting, pins. The data stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.api import Dataset, StataError, Variable, parse_expression, row_order, select
from mixedgui.state.observable import Observable

Rows: TypeAlias = npt.NDArray[np.int64]
SortKey: TypeAlias = tuple[str, bool]
"""Variable, and whether it descends."""

Lookup: TypeAlias = Callable[[Any], Any]

LARGE = 100_000
"""Data with more rows than this are filtered and sorted beside the window."""


def _nothing(_node: Any) -> None:
    return None


@dataclass(frozen=True, slots=True)
class FilterProblem:
    """Why a filter cannot be used, and where in its text."""

    message: str
    span: tuple[int, int] | None


@dataclass(frozen=True, slots=True, eq=False)
class Arrangement:
    """Which rows are shown in which order, why a filter is not in force, and the order of all rows."""

    rows: Rows | None
    problem: FilterProblem | None = None
    order: Rows | None = None


Later: TypeAlias = Callable[[Callable[[], Arrangement], Callable[[Arrangement], None]], None]
"""Does work elsewhere and hands its result over when it is there."""


def _at_once(work: Callable[[], Arrangement], done: Callable[[Arrangement], None]) -> None:
    done(work())


class DataView(Observable):
    """A view of a data set that can be filtered and sorted without a command.

    Parameters
    ----------
    lookup
        Gives stored results to filters (``e(sample)``).
    later
        Arranges the rows of large data; without it that is done at once.

    Attributes
    ----------
    rows
        Shape (n,): the position in the data of each row shown; None when all are shown in their order.
    problem
        Why the text of the filter is not in force.
    stale
        Whether cells have changed since rows were filtered and sorted; `reapply` does it anew.
    working
        Whether rows are being filtered and sorted; until that is done the ones before are shown.
    labels
        Whether value labels are shown in place of their numbers.
    """

    def __init__(self, lookup: Lookup = _nothing, later: Later = _at_once) -> None:
        super().__init__()
        self._lookup = lookup
        self._later = later
        self._turn = 0
        self.working = False
        self.dataset = Dataset()
        self.rows: Rows | None = None
        self.filter = ""
        self.problem: FilterProblem | None = None
        self.stale = False
        self.labels = True
        self._sort: tuple[SortKey, ...] = ()
        self._order: tuple[Dataset, tuple[SortKey, ...], Rows] | None = None
        self._pinned: tuple[str, ...] = ()
        self._shown: tuple[str, ...] = ()
        self.columns: tuple[Variable, ...] = ()

    # --- what is shown -----------------------------------------------------------------------------------------------

    @property
    def n_rows(self) -> int:
        """How many rows are shown."""
        return self.dataset.n_obs if self.rows is None else len(self.rows)

    @property
    def sort(self) -> tuple[SortKey, ...]:
        """The keys in force, most important first."""
        return self._sort

    @property
    def pinned(self) -> tuple[str, ...]:
        """The variables that stay at the left."""
        return self._pinned

    @property
    def hidden(self) -> int:
        """How many variables are not shown."""
        return len(self.dataset.variables) - len(self.columns)

    def position(self, row: int) -> int:
        """Return the position in the data of a row shown."""
        return row if self.rows is None else int(self.rows[row])

    def positions(self, first: int, last: int) -> Rows:
        """Return the positions in the data of the rows shown from `first` up to, not including, `last`."""
        return np.arange(first, last) if self.rows is None else self.rows[first:last]

    def row_of(self, position: int) -> int | None:
        """Return the row that shows a position in the data, None when none does."""
        if self.rows is None:
            return position if 0 <= position < self.dataset.n_obs else None
        found = np.flatnonzero(self.rows == position)
        return int(found[0]) if len(found) else None

    def column_of(self, name: str) -> int | None:
        """Return the column that shows a variable."""
        return next((place for place, variable in enumerate(self.columns) if variable.name == name), None)

    def shown_row_ids(self) -> Rows:
        """Return the row numbers for good of the rows shown."""
        ids = self.dataset.row_ids
        return ids if self.rows is None else ids[self.rows]

    # --- changing it -------------------------------------------------------------------------------------------------

    def set_dataset(self, dataset: Dataset) -> None:
        """Show other data, or the same after a change; then filter, sorting and pins stay as far as they make sense.

        While the rows are the same ones they keep their places, even where an edit would move them.
        """
        if dataset is self.dataset:
            return
        before, self.dataset = self.dataset, dataset
        if dataset.path != before.path and dataset.row_ids is not before.row_ids and before.variables:
            self.filter, self._sort, self._shown = "", (), ()  # another file; a saved one keeps its rows
        names = set(dataset.names)
        self._pinned = tuple(name for name in self._pinned if name in names)
        self._shown = tuple(name for name in self._shown if name in names)
        sort = tuple(key for key in self._sort if key[0] in names)
        same_rows = dataset.row_ids is before.row_ids and sort == self._sort
        self._sort = sort
        self._choose_columns()
        if not same_rows:
            self.rows = None
            self._arrange()
        elif self.rows is not None:
            self.stale = True
        self.changed()

    def set_filter(self, text: str) -> FilterProblem | None:
        """Show the rows for which an expression is true; one that cannot be used changes nothing but `problem`."""
        if text.strip() != self.filter or self.stale or self.problem is not None:
            self.filter = text.strip()
            self._arrange()
            self.changed()
        return self.problem

    def sort_by(self, *keys: SortKey) -> None:
        """Show the rows in this order; none: as they stand in the data."""
        self._sort = keys
        self._arrange()
        self.changed()

    def cycle_sort(self, name: str) -> None:
        """Sort by one variable, then the other way round, then not at all."""
        following = {(): ((name, False),), ((name, False),): ((name, True),), ((name, True),): ()}
        self.sort_by(*following.get(self._sort, ((name, False),)))

    def reapply(self) -> None:
        """Filter and sort by the values as they are now."""
        self._arrange()
        self.changed()

    def show_only(self, names: Sequence[str]) -> None:
        """Show these variables, all when there are none."""
        if tuple(names) != self._shown:
            self._shown = tuple(names)
            self._choose_columns()
            self.changed()

    def pin(self, name: str, *, pinned: bool = True) -> None:
        """Keep a variable at the left, or let it go."""
        others = tuple(other for other in self._pinned if other != name)
        self._pinned = (*others, name) if pinned else others
        self._choose_columns()
        self.changed()

    def show_labels(self, labels: bool) -> None:
        """Show value labels, or the numbers behind them."""
        if labels != self.labels:
            self.labels = labels
            self.changed()

    def _choose_columns(self) -> None:
        data = self.dataset
        shown = set(self._shown) | set(self._pinned)
        rest = [v for v in data.variables if v.name not in self._pinned and (not self._shown or v.name in shown)]
        self.columns = (*(data.variable(name) for name in self._pinned), *rest)

    def _arrange(self) -> None:
        """Filter and sort, beside the window where the data are large."""
        self._turn += 1
        turn = self._turn
        if not self.filter and not self._sort:
            self._take(Arrangement(None), turn)
            return
        dataset, text, sort = self.dataset, self.filter, self._sort
        known = self._order
        order = known[2] if known is not None and known[0] is dataset and known[1] == sort else None

        def work() -> Arrangement:
            return _arranged(dataset, text, sort, order, self._lookup)

        if dataset.n_obs <= LARGE:
            self._take(work(), turn)
            return
        self.working = True
        self._later(work, lambda made: self._arrived(made, turn))

    def _take(self, made: Arrangement, turn: int) -> None:
        if turn != self._turn:  # something else was asked for meanwhile
            return
        self.working = self.stale = False
        self.rows, self.problem = made.rows, made.problem
        if made.order is not None:
            self._order = (self.dataset, self._sort, made.order)

    def _arrived(self, made: Arrangement, turn: int) -> None:
        if turn == self._turn:
            self._take(made, turn)
            self.changed()


def _arranged(
    dataset: Dataset, text: str, sort: tuple[SortKey, ...], order: Rows | None, lookup: Lookup
) -> Arrangement:
    """Return the rows for which a filter is true, in the order of some keys; `order` is that of all rows, if known."""
    problem: FilterProblem | None = None
    mask: npt.NDArray[np.bool_] | None = None
    if text:
        try:
            mask = np.asarray(select(dataset, parse_expression(text), None, lookup=lookup))
        except StataError as error:
            problem = FilterProblem(error.message, error.span)
    if sort and order is None:
        order = row_order(dataset, list(sort))
    if order is None:
        return Arrangement(None if mask is None else np.flatnonzero(mask), problem)
    return Arrangement(order if mask is None else order[mask[order]], problem, order)
