"""``saving(file, replace)``: the statistics of each replicate in a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context
from engine.commands.files.file_names import naming_a_file
from engine.commands.files.save_target import target_path
from engine.data.dataset import Dataset, Variable, new_row_ids
from engine.data.missing import MISSING
from engine.data.names import why_illegal
from engine.errors import Span, StataError
from engine.lang.command import Part

_ELEMENT = re.compile(r"(?P<kind>_b|_se)\[(?:(?P<equation>[^:]*):)?(?P<element>.*)\]")


@dataclass(frozen=True, slots=True)
class Target:
    """Where to write, and the name to show for it."""

    path: Path
    name: str
    span: Span | None


def target_of(part: Part, context: Context) -> Target | None:
    """Return the file that ``saving()`` asks for; r(602) where it exists and replace was not given."""
    use = part.option("saving")
    if use is None:
        return None
    typed, _, words = (use.argument or "").partition(",")
    asked = words.split()
    if any(word not in ("replace", "double") for word in asked):
        raise StataError(198, f"saving() takes replace, not {words.strip()}", use.argument_span)
    path, name = target_path(typed, ".dta", use.argument_span, replacing="replace" in asked, context=context)
    return Target(path, name, use.argument_span)


def variable_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return names of variables for coefficients: ``_b_week``, ``lns1_1_1_b_cons``; ``_stat_#`` where none is legal."""
    out: list[str] = []
    for number, name in enumerate(names, 1):
        match = _ELEMENT.fullmatch(name)
        own = name
        if match is not None:
            equation, element = match["equation"] or "", match["element"]
            own = f"{equation}{match['kind']}{'' if element.startswith('_') else '_'}{element}"
        out.append(own if own not in out and not why_illegal(own) else f"_stat_{number}")
    return tuple(out)


def dataset_of(
    names: tuple[str, ...], values: npt.NDArray[np.float64], labels: Mapping[str, str] | None = None
) -> Dataset:
    """Return a data set of statistics, NaN as missing; the labels are their full names where `labels` has none."""
    columns = {}
    variables = []
    for own, name, column in zip(variable_names(names), names, values.T, strict=True):
        columns[own] = np.where(np.isfinite(column), column, MISSING)
        variables.append(Variable(own, "double", "%9.0g", label=(labels or {}).get(name, name)[:80]))
    n = len(values)
    return Dataset(variables=tuple(variables), columns=columns, n_obs=n, row_ids=new_row_ids(n), changed=True)


def write(target: Target, dataset: Dataset, context: Context) -> None:
    """Write a data set; r(603) where the file cannot be written."""
    from engine.data.dta import write_dta

    with naming_a_file(target.span):
        write_dta(dataset, target.path)
    context.say(f"(file {target.name} saved)")
