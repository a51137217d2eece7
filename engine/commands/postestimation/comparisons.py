"""The tables of contrasts: joint tests and effects, of ``contrast`` and of ``margins``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.errors import StataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.lang.command import OptionUse, Part
    from engine.lang.contrast_terms import ContrastTerm
    from engine.postest.comparisons import Inference
    from engine.postest.grids import Contrasts
    from engine.postest.linear_tests import LinearTest
    from engine.tables.contrasts import TermTests
    from engine.tables.document import Block
    from engine.tables.labels import FactorLabels
    from engine.tables.numbers import NumberFormats

TITLES = {
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


def chosen_words(part: Part, words: Sequence[str]) -> frozenset[str]:
    """Return which of these options were given."""
    return frozenset(word for word in words if part.has(word))


def show_contrasts(
    found: Sequence[Contrasts], terms: Sequence[ContrastTerm], inference: Inference, shown: Shown, context: Context
) -> Effects:
    """Print the tables of tests and of effects."""
    import numpy as np

    from engine.commands.postestimation.comparison_results import contrast_results
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
    tests = [_tests(each, inference, shown.labels, levels="noatlevels" not in words) for each in found]
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
            adjusted="" if inference.method == "noadjust" else TITLES[inference.method],
        )
        blocks += [Lines(("",))] if blocks else []
        blocks.append(effects_table("effects", sections, columns, equation=shown.equation, formats=shown.formats))
    context.emit(*blocks)
    data = (
        wald_data(tests, overall, equation=shown.equation, ddf=inference.small),
        effects_data("effects", sections, equation=shown.equation),
    )
    weights = np.concatenate([each.L for each in found])
    return Effects(tables=data, r=contrast_results(sections, weights, tests, inference, context))


def _tests(found: Contrasts, inference: Inference, labels: FactorLabels, *, levels: bool) -> TermTests:
    """Return the tests of a term: per contrast, per level it stays within, and all of them.

    Without `levels` terms that stay within the levels of others have the joint test only.
    """
    from engine.tables.contrasts import JOINT, TermTests, TestRow, row_text, within_text

    rows: list[TestRow] = []
    levels = levels or not found.rows[0].within
    if levels and found.expanded and len(found.rows) > 1:
        for i, row in enumerate(found.rows):
            rows.append(TestRow(row_text(row, found.factors, labels), _joint(found, [i], inference)))
    elif levels and not found.expanded and len(found.groups) > 1:
        for within, members in found.groups:
            rows.append(TestRow(within_text(within, labels), _joint(found, members, inference)))
    label = JOINT if rows else ""
    rows.append(TestRow(label, _joint(found, range(len(found.rows)), inference)))
    return TermTests(found.name, tuple(rows))


def _joint(found: Contrasts, members: Sequence[int], inference: Inference) -> LinearTest:
    kept = [i for i in members if found.known[i]]
    return inference.joint(found.L[kept])
