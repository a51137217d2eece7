"""The random part of a model: level variables, which equation has the constant, structures and Z."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset
from engine.errors import StataError
from engine.events import NEVER, CancelToken
from engine.frame.collinear import independent_columns
from engine.frame.columns import Column, ColumnPart, ColumnState
from engine.frame.columnvalues import Numeric, design_matrix
from engine.frame.factors import expand_terms
from engine.frame.groups import code_paths, code_variable
from engine.frame.modelframe import Factor, Level, RandomBlock
from engine.frame.resolve import resolve_name
from engine.frame.terms import Term, terms_of
from engine.spec.mixed import CovarianceKind, RandomEquation

ALL_EMPTY = "Note: all random-effects equations are empty; model is linear regression"


@dataclass(frozen=True, slots=True)
class Equation:
    """A random-effects equation under full names; `factor` is the variable of ``R.``."""

    asked: RandomEquation
    level: str
    terms: tuple[Term, ...]
    factor: str | None = None


def read_equations(asked: Sequence[RandomEquation], dataset: Dataset) -> tuple[Equation, ...]:
    """Resolve the names of all equations and check how their levels go together."""
    equations = []
    for equation in asked:
        level = (
            equation.level if equation.level == "_all" else resolve_name(equation.level, dataset, equation.level_span)
        )
        factor = None if equation.factor is None else resolve_name(equation.factor, dataset, equation.factor_span)
        equations.append(Equation(equation, level, terms_of(equation.terms, dataset), factor))
    _check_levels([equation.level for equation in equations])
    return tuple(equations)


def _check_levels(names: list[str]) -> None:
    distinct = [name for i, name in enumerate(names) if i == 0 or names[i - 1] != name]
    for i, name in enumerate(distinct):
        if name == "_all" and i > 0:
            raise StataError(198, "_all is the whole sample and can only be the top level. List _all first.")
        if name in distinct[:i]:
            raise StataError(
                198, f"level {name} is listed twice with another level between. Put its equations next to each other."
            )


def constants_of(equations: Sequence[Equation]) -> tuple[bool, ...]:
    """Tell which equations have a constant: of several at one level only the last, unless noconstant; never ``R.``."""
    last = {e.level: i for i, e in enumerate(equations) if e.factor is None}
    return tuple(e.factor is None and last[e.level] == i and not e.asked.noconstant for i, e in enumerate(equations))


def bind_levels(
    equations: Sequence[Equation],
    dataset: Dataset,
    rows: npt.NDArray[np.bool_] | None,
    *,
    cancel: CancelToken = NEVER,
) -> tuple[Level, ...]:
    """Return the distinct levels, top to bottom, with the codes of their paths on the sample."""
    names = list(dict.fromkeys(equation.level for equation in equations))
    paths = code_paths([code_variable(dataset, name, rows, cancel=cancel) for name in names], cancel)
    return tuple(
        Level(name=name, codes=path.values, n_groups=path.n_groups) for name, path in zip(names, paths, strict=True)
    )


def bind_random(
    equations: Sequence[Equation],
    constants: Sequence[bool],
    levels: Sequence[Level],
    numeric: Numeric,
    n_obs: int,
    *,
    factors: Mapping[str, Factor] = MappingProxyType({}),
    cancel: CancelToken = NEVER,
) -> tuple[tuple[RandomBlock, ...], tuple[str, ...]]:
    """Return one block per equation and the notes to print; `factors` are the variables of ``R.``, by name."""
    index = {level.name: i for i, level in enumerate(levels)}
    blocks: list[RandomBlock] = []
    notes: list[str] = []
    for equation, constant in zip(equations, constants, strict=True):
        if equation.factor is not None:
            blocks.append(_factor_block(equation, index[equation.level], factors[equation.factor], n_obs))
            continue
        columns, new_notes = _random_columns(equation, numeric, n_obs, constant=constant, cancel=cancel)
        notes += new_notes
        structure, structure_note = _structure(equation, len(columns))
        notes += structure_note
        blocks.append(
            RandomBlock(
                level=index[equation.level],
                level_name=equation.level,
                structure=structure,
                Z=design_matrix(columns, numeric, n_obs),
                columns=columns,
            )
        )
    if blocks and not any(block.columns for block in blocks):
        notes.append(ALL_EMPTY)
    return tuple(blocks), tuple(notes)


def bind_factors(
    equations: Sequence[Equation],
    dataset: Dataset,
    rows: npt.NDArray[np.bool_] | None,
    *,
    cancel: CancelToken = NEVER,
) -> dict[str, Factor]:
    """Return the variables of ``R.`` with their values coded on the sample; text will do as well as numbers."""
    names = dict.fromkeys(equation.factor for equation in equations if equation.factor is not None)
    coded = ((name, code_variable(dataset, name, rows, cancel=cancel)) for name in names)
    return {name: Factor(name=name, codes=codes.values, n_levels=codes.n_groups) for name, codes in coded}


def _factor_block(equation: Equation, level: int, factor: Factor, n_obs: int) -> RandomBlock:
    return RandomBlock(
        level=level,
        level_name=equation.level,
        structure=equation.asked.covariance or CovarianceKind.IDENTITY,
        Z=np.broadcast_to(1.0, (n_obs, 1)),
        columns=(Column((ColumnPart(f"R.{factor.name}"),)),),
        factor=factor,
    )


def _random_columns(
    equation: Equation, numeric: Numeric, n_obs: int, *, constant: bool, cancel: CancelToken
) -> tuple[tuple[Column, ...], list[str]]:
    """Return the columns that vary at random, collinear ones left out unless the user keeps them."""
    expansion = expand_terms(equation.terms, numeric)
    columns = [column for column in expansion.columns if column.state is ColumnState.ESTIMATED]
    notes = list(expansion.notes)
    if columns and not equation.asked.collinear:
        kept = independent_columns(design_matrix(columns, numeric, n_obs), constant=constant, cancel=cancel).kept
        dropped = [column for column, keep in zip(columns, kept, strict=True) if not keep]
        columns = [column for column, keep in zip(columns, kept, strict=True) if keep]
        notes += [
            f"note: {column.name} omitted from the {equation.level} equation because of collinearity."
            for column in dropped
        ]
    if constant:
        columns.append(Column(()))
    return tuple(columns), notes


def _structure(equation: Equation, n_effects: int) -> tuple[CovarianceKind | None, list[str]]:
    """Return the structure in force: none when empty, identity for a single effect, else as asked."""
    asked = equation.asked.covariance
    if n_effects == 0:
        return None, []
    if n_effects > 1:
        return asked or CovarianceKind.INDEPENDENT, []
    if asked in (None, CovarianceKind.IDENTITY):
        return CovarianceKind.IDENTITY, []
    note = (
        f"Note: single-variable random-effects specification in {equation.level} equation; "
        "covariance structure set to identity"
    )
    return CovarianceKind.IDENTITY, [note]
