"""What ``margins`` leaves behind: r(), the margins for ``marginsplot``, and with ``post`` e()."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from engine.commands.base import Context
    from engine.commands.postestimation.margins_request import MarginsRequest
    from engine.lang.contrast_terms import ContrastTerm
    from engine.postest.linear_tests import Combinations
    from engine.postest.margins import Averages
    from engine.results.estimates import Estimates
    from engine.results.margins import MarginRow, MarginsResult
    from engine.results.stored import Stored
    from engine.tables.margins import MarginsHead


def result_of(
    head: MarginsHead,
    rows: tuple[MarginRow, ...],
    found: Combinations,
    covariance: npt.NDArray[np.float64],
    averages: Averages,
    *,
    level_percent: float,
    terms: tuple[ContrastTerm, ...],
) -> MarginsResult:
    """Return the margins with their places among the values of the variables."""
    from dataclasses import replace

    from engine.postest.margins import AT
    from engine.results.margins import MarginsResult

    settings = averages.settings
    varying = averages.varying
    fixed = {name for setting in settings for name in setting.values}
    own = [name for row in rows for name, _ in row.places if name not in fixed and name not in varying]
    if AT in varying:
        rows = tuple(replace(row, places=((AT, float(row.at + 1)), *row.places)) for row in rows)
    t = found.tests
    return MarginsResult(
        title=head.title,
        expression=head.expression,
        rows=rows,
        estimates=found.estimates,
        V=covariance,
        se=t.se,
        ll=t.ll,
        ul=t.ul,
        df=found.df,
        level=level_percent,
        dimensions=(*varying, *dict.fromkeys(own)),
        terms=tuple("#".join(factor.variable for factor in term.factors) for term in terms),
    )


def stored_of(
    result: MarginsResult, found: Combinations, head: MarginsHead, active: Estimates, context: Context
) -> Stored:
    """Return r(): the manual's names, and the margins themselves for ``marginsplot``."""
    import numpy as np

    from engine.results.stored import Matrix, Stored

    prefix = [f"{row.variable}:" if row.variable and row.column.name != row.variable else "" for row in result.rows]
    names = tuple(p + row.column.marked_name for p, row in zip(prefix, result.rows, strict=True))
    t = found.tests
    zero = np.zeros(len(names))
    df = np.where(np.isposinf(found.df), np.nan, found.df)
    table = np.stack((found.estimates, t.se, t.z, t.p, t.ll, t.ul, df, t.critical, zero))
    kinds = ("b", "se", found.statistic, "pvalue", "ll", "ul", "df", "crit", "eform")
    matrices = {
        "b": Matrix(("r1",), names, found.estimates[None, :]),
        "V": Matrix(names, names, result.V),
        "table": Matrix(kinds, names, table),
        "error": Matrix(("r1",), names, np.where(np.isfinite(found.estimates), 0.0, 8.0)[None, :]),
    }
    if np.isnan(t.se).all():  # nose
        del matrices["V"]
    sets = [each for each in head.at if each.values and not each.group]
    if sets:
        variables = tuple(dict.fromkeys(value.name for each in sets for value in each.values))
        values = np.full((len(sets), len(variables)), np.nan)
        for i, each in enumerate(sets):
            for value in each.values:
                values[i, variables.index(value.name)] = value.value
        matrices["at"] = Matrix(tuple(f"{i}._at" for i in range(1, len(sets) + 1)), variables, values)
    scalars = {"N": head.n_obs, "k_predict": 1.0, "k_margins": float(max(len(result.terms), 1))}
    scalars |= {"k_at": float(len(sets)), "level": result.level}
    label = head.expression.rpartition(", predict(")[0]
    macros = {
        "cmd": "margins", "cmdline": context.cmdline, "est_cmd": active.command, "est_cmdline": active.cmdline,
        "title": head.title, "expression": "predict()" if label else head.expression, "predict1_label": label,
        "vce": "delta", "vcetype": "Delta-method", "over": head.over, "xvars": head.slopes,
        "derivatives": head.change if head.slopes else "", "model_vce": active.e.macros.get("vce", ""),
        "margins": " ".join(result.terms),
    }  # fmt: skip
    macros = {name: text for name, text in macros.items() if text}
    return Stored(scalars=scalars, macros=macros, matrices=matrices, origin=result)


def posted(result: MarginsResult, stored: Stored, active: Estimates, request: MarginsRequest) -> dict[str, Any]:
    """Return the effects of ``post``."""
    if not request.part.has("post"):
        return {}
    import numpy as np

    from engine.results.estimates import Estimates
    from engine.results.margins import PostedResult
    from engine.results.stored import Stored

    values = np.where(np.isfinite(result.estimates), result.estimates, 0.0)
    posted = PostedResult(
        columns=tuple(row.column for row in result.rows),
        beta=values,
        vcov_beta=result.V,
        df_residual=active.result.df_residual if request.df is None else request.df,
        n_obs=active.result.n_obs,
        rank=int(np.linalg.matrix_rank(result.V)),
        sample_rows=active.result.sample_rows,
    )
    matrices = {name: matrix for name, matrix in stored.matrices.items() if name != "table"}
    e = Stored(stored.scalars, {**stored.macros, "properties": "b V"}, matrices)
    return {"estimates": Estimates(command="margins", result=posted, cmdline=stored.macros["cmdline"], e=e), "e": e}
