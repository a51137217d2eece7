"""Contrasts and pairwise comparisons: of ``margins``, and the commands ``contrast`` and ``pwcompare``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.errors import StataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.commands.margins_request import MarginsRequest
    from engine.lang.command import OptionUse, Part
    from engine.lang.contrast_terms import ContrastTerm
    from engine.postest.comparisons import Inference, Scales
    from engine.postest.grids import Cells, Contrasts
    from engine.postest.linear_tests import LinearTest
    from engine.postest.margins import Averages
    from engine.postest.parameters import Parameters
    from engine.results.stored import Stored
    from engine.tables.contrasts import Section, TermTests
    from engine.tables.document import Block
    from engine.tables.labels import FactorLabels
    from engine.tables.margins import MarginsHead
    from engine.tables.numbers import NumberFormats

_TITLES = {
    "noadjust": "Unadjusted",
    "bonferroni": "Bonferroni",
    "sidak": "Sidak",
    "scheffe": "Scheffe",
    "tukey": "Tukey",
    "snk": "SNK",
    "duncan": "Duncan",
    "dunnett": "Dunnett",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How comparisons are shown.

    Attributes
    ----------
    words
        Those of ``contrast()`` or ``pwcompare()``, or the options of the commands of these names.
    equation
        Heads the tables where e(b) has equations.
    delta
        Whether standard errors are said to be those of the delta method.
    """

    words: frozenset[str]
    labels: FactorLabels
    formats: NumberFormats
    equation: str = ""
    delta: bool = False


def method_of(use: OptionUse | None, command: str, *, pairs: bool) -> str:
    """Return the adjustment that ``mcompare()`` asks for after `command`.

    Raises
    ------
    StataError
        r(198) for methods on the range of means where there are no pairs, or no pooled variance.
    """
    from engine.lang.options import find_choice
    from engine.postest.comparisons import RANGE_METHODS

    if use is None or use.argument is None:
        return "noadjust"
    found = find_choice(use.decl, use.argument) or "noadjust"
    if found in RANGE_METHODS and (command != "regress" or not pairs):
        where = "pairwise comparisons" if command == "regress" else f"the results of regress, not after {command}"
        raise StataError(198, f"mcompare({found}) is for {where}", use.argument_span)
    return found


def compared(
    averages: Averages, parameters: Parameters, request: MarginsRequest, head: MarginsHead, context: Context
) -> Effects:
    """Print contrasts or pairwise comparisons of margins."""
    from dataclasses import replace

    from engine.commands.margins import formats_of, value_labels
    from engine.commands.margins_drawn import drawn_contrasts, drawn_pairs
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
    context.emit(*head_blocks(replace(head, title=f"{kind} {title}", slopes=slope)))
    cells = [(term, _cells(averages, term, slope)) for term in request.terms]
    head = replace(head, title=f"{kind} {title}")
    if request.contrast is not None:
        found = [term_contrasts(term, own, _scales(averages)) for term, own in cells]
        made = show_contrasts(found, [term for term, _ in cells], inference, shown, context)
        origin = drawn_contrasts(found, averages, inference, shown.labels, head)
    else:
        named = [("#".join(d.name for d in own.dimensions), own) for _, own in cells]
        made = show_pairs(named, inference, shown, context)
        origin = drawn_pairs(named, inference, shown.labels, head)
    return replace(made, r=None if made.r is None else replace(made.r, origin=origin))


def _one_slope(averages: Averages, request: MarginsRequest) -> str:
    from engine.postest.margins import slopes_of

    if not request.slopes:
        return ""
    found = slopes_of(request.slopes, averages.covariates)
    if len(found) != 1:
        raise StataError(198, "contrasts of effects need a variable with one effect in dydx()", request.part.body_span)
    return found[0]


def _cells(averages: Averages, term: ContrastTerm, slope: str) -> Cells:
    """Return the margins at the levels of a term's factors; ``_at`` may be one of them."""
    from engine.commands.margins import placed
    from engine.postest.margins import AT, factor_dimension

    own = [factor for factor in (*term.factors, *term.within) if factor.variable != AT]
    if len(own) < len(term.factors) + len(term.within) and not any(d.name == AT for d in averages.outer):
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


