"""The residual errors of a model as asked for in ``residuals()``, bound to the sample and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.covariance.residual import ResidualStructure
from engine.covariance.residual_registry import RESIDUAL_KINDS, ResidualKind
from engine.errors import StataError
from engine.frame.columnvalues import Numeric

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]

_MANY = 5000
MOST_TIMES = 40
"""Values of t() for which a free covariance matrix can be estimated."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResidualErrors:
    """Residual errors that are not independent with one variance.

    Attributes
    ----------
    kind, order
        Full word of the structure; order in force (0 where it has none).
    by, by_values, by_labels, by_codes
        Name of the ``by()`` variable (empty without), its distinct values (B,), their labels (empty texts without),
        and the value of each row (n,).
    t, times
        Name of the ``t()`` variable (empty without) and its values, shape (n,).
    group, codes, n_groups
        Name of the lowest level (empty when the sample is one group), group of each row (n,), number of groups.
    structures
        One set of parameters per value of ``by()``.
    """

    kind: str
    order: int
    by: str
    by_values: FloatArray
    by_labels: tuple[str, ...]
    by_codes: IntArray
    t: str
    times: FloatArray
    group: str
    codes: IntArray
    n_groups: int
    structures: tuple[ResidualStructure, ...]

    @property
    def title(self) -> str:
        """Section title without by(): ``AR(2)``."""
        return RESIDUAL_KINDS[self.kind].title.format(order=self.order)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidualRequest:
    """What ``residuals()`` asks for, under full names; empty names where by() or t() is not given or not used."""

    kind: str
    order: int | None
    by: str
    t: str
    labels: Mapping[float, str] = field(default_factory=dict)
    """Value labels of `by`."""

    @property
    def variables(self) -> tuple[str, ...]:
        """Variables that must not be missing."""
        return tuple(name for name in (self.by, self.t) if name)


@dataclass(frozen=True, slots=True, eq=False)
class LowestLevel:
    """The groups within which residuals may be correlated; `values` holds the level variable's value per row."""

    name: str
    codes: IntArray
    n_groups: int
    values: Sequence[object] | npt.NDArray[Any]

    def describe(self, row: int) -> str:
        """Return where a row is, for messages: ``in id 12``."""
        if not self.name:
            return "in the sample"
        value = self.values[row]
        return f"in {self.name} {value:g}" if isinstance(value, float | int | np.number) else f"in {self.name} {value}"


def bind_residuals(request: ResidualRequest, lowest: LowestLevel, numeric: Numeric) -> ResidualErrors | None:
    """Check the data against the structure; None for independent errors with one variance.

    Raises
    ------
    StataError
        r(459) for by() that varies within a group, times that are not integers, data without information on a
        parameter; r(451) for repeated times; r(198) for an order out of range. The first group that offends is named.
    """
    if request.kind == "independent" and not request.by:
        return None
    kind = RESIDUAL_KINDS[request.kind]
    n = len(lowest.codes)
    by_values, by_codes = np.zeros(1), np.zeros(n, dtype=np.int64)
    if request.by:
        by_values, inverse = np.unique(numeric(request.by), return_inverse=True)
        by_codes = inverse.astype(np.int64).reshape(-1)
        if kind.nested_by:
            _check_by(request, lowest, by_codes, by_values)
    times = numeric(request.t) if kind.times else np.zeros(n)
    _check_times(request, kind, times, lowest)
    order = _order_in_force(request, kind, times, lowest)
    structures = []
    for b in range(len(by_values)):
        rows = by_codes == b
        where = f" where {request.by} is {by_values[b]:g}" if request.by else ""
        _check_information(request.kind, lowest.codes[rows], where)
        structures.append(_structure(request, kind, order, (times[rows], lowest.codes[rows]), where))
    return ResidualErrors(
        kind=request.kind,
        order=order,
        by=request.by,
        by_values=by_values,
        by_labels=tuple(request.labels.get(float(value), "") for value in by_values),
        by_codes=by_codes,
        t=request.t,
        times=times,
        group=lowest.name,
        codes=lowest.codes,
        n_groups=lowest.n_groups,
        structures=tuple(structures),
    )


