"""``margins``: averages of the linear prediction and its derivatives, their contrasts and differences ([R] margins)."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from engine.commands.base import Context, Effects
from engine.commands.lincom import LEVEL, level_of
from engine.commands.test_ import DF
from engine.errors import StataError
from engine.lang.declaration import Choice, CommandDecl, OptionDecl, OptionKind, VarlistRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import numpy.typing as npt

    from engine.commands.margins_request import MarginsRequest
    from engine.errors import Span
    from engine.lang.command import Command, OptionUse, Part
    from engine.lang.contrast_terms import ContrastTerm
    from engine.postest.linear_tests import Combinations
    from engine.postest.margins import Averages
    from engine.postest.parameters import Parameters
    from engine.results.estimates import Estimates
    from engine.results.margins import MarginRow, MarginsResult
    from engine.results.stored import Stored
    from engine.tables.margins import MarginsHead, MarginsView
    from engine.tables.numbers import NumberFormats

_ELASTICITY = "elasticities are not available in this version; dydx() gives derivatives."


def _flag(name: str, minimum: int, label: str, text: str, *, page: str = "model", refused: str = "") -> OptionDecl:
    return OptionDecl(name=name, minimum=minimum, label=label, help=text, page=page, refused=refused)


def _text(name: str, minimum: int, label: str, text: str, **more: Any) -> OptionDecl:
    return OptionDecl(name=name, minimum=minimum, kind=OptionKind.TEXT, label=label, help=text, page="model", **more)


MCOMPARE = OptionDecl(
    name="mcompare", minimum=5, kind=OptionKind.CHOICE, label="Multiple comparisons", page="model",
    choices=(
        Choice("noadjust", 5, "No adjustment"),
        Choice("bonferroni", 3, "Bonferroni"),
        Choice("sidak", 2, "Sidak"),
        Choice("scheffe", 2, "Scheffe"),
        Choice("tukey", 3, "Tukey", "Pairwise comparisons after regress."),
        Choice("snk", 3, "Student-Newman-Keuls", "Pairwise comparisons after regress."),
        Choice("duncan", 3, "Duncan", "Pairwise comparisons after regress."),
        Choice("dunnett", 5, "Dunnett", "Comparisons with the first margin after regress."),
    ),
    help="Adjusts p-values and limits for the number of comparisons of a term.",
)  # fmt: skip
DISPLAY = (
    LEVEL,
    _flag("nopvalues", 5, "No p-values", "Leaves out statistics and p-values.", page="reporting"),
    _flag("noci", 4, "No limits", "Leaves out confidence limits.", page="reporting"),
    _flag("vsquish", 7, "No blank lines", "Leaves out the blank lines between terms.", page="reporting"),
    _flag("nofvlabel", 7, "No value labels", "Shows the levels of factors as numbers.", page="reporting"),
    OptionDecl(name="cformat", minimum=5, kind=OptionKind.FORMAT, high=9, label="Format of estimates",
               help="Format of estimates, standard errors and limits.", page="reporting"),
    OptionDecl(name="pformat", minimum=5, kind=OptionKind.FORMAT, high=5, label="Format of p-values",
               help="Format of p-values.", page="reporting"),
    OptionDecl(name="sformat", minimum=5, kind=OptionKind.FORMAT, high=8, label="Format of statistics",
               help="Format of z or t.", page="reporting"),
)  # fmt: skip

DECLARATION = CommandDecl(
    name="margins",
    minimum=7,
    title="Marginal means, predictive margins, and marginal effects",
    help="Averages the linear prediction of the fixed portion over the estimation sample, at the levels of factors and "
    "at values of covariates; with dydx() the effects of variables.",
    menu=(
        "Statistics",
        "Postestimation",
        "Marginal analysis",
        "Marginal means and marginal effects, fundamental analyses",
    ),
    varlist=VarlistRule.TEXT,
    factor_variables=True,
    allow_if=True,
    allow_in=True,
    options=(
        _text("at", 2, "At values", "Sets covariates to values or statistics: at(ses=(-1 0 1) (mean) age). May be "
              "given several times.", repeatable=True),
        _flag("atmeans", 7, "All covariates at their means", "Sets all covariates to their means."),
        _flag("asbalanced", 5, "Factors balanced", "Gives all levels of a factor the same weight."),
        OptionDecl(name="over", minimum=4, kind=OptionKind.VARIABLES, label="Over groups", page="model",
                   help="Averages within the groups of these variables."),
        _text("dydx", 4, "Marginal effects of", "Effects of these variables instead of predictions; * for all."),
        _text("eyex", 4, "Elasticities", "Elasticities.", refused=_ELASTICITY),
        _text("dyex", 4, "Semielasticities dy/ex", "Semielasticities.", refused=_ELASTICITY),
        _text("eydx", 4, "Semielasticities ey/dx", "Semielasticities.", refused=_ELASTICITY),
        _flag("continuous", 4, "Factors as continuous", "Treats factors as continuous variables.",
              refused="continuous is not available: the effect of a factor is the change from its base level."),
        _flag("grand", 5, "Overall margin too", "Adds the overall margin."),
        _text("predict", 4, "Prediction", "What is averaged; only the linear prediction, xb, is available."),
        _text("expression", 3, "Expression", "Expression of predictions.",
              refused="expression() is not available; margins averages the linear prediction."),
        _text("subpop", 6, "Subpopulation", "Averages over the observations where the expression is true."),
        _flag("noesample", 6, "All observations", "Averages over all observations with the covariates, not only those "
              "of the estimation sample."),
        _flag("noestimcheck", 8, "No check of estimability", "Shows margins that the data do not determine."),
        _text("vce", 3, "Standard errors", "delta, the only method available."),
        _text("contrast", 4, "Contrasts", "Contrasts between the margins: contrast(effects nowald) chooses the tables.",
              bare=True),
        _text("pwcompare", 6, "Pairwise comparisons", "Differences between all pairs of margins: pwcompare(effects).",
              bare=True),
        MCOMPARE,
        _flag("post", 4, "Post the margins", "Makes the margins the active estimation results."),
        _flag("noatlegend", 6, "No legend", "Leaves out what at() sets.", page="reporting"),
        _flag("coeflegend", 6, "Names of the margins", "Shows the name of each margin in e(b).", page="reporting"),
        DF,
        *DISPLAY,
    ),
    examples=("margins", "margins sector, at(ses=(-1 0 1))", "margins, dydx(ses)", "margins r.sector"),
)  # fmt: skip


def run(command: Command, context: Context) -> Effects:
    """Compute and print the margins.

    Raises
    ------
    StataError
        r(301) without results, r(322) for what is no covariate and where the estimation sample is gone, r(198) for
        what is not available.
    """
    from engine.commands.margins_request import read_request
    from engine.postest.parameters import parameters_of
    from engine.results.estimates import needs_estimates

    part = command.main
    for use in part.options:
        if use.decl.refused:
            raise StataError(198, use.decl.refused, use.span)
    active = needs_estimates(context.estimates)
    parameters = parameters_of(active)
    if active.command == "margins":
        raise StataError(322, "the active results are margins; restore those of a model first", part.body_span)
    request = read_request(part, context)
    averages = _averages(active, request, context)
    if request.pairwise is not None or request.contrast is not None:
        from engine.commands.margins_contrasts import compared

        return compared(averages, parameters, request, _head(active, averages, request, context), context)
    return _plain(averages, parameters, active, request, context)


@contextmanager
def placed(where: OptionUse | Span | None) -> Iterator[None]:
    """Give errors without a place that of an option's argument, or the one given."""
    try:
        yield
    except StataError as error:
        span = where if where is None or isinstance(where, tuple) else where.argument_span
        error.span = error.span or span
        raise


