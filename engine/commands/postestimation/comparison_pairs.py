"""The tables of pairwise comparisons, of ``pwcompare`` and of ``margins``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.commands.postestimation.comparisons import Shown
    from engine.postest.comparisons import Inference
    from engine.postest.grids import Cells
    from engine.tables.contrasts import Section
    from engine.tables.document import Block
    from engine.tables.labels import FactorLabels


def show_pairs(cells: Sequence[tuple[str, Cells]], inference: Inference, shown: Shown, context: Context) -> Effects:
    """Print the tables of ``pwcompare``."""
    import numpy as np

    from engine.commands.postestimation.comparison_results import pair_results
    from engine.commands.postestimation.comparisons import TITLES
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
    title = TITLES[inference.method]
    sections, margins, differences = [], [], []
    for name, own in cells:
        texts = cell_texts(own, shown.labels)
        pairs = pairs_of(own, inference.method)
        differences.append(pairs.L)
        found = pair_tests(inference, own, pairs)
        labels = tuple(f"{bracketed(texts[i], own)} vs {bracketed(texts[j], own)}" for i, j in pairs.pairs)
        sections.append(Section(name, labels, found, pairs.known))
        margins.append(_margins(name, own, texts, pairs.pairs, inference))
    weights = (np.concatenate([own.flat for _, own in cells]), np.concatenate(differences))
    stored = pair_results(margins, sections, weights, inference, context)
    blocks: list[Block] = []
    if inference.method != "noadjust":
        counts = [(each.name, len(each.labels)) for each in sections]
        blocks += [comparisons_table(counts, equation=shown.equation), Lines(("",))]
    if "sort" in words:
        sections, margins = [_sorted(section) for section in sections], [_sorted(section) for section in margins]
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
            df=inference.small,
            adjusted="Unadjusted" if own_margins else title,
        )
        rows = margins if own_margins else sections
        table = effects_table("pwcompare", rows, columns, equation=shown.equation, formats=shown.formats)
        blocks.append(table)
    context.emit(*blocks)
    data = effects_data("pwcompare", sections, equation=shown.equation)
    return Effects(tables=(data,), r=stored)


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
    labels, extra = (tuple(texts[i] for i in order) if texts else () for texts in (section.labels, section.extra))
    return replace(section, labels=labels, found=found, known=section.known[order], extra=extra)


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
