"""The result of an analysis of variance: the regression behind it, sums of squares of its terms, repeated measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from engine.results.regress import RegressEstimates, RegressResult
from engine.results.stored import Matrix, Stored
from engine.spec.anova import AnovaBlock


@dataclass(frozen=True, slots=True, kw_only=True)
class AnovaLine:
    """A term: its sum of squares and the test against its error term, NaN where it is not tested.

    `error` is the place of the error term, None for the residual.
    """

    name: str
    ss: float
    df: int
    F: float
    p: float
    error: int | None = None
    ddf: float = float("nan")

    @property
    def ms(self) -> float:
        """Mean square."""
        return self.ss / self.df if self.df else float("nan")


@dataclass(frozen=True, slots=True)
class Epsilons:
    """Epsilons of Huynh and Feldt, of Greenhouse and Geisser, and of Box."""

    hf: float
    gg: float
    box: float

    @property
    def hf_used(self) -> float:
        """That of Huynh and Feldt, no larger than one."""
        return min(self.hf, 1.0)


@dataclass(frozen=True, slots=True)
class CorrectedTest:
    """The test of a repeated term with degrees of freedom times 1 and the epsilons, p in the order of the table."""

    name: str
    df: int
    F: float
    p: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class RepeatedEffect:
    """What the repeated variables `names` have in common: covariances, epsilons, and tests by error term.

    `tests` pairs the tests with name and degrees of freedom of their error term.
    """

    names: tuple[str, ...]
    covariance: npt.NDArray[np.float64]
    epsilons: Epsilons
    tests: tuple[tuple[tuple[CorrectedTest, ...], str, float], ...]


@dataclass(frozen=True, slots=True)
class RepeatedMeasures:
    """Repeated measures: the between-subjects error term, its lowest unit, and what covariances are pooled over."""

    bse: str
    levels: int
    df: int
    unit: str
    pooled: tuple[str, ...]
    variables: tuple[str, ...]
    effects: tuple[RepeatedEffect, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AnovaTable:
    """The lines of the table, the blocks that they are tested in, and repeated measures."""

    sequential: bool
    lines: tuple[AnovaLine, ...]
    blocks: tuple[AnovaBlock, ...]
    repeated: RepeatedMeasures | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnovaEstimates(RegressEstimates):
    """Results of ``anova``: those of the regression behind it, and its table."""

    table: AnovaTable = field(default_factory=lambda: AnovaTable(sequential=False, lines=(), blocks=()))


def anova_stored(regression: Stored, result: RegressResult, table: AnovaTable, cmdline: str) -> Stored:
    """Return e() under the names of [R] anova, *Stored results*; `regression` is what regress would leave."""
    scalars: dict[str, float] = dict(regression.scalars)
    macros = dict(regression.macros) | {
        "cmd": "anova",
        "cmdline": cmdline,
        "title": "Analysis of variance",
        "sstype": "sequential" if table.sequential else "partial",
        "varnames": " ".join(dict.fromkeys(part.variable for column in result.columns for part in column.parts)),
    }
    macros.pop("vce", None)
    for number, line in enumerate(table.lines, 1):
        scalars |= {f"ss_{number}": line.ss, f"df_{number}": float(line.df)}
        macros[f"term_{number}"] = line.name
        if np.isfinite(line.F):
            error = None if line.error is None else table.lines[line.error]
            scalars |= {
                f"F_{number}": line.F,
                f"ssdenom_{number}": result.rss if error is None else error.ss,
                f"dfdenom_{number}": line.ddf,
            }
            macros[f"errorterm_{number}"] = "Residual" if error is None else error.name
    matrices: dict[str, Matrix] = dict(regression.matrices)
    if table.repeated is not None:
        _store_repeated(table.repeated, scalars, macros, matrices)
    return Stored(scalars, macros, matrices)


def _store_repeated(
    repeated: RepeatedMeasures, scalars: dict[str, float], macros: dict[str, str], matrices: dict[str, Matrix]
) -> None:
    scalars |= {"N_bse": float(repeated.levels), "df_bse": float(repeated.df)}
    macros["repvars"] = " ".join(repeated.variables)
    for number, effect in enumerate(repeated.effects, 1):
        values: Mapping[str, float] = {"box": effect.epsilons.box, "gg": effect.epsilons.gg, "hf": effect.epsilons.hf}
        scalars |= {f"{name}{number}": value for name, value in values.items()}
        macros[f"repvar{number}"] = "#".join(effect.names)
        names = tuple(f"c{i}" for i in range(1, len(effect.covariance) + 1))
        matrices[f"Srep{number}"] = Matrix(tuple(f"r{i}" for i in range(1, len(names) + 1)), names, effect.covariance)