def _averages(active: Estimates, request: MarginsRequest, context: Context) -> Averages:
    """Return what the margins are averages of."""
    from engine.data.missing import is_missing
    from engine.frame.resolve import resolve_names
    from engine.postest.covariates import Covariates, check_names
    from engine.postest.margins import Averages, groups_of, settings_of

    dataset = context.dataset
    columns = active.result.columns
    names = tuple(dict.fromkeys(part.variable for column in columns for part in column.parts))
    check_names(names, dataset)
    use = request.part.option("over")
    over = resolve_names(request.over, dataset, span=use.argument_span) if use is not None else ()
    rows = _rows(active, request, context)
    for name in (*names, *over):
        rows &= ~is_missing(dataset.numeric(name))
    if not rows.any():
        raise StataError(2000, "no observations")
    named = {factor.variable for term in request.terms for factor in (*term.factors, *term.within)}
    both = next((name for name in over if name in named), None)
    if both is not None:
        raise StataError(198, f"{both} cannot be in over() and among the margins", use.argument_span if use else None)
    weights = _weights(active, rows, context)
    covariates = Covariates(dataset, columns, rows, weights)
    with placed(request.part.option("at")):
        settings = settings_of(request.at, covariates, atmeans=request.atmeans, asbalanced=request.asbalanced)
    with placed(use):
        groups = groups_of(over, covariates, [dataset.numeric(name)[rows] for name in over])
    return Averages(covariates, settings, groups)