def show_contrasts(
    found: Sequence[Contrasts], terms: Sequence[ContrastTerm], inference: Inference, shown: Shown, context: Context
) -> Effects:
    """Print the tables of tests and of effects."""
    import numpy as np

    from engine.tables.contrasts import (
        Section,
        comparisons_table,
        contrast_labels,
        effects_data,
        effects_table,
        wald_data,
        wald_table,
    )
    from engine.tables.document import Lines
    from engine.tables.effects import EffectColumns

    words = shown.words
    tests = [_tests(each, inference, shown.labels) for each in found]
    overall = None
    if "overall" in words:
        overall = inference.joint(np.concatenate([each.L[each.known] for each in found]))
    blocks: list[Block] = []
    if inference.method != "noadjust":
        counts = [(each.name, len(each.rows)) for each in found]
        blocks += [comparisons_table(counts, equation=shown.equation), Lines(("",))]
    if "nowald" not in words:
        blocks.append(wald_table(tests, overall, equation=shown.equation, ddf=inference.small))
    sections = [
        Section(
            each.name,
            contrast_labels(each, shown.labels),
            inference.each(each.L, each.known, comparisons=len(each.rows)),
            each.known,
        )
        for each in found
    ]
    operators = any(term.has_operator and any(f.operator or f.weights for f in term.factors) for term in terms)
    chosen = [word for word in ("cieffects", "pveffects", "effects") if word in words]
    if not chosen and operators and not ("nowald" in words and len(words) > 1):
        chosen = ["cieffects"]
    if "noeffects" in words:
        chosen = []
    for word in chosen:
        columns = EffectColumns(
            heading="Contrast",
            statistic=sections[0].found.statistic,
            level=inference.level,
            delta=shown.delta,
            tests=word != "cieffects",
            limits=word != "pveffects",
            df=inference.small,
            adjusted="" if inference.method == "noadjust" else _TITLES[inference.method],
        )
        blocks += [Lines(("",))] if blocks else []
        blocks.append(effects_table("effects", sections, columns, equation=shown.equation, formats=shown.formats))
    context.emit(*blocks)
    data = (
        wald_data(tests, overall, equation=shown.equation, ddf=inference.small),
        effects_data("effects", sections, equation=shown.equation),
    )
    return Effects(tables=data, r=_returned(sections, tests, inference, context, "contrast"))


def _tests(found: Contrasts, inference: Inference, labels: FactorLabels) -> TermTests:
    """Return the tests of a term: per contrast, per level it stays within, and all of them."""
    from engine.tables.contrasts import JOINT, TermTests, TestRow, row_text, within_text

    rows: list[TestRow] = []
    if found.expanded and len(found.rows) > 1:
        for i, row in enumerate(found.rows):
            rows.append(TestRow(row_text(row, found.factors, labels), _joint(found, [i], inference)))
    elif not found.expanded and len(found.groups) > 1:
        for within, members in found.groups:
            rows.append(TestRow(within_text(within, labels), _joint(found, members, inference)))
    label = JOINT if rows else ""
    rows.append(TestRow(label, _joint(found, range(len(found.rows)), inference)))
    return TermTests(found.name, tuple(rows))


def _joint(found: Contrasts, members: Sequence[int], inference: Inference) -> LinearTest:
    kept = [i for i in members if found.known[i]]
    return inference.joint(found.L[kept])


def show_pairs(cells: Sequence[tuple[str, Cells]], inference: Inference, shown: Shown, context: Context) -> Effects:
    """Print the tables of ``pwcompare``."""
    from engine.postest.comparisons import pair_tests, pairs_of
    from engine.tables.contrasts import (
        Section,
        comparisons_table,
        effects_data,
        effects_table,
        groups_table,
        letters_note,
    )
    from engine.tables.document import Lines
    from engine.tables.effects import EffectColumns

    words = shown.words
    title = _TITLES[inference.method]
    sections, margins = [], []
    for name, own in cells:
        texts = cell_texts(own, shown.labels)
        pairs = pairs_of(own, inference.method)
        found = pair_tests(inference, own, pairs)
        labels = tuple(f"{bracketed(texts[i], own)} vs {bracketed(texts[j], own)}" for i, j in pairs.pairs)
        sections.append(Section(name, labels, found, pairs.known))
        margins.append(_margins(name, own, texts, pairs.pairs, inference))
    blocks: list[Block] = []
    if inference.method != "noadjust":
        counts = [(each.name, len(each.labels)) for each in sections]
        blocks += [comparisons_table(counts, equation=shown.equation), Lines(("",))]
    if "sort" in words:
        sections = [_sorted(section) for section in sections]
    chosen = [word for word in ("cieffects", "pveffects", "effects", "cimargins", "groups") if word in words]
    statistic = sections[0].found.statistic
    for number, word in enumerate(chosen or ["cieffects"]):
        blocks += [Lines(("",))] if number else []
        if word == "groups":
            blocks += [
                groups_table(margins, title, equation=shown.equation, delta=shown.delta),
                letters_note(inference.level),
            ]
            continue
        own_margins = word == "cimargins"
        columns = EffectColumns(
            heading="Margin" if own_margins else "Contrast",
            statistic=statistic,
            level=inference.level,
            delta=shown.delta,
            tests=word in ("pveffects", "effects"),
            limits=word != "pveffects",
            adjusted="Unadjusted" if own_margins else title,
        )
        rows = margins if own_margins else sections
        table = effects_table("pwcompare", rows, columns, equation=shown.equation, formats=shown.formats)
        blocks.append(table)
    context.emit(*blocks)
    data = effects_data("pwcompare", sections, equation=shown.equation)
    return Effects(tables=(data,), r=_returned(sections, [], inference, context, "pwcompare"))


