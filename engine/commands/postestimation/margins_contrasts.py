"""``margins`` with contrasts or pairwise comparisons: operators, ``contrast()``, ``pwcompare()``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.errors import StataError

if TYPE_CHECKING:
    from engine.commands.postestimation.margins_request import MarginsRequest
    from engine.lang.contrast_terms import ContrastTerm
    from engine.postest.comparisons import Scales
    from engine.postest.grids import Cells
    from engine.postest.margins import Averages
    from engine.postest.parameters import Parameters
    from engine.tables.margins import MarginsHead


def compared(
    averages: Averages, parameters: Parameters, request: MarginsRequest, head: MarginsHead, context: Context
) -> Effects:
    """Print contrasts or pairwise comparisons of margins."""
    from dataclasses import replace

    from engine.commands.postestimation.comparison_pairs import show_pairs
    from engine.commands.postestimation.comparisons import Shown, method_of, show_contrasts
    from engine.commands.postestimation.margins_drawn import drawn_contrasts, drawn_pairs
    from engine.commands.postestimation.margins_table import formats_of, value_labels
    from engine.postest.comparisons import Inference, term_contrasts
    from engine.tables.margins import head_blocks

    kind = "Contrasts of" if request.contrast is not None else "Pairwise comparisons of"
    title = head.title[0].lower() + head.title[1:]
    method = method_of(request.part.option("mcompare"), head.command, pairs=request.pairwise is not None)
    inference = Inference(parameters=parameters, level=request.level, df=request.df, method=method)
    shown = Shown(
        words=request.contrast if request.contrast is not None else request.pairwise or frozenset(),
        labels=value_labels(averages, context),
        formats=formats_of(request.part),
        delta=True,
    )
    if len(request.slopes) > 1:
        raise StataError(198, "contrasts of effects take one variable in dydx()", request.part.body_span)
    slope = _one_slope(averages, request)
    head = replace(head, title=f"{kind} {title}")
    opening = head_blocks(replace(head, slopes=slope))
    if request.contrast is not None:
        terms = [_with_outer(term, request, averages) for term in request.terms or (None,)]
        lincom = "lincom" in request.contrast
        found = [
            term_contrasts(term, _cells(averages, term, slope), _scales(averages), lincom=lincom) for term in terms
        ]
        context.emit(*opening)
        made = show_contrasts(found, terms, inference, shown, context)
        origin = drawn_contrasts(found, averages, inference, shown.labels, head)
    else:
        cells = [_cells(averages, term, slope) for term in request.terms or (None,)]
        named = [("#".join(d.name for d in own.dimensions), own) for own in cells]
        context.emit(*opening)
        made = show_pairs(named, inference, shown, context)
        origin = drawn_pairs(named, inference, shown.labels, head)
    stored = made.r
    if stored is None:
        return made
    macros = {**stored.macros, "cmd2": "margins", "title": head.title}
    return replace(made, r=replace(stored, macros=macros, origin=origin))


def _with_outer(term: ContrastTerm | None, request: MarginsRequest, averages: Averages) -> ContrastTerm:
    """Return the term with the sets of ``at()`` and the groups of ``over()`` that have operators among its factors."""
    from engine.lang.contrast_terms import ContrastFactor, ContrastTerm
    from engine.postest.margins import AT

    own = () if term is None else term.factors
    outer = tuple(
        ContrastFactor(name, factor.operator, factor.base)
        for factor, name in zip(request.over, averages.groups.variables, strict=True)
        if factor.operator
    )
    if request.at_operator:
        if len(averages.settings) < 2:
            raise StataError(198, "atcontrast() needs several sets of values in at()", request.part.body_span)
        outer = (ContrastFactor(AT, request.at_operator), *outer)
    if term is None:
        return ContrastTerm(outer)
    return ContrastTerm((*outer, *own), term.within, term.nested, term.span)


def _one_slope(averages: Averages, request: MarginsRequest) -> str:
    from engine.postest.margin_words import slopes_of

    if not request.slopes:
        return ""
    found = slopes_of(request.slopes, averages.covariates)
    if len(found) != 1:
        raise StataError(198, "contrasts of effects need a variable with one effect in dydx()", request.part.body_span)
    return found[0]


def _cells(averages: Averages, term: ContrastTerm | None, slope: str) -> Cells:
    """Return the margins at the levels of a term's factors; ``_at`` and the groups of ``over()`` may be among them."""
    from engine.commands.postestimation.margins_average import placed
    from engine.postest.margin_words import factor_dimension
    from engine.postest.margins import AT

    if term is None:
        return averages.cells((), slope=slope)
    outer = {AT, *averages.groups.variables}
    own = [factor for factor in (*term.factors, *term.within) if factor.variable not in outer]
    named = [factor.variable for factor in (*term.factors, *term.within)]
    if AT in named and not any(d.name == AT for d in averages.outer):
        raise StataError(198, "_at needs several values in at()", term.span)
    orders = {factor.variable for factor in own if factor.operator.rstrip("w") in ("p", "q")}
    with placed(term.span):
        dimensions = [
            factor_dimension(f.variable, None if f.variable in orders else f.levels, averages.covariates) for f in own
        ]
    return averages.cells(dimensions, slope=slope)


def _scales(averages: Averages) -> Scales:
    """Return base levels and frequencies of the factors."""
    from engine.postest.comparisons import Scales
    from engine.postest.margins import AT

    covariates = averages.covariates
    counts = {
        name: {level: float(covariates.weights[covariates.values(name) == level].sum()) for level in levels}
        for name, levels in covariates.levels.items()
    }
    counts[AT] = dict.fromkeys(range(1, len(averages.settings) + 1), 1.0)
    return Scales({name: covariates.base(name) for name in covariates.levels}, counts)
