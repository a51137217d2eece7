"""``contrast`` and ``pwcompare``: comparisons of cell means of the linear predictor ([R] contrast, [R] pwcompare)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.postestimation.lincom import df_of, level_of
from engine.commands.postestimation.margins import DISPLAY, MCOMPARE
from engine.commands.postestimation.test_ import DF, SMALL
from engine.errors import StataError
from engine.lang.declaration import CommandDecl, OptionDecl, Picks, VarlistRule

if TYPE_CHECKING:
    from engine.commands.postestimation.comparisons import Shown
    from engine.lang.command import Command, Part
    from engine.lang.contrast_terms import ContrastTerm
    from engine.postest.comparisons import Inference, Scales
    from engine.postest.grids import Cells, Contrasts
    from engine.results.estimates import Estimates

_MENU = ("Statistics", "Postestimation", "Tests, contrasts, and comparisons of parameter estimates")


def _flag(name: str, minimum: int, label: str, text: str) -> OptionDecl:
    return OptionDecl(name=name, minimum=minimum, label=label, help=text, page="model")


_EFFECTS = (
    _flag("effects", 3, "Effects with limits and p-values", "Shows comparisons with limits, statistics and p-values."),
    _flag("cieffects", 2, "Effects with limits", "Shows comparisons with confidence limits."),
    _flag("pveffects", 2, "Effects with p-values", "Shows comparisons with statistics and p-values."),
)
_ASOBSERVED = _flag(
    "asobserved", 5, "Factors as observed", "Averages over the other factors as often as their levels are observed."
)
_SHOWN = tuple(option for option in DISPLAY if option.name not in ("nopvalues", "noci", "vsquish", "nofvlabel"))

CONTRAST = CommandDecl(
    name="contrast",
    minimum=8,
    title="Contrasts of marginal linear predictions",
    help="Tests and estimates contrasts between the levels of factors, all others balanced: r. against the base, "
    "ar. against the level before, g. against the mean, h. and j. Helmert, p. and q. polynomials; @ within levels.",
    menu=(*_MENU, "Contrasts"),
    varlist=VarlistRule.TEXT,
    text_label="Terms",
    picks=Picks.FACTORS,
    factor_variables=True,
    options=(
        _flag("overall", 2, "Overall test", "Adds a joint test of all terms."),
        _ASOBSERVED,
        _flag("lincom", 6, "Any sum of weights", "Custom contrasts may have weights that do not sum to 0."),
        _flag("nowald", 6, "No Wald tests", "Leaves out the table of Wald tests."),
        *_EFFECTS,
        _flag("noatlevels", 5, "No levels", "Shows the joint test only of terms within the levels of others."),
        _flag("noeffects", 5, "No effects", "Leaves out the table of the single contrasts."),
        MCOMPARE,
        SMALL,
        DF,
        *_SHOWN,
    ),
    examples=("contrast sector", "contrast r.sector@female, effects", "contrast sector#c.ses"),
)
PWCOMPARE = CommandDecl(
    name="pwcompare",
    minimum=9,
    title="Pairwise comparisons of marginal linear predictions",
    help="Differences between all pairs of levels of factors or their combinations, all other factors balanced.",
    menu=(*_MENU, "Pairwise comparisons"),
    varlist=VarlistRule.TEXT,
    text_label="Terms",
    picks=Picks.FACTORS,
    factor_variables=True,
    options=(
        *_EFFECTS,
        _ASOBSERVED,
        _flag("cimargins", 3, "Margins with limits", "Shows the margins with confidence limits."),
        _flag(
            "groups", 5, "Margins with groups", "Shows the margins with letters: those that share one do not differ."
        ),
        _flag("sort", 4, "Sorted", "Sorts the comparisons by size."),
        MCOMPARE,
        SMALL,
        DF,
        *_SHOWN,
    ),
    examples=("pwcompare sector", "pwcompare sector#female, effects mcompare(bonferroni)", "pwcompare sector, groups"),
)


def run_contrast(command: Command, context: Context) -> Effects:
    """Print the contrasts.

    Raises
    ------
    StataError
        r(301) without results, r(322) for terms that the fit does not have, r(198) for what is no contrast.
    """
    from engine.commands.postestimation.comparisons import chosen_words, show_contrasts
    from engine.postest.comparisons import term_contrasts
    from engine.results.estimates import needs_estimates
    from engine.results.margins import needs_coefficients
    from engine.tables.contrasts import margins_line, titled

    part = command.main
    active = needs_estimates(context.estimates)
    needs_coefficients(active.result, command.decl.name)
    terms = _terms(part, active)
    scales = _scales(terms, active, context)
    cells = [_cells(term, active, part, context) for term in terms]
    lincom = part.has("lincom")
    found = [
        _with_slopes(term, term_contrasts(term, own, scales, lincom=lincom))
        for term, own in zip(terms, cells, strict=True)
    ]
    inference = _inference(active, part, context, pairs=False)
    words = chosen_words(part, ("overall", "nowald", "effects", "cieffects", "pveffects", "noeffects", "noatlevels"))
    shown = _shown(active, words, part, context)
    context.emit(*titled("Contrasts of marginal linear predictions", margins_line(observed=part.has("asobserved"))))
    return show_contrasts(found, terms, inference, shown, context)


def run_pwcompare(command: Command, context: Context) -> Effects:
    """Print the pairwise comparisons; errors as those of ``contrast``."""
    from engine.commands.postestimation.comparison_pairs import show_pairs
    from engine.commands.postestimation.comparisons import chosen_words
    from engine.results.estimates import needs_estimates
    from engine.results.margins import needs_coefficients
    from engine.tables.contrasts import margins_line, titled

    part = command.main
    active = needs_estimates(context.estimates)
    needs_coefficients(active.result, command.decl.name)
    terms = _terms(part, active)
    if any(term.has_operator for term in terms):
        raise StataError(198, "pwcompare takes factors without contrast operators", part.body_span)
    cells = [(_name(term), _cells(term, active, part, context)) for term in terms]
    words = chosen_words(part, ("effects", "cieffects", "pveffects", "cimargins", "groups", "sort"))
    inference, shown = _inference(active, part, context, pairs=True), _shown(active, words, part, context)
    context.emit(
        *titled("Pairwise comparisons of marginal linear predictions", margins_line(observed=part.has("asobserved")))
    )
    return show_pairs(cells, inference, shown, context)


def _terms(part: Part, active: Estimates) -> tuple[ContrastTerm, ...]:
    from engine.lang.contrast_terms import parse_contrast_terms

    terms = parse_contrast_terms(part.body, part.body_span[0])
    if not terms:
        raise StataError(198, f"terms are missing: name factors of the model of {active.command}", part.body_span)
    return terms


def _cells(term: ContrastTerm, active: Estimates, part: Part, context: Context) -> Cells:
    """Return the cells of a term, the other factors balanced, or with ``asobserved`` as they are in the sample."""
    import numpy as np

    from engine.commands.postestimation.margins_average import estimation_weights
    from engine.frame.columnvalues import RowValues
    from engine.frame.prediction import sample_mask
    from engine.postest.average_rows import AverageRows
    from engine.postest.balanced import balanced_cells
    from engine.postest.covariates import check_names

    columns = active.result.columns
    if not part.has("asobserved"):
        return balanced_cells(term, columns)
    check_names(tuple(dict.fromkeys(piece.variable for column in columns for piece in column.parts)), context.dataset)
    mask = sample_mask(context.dataset, active.result.sample_rows)
    if not mask.any():
        raise StataError(322, "e(sample) does not identify the estimation sample; option asobserved needs it")
    n = int(mask.sum())
    weights = estimation_weights(active, mask, context)
    rows = AverageRows(columns, RowValues(context.dataset, mask), weights, np.zeros(n, dtype=np.int64), 1)
    return balanced_cells(term, columns, lambda parts: float(rows.mean(parts)[0]))


def _name(term: ContrastTerm) -> str:
    return "#".join(f"c.{f.variable}" if f.continuous else f.variable for f in term.factors)


def _with_slopes(term: ContrastTerm, found: Contrasts) -> Contrasts:
    """Return contrasts of slopes under the name of the term, with its continuous variables."""
    from dataclasses import replace

    if not any(factor.continuous for factor in term.factors):
        return found
    _, sign, rest = found.name.partition("@")
    return replace(found, name=_name(term) + sign + rest)


def _inference(active: Estimates, part: Part, context: Context, *, pairs: bool) -> Inference:
    from engine.commands.postestimation.comparisons import method_of
    from engine.postest.comparisons import Inference
    from engine.postest.linear_tests import covariance
    from engine.postest.parameters import parameters_of

    parameters = parameters_of(active)
    covariance(parameters, small=part.has("small"))  # refuses small before anything is printed
    return Inference(
        parameters=parameters,
        level=level_of(part, context),
        small=part.has("small"),
        df=df_of(part),
        method=method_of(part.option("mcompare"), active.command, pairs=pairs),
    )


def _shown(active: Estimates, words: frozenset[str], part: Part, context: Context) -> Shown:
    from engine.commands.postestimation.comparisons import Shown
    from engine.commands.postestimation.margins_table import formats_of
    from engine.postest.parameters import parameters_of
    from engine.tables.labels import factor_labels

    return Shown(
        words=words,
        labels=factor_labels(active.result.columns, context.dataset),
        formats=formats_of(part),
        equation=next(iter(parameters_of(active).equations), ""),
    )


def _scales(terms: tuple[ContrastTerm, ...], active: Estimates, context: Context) -> Scales:
    """Return base levels, and frequencies where an operator is weighted by them."""
    import numpy as np

    from engine.frame.prediction import sample_mask
    from engine.postest.balanced import base_levels, factor_levels
    from engine.postest.comparisons import Scales

    columns = active.result.columns
    counts: dict[str, dict[int, float]] = {}
    weighted = {f.variable for term in terms for f in term.factors if f.operator.endswith("w")}
    for name, levels in factor_levels(columns).items():
        if name in weighted and name in context.dataset:
            values = context.dataset.numeric(name)[sample_mask(context.dataset, active.result.sample_rows)]
            counts[name] = {level: float(np.sum(values == level)) for level in levels}
    return Scales(base_levels(columns), counts)


COMMANDS = ((CONTRAST, run_contrast), (PWCOMPARE, run_pwcompare))
