"""Binding of a linear regression: response, columns, weights, clusters and panels on the estimation sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.data.dataset import Dataset
from engine.errors import StataError
from engine.events import NEVER, CancelToken
from engine.frame.columns import Column, ColumnState
from engine.frame.columnvalues import BoolArray, FloatArray, RowValues
from engine.frame.evaluate import Lookup, no_results
from engine.frame.fixedpart import Places, bind_fixed, estimation_sample, places_of, response
from engine.frame.groups import Codes, code_variable
from engine.frame.resolve import resolve_name
from engine.frame.terms import terms_of
from engine.frame.weighting import Clusters
from engine.frame.weights import WeightValues, leave_out_unweighted, read_weights
from engine.spec.regression import RegressionSpec


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowWeights:
    """Weights of the observations.

    Attributes
    ----------
    kind, expression
        ``fweight aweight pweight iweight`` and what was typed.
    values
        Shape (n,); analytic and sampling weights sum to n.
    n_obs
        Observations counted by frequency and importance weights.
    """

    kind: str
    expression: str
    values: FloatArray
    n_obs: int
    total: float
    """Sum of the weights as typed."""

    @property
    def is_count(self) -> bool:
        """Whether a weight says how many observations a row stands for."""
        return self.kind in ("fweight", "iweight")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Panel:
    """The groups of a panel variable on the sample."""

    name: str
    codes: Codes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearFrame:
    """Everything that estimation of a linear regression needs, on its sample.

    Attributes
    ----------
    y, X
        Response (n,) and estimated columns (n, p) in the order of `columns`.
    columns
        All columns of e(b).
    e_sample
        Mask over all observations of the data.
    """

    depvar: str
    y: FloatArray
    X: FloatArray
    columns: tuple[Column, ...]
    e_sample: BoolArray
    notes: tuple[str, ...]
    weights: RowWeights | None
    clusters: Clusters | None
    panel: Panel | None

    @property
    def n_obs(self) -> int:
        """Number of observations, counted by frequency weights."""
        return len(self.y) if self.weights is None else self.weights.n_obs

    @property
    def constant(self) -> bool:
        """Whether the model has a constant, which then is the last column."""
        return bool(self.columns) and self.columns[-1].is_constant

    @property
    def estimated(self) -> tuple[int, ...]:
        """Indices into `columns` of the columns of `X`."""
        return tuple(i for i, column in enumerate(self.columns) if column.state is ColumnState.ESTIMATED)


def bind_linear(
    spec: RegressionSpec,
    dataset: Dataset,
    *,
    panel: str = "",
    lookup: Lookup = no_results,
    cancel: CancelToken = NEVER,
) -> LinearFrame:
    """Bind `spec` to the data, with the full name of the panel variable where there is one.

    Raises
    ------
    StataError
        r(111) unknown names, r(109) string variables, r(452) unusable factors, r(2000) and r(2001) too few
        observations, r(401) and r(402) unusable weights.
    """
    if not dataset.variables:
        raise StataError(111, "no variables defined")
    depvar = response(spec, dataset)
    terms = terms_of(spec.indepvars, dataset)
    clustvar = resolve_name(spec.cluster, dataset) if spec.cluster else ""
    grouped: Places = {name: None for name in (panel, clustvar) if name}
    needed = places_of(spec, depvar, list(terms))
    sample, whole = estimation_sample(spec, dataset, needed, grouped, lookup=lookup, cancel=cancel)
    read = read_weights(spec, (), dataset, lookup)
    leave_out_unweighted(sample, read, (), dataset)
    rows = None if sample.all() else sample
    numeric = RowValues(dataset, rows, whole, cancel=cancel)
    y = numeric(depvar)
    weights = _weights(read, sample)
    if len(y) < 2 and (weights is None or weights.n_obs < 2):
        raise StataError(2001, "insufficient observations")
    fixed = bind_fixed(terms, numeric, depvar, y, constant=not spec.noconstant, exact=True, cancel=cancel)
    return LinearFrame(
        depvar=depvar,
        y=y,
        X=fixed.X,
        columns=fixed.columns,
        e_sample=sample,
        notes=fixed.notes,
        weights=weights,
        clusters=_clusters(clustvar, dataset, rows) if clustvar else None,
        panel=Panel(name=panel, codes=code_variable(dataset, panel, rows, cancel=cancel)) if panel else None,
    )


def _weights(read: tuple[WeightValues, ...], sample: BoolArray) -> RowWeights | None:
    """Return the weights on the sample, analytic and sampling weights scaled to sum to the number of rows."""
    if not read:
        return None
    weight = read[0]
    values = weight.values[sample]
    total = float(values.sum())
    counted = weight.kind in ("fweight", "iweight")
    return RowWeights(
        kind=weight.kind,
        expression=weight.text,
        values=values if counted else values * (len(values) / total),
        n_obs=int(total + 1e-9) if counted else len(values),
        total=total,
    )


def _clusters(name: str, dataset: Dataset, rows: BoolArray | None) -> Clusters:
    codes = code_variable(dataset, name, rows)
    if codes.n_groups < 2:
        raise StataError(
            459, f"robust standard errors need independent clusters, and {name} has only one value in the sample"
        )
    return Clusters(name=name, codes=np.asarray(codes.values), n_clusters=codes.n_groups, given=True)