def _check_by(request: ResidualRequest, lowest: LowestLevel, by_codes: IntArray, by_values: FloatArray) -> None:
    first = np.empty(lowest.n_groups, dtype=np.int64)
    first[lowest.codes[::-1]] = by_codes[::-1]
    wrong = np.flatnonzero(first[lowest.codes] != by_codes)
    if len(wrong):
        row = int(wrong[0])
        raise StataError(
            459,
            f"residuals(): {request.by} is not constant within the lowest-level groups: {lowest.describe(row)} it is "
            f"{by_values[first[lowest.codes[row]]]:g} and {by_values[by_codes[row]]:g}. Only residuals(independent) "
            "allows by() to vary within groups.",
        )


def _check_times(request: ResidualRequest, kind: ResidualKind, times: FloatArray, lowest: LowestLevel) -> None:
    if not kind.times:
        return
    name = f"residuals({request.kind})"
    if kind.integer:
        wrong = np.flatnonzero(times != np.rint(times))
        if len(wrong):
            row = int(wrong[0])
            raise StataError(
                459, f"{name} needs integers in t({request.t}): {lowest.describe(row)} it is {times[row]:g}."
            )
    if kind.times == "grid":
        wrong = np.flatnonzero(times < 0.0)
        if len(wrong):
            row = int(wrong[0])
            raise StataError(
                459,
                f"{name} needs nonnegative integers in t({request.t}): {lowest.describe(row)} it is {times[row]:g}.",
            )
    if in_order(lowest.codes, times):
        return
    order = np.lexsort((times, lowest.codes))
    same = (lowest.codes[order][1:] == lowest.codes[order][:-1]) & (times[order][1:] == times[order][:-1])
    if same.any():
        row = int(order[1 + int(np.flatnonzero(same)[0])])
        raise StataError(
            451,
            f"repeated time values within a group: {request.t} is {times[row]:g} more than once "
            f"{lowest.describe(row)}. {name} needs different values of t() within each group.",
        )


def _order_in_force(request: ResidualRequest, kind: ResidualKind, times: FloatArray, lowest: LowestLevel) -> int:
    if not kind.ordered:
        return 0
    if kind.times == "grid":
        most = len(np.unique(times)) - 1
        order = most if request.order is None else request.order
        words = f"0 to {most}, one less than the number of values of {request.t}"
        if order > most:
            raise StataError(198, f"residuals({request.kind} {order}): the order can be {words}")
        return order
    longest = int(_longest_lag(times, lowest))
    default = longest if request.kind == "toeplitz" else 1
    order = default if request.order is None else request.order
    if order > longest:
        raise StataError(
            198,
            f"residuals({request.kind} {order}): the largest distance in {request.t} within a group is {longest}; "
            "choose an order up to that",
        )
    return order


def _longest_lag(times: FloatArray, lowest: LowestLevel) -> float:
    low, high = np.full(lowest.n_groups, np.inf), np.full(lowest.n_groups, -np.inf)
    np.minimum.at(low, lowest.codes, times)
    np.maximum.at(high, lowest.codes, times)
    return float((high - low).max())


def _check_information(kind: str, codes: IntArray, where: str) -> None:
    """Refuse correlations that no group can inform, and a by-group without observations enough."""
    if kind not in ("independent", "banded") and np.bincount(codes).max() == 1:
        raise StataError(
            459,
            f"residuals({kind}): every lowest-level group has a single observation{where}, so residuals have no "
            "correlation within groups to estimate. Use residuals(independent).",
        )