def _rows(active: Estimates, request: MarginsRequest, context: Context) -> npt.NDArray[np.bool_]:
    """Return the observations that are averaged."""
    import numpy as np

    from engine.frame.prediction import sample_mask

    mask = context.selected(request.part)
    if request.subpop is not None:
        mask &= np.asarray(context.values(request.subpop) != 0.0)
    if request.noesample:
        return mask
    sample = sample_mask(context.dataset, active.result.sample_rows)
    if not sample.any():
        raise StataError(
            322, "e(sample) does not identify the estimation sample: its observations are not in memory; fit the model "
            "again, or add the option noesample"
        )  # fmt: skip
    return np.asarray(mask & sample)


def _weights(active: Estimates, rows: npt.NDArray[np.bool_], context: Context) -> npt.NDArray[np.float64]:
    """Return the weights of the estimation on the rows, ones without."""
    import numpy as np

    from engine.lang.parse_expr import parse_expression

    text = active.e.macros.get("marginswexp") or active.e.macros.get("wexp") or ""
    if not text:
        return np.ones(int(rows.sum()))
    values = context.values(parse_expression(text.removeprefix("=").strip()))
    return np.asarray(values[rows], dtype=np.float64)


def _head(active: Estimates, averages: Averages, request: MarginsRequest, context: Context) -> MarginsHead:
    from engine.tables.margins import MarginsHead

    covariates = averages.covariates
    counted = active.e.macros.get("marginswtype", active.e.macros.get("wtype", "")) == "fweight"
    n = float(covariates.weights.sum()) if counted else float(covariates.rows.sum())
    robust = active.e.macros.get("vcetype") in ("Robust", "Bootstrap", "Jackknife")
    usual = "OLS" if active.command == "regress" else ""
    portion = "Linear prediction, fixed portion" if active.command == "mixed" else "Linear prediction"
    fixed = averages.all_fixed([factor.variable for term in request.terms for factor in (*term.factors, *term.within)])
    if request.slopes:
        title = f"{'Conditional' if fixed else 'Average'} marginal effects"
    else:
        title = "Adjusted predictions" if fixed else "Predictive margins"
    return MarginsHead(
        title=title,
        n_obs=n,
        vce=active.e.macros["vcetype"] if robust else usual,
        expression=f"{portion}, predict({request.predict})",
        over=" ".join(averages.groups.variables),
        at=() if request.noatlegend else averages.at_sets(),
        command=active.command,
    )


def _plain(
    averages: Averages, parameters: Parameters, active: Estimates, request: MarginsRequest, context: Context
) -> Effects:
    """Print margins or marginal effects."""
    from dataclasses import replace

    import numpy as np

    from engine.postest.linear_tests import combinations
    from engine.postest.margins import slopes_of
    from engine.tables.margins import blank_where_unknown, discrete_note, head_blocks, margins_table, with_legend

    with placed(request.part.option("dydx")):
        slopes = slopes_of(request.slopes, averages.covariates) if request.slopes else ("",)
    if not slopes:
        raise StataError(198, "dydx(): there is no variable whose effect could be computed")
    rows, weights, known = _rows_of(averages, request, slopes)
    padded = np.zeros((len(rows), len(parameters.b)))
    padded[:, : parameters.n_columns] = weights
    level = level_of(request.part, context)
    found = combinations(parameters, padded, level, df=request.df)
    if request.noestimcheck:
        known = np.ones(len(rows), dtype=np.bool_)
    found = blank_where_unknown(found, known)
    head = replace(_head(active, averages, request, context), slopes=" ".join(slopes))
    view = _view(request, found, averages, context, heading="dy/dx" if request.slopes else "Margin")
    table = margins_table(rows, found, known.tolist(), view)
    if view.legend:
        table = with_legend(table, {row.column.name: row.column.marked_name for row in rows})
    context.emit(*head_blocks(head), table, *discrete_note(rows))
    result = _result(
        head, rows, found, padded @ parameters.V @ padded.T, averages, level_percent=level, terms=request.terms
    )
    stored = _stored(result, found, head, active, context)
    return Effects(tables=(table.data,) if table.data else (), r=stored, **_posted(result, stored, active, request))


