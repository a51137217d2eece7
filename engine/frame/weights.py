"""Weights of a specification on a data set: values, the rows they leave out, and the checks they must pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engine.data.dataset import Dataset
from engine.data.missing import is_missing
from engine.errors import Span, StataError
from engine.frame.columnvalues import BoolArray, FloatArray
from engine.frame.evaluate import Lookup, evaluate
from engine.frame.groups import Codes
from engine.frame.modelframe import Level
from engine.frame.randomeffects import Equation, bind_levels
from engine.frame.weighting import WeightNames, Weights
from engine.lang.command import Weight
from engine.lang.parse_expr import parse_expression
from engine.lang.printer import print_expression
from engine.spec.mixed import MixedSpec
from engine.spec.rules import other


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightValues:
    """One weight: `values` over all observations of the data; `level` is empty for that of the observations."""

    kind: str
    text: str
    level: str
    span: Span | None
    values: FloatArray


class Weighted(Protocol):
    """What any model has: weights of its observations, or none."""

    @property
    def weight(self) -> Weight | None:
        """The weight as typed."""


def read_weights(
    spec: Weighted, equations: Sequence[Equation], dataset: Dataset, lookup: Lookup
) -> tuple[WeightValues, ...]:
    """Evaluate the weights of `spec`; StataError r(109) for text, r(198) for two weights of one level."""
    found: list[WeightValues] = []
    if spec.weight is not None:
        tree = spec.weight.expression
        values = _numbers(evaluate(tree, dataset, lookup=lookup), print_expression(tree), spec.weight.span)
        found.append(
            WeightValues(
                kind=spec.weight.kind, text=print_expression(tree), level="", span=spec.weight.span, values=values
            )
        )
    for equation in equations:
        for kind, text in (("fweight", equation.asked.fweight), ("pweight", equation.asked.pweight)):
            if text is None:
                continue
            span = equation.asked.level_span
            known = next((each for each in found if each.level == equation.level), None)
            if known is not None:
                if (known.kind, known.text) == (kind, text):
                    continue
                raise StataError(
                    198,
                    f"level {equation.level} has two weights, {known.text} and {text}. A level has one weight, "
                    "whichever of its equations names it.",
                    span,
                )
            try:
                values = _numbers(evaluate(parse_expression(text), dataset, lookup=lookup), text, span)
            except StataError as error:  # its place is one in `text`
                raise StataError(error.rc, error.message, span) from None
            found.append(WeightValues(kind=kind, text=text, level=equation.level, span=span, values=values))
    return tuple(found)


def _numbers(values: np.ndarray, text: str, span: Span | None) -> FloatArray:
    if values.dtype == object:
        raise StataError(109, f"type mismatch: {text} is text, and a weight is a number", span)
    return np.asarray(values, dtype=np.float64)


def leave_out_unweighted(
    sample: BoolArray, weights: Sequence[WeightValues], equations: Sequence[Equation], dataset: Dataset
) -> None:
    """Take rows with a missing or zero weight out of `sample`, in place.

    Raises
    ------
    StataError
        r(402) negative weights, r(401) frequency weights that are not whole numbers, r(407) a weight of zero for a
        part of a group only, r(2000) when nothing is left.
    """
    for weight in weights:
        _narrow(sample, ~is_missing(weight.values), f"{weight.text} is missing", weight.span)
    for weight in weights:
        used = weight.values[sample]
        if (used < 0.0).any():
            raise StataError(
                402, f"negative weights encountered: {weight.text} is {used[used < 0.0][0]:g}", weight.span
            )
        whole = used == np.floor(used)
        if weight.kind == "fweight" and not whole.all():
            raise StataError(
                401, f"may not use noninteger frequency weights: {weight.text} is {used[~whole][0]:g}", weight.span
            )
        if weight.level and (used == 0.0).any():
            levels = bind_levels(equations, dataset, sample)
            names = [level.name for level in levels]
            _of_groups(weight, levels[: names.index(weight.level) + 1], dataset, sample)
    for weight in weights:
        _narrow(sample, weight.values != 0.0, f"{weight.text} is zero", weight.span)


def _narrow(sample: BoolArray, kept: BoolArray, why: str, span: Span | None) -> None:
    np.logical_and(sample, kept, out=sample)
    if not sample.any():
        raise StataError(2000, f"no observations: {why} in all of them", span)


def bind_weights(
    spec: MixedSpec, read: Sequence[WeightValues], levels: Sequence[Level], dataset: Dataset, sample: BoolArray
) -> Weights | None:
    """Return the weights on the sample, scaled as ``pwscale()`` asks; None without any.

    Raises
    ------
    StataError
        r(407) when the weight of a level differs within one of its groups.
    """
    if not read:
        return None
    rows = next((weight.values[sample] for weight in read if not weight.level), None)
    of_level = {weight.level: weight for weight in read}
    groups: list[FloatArray | None] = []
    for index, level in enumerate(levels):
        weight = of_level.get(level.name)
        groups.append(None if weight is None else _of_groups(weight, levels[: index + 1], dataset, sample))
    scale = other(spec, "pwscale") or ""
    n_obs = _frequency(read, sample)
    if scale:
        rows, groups[0] = _rescaled(scale, rows, groups[0], levels[0])
    return Weights(rows=rows, groups=tuple(groups), n_obs=n_obs, names=_names(read, levels, scale))


def _of_groups(weight: WeightValues, path: Sequence[Level], dataset: Dataset, sample: BoolArray) -> FloatArray:
    """Return the weight of each group, after checking that its rows agree."""
    level, values = path[-1], weight.values[sample]
    first = Codes(level.codes, level.n_groups).first_rows()
    groups = values[first]
    differs = values != groups[level.codes]
    if differs.any():
        row = int(np.argmax(differs))
        here = np.flatnonzero(sample)[row]
        where = ", ".join(f"{each.name} = {_shown(dataset, each.name, here)}" for each in path if each.name != "_all")
        raise StataError(
            407,
            f"weights must be the same for all observations in a group: {weight.text} is {groups[level.codes[row]]:g} "
            f"and {values[row]:g} in the group {where or '_all'}",
            weight.span,
        )
    return groups


def _shown(dataset: Dataset, name: str, row: int) -> str:
    if dataset.variable(name).is_string:
        return f'"{dataset.texts(name)[row]}"'
    return f"{dataset.numeric(name)[row]:.10g}"


def _frequency(read: Sequence[WeightValues], sample: BoolArray) -> int:
    """Count the observations: each as often as the product of its frequency weights says."""
    count = np.ones(int(np.count_nonzero(sample)))
    for weight in read:
        if weight.kind == "fweight":
            count *= weight.values[sample]
    return round(float(count.sum()))


def _rescaled(
    scale: str, rows: FloatArray | None, groups: FloatArray | None, level: Level
) -> tuple[FloatArray | None, FloatArray | None]:
    """Rescale the weights of a two-level model ([ME] mixed, *Methods and formulas*): size, effective or gk."""
    if rows is None:
        return rows, groups
    counts = np.bincount(level.codes, minlength=level.n_groups)
    total = np.bincount(level.codes, weights=rows, minlength=level.n_groups)
    if scale == "gk":
        return None, (total if groups is None else total * groups) / counts
    if scale == "size":
        factor = counts / total
    else:
        factor = total / np.bincount(level.codes, weights=rows**2, minlength=level.n_groups)
    return rows * factor[level.codes], groups


def _names(read: Sequence[WeightValues], levels: Sequence[Level], scale: str) -> WeightNames:
    own = next((weight for weight in read if not weight.level), None)

    def texts(kind: str) -> tuple[str, ...]:
        found = {weight.level: weight.text for weight in read if weight.kind == kind}
        return tuple(found.get(level.name, "") for level in levels)

    return WeightNames(
        kind=own.kind if own else "",
        expression=own.text if own else "",
        frequency=texts("fweight"),
        sampling=texts("pweight"),
        scale=scale,
    )
