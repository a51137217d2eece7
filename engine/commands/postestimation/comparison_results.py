"""r() of contrasts and pairwise comparisons under the names of [R] contrast and [R] pwcompare."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from engine.commands.base import Context
    from engine.postest.comparisons import Inference
    from engine.results.stored import Matrix, Stored
    from engine.tables.contrasts import Section, TermTests

    FloatArray = npt.NDArray[np.float64]


def contrast_results(
    sections: Sequence[Section], weights: FloatArray, tests: Sequence[TermTests], inference: Inference, context: Context
) -> Stored:
    """Return the contrasts, their coefficients `weights` (m, K) and the tests of the terms."""
    import numpy as np

    from engine.results.stored import Matrix, Stored

    matrices = _of_combinations(sections, weights, inference)
    names = matrices["b"].cols
    matrices["L"] = Matrix(names, _parameter_names(inference), inference.padded(weights)[:, : _n_parameters(inference)])
    flat = [
        (term.name if not row.label else f"{term.name}:{row.label}", row.test) for term in tests for row in term.rows
    ]
    labels = tuple(name for name, _ in flat)
    values = {
        "F" if flat[0][1].is_f else "chi2": [test.statistic for _, test in flat],
        "df": [float(test.df) for _, test in flat],
        "p": [test.p for _, test in flat],
    }
    if flat[0][1].is_f:
        values["df2"] = [test.ddf for _, test in flat]
    matrices |= {key: Matrix(("r1",), labels, np.array([row])) for key, row in values.items()}
    return Stored(
        scalars=_scalars(sections, inference), macros=_macros("contrast", inference, context), matrices=matrices
    )


def pair_results(
    margins: Sequence[Section],
    pairs: Sequence[Section],
    weights: tuple[FloatArray, FloatArray],
    inference: Inference,
    context: Context,
) -> Stored:
    """Return the margins under r(b) and their differences under r(b_vs), with `weights` the coefficients of both."""
    from engine.results.stored import Stored

    own = _of_combinations(margins, weights[0], inference)
    differences = {f"{name}_vs": matrix for name, matrix in _of_combinations(pairs, weights[1], inference).items()}
    macros = _macros("pwcompare", inference, context)
    macros |= {f"{name}_vs": macros.pop(name) for name in ("mcmethod", "mctitle")}
    return Stored(scalars=_scalars(pairs, inference), macros=macros, matrices=own | differences)


def _of_combinations(sections: Sequence[Section], weights: FloatArray, inference: Inference) -> dict[str, Matrix]:
    import numpy as np

    from engine.postest.linear_tests import covariance
    from engine.results.stored import Matrix

    names = tuple(f"{section.name}:{label}" for section in sections for label in section.labels)
    found = [section.found for section in sections]
    columns = [np.concatenate([each.estimates for each in found])]
    columns += [np.concatenate([getattr(each.tests, key) for each in found]) for key in ("se", "z", "p", "ll", "ul")]
    df = np.concatenate([each.df for each in found])
    critical = np.concatenate([each.tests.critical for each in found])
    columns += [np.where(np.isposinf(df), np.nan, df), critical, np.zeros(len(names))]
    kinds = ("b", "se", found[0].statistic, "pvalue", "ll", "ul", "df", "crit", "eform")
    padded = inference.padded(weights)
    covariances = padded @ covariance(inference.parameters, small=inference.small) @ padded.T
    return {
        "b": Matrix(("r1",), names, columns[0][None, :]),
        "V": Matrix(names, names, covariances),
        "table": Matrix(kinds, names, np.vstack(columns)),
    }


def _n_parameters(inference: Inference) -> int:
    """Return how many elements e(b) has, without the constant of linearised functions."""
    return len([name for name in inference.parameters.names if name])


def _parameter_names(inference: Inference) -> tuple[str, ...]:
    own = inference.parameters
    pairs = zip(own.equations, own.names, strict=True)
    return tuple(f"{equation}:{name}" if equation else name for equation, name in pairs if name)


def _scalars(sections: Sequence[Section], inference: Inference) -> dict[str, float]:
    import math

    scalars = {"level": inference.level, "k_terms": float(len(sections))}
    df = inference.parameters.result.df_residual if inference.df is None else inference.df
    return scalars if math.isinf(df) else scalars | {"df_r": float(df)}


def _macros(command: str, inference: Inference, context: Context) -> dict[str, str]:
    from engine.commands.postestimation.comparisons import TITLES

    active = context.estimates
    macros = {"cmd": command, "cmdline": context.cmdline, "mcmethod": inference.method}
    macros |= {"mctitle": TITLES[inference.method]}
    return macros if active is None else macros | {"est_cmd": active.command, "est_cmdline": active.cmdline}
