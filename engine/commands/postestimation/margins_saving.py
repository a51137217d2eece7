"""``margins, saving(file, replace)``: the margins as a data set, a row each, under Stata's names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset, ValueLabel, Variable, new_row_ids
from engine.data.missing import MISSING
from engine.postest.margins import AT

if TYPE_CHECKING:
    from engine.commands.base import Context
    from engine.commands.resampling.resample_saving import Target
    from engine.postest.linear_tests import Combinations
    from engine.results.margins import MarginRow, MarginsResult
    from engine.tables.margins import MarginsHead

_NUMBERS = (
    ("_margin", "Margin"),
    ("_se_margin", "Delta-method std. err."),
    ("_statistic", "Statistic"),
    ("_pvalue", "P-value"),
    ("_ci_lb", "Lower confidence limit"),
    ("_ci_ub", "Upper confidence limit"),
)


@dataclass(frozen=True, slots=True)
class _Saved:
    """A variable of the file: its values (m,), NaN where there are none, and the words for them."""

    name: str
    values: npt.NDArray[np.float64]
    label: str
    words: Mapping[float, str] = field(default_factory=dict)


def save_margins(
    target: Target, result: MarginsResult, found: Combinations, head: MarginsHead, *,
    labels: Mapping[str, dict[float, str]], context: Context,
) -> None:  # fmt: skip
    """Write the file: what tells the margins apart, then their numbers; `labels` are those of factors and groups."""
    from engine.commands.resampling.resample_saving import write

    t = found.tests
    columns = [*_dimensions(result, head, labels)]
    for (name, label), values in zip(_NUMBERS, (found.estimates, t.se, t.z, t.p, t.ll, t.ul), strict=True):
        columns.append(_Saved(name, values, label))
    n = len(result.rows)
    dataset = Dataset(
        variables=tuple(
            Variable(c.name, "double", "%9.0g", label=c.label[:80], value_label=c.name if c.words else "")
            for c in columns
        ),
        columns={c.name: np.where(np.isfinite(c.values), c.values, MISSING) for c in columns},
        n_obs=n,
        row_ids=new_row_ids(n),
        value_labels={c.name: ValueLabel(c.name, c.words) for c in columns if c.words},
        changed=True,
        label=f"Created by command margins; {head.expression}"[:80],
    )
    write(target, dataset, context)


def _dimensions(result: MarginsResult, head: MarginsHead, labels: Mapping[str, dict[float, str]]) -> Iterator[_Saved]:
    """Give ``_deriv``, ``_term``, ``_at``, the levels ``_m#``, the groups ``_by#``, values of ``at()`` as ``_at#``."""
    rows, over = result.rows, head.over.split()
    if any(row.variable for row in rows):
        yield _coded("_deriv", [row.variable for row in rows], "Derivatives w.r.t.")
    places = [_levels(row) for row in rows]
    terms = ["#".join(name for name in place if name not in over) or "_cons" for place in places]
    yield _coded("_term", terms, "Term")
    sets = [each for each in head.at if each.values and not each.group]
    if sets:
        yield _Saved("_at", np.array([row.at + 1.0 for row in rows]), "Set of at()")
    factors = [name for name in dict.fromkeys(name for place in places for name in place) if name not in over]
    for stub, members in (("_m", factors), ("_by", over)):
        for number, name in enumerate(members, 1):
            values = np.array([place.get(name, np.nan) for place in places])
            yield _Saved(f"{stub}{number}", values, name, labels.get(name, {}))
    settings = [{value.name: value.value for value in each.values} for each in sets]
    for number, name in enumerate(dict.fromkeys(name for setting in settings for name in setting), 1):
        yield _Saved(f"_at{number}", np.array([settings[row.at].get(name, np.nan) for row in rows]), name)


def _levels(row: MarginRow) -> dict[str, float]:
    """Return the levels of factors and groups of a margin; the factor whose effect it is, is none of them."""
    effect = row.variable.rpartition(".")[2]
    parts = [part for part in row.column.parts if part.variable not in (AT, effect)]
    return {part.variable: float(part.level) for part in parts if part.level is not None}


def _coded(name: str, words: Sequence[str], label: str) -> _Saved:
    """Return words as numbers with value labels, counted from 1 in the order they come."""
    known = list(dict.fromkeys(words))
    values = np.array([known.index(word) + 1.0 for word in words])
    return _Saved(name, values, label, {number + 1.0: word for number, word in enumerate(known)})