def _rows_of(
    averages: Averages, request: MarginsRequest, slopes: tuple[str, ...]
) -> tuple[tuple[MarginRow, ...], npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Return every margin with its row of coefficients (m, k), and whether it is estimable."""
    from itertools import product

    import numpy as np

    from engine.frame.columns import Column, ColumnPart
    from engine.postest.margins import AT, factor_dimension
    from engine.results.margins import MarginRow

    covariates = averages.covariates
    factors = []
    for term in request.terms:
        with placed(term.span):
            factors.append([factor_dimension(factor.variable, factor.levels, covariates) for factor in term.factors])
    rows: list[MarginRow] = []
    weights, known = [], []
    for slope in slopes:
        for dimensions in (*factors, *(() if factors and not request.grand else ((),))):
            cells = averages.cells(dimensions, slope=slope)
            weights.append(cells.flat)
            known.append(cells.known.reshape(-1))
            for place in product(*(range(len(d.levels)) for d in cells.dimensions)):
                parts = tuple(p for d, at in zip(cells.dimensions, place, strict=True) for p in d.parts(at))
                number = next((p.level or 1 for p in parts if p.variable == AT), 1) - 1
                if not parts and slope:
                    base_level, _, name = slope.rpartition(".")
                    parts = (ColumnPart(name, int(base_level) if base_level else None),)
                at = averages.settings[number].values.items()
                own = tuple((p.variable, float(p.level or 0)) for p in parts if p.variable != AT)
                places = (*at, *own) if not slope or cells.dimensions else tuple(at)
                rows.append(MarginRow(Column(parts), slope, number, places))
    return tuple(rows), np.concatenate(weights), np.concatenate(known)


def _view(
    request: MarginsRequest, found: Combinations, averages: Averages, context: Context, *, heading: str
) -> MarginsView:
    from engine.tables.effects import EffectColumns
    from engine.tables.margins import MarginsView

    part = request.part
    columns = EffectColumns(
        heading=heading,
        statistic=found.statistic,
        level=level_of(part, context),
        delta=True,
        tests=not part.has("nopvalues"),
        limits=not part.has("noci"),
    )
    return MarginsView(
        columns=columns,
        labels=value_labels(averages, context),
        formats=formats_of(part),
        linesize=context.settings.linesize,
        vsquish=part.has("vsquish"),
        nofvlabel=part.has("nofvlabel"),
        legend=part.has("coeflegend"),
    )


def value_labels(averages: Averages, context: Context) -> dict[str, dict[float, str]]:
    """Return the value labels of factors and of the variables of ``over()``."""
    names = (*averages.covariates.levels, *averages.groups.variables)
    return {name: dict(context.dataset.labels_of(name)) for name in names}


def formats_of(part: Part) -> NumberFormats:
    """Return the number formats that the options ask for."""
    from engine.tables.numbers import NumberFormats

    usual = NumberFormats()
    given = {name: use.argument for name in ("cformat", "pformat", "sformat") if (use := part.option(name))}
    return NumberFormats(
        given.get("cformat") or usual.coefficient,
        given.get("pformat") or usual.p,
        given.get("sformat") or usual.statistic,
    )


def _result(
    head: MarginsHead,
    rows: tuple[MarginRow, ...],
    found: Combinations,
    covariance: npt.NDArray[np.float64],
    averages: Averages,
    *,
    level_percent: float,
    terms: tuple[ContrastTerm, ...],
) -> MarginsResult:
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


def _stored(
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
    }
    sets = [each for each in head.at if each.values and not each.group]
    if sets:
        variables = tuple(dict.fromkeys(value.name for each in sets for value in each.values))
        values = np.full((len(sets), len(variables)), np.nan)
        for i, each in enumerate(sets):
            for value in each.values:
                values[i, variables.index(value.name)] = value.value
        matrices["at"] = Matrix(tuple(f"{i}._at" for i in range(1, len(sets) + 1)), variables, values)
    scalars = {"N": head.n_obs, "k_margins": float(len(names)), "k_at": float(len(sets)), "level": result.level}
    macros = {
        "cmd": "margins", "cmdline": context.cmdline, "est_cmd": active.command, "est_cmdline": active.cmdline,
        "title": head.title, "expression": "predict()", "predict_label": head.expression.rpartition(",")[0],
        "vce": "delta", "vcetype": "Delta-method", "over": head.over, "xvars": head.slopes,
    }  # fmt: skip
    macros = {name: text for name, text in macros.items() if text}
    return Stored(scalars=scalars, macros=macros, matrices=matrices, origin=result)


def _posted(result: MarginsResult, stored: Stored, active: Estimates, request: MarginsRequest) -> dict[str, Any]:
    """Return the effects of ``post``."""
    if not request.part.has("post"):
        return {}
    import numpy as np

    from engine.results.estimates import Estimates
    from engine.results.margins import PostedResult
    from engine.results.stored import Stored

    values = np.where(np.isfinite(result.estimates), result.estimates, 0.0)
    posted = PostedResult(
        depvar=active.result.depvar,
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