def bracketed(text: str, cells: Cells) -> str:
    """Return the levels of a cell in brackets where they are several words."""
    return f"({text})" if len(cells.dimensions) > 1 and " " in text else text


def _sorted(section: Section) -> Section:
    """Return the comparisons from the smallest to the largest."""
    from dataclasses import replace

    import numpy as np

    order = np.argsort(section.found.estimates, kind="stable")
    t = section.found.tests
    names = ("se", "z", "p", "ll", "ul", "critical")
    tests = replace(t, **{name: getattr(t, name)[order] for name in names})
    found = replace(section.found, estimates=section.found.estimates[order], tests=tests, df=section.found.df[order])
    return replace(section, labels=tuple(section.labels[i] for i in order), found=found, known=section.known[order])


def cell_texts(cells: Cells, labels: FactorLabels) -> list[str]:
    """Return the levels of each cell: joined by blanks, by ``#`` where a factor has value labels."""
    from itertools import product

    from engine.tables.contrasts import level_text

    variables = [variable for d in cells.dimensions for variable in d.variables]
    sign = "#" if any(labels.get(variable) for variable in variables) and len(variables) > 1 else " "
    out = []
    for place in product(*(range(len(d.levels)) for d in cells.dimensions)):
        parts = [p for d, at in zip(cells.dimensions, place, strict=True) for p in d.parts(at)]
        out.append(sign.join(level_text(part.variable, part.level, labels) for part in parts))
    return out


def _margins(
    name: str, cells: Cells, texts: Sequence[str], pairs: Sequence[tuple[int, int]], inference: Inference
) -> Section:
    """Return the margins themselves with the letters of their groups."""
    from dataclasses import replace

    import numpy as np

    from engine.postest.comparisons import group_letters, pair_tests, pairs_of
    from engine.tables.contrasts import Section

    known = cells.known.reshape(-1)
    found = replace(inference, method="noadjust").each(cells.flat, known)
    p = pair_tests(inference, cells, pairs_of(cells, inference.method)).tests.p
    differs = [bool(value < 1.0 - inference.level / 100.0) for value in p]
    order = np.argsort(found.estimates, kind="stable").tolist()
    letters = group_letters(len(texts), pairs, differs, order)
    return Section(name, tuple(texts), found, known, tuple(letters))


def _returned(
    sections: Sequence[Section], tests: Sequence[TermTests], inference: Inference, context: Context, command: str
) -> Stored:
    """Return r(b), r(V)'s diagonal as r(table), and for contrasts the tests."""
    import numpy as np

    from engine.results.stored import Matrix, Stored

    names = tuple(f"{section.name}:{label}" for section in sections for label in section.labels)
    rows = []
    for key in ("estimates", "se", "z", "p", "ll", "ul", "df", "critical"):
        parts = [
            getattr(section.found, key) if key in ("estimates", "df") else getattr(section.found.tests, key)
            for section in sections
        ]
        rows.append(np.concatenate(parts))
    rows[6] = np.where(np.isposinf(rows[6]), np.nan, rows[6])
    statistic = sections[0].found.statistic
    kinds = ("b", "se", statistic, "pvalue", "ll", "ul", "df", "crit", "eform")
    table = np.vstack((*rows, np.zeros(len(names))))
    matrices = {"b": Matrix(("r1",), names, table[:1]), "table": Matrix(kinds, names, table)}
    flat = [
        (term.name if not row.label else f"{term.name}:{row.label}", row.test) for term in tests for row in term.rows
    ]
    if flat:
        kind = "F" if flat[0][1].is_f else "chi2"
        labels = tuple(name for name, _ in flat)
        matrices[kind] = Matrix(("r1",), labels, np.array([[test.statistic for _, test in flat]]))
        matrices["df"] = Matrix(("r1",), labels, np.array([[float(test.df) for _, test in flat]]))
        matrices["p"] = Matrix(("r1",), labels, np.array([[test.p for _, test in flat]]))
    macros = {"cmd": command, "cmdline": context.cmdline, "mcmethod": inference.method}
    scalars = {"level": inference.level, "k_terms": float(len(sections))}
    return Stored(scalars=scalars, macros=macros, matrices=matrices)


def chosen_words(part: Part, words: Sequence[str]) -> frozenset[str]:
    """Return which of these options were given."""
    return frozenset(word for word in words if part.has(word))