def _structure(
    request: ResidualRequest, kind: ResidualKind, order: int, data: tuple[FloatArray, IntArray], where: str
) -> ResidualStructure:
    times, codes = data
    if not kind.times:
        return kind.make(np.zeros(0), order)
    if kind.times == "lag":
        return kind.make(_lags(times, codes, every=request.kind in ("ar", "ma")), order)
    values, observations = np.unique(times, return_counts=True)
    if kind.common:
        _check_variances(request, values, observations, where)
        return kind.make(values, order)
    if len(values) > MOST_TIMES and not (kind.ordered and order == 0):
        raise StataError(
            459,
            f"residuals({request.kind}): {request.t} has {len(values):,} values{where}, which makes "
            f"{len(values) * (len(values) + 1) // 2:,} parameters. Choose a structure that depends on distance in "
            "time, such as ar or exponential.",
        )
    width = min(order, len(values) - 1) if kind.ordered else len(values) - 1
    n_groups = int(np.count_nonzero(np.bincount(codes)))
    if width >= n_groups:
        raise StataError(
            459,
            f"residuals({request.kind}): {n_groups:,} groups are too few{where} for the covariances of "
            f"{width + 1:,} values of {request.t}; there must be at least as many groups. Choose a structure with "
            "fewer parameters, such as ar or toeplitz.",
        )
    _check_pairs(request, values, data, where, width)
    return kind.make(values, width)


def _check_variances(request: ResidualRequest, values: FloatArray, observations: IntArray, where: str) -> None:
    """Refuse more variances than make sense, and one that a fit of a single observation could bring to zero."""
    if len(values) > MOST_TIMES:
        raise StataError(
            459,
            f"residuals({request.kind}): {request.t} has {len(values):,} values{where}, each with a variance of its "
            f"own; at most {MOST_TIMES} are possible. Choose a structure with one variance, such as ar.",
        )
    if observations.min() == 1:
        raise StataError(
            459,
            f"residuals({request.kind}): there is a single observation at {request.t} "
            f"{values[int(np.argmin(observations))]:g}{where}, so the variance there cannot be estimated.",
        )


def _check_pairs(
    request: ResidualRequest,
    values: FloatArray,
    data: tuple[FloatArray, IntArray],
    where: str,
    width: int,
) -> None:
    """Refuse a covariance of two times that no group has both of."""
    times, codes = data
    present = np.zeros((int(codes.max()) + 1, len(values)))
    present[codes, np.searchsorted(values, times)] = 1.0
    together = present.T @ present
    p = len(values)
    for i in range(p):
        for j in range(i + 1, min(i + width, p - 1) + 1):
            if not together[i, j]:
                raise StataError(
                    459,
                    f"residuals({request.kind}): no group has observations both at {request.t} {values[i]:g} and at "
                    f"{values[j]:g}{where}, so their covariance cannot be estimated.",
                )


def in_order(codes: IntArray, times: FloatArray) -> bool:
    """Whether rows lie group by group in ascending order of time, without repetition."""
    step = np.diff(codes)
    return bool(np.all((step > 0) | ((step == 0) & (np.diff(times) > 0.0))))


def _lags(times: FloatArray, codes: IntArray, *, every: bool) -> FloatArray:
    """Distinct distances in time within groups, 0 first; distances equal up to rounding count once.

    With `every`, distances in between are there too, where that spares the search for those that occur.
    """
    if not in_order(codes, times):
        order = np.lexsort((times, codes))
        times, codes = times[order], codes[order]
    starts = np.concatenate(([0], np.flatnonzero(np.diff(codes)) + 1))
    sizes = np.diff(starts, append=len(codes))
    if every:
        longest = float((times[starts + sizes - 1] - times[starts]).max())
        if longest < _MANY:
            return np.arange(longest + 1.0)
    found = [np.zeros(1)]
    for shift in range(1, int(sizes.max())):
        same = codes[shift:] == codes[:-shift]
        found.append(np.unique((times[shift:] - times[:-shift])[same]))
    distinct = np.unique(np.concatenate(found))
    kept = np.concatenate(([True], np.diff(distinct) > 1e-9 * float(distinct[-1])))
    return np.asarray(distinct[kept])
